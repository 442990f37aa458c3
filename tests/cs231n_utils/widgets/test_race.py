"""Update rules with their learning rates in hand: what is shown is what the rules do."""

import numpy as np
import pytest

from cs231n_utils import surfaces
from cs231n_utils.optimizers import adam, sgd

pytest.importorskip("anywidget")

from traitlets import TraitError

from cs231n_utils.widgets import OptimizerRace

VALLEY, BEALE = surfaces.quadratic(100), surfaces.BEALE
RUNNERS = {"plain": (sgd, {"learning_rate": 0.01}), "adam": (adam, {"learning_rate": 0.3})}


def test_paths_are_those_of_the_rules_at_every_rate_and_start():
    race = OptimizerRace({"valley": (VALLEY, RUNNERS, 20)})
    race.rates = [0.015, 0.1]
    race.start = (1.0, -0.5)
    for (name, (rule, _)), rate in zip(RUNNERS.items(), (0.015, 0.1), strict=True):
        settings = {"learning_rate": rate}
        path = surfaces.run_rule(rule, VALLEY.gradient, [1.0, -0.5], 20, settings)
        np.testing.assert_array_equal(race.paths[name], path)
    np.testing.assert_array_equal(race._paths, np.concatenate([*race.paths.values()]))
    np.testing.assert_allclose(race._heights, [VALLEY(w) for w in race._paths])
    assert f"plain {race._heights[20]:.2g} (rate 0.015)" in race.caption()


def test_another_surface_brings_its_own_start_rates_and_runners():
    beale = {"only": (sgd, {"learning_rate": 0.02})}
    race = OptimizerRace({"valley": (VALLEY, RUNNERS, 20), "Beale": (BEALE, beale, 30)})
    race.rates = [0.5, 0.5]
    race.surface = "Beale"
    assert race.rates.tolist() == [0.02] and race.start.tolist() == list(BEALE.start)
    assert race._runners == ["only"] and len(race._heights) == 31
    race.surface = "valley"
    assert race.rates.tolist() == [0.01, 0.3]


def test_a_runner_that_leaves_for_infinity_is_said_to_be_far_away():
    race = OptimizerRace({"valley": (VALLEY, RUNNERS, 60)})
    race.rates = [1.0, 0.3]
    assert "plain far away (rate 1)" in race.caption()
    assert np.isnan(race._heights[60])
    race.picture()


def test_impossible_states_are_refused():
    race = OptimizerRace({"valley": (VALLEY, RUNNERS, 5)})
    with pytest.raises(TraitError, match="surface got 'sea'; expected one of valley"):
        race.surface = "sea"
    for rates in ([0.1], [0.1, -0.1]):
        with pytest.raises(TraitError, match="expected 2 numbers above 0"):
            race.rates = rates
    assert race.rates.tolist() == [0.01, 0.3]
