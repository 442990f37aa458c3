"""Functions that answers call: what they return, and what is remembered of their calls."""

import numpy as np
import pytest

from cs231n_utils.checking.channel import Recipe
from grading.exercises import functions
from grading.exercises.functions import FUNCTIONS, Functions, least_squares

LINE = Recipe("quadratic", center=np.array([1.0, -2.0]), curvature=np.ones(2))


def test_points_and_values_of_all_calls_are_remembered():
    f = FUNCTIONS["quadratic"](**LINE.ingredients)
    assert f.usage() == {"n_calls": 0}
    x = np.array([2.0, -2.0])
    assert f(x) == 0.5
    x += 9
    assert f([1, -2]) == 0.0
    usage = f.usage()
    assert usage["n_calls"] == 2 and usage["values"].tolist() == [0.5, 0]
    assert usage["points"].tolist() == [[2, -2], [1, -2]]
    f(np.zeros((3, 2)))
    assert f.usage() == {"n_calls": 3}, "points of several shapes"


@pytest.mark.parametrize("bound", ["MAX_REMEMBERED", "MAX_REMEMBERED_ENTRIES"])
def test_calls_beyond_a_bound_are_counted_only(bound, monkeypatch):
    monkeypatch.setattr(functions, bound, 4)
    f = FUNCTIONS["quadratic"](**LINE.ingredients)
    for _ in range(9):
        f(np.zeros(2))
    assert f.usage()["n_calls"] == 9 and len(f.usage()["points"]) <= 4


def test_batches_are_remembered_with_their_weights():
    f = FUNCTIONS["least_squares"]()
    W, X, y = np.ones((3, 2)), np.ones((5, 3)), np.array([0, 1, 1, 0, 0])
    loss, gradient = f(W, X[:4], y[:4], reg=0.5)
    f(2 * W, X[4:], y[4:], 0.0)
    usage = f.usage()
    assert usage["sizes"].tolist() == [4, 1] and usage["reg"].tolist() == [0.5, 0]
    assert usage["images"].shape == (5, 3) and usage["labels"].tolist() == y.tolist()
    assert (loss, gradient.shape) == (least_squares(W, X[:4], y[:4], 0.5)[0], (3, 2))


def test_gradients_are_those_of_their_functions():
    rng = np.random.default_rng(0)
    parts = {"center": rng.standard_normal((2, 3)), "curvature": np.ones((2, 3))}
    parts |= {"l2": 0.3, "l1": 0.2}
    x, h = rng.standard_normal((2, 3)), 1e-6
    f = FUNCTIONS["quadratic_l1"](**parts)
    slopes = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        step = np.zeros_like(x)
        step[i] = h
        slopes[i] = (f(x + step) - f(x - step)) / (2 * h)
    named = {"a": "right", "b": "twice"}
    planted = FUNCTIONS["planted_gradients"](bugs=named, **parts)
    np.testing.assert_allclose(planted["a"](x), slopes, rtol=1e-6)
    np.testing.assert_allclose(planted["b"](x), 2 * slopes, rtol=1e-6)


def test_each_call_of_an_answer_has_functions_of_its_own():
    call = (Recipe("rng", seed=3), LINE, 1.5, Recipe("planted_gradients", bugs={}, center=0))
    one, other = Functions(call), Functions(call)
    rng, function, number, gradients = one.called
    assert (rng, number, gradients) == (call[0], 1.5, {})
    function(np.zeros(2))
    assert one.usage()["1"]["n_calls"] == 1 and other.usage()["1"]["n_calls"] == 0


def test_answer_is_sent_nothing_of_what_a_function_is_made_of():
    planted = Recipe(
        "planted_gradients", bugs={"a": "twice", "b": "right"}, l2=1.0, l1=1.0, **LINE.ingredients
    )
    _, function, gradients = Functions((np.ones(2), LINE, planted)).sent
    assert (function.name, function.ingredients) == ("remote", {"names": None})
    assert (gradients.name, gradients.ingredients) == ("remote", {"names": ["a", "b"]})


def test_setting_that_is_not_on_the_grid_is_refused_in_a_sentence():
    table = FUNCTIONS["score_table"](["step", "reg"], np.array([[1.0, 2.0]]), np.array([0.4]))
    assert table(1.0, reg=2.0) == 0.4
    with pytest.raises(TypeError, match=r"got 1 values, expected step, reg: call"):
        table(1.0)
    with pytest.raises(ValueError, match="not a setting of the grid"):
        table(1.0, 3.0)
    assert table.usage() == {"n_calls": 3}
