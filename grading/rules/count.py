"""What counts of a submission: the one place where points, marks and rules become a score."""

from collections.abc import Mapping
from dataclasses import dataclass

from cs231n_utils.checking.verdict import Verdict

from .questions import points_of
from .rules import Lateness, Rules

NOT_COUNTED = "not counted"
FULL = "full points to all"
EXTRA = "extra credit"


@dataclass(frozen=True)
class Given:
    """What one question was given, before the rules.

    Attributes
    ----------
    auto : float or None
        By the judge; None for a written answer that is not empty.
    manual : float or None
        By a person, who has the last word; None until there is a mark.
    extra : float or None
        By a person, on top.
    """

    auto: float | None = None
    manual: float | None = None
    extra: float | None = None

    @property
    def points(self) -> float | None:
        """The points; None while a written answer waits for its mark."""
        given = self.auto if self.manual is None else self.manual
        return None if given is None and not self.extra else (given or 0.0) + (self.extra or 0.0)

    @property
    def by_hand(self) -> bool:
        """Whether a person gave anything."""
        return self.manual is not None or bool(self.extra)


NOTHING = Given()


@dataclass(frozen=True)
class Counted:
    """One question after the rules.

    Attributes
    ----------
    given : Given
        What of it counts.
    possible : float
        What it adds to the points possible.
    note : str
        Which rule made a difference.
    """

    given: Given
    possible: float
    note: str = ""


@dataclass(frozen=True)
class Score:
    """What a submission gets.

    Attributes
    ----------
    questions : mapping of str to Counted
    penalty : float
        Points taken off; more than there are take all of them.
    late : str
        Why.
    """

    questions: Mapping[str, Counted]
    penalty: float = 0.0
    late: str = ""

    @property
    def raw(self) -> float:
        """Points before the penalty."""
        return sum(one.given.points or 0.0 for one in self.questions.values())

    @property
    def possible(self) -> float:
        """The most points, without extra credit."""
        return sum(one.possible for one in self.questions.values())

    @property
    def waiting(self) -> int:
        """How many written answers wait for a mark."""
        return sum(one.given.points is None for one in self.questions.values())

    @property
    def points(self) -> float:
        """The points that count."""
        return max(0.0, self.raw - self.penalty)

    @property
    def notes(self) -> dict[str, str]:
        """By question, which rule made a difference."""
        return {name: one.note for name, one in self.questions.items() if one.note}

    @property
    def why(self) -> list[str]:
        """Why the points are not those that judge and grader gave, a sentence for each reason."""
        late = self.late
        if self.penalty:
            points = "point" if self.penalty == 1 else "points"
            late = f"{self.penalty:g} {points} off for handing in late{late and f' ({late})'}"
        return [*filter(None, [late]), *(f"{name}: {note}" for name, note in self.notes.items())]

    @property
    def shown(self) -> str:
        """Such as "17 of 20"."""
        return points_shown(self.points, self.possible)


def count(
    assignment: str,
    rules: Rules,
    given: Mapping[str, Given],
    verdicts: Mapping[str, Verdict],
    late: Lateness,
) -> Score:
    """What a submission gets by the rules.

    Parameters
    ----------
    assignment : str
    rules : Rules
    given : mapping of str to Given
        By question.
    verdicts : mapping of str to Verdict
        By exercise, which parts passed.
    late : Lateness
    """
    questions = {
        name: _counted(name, points, rules, given.get(name, NOTHING), verdicts.get(name))
        for name, points in points_of(assignment).items()
    }
    possible = sum(one.possible for one in questions.values())
    return Score(questions, round(late.percent * possible / 100, 6), late.why)


def points_shown(points: float, possible: float) -> str:
    """Points of those possible, in words that also fit more points than are possible."""
    if points > possible:
        return f"{points:g} of {possible:g} ({EXTRA})" if possible else f"{points:g} ({EXTRA})"
    return f"{points:g} of {possible:g}"


def _counted(
    name: str, points: float, rules: Rules, given: Given, verdict: Verdict | None
) -> Counted:
    if name in rules.dropped:
        return Counted(Given(0.0), 0.0, NOT_COUNTED)
    notes = []
    parts = rules.full_points.get(name)
    if parts == frozenset():
        if given.points != points + (given.extra or 0.0):
            notes.append(FULL)
        given = Given(points, extra=given.extra)
    elif parts and verdict is not None:
        missed = sorted(part for part in parts if not verdict.parts.get(part))
        added = sum(verdict.part_points.get(part, 0.0) for part in missed)
        # A mark by hand stands: the person who gave it saw the whole answer.
        given = Given((given.auto or 0.0) + added, given.manual, given.extra)
        if given.manual is None:
            notes += [f"{FULL} for {part}" for part in missed]
    extra = name in rules.extra_credit
    if extra:
        notes.append(EXTRA)
    return Counted(given, 0.0 if extra else points, ", ".join(notes))
