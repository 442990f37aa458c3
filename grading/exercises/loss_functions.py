"""Exercises of 01-loss-functions: hinge, softmax, regularization."""

import numpy as np

from .describe import MANY_IMAGES, Case, Exercise, Written, no_loop_over_images

ASSIGNMENT = "01-loss-functions"


def _batch(rng, n, d, c, scale=1.0):
    """Weights, images and labels whose scores spread over a few margins; N, D, C differ."""
    W = scale * rng.standard_normal((d, c))
    X = rng.standard_normal((n, d))
    X[:, -1] = 1.0
    return W, X, rng.integers(0, c, n)


def _difference(observations):
    return observations[1].value - observations[0].value


def _loss_cases(rng):
    """Data loss at reg 0; regularization as the difference that reg makes."""
    for n, d, c in ((1, 4, 3), (6, 5, 4), (9, 7, 10)):
        yield Case("data loss", [(*_batch(rng, n, d, c), 0.0)])
    for reg in (0.7, float(rng.uniform(0.5, 3.0))):
        batch = _batch(rng, 5, 4, 3)
        yield Case(
            "regularization",
            [(*batch, 0.0), (*batch, reg)],
            answer=_difference,
            measures="its value with reg minus its value with reg = 0",
        )


def _vectorized_case(rng):
    W, X, y = _batch(rng, MANY_IMAGES, 5, 4)
    return no_loop_over_images("no loops", (W, X[:8], y[:8], 0.0), (W, X, y, 0.0))


naive_svm = Exercise(
    "svm_loss_naive",
    assignment=ASSIGNMENT,
    parts={"data loss": 2, "regularization": 1},
    hints=(
        "Look at a single image first: its scores are X[i] @ W. Which classes have a margin, and "
        "what does a margin below zero cost?",
        "Two nested loops: over the images i, and over the classes j. Skip j = y[i], and add "
        "max(0, s_j - s_y + 1) for every other class.",
        "After both loops divide the sum by the number of images, N. Then, once, add reg times "
        "the sum of all squared weights.",
    ),
)
fast_svm = Exercise(
    "svm_loss_vectorized",
    assignment=ASSIGNMENT,
    parts={"data loss": 2, "regularization": 1, "no loops": 1},
    hints=(
        "All scores are one product of shape (N, C). What has to be subtracted from each row, and "
        "what shape must it have for that?",
        "scores[np.arange(N), y] picks the correct class's score of every image, with shape (N,). "
        "Give it a second axis, and it is subtracted from each row.",
        "np.maximum(0, ...) of the differences plus 1 gives all margins at once; set those of the "
        "correct classes, at [np.arange(N), y], to 0. Sum all, divide by N, add reg * "
        "np.sum(W**2).",
    ),
)


@naive_svm.solved_by
def svm_loss_naive(W, X, y, reg):
    loss = 0.0
    for i in range(len(X)):
        scores = X[i] @ W
        for j in range(W.shape[1]):
            if j != y[i]:
                loss += max(0.0, scores[j] - scores[y[i]] + 1)
    return loss / len(X) + reg * np.sum(W**2)


@fast_svm.solved_by
def svm_loss_vectorized(W, X, y, reg):
    images = np.arange(len(X))
    scores = X @ W
    margins = np.maximum(0, scores - scores[images, y][:, np.newaxis] + 1)
    margins[images, y] = 0
    return float(np.sum(margins) / len(X) + reg * np.sum(W**2))


naive_svm.examined_by(_loss_cases)


@fast_svm.examined_by
def _(rng):
    yield from _loss_cases(rng)
    yield _vectorized_case(rng)


def _hinge(W, X, y, delta=1.0):
    """Margins (N, C) after the max, zero at the correct class."""
    images = np.arange(len(X))
    scores = X @ W
    margins = np.maximum(0, scores - scores[images, y][:, np.newaxis] + delta)
    margins[images, y] = 0
    return margins


def _mistakes_of_both_hinge_losses(exercise):
    @exercise.mistake(
        "counts the correct class",
        "Leave j = y_i out of the sum: its margin is always 1, so your loss is 1 too high.",
    )
    def _(W, X, y, reg):
        return _hinge(W, X, y).sum() / len(X) + 1 + reg * np.sum(W**2)

    @exercise.mistake(
        "no mean over the images", "Divide the summed loss by the number of images, N."
    )
    def _(W, X, y, reg):
        return _hinge(W, X, y).sum() + reg * np.sum(W**2)

    @exercise.mistake("averages over classes", "Divide by the number of images, N, not of classes.")
    def _(W, X, y, reg):
        return _hinge(W, X, y).sum() / W.shape[1] + reg * np.sum(W**2)

    @exercise.mistake(
        "averages over images and classes",
        "The hinge loss sums over the classes; only the images are averaged.",
    )
    def _(W, X, y, reg):
        return _hinge(W, X, y).mean() + reg * np.sum(W**2)

    @exercise.mistake("no margin", "Add the margin of 1 to the difference of scores.")
    def _(W, X, y, reg):
        return _hinge(W, X, y, delta=0.0).sum() / len(X) + reg * np.sum(W**2)

    @exercise.mistake(
        "difference of scores turned around",
        "The margin is s_j - s_y + 1: a high score of a wrong class costs.",
    )
    def _(W, X, y, reg):
        return _hinge(-W, X, y).sum() / len(X) + reg * np.sum(W**2)

    @exercise.mistake("no max with zero", "A margin below zero costs nothing: take max(0, margin).")
    def _(W, X, y, reg):
        scores = X @ W
        correct = scores[np.arange(len(X)), y][:, np.newaxis]
        total = np.sum(scores - correct + 1) - len(X)
        return total / len(X) + reg * np.sum(W**2)

    @exercise.mistake(
        "squared hinge", "This is the squared hinge loss; the exercise asks for the plain one."
    )
    def _(W, X, y, reg):
        return np.sum(_hinge(W, X, y) ** 2) / len(X) + reg * np.sum(W**2)

    @exercise.mistake("skips the last class", "The classes are 0..C-1: range(C), not range(C - 1).")
    def _(W, X, y, reg):
        return _hinge(W, X, y)[:, :-1].sum() / len(X) + reg * np.sum(W**2)

    @exercise.mistake(
        "only the worst class", "Sum the margins of all wrong classes, not just the largest."
    )
    def _(W, X, y, reg):
        return _hinge(W, X, y).max(axis=1).mean() + reg * np.sum(W**2)

    _mistakes_of_the_penalty(exercise, lambda W, X, y: _hinge(W, X, y).sum() / len(X))


def _mistakes_of_the_penalty(exercise, data_loss):
    @exercise.mistake("no regularization", "Add reg * np.sum(W**2) to the mean data loss.")
    def _(W, X, y, reg):
        return data_loss(W, X, y)

    @exercise.mistake(
        "half the regularization", "The course's convention is reg * sum(W**2), without 1/2."
    )
    def _(W, X, y, reg):
        return data_loss(W, X, y) + 0.5 * reg * np.sum(W**2)

    @exercise.mistake(
        "regularization averaged over the images",
        "The regularization is added once, after the division by N.",
    )
    def _(W, X, y, reg):
        return data_loss(W, X, y) + reg * np.sum(W**2) / len(X)

    @exercise.mistake(
        "regularization added for every image",
        "The regularization is added once, outside the loop over the images.",
    )
    def _(W, X, y, reg):
        return data_loss(W, X, y) + reg * np.sum(W**2) * len(X)

    @exercise.mistake(
        "regularization leaves out the bias row",
        "In this course all of W is regularized, the bias row included.",
    )
    def _(W, X, y, reg):
        return data_loss(W, X, y) + reg * np.sum(W[:-1] ** 2)

    @exercise.mistake(
        "square of the sum", "Square each weight, then sum: np.sum(W**2), not np.sum(W) ** 2."
    )
    def _(W, X, y, reg):
        return data_loss(W, X, y) + reg * np.sum(W) ** 2

    @exercise.mistake("L1 in place of L2", "L2 sums the squares of the weights, not |W|.")
    def _(W, X, y, reg):
        return data_loss(W, X, y) + reg * np.sum(np.abs(W))

    @exercise.mistake(
        "norm in place of its square", "L2 is the sum of squares; no square root is taken."
    )
    def _(W, X, y, reg):
        return data_loss(W, X, y) + reg * np.sqrt(np.sum(W**2))


def _returns_one_loss_an_image(exercise, losses):
    @exercise.mistake(
        "one loss per image", "Return one number: the mean of the losses of the images."
    )
    def _(W, X, y, reg):
        return losses(W, X, y) + reg * np.sum(W**2)


def _loops_over_the_images(exercise, loss):
    @exercise.mistake(
        "loops over the images",
        "Work on the whole (N, C) array of scores at once, without a Python loop over images.",
    )
    def _(W, X, y, reg):
        total = 0.0
        for i in range(len(X)):
            total += loss(W, X[i : i + 1], y[i : i + 1])
        return total / len(X) + reg * np.sum(W**2)


def _multiplies_matrix_by_row(exercise):
    @exercise.mistake(
        "matrix times row", "The scores of an image are a row times the matrix: X[i] @ W."
    )
    def _(W, X, y, reg):
        return W @ X[0]


_mistakes_of_both_hinge_losses(naive_svm)
_mistakes_of_both_hinge_losses(fast_svm)
_multiplies_matrix_by_row(naive_svm)
_returns_one_loss_an_image(fast_svm, lambda W, X, y: _hinge(W, X, y).sum(axis=1))
_loops_over_the_images(fast_svm, lambda W, X, y: _hinge(W, X, y).sum())


@naive_svm.mistake(
    "returns inside the loop",
    "The return statement is indented into the loop: only the first image is counted.",
)
def _(W, X, y, reg):
    return _hinge(W, X[:1], y[:1]).sum() / len(X) + reg * np.sum(W**2)


@fast_svm.mistake(
    "correct scores not a column",
    "scores[range, y] has shape (N,): make it (N, 1) to subtract it from each row of (N, C).",
)
def _(W, X, y, reg):
    images = np.arange(len(X))
    scores = X @ W
    margins = np.maximum(0, scores - scores[images, y] + 1)
    margins[images, y] = 0
    return np.sum(margins) / len(X) + reg * np.sum(W**2)


@fast_svm.mistake(
    "zeroes whole columns",
    "margins[:, y] = 0 clears N whole columns; margins[np.arange(N), y] = 0 clears one margin per "
    "image.",
)
def _(W, X, y, reg):
    margins = _hinge(W, X, y)
    margins[:, y] = 0
    return np.sum(margins) / len(X) + reg * np.sum(W**2)


@fast_svm.mistake(
    "takes columns in place of entries",
    "scores[:, y] picks N whole columns; scores[np.arange(N), y] picks one score per image.",
)
def _(W, X, y, reg):
    scores = X @ W
    margins = np.maximum(0, scores - scores[:, y] + 1)
    margins[np.arange(len(X)), y] = 0
    return np.sum(margins) / len(X) + reg * np.sum(W**2)


@fast_svm.mistake(
    "max in place of np.maximum",
    "max and if take a single number: np.maximum(0, ...) compares an array entry by entry.",
)
def _(W, X, y, reg):
    return max(0, X @ W)


probabilities = Exercise(
    "softmax",
    assignment=ASSIGNMENT,
    parts={"value": 2, "stable": 1},
    hints=(
        "The formula is exp of each score over the sum of them, row by row. For a score of 1,000, "
        "exp is inf: what can you do to a row that changes its exponentials but not their ratios?",
        "Subtracting the same number from every score of a row divides numerator and denominator "
        "by the same factor. Subtract the row's largest score: then no exponent is above 0.",
        "np.max and np.sum with axis=-1 and keepdims=True keep an axis of length 1, so that each "
        "row is combined with its own number. This also works for a single row of shape (C,).",
    ),
)


@probabilities.solved_by
def softmax(scores):
    shifted = scores - np.max(scores, axis=-1, keepdims=True)
    exponentials = np.exp(shifted)
    return exponentials / np.sum(exponentials, axis=-1, keepdims=True)


@probabilities.examined_by
def _(rng):
    for shape in ((5,), (1, 4), (6, 3), (4, 10)):
        yield Case("value", [(2.0 * rng.standard_normal(shape),)])
    for scores in ([123.0, 456.0, 789.0], [0.0, 1500.0, 3000.0]):
        yield Case("stable", [(np.array(scores),)])
    offsets = rng.permutation([-2000.0, 0.0, 2000.0])[:, np.newaxis]
    yield Case("stable", [(rng.standard_normal((3, 4)) + offsets,)])


def _exponentials(scores):
    with np.errstate(over="ignore", invalid="ignore"):
        return np.exp(scores)


@probabilities.mistake(
    "no shift",
    "exp of a large score overflows: subtract each row's largest score first, which changes no "
    "probability.",
)
def _(scores):
    exponentials = _exponentials(scores)
    with np.errstate(over="ignore", invalid="ignore"):
        return exponentials / np.sum(exponentials, axis=-1, keepdims=True)


@probabilities.mistake(
    "shifts by the largest score of all",
    "Subtract each row's own largest score: with one shift for all, small rows underflow to 0/0.",
)
def _(scores):
    exponentials = _exponentials(scores - np.max(scores))
    with np.errstate(invalid="ignore"):
        return exponentials / np.sum(exponentials, axis=-1, keepdims=True)


@probabilities.mistake(
    "shifts by the smallest score",
    "Subtract the largest score: then every exponent is at most 0 and nothing overflows.",
)
def _(scores):
    exponentials = _exponentials(scores - np.min(scores, axis=-1, keepdims=True))
    with np.errstate(invalid="ignore"):
        return exponentials / np.sum(exponentials, axis=-1, keepdims=True)


@probabilities.mistake(
    "wrong axis", "Probabilities of one image sum to 1: sum along the last axis, the classes."
)
def _(scores):
    exponentials = np.exp(scores - np.max(scores, axis=0))
    return exponentials / np.sum(exponentials, axis=0)


@probabilities.mistake(
    "sums of each class", "Sum row by row, axis=-1: axis=0 sums each class over the images."
)
def _(scores):
    exponentials = np.exp(scores - np.max(scores, axis=-1, keepdims=True))
    with np.errstate(invalid="ignore"):
        return exponentials / np.sum(exponentials, axis=0)


@probabilities.mistake(
    "sums over all images", "Divide each row by its own sum, not by the sum of the whole array."
)
def _(scores):
    exponentials = np.exp(scores - np.max(scores, axis=-1, keepdims=True))
    return exponentials / np.sum(exponentials)


@probabilities.mistake(
    "rows lose their axis",
    "A sum of shape (N,) does not divide (N, C) row by row: pass keepdims=True.",
)
def _(scores):
    exponentials = np.exp(scores - np.max(scores, axis=-1, keepdims=True))
    return exponentials / np.sum(exponentials, axis=-1)


@probabilities.mistake("only for matrices", "A single image has shape (C,): use axis=-1, not 1.")
def _(scores):
    exponentials = np.exp(scores - np.max(scores, axis=1, keepdims=True))
    return exponentials / np.sum(exponentials, axis=1, keepdims=True)


@probabilities.mistake(
    "log-probabilities", "Return the probabilities themselves; the logarithm comes in the loss."
)
def _(scores):
    shifted = scores - np.max(scores, axis=-1, keepdims=True)
    return shifted - np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True))


@probabilities.mistake("no exponential", "Exponentiate the scores before dividing by their sum.")
def _(scores):
    shifted = scores - np.max(scores, axis=-1, keepdims=True)
    return shifted / np.sum(shifted, axis=-1, keepdims=True)


@probabilities.mistake("not normalized", "Divide by the sum, so that each row sums to 1.")
def _(scores):
    return np.exp(scores - np.max(scores, axis=-1, keepdims=True))


@probabilities.mistake(
    "changes its input",
    "`scores -= ...` changes the caller's array: write `shifted = scores - ...`.",
)
def _(scores):
    scores -= np.max(scores, axis=-1, keepdims=True)
    exponentials = np.exp(scores)
    return exponentials / np.sum(exponentials, axis=-1, keepdims=True)


naive_softmax = Exercise(
    "softmax_loss_naive",
    assignment=ASSIGNMENT,
    parts={"data loss": 1, "regularization": 1, "stable": 1},
    hints=(
        "The loss of one image is minus the natural logarithm of the probability of its correct "
        "class. Which parts of softmax do you need for that, and which not?",
        "-log(exp(s_y) / sum(exp(s))) is log(sum(exp(s))) - s_y: no probability is formed that "
        "could round to 0. Subtract the largest score from all scores of the image first.",
        "For each image: scores X[i] @ W, shifted by their maximum; a loop over the classes sums "
        "their exponentials; add the logarithm of that sum minus the shifted score of y[i]. Then "
        "divide by N, and add the penalty once.",
    ),
)
fast_softmax = Exercise(
    "softmax_loss_vectorized",
    assignment=ASSIGNMENT,
    parts={"data loss": 1, "regularization": 1, "stable": 1, "no loops": 1},
    hints=(
        "Work on the whole (N, C) array of scores. The loss of image i is log(sum over j of "
        "exp(s_j)) - s_y: which axis does the sum run over?",
        "Subtract each row's own maximum first (axis=1, keepdims=True). Then sum the exponentials "
        "of each row: this gives N sums, all of them at least 1.",
        "The losses are np.log of the N sums minus the shifted scores at [np.arange(N), y]. Take "
        "their mean, and add reg * np.sum(W**2).",
    ),
)


@naive_softmax.solved_by
def softmax_loss_naive(W, X, y, reg):
    loss = 0.0
    for i in range(len(X)):
        scores = X[i] @ W
        scores = scores - np.max(scores)
        loss += np.log(np.sum(np.exp(scores))) - scores[y[i]]
    return loss / len(X) + reg * np.sum(W**2)


@fast_softmax.solved_by
def softmax_loss_vectorized(W, X, y, reg):
    scores = X @ W
    scores = scores - np.max(scores, axis=1, keepdims=True)
    losses = np.log(np.sum(np.exp(scores), axis=1)) - scores[np.arange(len(X)), y]
    return float(np.mean(losses) + reg * np.sum(W**2))


def _softmax_loss_cases(rng):
    yield from _loss_cases(rng)
    for biases in ([2000.0] * 4, [0.0, -1500.0, 0.0, -1500.0]):
        W, X, y = _batch(rng, 6, 5, 4)
        W[-1] = biases
        y[0] = 1
        yield Case("stable", [(W, X, y, 0.0)])
    W, X, y = _batch(rng, 6, 5, 4)
    W[0], X[:, 0] = 1000.0, rng.permutation(6) - 2.0
    yield Case("stable", [(W, X, y, 0.0)])


naive_softmax.examined_by(_softmax_loss_cases)


@fast_softmax.examined_by
def _(rng):
    yield from _softmax_loss_cases(rng)
    yield _vectorized_case(rng)


def _cross_entropies(W, X, y):
    """-log p of the correct class, (N,), by log-sum-exp."""
    scores = X @ W
    scores = scores - np.max(scores, axis=1, keepdims=True)
    return np.log(np.sum(np.exp(scores), axis=1)) - scores[np.arange(len(X)), y]


def _mistakes_of_both_softmax_losses(exercise):
    @exercise.mistake(
        "no shift", "exp of a large score overflows: subtract each image's largest score first."
    )
    def _(W, X, y, reg):
        scores = X @ W
        with np.errstate(over="ignore", invalid="ignore"):
            p = np.exp(scores) / np.sum(np.exp(scores), axis=1, keepdims=True)
            losses = -np.log(p[np.arange(len(X)), y])
        return np.mean(losses) + reg * np.sum(W**2)

    @exercise.mistake(
        "no shift in the log-sum-exp",
        "exp of a large score overflows: subtract each image's largest score first.",
    )
    def _(W, X, y, reg):
        scores = X @ W
        with np.errstate(over="ignore", invalid="ignore"):
            losses = np.log(np.sum(np.exp(scores), axis=1)) - scores[np.arange(len(X)), y]
        return np.mean(losses) + reg * np.sum(W**2)

    @exercise.mistake(
        "shifts by the largest score of all",
        "Subtract each image's own largest score: with one shift for all, the sum of an image with "
        "small scores underflows to 0.",
    )
    def _(W, X, y, reg):
        scores = X @ W
        scores = scores - np.max(scores)
        with np.errstate(divide="ignore"):
            losses = np.log(np.sum(np.exp(scores), axis=1)) - scores[np.arange(len(X)), y]
        return np.mean(losses) + reg * np.sum(W**2)

    @exercise.mistake(
        "infinite when the right class is far behind",
        "Its p rounds to 0 and log(0) is infinite, or exp(s - s_y) overflows: with m the largest "
        "score, use log(sum(exp(s - m))) - (s_y - m).",
    )
    def _(W, X, y, reg):
        scores = X @ W
        exponentials = np.exp(scores - np.max(scores, axis=1, keepdims=True))
        p = exponentials / np.sum(exponentials, axis=1, keepdims=True)
        with np.errstate(divide="ignore"):
            losses = -np.log(p[np.arange(len(X)), y])
        return np.mean(losses) + reg * np.sum(W**2)

    @exercise.mistake(
        "score of the correct class not shifted",
        "Shift s_y as well: with m the largest score, the loss is log(sum(exp(s - m))) - (s_y - "
        "m).",
    )
    def _(W, X, y, reg):
        losses = _cross_entropies(W, X, y) - np.max(X @ W, axis=1)
        return np.mean(losses) + reg * np.sum(W**2)

    @exercise.mistake(
        "logarithm of the mean probability",
        "Take the logarithm of each image's probability first, and the mean of the logarithms "
        "last.",
    )
    def _(W, X, y, reg):
        with np.errstate(divide="ignore"):
            loss = -np.log(np.mean(np.exp(-_cross_entropies(W, X, y))))
        return loss + reg * np.sum(W**2)

    @exercise.mistake("no mean over the images", "Divide the summed loss by the number of images.")
    def _(W, X, y, reg):
        return np.sum(_cross_entropies(W, X, y)) + reg * np.sum(W**2)

    @exercise.mistake("averages over classes", "Divide by the number of images, N, not of classes.")
    def _(W, X, y, reg):
        return np.sum(_cross_entropies(W, X, y)) / W.shape[1] + reg * np.sum(W**2)

    @exercise.mistake("sign turned around", "The loss is minus the log-probability: it is >= 0.")
    def _(W, X, y, reg):
        return -np.mean(_cross_entropies(W, X, y)) + reg * np.sum(W**2)

    @exercise.mistake("logarithm to base 10", "np.log is the natural logarithm; np.log10 is not.")
    def _(W, X, y, reg):
        return np.mean(_cross_entropies(W, X, y)) / np.log(10) + reg * np.sum(W**2)

    @exercise.mistake("logarithm to base 2", "np.log is the natural logarithm; np.log2 is not.")
    def _(W, X, y, reg):
        return np.mean(_cross_entropies(W, X, y)) / np.log(2) + reg * np.sum(W**2)

    @exercise.mistake(
        "probability in place of its logarithm",
        "The loss of an image is -log p of its correct class, not 1 - p.",
    )
    def _(W, X, y, reg):
        return np.mean(1 - np.exp(-_cross_entropies(W, X, y))) + reg * np.sum(W**2)

    @exercise.mistake(
        "sums over all classes", "Only the correct class's probability enters the loss."
    )
    def _(W, X, y, reg):
        scores = X @ W
        scores = scores - np.max(scores, axis=1, keepdims=True)
        log_p = scores - np.log(np.sum(np.exp(scores), axis=1, keepdims=True))
        return -np.sum(log_p) / len(X) + reg * np.sum(W**2)

    @exercise.mistake(
        "probability of the largest score",
        "Take the probability of the correct class y_i, whether or not its score is the largest.",
    )
    def _(W, X, y, reg):
        return np.mean(_cross_entropies(W, X, np.argmax(X @ W, axis=1))) + reg * np.sum(W**2)

    @exercise.mistake(
        "hinge loss", "This is the hinge loss; the softmax loss is -log p of the correct class."
    )
    def _(W, X, y, reg):
        return _hinge(W, X, y).sum() / len(X) + reg * np.sum(W**2)

    _mistakes_of_the_penalty(exercise, lambda W, X, y: np.mean(_cross_entropies(W, X, y)))


_mistakes_of_both_softmax_losses(naive_softmax)
_mistakes_of_both_softmax_losses(fast_softmax)
_multiplies_matrix_by_row(naive_softmax)
_returns_one_loss_an_image(fast_softmax, _cross_entropies)
_loops_over_the_images(fast_softmax, lambda W, X, y: np.sum(_cross_entropies(W, X, y)))


def _reduces_along_another_axis(name, hint, shift_axis, sum_axis):
    @fast_softmax.mistake(name, hint)
    def _(W, X, y, reg):
        scores = X @ W
        scores = scores - np.max(scores, axis=shift_axis, keepdims=True)
        with np.errstate(divide="ignore"):
            losses = np.log(np.sum(np.exp(scores), axis=sum_axis))
        return np.mean(losses - scores[np.arange(len(X)), y]) + reg * np.sum(W**2)


_reduces_along_another_axis(
    "sums over all images",
    "Sum the exponentials row by row, axis=1: each image has its own.",
    1,
    None,
)
_reduces_along_another_axis(
    "sums of each class", "Sum row by row, axis=1: axis=0 sums each class over the images.", 1, 0
)
_reduces_along_another_axis(
    "maximum of each class",
    "Subtract each row's own maximum, axis=1 with keepdims=True: axis=0 takes that of each class.",
    0,
    1,
)


penalty = Exercise(
    "regularization",
    assignment=ASSIGNMENT,
    parts={"l2": 0.5, "l1": 0.5, "elastic net": 1, "unknown kind": 1},
    hints=(
        "Two sums are enough for all three kinds: that of the absolute values, and that of the "
        "squares.",
        "Compare kind with each of its three names. The elastic net is a weighted mean of the two "
        "sums: l1_ratio is the weight of L1, and the rest is the weight of L2.",
        "Multiply by strength in every branch. After the last branch, raise ValueError with a "
        "message that says which kind you got.",
    ),
)


@penalty.solved_by
def regularization(W, kind, strength, l1_ratio=0.5):
    l1 = np.sum(np.abs(W))
    l2 = np.sum(W**2)
    if kind == "l1":
        return strength * l1
    if kind == "l2":
        return strength * l2
    if kind == "elastic_net":
        return strength * (l1_ratio * l1 + (1 - l1_ratio) * l2)
    raise ValueError(f"kind is {kind!r}, expected 'l1', 'l2' or 'elastic_net'")


@penalty.examined_by
def _(rng):
    def draw():
        W = 2.0 * rng.standard_normal((4, 3))
        W *= -np.sign(np.sum(W))  # a negative sum tells sum(W), |sum(W)| and sum(|W|) apart
        return W, float(rng.uniform(0.2, 0.8))

    for kind, part in (("l2", "l2"), ("l1", "l1")):
        W, strength = draw()
        yield Case(part, [(W, kind, strength)])
        yield Case(part, [(W, kind, 3 * strength, 0.9)])
    for ratio in (0.15, float(rng.uniform(0.6, 0.95))):
        W, strength = draw()
        yield Case("elastic net", [(W, "elastic_net", strength, ratio)])
    W, strength = draw()
    yield Case("elastic net", [(W, "elastic_net", strength)])
    yield Case("elastic net", [(W[0], "elastic_net", strength, 0.0)])
    for kind in ("L3", str(rng.choice(["l12", "elastic", "none"]))):
        yield Case("unknown kind", [(W, "l2", strength), (W, kind, strength)], raises="ValueError")


def _elastic_net(W, kind, strength, l1_ratio, l1, l2):
    if kind == "l1":
        return strength * l1
    if kind == "l2":
        return strength * l2
    if kind == "elastic_net":
        return strength * (l1_ratio * l1 + (1 - l1_ratio) * l2)
    raise ValueError(kind)


@penalty.mistake("half the squares", "The course's L2 is sum(W**2), without 1/2.")
def _(W, kind, strength, l1_ratio=0.5):
    return _elastic_net(W, kind, strength, l1_ratio, np.sum(np.abs(W)), np.sum(W**2) / 2)


@penalty.mistake("norm in place of its square", "L2 is the sum of squares, without square root.")
def _(W, kind, strength, l1_ratio=0.5):
    return _elastic_net(W, kind, strength, l1_ratio, np.sum(np.abs(W)), np.sqrt(np.sum(W**2)))


@penalty.mistake("L1 without absolute values", "L1 sums |W|: without it, signs cancel.")
def _(W, kind, strength, l1_ratio=0.5):
    return _elastic_net(W, kind, strength, l1_ratio, np.sum(W), np.sum(W**2))


@penalty.mistake("L1 alone without absolute values", "L1 sums |W|: without it, signs cancel.")
def _(W, kind, strength, l1_ratio=0.5):
    l1 = np.sum(W) if kind == "l1" else np.sum(np.abs(W))
    return _elastic_net(W, kind, strength, l1_ratio, l1, np.sum(W**2))


@penalty.mistake(
    "norm of a matrix in place of L1",
    "np.linalg.norm(W, 1) of a matrix is its largest column sum: use np.sum(np.abs(W)).",
)
def _(W, kind, strength, l1_ratio=0.5):
    return _elastic_net(W, kind, strength, l1_ratio, np.linalg.norm(W, 1), np.sum(W**2))


@penalty.mistake("absolute value of the sum", "L1 is sum(|W|): np.sum(np.abs(W)).")
def _(W, kind, strength, l1_ratio=0.5):
    return _elastic_net(W, kind, strength, l1_ratio, np.abs(np.sum(W)), np.sum(W**2))


@penalty.mistake("mean in place of sum", "The penalty sums over the weights; it takes no mean.")
def _(W, kind, strength, l1_ratio=0.5):
    return _elastic_net(W, kind, strength, l1_ratio, np.mean(np.abs(W)), np.mean(W**2))


@penalty.mistake("ratio turned around", "l1_ratio weighs L1, and 1 - l1_ratio weighs L2.")
def _(W, kind, strength, l1_ratio=0.5):
    return _elastic_net(W, kind, strength, 1 - l1_ratio, np.sum(np.abs(W)), np.sum(W**2))


@penalty.mistake("ratio ignored", "Elastic net mixes L1 and L2 by l1_ratio, not half and half.")
def _(W, kind, strength, l1_ratio=0.5):
    return _elastic_net(W, kind, strength, 0.5, np.sum(np.abs(W)), np.sum(W**2))


@penalty.mistake("elastic net adds both in full", "Weigh L1 by l1_ratio and L2 by 1 - l1_ratio.")
def _(W, kind, strength, l1_ratio=0.5):
    if kind == "elastic_net":
        return strength * (np.sum(np.abs(W)) + np.sum(W**2))
    return _elastic_net(W, kind, strength, l1_ratio, np.sum(np.abs(W)), np.sum(W**2))


@penalty.mistake("strength left out", "Multiply the penalty by its strength.")
def _(W, kind, strength, l1_ratio=0.5):
    return _elastic_net(W, kind, 1.0, l1_ratio, np.sum(np.abs(W)), np.sum(W**2))


@penalty.mistake(
    "L1 and L2 exchanged", "L1 sums absolute values, L2 sums squares: yours are exchanged."
)
def _(W, kind, strength, l1_ratio=0.5):
    return _elastic_net(W, kind, strength, l1_ratio, np.sum(W**2), np.sum(np.abs(W)))


@penalty.mistake(
    "accepts any kind",
    "An unknown kind is an error: raise ValueError, so that a typing error is not taken for a "
    "choice.",
)
def _(W, kind, strength, l1_ratio=0.5):
    if kind in ("l1", "l2", "elastic_net"):
        return _elastic_net(W, kind, strength, l1_ratio, np.sum(np.abs(W)), np.sum(W**2))


@penalty.mistake(
    "elastic net for any other kind",
    "`else:` takes every typing error for elastic net: test for its name and raise ValueError.",
)
def _(W, kind, strength, l1_ratio=0.5):
    if kind not in ("l1", "l2"):
        kind = "elastic_net"
    return _elastic_net(W, kind, strength, l1_ratio, np.sum(np.abs(W)), np.sum(W**2))


EXERCISES = (naive_svm, fast_svm, probabilities, naive_softmax, fast_softmax, penalty)

WRITTEN = (
    Written(
        "written-sanity-check",
        ASSIGNMENT,
        2,
        "(a) One point: all scores are about equal, so each of the C - 1 = 9 wrong classes is a "
        "full margin of 1 short, and the mean over the images keeps 9. (b) One point: the sum "
        "over the images, 900, was divided by the 10 classes; with 200 images it would print "
        "180, where a right loss stays at 9. Half for the bug without a deciding experiment.",
    ),
    Written(
        "written-two-losses",
        ASSIGNMENT,
        2,
        "(a) One point: the hinge loss gains on none, all margins are met; softmax gains on all "
        "in principle, most on (10, 9, 9) at 0.55, little on (10, -2, 3) at 0.0009, nothing "
        "measurable on (10, -100, -100). (b) One point: a reasoned task for each, such as hinge "
        "where only the decision counts, softmax where probabilities are used (ranking, "
        "thresholds, costs). Half if only one is reasoned.",
    ),
)
