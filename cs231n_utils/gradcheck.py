"""Checking a gradient against finite differences, with a report that says where it is wrong.

``check_gradient`` compares all coordinates or a random sample of them, and knows about kinks:
where a function bends, every value between its two one-sided slopes is a right answer.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cs231n_utils.validation import refuse, require_floats, require_same_shape

__all__ = ["Coordinate", "GradientReport", "check_gradient", "relative_error"]

FLOOR = 1e-8
"""Smallest number that a difference is divided by."""

BANDS = ((1e-7, "agrees"), (1e-4, "close"), (1e-2, "suspicious"), (np.inf, "WRONG"))
"""Verdicts on a relative error, each up to a bound, in float64 and away from kinks.

After the lecture notes of CS231n ("Neural networks 3", gradient checks).
"""

_ROUNDINGS = 8
"""Rounding may move a slope by this many times ``eps * |f| / h``."""

_SHRINKS = 0.2
"""A kink is where a tenth of the step leaves more than this share of the gap between the slopes.

The slopes of a smooth function come ten times closer together.
"""


@dataclass(frozen=True)
class Coordinate:
    """What a check found at one coordinate.

    Attributes
    ----------
    index : tuple of int
        Where it is.
    analytic, numeric : float
        The gradient to be checked, and the centered difference.
    left, right : float
        The one-sided slopes.
    error : float
        Relative error; at a kink, to the nearest value between the slopes.
    kink : bool
        The slopes differ, and do not come closer with a smaller step.
    verdict : str
        "agrees", "close", "suspicious" or "WRONG", with a note on kinks and rounding.
    """

    index: tuple[int, ...]
    analytic: float
    numeric: float
    left: float
    right: float
    error: float
    kink: bool
    verdict: str


@dataclass(frozen=True)
class GradientReport:
    """What `check_gradient` found, the largest error first.

    Attributes
    ----------
    coordinates : tuple of Coordinate
        One for each that was checked.
    size : int
        How many coordinates there are.
    """

    coordinates: tuple[Coordinate, ...]
    size: int

    @property
    def worst(self) -> float:
        """The largest relative error."""
        return self.coordinates[0].error

    @property
    def passed(self) -> bool:
        """Whether nothing was found suspicious or wrong."""
        return self.worst <= BANDS[1][0]

    def table(self, rows: int = 8) -> str:
        """Return the ``rows`` worst coordinates as lines of text."""
        titles = ("coordinate", "analytic", "numeric", "left", "right", "error")
        lines = [f"{titles[0]:>14}" + "".join(f"{title:>13}" for title in titles[1:]) + "  verdict"]
        for found in self.coordinates[:rows]:
            numbers = (found.analytic, found.numeric, found.left, found.right)
            index = ", ".join(map(str, found.index))
            lines.append(
                f"{f'[{index}]':>14}"
                + "".join(f"{number:13.6g}" for number in numbers)
                + f"{found.error:13.1e}  {found.verdict}"
            )
        return "\n".join(lines)

    def __str__(self) -> str:
        wrong = sum(not found.error <= BANDS[1][0] for found in self.coordinates)
        n = len(self.coordinates)
        state = f"FAILED at {wrong:,} of {n:,}" if wrong else f"passed: {n:,} of {self.size:,}"
        kinks = sum(found.kink for found in self.coordinates)
        summary = f"gradient check {state} coordinates, largest relative error {self.worst:.1e}"
        return f"{summary}, kinks: {kinks}\n{self.table()}"


def relative_error(a: NDArray | float, b: NDArray | float) -> float:
    """Largest of ``|a - b| / max(1e-8, |a| + |b|)`` over the elements.

    Parameters
    ----------
    a, b : float or ndarray of the same shape

    Returns
    -------
    float
        Between 0 and 1; the notes of CS231n divide by ``max(|a|, |b|)``, up to twice as much.

    Examples
    --------
    >>> round(relative_error(2.0, 1.0), 4)
    0.3333
    """
    return float(np.max(np.abs(a - b) / np.maximum(FLOOR, np.abs(a) + np.abs(b)), initial=0.0))


def check_gradient(
    f: Callable[[NDArray], float],
    gradient: NDArray,
    x: NDArray,
    *,
    n_checks: int | None = None,
    rng: np.random.Generator | None = None,
    h: float = 1e-5,
) -> GradientReport:
    """Compare a gradient with centered differences and, at kinks, with the one-sided slopes.

    Parameters
    ----------
    f : callable
        Takes a float64 array of the shape of ``x``, returns a number.
    gradient : ndarray of the shape of ``x``
        What is to be checked: the gradient of ``f`` at ``x``.
    x : float64 ndarray
        Where; it is not changed.
    n_checks : int, optional
        How many coordinates to draw, each at most once; by default all are checked.
    rng : numpy.random.Generator, optional
        Draws them; needed with ``n_checks``.
    h : float
        Step; 1e-5 or 1e-6 suits float64.

    Returns
    -------
    GradientReport

    Raises
    ------
    TypeError
        If ``x`` is not float64, or ``rng`` is missing.
    ValueError
        If the shapes of ``x`` and ``gradient`` differ, or nothing is to be checked.

    Notes
    -----
    A coordinate costs two evaluations of ``f``, and two more with a tenth of the step where the
    first two disagree with the gradient. They tell a kink at ``x`` from one nearby, and both
    from a bug.

    Examples
    --------
    >>> x = np.array([1.0, 0.0, -2.0])
    >>> check_gradient(lambda x: np.sum(np.abs(x)), np.array([1.0, 0.3, -1.0]), x).passed
    True
    >>> check_gradient(lambda x: np.sum(np.abs(x)), np.array([1.0, 1.5, -1.0]), x).passed
    False
    """
    gradient = np.asarray(gradient)
    advice = "pass x.astype(np.float64), as finite differences drown in the rounding of float32"
    require_floats("check_gradient", "x", x, [np.float64], advice)
    require_same_shape("check_gradient", "gradient", gradient, "x", x.shape)
    probe = _Probe(f, x)
    found = [
        _examine(probe, float(gradient[index]), index, h)
        for index in _choose(x.shape, n_checks, rng)
    ]
    found.sort(key=lambda coordinate: coordinate.error, reverse=True)
    return GradientReport(tuple(found), x.size)


class _Probe:
    """One-sided slopes of a function around one point."""

    def __init__(self, f: Callable[[NDArray], float], x: NDArray):
        self._f, self._x = f, x
        self._here = float(f(x.copy()))

    def slopes(self, index: tuple[int, ...], h: float) -> tuple[float, float, float]:
        """Return left slope, right slope, and how far rounding may have moved them."""
        moved = self._x.copy()
        moved[index] = self._x[index] + h
        step_right = moved[index] - self._x[index]
        above = float(self._f(moved))
        moved[index] = self._x[index] - h
        step_left = self._x[index] - moved[index]
        below = float(self._f(moved))
        size = max(abs(self._here), abs(above), abs(below))
        rounding = _ROUNDINGS * np.finfo(np.float64).eps * size / h
        return (self._here - below) / step_left, (above - self._here) / step_right, rounding


def _examine(probe: _Probe, analytic: float, index: tuple[int, ...], h: float) -> Coordinate:
    left, right, rounding = probe.slopes(index, h)
    numeric = (left + right) / 2
    error, kink, note = relative_error(analytic, numeric), False, ""
    if error > BANDS[0][0] and abs(analytic - numeric) <= rounding:
        error, note = 0.0, " (to rounding)"
    elif error > BANDS[0][0]:
        near_left, near_right, near_rounding = probe.slopes(index, h / 10)
        gap, near_gap = abs(right - left), abs(near_right - near_left)
        if near_gap > max(_SHRINKS * gap, 2 * near_rounding):
            kink = True
            error = _error_at_kink(analytic, near_left, near_right, near_rounding)
            note = " (kink)" if error <= BANDS[1][0] else " (outside the slopes of a kink)"
        elif relative_error(analytic, (near_left + near_right) / 2) <= BANDS[1][0] < error:
            kink, note = True, " (kink nearby)"
            error = relative_error(analytic, (near_left + near_right) / 2)
    verdict = next(word for bound, word in BANDS if error <= bound or bound == np.inf)
    return Coordinate(index, analytic, numeric, left, right, error, kink, verdict + note)


def _error_at_kink(analytic: float, left: float, right: float, rounding: float) -> float:
    low, high = min(left, right) - rounding, max(left, right) + rounding
    return relative_error(analytic, float(np.clip(analytic, low, high)))


def _choose(
    shape: tuple[int, ...], n_checks: int | None, rng: np.random.Generator | None
) -> list[tuple[int, ...]]:
    size = int(np.prod(shape))
    if n_checks is None:
        chosen = np.arange(size)
    elif rng is None:
        refuse(
            "check_gradient",
            "n_checks without rng",
            "both",
            "pass for example rng=np.random.default_rng(0)",
            TypeError,
        )
    else:
        chosen = rng.choice(size, size=min(n_checks, size), replace=False)
    if not len(chosen):
        refuse(
            "check_gradient",
            f"{len(chosen)} of {size} coordinates to check",
            "at least one",
            "pass n_checks=10, or a larger x",
        )
    return [tuple(int(i) for i in np.unravel_index(flat, shape)) for flat in chosen]
