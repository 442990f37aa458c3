"""Where random numbers came from, told by calls with the same, the same and another seed."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from grading.exercises.draws import draws, every_call, generator, not_from_rng, seeds


@dataclass
class Call:
    value: Any


def calls(*values):
    return [Call(np.array(value)) for value in values]


FROM_RNG = calls([1.0, 2.0], [1.0, 2.0], [3.0, 4.0])
FROM_ELSEWHERE = calls([1.0, 2.0], [5.0, 6.0], [3.0, 4.0])
OF_A_FIXED_SEED = calls([1.0, 2.0], [1.0, 2.0], [1.0, 2.0])


def test_numbers_must_follow_the_rng():
    assert not_from_rng("draw", FROM_RNG) is None
    assert "other numbers from an rng in the same state" in not_from_rng("draw", FROM_ELSEWHERE)
    assert "the same numbers from two different rngs" in not_from_rng("draw", OF_A_FIXED_SEED)


@pytest.mark.parametrize(
    ("shows", "seen"),
    [
        (draws(0, 1, alike=False), [FROM_ELSEWHERE]),
        (draws(0, 2, alike=True), [OF_A_FIXED_SEED]),
        (draws(0, 2, alike=False), [FROM_RNG, FROM_ELSEWHERE]),
    ],
)
def test_mistake_shows_in_which_draws_are_alike(shows, seen):
    several = (FROM_RNG, FROM_ELSEWHERE, OF_A_FIXED_SEED)
    assert [case for case in several if shows([calls([0.0]), case])] == seen
    assert not shows([FROM_RNG[:2]]) and not shows([[Call("text")] * 3])


def test_what_holds_for_every_call_does_not_for_one_that_cannot_be_read():
    positive = every_call(lambda call: call.value > 0)
    assert positive([[Call(1)], [Call(2), Call(3)]])
    assert not positive([[Call(1)], [Call(0)]]) and not positive([[Call(1), Call("text")]])


def test_seeds_differ_and_make_generators_on_the_other_side():
    first, second = seeds(np.random.default_rng(0))
    assert first != second
    recipe = generator(first)
    assert recipe.name == "rng" and recipe.ingredients == {"seed": first}
