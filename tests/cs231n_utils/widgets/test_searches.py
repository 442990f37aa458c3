"""Three searches on one map: what is played is what the given searches tried."""

import numpy as np
import pytest

from cs231n_utils.surfaces import quadratic
from cs231n_utils.widgets.bundle import bundle
from grading.exercises import EXERCISES
from tests.support.javascript import run_javascript

pytest.importorskip("anywidget")

from cs231n_utils.widgets import SearchRace

BLIND, LOCAL = (EXERCISES[name].reference for name in ("random_search", "random_local_search"))
BOWL = quadratic(6, angle=30)


def test_paths_are_the_start_and_all_tries_of_the_given_searches():
    race = SearchRace(BOWL, BLIND, LOCAL)
    race.seed = 3
    race.start = (1.0, 2.0)
    for name, places in race.paths.items():
        np.testing.assert_array_equal(places[0], [1, 2])
        assert len(places) == 121, name
    (n_random, n_local, n_descent) = (race.paths[name] for name in race._names)
    best = min(BOWL(w) for w in n_random[1:])
    _, loss, _ = BLIND(BOWL, (2,), 120, 2.5, np.random.default_rng(3))
    assert best == loss
    _, loss, _ = LOCAL(BOWL, np.array([1.0, 2.0]), 120, 0.3, np.random.default_rng(3))
    assert min(BOWL(w) for w in n_local) == loss
    np.testing.assert_allclose(n_descent[1], n_descent[0] - 0.1 * BOWL.gradient(n_descent[0]))
    np.testing.assert_allclose(race._heights, [BOWL(w) for w in race._paths])
    race.picture()


def test_records_are_the_tries_that_were_lowest_so_far():
    heights = [5.0, 7.0, 4.0, 4.0, 4.5, 1.0]
    got = run_javascript(bundle("searches", f"return searches.records({heights});"))
    assert got == [0, 2, 5]


def test_searches_that_try_too_little_are_refused():
    with pytest.raises(ValueError, match="got 0 tries of a search, expected 120: finish both"):
        SearchRace(BOWL, lambda *_: None, LOCAL)
