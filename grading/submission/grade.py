"""Sanitize, execute and score one submission: what a worker process does.

A submission never makes it raise: whatever is wrong with it becomes a graded notebook with a
reason. Only a sandbox that cannot be had is an error.
"""

import hashlib
import resource
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cs231n_utils.checking.verdict import Verdict

from ..sandbox.outside import Sandbox
from .execute import execute
from .sanitize import Unreadable, answers_of, file_problem, read_notebook, sanitize
from .scores import write_scores

MAX_BYTES = 4 << 20
"""Larger files are read by a process of their own, so that the grader stays small."""
LARGEST_FILE = 512 << 20
STRIP = Path(__file__).parent / "strip.py"
STRIP_SECONDS = 120.0


@dataclass(frozen=True)
class Task:
    """One submission to be graded.

    Attributes
    ----------
    student : str
    path : str
        The notebook handed in; empty where there is none that can be read.
    problem : str
        Why there is none.
    """

    student: str
    path: str
    problem: str = ""


@dataclass(frozen=True)
class Settings:
    """What all submissions of a run share.

    Attributes
    ----------
    assignment : str
    released : mapping
        The notebook as students received it.
    timeout : float
        Seconds that one cell may take.
    confined : bool
    """

    assignment: str
    released: Mapping[str, Any]
    timeout: float = 10.0
    confined: bool = True


def fetch(task: Task) -> bytes | Unreadable:
    """Read the file of a submission, without the outputs where it is large.

    Returns
    -------
    bytes or Unreadable
        Its content, or why it cannot or must not be read.
    """
    try:
        return _read(task)
    except Unreadable as error:
        return error


def grade(
    student: str, data: bytes | Unreadable, settings: Settings, sandbox: Sandbox | None
) -> dict[str, Any]:
    """Grade one submission.

    Parameters
    ----------
    student : str
    data : bytes or Unreadable
        The file handed in, or why there is none.
    settings : Settings
    sandbox : Sandbox or None
        None only where there is no file to be graded.

    Returns
    -------
    dict
        The entry for ``ledger/ASSIGNMENT/STUDENT.json``, and under ``notebook`` the graded
        notebook.
    """
    started = time.monotonic()
    status, reason, peak_mb, spent = "graded", "", 0, {}
    try:
        if isinstance(data, Unreadable):
            raise data
        notebook, reasons = sanitize(settings.released, read_notebook(data))
        spent["sanitize"] = time.monotonic() - started
        run = execute(notebook, settings.assignment, sandbox, timeout=settings.timeout)
        for index, outputs in run.outputs.items():
            notebook["cells"][index]["outputs"] = outputs
        ledger, reason, peak_mb = run.ledger, run.stopped, run.peak_mb
        spent |= run.spent
        if reasons and len(reasons) == len(answers_of(notebook)):
            status, reason = "ungradable", "No answer cell was found in the notebook handed in."
    except Unreadable as error:
        status, reason, ledger = "ungradable", str(error), []
        notebook, reasons = sanitize(settings.released, {})
        reasons = dict.fromkeys(reasons, reason)
    verdicts = write_scores(notebook, ledger, stopped=reason, reasons=reasons)
    notebook["metadata"]["grading"] = {"reasons": reasons}
    seconds = time.monotonic() - started
    spent["scores"] = seconds - sum(spent.values())
    return {
        "student": student,
        "assignment": settings.assignment,
        "status": status,
        "reason": reason,
        **entry(notebook, verdicts),
        "seconds": round(seconds, 3),
        "spent": {step: round(value, 4) for step, value in spent.items()},
        "peak_mb": peak_mb,
        "digest": digest(data),
        "confined": settings.confined,
        "notebook": notebook,
    }


def entry(notebook: Mapping[str, Any], verdicts: Mapping[str, Verdict]) -> dict[str, Any]:
    """The part of a ledger file that follows from a graded notebook and its verdicts."""
    return {
        "score": sum(verdict.points for verdict in verdicts.values()),
        "max_score": sum(verdict.max_points for verdict in verdicts.values()),
        "exercises": {name: verdict.points for name, verdict in verdicts.items()},
        "verdicts": [asdict(verdict) for verdict in verdicts.values()],
        "answers": answers_of(notebook),
        "graded_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def digest(data: bytes | Unreadable) -> str:
    """What tells one submission from a later one of the same student."""
    if isinstance(data, Unreadable):
        data = str(data).encode("utf-8", "replace")
    return hashlib.sha256(data).hexdigest()


def _read(task: Task) -> bytes:
    if task.problem:
        raise Unreadable(task.problem)
    path = Path(task.path)
    problem = file_problem(path)
    if problem:
        raise Unreadable(problem)
    try:
        size = path.stat().st_size
        if size <= MAX_BYTES:
            return path.read_bytes()
    except OSError as error:
        raise Unreadable(f"{path.name} cannot be read ({error.strerror}).") from None
    if size > LARGEST_FILE:
        raise Unreadable(
            f"{path.name} has {size >> 20:,} MB, expected at most {LARGEST_FILE >> 20:,}: clear "
            "the outputs and hand in again."
        )
    return _strip(path, size)


def _strip(path: Path, size: int) -> bytes:
    """The cells of a large notebook without outputs."""

    def bound_memory() -> None:
        most = 6 * size + (1 << 29)
        resource.setrlimit(resource.RLIMIT_AS, (most, most))

    with open(path, "rb") as file:
        try:
            done = subprocess.run(
                [sys.executable, "-I", str(STRIP)],
                stdin=file,
                capture_output=True,
                timeout=STRIP_SECONDS,
                preexec_fn=bound_memory,
                check=False,
            )
        except subprocess.TimeoutExpired:
            done = None
    if done is None or done.returncode != 0 or len(done.stdout) > MAX_BYTES:
        raise Unreadable(
            f"{path.name} has {size >> 20:,} MB and is not a notebook that can be read: clear the "
            "outputs and hand in again."
        )
    return done.stdout
