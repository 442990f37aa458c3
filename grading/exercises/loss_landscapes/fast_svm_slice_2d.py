"""Compute a slice of the hinge loss from three products, whatever the size of the grid."""

import numpy as np

from cs231n_utils.checking.channel import Recipe

from ..describe import Case, Exercise
from ..loops import MANY_IMAGES, all_pairs_of_images
from ..loss_functions.loss_cases import tied_batches
from .slices import uneven_steps

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


@exercise.twisted_by(
    {
        "transposed": "out[i, j] belongs to alphas[i] and betas[j].",
        "directions exchanged": "alphas go with W1 and betas with W2.",
        "a product for every point": "The products X @ W, X @ W1 and X @ W2 belong before the "
        "loops: inside, only add up scores.",
        "leaves out W": "The slice goes through W: the scores are S + a * S1 + b * S2.",
        "one direction alone": "Both steps change the scores: S + a * S1 + b * S2.",
        "steps backward": "The point is W + a * W1 + b * W2: add the steps.",
        "walks on along the row": "Add the steps to S anew for each point, not to the scores of "
        "the last one.",
        "takes the loss for linear": "The scores are linear in a and b, the loss is not: take the "
        "max after adding up the scores.",
        "correct score of W alone": "The score of the correct class moves as the others do: take "
        "it from S + a * S1 + b * S2.",
        "margin added to each product": "Add the margin of 1 once, to the finished scores' "
        "difference, not to each product's.",
        "no margin": "Add the margin of 1 to the difference of scores.",
        "no max with zero": "A margin below zero costs nothing: take max(0, margin).",
        "each class costs 1 at least": "A margin below zero costs nothing: "
        "max(0, s_j - s_y + 1), with the 1 inside and a 0 before it.",
        "only the worst class": "Sum the margins of all wrong classes, not just the largest.",
        "counts the correct class": "Leave j = y_i out of the sum: its margin is always 1, so your "
        "loss is 1 too high.",
        "recognizes the correct class by its score": "Other classes can have the same score: leave "
        "out class y_i by its number. Where the weights are 0, all scores are equal, and the loss "
        "is C - 1.",
        "no mean over the images": "Divide the summed margins by N.",
        "averages over classes": "Divide by the number of images, N, not of classes.",
        "averages over images and classes": "The hinge loss sums over the classes; only the images "
        "are averaged.",
        "no cross terms": "The square of a sum has cross terms: add 2 (a W.W1 + b W.W2 + "
        "a b W1.W2).",
        "cross terms once": "Each cross term of a square comes twice: 2 a W.W1 etc.",
        "2 on the first cross term alone": "`2 * a + b` doubles a alone: put the three cross "
        "terms in parentheses, 2 * (...).",
        "2 on the last cross term missing": "Each cross term comes twice, a b W1.W2 as well.",
        "reg on the squares alone": "`reg * squares + crossed` multiplies the squares alone: the "
        "cross terms belong to the penalty too, reg * (...).",
        "no cross term of the two directions": "W1 and W2 need not be at right angles: the term "
        "2 a b W1.W2 is missing.",
        "no cross terms with W": "W is not at right angles with W1 and W2: the terms 2 a W.W1 and "
        "2 b W.W2 are missing.",
        "steps not squared": "sum((a W1)**2) is a**2 sum(W1**2): square the steps too.",
        "penalty of W alone": "The weights at a point are W + a W1 + b W2: the penalty changes "
        "over the slice as well.",
        "penalty without the steps": "The weights at a point are W + a W1 + b W2: the directions "
        "count with their steps, a and b.",
        "penalty without W": "The weights at a point are W + a W1 + b W2: W is part of them.",
        "penalty without the second direction": "The weights at a point are W + a W1 + b W2: W2 is "
        "part of them.",
        "no regularization": "Add reg * np.sum((W + a * W1 + b * W2) ** 2).",
        "half the regularization": "The course's L2 is reg * sum(W**2), without 1/2.",
        "penalty not multiplied by reg": "The penalty is reg times the sum of the squares.",
        "regularization averaged over the images": "The regularization is added once, after the "
        "division by N.",
        "regularization leaves out the bias row": "In this course all of W is regularized, the "
        "bias row included.",
        "norm instead of its square": "L2 is the sum of squares; no square root is taken.",
        "square of the sum": "Square each weight, then sum: np.sum(V**2), not np.sum(V) ** 2.",
        "rounds to whole numbers": "An array made like alphas holds whole numbers when alphas "
        "does, and cuts the losses.",
        "steps in arrays alone": "alphas and betas may be lists: begin with np.asarray, or use len "
        "and loops.",
        "sizes of the result exchanged": "The result has len(alphas) rows and len(betas) columns.",
        "flat": "Return an array of shape (A, B): one row for each alpha.",
    }
)
def fast_svm_slice_2d_with(is_, W, W1, W2, X, y, reg, alphas, betas):
    if is_("directions exchanged"):
        W1, W2 = W2, W1
    shape = len(alphas), len(betas)
    if is_("steps in arrays alone"):
        shape = alphas.shape + betas.shape
    dtype = np.asarray(alphas).dtype if is_("rounds to whole numbers") else float
    losses = np.zeros(shape[::-1] if is_("sizes of the result exchanged") else shape, dtype)
    sign = -1 if is_("steps backward") else 1
    products = X @ W, X @ W1, X @ W2
    for i, alpha in enumerate(alphas):
        for j, beta in enumerate(betas):
            a, b = sign * alpha, sign * beta
            again = X @ (W + a * W1 + b * W2) if is_("a product for every point") else None
            walked = sign * sum(betas[: j + 1]) if is_("walks on along the row") else b
            losses[i, j] = _mean_hinge_with(is_, products, (1, a, walked), y, again)
            losses[i, j] += _penalty_with(is_, (W, W1, W2), (1, a, b), reg, len(y))
    if is_("flat"):
        losses = losses.ravel()
    return losses.T if is_("transposed") else losses


def _mean_hinge_with(is_, products, steps, y, again):
    """The data loss at a point, with slips; ``again`` are its scores if they were multiplied."""
    if is_("leaves out W"):
        steps = 0, *steps[1:]
    if is_("one direction alone"):
        steps = *steps[:2], 0
    lead = 0 if is_("no margin") else sum(steps) if is_("margin added to each product") else 1
    terms = [step * product for step, product in zip(steps, products, strict=True)]
    if is_("takes the loss for linear"):
        hinges = [_summed_hinge_with(is_, product, product, y, lead) for product in products]
        total = np.dot(steps, hinges)
    else:
        scores = sum(terms) if again is None else again
        judges = products[0] if is_("correct score of W alone") else scores
        total = _summed_hinge_with(is_, scores, judges, y, lead)
    if is_("no mean over the images"):
        return total
    if is_("averages over classes"):
        return total / products[0].shape[1]
    if is_("averages over images and classes"):
        return total / products[0].size
    return total / len(y)


def _summed_hinge_with(is_, scores, judges, y, lead):
    """The margins added up; the scores of the correct classes are those of ``judges``."""
    images = np.arange(len(y))
    correct = judges[images, y][:, np.newaxis]
    margins = scores - correct + lead
    if not is_("no max with zero"):
        margins = np.maximum(1 if is_("each class costs 1 at least") else 0, margins)
    if is_("recognizes the correct class by its score"):
        margins[scores == correct] = 0
    elif not is_("counts the correct class"):
        margins[images, y] = 0
    return np.sum(np.max(margins, axis=1) if is_("only the worst class") else margins)


def _penalty_with(is_, weights, steps, reg, n):
    """The penalty at a point, with slips."""
    if is_("no regularization"):
        return 0.0
    steps = np.array(steps, dtype=float)
    if is_("penalty of W alone"):
        steps[1:] = 0
    if is_("penalty without W"):
        steps[0] = 0
    if is_("penalty without the second direction"):
        steps[2] = 0
    if is_("penalty without the steps"):
        steps[:] = 1
    if is_("regularization leaves out the bias row"):
        weights = [rows[:-1] for rows in weights]
    flat = np.reshape(weights, (3, -1))
    terms = np.outer(steps, steps) * (flat @ flat.T)
    if is_("steps not squared"):
        np.fill_diagonal(terms, steps * np.sum(flat**2, axis=1))
    if is_("cross terms once"):
        terms = np.triu(terms)
    if is_("2 on the first cross term alone"):
        terms[2, :2] = 0
    if is_("2 on the last cross term missing"):
        terms[2, 1] = 0
    if is_("no cross terms"):
        terms = np.diag(np.diag(terms))
    if is_("no cross term of the two directions"):
        terms[1, 2] = terms[2, 1] = 0
    if is_("no cross terms with W"):
        terms[0, 1:] = terms[1:, 0] = 0
    size = np.sum(terms)
    if is_("reg on the squares alone"):
        return reg * np.trace(terms) + size - np.trace(terms)
    if is_("square of the sum"):
        size = np.sum(steps @ flat) ** 2
    if is_("norm instead of its square"):
        size = np.sqrt(size)
    if is_("half the regularization"):
        size = size / 2
    if is_("regularization averaged over the images"):
        size = size / n
    return size if is_("penalty not multiplied by reg") else reg * size


@exercise.mistake(
    "scores of all pairs of images",
    "scores[:, y] has a column for each image, 20 GB for 50,000 of them: "
    "scores[np.arange(N), y] takes the N numbers alone.",
)
def takes_the_diagonal(W, W1, W2, X, y, reg, alphas, betas):
    S, S1, S2 = X @ W, X @ W1, X @ W2

    def loss(a, b):
        scores = S + a * S1 + b * S2
        margins = np.maximum(0, scores - np.diag(scores[:, y])[:, np.newaxis] + 1)
        return np.sum(margins) / len(y) - 1 + reg * np.sum((W + a * W1 + b * W2) ** 2)

    return np.array([[loss(a, b) for b in betas] for a in alphas])
