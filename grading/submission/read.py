"""Reads what was handed in: any file, of any size, that a student calls a notebook."""

import hashlib
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MAX_BYTES = 4 << 20
"""A process of its own reads a larger file, so that the grader's memory stays small."""
LARGEST_FILE = 512 << 20
STRIP = Path(__file__).parent / "strip.py"
STRIP_SECONDS = 120.0


class Unreadable(Exception):
    """A submission is not a notebook; the message says why, for the student."""


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


def digest(data: bytes | Unreadable) -> str:
    """A digest that tells a submission from a later one of the same student."""
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
    import resource  # not on Windows, where hand-ins can be collected but not graded

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


def read_notebook(data: bytes) -> Any:
    """Read what was handed in, of any notebook format and encoding.

    Raises
    ------
    Unreadable
        If it is not JSON.
    """
    if not data.strip():
        raise Unreadable("The file handed in is empty, expected a notebook.")
    try:
        return json.loads(_decode(data))
    except RecursionError:
        raise Unreadable("The file handed in is nested too deeply to be a notebook.") from None
    except ValueError as error:
        raise Unreadable(
            f"The file handed in is not a notebook ({error}): "
            "open it in Jupyter, save it, and hand in the .ipynb file."
        ) from None


def _decode(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def file_problem(path: Path) -> str:
    """Why a path must not be read as a submission; empty if it may."""
    if path.is_symlink():
        return f"{path.name} is a symbolic link, expected a notebook."
    if not path.is_file():
        return f"{path.name} is not a file, expected a notebook."
    return ""
