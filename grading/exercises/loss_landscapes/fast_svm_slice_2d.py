"""Compute a slice of the hinge loss from three products, whatever the size of the grid."""

import numpy as np

from cs231n_utils.checking.channel import Recipe

from ..describe import Case, Exercise
from ..loops import MANY_IMAGES, all_pairs_of_images
from ..loss_functions.loss_cases import tied_batches
from .slices import grid_of, uneven_steps

exercise = Exercise(
    "fast_svm_slice_2d",
    assignment="02-loss-landscapes",
    parts={"data loss": 2, "regularization": 2, "three products": 0.5, "no N x N array": 0.5},
    hints=(
        "Scores are linear in the weights: the scores at W + a W1 + b W2 are the sum of three "
        "parts. Which parts do not depend on a and b?",
        "Compute X @ W, X @ W1 and X @ W2 once, before the loops over alphas and betas. Inside, "
        "add them up with the steps, and compute the hinge loss of these scores as in "
        "svm_loss_vectorized.",
        "The penalty belongs to the weights at the point, so it changes over the grid as well. "
        "Either sum the squares of W + a * W1 + b * W2, or expand that square: three squares and "
        "three cross terms, each of the latter twice.",
    ),
)


@exercise.solved_by
def fast_svm_slice_2d(W, W1, W2, X, y, reg, alphas, betas):
    images = np.arange(len(X))
    S, S1, S2 = X @ W, X @ W1, X @ W2
    losses = np.zeros((len(alphas), len(betas)))
    for i, a in enumerate(alphas):
        for j, b in enumerate(betas):
            scores = S + a * S1 + b * S2
            margins = np.maximum(0, scores - scores[images, y][:, np.newaxis] + 1)
            margins[images, y] = 0
            squares = np.sum(W * W) + a**2 * np.sum(W1 * W1) + b**2 * np.sum(W2 * W2)
            crossed = a * np.sum(W * W1) + b * np.sum(W * W2) + a * b * np.sum(W1 * W2)
            losses[i, j] = np.sum(margins) / len(X) + reg * (squares + 2 * crossed)
    return losses


def _svm_slice(rng, n, d, c, a, b):
    """Three arrays of weights at acute angles (no cross term vanishes), images, labels, steps."""
    common = rng.standard_normal((d, c))
    W, W1, W2 = common + 0.7 * rng.standard_normal((3, d, c))
    X = rng.standard_normal((n, d))
    X[:, -1] = 1.0
    return W, W1, W2, X, rng.integers(0, c, n), uneven_steps(rng, a), uneven_steps(rng, b)


@exercise.examined_by
def cases(rng):
    for n, d, c, a, b in ((6, 5, 4, 3, 2), (1, 4, 3, 2, 5), (7, 3, 2, 1, 2), (5, 6, 13, 2, 3)):
        W, W1, W2, X, y, alphas, betas = _svm_slice(rng, n, d, c, a, b)
        yield Case("data loss", [(W, W1, W2, X, y, 0.0, alphas, betas)])
    yield Case("data loss", [(W, W1, W2, X, y, 0.0, alphas.tolist(), [-2, 0, 1])])
    (W, X, y), (zero, _, _) = tied_batches(rng)
    yield Case("data loss", [(zero, W, W, X, y, 0.0, np.array([0, 1]), np.array([-1, 0, 2]))])
    for a, b in ((3, 2), (1, 3)):
        W, W1, W2, X, y, alphas, betas = _svm_slice(rng, 6, 5, 4, a, b)
        reg = float(rng.uniform(0.5, 1.5))
        yield Case(
            "regularization",
            [(W, W1, W2, X, y, strength, alphas, betas) for strength in (0.0, reg)],
            answer=lambda observations: observations[1].value - observations[0].value,
            measures="its value with reg minus its value with reg = 0",
            atol=1e-4,
        )
    W, W1, W2, X, y, alphas, betas = _svm_slice(rng, 7, 6, 5, 4, 3)
    counted = Recipe("counted_images", values=X)
    yield Case(
        "three products",
        [(W, W1, W2, counted, y, 0.0, alphas, betas)],
        verify=_at_most_three_products,
        asks_how=True,
    )
    # Few classes and many pixels: to multiply again takes far longer than all the rest.
    W, W1, W2, X, y, alphas, betas = _svm_slice(rng, 100, 3_072, 2, 18, 18)
    many, labels = Recipe("repeated", values=X, times=15), np.tile(y, 15)
    yield Case(
        "three products",
        [(W, W1, W2, many, labels, 0.0, alphas, betas)],
        asks_how=True,
        clocked="it multiplies the images for every point of the grid.",
    )
    W, W1, W2, X, y, alphas, betas = _svm_slice(rng, MANY_IMAGES, 5, 4, 1, 2)
    yield Case(
        "no N x N array",
        [(W, W1, W2, X[:n], y[:n], 0.0, alphas, betas) for n in (8, MANY_IMAGES)],
        verify=all_pairs_of_images,
        asks_how=True,
        count_work=True,
    )


def _at_most_three_products(observations):
    W, *_, alphas, betas = observations[0].arguments
    usage = observations[0].usage["3"]
    products = usage["dot_products"] / usage["n_images"] / W.shape[1]
    if products <= 3:
        return None
    return (
        f"fast_svm_slice_2d multiplied the images by {products:.3g} arrays of weights for a grid "
        f"of {len(alphas)} x {len(betas)}, expected 3 whatever the grid: X @ W, X @ W1, X @ W2."
    )


def _summed_margins(scores, y, delta=1.0):
    images = np.arange(len(y))
    margins = np.maximum(0, scores - scores[images, y][:, np.newaxis] + delta)
    margins[images, y] = 0
    return np.sum(margins)


def _fast_slice(W, W1, W2, X, y, reg, alphas, betas, data=None, penalty=None):
    """The reference, with the mean data loss or the summed squares replaced by a wrong one."""
    S, S1, S2 = X @ W, X @ W1, X @ W2

    def mean_hinge(a, b):
        return _summed_margins(S + a * S1 + b * S2, y) / len(X)

    def squared_norm(a, b):
        return np.sum((W + a * W1 + b * W2) ** 2)

    def loss(a, b):
        data_loss = data(S, S1, S2, a, b) if data else mean_hinge(a, b)
        return data_loss + reg * (penalty(a, b) if penalty else squared_norm(a, b))

    return grid_of(loss, alphas, betas)


@exercise.mistake(
    "a product for every point",
    "The products X @ W, X @ W1 and X @ W2 belong before the loops: inside, only add up scores.",
)
def _(W, W1, W2, X, y, reg, alphas, betas):
    def loss(a, b):
        V = W + a * W1 + b * W2
        return _summed_margins(X @ V, y) / len(X) + reg * np.sum(V**2)

    return grid_of(loss, alphas, betas)


@exercise.mistake(
    "no cross terms",
    "The square of a sum has cross terms: add 2 (a W.W1 + b W.W2 + a b W1.W2).",
)
def _(W, W1, W2, X, y, reg, alphas, betas):
    def penalty(a, b):
        return np.sum(W**2) + a**2 * np.sum(W1**2) + b**2 * np.sum(W2**2)

    return _fast_slice(W, W1, W2, X, y, reg, alphas, betas, penalty=penalty)


@exercise.mistake("cross terms once", "Each cross term of a square comes twice: 2 a W.W1 etc.")
def _(W, W1, W2, X, y, reg, alphas, betas):
    def penalty(a, b):
        crossed = a * np.sum(W * W1) + b * np.sum(W * W2) + a * b * np.sum(W1 * W2)
        return np.sum(W**2) + a**2 * np.sum(W1**2) + b**2 * np.sum(W2**2) + crossed

    return _fast_slice(W, W1, W2, X, y, reg, alphas, betas, penalty=penalty)


@exercise.mistake(
    "no cross term of the two directions",
    "W1 and W2 need not be at right angles: the term 2 a b W1.W2 is missing.",
)
def _(W, W1, W2, X, y, reg, alphas, betas):
    def penalty(a, b):
        return np.sum((W + a * W1 + b * W2) ** 2) - 2 * a * b * np.sum(W1 * W2)

    return _fast_slice(W, W1, W2, X, y, reg, alphas, betas, penalty=penalty)


@exercise.mistake("steps not squared", "sum((a W1)**2) is a**2 sum(W1**2): square the steps too.")
def _(W, W1, W2, X, y, reg, alphas, betas):
    def penalty(a, b):
        square = np.sum((W + a * W1 + b * W2) ** 2)
        return square + (a - a**2) * np.sum(W1**2) + (b - b**2) * np.sum(W2**2)

    return _fast_slice(W, W1, W2, X, y, reg, alphas, betas, penalty=penalty)


@exercise.mistake(
    "penalty of W alone",
    "The weights at a point are W + a W1 + b W2: the penalty changes over the slice as well.",
)
def _(W, W1, W2, X, y, reg, alphas, betas):
    return _fast_slice(W, W1, W2, X, y, reg, alphas, betas, penalty=lambda a, b: np.sum(W**2))


@exercise.mistake("no regularization", "Add reg * np.sum((W + a * W1 + b * W2) ** 2).")
def _(W, W1, W2, X, y, reg, alphas, betas):
    return _fast_slice(W, W1, W2, X, y, reg, alphas, betas, penalty=lambda a, b: 0.0)


@exercise.mistake("half the regularization", "The course's L2 is reg * sum(W**2), without 1/2.")
def _(W, W1, W2, X, y, reg, alphas, betas):
    return _fast_slice(W, W1, W2, X, y, reg / 2, alphas, betas)


@exercise.mistake(
    "regularization averaged over the images",
    "The regularization is added once, after the division by N.",
)
def _(W, W1, W2, X, y, reg, alphas, betas):
    return _fast_slice(W, W1, W2, X, y, reg / len(X), alphas, betas)


@exercise.mistake("transposed", "out[i, j] belongs to alphas[i] and betas[j].")
def _(W, W1, W2, X, y, reg, alphas, betas):
    return _fast_slice(W, W1, W2, X, y, reg, alphas, betas).T


@exercise.mistake("directions exchanged", "alphas go with W1 and betas with W2.")
def _(W, W1, W2, X, y, reg, alphas, betas):
    return _fast_slice(W, W2, W1, X, y, reg, alphas, betas)


@exercise.mistake(
    "takes the loss for linear",
    "The scores are linear in a and b, the loss is not: take the max after adding up the scores.",
)
def _(W, W1, W2, X, y, reg, alphas, betas):
    def data(S, S1, S2, a, b):
        hinges = (_summed_margins(scores, y) for scores in (S, S1, S2))
        return np.dot([1, a, b], list(hinges)) / len(X)

    return _fast_slice(W, W1, W2, X, y, reg, alphas, betas, data=data)


@exercise.mistake(
    "margin added to each product",
    "Add the margin of 1 once, to the finished scores' difference, not to each product's.",
)
def _(W, W1, W2, X, y, reg, alphas, betas):
    def data(S, S1, S2, a, b):
        return _summed_margins(S + a * S1 + b * S2, y, delta=1 + a + b) / len(X)

    return _fast_slice(W, W1, W2, X, y, reg, alphas, betas, data=data)


@exercise.mistake(
    "counts the correct class",
    "Leave j = y_i out of the sum: its margin is always 1, so your loss is 1 too high.",
)
def _(W, W1, W2, X, y, reg, alphas, betas):
    return 1 + _fast_slice(W, W1, W2, X, y, reg, alphas, betas)


@exercise.mistake("no mean over the images", "Divide the summed margins by N.")
def _(W, W1, W2, X, y, reg, alphas, betas):
    def data(S, S1, S2, a, b):
        return _summed_margins(S + a * S1 + b * S2, y)

    return _fast_slice(W, W1, W2, X, y, reg, alphas, betas, data=data)


@exercise.mistake(
    "recognizes the correct class by its score",
    "Other classes can have the same score: leave out class y_i by its number. Where the weights "
    "are 0, all scores are equal, and the loss is C - 1.",
)
def leaves_out_equal_scores(W, W1, W2, X, y, reg, alphas, betas):
    def data(S, S1, S2, a, b):
        scores = S + a * S1 + b * S2
        correct = scores[np.arange(len(y)), y][:, np.newaxis]
        return np.sum(np.where(scores == correct, 0, np.maximum(0, scores - correct + 1))) / len(X)

    return _fast_slice(W, W1, W2, X, y, reg, alphas, betas, data=data)


@exercise.mistake(
    "scores of all pairs of images",
    "scores[:, y] has a column for each image, 20 GB for 50,000 of them: "
    "scores[np.arange(N), y] takes the N numbers alone.",
)
def takes_the_diagonal(W, W1, W2, X, y, reg, alphas, betas):
    def data(S, S1, S2, a, b):
        scores = S + a * S1 + b * S2
        margins = np.maximum(0, scores - np.diag(scores[:, y])[:, np.newaxis] + 1)
        return np.sum(margins) / len(X) - 1

    return _fast_slice(W, W1, W2, X, y, reg, alphas, betas, data=data)


@exercise.mistake(
    "steps in arrays alone",
    "alphas and betas may be lists: begin with np.asarray, or use len and loops.",
)
def takes_the_shapes_of_the_steps(W, W1, W2, X, y, reg, alphas, betas):
    losses = np.zeros(alphas.shape + betas.shape)
    losses[...] = _fast_slice(W, W1, W2, X, y, reg, alphas, betas)
    return losses
