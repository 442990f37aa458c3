"""For exercises that draw from an rng: seeds, and whether numbers were drawn from that rng."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from cs231n_utils.checking.channel import Recipe

from .observation import Observation


def seeds(rng: np.random.Generator, n: int = 2) -> list[int]:
    """`n` different seeds."""
    return [int(seed) for seed in rng.choice(2**31, size=n, replace=False)]


def generator(seed: int) -> Recipe:
    """An argument `rng`: a generator that the student's side makes from the seed."""
    return Recipe("rng", seed=seed)


def returned_value(call: Observation) -> Any:
    """What a call returned, for exercises that return what they draw."""
    return call.value


def every_call(predicate: Callable[[Observation], bool]) -> Callable[..., bool]:
    """A `shows` that holds if the predicate holds for every call, whatever was returned."""

    def shows(cases: Sequence[Sequence[Observation]]) -> bool:
        try:
            return all(predicate(call) for calls in cases for call in calls)
        except Exception:
            return False

    return shows


def draws(
    first: int,
    second: int,
    *,
    alike: bool,
    drawn: Callable[[Observation], Any] = returned_value,
) -> Callable[..., bool]:
    """A `shows` that holds if two of the three calls of `not_from_rng` drew alike, or did not."""

    def shows(cases: Sequence[Sequence[Observation]]) -> bool:
        try:
            calls = next(calls for calls in cases if len(calls) == 3)
            one, other = (np.asarray(drawn(calls[i]), dtype=float) for i in (first, second))
            return np.ptp(one) > 0 and np.array_equal(one, other) == alike
        except Exception:
            return False

    return shows


def not_from_rng(
    name: str,
    calls: Sequence[Observation],
    drawn: Callable[[Observation], Any] = returned_value,
) -> str | None:
    """Why calls do not draw from rng; the first two have the same seed, the third has another."""
    same, again, other = (np.asarray(drawn(call), dtype=float) for call in calls)
    if not np.array_equal(same, again):
        return f"{name} drew other numbers from an rng in the same state: draw from rng alone."
    if np.array_equal(same, other):
        return f"{name} drew the same numbers from two different rngs: draw from rng alone."
    return None
