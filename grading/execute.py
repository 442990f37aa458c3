"""Second step of grading: run the answers in a process of their own, beside the oracle.

Only what marks depend on is run: cells tagged ``experiment`` are not. What comes back are the
ledger's entries and, for show, the outputs of the cells.
"""

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Float

from cs231n_utils.checks import ORACLE_FD

from .exercises import EMBARGOED
from .oracle import Oracle
from .record import write_scores

RUNNER = Path(__file__).parent / "sandbox" / "runner.py"
MAX_REPLY_BYTES = 8 << 20
GRACE_SECONDS = 2.0
STARTUP_SECONDS = 60.0


@dataclass
class Run:
    """What came of running one submission.

    Attributes
    ----------
    ledger : list of dict
        The oracle's entries, in order.
    outputs : dict of int to list
        By cell index, nbformat outputs.
    stopped : str
        Why the run ended early; empty if it did not.
    seconds : float
    """

    ledger: list[dict] = field(default_factory=list)
    outputs: dict[int, list[NotebookNode]] = field(default_factory=dict)
    stopped: str = ""
    seconds: float = 0.0


def execute(notebook: NotebookNode, assignment: str, *, timeout: float = 10.0) -> Run:
    """Run a sanitized notebook.

    Parameters
    ----------
    notebook : NotebookNode
        From :func:`grading.sanitize.sanitize`; not changed.
    assignment : str
    timeout : float
        Seconds that one cell may take before it is interrupted.

    Returns
    -------
    Run
    """
    run = Run()
    started = time.monotonic()
    cells = [
        (index, cell.source)
        for index, cell in enumerate(notebook.cells)
        if cell.cell_type == "code" and "experiment" not in cell.metadata.get("tags", [])
    ]
    control, runners_control = socket.socketpair()
    channel, runners_channel = socket.socketpair()
    oracle = Oracle(run.ledger.append, assignment=assignment)
    judge = threading.Thread(
        target=oracle.serve, args=(channel.makefile("rb"), channel.makefile("wb")), daemon=True
    )
    with tempfile.TemporaryDirectory(prefix="submission-") as scratch, control, channel:
        process = _start(runners_control, runners_channel, scratch)
        judge.start()
        try:
            work = {"cells": cells, "embargo": _embargo(assignment)}
            control.sendall((json.dumps(work) + "\n").encode())
            _follow(process, control, run, timeout)
        except OSError as error:
            run.stopped = f"The process that ran the answers ended early ({error})."
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            with contextlib.suppress(OSError):
                channel.shutdown(socket.SHUT_RDWR)
            judge.join(STARTUP_SECONDS)
    run.seconds = time.monotonic() - started
    return run


class Execute(NbGraderPreprocessor):
    """:func:`execute` as a step of ``nbgrader autograde``: scores come from the ledger alone."""

    timeout = Float(10.0, help="Seconds that one cell may take.").tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple:
        run = execute(nb, resources["nbgrader"]["assignment"], timeout=self.timeout)
        for index, outputs in run.outputs.items():
            nb.cells[index].outputs = outputs
        write_scores(nb, run.ledger, run.stopped)
        return nb, resources


def _start(
    control: socket.socket, channel: socket.socket, scratch: str
) -> "subprocess.Popen[bytes]":
    import matplotlib

    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "LANG": "C.UTF-8",
        "HOME": scratch,
        "MPLBACKEND": "Agg",
        "MPLCONFIGDIR": matplotlib.get_cachedir(),
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "CS231N_CONTROL_FD": str(control.fileno()),
        ORACLE_FD: str(channel.fileno()),
    }
    with control, channel:
        return subprocess.Popen(
            [sys.executable, "-I", str(RUNNER)],
            cwd=scratch,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=(control.fileno(), channel.fileno()),
            start_new_session=True,
        )


def _embargo(assignment: str) -> dict[str, str]:
    reasons = {"grading": "grading belongs to the instructor: submissions cannot import it."}
    for module in EMBARGOED.get(assignment, ()):
        reasons[module] = (
            f"{module} holds what {assignment} asks you to write: write it here instead of "
            "importing it."
        )
    return reasons


def _follow(
    process: "subprocess.Popen[bytes]", control: socket.socket, run: Run, timeout: float
) -> None:
    """Read the runner's messages until it is done; interrupt, then kill, what takes too long."""
    buffered, received = b"", 0
    deadline, interrupted = time.monotonic() + STARTUP_SECONDS, False
    while True:
        remaining = deadline - time.monotonic()
        if remaining <= 0:
            if interrupted:
                run.stopped = f"A cell took more than {timeout:g} s and could not be interrupted."
                return
            process.send_signal(signal.SIGINT)
            deadline, interrupted = time.monotonic() + GRACE_SECONDS, True
            continue
        if not select.select([control], [], [], remaining)[0]:
            continue
        data = control.recv(1 << 16)
        received += len(data)
        if not data:
            if buffered or process.wait() != 0:
                run.stopped = "The process that ran the answers ended early."
            return
        if received > MAX_REPLY_BYTES:
            run.stopped = "The answers printed more than can be kept."
            return
        *lines, buffered = (buffered + data).split(b"\n")
        for line in lines:
            if _take(line, run):
                deadline, interrupted = time.monotonic() + timeout, False


def _take(line: bytes, run: Run) -> bool:
    """Take one message of the runner; True if it starts a cell. Anything else is ignored."""
    try:
        message = json.loads(line)
        if "start" in message:
            return True
        outputs = [nbformat.from_dict(output) for output in message["outputs"]]
        for output in outputs:
            nbformat.v4.nbbase.validate(output, ref="output")
        run.outputs[int(message["end"])] = outputs
    except (ValueError, KeyError, TypeError, RecursionError, nbformat.ValidationError):
        pass
    return False
