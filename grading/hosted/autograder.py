"""What runs in Gradescope's container: grades a submission and writes ``results.json``.

The format is https://gradescope-autograders.readthedocs.io/en/latest/specs/. Nothing here needs
nbgrader, so that the container stays small.
"""

import json
import os
import sys
import traceback
from pathlib import Path
from typing import Any

from cs231n_utils.system.files import write_whole

from ..errors import Refused
from ..ledger import Entry, Rubric
from ..sandbox.outside import Sandbox, SandboxError
from ..submission.grade import Settings
from .single import grade_folder, rows, written_questions

SETTINGS = "settings.json"
UNPRIVILEGED = "submission"
"""The user that ``setup.sh`` makes; it cannot read what grades."""

TEXT = {"output_format": "text", "test_output_format": "text", "test_name_format": "text"}
"""What a student wrote may stand in a reason, and must not be taken for HTML."""


def main(place: Path, source: Path) -> None:
    """Grade what lies in a folder laid out as Gradescope's ``/autograder``.

    Parameters
    ----------
    place : Path
        Holds ``submission/``, and gets ``results/results.json`` whatever happens.
    source : Path
        Holds the settings that :func:`grading.hosted.gradescope.write_autograder` wrote.
    """
    try:
        data = json.loads((source / SETTINGS).read_text(encoding="utf-8"))
        settings = Settings(data["assignment"], data["released"], Rubric(**data["rubric"]))
        with _sandbox() as sandbox:
            entry = grade_folder(place / "submission", settings, sandbox)
        results = results_of(entry, settings, data["visibility"], confined=sandbox.confined)
    except Exception as error:
        # Instructors see this; the student sees one sentence.
        traceback.print_exc(file=sys.stdout)
        why = f"{error}" if isinstance(error, Refused) else type(error).__name__
        results = TEXT | {"score": 0.0, "output": f"The autograder failed: {why}. {ASK}"}
    write_whole(place / "results" / "results.json", json.dumps(results))


ASK = "Submit again, and if that does not help, tell your instructor."


def results_of(
    entry: Entry, settings: Settings, visibility: str, *, confined: bool
) -> dict[str, Any]:
    """What Gradescope is told of a graded submission.

    Parameters
    ----------
    entry : Entry
    settings : Settings
    visibility : str
        When students see the tests: visible, hidden, after_due_date or after_published.
    confined : bool
        Whether it ran in bubblewrap; for instructors.
    """
    tests: list[dict[str, Any]] = [
        {
            "name": f"{row.exercise}: {row.part}",
            "score": row.points,
            "max_score": row.max_points,
            "status": "passed" if row.passed else "failed",
            "output": row.text,
        }
        for row in rows(entry)
    ]
    tests += [
        {"name": name, "output": f"A person marks this answer, with up to {points:g} points."}
        for name, points in written_questions(settings).items()
    ]
    notes = [f"{name}: {note}" for name, note in entry.notes.items()]
    return TEXT | {
        "output": "\n".join([*filter(None, [entry.reason]), *notes]),
        "visibility": visibility,
        "execution_time": round(entry.seconds),
        "tests": tests,
        "extra_data": {"confined": confined, "exercises": settings.rubric.exercises},
    }


def _sandbox() -> Sandbox:
    """A sandbox that has started; where the container allows none, a user without rights."""
    try:
        sandbox = Sandbox()
        sandbox.start()
        return sandbox
    except SandboxError as error:
        user = UNPRIVILEGED if os.getuid() == 0 and _exists(UNPRIVILEGED) else None
        rights = f"those of the user {user}" if user else "all rights of the autograder"
        why = str(error).partition(":")[0]
        print(f"Without bubblewrap the submission runs with {rights} ({why}).")
        return Sandbox(confined=False, user=user)


def _exists(user: str) -> bool:
    import pwd  # not on Windows, where this is refused in a sentence

    try:
        return bool(pwd.getpwnam(user))
    except KeyError:
        return False


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
