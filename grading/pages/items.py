"""How hard each question and part is, and how well it tells students apart."""

import math
from dataclasses import dataclass

import numpy as np

from ..exercises import EXERCISES
from ..rules.questions import points_of
from .standing import Class

END = 0.27
"""The upper and the lower group are this share of the class each, after T. L. Kelley, "The
selection of upper and lower groups for the validation of test items", 1939."""

ENOUGH = 10
"""With fewer submissions than this, discrimination is left out: it would be chance."""

WEAK = 0.2
"""An item that discriminates less is to be looked at, after R. L. Ebel and D. A. Frisbie,
"Essentials of Educational Measurement", 1991."""


@dataclass(frozen=True)
class Item:
    """A question, or a part of it.

    Attributes
    ----------
    question : str
    part : str
        Empty for the whole question.
    possible : float
        In points.
    share : float or None
        Of the points that submissions got on average; None if none has a mark.
    discrimination : float or None
        Share of the upper group minus that of the lower; None if there are too few.
    count : int
        Submissions with a mark.
    note : str
        Which rule made a difference.
    """

    question: str
    part: str
    possible: float
    share: float | None
    discrimination: float | None
    count: int
    note: str = ""

    @property
    def doubt(self) -> str:
        """Why somebody should look at it; empty if nobody need."""
        if self.discrimination is None or self.share is None or not 0 < self.share < 1:
            return ""
        if self.discrimination < 0:
            return "those with fewer points got it more often"
        # What nearly everybody gets cannot tell much.
        if self.discrimination < WEAK and 0.1 <= self.share <= 0.9:
            return "strong and weak get it nearly alike"
        return ""


def items(everybody: Class) -> list[Item]:
    """All questions of an assignment, each followed by its parts.

    Points of questions are those that count, with the marks by hand; parts are as judged.
    """
    totals = np.array([score.raw for score in everybody.scores])
    found = []
    for name, points in points_of(everybody.assignment).items():
        counted = [score.questions.get(name) for score in everybody.scores]
        got = np.array([np.nan if c is None or c.given.points is None else c.given.points
                        for c in counted], dtype=np.float64)  # fmt: skip
        note = next((one.note for one in counted if one is not None and one.note), "")
        found.append(_item(name, "", points, got / points, totals, note))
        if name in EXERCISES:
            passed = _passed(everybody, name)
            for part, worth in EXERCISES[name].parts.items():
                shares = np.array([float(parts.get(part, False)) for parts in passed])
                found.append(_item(name, part, float(worth), shares, totals))
    return found


def discrimination(shares: np.ndarray, totals: np.ndarray) -> float | None:
    """Mean share of the upper 27 % by total points, minus that of the lower 27 %.

    Parameters
    ----------
    shares : ndarray of shape (N,)
        What each has of the item; nan without a mark.
    totals : ndarray of shape (N,)

    Returns
    -------
    float or None
        In -1..1; None for fewer than ``ENOUGH``. Of those who have as many points as the last of a
        group, each counts with the same fraction, so that no order of names decides.
    """
    known = ~np.isnan(shares)
    shares, totals = shares[known], totals[known]
    if len(shares) < ENOUGH:
        return None
    upper, lower = _weights(totals), _weights(-totals)
    return float(upper @ shares - lower @ shares)


def _weights(totals: np.ndarray) -> np.ndarray:
    """How much each counts in the mean of the upper group."""
    size = max(1, round(END * len(totals)))
    last = np.sort(totals)[::-1][size - 1]
    above, tied = totals > last, totals == last
    return (above + tied * (size - above.sum()) / tied.sum()) / size


def _passed(everybody: Class, exercise: str) -> list[dict[str, bool]]:
    """By submission, the parts of an exercise that the judge passed."""
    return [
        next((one.parts for one in entry.verdicts if one.exercise == exercise), {})
        for entry in everybody.graded
    ]


def _item(
    name: str, part: str, possible: float, shares: np.ndarray, totals: np.ndarray, note: str = ""
) -> Item:
    count = int(np.sum(~np.isnan(shares)))
    mean = float(np.nanmean(shares)) if count else math.nan
    return Item(
        name, part, possible, mean if count else None, discrimination(shares, totals), count, note
    )
