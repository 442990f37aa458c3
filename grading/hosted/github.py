"""A template repository for GitHub Classroom, and what its workflow writes about a push.

The workflow grades with a clone of this project. For the points, it speaks to Classroom's own
reporter: https://github.com/classroom-resources/autograding-grading-reporter.
"""

import base64
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cs231n_utils.system.files import write_whole

from ..handout.places import require_repository
from ..handout.release import pictures
from ..ledger import GRADED, Entry
from ..submission.grade import Settings
from .single import rows, written_questions

WORKFLOW = Path(".github", "workflows", "classroom.yml")


def write_template(folder: Path, settings: Settings, repository: str) -> Path:
    """Write the repository that GitHub Classroom copies for each student.

    Parameters
    ----------
    folder : Path
    settings : Settings
    repository : str
        ``OWNER/NAME`` of the clone of this project that grades.

    Returns
    -------
    Path
        ``folder``.

    Raises
    ------
    Refused
        If that is not the name of a repository.
    OSError
        If it cannot be written.
    """
    require_repository(repository)
    assignment = settings.assignment
    notebook = json.dumps(settings.released, indent=1, ensure_ascii=False)
    write_whole(folder / f"{assignment}.ipynb", f"{notebook}\n")
    for picture in pictures(assignment):
        write_whole(folder / picture.name, picture.read_bytes())
    template = Path(__file__).with_name("classroom.yml").read_text(encoding="utf-8")
    text = template.replace("ASSIGNMENT", assignment).replace("OWNER/NAME", repository)
    write_whole(folder / WORKFLOW, text)
    return folder


def summary(entry: Entry, settings: Settings) -> str:
    """What came of a submission, in Markdown.

    Parameters
    ----------
    entry : Entry
    settings : Settings
    """
    lines = [f"## {entry.assignment}: {entry.score:g} of {entry.max_score:g} points", ""]
    # What a student wrote may stand in a reason: indented, it is shown as it is.
    lines += [*_indented(entry.reason), ""] if entry.reason else []
    lines += ["| | part | points |", "|---|---|---|"]
    failed = []
    for row in rows(entry):
        mark = "✅" if row.passed else "❌"
        name = f"{row.exercise}: {row.part}".replace("|", r"\|")
        lines.append(f"| {mark} | {name} | {row.points:g} of {row.max_points:g} |")
        if row.text:
            failed += ["", f"**{row.exercise}: {row.part}**", "", *_indented(row.text)]
    lines += failed
    for name, note in entry.notes.items():
        lines += ["", f"**{name}**", "", *_indented(note)]
    if written := written_questions(settings):
        points = sum(written.values())
        lines += ["", f"A person marks the written answers, with up to {points:g} points."]
    return "\n".join([*lines, ""])


def tell_github(entry: Entry, settings: Settings, variables: Mapping[str, str]) -> bool:
    """Append to the files that a step of a workflow writes; False outside of a workflow.

    Parameters
    ----------
    entry : Entry
    settings : Settings
    variables : mapping of str to str
        Of the environment.
    """
    places = variables.get("GITHUB_STEP_SUMMARY"), variables.get("GITHUB_OUTPUT")
    if not all(places):
        return False
    data = base64.b64encode(json.dumps(_result(entry)).encode()).decode()
    for place, text in zip(places, (summary(entry, settings), f"result={data}\n"), strict=True):
        with open(str(place), "a", encoding="utf-8") as file:
            file.write(text)
    return True


def _result(entry: Entry) -> dict[str, Any]:
    """What Classroom's reporter reads."""
    tests = [
        {
            "name": f"{row.exercise}: {row.part}",
            "status": "pass" if row.passed else "fail",
            "score": row.points,
            "message": row.text,
            "test_code": "",
            "filename": "",
            "line_no": 0,
            "duration": 0,
        }
        for row in rows(entry)
    ]
    full = "pass" if entry.score >= entry.max_score else "fail"
    status = full if entry.status == GRADED else "error"
    return {"version": 1, "status": status, "max_score": entry.max_score, "tests": tests}


def _indented(text: str) -> list[str]:
    return [f"    {line}" for line in text.splitlines()]
