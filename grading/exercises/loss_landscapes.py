"""Exercises of 02-loss-landscapes: slices, kinks, convexity."""

from functools import partial
from itertools import cycle, pairwise

import numpy as np

from cs231n_utils.checking.channel import Recipe

from .describe import Case, Exercise, Written

ASSIGNMENT = "02-loss-landscapes"


def _bumpy_loss(rng, shape):
    """A smooth loss without symmetry, so that no two wrong points give the same value."""
    size = int(np.prod(shape))
    return Recipe(
        "tanh_net",
        A=rng.standard_normal((6, size)),
        b=rng.standard_normal(6),
        v=2.0 + rng.uniform(1.0, 3.0, 6),
    )


def _steps(rng, count):
    """Steps in rising order, positive and negative, unevenly spaced, none of them 0 or 1."""
    return np.sort(rng.uniform(0.2, 0.9, count) * np.resize([-1.0, 1.0], count))


slice_1d = Exercise(
    "loss_slice_1d",
    assignment=ASSIGNMENT,
    parts={"values": 2, "any steps": 1},
    hints=(
        "Entry i is one number: loss_fn at one point of the line. Where is that point, seen from "
        "W?",
        "Loop over alphas. Each point is a new array, W plus the step times W1; W itself stays as "
        "it is.",
        "Make the result first, with np.zeros(len(alphas)): its entries are floats whatever "
        "alphas holds. Then fill entry i with loss_fn at the point of alphas[i].",
    ),
)


@slice_1d.solved_by
def loss_slice_1d(loss_fn, W, W1, alphas):
    losses = np.zeros(len(alphas))
    for i, alpha in enumerate(alphas):
        losses[i] = loss_fn(W + alpha * W1)
    return losses


@slice_1d.examined_by
def _(rng):
    for shape, count in (((3, 2), 4), ((4, 3), 5)):
        W, W1 = rng.standard_normal((2, *shape))
        yield Case("values", [(_bumpy_loss(rng, shape), W, W1, _steps(rng, count))])
    W, W1 = rng.standard_normal((2, 3, 2))
    whole = np.array([-2, 1, 3])
    yield Case("any steps", [(_bumpy_loss(rng, (3, 2)), W, 0.3 * W1, whole)])


@slice_1d.mistake(
    "walks on from the last point",
    "Each point is W + alpha * W1, seen from the same W: do not carry the last point along.",
)
def _(loss_fn, W, W1, alphas):
    losses, point = np.zeros(len(alphas)), W
    for i, alpha in enumerate(alphas):
        point = point + alpha * W1
        losses[i] = loss_fn(point)
    return losses


@slice_1d.mistake(
    "changes W",
    "`W += ...` changes the caller's weights, and the next point starts from there: write "
    "`W + alpha * W1`.",
)
def _(loss_fn, W, W1, alphas):
    losses = np.zeros(len(alphas))
    for i, alpha in enumerate(alphas):
        W += alpha * W1
        losses[i] = loss_fn(W)
    return losses


@slice_1d.mistake("leaves out W", "The slice goes through W: evaluate W + alpha * W1.")
def _(loss_fn, W, W1, alphas):
    return np.array([loss_fn(alpha * W1) for alpha in alphas])


@slice_1d.mistake(
    "mixes W and W1",
    "W1 is a direction, not a second point: add alpha * W1 to the whole of W.",
)
def _(loss_fn, W, W1, alphas):
    return np.array([loss_fn((1 - alpha) * W + alpha * W1) for alpha in alphas])


@slice_1d.mistake("steps backward", "Add alpha * W1; going downhill, with a minus, comes later.")
def _(loss_fn, W, W1, alphas):
    return np.array([loss_fn(W - alpha * W1) for alpha in alphas])


@slice_1d.mistake(
    "scales the direction", "Use W1 as it is: its length belongs to what the caller asks for."
)
def _(loss_fn, W, W1, alphas):
    return np.array([loss_fn(W + alpha * W1 / np.linalg.norm(W1)) for alpha in alphas])


@slice_1d.mistake(
    "counts in place of steps", "Use the step alphas[i] itself, not its position i in the array."
)
def _(loss_fn, W, W1, alphas):
    return np.array([loss_fn(W + i * W1) for i in range(len(alphas))])


@slice_1d.mistake("loss above the start", "Return the losses themselves; nothing is subtracted.")
def _(loss_fn, W, W1, alphas):
    return np.array([loss_fn(W + alpha * W1) - loss_fn(W) for alpha in alphas])


@slice_1d.mistake(
    "only the last loss", "Keep one loss for every alpha; yours returns the last one alone."
)
def _(loss_fn, W, W1, alphas):
    return loss_fn(W + alphas[-1] * W1)


@slice_1d.mistake(
    "rounds to whole numbers",
    "np.zeros_like(alphas) holds whole numbers when alphas does, and cuts the losses: use "
    "np.zeros(len(alphas)).",
)
def _(loss_fn, W, W1, alphas):
    losses = np.zeros_like(alphas)
    for i, alpha in enumerate(alphas):
        losses[i] = loss_fn(W + alpha * W1)
    return losses


@slice_1d.mistake("returns a list", "Return an array: np.array(losses).")
def _(loss_fn, W, W1, alphas):
    return [loss_fn(W + alpha * W1) for alpha in alphas]


slice_2d = Exercise(
    "loss_slice_2d",
    assignment=ASSIGNMENT,
    parts={"values": 2, "any steps": 1},
    hints=(
        "This is the slice along one direction, once for every beta: every alpha meets every beta.",
        "Two nested loops with enumerate. i counts alphas, down the rows; j counts betas, along "
        "the row.",
        "Make the result with np.zeros((len(alphas), len(betas))). Its entry [i, j] is one call "
        "of loss_fn, at W plus both steps, each along its own direction.",
    ),
)


@slice_2d.solved_by
def loss_slice_2d(loss_fn, W, W1, W2, alphas, betas):
    losses = np.zeros((len(alphas), len(betas)))
    for i, alpha in enumerate(alphas):
        for j, beta in enumerate(betas):
            losses[i, j] = loss_fn(W + alpha * W1 + beta * W2)
    return losses


@slice_2d.examined_by
def _(rng):
    for shape, a, b in (((3, 2), 3, 4), ((2, 4), 5, 2)):
        W, W1, W2 = rng.standard_normal((3, *shape))
        steps = (_steps(rng, a), _steps(rng, b))
        yield Case("values", [(_bumpy_loss(rng, shape), W, W1, W2, *steps)])
    W, W1, W2 = rng.standard_normal((3, 3, 2))
    equal = (np.array([-2, 1, 3]), np.array([-1, 2, 4]))
    yield Case("any steps", [(_bumpy_loss(rng, (3, 2)), W, 0.3 * W1, 0.3 * W2, *equal)])


def _grid(value, alphas, betas):
    return np.array([[value(alpha, beta) for beta in betas] for alpha in alphas])


@slice_2d.mistake(
    "transposed",
    "out[i, j] belongs to alphas[i] and betas[j]: alphas run down the rows.",
)
def _(loss_fn, W, W1, W2, alphas, betas):
    return _grid(lambda a, b: loss_fn(W + a * W1 + b * W2), alphas, betas).T


@slice_2d.mistake(
    "directions exchanged", "alphas go with W1 and betas with W2: yours are exchanged."
)
def _(loss_fn, W, W1, W2, alphas, betas):
    return _grid(lambda a, b: loss_fn(W + a * W2 + b * W1), alphas, betas)


@slice_2d.mistake("leaves out W", "The slice goes through W: evaluate W + a * W1 + b * W2.")
def _(loss_fn, W, W1, W2, alphas, betas):
    return _grid(lambda a, b: loss_fn(a * W1 + b * W2), alphas, betas)


@slice_2d.mistake("one direction alone", "Both steps count: add alpha * W1 and beta * W2.")
def _(loss_fn, W, W1, W2, alphas, betas):
    return _grid(lambda a, b: loss_fn(W + a * W1), alphas, betas)


@slice_2d.mistake(
    "adds two 1-D slices",
    "The loss of a sum is not the sum of losses: evaluate it once, at W + a * W1 + b * W2.",
)
def _(loss_fn, W, W1, W2, alphas, betas):
    return _grid(lambda a, b: loss_fn(W + a * W1) + loss_fn(W + b * W2), alphas, betas)


@slice_2d.mistake(
    "walks on from the last point",
    "Each point is seen from the same W: do not carry the last point along.",
)
def _(loss_fn, W, W1, W2, alphas, betas):
    losses, point = np.zeros((len(alphas), len(betas))), W
    for i, alpha in enumerate(alphas):
        for j, beta in enumerate(betas):
            point = point + alpha * W1 + beta * W2
            losses[i, j] = loss_fn(point)
    return losses


@slice_2d.mistake(
    "walks on along the row",
    "Inside the inner loop, start again from W + alpha * W1: the steps of betas must not add up.",
)
def _(loss_fn, W, W1, W2, alphas, betas):
    losses = np.zeros((len(alphas), len(betas)))
    for i, alpha in enumerate(alphas):
        point = W + alpha * W1
        for j, beta in enumerate(betas):
            point = point + beta * W2
            losses[i, j] = loss_fn(point)
    return losses


@slice_2d.mistake(
    "changes W",
    "`W += ...` changes the caller's weights, and the next point starts from there.",
)
def _(loss_fn, W, W1, W2, alphas, betas):
    losses = np.zeros((len(alphas), len(betas)))
    for i, alpha in enumerate(alphas):
        for j, beta in enumerate(betas):
            W += alpha * W1 + beta * W2
            losses[i, j] = loss_fn(W)
    return losses


@slice_2d.mistake("steps backward", "Add the steps: W + alpha * W1 + beta * W2.")
def _(loss_fn, W, W1, W2, alphas, betas):
    return _grid(lambda a, b: loss_fn(W - a * W1 - b * W2), alphas, betas)


@slice_2d.mistake(
    "pairs the steps up",
    "Every alpha meets every beta: two nested loops, not one loop over zip(alphas, betas).",
)
def _(loss_fn, W, W1, W2, alphas, betas):
    return np.array([loss_fn(W + a * W1 + b * W2) for a, b in zip(alphas, betas, strict=False)])


@slice_2d.mistake("flat", "Return an array of shape (A, B): one row for each alpha.")
def _(loss_fn, W, W1, W2, alphas, betas):
    return _grid(lambda a, b: loss_fn(W + a * W1 + b * W2), alphas, betas).ravel()


@slice_2d.mistake(
    "rounds to whole numbers",
    "An array made like alphas holds whole numbers when alphas does, and cuts the losses.",
)
def _(loss_fn, W, W1, W2, alphas, betas):
    losses = np.zeros((len(alphas), len(betas)), dtype=alphas.dtype)
    for i, alpha in enumerate(alphas):
        for j, beta in enumerate(betas):
            losses[i, j] = loss_fn(W + alpha * W1 + beta * W2)
    return losses


fast_slice = Exercise(
    "fast_svm_slice_2d",
    assignment=ASSIGNMENT,
    parts={"data loss": 2, "regularization": 2, "three products": 1},
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


@fast_slice.solved_by
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
    return W, W1, W2, X, rng.integers(0, c, n), _steps(rng, a), _steps(rng, b)


@fast_slice.examined_by
def _(rng):
    for n, d, c, a, b in ((6, 5, 4, 3, 2), (1, 4, 3, 2, 5)):
        W, W1, W2, X, y, alphas, betas = _svm_slice(rng, n, d, c, a, b)
        yield Case("data loss", [(W, W1, W2, X, y, 0.0, alphas, betas)])
    W, W1, W2, X, y, alphas, betas = _svm_slice(rng, 6, 5, 4, 3, 2)
    reg = float(rng.uniform(0.5, 1.5))
    yield Case(
        "regularization",
        [(W, W1, W2, X, y, strength, alphas, betas) for strength in (0.0, reg)],
        answer=lambda observations: observations[1].value - observations[0].value,
        atol=1e-4,
    )
    W, W1, W2, X, y, alphas, betas = _svm_slice(rng, 7, 6, 5, 4, 3)
    counted = Recipe("counted_images", values=X)
    yield Case(
        "three products",
        [(W, W1, W2, counted, y, 0.0, alphas, betas)],
        verify=_at_most_three_products,
        trusts_client=True,
    )


def _at_most_three_products(observations):
    W, *_, alphas, betas = observations[0].arguments
    record = observations[0].records["3"]
    products = record["dot_products"] / record["n_images"] / W.shape[1]
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

    return _grid(loss, alphas, betas)


@fast_slice.mistake(
    "a product for every point",
    "The products X @ W, X @ W1 and X @ W2 belong before the loops: inside, only add up scores.",
)
def _(W, W1, W2, X, y, reg, alphas, betas):
    def loss(a, b):
        V = W + a * W1 + b * W2
        return _summed_margins(X @ V, y) / len(X) + reg * np.sum(V**2)

    return _grid(loss, alphas, betas)


@fast_slice.mistake(
    "no cross terms",
    "The square of a sum has cross terms: add 2 (a W.W1 + b W.W2 + a b W1.W2).",
)
def _(W, W1, W2, X, y, reg, alphas, betas):
    def penalty(a, b):
        return np.sum(W**2) + a**2 * np.sum(W1**2) + b**2 * np.sum(W2**2)

    return _fast_slice(W, W1, W2, X, y, reg, alphas, betas, penalty=penalty)


@fast_slice.mistake("cross terms once", "Each cross term of a square comes twice: 2 a W.W1 etc.")
def _(W, W1, W2, X, y, reg, alphas, betas):
    def penalty(a, b):
        crossed = a * np.sum(W * W1) + b * np.sum(W * W2) + a * b * np.sum(W1 * W2)
        return np.sum(W**2) + a**2 * np.sum(W1**2) + b**2 * np.sum(W2**2) + crossed

    return _fast_slice(W, W1, W2, X, y, reg, alphas, betas, penalty=penalty)


@fast_slice.mistake(
    "no cross term of the two directions",
    "W1 and W2 need not be at right angles: the term 2 a b W1.W2 is missing.",
)
def _(W, W1, W2, X, y, reg, alphas, betas):
    def penalty(a, b):
        return np.sum((W + a * W1 + b * W2) ** 2) - 2 * a * b * np.sum(W1 * W2)

    return _fast_slice(W, W1, W2, X, y, reg, alphas, betas, penalty=penalty)


@fast_slice.mistake("steps not squared", "sum((a W1)**2) is a**2 sum(W1**2): square the steps too.")
def _(W, W1, W2, X, y, reg, alphas, betas):
    def penalty(a, b):
        square = np.sum((W + a * W1 + b * W2) ** 2)
        return square + (a - a**2) * np.sum(W1**2) + (b - b**2) * np.sum(W2**2)

    return _fast_slice(W, W1, W2, X, y, reg, alphas, betas, penalty=penalty)


@fast_slice.mistake(
    "penalty of W alone",
    "The weights at a point are W + a W1 + b W2: the penalty changes over the slice as well.",
)
def _(W, W1, W2, X, y, reg, alphas, betas):
    return _fast_slice(W, W1, W2, X, y, reg, alphas, betas, penalty=lambda a, b: np.sum(W**2))


@fast_slice.mistake("no regularization", "Add reg * np.sum((W + a * W1 + b * W2) ** 2).")
def _(W, W1, W2, X, y, reg, alphas, betas):
    return _fast_slice(W, W1, W2, X, y, reg, alphas, betas, penalty=lambda a, b: 0.0)


@fast_slice.mistake("half the regularization", "The course's L2 is reg * sum(W**2), without 1/2.")
def _(W, W1, W2, X, y, reg, alphas, betas):
    return _fast_slice(W, W1, W2, X, y, reg / 2, alphas, betas)


@fast_slice.mistake(
    "regularization averaged over the images",
    "The regularization is added once, after the division by N.",
)
def _(W, W1, W2, X, y, reg, alphas, betas):
    return _fast_slice(W, W1, W2, X, y, reg / len(X), alphas, betas)


@fast_slice.mistake("transposed", "out[i, j] belongs to alphas[i] and betas[j].")
def _(W, W1, W2, X, y, reg, alphas, betas):
    return _fast_slice(W, W1, W2, X, y, reg, alphas, betas).T


@fast_slice.mistake("directions exchanged", "alphas go with W1 and betas with W2.")
def _(W, W1, W2, X, y, reg, alphas, betas):
    return _fast_slice(W, W2, W1, X, y, reg, alphas, betas)


@fast_slice.mistake(
    "takes the loss for linear",
    "The scores are linear in a and b, the loss is not: take the max after adding up the scores.",
)
def _(W, W1, W2, X, y, reg, alphas, betas):
    def data(S, S1, S2, a, b):
        hinges = (_summed_margins(scores, y) for scores in (S, S1, S2))
        return np.dot([1, a, b], list(hinges)) / len(X)

    return _fast_slice(W, W1, W2, X, y, reg, alphas, betas, data=data)


@fast_slice.mistake(
    "margin added to each product",
    "Add the margin of 1 once, to the finished scores' difference, not to each product's.",
)
def _(W, W1, W2, X, y, reg, alphas, betas):
    def data(S, S1, S2, a, b):
        return _summed_margins(S + a * S1 + b * S2, y, delta=1 + a + b) / len(X)

    return _fast_slice(W, W1, W2, X, y, reg, alphas, betas, data=data)


@fast_slice.mistake(
    "counts the correct class",
    "Leave j = y_i out of the sum: its margin is always 1, so your loss is 1 too high.",
)
def _(W, W1, W2, X, y, reg, alphas, betas):
    return 1 + _fast_slice(W, W1, W2, X, y, reg, alphas, betas)


@fast_slice.mistake("no mean over the images", "Divide the summed margins by N.")
def _(W, W1, W2, X, y, reg, alphas, betas):
    def data(S, S1, S2, a, b):
        return _summed_margins(S + a * S1 + b * S2, y)

    return _fast_slice(W, W1, W2, X, y, reg, alphas, betas, data=data)


one_sided = Exercise(
    "one_sided_slopes",
    assignment=ASSIGNMENT,
    parts={"smooth": 1, "kink": 1},
    hints=(
        "A slope is rise over run. For each side, which two points does it connect?",
        "On the left the points are t - h and t, on the right t and t + h. In each case subtract "
        "the value at the left end from the value at the right end.",
        "The run is h on both sides, not 2 h. Return the two slopes as a pair, left first.",
    ),
)


@one_sided.solved_by
def one_sided_slopes(f, t, h):
    left = (f(t) - f(t - h)) / h
    right = (f(t + h) - f(t)) / h
    return left, right


@one_sided.examined_by
def _(rng):
    center, t = rng.uniform(-1, 1, 2)
    curvature = float(rng.uniform(1, 3) * rng.choice([-1, 1]))
    parabola = Recipe("quadratic", center=center, curvature=curvature)
    for h in (0.5, 0.01):
        yield Case("smooth", [(parabola, float(t), h)])
    kink, slope = rng.uniform(-1, 1), float(rng.uniform(0.2, 0.8) * rng.choice([-1, 1]))
    for bend in rng.permutation([-2.5, 2.5]):  # a roof has the larger slope on its left
        line = Recipe(
            "bent_line", kinks=np.array([kink]), bends=np.array([bend]), slope=slope, height=3.0
        )
        yield Case("kink", [(line, float(kink), 0.25)])


@one_sided.mistake("exchanged", "Return the slope on the left first, then the one on the right.")
def _(f, t, h):
    return (f(t + h) - f(t)) / h, (f(t) - f(t - h)) / h


@one_sided.mistake(
    "left slope with the wrong sign",
    "Slope is rise over run from left to right: on the left it is (f(t) - f(t - h)) / h.",
)
def _(f, t, h):
    return (f(t - h) - f(t)) / h, (f(t + h) - f(t)) / h


@one_sided.mistake(
    "both slopes with the wrong sign", "Rise over run: the value at the right end comes first."
)
def _(f, t, h):
    return (f(t - h) - f(t)) / h, (f(t) - f(t + h)) / h


@one_sided.mistake(
    "centered difference",
    "A centered difference looks at both sides and hides a kink: each side has its own slope.",
)
def _(f, t, h):
    slope = (f(t + h) - f(t - h)) / (2 * h)
    return slope, slope


@one_sided.mistake("divides by 2 h", "The two points are h apart, not 2 h.")
def _(f, t, h):
    return (f(t) - f(t - h)) / (2 * h), (f(t + h) - f(t)) / (2 * h)


@one_sided.mistake("not divided by h", "A slope is a difference divided by the step h.")
def _(f, t, h):
    return f(t) - f(t - h), f(t + h) - f(t)


@one_sided.mistake(
    "sorted by size", "Return (left, right) by side: at a roof the left slope is the larger one."
)
def _(f, t, h):
    left, right = (f(t) - f(t - h)) / h, (f(t + h) - f(t)) / h
    return min(left, right), max(left, right)


@one_sided.mistake("right slope alone", "Return two slopes, (left, right).")
def _(f, t, h):
    return (f(t + h) - f(t)) / h


convex = Exercise(
    "is_midpoint_convex",
    assignment=ASSIGNMENT,
    parts={"convex": 1, "not convex": 1, "all pairs": 0.5, "tolerance": 0.5},
    hints=(
        "One pair that fails proves that f is not convex; to say True you must have seen all "
        "pairs. Where must `return False` stand then, and where `return True`?",
        "Two nested loops over ts give all pairs. The midpoint of s and t is (s + t) / 2; the "
        "middle of their chord is the mean of f(s) and f(t).",
        "Inside the loops, return False as soon as f at the midpoint is greater than the middle "
        "of the chord plus tol. After both loops, return True.",
    ),
)


@convex.solved_by
def is_midpoint_convex(f, ts, tol):
    for i, s in enumerate(ts):
        for t in ts[:i]:
            if f((s + t) / 2) > (f(s) + f(t)) / 2 + tol:
                return False
    return True


def _bent(kinks, bends, slope=0.0, height=0.0):
    return Recipe(
        "bent_line",
        kinks=np.array(kinks, dtype=float),
        bends=np.array(bends, dtype=float),
        slope=float(slope),
        height=float(height),
    )


N_CURVES = 10
"""Questions of each part, so many that answers which never look at f do not guess them all."""


def _fall(rng):
    return -rng.uniform(1, 3)


def _truths(rng):
    """The right answers of one part in random order, at least three of each."""
    n_convex = int(rng.integers(3, N_CURVES - 2))
    return rng.permutation(np.arange(N_CURVES) < n_convex)


@convex.examined_by
def _(rng):
    ts = np.array([2.0, 3.8, 6.0, 8.6]) + rng.uniform(-0.5, 0.5)
    middles = (ts[1:] + ts[:-1]) / 2

    def roof():
        """Above the chord of every pair."""
        return _bent(middles, -rng.uniform(1, 3, 3), _fall(rng), 90.0)

    def bowl(*bump):
        """Below the chord of every pair, but for a bump at the middle of one."""
        kinks = [ts[0] + place + side for place in bump for side in (-0.15, 0.0, 0.15)]
        bends = [5.0, -10.0, 5.0] * len(bump)
        return _bent([*middles, *kinks], [*rng.uniform(0.05, 0.15, 3), *bends], _fall(rng), 90.0)

    # Falling: half the distance of two ts is left of them. The sum of two values is less than
    # their mean where they are negative.
    hardly_convex = (
        lambda: _bent(rng.uniform(4, 6, 2), [2.0, 3.0], _fall(rng), 90.0),
        lambda: _bent([], [], _fall(rng), 90.0),
        lambda: _bent([5.0], [2.0], _fall(rng), -40.0),
    )
    curves = {
        "convex": (hardly_convex, [roof]),
        "not convex": ([bowl], [partial(bowl, place) for place in (2.9, 0.9)]),
        "all pairs": ([bowl], [partial(bowl, place) for place in (3.3, 4.2, 2.0)]),
    }
    for part, kinds in curves.items():
        convex_curves, others = map(cycle, kinds)
        for is_convex in _truths(rng):
            draw = next(convex_curves if is_convex else others)
            yield Case(part, [(draw(), ts, 1e-9)])

    ends = np.array([-1.0, 1.0])
    for is_convex in _truths(rng):
        tol = float(rng.uniform(0.5, 1.0))
        height = tol / (1.1 if is_convex else 0.9)  # of the roof, over the chord from -1 to 1
        yield Case("tolerance", [(_bent([0.0], [-2 * height], _fall(rng), 30.0), ends, tol)])


def _pairs(ts):
    return [(s, t) for i, s in enumerate(ts) for t in ts[i + 1 :]]


def _below_chord(f, s, t, tol):
    return f((s + t) / 2) <= (f(s) + f(t)) / 2 + tol


@convex.mistake(
    "turned around", "A convex function lies on or below its chord; yours asks for above."
)
def _(f, ts, tol):
    return all(f((s + t) / 2) >= (f(s) + f(t)) / 2 - tol for s, t in _pairs(ts))


@convex.mistake(
    "neighbors alone",
    "Two neighbors can agree while points further apart do not: test all pairs of ts.",
)
def _(f, ts, tol):
    return all(_below_chord(f, s, t, tol) for s, t in pairwise(ts))


@convex.mistake("only the two ends", "Test every pair of ts, not the first with the last alone.")
def _(f, ts, tol):
    return _below_chord(f, ts[0], ts[-1], tol)


@convex.mistake(
    "returns after the first pair",
    "`return True` stands inside the loop: say True only when no pair has failed.",
)
def _(f, ts, tol):
    return _below_chord(f, ts[0], ts[1], tol)


@convex.mistake(
    "one pair is enough", "All pairs must pass; one that passes proves nothing: `all`, not `any`."
)
def _(f, ts, tol):
    return any(_below_chord(f, s, t, tol) for s, t in _pairs(ts))


@convex.mistake(
    "always convex",
    "You answer True whatever f is, perhaps after a point was paired with itself: return False as "
    "soon as a pair fails, and True only after all of them.",
)
def _(f, ts, tol):
    return True


@convex.mistake("no tolerance", "Allow the midpoint to lie above the chord by up to tol.")
def _(f, ts, tol):
    return all(_below_chord(f, s, t, 1e-9) for s, t in _pairs(ts))


@convex.mistake(
    "tolerance subtracted", "The tolerance is in favor of convex: ... <= mean of the ends + tol."
)
def _(f, ts, tol):
    return all(_below_chord(f, s, t, -tol) for s, t in _pairs(ts))


@convex.mistake(
    "sum of the ends in place of their mean",
    "The chord's middle is the mean of the two values: divide f(s) + f(t) by 2.",
)
def _(f, ts, tol):
    return all(f((s + t) / 2) <= f(s) + f(t) + tol for s, t in _pairs(ts))


@convex.mistake(
    "half the distance in place of the middle", "The midpoint is (s + t) / 2, not (t - s) / 2."
)
def _(f, ts, tol):
    return all(f((t - s) / 2) <= (f(s) + f(t)) / 2 + tol for s, t in _pairs(ts))


@convex.mistake(
    "not a bool", "Return True or False; the largest excess over the chord is something else."
)
def _(f, ts, tol):
    return float(max(f((s + t) / 2) - (f(s) + f(t)) / 2 - tol for s, t in _pairs(ts)))


EXERCISES = (slice_1d, slice_2d, one_sided, convex, fast_slice)

WRITTEN = (
    Written(
        "written-kinks",
        ASSIGNMENT,
        2,
        "(a) One point: each of the N images adds C - 1 ramps, each bends at most once, so at "
        "most N (C - 1) = 1.2 million x 999, about 1.2 billion kinks. (b) Half: a jump is "
        "|q| / N, so each of the many kinks is 1 / N as large and the curve looks smooth though "
        "it is not. Half: a step "
        "or difference much wider than the spacing of kinks sees their average (or: gradients "
        "still exist almost everywhere); any sound consequence counts.",
    ),
    Written(
        "written-two-minima",
        ASSIGNMENT,
        2,
        "(a) One point: renaming the hidden units changes no output, so both ends have exactly "
        "the same loss; were the loss convex, the middle could not be above them, and it is. "
        "(b) One point: no; swapping columns of W swaps the classes and changes the loss. (Half "
        "for naming only the convexity of the linear classifier's loss.)",
    ),
)
