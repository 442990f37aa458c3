"""The rules of an assignment, and what they say of the time when something was handed in."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Lateness:
    """What a hand-in loses because of its time.

    Attributes
    ----------
    percent : float
        Of the points that are possible.
    why : str
        Such as "2 days late: -20 %"; empty for what is punctual.
    """

    percent: float = 0.0
    why: str = ""


@dataclass(frozen=True)
class Rules:
    """What the course says of an assignment.

    Attributes
    ----------
    due : datetime or None
        With a time zone.
    grace : timedelta
        A hand-in that is late by no more than this is punctual.
    penalty_per_day : float
        In percent of the points possible, for each day that has begun since the due date.
    penalty_cap : float
        The most that a hand-in loses, in percent.
    extensions : mapping of str to datetime
        By student, the later due date.
    extra_credit : frozenset of str
        Questions whose points come on top: what is possible does not grow with them.
    dropped : frozenset of str
        Questions that count for nobody.
    full_points : mapping of str to frozenset of str
        By question, the parts that everybody gets; without parts, the whole question.
    zone : tzinfo
        In which times are shown.
    named : bool
        Whether the course's file has a table of this assignment.
    """

    due: datetime | None = None
    grace: timedelta = timedelta()
    penalty_per_day: float = 0.0
    penalty_cap: float = 100.0
    extensions: Mapping[str, datetime] = field(default_factory=dict)
    extra_credit: frozenset[str] = frozenset()
    dropped: frozenset[str] = frozenset()
    full_points: Mapping[str, frozenset[str]] = field(default_factory=dict)
    zone: tzinfo = UTC
    named: bool = False

    def due_for(self, student: str) -> datetime | None:
        """When a student's hand-in is due."""
        return self.extensions.get(student, self.due)

    def shown(self, moment: datetime) -> str:
        """A time as the course shows it."""
        return f"{moment.astimezone(self.zone):%Y-%m-%d %H:%M %Z}"

    def lateness(self, student: str, handed_in: datetime | None) -> Lateness:
        """What a student loses who handed in at a time; what has no time is punctual."""
        due = self.due_for(student)
        if due is None or handed_in is None or handed_in <= due + self.grace:
            return Lateness()
        days = math.ceil((handed_in - due) / DAY)
        late = f"{days} {'day' if days == 1 else 'days'} late"
        percent = min(days * self.penalty_per_day, self.penalty_cap)
        return Lateness(percent, f"{late}: -{percent:g} %" if percent else late)


NO_RULES = Rules()
"""Nothing is ever late, and all questions count."""


@dataclass(frozen=True)
class CourseRules:
    """The rules of all assignments; one that is not named has the course's defaults."""

    assignments: Mapping[str, Rules] = field(default_factory=dict)
    default: Rules = NO_RULES

    def of(self, assignment: str) -> Rules:
        """The rules of an assignment."""
        return self.assignments.get(assignment, self.default)
