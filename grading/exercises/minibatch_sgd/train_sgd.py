"""Train weights by minibatch SGD, with a new order of the images in every epoch."""

import math

import numpy as np

from cs231n_utils.checking.channel import Recipe

from ..compare import compare, kind_of
from ..describe import Case, Exercise
from ..draws import draws, every_call, generator, not_from_rng, seeds
from ..functions import least_squares
from .epoch_batches import epoch_batches
from .labeled_images import N_INPUTS, labeled_images, rows_of
from .pairs import as_numbers, as_pair
from .sample_minibatch import sample_minibatch

N_IMAGES, BATCH_SIZE, N_EPOCHS = 11, 4, 3

SIZES = [4, 4, 3]

exercise = Exercise(
    "train_sgd",
    assignment="06-minibatch-sgd",
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


@exercise.solved_by
def train_sgd(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng):
    W, losses = W0, []
    for _ in range(n_epochs):
        for rows in epoch_batches(len(X), batch_size, rng):
            loss, gradient = loss_and_grad(W, X[rows], y[rows], reg)
            losses.append(loss)
            W = W - step_size * gradient
    return W, np.array(losses)


@exercise.examined_by
def cases(rng):
    def draw():
        X, y = labeled_images(rng, N_IMAGES, n_classes=3)
        y[:3] = rng.permutation(3)
        W0 = rng.choice([-1.0, 1.0], (N_INPUTS, 3)) * rng.uniform(0.5, 1.5, (N_INPUTS, 3))
        step_size, reg = float(rng.uniform(0.05, 0.1)), float(rng.uniform(0.3, 0.6))
        return Recipe("least_squares"), W0, X, y, step_size, reg, BATCH_SIZE, N_EPOCHS

    for part, verify in (("steps", _wrong_steps), ("losses", _wrong_losses)):
        for seed in seeds(rng):
            calls = [(*draw(), generator(seed))]
            keeps = part == "steps"
            yield Case(part, calls, answer=None, verify=verify, keeps_arguments=keeps)
    drawn, (seed, other) = draw(), seeds(rng)
    calls = [(*drawn, generator(s)) for s in (seed, seed, other)]
    yield Case(
        "batches",
        calls,
        answer=None,
        verify=_wrong_batches,
        keeps_arguments=False,
    )


def _evaluations(call):
    """Weights and losses of all evaluations, and the batches as lists of images and labels."""
    usage = call.usage["0"]
    cuts = np.cumsum(usage["sizes"])[:-1]
    batches = zip(np.split(usage["images"], cuts), np.split(usage["labels"], cuts), strict=True)
    return usage["points"], usage["values"], list(batches)


def _never_evaluated(call):
    usage = call.usage["0"]
    if "points" in usage and usage["points"].shape[1:] == call.arguments[1].shape:
        return None
    return "train_sgd never called loss_and_grad with weights of the shape of W0."


def _steps_off(call, gradient_of):
    """The largest difference from the weights that steps along these gradients lead to.

    `gradient_of(W, images, labels, call)` is to be a whole step; NaN if nothing was evaluated.
    """
    points, _, batches = _evaluations(call)
    ends = [*points[1:], np.asarray(as_pair(call.value)[0], dtype=float)]
    return max(
        float(np.abs(start - gradient_of(start, *batch, call) - end).max())
        for start, batch, end in zip(points, batches, ends, strict=True)
    )


def _right_step(W, images, labels, call):
    step_size, reg = call.arguments[4:6]
    return step_size * least_squares(W, images, labels, reg)[1]


def _is_step(gradient_of):
    return every_call(lambda call: _steps_off(call, gradient_of) < 1e-4)


def _wrong_steps(observations):
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
    rows = rows_of(call.usage["0"]["images"], call.arguments[2])
    return np.split(rows, len(rows) // N_IMAGES) if len(rows) % N_IMAGES == 0 else [rows]


def _used(call):
    return np.concatenate(_orders(call))


def _wrong_batches(observations):
    for call in observations:
        why = _never_evaluated(call)
        if why:
            return why
        sizes = call.usage["0"]["sizes"].tolist()
        if sizes != SIZES * N_EPOCHS:
            return (
                f"train_sgd used batches of sizes {_shortened(sizes)}, expected "
                f"{SIZES * N_EPOCHS}: {N_IMAGES} images in batches of {BATCH_SIZE}, "
                f"{N_EPOCHS} epochs."
            )
        if np.any(_used(call) < 0):
            return "train_sgd used an image that is not a row of X."
        if np.any(call.arguments[3][_used(call)] != call.usage["0"]["labels"]):
            return "train_sgd used images with labels of other rows: take X[rows] and y[rows]."
        for order in _orders(call):
            if len(set(order.tolist())) < N_IMAGES:
                return "train_sgd did not use every image once in each epoch."
        if np.array_equal(*_orders(call)[:2]) and np.array_equal(*_orders(call)[1:]):
            return "train_sgd used the images in the same order in every epoch."
    return not_from_rng("train_sgd", observations, _used)


def _shortened(items):
    return f"{items[:12]}".replace("]", ", ...]") if len(items) > 12 else f"{items}"


def _wrong_losses(observations):
    (call,) = observations
    why = _never_evaluated(call)
    if why:
        return why
    values = call.usage["0"]["values"]
    if not isinstance(call.value, tuple | list) or len(call.value) != 2:
        return f"train_sgd returned {kind_of(call.value)}, expected 2 values."
    why = compare(as_numbers(call.value[1]), values, rtol=1e-4, atol=1e-6)
    return f"train_sgd (value 2 of 2) {why}" if why else None


def _whole_set(call):
    return set(call.usage["0"]["sizes"].tolist()) == {N_IMAGES}


@exercise.mistake(
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


@exercise.mistake(
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


@exercise.mistake(
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


@exercise.mistake(
    "batches drawn with replacement",
    "An epoch uses every image once: take the batches from epoch_batches, not from "
    "sample_minibatch.",
    shows=every_call(
        lambda call: (
            len(call.usage["0"]["sizes"]) == len(SIZES) * N_EPOCHS
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


@exercise.mistake(
    "last short batch left out",
    "The last batch of an epoch may be short, but its images count too: don't drop it.",
    shows=every_call(
        lambda call: (
            set(call.usage["0"]["sizes"].tolist()) == {BATCH_SIZE}
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


@exercise.mistake(
    "labels of other images",
    "Use the same rows for images and labels: X[rows] and y[rows].",
    shows=every_call(
        lambda call: np.mean(call.arguments[3][_used(call)] != call.usage["0"]["labels"]) > 0.2
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


@exercise.mistake(
    "climbs",
    "The gradient points uphill: subtract step_size times the gradient, don't add it.",
    shows=_is_step(lambda W, images, labels, call: -_right_step(W, images, labels, call)),
)
def _(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng):
    return train_sgd(loss_and_grad, W0, X, y, -step_size, reg, batch_size, n_epochs, rng)


@exercise.mistake(
    "regularization left out",
    "Pass reg on to loss_and_grad.",
    shows=_is_step(
        lambda W, images, labels, call: call.arguments[4] * least_squares(W, images, labels, 0.0)[1]
    ),
)
def _(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng):
    return train_sgd(loss_and_grad, W0, X, y, step_size, 0.0, batch_size, n_epochs, rng)


@exercise.mistake(
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


@exercise.mistake(
    "divided by the batch size again",
    "The loss is a mean over the batch already: don't divide its gradient by batch_size.",
    shows=_is_step(
        lambda W, images, labels, call: _right_step(W, images, labels, call) / BATCH_SIZE
    ),
)
def _(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng):
    step_size = step_size / batch_size
    return train_sgd(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng)


@exercise.mistake(
    "one loss per epoch",
    "Append a loss in every step, not once per epoch.",
    shows=every_call(lambda call: len(call.value[1]) == N_EPOCHS),
)
def _(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng):
    W, losses = train_sgd(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng)
    return W, losses[:: len(losses) // n_epochs]


@exercise.mistake(
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


@exercise.mistake(
    "changes W0",
    "`W -= ...` changes the caller's W0, because W names the same array: write W = W - ....",
    shows=every_call(lambda call: not np.array_equal(call.after[1], call.arguments[1])),
)
def _(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng):
    W, losses = train_sgd(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng)
    W0[:] = W
    return W0, losses


@exercise.mistake(
    "evaluates twice per step",
    "loss_and_grad(...)[0] and loss_and_grad(...)[1] compute everything twice: write "
    "loss, gradient = loss_and_grad(...).",
    shows=every_call(
        lambda call: np.array_equal(call.usage["0"]["sizes"], np.repeat(SIZES * N_EPOCHS, 2))
    ),
)
def _(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng):
    W, losses = W0, []
    for _ in range(n_epochs):
        for rows in epoch_batches(len(X), batch_size, rng):
            losses.append(loss_and_grad(W, X[rows], y[rows], reg)[0])
            W = W - step_size * loss_and_grad(W, X[rows], y[rows], reg)[1]
    return W, losses


@exercise.mistake(
    "draws from elsewhere",
    "Draw from the rng that is passed in, not from np.random or a new generator: only then can a "
    "run be repeated.",
    shows=draws(0, 1, alike=False, drawn=_used),
)
def _(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng):
    rng = np.random.default_rng()
    return train_sgd(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng)


@exercise.mistake(
    "seed of its own",
    "The function sets a seed itself, so every run is the same: draw from the rng that is passed "
    "in.",
    shows=draws(0, 2, alike=True, drawn=_used),
)
def _(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng):
    rng = np.random.default_rng(231)
    return train_sgd(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng)
