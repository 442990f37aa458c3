"""The class report: one HTML file with figures, for the instructor, and a table beside it.

This module gathers what the report says; ``templates/class.html.j2`` lays it out.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from cs231n_utils.system.files import write_whole

from ..gradebook.people import Person
from ..handout.answers import fill_answers
from ..handout.marks import ANSWER_SUFFIX, exercise_of, grade_id
from ..handout.release import read_source, student_version
from .class_figures import costs_figure, scores_figure
from .findings import mistakes, unexplained
from .items import ENOUGH, items
from .look_alikes import MIN_OVERLAP, MIN_SHARED, alike, connected, side_by_side
from .python_code import color_style, colored
from .remarks import remarks
from .rendering import render
from .standing import NOTHING, Class, Row, anonymous, read_class

SLOWEST = 5
"""The report names this many of the slowest submissions."""

MOST_GROUPS, MOST_BESIDE, MOST_EXERCISES = 30, 3, 2
"""Answers are shown of so many groups of look-alikes, so many students and exercises of each."""


def write_report(
    course: Path,
    assignment: str,
    *,
    db_url: str | None = None,
    people: Mapping[str, Person] | None = None,
    marked_late: Collection[str] = (),
    nameless: bool = False,
) -> Path:
    """Write the class report of an assignment.

    Parameters
    ----------
    course : Path
        Root of an nbgrader course that has a ledger.
    assignment : str
    db_url : str, optional
        The gradebook, by default ``gradebook.db`` in the course.
    people : mapping of str to Person, optional
        Who is in the class, by id.
    marked_late : collection of str
        Whose hand-in the platform marks as late.
    nameless : bool
        Write what can be shown in class: nobody's name, answer or score.

    Returns
    -------
    Path
        ``reports/ASSIGNMENT.html`` in the course, with a CSV file beside it; what can be shown in
        class is ``reports/ASSIGNMENT-anonymous.html`` and has none.

    Raises
    ------
    FileNotFoundError
        If nothing was graded.
    """
    course = Path(course)
    everybody = read_class(course, assignment, db_url, people, marked_late)
    path = course / "reports" / f"{assignment}{'-anonymous' if nameless else ''}.html"
    write_whole(path, render("class.html.j2", **_report(everybody, nameless)))
    if not nameless:
        write_whole(path.with_suffix(".csv"), f"\ufeff{everybody.as_csv()}")
    return path


def _report(everybody: Class, nameless: bool) -> dict[str, Any]:
    """What the template lays out; there are figures only if somebody was graded."""
    graded = everybody.graded
    rows = list(everybody.rows.values())
    counts = {state: sum(state in row.states for row in rows) for row in rows
              for state in row.states}  # fmt: skip
    report = {
        "assignment": everybody.assignment,
        "written": datetime.now(),
        "nameless": nameless,
        "graded": graded,
        "rows": rows,
        "person": everybody.rows,
        "sections": sorted({row.person.section for row in rows if row.person.section}),
        "counts": counts,
        "nothing": NOTHING,
        "unconfined": sum(not entry.rubric.confined for entry in graded),
        "clean": _cleaner(rows) if nameless else str,
        "color_style": color_style(),
    }
    report |= {} if nameless else {"script": "table.js"}
    if not graded:
        return report
    scores = np.array([score.points for score in everybody.scores])
    top = everybody.possible
    found = unexplained(everybody)
    report |= {
        "scores": {
            "figure": scores_figure(scores, top),
            "mean": scores.mean(),
            "median": np.median(scores),
            "deviation": scores.std(),
            "full": int(np.sum(scores >= top)),
            "none": int(np.sum(scores == 0)),
            "penalties": sum(score.penalty > 0 for score in everybody.scores),
        },
        "items": items(everybody),
        "enough": ENOUGH,
        "mistakes": mistakes(everybody),
        "unexplained": [(one, colored(one.answer)) for one in found],
    }
    if nameless:
        return report
    return report | {
        "costs_figure": costs_figure(everybody.values("seconds"), everybody.values("peak_mb")),
        "slowest": sorted(graded, key=lambda entry: -entry.seconds)[:SLOWEST],
        "remarks": [remark for entry in graded for remark in remarks(entry)],
        "groups": _look_alikes(everybody),
        "min_shared": MIN_SHARED,
        "min_overlap": MIN_OVERLAP,
    }


def _cleaner(rows: list[Row]) -> Callable[[str], str]:
    people = [row.person for row in rows]
    return lambda text: anonymous(text, people)


def _look_alikes(everybody: Class) -> list[dict[str, Any]]:
    """Groups of submissions to read side by side, with their answers."""
    answers = {
        entry.student: {
            exercise_of(name): text for name, text in entry.answers.items() if exercise_of(name)
        }
        for entry in everybody.graded
    }
    source = read_source(everybody.assignment)
    given = [_answers_of(student_version(source)), _answers_of(fill_answers(source))]
    found = connected(alike(answers, given))
    sides = []
    for number, group in enumerate(found):
        shown = group.exercises[:MOST_EXERCISES] if number < MOST_GROUPS else ()
        sides.append(
            {
                "group": group,
                "shown": {
                    name: side_by_side(
                        {one: answers[one].get(name, "") for one in group.students[:MOST_BESIDE]},
                        [text[name] for text in given if name in text],
                    )
                    for name in shown
                },
            }
        )
    return sides


def _answers_of(notebook: Any) -> dict[str, str]:
    return {
        exercise_of(grade_id(cell)): cell.source
        for cell in notebook.cells
        if grade_id(cell).endswith(ANSWER_SUFFIX)
    }
