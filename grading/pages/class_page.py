"""The class report: one HTML file with figures, for the instructor.

This module counts what the report says; ``templates/class.html.j2`` lays it out.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from cs231n_utils.system.files import write_whole

from ..exercises import EXERCISES
from ..gradebook.database import default_url
from ..gradebook.grades import read_recorded
from ..gradebook.scoring import Scoring
from ..handout.answers import fill_answers
from ..handout.marks import exercise_of, grade_id
from ..handout.release import read_source, student_version
from ..ledger import UNGRADABLE, Entry, Ledger
from ..rules.count import Score
from ..rules.course_file import read_rules
from .class_figures import costs_figure, rates_figure, scores_figure
from .look_alikes import MIN_OVERLAP, MIN_SHARED, Pair, alike
from .remarks import remarks
from .rendering import render

MAX_MISTAKES = 15
"""The report lists at most this many mistakes, and as many other reasons."""
MAX_ROWS = 30
"""The other tables have at most this many rows."""
SLOWEST = 5
"""The report names this many of the slowest submissions."""


@dataclass(frozen=True)
class Class:
    """All that the ledger says of an assignment.

    Attributes
    ----------
    assignment : str
    graded : list of Entry
    ungradable : list of tuple of str
        Student and reason.
    scores : dict of str to Score
        By student, what counts: with the marks by hand and the rules of the course.
    """

    assignment: str
    graded: list[Entry] = field(default_factory=list)
    ungradable: list[tuple[str, str]] = field(default_factory=list)
    scores: dict[str, Score] = field(default_factory=dict)

    @property
    def possible(self) -> float:
        """The most points, without extra credit; 0 if nothing was graded."""
        return max((score.possible for score in self.scores.values()), default=0.0)

    @property
    def points(self) -> np.ndarray:
        """The points of every graded submission, float64 of shape (N,)."""
        return np.array([self.scores[entry.student].points for entry in self.graded])

    def values(self, name: str) -> np.ndarray:
        """A number of every graded submission, float64 of shape (N,)."""
        return np.array([getattr(entry, name) for entry in self.graded], dtype=np.float64)


def write_report(course: Path, assignment: str, *, db_url: str | None = None) -> Path:
    """Write the class report of an assignment.

    Parameters
    ----------
    course : Path
        Root of an nbgrader course that has a ledger.
    assignment : str
    db_url : str, optional
        The gradebook, by default ``gradebook.db`` in the course.

    Returns
    -------
    Path
        ``reports/ASSIGNMENT.html`` in the course.

    Raises
    ------
    FileNotFoundError
        If nothing was graded.
    """
    everybody = read_class(Path(course), assignment, db_url)
    folder = Path(course) / "reports"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{assignment}.html"
    write_whole(path, render("class.html.j2", **_report(everybody)))
    return path


def read_class(course: Path, assignment: str, db_url: str | None = None) -> Class:
    """Read the ledger of an assignment; an entry that cannot be read counts as ungradable.

    Scores are those of the gradebook; of whom it lacks, what ledger and rules say.

    Raises
    ------
    FileNotFoundError
        If there is no entry.
    """
    entries, damaged = Ledger(course).entries(assignment)
    if not entries and not damaged:
        raise FileNotFoundError(
            f"{course} holds no entry of {assignment}, expected one per submission: run autograde "
            "first."
        )
    found = Class(assignment)
    recorded = read_recorded(db_url or default_url(course.resolve()), assignment)
    scoring = Scoring(assignment, read_rules(course).of(assignment))
    for entry in entries:
        known = recorded.get(entry.student)
        found.scores[entry.student] = known.score if known else scoring.score(entry)
        if entry.status == UNGRADABLE:
            found.ungradable.append((entry.student, entry.reason))
        else:
            found.graded.append(entry)
    found.ungradable.extend((error.student, str(error)) for error in damaged)
    return found


def part_rates(everybody: Class) -> list[tuple[str, str, float]]:
    """Exercise, part and the share of the graded submissions that passed it."""
    rates = []
    for exercise in EXERCISES.values():
        if exercise.assignment != everybody.assignment:
            continue
        passed = Counter(
            part
            for entry in everybody.graded
            for verdict in entry.verdicts
            if verdict.exercise == exercise.id
            for part, earned in verdict.parts.items()
            if earned
        )
        n = max(1, len(everybody.graded))
        rates += [(exercise.id, part, passed[part] / n) for part in exercise.parts]
    return rates


def mistakes(everybody: Class) -> list[tuple[int, str, str, str]]:
    """Count, exercise, name and hint of every known mistake made, commonest first."""
    made = Counter(
        (verdict.exercise, verdict.mistake, verdict.hint or "")
        for entry in everybody.graded
        for verdict in entry.verdicts
        if verdict.mistake and not verdict.passed
    )
    return [(count, *what) for what, count in made.most_common()]


def other_reasons(everybody: Class) -> list[tuple[int, str, str]]:
    """Count, exercise and an example of failures that no known mistake explains."""
    examples: dict[tuple[str, str], list[str]] = {}
    for entry in everybody.graded:
        for verdict in entry.verdicts:
            if verdict.passed or verdict.mistake or not verdict.message:
                continue
            gist = re.sub(r"\[.*|[-+]?\d[\d.e+-]*", "#", verdict.message, flags=re.DOTALL)[:200]
            examples.setdefault((verdict.exercise, gist), []).append(verdict.message)
    rows = [(len(texts), name, texts[0]) for (name, _), texts in examples.items()]
    return sorted(rows, key=lambda row: -row[0])


def look_alike(everybody: Class) -> list[Pair]:
    """Pairs of submissions to read side by side."""
    answers = {
        entry.student: {
            exercise_of(name): text for name, text in entry.answers.items() if exercise_of(name)
        }
        for entry in everybody.graded
    }
    source = read_source(everybody.assignment)
    given = [_answers_of(student_version(source)), _answers_of(fill_answers(source))]
    return alike(answers, given)


def _answers_of(notebook: Any) -> dict[str, str]:
    return {
        exercise_of(grade_id(cell)): cell.source
        for cell in notebook.cells
        if exercise_of(grade_id(cell))
    }


def _report(everybody: Class) -> dict[str, Any]:
    """What the template lays out; there are figures only if somebody was graded."""
    graded = everybody.graded
    report = {
        "assignment": everybody.assignment,
        "written": datetime.now(),
        "graded": graded,
        "ungradable": everybody.ungradable,
        "unconfined": sum(not entry.rubric.confined for entry in graded),
        "most_mistakes": MAX_MISTAKES,
        "most_rows": MAX_ROWS,
    }
    if not graded:
        return report
    scores, top = everybody.points, everybody.possible
    seconds, memory = everybody.values("seconds"), everybody.values("peak_mb")
    rates = part_rates(everybody)
    return report | {
        "scores": {
            "figure": scores_figure(scores, top),
            "mean": scores.mean(),
            "median": np.median(scores),
            "deviation": scores.std(),
            "full": int(np.sum(scores >= top)),
            "none": int(np.sum(scores == 0)),
            "waiting": sum(everybody.scores[one.student].waiting > 0 for one in graded),
        },
        "ruled": [(student, score) for student, score in everybody.scores.items() if score.why],
        "rates_figure": rates_figure(rates) if rates else None,
        "mistakes": mistakes(everybody),
        "other_reasons": other_reasons(everybody),
        "costs_figure": costs_figure(seconds, memory),
        "slowest": sorted(graded, key=lambda entry: -entry.seconds)[:SLOWEST],
        "remarks": [remark for entry in graded for remark in remarks(entry)],
        "pairs": look_alike(everybody),
        "min_shared": MIN_SHARED,
        "min_overlap": MIN_OVERLAP,
    }
