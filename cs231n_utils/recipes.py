"""Arguments that cannot be sent as arrays, built on the student's side from plain values.

A recipe that wraps a function records how the student's code uses it; the record goes back
to the oracle with the answer.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

MAX_RECORDED_CALLS = 5_000


class Recorded:
    """A function that remembers the points it was evaluated at and what it returned.

    Attributes
    ----------
    n_calls : int
        Number of evaluations so far.
    points : list of ndarray
        Copies of the arguments of the first 5,000 evaluations.
    values : list of float
        What each of them returned.
    """

    def __init__(self, function: Callable[[np.ndarray], float]):
        self._function = function
        self.n_calls = 0
        self.points: list[np.ndarray] = []
        self.values: list[float] = []

    def __call__(self, point: np.ndarray) -> float:
        value = float(self._function(np.asarray(point, dtype=np.float64)))
        self.n_calls += 1
        if len(self.points) < MAX_RECORDED_CALLS:
            self.points.append(np.array(point, dtype=np.float64))
            self.values.append(value)
        return value

    def record(self) -> dict[str, Any]:
        """Return ``n_calls`` and, where all points have one shape, ``points`` and ``values``."""
        record: dict[str, Any] = {"n_calls": self.n_calls}
        if self.points and len({point.shape for point in self.points}) == 1:
            record["points"] = np.stack(self.points)
            record["values"] = np.array(self.values)
        return record


def _rng(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


def _quadratic(center: np.ndarray, curvature: np.ndarray) -> Recorded:
    return Recorded(lambda x: 0.5 * np.sum(curvature * (x - center) ** 2))


RECIPES: dict[str, Callable[..., Any]] = {
    "rng": _rng,
    "quadratic": _quadratic,
}
