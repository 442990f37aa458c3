"""Exercises of 06-minibatch-sgd: descent, minibatches, the training loop, and its settings."""

import itertools
import math

import numpy as np

from cs231n_utils.checking.channel import Recipe
from cs231n_utils.checking.recipes import least_squares
from cs231n_utils.losses import softmax_loss_and_gradient

from .compare import compare, kind_of
from .describe import Case, Exercise, Written
from .draws import draws, every_call, generator, not_from_rng, seeds

ASSIGNMENT = "06-minibatch-sgd"


# ------------------------------------------------------------------------ gradient descent

descent = Exercise(
    "gradient_descent",
    assignment=ASSIGNMENT,
    parts={"weights": 1, "losses": 1},
    hints=(
        "One step: ask for loss and gradient at the present weights, then move the weights "
        "against the gradient. What must happen to the loss before the weights move?",
        "Loop n_steps times. loss_and_grad(W) returns two values: take both from one call, and "
        "write the loss into losses[i].",
        "The new weights are W minus step_size times the gradient, as a new array (no `-=`), so "
        "that the caller's W0 stays as it was.",
    ),
)


@descent.solved_by
def gradient_descent(loss_and_grad, W0, step_size, n_steps):
    W = W0.copy()
    losses = np.zeros(n_steps)
    for i in range(n_steps):
        losses[i], gradient = loss_and_grad(W)
        W = W - step_size * gradient
    return W, losses


def _numbers(values):
    """Numbers that came as a list as an array; whatever else as it is."""
    return np.array(values, dtype=float) if isinstance(values, list) else values


def _pair(value):
    if not isinstance(value, tuple | list) or len(value) != 2:
        raise TypeError("not a pair")
    return value


def _final_weights(observations):
    return _pair(observations[-1].value)[0]


def _losses(observations):
    return _numbers(_pair(observations[-1].value)[1])


@descent.examined_by
def _(rng):
    for part, answer in (("weights", _final_weights), ("losses", _losses)):
        for n_steps in (1, 7):
            W0 = rng.standard_normal((4, 3))
            function = Recipe(
                "quadratic_with_gradient",
                center=W0 + rng.choice([-1.0, 1.0], W0.shape) * rng.uniform(1.0, 3.0, W0.shape),
                curvature=rng.uniform(0.5, 2.0, W0.shape),
            )
            yield Case(
                part,
                [(function, W0, float(rng.uniform(0.1, 0.3)), n_steps)],
                answer=answer,
                verify=_one_evaluation_a_step if part == "losses" else None,
                keeps_arguments=part == "weights",
                trusts_client=part == "losses",
                measures="the weights" if part == "weights" else "the losses",
            )


def _one_evaluation_a_step(observations):
    n_calls, n_steps = observations[0].records["0"]["n_calls"], observations[0].arguments[3]
    if n_calls <= n_steps + 1:
        return None
    return (
        f"gradient_descent called loss_and_grad {n_calls} times for {n_steps} steps, expected one "
        "call a step: keep the two values that it returns."
    )


@descent.mistake(
    "climbs", "The gradient points uphill: subtract step_size times the gradient, don't add it."
)
def _(loss_and_grad, W0, step_size, n_steps):
    return gradient_descent(loss_and_grad, W0, -step_size, n_steps)


@descent.mistake(
    "changes W0",
    "`W -= ...` changes the caller's W0, because W names the same array: start from W0.copy().",
)
def _(loss_and_grad, W0, step_size, n_steps):
    W, losses = gradient_descent(loss_and_grad, W0, step_size, n_steps)
    W0[:] = W
    return W0, losses


@descent.mistake(
    "losses after the step",
    "losses[i] is the loss before step i, the one that came with the gradient; yours are one step "
    "late.",
)
def _(loss_and_grad, W0, step_size, n_steps):
    W, losses = gradient_descent(loss_and_grad, W0, step_size, n_steps)
    return W, np.append(losses[1:], loss_and_grad(W)[0])


@descent.mistake(
    "one loss too many", "Return n_steps losses: the loss after the last step is not asked for."
)
def _(loss_and_grad, W0, step_size, n_steps):
    W, losses = gradient_descent(loss_and_grad, W0, step_size, n_steps)
    return W, np.append(losses, loss_and_grad(W)[0])


@descent.mistake(
    "one gradient for all steps",
    "The gradient changes with W: call loss_and_grad(W) inside the loop, at the present weights.",
)
def _(loss_and_grad, W0, step_size, n_steps):
    loss, gradient = loss_and_grad(W0)
    return W0 - n_steps * step_size * gradient, np.full(n_steps, loss)


@descent.mistake(
    "always from W0", "Each step starts where the last one ended: W = W - ..., not W = W0 - ...."
)
def _(loss_and_grad, W0, step_size, n_steps):
    W, losses = W0, []
    for _ in range(n_steps):
        loss, gradient = loss_and_grad(W)
        losses.append(loss)
        W = W0 - step_size * gradient
    return W, losses


@descent.mistake(
    "gradient made a unit vector",
    "Use the gradient as it is: its length says how steep it is, and steps shorten near the "
    "bottom.",
)
def _(loss_and_grad, W0, step_size, n_steps):
    W, losses = W0, []
    for _ in range(n_steps):
        loss, gradient = loss_and_grad(W)
        losses.append(loss)
        W = W - step_size * gradient / np.linalg.norm(gradient)
    return W, losses


@descent.mistake("step size left out", "Multiply the gradient by step_size.")
def _(loss_and_grad, W0, step_size, n_steps):
    return gradient_descent(loss_and_grad, W0, 1.0, n_steps)


@descent.mistake(
    "last step missing",
    "Return the weights after the last step: yours are those of the last loss, one step earlier.",
)
def _(loss_and_grad, W0, step_size, n_steps):
    W, _ = gradient_descent(loss_and_grad, W0, step_size, n_steps - 1)
    return W, gradient_descent(loss_and_grad, W0, step_size, n_steps)[1]


@descent.mistake(
    "evaluates twice a step",
    "loss_and_grad(W)[0] and loss_and_grad(W)[1] compute everything twice: write "
    "loss, gradient = loss_and_grad(W).",
)
def _(loss_and_grad, W0, step_size, n_steps):
    W, losses = W0, []
    for _ in range(n_steps):
        losses.append(loss_and_grad(W)[0])
        W = W - step_size * loss_and_grad(W)[1]
        loss_and_grad(W)
    return W, losses


# ------------------------------------------------------------------------ one minibatch

N_ROWS, N_INPUTS = 40, 5

sample = Exercise(
    "sample_minibatch",
    assignment=ASSIGNMENT,
    parts={"images and labels": 1, "draws": 1},
    hints=(
        "An image and its label must stay together: draw row numbers, not images.",
        "rng.choice(N, batch_size, replace=False) draws batch_size different row numbers.",
        "Index both arrays with the same row numbers: X[rows] and y[rows].",
    ),
)


@sample.solved_by
def sample_minibatch(X, y, batch_size, rng):
    rows = rng.choice(len(X), batch_size, replace=False)
    return X[rows], y[rows]


def _labeled_images(rng, n, d=N_INPUTS, n_classes=7):
    return rng.standard_normal((n, d)), rng.integers(0, n_classes, n)


@sample.examined_by
def _(rng):
    for batch_size, seed in zip((17, 1, N_ROWS), seeds(rng, 3), strict=True):
        images = _labeled_images(rng, N_ROWS)
        calls = [(*images, batch_size, generator(seed))]
        yield Case("images and labels", calls, answer=None, verify=_sample_pairs)
    images, (seed, other) = _labeled_images(rng, N_ROWS), seeds(rng)
    calls = [(*images, 15, generator(s)) for s in (seed, seed, other)]
    yield Case("draws", calls, answer=None, verify=_sample_draws)
    few = _labeled_images(rng, 4)
    calls = [(*few, 4, generator(seed)) for seed in seeds(rng, 14)]
    yield Case("draws", calls, answer=None, verify=_sample_all_rows)


def _rows_of(images, X):
    """The row of X that each image is, -1 where it is none."""
    distances = np.abs(images[:, np.newaxis] - X).max(axis=-1)
    return np.where(distances.min(axis=1) < 1e-5, distances.argmin(axis=1), -1)


def _sampled(call):
    """The rows of X that a call of sample_minibatch returned."""
    return _rows_of(np.asarray(_pair(call.value)[0], dtype=float), call.arguments[0])


def _sample_malformed(call):
    X, _, batch_size = call.arguments[:3]
    wanted = (np.zeros((batch_size, X.shape[1])), np.zeros(batch_size, dtype=int))
    why = compare(call.value, wanted, rtol=0.0, atol=1e300)
    if why:
        return f"sample_minibatch {why}"
    if np.any(_sampled(call) < 0):
        return "sample_minibatch returned an image that is not a row of X."
    return None


def _sample_pairs(observations):
    (call,) = observations
    why = _sample_malformed(call)
    if why:
        return why
    wrong = np.flatnonzero(call.arguments[1][_sampled(call)] != call.value[1])
    if len(wrong):
        return (
            f"sample_minibatch returned wrong labels for {len(wrong)} of {len(call.value[1])} "
            "images, expected the label of the same row."
        )
    return None


def _neighbors(rows):
    return len(rows) > 3 and np.all(np.diff(rows) == 1)


def _sample_draws(observations):
    for call in observations:
        why = _sample_malformed(call)
        if why:
            return why
        if _neighbors(_sampled(call)):
            return "sample_minibatch returned rows that are neighbors in X, expected random rows."
        if len(set(_sampled(call).tolist())) < 4:
            return "sample_minibatch returned the same rows again and again."
    return not_from_rng("sample_minibatch", observations, _sampled)


def _sample_all_rows(observations):
    for call in observations:
        why = _sample_malformed(call)
        if why:
            return why
    seen = np.unique(np.concatenate([_sampled(call) for call in observations]))
    missed = sorted(set(range(4)) - set(seen.tolist()))
    if missed:
        return (
            f"sample_minibatch never drew row {missed[0]} of 4 in 14 batches of 4, expected every "
            "row to have its chance."
        )
    return None


@sample.mistake(
    "images and labels drawn apart",
    "Draw the row numbers once and use them for both: X[rows] and y[rows].",
    shows=every_call(
        lambda call: (
            len(call.value[1]) < 10
            or np.mean(call.arguments[1][_sampled(call)] == call.value[1]) < 0.7
        )
    ),
)
def _(X, y, batch_size, rng):
    rows = rng.choice(len(X), batch_size, replace=False)
    return X[rows], rng.permutation(y)[:batch_size]


@sample.mistake(
    "always the first rows",
    "X[:batch_size] is the same batch each time: draw random row numbers.",
    shows=every_call(lambda call: np.array_equal(_sampled(call), range(call.arguments[2]))),
)
def _(X, y, batch_size, rng):
    return X[:batch_size], y[:batch_size]


@sample.mistake(
    "a random block of neighbors",
    "A slice from a random start takes neighbors, which are alike where the data are sorted: draw "
    "each row on its own.",
    shows=every_call(lambda call: np.all(np.diff(_sampled(call)) == 1)),
)
def _(X, y, batch_size, rng):
    start = rng.integers(0, len(X) - batch_size + 1)
    return X[start : start + batch_size], y[start : start + batch_size]


@sample.mistake(
    "the last row is never drawn",
    "The upper end of rng.integers is left out already: write len(X), not len(X) - 1.",
    shows=every_call(lambda call: len(call.arguments[0]) - 1 not in _sampled(call)),
)
def _(X, y, batch_size, rng):
    rows = rng.integers(0, len(X) - 1, batch_size)
    return X[rows], y[rows]


@sample.mistake(
    "the first row is never drawn",
    "Rows count from 0: start the draw at 0, not at 1.",
    shows=every_call(lambda call: 0 not in _sampled(call)),
)
def _(X, y, batch_size, rng):
    rows = rng.integers(1, len(X), batch_size)
    return X[rows], y[rows]


@sample.mistake(
    "one row again and again",
    "Draw batch_size row numbers: pass batch_size as the size to rng.choice or rng.integers.",
    shows=every_call(lambda call: np.ptp(_sampled(call)) == 0),
)
def _(X, y, batch_size, rng):
    rows = np.full(batch_size, rng.integers(0, len(X)))
    return X[rows], y[rows]


@sample.mistake(
    "all rows, shuffled",
    "Return batch_size rows: take the first batch_size numbers of the permutation.",
    shows=every_call(lambda call: np.shape(call.value[0]) == np.shape(call.arguments[0])),
)
def _(X, y, batch_size, rng):
    rows = rng.permutation(len(X))
    return X[rows], y[rows]


@sample.mistake(
    "draws from elsewhere",
    "Draw from the rng that is passed in, not from np.random or a new generator: only then can a "
    "run be repeated.",
    shows=draws(0, 1, alike=False, drawn=_sampled),
)
def _(X, y, batch_size, rng):
    return sample_minibatch(X, y, batch_size, np.random.default_rng())


@sample.mistake(
    "seed of its own",
    "The function sets a seed itself, so every batch is the same: draw from the rng that is passed "
    "in.",
    shows=draws(0, 2, alike=True, drawn=_sampled),
)
def _(X, y, batch_size, rng):
    return sample_minibatch(X, y, batch_size, np.random.default_rng(231))


# ------------------------------------------------------------------------ the batches of an epoch

epoch = Exercise(
    "epoch_batches",
    assignment=ASSIGNMENT,
    parts={"every index once": 2, "order": 1},
    hints=(
        "Two steps: first put all n row numbers in order, then cut this order into pieces.",
        "The order is rng.permutation(n) if shuffle is true, else np.arange(n).",
        "range(0, n, batch_size) gives the start of each piece. A slice that reaches past the end "
        "is simply shorter, which is what the last batch should be.",
    ),
)


@epoch.solved_by
def epoch_batches(n, batch_size, rng, shuffle=True):
    order = rng.permutation(n) if shuffle else np.arange(n)
    return [order[start : start + batch_size] for start in range(0, n, batch_size)]


@epoch.examined_by
def _(rng):
    sizes = ((23, 5), (24, 6), (7, 10), (int(rng.integers(30, 40)), 1), (41, 20))
    for (n, batch_size), seed in zip(sizes, seeds(rng, len(sizes)), strict=True):
        calls = [(n, batch_size, generator(seed))]
        yield Case("every index once", calls, answer=None, verify=_epoch_complete)
    seed, other = seeds(rng)
    calls = [(31, 8, generator(s)) for s in (seed, seed, other)]
    yield Case("order", calls, answer=None, verify=_epoch_shuffled)
    calls = [(31, 8, generator(seed), False)]
    yield Case("order", calls, answer=None, verify=_epoch_in_order)


def _batches(call):
    """The batches of one call as integer arrays."""
    arrays = [np.asarray(batch) for batch in call.value]
    if any(batch.ndim != 1 or batch.dtype.kind not in "iu" for batch in arrays):
        raise TypeError("not index arrays")
    return arrays


def _indices(call):
    return np.concatenate(_batches(call))


def _epoch_malformed(call):
    if not isinstance(call.value, list | tuple):
        return f"epoch_batches returned {kind_of(call.value)}, expected a list of index arrays."
    try:
        _batches(call)
    except (TypeError, ValueError):
        return "epoch_batches returned a list, expected each item to be an array of integers."
    return None if call.value else "epoch_batches returned an empty list."


def _epoch_complete(observations):
    (call,) = observations
    why = _epoch_malformed(call)
    if why:
        return why
    n, batch_size = call.arguments[:2]
    counts = np.bincount(np.clip(_indices(call), 0, n), minlength=n + 1)
    if counts[n]:
        return f"epoch_batches returned an index of {n} or more for n={n}, expected 0 to {n - 1}."
    about = f"for n={n} and batch_size={batch_size}"
    if counts[:n].min() == 0:
        return f"epoch_batches left out {np.sum(counts[:n] == 0)} of {n} indices {about}."
    if counts.max() > 1:
        return f"epoch_batches returned {np.sum(counts > 1)} of {n} indices twice or more {about}."
    sizes = [len(batch) for batch in _batches(call)]
    wanted = [batch_size] * (n // batch_size) + [n % batch_size] * (n % batch_size > 0)
    if sizes != wanted:
        return f"epoch_batches returned batches of sizes {sizes}, expected {wanted} {about}."
    return None


def _epoch_shuffled(observations):
    for call in observations:
        why = _epoch_malformed(call)
        if why:
            return why
        if np.all(np.diff(_indices(call)) == 1):
            return "epoch_batches returned all indices in order, expected them shuffled."
        if _spread_of(call) < 8:
            return (
                "epoch_batches returned batches of neighbors, expected each batch to draw from all "
                "indices: shuffle first, then cut."
            )
    return not_from_rng("epoch_batches", observations, _indices)


def _spread_of(call):
    """The widest range of indices that one batch spans."""
    return max(int(np.ptp(batch)) for batch in _batches(call))


def _epoch_in_order(observations):
    (call,) = observations
    why = _epoch_malformed(call)
    if why:
        return why
    if not np.all(np.diff(_indices(call)) == 1):
        return "epoch_batches shuffled although shuffle=False, expected 0, 1, 2, ... in order."
    return None


def _is_sorted(call):
    return np.array_equal(_indices(call), range(call.arguments[0]))


def _made_of_neighbors(call):
    """Whether every batch is a run of neighbors, as far as batches of one can be said to be."""
    whole = np.array_equal(np.sort(_indices(call)), range(call.arguments[0]))
    return whole and all(np.all(np.diff(batch) == 1) for batch in _batches(call))


def _asked_to_shuffle(call):
    return len(call.arguments) == 3 and call.arguments[0] > 8


def _when_shuffled(predicate):
    return every_call(lambda call: predicate(call) if _asked_to_shuffle(call) else True)


@epoch.mistake(
    "last short batch left out",
    "n need not be a multiple of batch_size: let the last batch be short, don't drop it.",
    shows=every_call(
        lambda call: (
            len(call.value) == call.arguments[0] // call.arguments[1]
            and all(len(batch) == call.arguments[1] for batch in _batches(call))
        )
    ),
)
def _(n, batch_size, rng, shuffle=True):
    batches = epoch_batches(n, batch_size, rng, shuffle)
    return [batch for batch in batches if len(batch) == batch_size]


@epoch.mistake(
    "drawn with replacement",
    "Independent draws miss some indices and repeat others: shuffle all of them once with "
    "rng.permutation(n), then cut.",
    shows=_when_shuffled(
        lambda call: len(np.unique(_indices(call))) < len(_indices(call)) >= call.arguments[0]
    ),
)
def _(n, batch_size, rng, shuffle=True):
    order = rng.integers(0, n, n) if shuffle else np.arange(n)
    return [order[start : start + batch_size] for start in range(0, n, batch_size)]


@epoch.mistake(
    "shuffles within batches only",
    "Shuffle all indices first, then cut: yours are cut first, so a batch always holds the same "
    "images.",
    shows=_when_shuffled(
        lambda call: (
            _spread_of(call) < call.arguments[1]
            and np.array_equal(np.sort(_batches(call)[0]), range(call.arguments[1]))
            and (call.arguments[1] == 1 or not _is_sorted(call))
        )
    ),
)
def _(n, batch_size, rng, shuffle=True):
    batches = epoch_batches(n, batch_size, rng, shuffle=False)
    return [rng.permutation(batch) for batch in batches] if shuffle else batches


@epoch.mistake(
    "shuffles the batches, not the images",
    "Yours visits the batches in a random order, but each is a block of neighbors: shuffle the "
    "indices, then cut.",
    shows=lambda cases: (
        _when_shuffled(_made_of_neighbors)(cases) and not every_call(_is_sorted)(cases)
    ),
)
def _(n, batch_size, rng, shuffle=True):
    batches = epoch_batches(n, batch_size, rng, shuffle=False)
    return [batches[i] for i in rng.permutation(len(batches))] if shuffle else batches


@epoch.mistake(
    "never shuffles",
    "When shuffle is True, start from rng.permutation(n), not from np.arange(n).",
    shows=every_call(_is_sorted),
)
def _(n, batch_size, rng, shuffle=True):
    return epoch_batches(n, batch_size, rng, shuffle=False)


@epoch.mistake(
    "always shuffles",
    "When shuffle is False, keep the order 0, 1, 2, ...: start from np.arange(n).",
    shows=every_call(
        lambda call: (
            np.array_equal(np.sort(_indices(call)), range(call.arguments[0]))
            and (call.arguments[0] < 8 or not np.all(np.diff(_indices(call)) == 1))
            and (call.arguments[1] == 1 or call.arguments[0] < 8 or _spread_of(call) >= 8)
            and len(_batches(call)[0]) == min(call.arguments[:2])
        )
    ),
)
def _(n, batch_size, rng, shuffle=True):
    return epoch_batches(n, batch_size, rng)


@epoch.mistake(
    "batches of nearly equal size",
    "Every batch but the last has batch_size indices: cut with order[start : start + batch_size], "
    "not with np.array_split.",
    shows=every_call(
        lambda call: (
            np.array_equal(np.sort(_indices(call)), range(call.arguments[0]))
            and np.ptp([len(batch) for batch in _batches(call)]) <= 1
            and len(call.value) == math.ceil(call.arguments[0] / call.arguments[1])
        )
    ),
)
def _(n, batch_size, rng, shuffle=True):
    order = rng.permutation(n) if shuffle else np.arange(n)
    return np.array_split(order, math.ceil(n / batch_size))


@epoch.mistake(
    "last batch filled up again",
    "Let the last batch be short: yours is filled with indices that had their turn.",
    shows=every_call(
        lambda call: (
            all(len(batch) == call.arguments[1] for batch in _batches(call))
            and len(_indices(call)) >= call.arguments[0]
            and len(np.unique(_indices(call))) == call.arguments[0]
        )
    ),
)
def _(n, batch_size, rng, shuffle=True):
    order = rng.permutation(n) if shuffle else np.arange(n)
    order = np.resize(order, math.ceil(n / batch_size) * batch_size)
    return list(order.reshape(-1, batch_size))


@epoch.mistake(
    "draws from elsewhere",
    "Draw from the rng that is passed in, not from np.random or a new generator: only then can a "
    "run be repeated.",
    shows=draws(0, 1, alike=False, drawn=_indices),
)
def _(n, batch_size, rng, shuffle=True):
    return epoch_batches(n, batch_size, np.random.default_rng(), shuffle)


@epoch.mistake(
    "seed of its own",
    "The function sets a seed itself, so every epoch has the same order: draw from the rng that is "
    "passed in.",
    shows=draws(0, 2, alike=True, drawn=_indices),
)
def _(n, batch_size, rng, shuffle=True):
    return epoch_batches(n, batch_size, np.random.default_rng(231), shuffle)


# ------------------------------------------------------------------------ the training loop

N_IMAGES, BATCH_SIZE, N_EPOCHS = 11, 4, 3
SIZES = [4, 4, 3]

training = Exercise(
    "train_sgd",
    assignment=ASSIGNMENT,
    parts={"steps": 2, "batches": 2, "losses": 1},
    hints=(
        "Two nested loops: over the epochs, and over the batches of an epoch. Which of your "
        "functions cuts an epoch into batches?",
        "epoch_batches(len(X), batch_size, rng) gives the row numbers of each batch. Call it "
        "inside the loop over the epochs: then every epoch has an order of its own.",
        "For each batch: loss and gradient from one call of loss_and_grad(W, X[rows], y[rows], "
        "reg); append the loss to a list; W becomes W minus step_size times the gradient. Return "
        "W and an array of the list.",
    ),
)


@training.solved_by
def train_sgd(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng):
    W, losses = W0, []
    for _ in range(n_epochs):
        for rows in epoch_batches(len(X), batch_size, rng):
            loss, gradient = loss_and_grad(W, X[rows], y[rows], reg)
            losses.append(loss)
            W = W - step_size * gradient
    return W, np.array(losses)


@training.examined_by
def _(rng):
    def draw():
        X, y = _labeled_images(rng, N_IMAGES, n_classes=3)
        y[:3] = rng.permutation(3)
        W0 = rng.choice([-1.0, 1.0], (N_INPUTS, 3)) * rng.uniform(0.5, 1.5, (N_INPUTS, 3))
        step_size, reg = float(rng.uniform(0.05, 0.1)), float(rng.uniform(0.3, 0.6))
        return Recipe("least_squares"), W0, X, y, step_size, reg, BATCH_SIZE, N_EPOCHS

    for part, verify in (("steps", _train_steps), ("losses", _train_losses)):
        for seed in seeds(rng):
            calls = [(*draw(), generator(seed))]
            keeps = part == "steps"
            yield Case(
                part, calls, answer=None, verify=verify, keeps_arguments=keeps, trusts_client=True
            )
    drawn, (seed, other) = draw(), seeds(rng)
    calls = [(*drawn, generator(s)) for s in (seed, seed, other)]
    yield Case(
        "batches",
        calls,
        answer=None,
        verify=_train_batches,
        keeps_arguments=False,
        trusts_client=True,
    )


def _evaluations(call):
    """Weights and losses of all evaluations, and the batches as lists of images and labels."""
    record = call.records["0"]
    cuts = np.cumsum(record["sizes"])[:-1]
    batches = zip(np.split(record["images"], cuts), np.split(record["labels"], cuts), strict=True)
    return record["points"], record["values"], list(batches)


def _never_evaluated(call):
    record = call.records["0"]
    if "points" in record and record["points"].shape[1:] == call.arguments[1].shape:
        return None
    return "train_sgd never called loss_and_grad with weights of the shape of W0."


def _steps_off(call, gradient_of):
    """The largest difference from the weights that steps along these gradients lead to.

    `gradient_of(W, images, labels, call)` is to be a whole step; NaN if nothing was evaluated.
    """
    points, _, batches = _evaluations(call)
    ends = [*points[1:], np.asarray(_pair(call.value)[0], dtype=float)]
    return max(
        float(np.abs(start - gradient_of(start, *batch, call) - end).max())
        for start, batch, end in zip(points, batches, ends, strict=True)
    )


def _right_step(W, images, labels, call):
    step_size, reg = call.arguments[4:6]
    return step_size * least_squares(W, images, labels, reg)[1]


def _is_step(gradient_of):
    return every_call(lambda call: _steps_off(call, gradient_of) < 1e-4)


def _train_steps(observations):
    (call,) = observations
    why = _never_evaluated(call)
    if why:
        return why
    if not isinstance(call.value, tuple | list) or len(call.value) != 2:
        return f"train_sgd returned {kind_of(call.value)}, expected 2 values."
    why = compare(call.value[0], call.arguments[1], rtol=0.0, atol=1e300)
    if why:
        return f"train_sgd (value 1 of 2) {why}"
    points, _, _ = _evaluations(call)
    if not np.allclose(points[0], call.arguments[1], atol=1e-5):
        return "train_sgd evaluated the first batch elsewhere than at W0."
    if _steps_off(call, _right_step) > 1e-4:
        return (
            "train_sgd moved otherwise than by W - step_size * gradient, with the gradient of "
            "each batch at the weights of that moment and with reg."
        )
    return None


def _orders(call):
    """The rows of X in the order in which they were used, an array for each epoch."""
    rows = _rows_of(call.records["0"]["images"], call.arguments[2])
    return np.split(rows, len(rows) // N_IMAGES) if len(rows) % N_IMAGES == 0 else [rows]


def _used(call):
    return np.concatenate(_orders(call))


def _train_batches(observations):
    for call in observations:
        why = _never_evaluated(call)
        if why:
            return why
        sizes = call.records["0"]["sizes"].tolist()
        if sizes != SIZES * N_EPOCHS:
            return (
                f"train_sgd used batches of sizes {_shortened(sizes)}, expected "
                f"{SIZES * N_EPOCHS}: {N_IMAGES} images in batches of {BATCH_SIZE}, "
                f"{N_EPOCHS} epochs."
            )
        if np.any(_used(call) < 0):
            return "train_sgd used an image that is not a row of X."
        if np.any(call.arguments[3][_used(call)] != call.records["0"]["labels"]):
            return "train_sgd used images with labels of other rows: take X[rows] and y[rows]."
        for order in _orders(call):
            if len(set(order.tolist())) < N_IMAGES:
                return "train_sgd did not use every image once in each epoch."
        if np.array_equal(*_orders(call)[:2]) and np.array_equal(*_orders(call)[1:]):
            return "train_sgd used the images in the same order in every epoch."
    return not_from_rng("train_sgd", observations, _used)


def _shortened(items):
    return f"{items[:12]}".replace("]", ", ...]") if len(items) > 12 else f"{items}"


def _train_losses(observations):
    (call,) = observations
    why = _never_evaluated(call)
    if why:
        return why
    values = call.records["0"]["values"]
    if not isinstance(call.value, tuple | list) or len(call.value) != 2:
        return f"train_sgd returned {kind_of(call.value)}, expected 2 values."
    why = compare(_numbers(call.value[1]), values, rtol=1e-4, atol=1e-6)
    return f"train_sgd (value 2 of 2) {why}" if why else None


def _whole_set(call):
    return set(call.records["0"]["sizes"].tolist()) == {N_IMAGES}


@training.mistake(
    "whole set in every step",
    "Pass the batch to loss_and_grad, X[rows] and y[rows], not all of X and y.",
    shows=every_call(_whole_set),
)
def _(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng):
    W, losses = W0, []
    for _ in range(n_epochs):
        for _ in epoch_batches(len(X), batch_size, rng):
            loss, gradient = loss_and_grad(W, X, y, reg)
            losses.append(loss)
            W = W - step_size * gradient
    return W, losses


def _in_order(call):
    return all(np.array_equal(order, range(N_IMAGES)) for order in _orders(call))


@training.mistake(
    "never shuffled",
    "The batches come in the order of the data: draw a new permutation in every epoch.",
    shows=every_call(_in_order),
)
def _(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng):
    W, losses = W0, []
    for _ in range(n_epochs):
        for rows in epoch_batches(len(X), batch_size, rng, shuffle=False):
            loss, gradient = loss_and_grad(W, X[rows], y[rows], reg)
            losses.append(loss)
            W = W - step_size * gradient
    return W, losses


@training.mistake(
    "shuffled once for all epochs",
    "Draw a new order in every epoch: call epoch_batches inside the loop over the epochs.",
    shows=every_call(
        lambda call: (
            len(_orders(call)) == N_EPOCHS
            and not _in_order(call)
            and np.ptp(_orders(call), axis=0).max() == 0
        )
    ),
)
def _(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng):
    W, losses, batches = W0, [], epoch_batches(len(X), batch_size, rng)
    for _ in range(n_epochs):
        for rows in batches:
            loss, gradient = loss_and_grad(W, X[rows], y[rows], reg)
            losses.append(loss)
            W = W - step_size * gradient
    return W, losses


@training.mistake(
    "batches drawn with replacement",
    "An epoch uses every image once: take the batches from epoch_batches, not from "
    "sample_minibatch.",
    shows=every_call(
        lambda call: (
            len(call.records["0"]["sizes"]) == len(SIZES) * N_EPOCHS
            and len(_used(call)) >= N_IMAGES * N_EPOCHS
            and not _whole_set(call)
            and np.ptp(np.bincount(_used(call), minlength=N_IMAGES)) > 0
        )
    ),
)
def _(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng):
    W, losses = W0, []
    for _ in range(n_epochs * math.ceil(len(X) / batch_size)):
        X_batch, y_batch = sample_minibatch(X, y, batch_size, rng)
        loss, gradient = loss_and_grad(W, X_batch, y_batch, reg)
        losses.append(loss)
        W = W - step_size * gradient
    return W, losses


@training.mistake(
    "last short batch left out",
    "The last batch of an epoch may be short, but its images count too: don't drop it.",
    shows=every_call(
        lambda call: (
            set(call.records["0"]["sizes"].tolist()) == {BATCH_SIZE}
            and len(_used(call)) < N_EPOCHS * N_IMAGES
        )
    ),
)
def _(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng):
    W, losses = W0, []
    for _ in range(n_epochs):
        for rows in epoch_batches(len(X), batch_size, rng)[: len(X) // batch_size]:
            loss, gradient = loss_and_grad(W, X[rows], y[rows], reg)
            losses.append(loss)
            W = W - step_size * gradient
    return W, losses


@training.mistake(
    "labels of other images",
    "Use the same rows for images and labels: X[rows] and y[rows].",
    shows=every_call(
        lambda call: np.mean(call.arguments[3][_used(call)] != call.records["0"]["labels"]) > 0.2
    ),
)
def _(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng):
    W, losses = W0, []
    for _ in range(n_epochs):
        labels = epoch_batches(len(X), batch_size, rng, shuffle=False)
        for rows, others in zip(epoch_batches(len(X), batch_size, rng), labels, strict=True):
            loss, gradient = loss_and_grad(W, X[rows], y[others], reg)
            losses.append(loss)
            W = W - step_size * gradient
    return W, losses


@training.mistake(
    "climbs",
    "The gradient points uphill: subtract step_size times the gradient, don't add it.",
    shows=_is_step(lambda W, images, labels, call: -_right_step(W, images, labels, call)),
)
def _(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng):
    return train_sgd(loss_and_grad, W0, X, y, -step_size, reg, batch_size, n_epochs, rng)


@training.mistake(
    "regularization left out",
    "Pass reg on to loss_and_grad.",
    shows=_is_step(
        lambda W, images, labels, call: call.arguments[4] * least_squares(W, images, labels, 0.0)[1]
    ),
)
def _(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng):
    return train_sgd(loss_and_grad, W0, X, y, step_size, 0.0, batch_size, n_epochs, rng)


@training.mistake(
    "regularization counted twice",
    "The gradient of loss_and_grad holds 2 * reg * W already: don't add it again.",
    shows=_is_step(
        lambda W, images, labels, call: (
            call.arguments[4] * least_squares(W, images, labels, 2 * call.arguments[5])[1]
        )
    ),
)
def _(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng):
    W, losses = W0, []
    for _ in range(n_epochs):
        for rows in epoch_batches(len(X), batch_size, rng):
            loss, gradient = loss_and_grad(W, X[rows], y[rows], reg)
            losses.append(loss)
            W = W - step_size * (gradient + 2 * reg * W)
    return W, losses


@training.mistake(
    "divided by the batch size again",
    "The loss is a mean over the batch already: don't divide its gradient by batch_size.",
    shows=_is_step(
        lambda W, images, labels, call: _right_step(W, images, labels, call) / BATCH_SIZE
    ),
)
def _(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng):
    step_size = step_size / batch_size
    return train_sgd(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng)


@training.mistake(
    "one loss an epoch",
    "Append a loss in every step, not once an epoch.",
    shows=every_call(lambda call: len(call.value[1]) == N_EPOCHS),
)
def _(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng):
    W, losses = train_sgd(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng)
    return W, losses[:: len(losses) // n_epochs]


@training.mistake(
    "starts each epoch from W0",
    "Set W = W0 once, before the first epoch: yours throws away what each epoch learned.",
    shows=every_call(
        lambda call: (
            all(np.allclose(_evaluations(call)[0][i], call.arguments[1]) for i in (0, 3, 6))
            and len(_evaluations(call)[0]) == 9
        )
    ),
)
def _(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng):
    all_losses = []
    for _ in range(n_epochs):
        W, losses = train_sgd(loss_and_grad, W0, X, y, step_size, reg, batch_size, 1, rng)
        all_losses.extend(losses)
    return W, all_losses


@training.mistake(
    "changes W0",
    "`W -= ...` changes the caller's W0, because W names the same array: write W = W - ....",
    shows=every_call(lambda call: not np.array_equal(call.after[1], call.arguments[1])),
)
def _(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng):
    W, losses = train_sgd(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng)
    W0[:] = W
    return W0, losses


@training.mistake(
    "evaluates twice a step",
    "loss_and_grad(...)[0] and loss_and_grad(...)[1] compute everything twice: write "
    "loss, gradient = loss_and_grad(...).",
    shows=every_call(
        lambda call: np.array_equal(call.records["0"]["sizes"], np.repeat(SIZES * N_EPOCHS, 2))
    ),
)
def _(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng):
    W, losses = W0, []
    for _ in range(n_epochs):
        for rows in epoch_batches(len(X), batch_size, rng):
            losses.append(loss_and_grad(W, X[rows], y[rows], reg)[0])
            W = W - step_size * loss_and_grad(W, X[rows], y[rows], reg)[1]
    return W, losses


@training.mistake(
    "draws from elsewhere",
    "Draw from the rng that is passed in, not from np.random or a new generator: only then can a "
    "run be repeated.",
    shows=draws(0, 1, alike=False, drawn=_used),
)
def _(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng):
    rng = np.random.default_rng()
    return train_sgd(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng)


@training.mistake(
    "seed of its own",
    "The function sets a seed itself, so every run is the same: draw from the rng that is passed "
    "in.",
    shows=draws(0, 2, alike=True, drawn=_used),
)
def _(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng):
    rng = np.random.default_rng(231)
    return train_sgd(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng)


# ------------------------------------------------------------------------ the settings

settings = Exercise(
    "search_hyperparameters",
    assignment=ASSIGNMENT,
    parts={"best": 1, "results": 1, "diverged runs": 1},
    hints=(
        "Every value of one hyperparameter meets every value of the others. The module itertools "
        "has a function for that.",
        "itertools.product(*grid.values()) yields each combination as a tuple, in the order that "
        "train_and_score takes; call it with *setting, once, and keep the score in results.",
        "Start from a best score of -np.inf, and replace the best only if the new score is "
        "higher: a comparison with nan is False, so a run that failed never wins.",
    ),
)


@settings.solved_by
def search_hyperparameters(train_and_score, grid):
    results = {}
    best_setting, best_score = None, -np.inf
    for setting in itertools.product(*grid.values()):
        results[setting] = train_and_score(*setting)
        if results[setting] > best_score:
            best_setting, best_score = setting, results[setting]
    return best_setting, results


GRIDS = ({"step_size": 4, "reg": 3}, {"step_size": 2, "reg": 3, "batch_size": 4}, {"step_size": 5})


@settings.examined_by
def _(rng):
    for lengths in GRIDS:
        for part, answer in (("best", _best_setting), ("results", _results)):
            calls = [_score_table(rng, lengths)]
            yield Case(
                part,
                calls,
                answer=answer,
                verify=_one_training_a_setting,
                trusts_client=True,
                rtol=1e-9,
            )
    for diverged, shift in (((0, 5, 11), 0.0), ((0, 2), -5.0)):
        calls = [_score_table(rng, GRIDS[0], diverged, shift)]
        yield Case("diverged runs", calls, answer=_best_setting, verify=_every_setting, rtol=1e-9)


def _score_table(rng, lengths, diverged=(), shift=0.0):
    """A table of scores and its grid; the best setting is inside the table, never at a corner."""
    grid = {
        name: (10.0 ** (rng.uniform(-4, -3) + np.arange(length))).tolist()
        for name, length in lengths.items()
    }
    table = np.array(list(itertools.product(*grid.values())))
    scores = rng.permutation(np.linspace(0.1, 0.4, len(table))) + rng.uniform(0, 0.004, len(table))
    best, other = scores.argmax(), int(rng.integers(1, len(table) - 1))
    while other in diverged:
        other = int(rng.integers(1, len(table) - 1))
    scores[[best, other]] = scores[[other, best]]
    scores[list(diverged)] = np.nan
    recipe = Recipe("score_table", names=list(grid), settings=table, scores=scores + shift)
    return recipe, grid


def _best_setting(observations):
    return tuple(_pair(observations[-1].value)[0])


def _results(observations):
    results = _pair(observations[-1].value)[1]
    return {str(tuple(map(float, key))): value for key, value in results.items()}


def _n_settings(call):
    return math.prod(len(values) for values in call.arguments[1].values())


def _every_setting(observations):
    n_results, n_settings = len(_results(observations)), _n_settings(observations[0])
    if n_results == n_settings:
        return None
    return (
        f"search_hyperparameters returned results for {n_results} of {n_settings} settings, "
        "expected every one, with its score or nan."
    )


def _one_training_a_setting(observations):
    n_calls, n_settings = observations[0].records["0"]["n_calls"], _n_settings(observations[0])
    if n_calls == n_settings:
        return None
    return (
        f"search_hyperparameters trained {n_calls} times for {n_settings} settings, expected once "
        "for each."
    )


@settings.mistake("lowest score", "The score is an accuracy: the highest is best, not the lowest.")
def _(train_and_score, grid):
    results, best_setting, best_score = {}, None, np.inf
    for setting in itertools.product(*grid.values()):
        results[setting] = train_and_score(*setting)
        if results[setting] < best_score:
            best_setting, best_score = setting, results[setting]
    return best_setting, results


@settings.mistake(
    "settings in pairs",
    "zip takes the first of each list, then the second of each: use itertools.product to try every "
    "combination.",
)
def _(train_and_score, grid):
    results = {setting: train_and_score(*setting) for setting in zip(*grid.values(), strict=False)}
    return max(results, key=results.get), results


@settings.mistake(
    "best score, not its setting",
    "Return the setting that had the best score first, not the score.",
)
def _(train_and_score, grid):
    best, results = search_hyperparameters(train_and_score, grid)
    return results[best], results


@settings.mistake(
    "one hyperparameter after the other",
    "The best step size depends on reg: try every combination, not one list at a time.",
)
def _(train_and_score, grid):
    best, results = [values[0] for values in grid.values()], {}
    for i, values in enumerate(grid.values()):
        for value in values:
            setting = (*best[:i], value, *best[i + 1 :])
            if setting not in results:
                results[setting] = train_and_score(*setting)
        best[i] = max(values, key=lambda value: results[(*best[:i], value, *best[i + 1 :])])
    return tuple(best), results


@settings.mistake(
    "a diverged run wins",
    "A run that blew up scores nan, and every comparison with nan is False: start from -np.inf and "
    "ask whether the new score is higher.",
)
def _(train_and_score, grid):
    _, results = search_hyperparameters(train_and_score, grid)
    return max(results, key=results.get), results


@settings.mistake(
    "best score starts at 0",
    "Scores can be below 0, say a negative loss: start from -np.inf.",
)
def _(train_and_score, grid):
    best, results = search_hyperparameters(train_and_score, grid)
    return (best if results[best] > 0 else None), results


@settings.mistake(
    "last setting",
    "Remember the best setting so far, and replace it only when the score is higher.",
)
def _(train_and_score, grid):
    _, results = search_hyperparameters(train_and_score, grid)
    return list(results)[-1], results


@settings.mistake(
    "results of improvements only", "results holds the score of every setting, good or bad."
)
def _(train_and_score, grid):
    best, scores = search_hyperparameters(train_and_score, grid)
    results, highest = {}, -np.inf
    for setting, score in scores.items():
        if score > highest:
            highest = results[setting] = score
    return best, results


@settings.mistake(
    "diverged runs left out",
    "results holds every setting: keep the nan of a run that blew up, too.",
)
def _(train_and_score, grid):
    best, scores = search_hyperparameters(train_and_score, grid)
    return best, {setting: score for setting, score in scores.items() if not math.isnan(score)}


@settings.mistake(
    "trains the best once more",
    "Each call of train_and_score is a whole training run: keep its score, don't ask again.",
)
def _(train_and_score, grid):
    results, best = {}, None
    for setting in itertools.product(*grid.values()):
        results[setting] = train_and_score(*setting)
        if best is None or not train_and_score(*best) >= results[setting]:
            best = setting if results[setting] == results[setting] else best
    return best, results


# --------------------------------------------------------------- weights that reach a target

N_TRAIN, N_VALIDATION, N_HELD_OUT, SIDE, N_CLASSES = 1000, 200, 1000, 4, 5

outcome = Exercise(
    "train_linear_classifier",
    assignment=ASSIGNMENT,
    parts={"pixels from 0 to 255": 2, "pixels from 0 to 1": 2},
    hints=(
        "The scale of the pixels is not known, so no step size can be written down. Which of your "
        "functions can find one?",
        "Use search_hyperparameters over powers of ten, from 1e-8 to 10. Its train_and_score "
        "trains with train_sgd and softmax_loss_and_gradient, on part of the images to save time, "
        "and returns the accuracy on X_val.",
        "W0 is zeros of shape (D, y.max() + 1). Train once more on all images for several epochs "
        "with the best step size, then a few more with a tenth of it, from the weights you have. "
        "Return W alone: train_sgd returns two values.",
    ),
)


@outcome.solved_by
def train_linear_classifier(X, y, X_val, y_val, rng):
    W0 = np.zeros((X.shape[1], y.max() + 1), dtype=X.dtype)

    def train_and_score(step_size):
        W, _ = train_sgd(
            softmax_loss_and_gradient, W0, X[:2000], y[:2000], step_size, 0.0, 100, 3, rng
        )
        return np.mean(np.argmax(X_val @ W, axis=1) == y_val)

    grid = {"step_size": [10.0**exponent for exponent in range(-8, 2)]}
    (step_size,), _ = search_hyperparameters(train_and_score, grid)
    W, _ = train_sgd(softmax_loss_and_gradient, W0, X, y, step_size, 0.0, 100, 8, rng)
    W, _ = train_sgd(softmax_loss_and_gradient, W, X, y, step_size / 10, 0.0, 100, 4, rng)
    return W


MARGIN = 0.10
"""How far the held-out accuracy may stay behind that of the closed form."""


@outcome.examined_by
def _(rng):
    for part, largest in (("pixels from 0 to 255", 255.0), ("pixels from 0 to 1", 1.0)):
        X, y = _pictures(rng, largest)
        train, validation, held_out = np.split(np.arange(len(y)), [N_TRAIN, N_TRAIN + N_VALIDATION])
        goal = _closed_form_accuracy(X, y, train, held_out) - MARGIN
        calls = [(X[train], y[train], X[validation], y[validation], _generator(rng))]
        yield Case(part, calls, answer=None, verify=_reaches(goal, X[held_out], y[held_out]))


def _generator(rng):
    return generator(seeds(rng, 1)[0])


def _pictures(rng, largest):
    """Pictures that differ little between classes and much in light, as photographs do."""
    n = N_TRAIN + N_VALIDATION + N_HELD_OUT
    rows, columns = np.mgrid[-1 : 1 : SIDE * 1j, -1 : 1 : SIDE * 1j]
    light = np.stack([np.ones_like(rows), rows, columns])  # all over, from above, from the side
    y = rng.integers(0, N_CLASSES, n)
    templates = rng.normal(128, 10, (N_CLASSES, SIDE, SIDE, 3))
    pixels = templates[y] + rng.normal(0, 25, (n, SIDE, SIDE, 3))
    pixels += np.einsum("nk,krc->nrc", rng.normal(0, 40, (n, 3)), light)[..., np.newaxis]
    X = np.clip(pixels, 0, 255).reshape(n, -1) * (largest / 255)
    X -= X[:N_TRAIN].mean(axis=0)
    return np.hstack([X, np.ones((n, 1))]).astype(np.float32), y


def _closed_form_accuracy(X, y, train, held_out):
    """Held-out accuracy of Fisher's linear discriminant (Hastie et al., section 4.3)."""
    X_train, y_train = X[train, :-1].astype(float), y[train]
    means = np.stack([X_train[y_train == c].mean(axis=0) for c in range(N_CLASSES)])
    scatter = np.cov(X_train - means[y_train], rowvar=False)
    W = np.linalg.solve(scatter, means.T)
    scores = X[held_out, :-1] @ W - 0.5 * np.sum(means.T * W, axis=0)
    return np.mean(scores.argmax(axis=1) == y[held_out])


def _accuracy(W, X, y):
    return np.mean(np.argmax(np.asarray(X, dtype=float) @ np.asarray(W), axis=1) == y)


def _reaches(goal, X, y):
    def verify(observations):
        W = observations[0].value
        why = compare(W, np.zeros((X.shape[1], N_CLASSES)), rtol=0.0, atol=1e300)
        if why:
            return f"train_linear_classifier {why}"
        accuracy = _accuracy(W, X, y)
        if accuracy >= goal:
            return None
        return (
            f"The weights of train_linear_classifier label {accuracy:.1%} of the held-out images "
            f"rightly, expected at least {goal:.1%}."
        )

    return verify


def _hardly_moved(call):
    """Whether the scores are still so alike that the loss is near its start, ln C."""
    if np.shape(call.value) != (call.arguments[0].shape[1], N_CLASSES):
        raise ValueError("not weights")
    X, y = call.arguments[:2]
    loss, _ = softmax_loss_and_gradient(np.asarray(call.value, dtype=np.float32), X, y)
    return loss > 0.9 * math.log(N_CLASSES)


def _trained(call, step_size):
    X, y, _, _, rng = call
    W0 = np.zeros((X.shape[1], y.max() + 1), dtype=X.dtype)
    return train_sgd(softmax_loss_and_gradient, W0, X, y, step_size, 0.0, 100, 8, rng)


def _shaped(n_inputs=None, n_classes=None):
    """A `shows`: weights of this shape, where None is the right number."""
    return every_call(
        lambda call: (
            call.value.shape == (n_inputs or call.arguments[0].shape[1], n_classes or N_CLASSES)
        )
    )


@outcome.mistake(
    "one step size for all pixels",
    "The step size is right for pixels up to 255 and far too small for pixels up to 1: search for "
    "it on the validation images in place of writing it down.",
    shows=every_call(lambda call: _hardly_moved(call) == (np.ptp(call.arguments[0]) < 10)),
)
def _(X, y, X_val, y_val, rng):
    return _trained((X, y, X_val, y_val, rng), 1e-4)[0]


@outcome.mistake(
    "hardly trained",
    "The loss has hardly fallen: the step size is far too small for these images. Try powers of "
    "ten from 1e-8 to 10 and keep the one with the highest validation accuracy.",
    shows=every_call(lambda call: np.ptp(call.value) > 0 and _hardly_moved(call)),
)
def _(X, y, X_val, y_val, rng):
    return _trained((X, y, X_val, y_val, rng), 1e-8)[0]


@outcome.mistake(
    "the setting, not the weights",
    "That is the best setting: train with it once more, and return the weights W.",
    shows=every_call(lambda call: np.size(call.value) <= 2 and np.ndim(call.value) <= 1),
)
def _(X, y, X_val, y_val, rng):
    return (1e-6, 0.0)


@outcome.mistake(
    "weights of the start",
    "All weights are still equal, as at the start: return the weights that train_sgd returned.",
    shows=every_call(lambda call: np.ndim(call.value) == 2 and np.ptp(call.value) == 0),
)
def _(X, y, X_val, y_val, rng):
    W0 = np.zeros((X.shape[1], y.max() + 1), dtype=X.dtype)
    train_sgd(softmax_loss_and_gradient, W0, X[:200], y[:200], 1e-6, 0.0, 100, 1, rng)
    return W0


@outcome.mistake(
    "weights and losses",
    "train_sgd returns two values: return the weights alone.",
    shows=every_call(lambda call: isinstance(call.value, tuple) and len(call.value) == 2),
)
def _(X, y, X_val, y_val, rng):
    return _trained((X, y, X_val, y_val, rng), 1e-4)


@outcome.mistake(
    "transposed",
    "Return W with one column a class, shape (D, C).",
    shows=every_call(lambda call: call.value.shape == (N_CLASSES, call.arguments[0].shape[1])),
)
def _(X, y, X_val, y_val, rng):
    return _trained((X, y, X_val, y_val, rng), 1e-4)[0].T


@outcome.mistake(
    "always ten classes",
    "The number of classes is y.max() + 1, not always 10.",
    shows=_shaped(n_classes=10),
)
def _(X, y, X_val, y_val, rng):
    W0 = np.zeros((X.shape[1], 10), dtype=X.dtype)
    return train_sgd(softmax_loss_and_gradient, W0, X, y, 1e-4, 0.0, 100, 2, rng)[0]


@outcome.mistake(
    "bias left out",
    "X has its column of ones already: train with all columns, so that W has a row for each.",
    shows=every_call(lambda call: call.value.shape == (call.arguments[0].shape[1] - 1, N_CLASSES)),
)
def _(X, y, X_val, y_val, rng):
    return _trained((X[:, :-1], y, X_val[:, :-1], y_val, rng), 1e-4)[0]


@outcome.mistake(
    "labels instead of weights",
    "Return the weights W, not the labels that they give.",
    shows=every_call(lambda call: call.value.ndim == 1),
)
def _(X, y, X_val, y_val, rng):
    return np.argmax(X_val @ _trained((X, y, X_val, y_val, rng), 1e-4)[0], axis=1)


EXERCISES = (descent, sample, epoch, training, settings, outcome)

WRITTEN = (
    Written(
        "written-batch-size",
        ASSIGNMENT,
        2,
        "(a) One point: the standard error of a mean of n_b independent gradients falls as "
        "1 / sqrt(n_b), so its variance falls as 1 / n_b; with 100 times the images the deviation "
        "is 10 times smaller, for 100 times the work. (b) One point: for the work of one full "
        "gradient one can take N / n_b steps, each nearly as well directed (cosine near 1 early "
        "on), so the loss falls much further in the same time; reading it off the two figures "
        "with this reason suffices.",
    ),
    Written(
        "written-validation",
        ASSIGNMENT,
        2,
        "(a) One point: the validation accuracy of the best of many settings is the highest of "
        "many noisy numbers (1,000 images: a standard error of about 1.5 points), so it is too "
        "high on average; the test images played no part in the choice. (b) One point: choosing "
        "by test accuracy would make the test images a second validation set and their figure too "
        "high as well, with nothing left to notice it; an answer that says an unbiased estimate "
        "needs images that were used for no choice earns it.",
    ),
)
