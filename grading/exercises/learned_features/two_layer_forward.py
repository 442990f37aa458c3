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


HIDDEN_SLIPS = {
    "no ReLU": "Without a ReLU between them, two matrices are as good as one: take np.maximum(0, "
    "...) of the hidden layer.",
    "forgets b1": "The hidden layer has biases too: add b1 before the ReLU.",
    "forgets b2": "The scores have biases too: add b2 at the end.",
    "ReLU on the scores too": "Scores may be negative: the ReLU belongs to the hidden layer only.",
    "ReLU before the bias": "Add b1 first: max(0, X @ W1 + b1).",
    "ReLU the wrong way around": "ReLU keeps what is positive: np.maximum(0, ...), not np.minimum.",
    "np.max instead of np.maximum": "np.max(0, A) takes A for an axis; np.maximum(0, A) compares "
    "number by number.",
    "max instead of np.maximum": "max and if take a single number: np.maximum(0, A) compares an "
    "array number by number.",
    "absolute value instead of ReLU": "A negative hidden value becomes 0, not its absolute value.",
    "ones instead of the positive values": "ReLU keeps what is positive as it is, np.maximum(0, "
    "A): A > 0 is only where.",
    "tanh instead of ReLU": "The hidden layer is np.maximum(0, A), without tanh.",
    "sigmoid instead of ReLU": "The hidden layer is np.maximum(0, A), without a sigmoid.",
}
"""Slips in computing the scores."""


def layers_with(is_, params, X):
    """The hidden layer before and after the ReLU, and the scores, with slips."""
    W1, b1, W2, b2 = (params[name] for name in ("W1", "b1", "W2", "b2"))
    before = X @ W1
    if not is_("forgets b1") and not is_("ReLU before the bias"):
        before = before + b1
    hidden = _relu_with(is_, before)
    if is_("ReLU before the bias"):
        hidden = hidden + b1
    scores = hidden @ W2
    if not is_("forgets b2"):
        scores = scores + b2
    return before, hidden, np.maximum(0, scores) if is_("ReLU on the scores too") else scores


def _relu_with(is_, before):
    if is_("no ReLU"):
        return before
    if is_("ReLU the wrong way around"):
        return np.minimum(0, before)
    if is_("np.max instead of np.maximum"):
        return np.max(0, before)
    if is_("max instead of np.maximum"):
        return max(0, before)
    if is_("absolute value instead of ReLU"):
        return np.abs(before)
    if is_("ones instead of the positive values"):
        return (before > 0).astype(float)
    if is_("tanh instead of ReLU"):
        return np.tanh(before)
    return 1 / (1 + np.exp(-before)) if is_("sigmoid instead of ReLU") else np.maximum(0, before)


@exercise.twisted_by(
    HIDDEN_SLIPS
    | {
        "probabilities, not scores": "Return the scores; softmax is a part of the loss and comes "
        "in the next exercise.",
        "logarithms of probabilities": "Return the scores; softmax and its logarithm are a part of "
        "the loss and come in the next exercise.",
        "scores shifted": "Return the scores as they are; the largest is subtracted in the loss, "
        "in the next exercise.",
        "stops at the hidden layer": "The hidden layer goes through W2 and b2 before it gives (N, "
        "C) scores.",
        "predicted classes": "Return the (N, C) scores, without argmax.",
        "classes in rows": "The scores have a row for each image, (N, C): yours are transposed.",
    }
)
def two_layer_forward_with(is_, params, X):
    _, hidden, scores = layers_with(is_, params, X)
    if is_("stops at the hidden layer"):
        return hidden
    if is_("predicted classes"):
        return scores.argmax(axis=1)
    if is_("scores shifted"):
        scores = scores - scores.max(axis=1, keepdims=True)
    if is_("probabilities, not scores") or is_("logarithms of probabilities"):
        powers = np.exp(scores - scores.max(axis=1, keepdims=True))
        scores = powers / powers.sum(axis=1, keepdims=True)
        scores = scores if is_("probabilities, not scores") else np.log(scores)
    return scores.T if is_("classes in rows") else scores


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
