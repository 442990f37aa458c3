"""States of the widgets, drawn at random, and the numbers that Python finds for them."""

import numpy as np

from cs231n_utils.widgets import references

KINDS = [(loss, reg) for loss in references.LOSSES for reg in references.REGULARIZERS]


def random_states(rng, n_states, whole_numbers=False):
    """States of the demo; those of whole numbers have margins of exactly 0 and equal scores."""
    for i in range(n_states):
        loss, regularizer = KINDS[i % len(KINDS)]
        n = int(rng.integers(1, 20))
        points, theta = rng.uniform(-2, 2, (n, 2)), 2 * rng.standard_normal(9)
        if whole_numbers:
            points, theta = np.rint(points), np.rint(theta)
        yield {
            "points": points,
            "labels": rng.integers(0, 3, n),
            "loss": loss,
            "regularizer": regularizer,
            "reg": float(10 ** rng.uniform(-4, 1)),
            "theta": theta,
        }


def as_json(state):
    return {
        key: value.ravel().tolist() if isinstance(value, np.ndarray) else value
        for key, value in state.items()
    }


def python_numbers(state):
    W, b = state["theta"][:6].reshape(2, 3), state["theta"][6:]
    problem = state["points"], state["labels"], W, b
    scores, losses = references.point_losses(state["loss"], *problem)
    total, dW, db = references.loss_and_gradient(
        state["loss"], state["regularizer"], state["reg"], *problem
    )
    penalty = references.regularization(state["regularizer"], state["reg"], W)
    return {
        "scores": scores.ravel(),
        "losses": losses,
        "gradient": np.append(dW, db),
        "sums": [losses.mean(), penalty, total],
    }


def rings(rng, n=100):
    turn = rng.uniform(-np.pi, np.pi, n)
    labels = np.repeat([0, 1], n // 2)
    radius = 1.0 + labels + 0.1 * rng.standard_normal(n)
    return np.column_stack([radius * np.cos(turn), radius * np.sin(turn)]), labels
