"""Compute the cross-entropy loss and its gradient for all images at once, without overflow."""

import numpy as np

from ..compare import compare
from ..describe import Case, Exercise
from ..loss_functions.cross_entropy import (
    CROSS_ENTROPY_SLIPS,
    ROW_SLIPS,
    SHIFT_SLIPS,
    cross_entropies,
    exponentials_with,
    losses_with,
)
from ..loss_functions.loss_mistakes import MEAN_SLIPS, PENALTY_SLIPS, mean_with
from .gradient_cases import draw_batch, loss_and_gradient_cases
from .gradient_mistakes import (
    GRADIENT_SLIPS,
    IN_LOSS,
    LOSS_AND_GRADIENT_SLIPS,
    WHOLE_COLUMNS,
    in_loss,
    loss_and_gradient_with,
    mistakes_of_the_way,
    placed,
)

exercise = Exercise(
    "softmax_loss_and_gradient",
    assignment="05-analytic-gradient",
    parts={"loss": 0.5, "gradient": 1, "regularization": 1, "stable": 0.5, "no loops": 1},
    hints=(
        "Go by way of the scores: the derivative of an image's loss with respect to its scores is "
        "a short formula in the probabilities. Differentiate log(sum(exp(s))) - s_y with respect "
        "to s_j to find it.",
        "It is p_j for a wrong class and p_y - 1 for the correct one. The loss itself comes from "
        "log(sum(exp(s))) - s_y, with each row's maximum subtracted before.",
        "dscores is the array of probabilities with 1 subtracted at [np.arange(N), y]. dW is X.T "
        "@ dscores / N plus 2 * reg * W. Return loss and dW, in this order.",
    ),
)


@exercise.solved_by
def softmax_loss_and_gradient(W, X, y, reg):
    images = np.arange(len(X))
    scores = X @ W
    scores = scores - np.max(scores, axis=1, keepdims=True)
    sums = np.sum(np.exp(scores), axis=1, keepdims=True)
    loss = np.mean(np.log(sums[:, 0]) - scores[images, y]) + reg * np.sum(W**2)
    dscores = np.exp(scores) / sums
    dscores[images, y] -= 1
    dW = X.T @ dscores / len(X) + 2 * reg * W
    return float(loss), dW


exercise.as_right(
    "There is one column only.",
    "loss = np.mean(np.log(sums[:, -1]) - scores[images, y]) + reg * np.sum(W ** 2)",
)


@exercise.examined_by
def cases(rng):
    # No p is so small that a number added to it shows in one drawing and not in another.
    yield from loss_and_gradient_cases(rng, spread=0.5)
    W, X, y = draw_batch(rng, 6, 5, 4)
    for biases in ([1000.0] * 4, [-1000.0] * 4, [0.0, -1500.0, 0.0, -1500.0]):
        large = W.copy()
        large[-1] = biases
        y[0] = 1
        yield _stable_case((W, X, y), (large, X, y))
    large, X_large = W.copy(), X.copy()
    large[0], X_large[:, 0] = 1000.0, rng.permutation([-1.0, -1.0, 0.0, 0.0, 1.0, 1.0])
    yield _stable_case((W, X, y), (large, X_large, y))
    # Scores of 20,000 overflow in every type of float, and in float32 these are still exact.
    whole, X_whole = rng.integers(-3, 4, W.shape) / 2, rng.integers(-2, 3, X.shape).astype(float)
    whole[-1], X_whole[:, -1] = 20_000.0, 1.0
    whole[:, 1] = whole[:, 0]
    yield _stable_case((W, X, y), (whole, X_whole, y))


def _stable_case(usual, large):
    """A case of usual scores, which must be right before large ones are looked at."""
    return Case("stable", [(*usual, 0.0), (*large, 0.0)], answer=None, verify=_unstable)


def _unstable(observations):
    usual, large = observations
    # In float32 a score of 1,000 is rounded by about 1e-4, so the tolerance is larger.
    for call, rtol, atol in ((usual, 1e-4, 1e-6), (large, 1e-3, 1e-3)):
        right = softmax_loss_and_gradient(*call.arguments)
        why = compare(call.value, right, rtol=rtol, atol=atol)
        if why and call is usual:
            return f"Not judged until the values are right: softmax_loss_and_gradient {why}"
        if why:
            largest = np.abs(call.arguments[1] @ call.arguments[0]).max()
            return f"For scores up to {largest:,.0f}, softmax_loss_and_gradient {why}"
    return None


SOFTMAX_GRADIENT_SLIPS = {
    "no 1 subtracted": "At the correct class the derivative with respect to the score is p - 1, "
    "not p.",
    "1 subtracted everywhere": "Subtract 1 at the correct class alone: dscores[np.arange(N), y] -= "
    "1.",
    "1 added": "At the correct class the derivative with respect to the score is p - 1, not p + 1.",
    "1 subtracted from whole columns": WHOLE_COLUMNS,
    "1 subtracted from whole rows": "`dscores[y]` is a row for each label: one entry per image is "
    "`dscores[np.arange(N), y]`.",
    "1 subtracted after the mean": "Divide by N after subtracting 1: otherwise the 1 outweighs the "
    "probabilities N times.",
    "only the correct class": "The other classes have a gradient too: their probability p_j, times "
    "x_i.",
    "diagonal of the Jacobian": "p (1 - p) is the softmax's own slope; with the logarithm in front "
    "it becomes p - 1.",
    "exponentials not normalized": "dscores is made of the probabilities: divide the exponentials "
    "of each image by their sum.",
    "logarithms in the gradient": "dscores is made of the probabilities p, not of their "
    "logarithms.",
    "scores in the gradient": "dscores is made of the probabilities p, not of the scores.",
    "finds the correct class by its probability": "Another class may have the same probability, "
    "and with W = 0 all have: tell the correct class by its number, dscores[np.arange(N), y].",
}

THEN_EXP = ", then exp of the log-sum-exp"
"""Ending of a slip in the shift where p is exp(s - log(sum(exp(s)))): nan appears elsewhere."""

BARE = CROSS_ENTROPY_SLIPS.keys() - MEAN_SLIPS.keys() - PENALTY_SLIPS.keys()

FOR_ALL_IMAGES = "softmax of a single image for all"


@exercise.twisted_by(
    LOSS_AND_GRADIENT_SLIPS
    | {
        name: hint
        for name, hint in CROSS_ENTROPY_SLIPS.items()
        if name in BARE - GRADIENT_SLIPS.keys()
    }
    | {
        "1 subtracted before the loss is taken": "The loss needs the probabilities as they are: "
        "take it first, then subtract 1, or subtract in a copy.",
        FOR_ALL_IMAGES: "`softmax` of section 5 takes one image: here each row needs its own "
        "maximum and sum, axis=1 with keepdims=True.",
    }
    | SOFTMAX_GRADIENT_SLIPS
    | ROW_SLIPS
    | placed(CROSS_ENTROPY_SLIPS, IN_LOSS, "sign turned around")
    | placed(SHIFT_SLIPS, THEN_EXP, *list(SHIFT_SLIPS)[:3])
)
def softmax_loss_and_gradient_with(is_, W, X, y, reg):
    def shared(name):
        everything = name in ("shifts by the largest score of all", "sums over all images")
        return is_(name) or is_(name + THEN_EXP) or (is_(FOR_ALL_IMAGES) and everything)

    def about_losses(name):
        return is_(name + IN_LOSS if name == "sign turned around" else name)

    images = np.arange(len(X))
    with np.errstate(all="ignore"):
        scores, shifted, exponentials, sums = exponentials_with(shared, W, X, y)
        losses = losses_with(about_losses, scores, shifted, exponentials, sums, y)
        p = exponentials / sums
        if any(is_(name + THEN_EXP) for name in SHIFT_SLIPS):
            p = np.exp(shifted - np.log(sums))
        if is_("1 subtracted before the loss is taken"):
            losses = -np.log(p[images, y] - 1)
        mean = mean_with(in_loss(is_), losses, W, len(X))
        if is_("logarithm of the mean probability"):
            mean = -np.log(np.mean(np.exp(-losses)))
        if is_("exponentials not normalized"):
            p = exponentials
        if is_("logarithms in the gradient"):
            p = np.log(p)
        if is_("scores in the gradient"):
            p = scores
        return loss_and_gradient_with(is_, mean, _dscores_with(is_, p, y), W, X, reg)


@exercise.mistake(
    "logarithm of p, and no shift",
    "exp of a large score overflows, and a p that rounds to 0 has no logarithm: with m an image's "
    "largest score, use log(sum(exp(s - m))) - (s_y - m), and exp(s - m) for p.",
)
def takes_p_by_its_formula(W, X, y, reg):
    """Two slips so often made together that no search for pairs should be needed."""
    together = ("no shift", "infinite when the correct class is far behind")
    return softmax_loss_and_gradient_with(together.__contains__, W, X, y, reg)


def _dscores_with(is_, p, y):
    images, dscores = np.arange(len(y)), p.copy()
    if is_("1 subtracted everywhere"):
        return dscores - 1
    if is_("1 subtracted from whole columns"):
        dscores[:, y] -= 1
    elif is_("1 subtracted from whole rows"):
        dscores[y] -= 1
    elif is_("finds the correct class by its probability"):
        dscores -= p == p[images, y][:, np.newaxis]
    elif is_("diagonal of the Jacobian"):
        dscores = p * (1 - p)
        dscores[images, y] *= -1
    elif is_("1 added"):
        dscores[images, y] += 1
    elif is_("1 subtracted after the mean"):
        dscores[images, y] -= len(y)
    elif not is_("no 1 subtracted"):
        dscores[images, y] -= 1
    if is_("only the correct class"):
        dscores[np.arange(dscores.shape[1]) != y[:, np.newaxis]] = 0
    return dscores


def _loss(W, X, y):
    return np.mean(cross_entropies(W, X, y))


def _dscores(W, X, y):
    def right(name):
        return False

    _, _, exponentials, sums = exponentials_with(right, W, X, y)
    return _dscores_with(right, exponentials / sums, y)


mistakes_of_the_way(exercise, _loss, _dscores)
