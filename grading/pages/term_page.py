"""The report of a whole term: how each student goes on, who falls behind, and what fails again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from cs231n_utils.system.files import write_whole

from ..gradebook.people import Person
from ..gradebook.tables import as_text
from ..ledger import Ledger
from .class_figures import term_figure
from .rendering import render
from .standing import Class, Row, read_class

FALLEN = 0.2
"""Who has fallen by this share of the points, against the median of the class, falls behind."""

FAILS_AGAIN = 0.2
"""A part or mistake fails again if this share of the class failed it in two assignments."""


@dataclass(frozen=True)
class Term:
    """What a student has over the term.

    Attributes
    ----------
    row : Row
        The student, with the page of the newest assignment.
    shares : list of float or None
        By assignment, the share of the points; None where nothing was handed in.
    trend : float or None
        How much the share, against the median of the class, changes from one assignment to the
        next, by a straight line; None for fewer than three.
    behind : str
        Why somebody should ask how it goes; empty if nobody need.
    """

    row: Row
    shares: list[float | None]
    trend: float | None
    behind: str

    @property
    def mean(self) -> float | None:
        """The mean share of what was handed in."""
        known = [share for share in self.shares if share is not None]
        return sum(known) / len(known) if known else None


@dataclass(frozen=True)
class Again:
    """A part or a known mistake of one name that fails in several assignments.

    Attributes
    ----------
    kind : str
        "part" or "mistake".
    name : str
    rates : dict of str to float
        By assignment, the share of its submissions that failed it.
    students : tuple of str
        Who failed it in at least two assignments.
    """

    kind: str
    name: str
    rates: dict[str, float]
    students: tuple[str, ...]


def write_term_report(
    course: Path,
    *,
    db_url: str | None = None,
    people: Mapping[str, Person] | None = None,
    nameless: bool = False,
) -> Path:
    """Write the report over all assignments that were graded.

    Parameters
    ----------
    course : Path
        Root of an nbgrader course that has a ledger.
    db_url : str, optional
        The gradebook, by default ``gradebook.db`` in the course.
    people : mapping of str to Person, optional
        Who is in the class, by id.
    nameless : bool
        Write what can be shown in class.

    Returns
    -------
    Path
        ``reports/term.html`` with ``reports/term.csv`` beside it, or
        ``reports/term-anonymous.html`` alone.

    Raises
    ------
    FileNotFoundError
        If nothing was graded.
    """
    course = Path(course)
    names = Ledger(course).assignments()
    if not names:
        raise FileNotFoundError(f"{course} holds no graded assignment: run autograde first.")
    classes = [read_class(course, name, db_url, people) for name in names]
    students = terms(classes)
    path = course / "reports" / f"term{'-anonymous' if nameless else ''}.html"
    medians = [float(np.median(known)) if known else None for known in map(_shares, classes)]
    page: dict[str, Any] = {} if nameless else {"script": "table.js"}
    page |= {
        "written": datetime.now(),
        "nameless": nameless,
        "assignments": names,
        "classes": classes,
        "medians": medians,
        "drawn": term_figure(names, [_shares(one) for one in classes]),
        "students": students,
        "behind": sum(bool(one.behind) for one in students),
        "again": fails_again(classes),
        "person": {one.row.person.id: one.row for one in students},
        "percent_again": FAILS_AGAIN,
    }
    write_whole(path, render("term.html.j2", **page))
    if not nameless:
        rows = [
            [one.row.person.id, one.row.person.last_name, one.row.person.first_name]
            + ["" if share is None else share for share in one.shares]
            + ["" if one.mean is None else one.mean, one.trend or 0.0, one.behind]
            for one in students
        ]
        header = ["student", "last_name", "first_name", *names, "mean", "trend", "falls_behind"]
        write_whole(path.with_suffix(".csv"), f"\ufeff{as_text([header, *rows])}")
    return path


def terms(classes: Sequence[Class]) -> list[Term]:
    """What everybody has over the term, those who fall behind first."""
    rows = {student: row for everybody in classes for student, row in everybody.rows.items()}
    medians = np.array([np.median(_shares(one) or [0.0]) for one in classes])
    found = []
    for student, row in rows.items():
        shares = [_share(one.rows.get(student)) for one in classes]
        against = [
            None if share is None else share - float(median)
            for share, median in zip(shares, medians, strict=True)
        ]
        found.append(Term(row, shares, _trend(against), _behind(against)))
    return sorted(found, key=lambda one: (not one.behind, one.row.person.shown.casefold()))


def fails_again(classes: Sequence[Class]) -> list[Again]:
    """Parts and mistakes of one name that many fail in several assignments, commonest first."""
    failed: dict[tuple[str, str], dict[str, set[str]]] = {}
    for everybody in classes:
        for entry in everybody.graded:
            for verdict in entry.verdicts:
                parts = [part for part, passed in verdict.parts.items()
                         if not passed and part not in verdict.unjudged]  # fmt: skip
                names = [("part", part) for part in parts]
                names += [("mistake", mistake) for mistake in verdict.mistakes]
                for name in names:
                    where = failed.setdefault(name, {})
                    where.setdefault(everybody.assignment, set()).add(entry.student)
    sizes = {one.assignment: len(one.graded) for one in classes}
    found = []
    for (kind, name), where in failed.items():
        rates = {at: len(students) / sizes[at] for at, students in where.items()}
        times = [student for students in where.values() for student in students]
        again = tuple(sorted(one for one in set(times) if times.count(one) > 1))
        if sum(rate >= FAILS_AGAIN for rate in rates.values()) > 1:
            found.append(Again(kind, name, rates, again))
    return sorted(found, key=lambda one: -sum(one.rates.values()))


def _share(row: Row | None) -> float | None:
    if row is None or row.score is None or not row.score.possible:
        return None
    return row.score.points / row.score.possible


def _shares(everybody: Class) -> list[float]:
    """The shares of the points of all who handed something in."""
    shares = map(_share, everybody.rows.values())
    return [share for share in shares if share is not None]


def _trend(against: list[float | None]) -> float | None:
    known = [(place, share) for place, share in enumerate(against) if share is not None]
    if len(known) < 3:
        return None
    return float(np.polyfit(*np.array(known).T, 1)[0])


def _behind(against: list[float | None]) -> str:
    """Why somebody falls behind, from the shares against the median of the class."""
    known = [share for share in against if share is not None]
    if not known:
        return "nothing handed in at all"
    missing = len(against) - 1 - max(at for at, one in enumerate(against) if one is not None)
    if missing:
        return f"nothing handed in for the last {missing if missing > 1 else 'one'}"
    if len(known) >= 3:
        before, now = np.mean(known[:-2] or known[:1]), np.mean(known[-2:])
        if now <= before - FALLEN:
            points = 100 * (before - now)
            return f"the last two are {points:.0f} points of a hundred lower, against the median"
    return ""
