"""What was judged, by what, with which verdict: the one record everything else derives from."""

import json
from pathlib import Path
from typing import Any


def read_result(path: Path) -> dict[str, Any] | None:
    """A kept result; None where there is none, or a damaged one."""
    try:
        result = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return result if isinstance(result, dict) and "student" in result else None


def read_entry(course: Path, assignment: str, student: str) -> dict[str, Any] | None:
    """The ledger's entry of a submission; None if there is none.

    Raises
    ------
    ValueError
        If the file is not an entry.
    """
    path = course / "ledger" / assignment / f"{student}.json"
    try:
        entry = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise ValueError(f"{path} is not JSON ({error}): grade this submission again.") from error
    if not isinstance(entry, dict) or not isinstance(entry.get("verdicts"), list):
        raise ValueError(f"{path} is not an entry of the ledger: grade this submission again.")
    return entry
