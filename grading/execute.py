"""Second step of grading: run the answers in a process of their own, beside the oracle.

Only what marks depend on is run: cells tagged ``experiment`` are not. What comes back are the
ledger's entries and, for show, the outputs of the cells.
"""

import contextlib
import json
import os
import re
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

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_grade, is_solution
from traitlets import Float

from cs231n_utils.checks import ORACLE_FD

from .exercises import EMBARGOED
from .oracle import Oracle
from .record import write_scores

RUNNER = Path(__file__).parent / "sandbox" / "runner.py"
MAX_REPLY_BYTES = 8 << 20
MAX_OUTPUTS = 25
MAX_OUTPUT_TEXT = 30_000
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
        (index, _source(cell))
        for index, cell in enumerate(notebook.cells)
        if cell.cell_type == "code" and "experiment" not in cell.metadata.get("tags", [])
    ]
    control, runners_control = socket.socketpair()
    channel, runners_channel = socket.socketpair()
    oracle = Oracle(run.ledger.append, assignment=assignment)
    judge = threading.Thread(
        target=oracle.serve, args=(channel.makefile("rb"), channel.makefile("wb")), daemon=True
    )
    scratch = tempfile.mkdtemp(prefix="submission-")
    with control, channel:
        process = _start(runners_control, runners_channel, scratch)
        judge.start()
        try:
            work = {"cells": cells, "embargo": _embargo(assignment)}
            control.sendall((json.dumps(work) + "\n").encode())
            _follow(process, control, [index for index, _ in cells], run, timeout)
        except OSError as error:
            run.stopped = f"The process that ran the answers ended early ({error})."
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            with contextlib.suppress(OSError):
                channel.shutdown(socket.SHUT_RDWR)
            judge.join(STARTUP_SECONDS)
            # rm copes with folders that a submission has nested too deeply for Python.
            subprocess.run(["rm", "-rf", scratch], timeout=STARTUP_SECONDS, check=False)
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


def _source(cell: NotebookNode) -> str:
    """What is run for a cell: graded cells name their exercise, whatever the function's name."""
    if is_grade(cell) and not is_solution(cell):
        name = cell.metadata.nbgrader.grade_id
        return f"verdict = check({name}, {name!r})"
    return cell.source


def _follow(
    process: "subprocess.Popen[bytes]",
    control: socket.socket,
    expected: list[int],
    run: Run,
    timeout: float,
) -> None:
    """Read the runner's messages until it is done; interrupt, then kill, what takes too long.

    A cell may start and end once, in order: no other message moves the deadline.
    """
    buffered, received = b"", 0
    turns = [(kind, index) for index in expected for kind in ("start", "end")]
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
            if turns or not _has_left(process):
                run.stopped = "The process that ran the answers ended early."
            return
        if received > MAX_REPLY_BYTES:
            run.stopped = "The answers printed more than can be kept."
            return
        *lines, buffered = (buffered + data).split(b"\n")
        for line in lines:
            if turns and _take(line, *turns[0], run):
                kind, _ = turns.pop(0)
                if kind == "start":
                    deadline, interrupted = time.monotonic() + timeout, False


def _has_left(process: "subprocess.Popen[bytes]") -> bool:
    try:
        return process.wait(GRACE_SECONDS) == 0
    except subprocess.TimeoutExpired:
        return False


def _take(line: bytes, kind: str, index: int, run: Run) -> bool:
    """Take the runner's next message; anything but the one whose turn it is is ignored."""
    try:
        message = json.loads(line)
    except (ValueError, RecursionError):
        return False
    if not isinstance(message, dict) or message.get(kind, -1) != index:
        return False
    if kind == "end":
        outputs = message.get("outputs")
        cleaned = map(_clean_output, outputs[:MAX_OUTPUTS] if isinstance(outputs, list) else [])
        run.outputs[index] = [output for output in cleaned if output]
    return True


def _clean_output(output: object) -> NotebookNode | None:
    """An output made anew of the text and pictures in it; None for anything else."""

    def text(value: object) -> str:
        return str(value)[:MAX_OUTPUT_TEXT].encode("utf-8", "replace").decode()

    if not isinstance(output, dict):
        return None
    kind = output.get("output_type")
    if kind == "stream":
        name = "stderr" if output.get("name") == "stderr" else "stdout"
        return new_output("stream", name=name, text=text(output.get("text")))
    if kind == "error":
        lines = output.get("traceback")
        return new_output(
            "error",
            ename=text(output.get("ename")),
            evalue=text(output.get("evalue")),
            traceback=[text(line) for line in lines[:50]] if isinstance(lines, list) else [],
        )
    data = output.get("data")
    if kind != "display_data" or not isinstance(data, dict):
        return None
    kept = {"text/plain": text(data.get("text/plain", ""))}
    picture = data.get("image/png")
    if isinstance(picture, str) and re.fullmatch(r"[A-Za-z0-9+/=\s]*", picture):
        kept["image/png"] = picture
    return new_output("display_data", data=kept)
