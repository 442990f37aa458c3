"""Compute the scores of a network with one hidden layer."""

import numpy as np

from cs231n_utils.checking.channel import Recipe

from ..describe import Case, Exercise
from .network_params import changed_params, draw_params

exercise = Exercise(
    "two_layer_forward",
    assignment="09-learned-features",
    parts={"scores": 1.5, "params unchanged": 0.5},
    hints=(
        "Three steps: a matrix product plus bias, a function that keeps what is positive, and "
        "another matrix product plus bias.",
        "The hidden layer is the ReLU, np.maximum(0, ...), of X @ W1 + b1: shape (N, H).",
        "The scores are the hidden layer times W2, plus b2, with no ReLU behind them. The arrays "
        "are params['W1'], params['b1'], and so on.",
    ),
)


@exercise.solved_by
def two_layer_forward(params, X):
    hidden = np.maximum(0, X @ params["W1"] + params["b1"])
    return hidden @ params["W2"] + params["b2"]


@exercise.examined_by
def cases(rng):
    for n, d, h, c in ((1, 3, 8, 2), (7, 4, 6, 3), (12, 5, 9, 11)):
        params = Recipe("params", **draw_params(rng, d, h, c))
        yield Case("scores", [(params, rng.standard_normal((d, n)).T)], atol=1e-5)
    params = Recipe("params", **draw_params(rng, 4, 7, 3))
    yield Case(
        "params unchanged",
        [(params, rng.standard_normal((6, 4)))],
        verify=lambda observations: changed_params("two_layer_forward", observations),
        asks_how=True,
        atol=1e-5,
    )


@exercise.mistake(
    "no ReLU",
    "Without a ReLU between them, two matrices are as good as one: take np.maximum(0, ...) of "
    "the hidden layer.",
)
def _(params, X):
    return (X @ params["W1"] + params["b1"]) @ params["W2"] + params["b2"]


@exercise.mistake(
    "ReLU on the scores too", "Scores may be negative: the ReLU belongs to the hidden layer only."
)
def _(params, X):
    hidden = np.maximum(0, X @ params["W1"] + params["b1"])
    return np.maximum(0, hidden @ params["W2"] + params["b2"])


@exercise.mistake("ReLU before the bias", "Add b1 first: max(0, X @ W1 + b1).")
def _(params, X):
    hidden = np.maximum(0, X @ params["W1"]) + params["b1"]
    return hidden @ params["W2"] + params["b2"]


def _appends_biases(cases):
    return all(
        call.outcome == "returned" and call.usage["0"]["params"]["W1"].shape != W1.shape
        for call in (call for calls in cases for call in calls)
        for W1 in [call.arguments[0].ingredients["W1"]]
    )


@exercise.mistake(
    "appends the biases in params",
    "params belongs to the caller: give the matrix with b1 below it a name of its own.",
    shows=_appends_biases,
)
def appends_biases_in_params(params, X):
    params["W1"] = np.vstack([params["W1"], params["b1"]])
    hidden = np.maximum(0, np.hstack([X, np.ones((len(X), 1))]) @ params["W1"])
    return hidden @ params["W2"] + params["b2"]


@exercise.mistake("forgets b1", "The hidden layer has biases too: add b1 before the ReLU.")
def _(params, X):
    return np.maximum(0, X @ params["W1"]) @ params["W2"] + params["b2"]


@exercise.mistake("forgets b2", "The scores have biases too: add b2 at the end.")
def _(params, X):
    return np.maximum(0, X @ params["W1"] + params["b1"]) @ params["W2"]


@exercise.mistake("forgets both biases", "Add b1 before the ReLU and b2 after the second product.")
def _(params, X):
    return np.maximum(0, X @ params["W1"]) @ params["W2"]


@exercise.mistake(
    "ReLU the wrong way around",
    "ReLU keeps what is positive: np.maximum(0, ...), not np.minimum.",
)
def _(params, X):
    hidden = np.minimum(0, X @ params["W1"] + params["b1"])
    return hidden @ params["W2"] + params["b2"]


@exercise.mistake(
    "np.max instead of np.maximum",
    "np.max(0, A) takes A for an axis; np.maximum(0, A) compares number by number.",
)
def _(params, X):
    return np.max(0, X @ params["W1"] + params["b1"]) @ params["W2"] + params["b2"]


@exercise.mistake(
    "absolute value instead of ReLU", "A negative hidden value becomes 0, not its absolute value."
)
def _(params, X):
    hidden = np.abs(X @ params["W1"] + params["b1"])
    return hidden @ params["W2"] + params["b2"]


@exercise.mistake(
    "probabilities, not scores",
    "Return the scores; softmax is a part of the loss and comes in the next exercise.",
)
def _(params, X):
    scores = two_layer_forward(params, X)
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


@exercise.mistake(
    "stops at the hidden layer",
    "The hidden layer goes through W2 and b2 before it gives (N, C) scores.",
)
def _(params, X):
    return np.maximum(0, X @ params["W1"] + params["b1"])
