"""Losses and gradients in two languages: Python's references and what the browser computes."""

import json

import numpy as np
import pytest

from cs231n_utils.losses import softmax_loss, svm_loss
from cs231n_utils.widgets import references
from cs231n_utils.widgets.bundle import bundle
from tests.support.javascript import run_javascript
from tests.support.widget_states import as_json, python_numbers, random_states

CAT_CAR_FROG = np.array([[3.2, 5.1, -1.7], [1.3, 4.9, 2.0], [2.2, 2.5, -3.1]])


def javascript_numbers(states):
    return run_javascript(
        bundle(
            "svm",
            f"""
            return {json.dumps([as_json(state) for state in states])}.map((state) => {{
              const theta = Float64Array.from(state.theta);
              const r = svm.evaluate(state, theta, svm.newResult(state.labels.length));
              const spare = svm.newResult(state.labels.length);
              return {{
                scores: [...r.scores], losses: [...r.losses], gradient: [...r.gradient],
                sums: [r.dataLoss, r.penalty, r.total],
                again: svm.totalLoss(state, theta, spare),
              }};
            }});""",
        )
    )


def test_references_give_the_hand_computed_losses_of_cat_car_and_frog():
    y = np.arange(3)
    by_hand = {
        "weston-watkins": [2.9, 0, 12.9],
        "one-vs-all": [6.1, 5.3, 10.8],
        "structured": [2.9, 0, 6.6],
        "softmax": [2.04, 0.08, 6.16],
    }
    for loss, expected in by_hand.items():
        np.testing.assert_allclose(references.LOSSES[loss](CAT_CAR_FROG, y)[0], expected, atol=5e-3)


@pytest.mark.parametrize(
    ("name", "library"), [("weston-watkins", svm_loss), ("softmax", softmax_loss)]
)
def test_references_agree_with_the_losses_of_the_library(name, library):
    for state in random_states(np.random.default_rng(231), 20):
        W, b = state["theta"][:6].reshape(2, 3), state["theta"][6:]
        X = np.column_stack([state["points"], np.ones(len(state["points"]))])
        expected = library(np.vstack([W, b]), X, state["labels"])
        _, losses = references.point_losses(name, state["points"], state["labels"], W, b)
        assert losses.mean() == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("whole_numbers", [False, True], ids=["anywhere", "at kinks and ties"])
def test_browser_numbers_equal_the_references(whole_numbers):
    states = list(random_states(np.random.default_rng(232), 160, whole_numbers))
    for state, got in zip(states, javascript_numbers(states), strict=True):
        for key, expected in python_numbers(state).items():
            np.testing.assert_allclose(got[key], expected, rtol=1e-9, atol=1e-9, err_msg=key)
        assert got["again"] == pytest.approx(got["sums"][2], rel=1e-12)


def test_gradients_equal_finite_differences():
    states = list(random_states(np.random.default_rng(233), 40))
    h = 1e-6
    for state, got in zip(states, javascript_numbers(states), strict=True):
        for k, slope in enumerate(got["gradient"]):
            step = h * (np.arange(9) == k)
            ahead, behind = (
                python_numbers({**state, "theta": state["theta"] + sign * step})["sums"][2]
                for sign in (1, -1)
            )
            assert slope == pytest.approx((ahead - behind) / (2 * h), rel=1e-5, abs=1e-7)
