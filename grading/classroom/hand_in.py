"""What the platform said of a hand-in: a file beside the notebook in ``submitted/``."""

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from ..submission.read import file_problem
from .moments import STAMP, time_stamp

RECORD = "handed-in.json"
MAX_BYTES = 16_384

SECRET = "submission_secret.txt"
"""What nbgrader's exchange puts beside a notebook handed in, and needs to return feedback."""

MAX_SECRET_BYTES = 4_096


@dataclass(frozen=True)
class HandIn:
    """What the platform said of a hand-in.

    Attributes
    ----------
    platform : str
        Name of the layout.
    path : str
        How the platform named the file.
    name : str
        How it named the person or the group.
    user, file : str
        Its numbers of both; empty if it gives none.
    attempt : int
        Which attempt this is, as far as the names tell.
    late : bool
        Its mark.
    handed_in : str
        When, in UTC, ISO 8601; empty if it does not say.
    """

    platform: str
    path: str
    name: str
    user: str = ""
    file: str = ""
    attempt: int = 1
    late: bool = False
    handed_in: str = ""

    def as_text(self) -> str:
        """The content of the file."""
        return json.dumps(asdict(self), indent=1, ensure_ascii=False)


def untimed_sentence(course: Path, assignment: str) -> str:
    """What to do about hand-ins that are late by nobody knows how much; empty without any."""
    students = [
        student
        for (student, _), one in hand_ins(course, assignment).items()
        if one.late
        and time_stamp(str(course / "submitted" / student / assignment / RECORD)) is None
    ]
    if not students:
        return ""
    return (
        "Late by the platform's mark, which tells no time, so without a penalty: "
        f"{', '.join(students)}. Write the time into {STAMP} beside the notebook, then regrade."
    )


def hand_ins(course: Path, assignment: str = "*") -> dict[tuple[str, str], HandIn]:
    """By student and assignment, what is known of hand-ins; damaged files are passed over."""
    found = {}
    for path in sorted((course / "submitted").glob(f"*/{assignment}/{RECORD}")):
        record = _read(path)
        if record is not None:
            found[path.parts[-3], path.parts[-2]] = record
    return found


def _read(path: Path) -> HandIn | None:
    try:
        if file_problem(path) or path.stat().st_size > MAX_BYTES:
            return None
        data = json.loads(path.read_text(encoding="utf-8"))
        values = {one.name: data[one.name] for one in fields(HandIn)}
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None
    right = all(type(values[one.name]) is one.type for one in fields(HandIn))
    return HandIn(**values) if right else None
