"""Second step of grading: run the answers in a sandbox, beside the oracle.

Only what marks depend on is run: cells tagged ``experiment`` are not. What comes back are the
oracle's verdicts and, for show, the outputs of the cells.
"""

import contextlib
import json
import re
import select
import socket
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cs231n_utils.checking.verdict import Verdict

from ..handout.marks import grade_id, is_answer, is_experiment, is_judged
from ..judge.oracle import Oracle
from ..sandbox.outside import Sandbox, Submission
from .embargo import hidden_files, refusals

MAX_REPLY_BYTES = 8 << 20
MAX_LINE_BYTES = 2 << 20
"""A message may have this many bytes; in memory, JSON can take twenty-five times its length."""
MAX_OUTPUTS = 25
MAX_OUTPUT_TEXT = 30_000
GRACE_SECONDS = 2.0
STARTUP_SECONDS = 60.0
JUDGE = "judge"
OUT_OF_TIME = "Out of time"
"""Stands where the type of an error does, for a cell that was interrupted."""
CELLS_IN_ALL = 6
"""All cells together may take this many times as long as a single one may."""


@dataclass
class Run:
    """What came of running one submission.

    Attributes
    ----------
    verdicts : list of Verdict
        What the oracle said, in order.
    outputs : dict of int to list
        By cell index, nbformat outputs.
    stopped : str
        Why the run ended early; empty if it did not.
    spent : dict of str to float
        Seconds of each step: ``start`` of the process, ``cells``, ``oracle`` (processor time of
        what the cells wait for, not counted with them), ``end`` of the process.
    peak_mb : int
        Largest resident size of one of its processes.
    """

    verdicts: list[Verdict] = field(default_factory=list)
    outputs: dict[int, list[dict]] = field(default_factory=dict)
    stopped: str = ""
    spent: dict[str, float] = field(default_factory=dict)
    peak_mb: int = 0
    _since: float = field(default_factory=time.monotonic)

    @property
    def seconds(self) -> float:
        """The sum over the steps."""
        return sum(self.spent.values())

    def lap(self, step: str) -> None:
        """Count the time since the last lap for a step."""
        now = time.monotonic()
        self.spent[step] = self.spent.get(step, 0.0) + now - self._since
        self._since = now


def execute(
    notebook: Mapping[str, Any], assignment: str, sandbox: Sandbox, *, timeout: float = 10.0
) -> Run:
    """Run a sanitized notebook.

    Parameters
    ----------
    notebook : mapping
        From :func:`grading.submission.sanitize.sanitize`; not changed.
    assignment : str
    sandbox : Sandbox
    timeout : float
        Seconds that one cell may take before it is interrupted.

    Returns
    -------
    Run

    Raises
    ------
    SandboxError
        If no sandbox is available.
    """
    run = Run()
    cells = [
        (index, _source(cell), _called(cell))
        for index, cell in enumerate(notebook["cells"])
        if cell["cell_type"] == "code" and not is_experiment(cell)
    ]
    control, cells_control = socket.socketpair()
    channel, cells_channel = socket.socketpair()
    judge: threading.Thread | None = None
    hidden = hidden_files(assignment)
    with control, channel, cells_control, cells_channel:
        try:
            with sandbox.submission(cells_control, cells_channel, hidden) as submission:
                cells_control.close()
                cells_channel.close()
                oracle = Oracle(run.verdicts.append, assignment=assignment, meter=submission.used)
                judge = threading.Thread(
                    target=_serve, args=(oracle, channel, run), name=JUDGE, daemon=True
                )
                judge.start()
                work = {"cells": cells, "embargo": refusals(assignment)}
                control.sendall((json.dumps(work) + "\n").encode())
                names = {index: grade_id(notebook["cells"][index]) for index, *_ in cells}
                _follow(submission, control, names, run, timeout)
        except OSError as error:
            run.stopped = f"The process that ran the answers ended early ({error})."
        finally:
            with contextlib.suppress(OSError):
                channel.shutdown(socket.SHUT_RDWR)
            if judge is not None:
                judge.join(STARTUP_SECONDS)
    run.lap("cells" if run.stopped else "end")
    run.spent["cells"] = max(0.0, run.spent.get("cells", 0.0) - run.spent.get("oracle", 0.0))
    return run


def still_judging() -> bool:
    """Whether a judge still runs after its submission; only the end of the process stops it."""
    return any(thread.name == JUDGE for thread in threading.enumerate())


def _serve(oracle: Oracle, channel: socket.socket, run: Run) -> None:
    """Judge until the channel closes or breaks, then close it, so that no cell waits."""
    oracle.serve(channel.makefile("rb"), channel.makefile("wb"))
    run.spent["oracle"] = time.thread_time()
    with contextlib.suppress(OSError):
        channel.shutdown(socket.SHUT_RDWR)


def _source(cell: Mapping[str, Any]) -> str:
    """The code to run for a cell; a graded one checks its exercise whatever answers redefine."""
    if is_judged(cell):
        name = grade_id(cell)
        return f"verdict = __import__('cs231n_utils.checks').checks.check({name}, {name!r})"
    return cell["source"]


def _called(cell: Mapping[str, Any]) -> str:
    """What a student calls a cell; nothing for one that only checks."""
    if is_judged(cell):
        return ""
    return "your answer cell" if is_answer(cell) else "this cell"


def _follow(
    submission: Submission,
    control: socket.socket,
    names: Mapping[int, str],
    run: Run,
    timeout: float,
) -> None:
    """Read what the cells report until all are done; a cell that takes too long is interrupted.

    Each cell reports its start and its end once, in order. No other message moves the deadline,
    so a submission cannot gain time by sending its own.
    """
    buffered, received = b"", 0
    turns = [(kind, index) for index in names for kind in ("start", "end")]
    step = "start"
    now = time.monotonic()
    last, deadline, interrupted = now + CELLS_IN_ALL * timeout, now + STARTUP_SECONDS, False
    while True:
        now = time.monotonic()
        if now > last:
            run.stopped = f"The answers took more than {CELLS_IN_ALL * timeout:g} s in all."
            return
        if now > deadline:
            if interrupted:
                name = names[turns[0][1]] if turns else ""
                run.stopped = (
                    f"{f'The cell {name}' if name else 'A cell'} took more than {timeout:g} s and "
                    "could not be interrupted."
                )
                return
            submission.interrupt()
            deadline, interrupted = now + GRACE_SECONDS, True
        if not select.select([control], [], [], max(0.0, min(deadline, last) - now))[0]:
            continue
        data = control.recv(1 << 16)
        run.lap(step)
        received += len(data)
        if not data:
            end = submission.wait(GRACE_SECONDS)
            if end is not None:
                run.peak_mb = end.peak_mb
            if end is not None and end.out_of_memory:
                run.stopped = "The process that ran the answers took too much memory."
            elif turns or end is None or end.code != 0:
                run.stopped = "The process that ran the answers ended early."
            return
        if received > MAX_REPLY_BYTES or len(buffered) > MAX_LINE_BYTES:
            run.stopped = "The answers printed more than can be kept."
            return
        *lines, buffered = (buffered + data).split(b"\n")
        for line in lines:
            if turns and _take(line, *turns[0], run):
                kind, index = turns.pop(0)
                if kind == "end" and interrupted:
                    _say_out_of_time(run.outputs[index], timeout)
                step = "cells" if turns else "end"
                if kind == "start":
                    deadline, interrupted = time.monotonic() + timeout, False


def _take(line: bytes, kind: str, index: int, run: Run) -> bool:
    """Take the message that is expected next and return True; ignore any other message."""
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


def _say_out_of_time(outputs: list[dict], timeout: float) -> None:
    """Name the time limit, in place, where an interrupt of ours ended a cell."""
    for output in outputs:
        if output["output_type"] == "error" and output["ename"] == KeyboardInterrupt.__name__:
            said = f"took more than {timeout:g} s and was stopped {output['evalue']}".strip()
            output |= {
                "ename": OUT_OF_TIME,
                "evalue": said,
                "traceback": [f"{OUT_OF_TIME}: {said}"],
            }


def _clean_output(output: object) -> dict | None:
    """A new output that holds only the text and pictures of another; None if it has none."""

    def text(value: object) -> str:
        return str(value)[:MAX_OUTPUT_TEXT].encode("utf-8", "replace").decode()

    if not isinstance(output, dict):
        return None
    kind = output.get("output_type")
    if kind == "stream":
        name = "stderr" if output.get("name") == "stderr" else "stdout"
        return {"output_type": kind, "name": name, "text": text(output.get("text"))}
    if kind == "error":
        lines = output.get("traceback")
        return {
            "output_type": kind,
            "ename": text(output.get("ename")),
            "evalue": text(output.get("evalue")),
            "traceback": [text(line) for line in lines[:50]] if isinstance(lines, list) else [],
        }
    data = output.get("data")
    if kind != "display_data" or not isinstance(data, dict):
        return None
    kept = {"text/plain": text(data.get("text/plain", ""))}
    picture = data.get("image/png")
    if isinstance(picture, str) and re.fullmatch(r"[A-Za-z0-9+/=\s]*", picture):
        kept["image/png"] = picture
    return {"output_type": kind, "data": kept, "metadata": {}}
