"""A curve as a prediction: drawn over labeled axes, or said in words."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .predictions import Prediction, in_words, is_number

SHAPES = (
    "rises",
    "falls",
    "stays level",
    "rises, then falls",
    "falls, then rises",
    "ups and downs",
)
"""What a curve does, as an author names a wrong one and as a student may say it."""

N_POINTS = 25
"""A curve is drawn by its height at this number of places, from the left to the right end."""

LOG = "(log scale)"
"""The name of an axis ends so where it is logarithmic."""

_VISIBLE = 0.1
"""Smaller ups and downs, as a share of the height of the axis, are taken for an unsteady hand."""


@dataclass(frozen=True)
class Curve(Prediction):
    """A question for a curve; all curves are compared as shares of the height of the axis.

    A curve is right if it does what the right one does, or lies near it, unless a wrong curve
    (not: a wrong shape) lies nearer.
    """

    within: float
    axes: tuple[str, str]
    limits: tuple[float, float] | None
    _spans: list[tuple[float, float]] = field(init=False, repr=False, compare=False)

    kind = "curve"
    choices = SHAPES

    def __post_init__(self) -> None:
        super().__post_init__()
        names = self.axes if isinstance(self.axes, tuple | list) else ()
        if len(names) != 2 or not all(isinstance(name, str) and name.strip() for name in names):
            self.refuse(f"got axes={self.axes!r}", "the names of both axes")
        if not is_number(self.within) or self.within <= 0:
            self.refuse(f"got within={self.within!r}", "a share of the height, larger than 0")
        xs, ys = self.right
        if len(xs) != len(ys) or len(xs) < 2 or not all(a < b for a, b in pairwise(xs)):
            self.refuse("got a curve that is none", "two or more xs that grow, and as many ys")
        limits = self.limits or _limits(ys, _is_log(names[1]))
        object.__setattr__(self, "_spans", [(xs[0], xs[-1]), tuple(limits)])
        for name, span, values in zip(names, self._spans, (xs, ys), strict=True):
            if _is_log(name) and min(*span, *values) <= 0:
                self.refuse(f"got a value of 0 or less on the axis {name!r}", "positive ones")
        if not self._spans[1][0] < self._spans[1][1] or not _inside(ys, self._spans[1]):
            self.refuse(
                f"got limits={self.limits!r}", "a lowest and a highest height around all ys"
            )
        for key in self.wrong:
            self._check_wrong(key)

    def _check_wrong(self, key: Any) -> None:
        if isinstance(key, str):
            if key not in SHAPES:
                self.refuse(f"got {key!r} as wrong", f"one of {', '.join(map(repr, SHAPES))}")
            if key == self._shape(self._truth):
                self.refuse(f"got {key!r} as wrong, which the right curve does", "another")
        elif len(key) != len(self.right[0]) or not all(map(is_number, key)):
            self.refuse(f"got {key!r} as wrong", "a height for each x, in a tuple")
        elif self._distance(self._resampled(key), self._truth) < self.within / 2:
            self.refuse("got the right curve as wrong", "another")

    def shown(self) -> dict[str, Any]:
        axes = [
            {"name": name, "log": _is_log(name), "span": span}
            for name, span in zip(self.axes, self._spans, strict=True)
        ]
        return {**super().shown(), "axes": axes, "n_points": N_POINTS}

    def drawn(self, said: Any) -> dict[str, Any]:
        """Both curves as places in the unit square."""
        across = _shares(self.right[0], self._spans[0], _is_log(self.axes[0]))
        truth = np.stack([across, self._heights(self.right[1])], axis=1)
        heights = [] if isinstance(said, str) else self._heights(said)
        return {"truth": truth.tolist(), "heights": np.asarray(heights).tolist()}

    def read(self, said: Any) -> str | list[float]:
        """A shape, or heights at places from the left end to the right one."""
        shape = self.chosen(said)
        if shape is not None:
            return shape
        if isinstance(said, str) or not isinstance(said, Sequence | np.ndarray) or len(said) < 2:
            shapes = ", ".join(f'"{shape}"' for shape in SHAPES)
            raise ValueError(f"Got {str(said)[:40]!r}, expected one of {shapes}, or a few heights.")
        if not all(map(is_number, said)) or not _inside(said, self._spans[1]):
            low, high = self._spans[1]
            raise ValueError(f"Got {str(said)[:40]}, expected heights from {low:g} to {high:g}.")
        return [float(f"{height:.4g}") for height in said]

    def is_right(self, said: Any) -> bool:
        if isinstance(said, str):
            return said == self._shape(self._truth)
        drawn = self._sampled(said)
        distance = self._distance(drawn, self._truth)
        alike = distance <= self.within or self._shape(drawn) == self._shape(self._truth)
        return alike and all(self._distance(drawn, other) >= distance for other in self._others)

    def told(self, said: Any) -> str:
        if isinstance(said, str):
            return said
        xs, ys = said if said is self.right else (self._places(len(said)), said)
        shape = self._shape(self._truth if said is self.right else self._sampled(said))
        first, last, high, low = (in_words(y, 3) for y in (ys[0], ys[-1], max(ys), min(ys)))
        top, bottom = (in_words(xs[i], 3) for i in (np.argmax(ys), np.argmin(ys)))
        return {
            "stays level": f"stays near {first}",
            "rises, then falls": f"rises from {first} to {high} at {top}, then falls to {last}",
            "falls, then rises": f"falls from {first} to {low} at {bottom}, then rises to {last}",
            "ups and downs": f"goes up and down between {low} and {high}",
        }.get(shape, f"{shape} from {first} to {last}")

    def sentence(self, said: Any) -> str | None:
        if self.is_right(said):
            return None
        if isinstance(said, str):
            return self.wrong.get(said)
        drawn = self._sampled(said)
        near = {
            self._distance(drawn, self._resampled(key)): text
            for key, text in self.wrong.items()
            if not isinstance(key, str)
        }
        if near and min(near) <= max(self.within, _VISIBLE):
            return near[min(near)]
        return self.wrong.get(self._shape(drawn))

    def _places(self, n_points: int) -> list[float]:
        """Where along the axis so many heights are."""
        spaced = np.geomspace if _is_log(self.axes[0]) else np.linspace
        return spaced(*self._spans[0], n_points).tolist()

    @property
    def _truth(self) -> NDArray:
        return self._resampled(self.right[1])

    @property
    def _others(self) -> list[NDArray]:
        return [self._resampled(key) for key in self.wrong if not isinstance(key, str)]

    def _heights(self, ys: Sequence[float]) -> NDArray:
        return _shares(ys, self._spans[1], _is_log(self.axes[1]))

    def _resampled(self, ys: Sequence[float]) -> NDArray:
        """Heights at the xs of the right curve, as shares at the places of a drawn one."""
        across = _shares(self.right[0], self._spans[0], _is_log(self.axes[0]))
        return np.interp(np.linspace(0, 1, N_POINTS), across, self._heights(ys))

    def _sampled(self, said: Sequence[float]) -> NDArray:
        across = np.linspace(0, 1, len(said))
        return np.interp(np.linspace(0, 1, N_POINTS), across, self._heights(said))

    @staticmethod
    def _distance(one: NDArray, other: NDArray) -> float:
        return float(np.mean(np.abs(one - other)))

    @staticmethod
    def _shape(heights: NDArray) -> str:
        """What a curve does, as one of `SHAPES`."""
        turns = _turns(heights)
        if not turns:
            return "stays level"
        if len(turns) > 2:
            return "ups and downs"
        words = ["rises" if up else "falls" for up in turns]
        return ", then ".join(words)


def _turns(heights: NDArray) -> list[bool]:
    """The ups (True) and downs of a curve that are large enough to be seen, in turn."""
    turns: list[bool] = []
    low = high = heights[0]
    for height in heights:
        low, high = min(low, height), max(high, height)
        if turns[-1:] != [False] and high - height > _VISIBLE:
            turns.append(False)
            low = height
        elif turns[-1:] != [True] and height - low > _VISIBLE:
            turns.append(True)
            high = height
    return turns


def _is_log(name: str) -> bool:
    return name.endswith(LOG)


def _shares(values: Sequence[float], span: tuple[float, float], log: bool) -> NDArray:
    """Values as shares of the way along an axis."""
    scaled, (low, high) = np.asarray(values, dtype=float), span
    if log:
        scaled, low, high = np.log(scaled), math.log(low), math.log(high)
    return (scaled - low) / (high - low)


def _inside(values: Sequence[float], span: tuple[float, float]) -> bool:
    slack = 1e-9 * (span[1] - span[0])
    return span[0] - slack <= min(values) and max(values) <= span[1] + slack


def _limits(ys: Sequence[float], log: bool) -> tuple[float, float]:
    """An axis with room above and below, which does not cross zero for it."""
    if log:
        room = max(max(ys) / min(ys), 10.0) ** 0.4 if min(ys) > 0 else 1.0
        return min(ys) / room, max(ys) * room
    room = 0.4 * (max(ys) - min(ys)) or max(abs(max(ys)), 1.0)
    low, high = min(ys) - room, max(ys) + room
    return (0.0 if low < 0 <= min(ys) else low, 0.0 if max(ys) <= 0 < high else high)
