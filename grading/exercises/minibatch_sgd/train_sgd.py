"""Train weights by minibatch SGD, with a new order of the images in every epoch."""

import math

import numpy as np

from cs231n_utils.checking.channel import Recipe

from ..compare import compare, kind_of
from ..describe import Case, Exercise
from ..draws import draws, every_call, generator, not_from_rng, seeds
from ..functions import least_squares
from ..sampling import patterned, staying
from .epoch_batches import epoch_batches
from .labeled_images import N_INPUTS, labeled_images, rows_of
from .pairs import as_numbers, as_pair
from .sample_minibatch import sample_minibatch

N_IMAGES, BATCH_SIZE, N_EPOCHS = 11, 4, 4

SIZES = [4, 4, 3]

N_ROWS, ROWS_IN_BATCH, N_ORDERS = 64, 8, 10
"""Images, batch size and epochs of the run in which the orders of the epochs are looked at."""

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


exercise.as_right("A list of numbers is right.", "return (W, losses)")


@exercise.examined_by
def cases(rng):
    def draw(n_images=N_IMAGES, batch_size=BATCH_SIZE, n_epochs=N_EPOCHS, growth=1.0):
        X, y = labeled_images(rng, n_images, n_classes=3)
        y[:3] = rng.permutation(3)
        W0 = rng.choice([-1.0, 1.0], (N_INPUTS, 3)) * rng.uniform(0.5, 1.5, (N_INPUTS, 3))
        step_size, reg = growth * float(rng.uniform(0.05, 0.1)), float(rng.uniform(0.3, 0.6))
        return Recipe("least_squares"), W0, X, y, step_size, reg, batch_size, n_epochs

    for part, verify in (("steps", _wrong_steps), ("losses", _wrong_losses)):
        # With steps five to ten times as long the loss rises, which is no reason to stop.
        for seed, growth in zip(seeds(rng), (1.0, 10.0), strict=True):
            calls = [(*draw(growth=growth), generator(seed))]
            yield Case(part, calls, answer=None, verify=verify, keeps_arguments=part == "steps")
    drawn, (seed, other) = draw(), seeds(rng)
    calls = [(*drawn, generator(s)) for s in (seed, seed, other)]
    yield Case("batches", calls, answer=None, verify=_wrong_batches, keeps_arguments=False)
    calls = [(*draw(batch_size=20, n_epochs=2), generator(seed))]
    yield Case("batches", calls, answer=None, verify=_wrong_sizes, keeps_arguments=False)
    calls = [(*draw(N_ROWS, ROWS_IN_BATCH, N_ORDERS), generator(other))]
    yield Case("batches", calls, answer=None, verify=_not_random, keeps_arguments=False)


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


def _longest(call):
    """The largest weight that loss_and_grad was called with, or 1; steps may lead far away."""
    return max(1.0, float(np.abs(call.usage["0"]["points"]).max()))


def _right_step(W, images, labels, call):
    step_size, reg = call.arguments[4:6]
    return step_size * least_squares(W, images, labels, reg)[1]


def _is_step(gradient_of):
    return every_call(lambda call: _steps_off(call, gradient_of) < 1e-4 * _longest(call))


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
    if not _steps_off(call, _right_step) < 1e-4 * _longest(call):
        return (
            "The weights of train_sgd after a step are not W - step_size * gradient, where loss "
            "and gradient come from one call of loss_and_grad with the batch, the weights before "
            "the step, and reg."
        )
    return None


def _orders(call):
    """The rows of X in the order in which they were used, an array for each epoch."""
    n_images = len(call.arguments[2])
    rows = rows_of(call.usage["0"]["images"], call.arguments[2])
    return np.split(rows, len(rows) // n_images) if len(rows) % n_images == 0 else [rows]


def _used(call):
    return np.concatenate(_orders(call))


def _wrong_sizes(observations):
    for call in observations:
        why = _never_evaluated(call)
        if why:
            return why
        n_images, (batch_size, n_epochs) = len(call.arguments[2]), call.arguments[6:8]
        cuts = range(0, n_images, batch_size)
        wanted = [min(batch_size, n_images - start) for start in cuts] * n_epochs
        sizes = call.usage["0"]["sizes"].tolist()
        if sizes != wanted:
            return (
                f"train_sgd used batches of sizes {_shortened(sizes)}, expected "
                f"{_shortened(wanted)}: {n_images} images in batches of {batch_size}, "
                f"{n_epochs} epochs."
            )
        if np.any(_used(call) < 0):
            return "train_sgd used an image that is not a row of X."
        if np.any(call.arguments[3][_used(call)] != call.usage["0"]["labels"]):
            return "train_sgd used images with labels of other rows: take X[rows] and y[rows]."
        for order in _orders(call):
            if len(set(order.tolist())) < n_images:
                return "train_sgd did not use every image once in each epoch."
    return None


def _wrong_batches(observations):
    why = _wrong_sizes(observations)
    if why:
        return why
    for call in observations:
        if np.ptp(_orders(call), axis=0).max() == 0:
            return "train_sgd used the images in the same order in every epoch."
    return not_from_rng("train_sgd", observations, _used)


def _batches_of_epochs(call):
    """The rows of each batch, in a list for each epoch."""
    cuts = range(ROWS_IN_BATCH, N_ROWS, ROWS_IN_BATCH)
    return [np.split(order, cuts) for order in _orders(call)]


def _not_random(observations):
    why = _wrong_sizes(observations)
    if why:
        return why
    epochs = _batches_of_epochs(observations[0])
    pattern = patterned([batch for batches in epochs for batch in batches], N_ROWS)
    if pattern:
        return f"train_sgd used batches of rows that are {pattern} in X, expected random rows."
    fixed = staying(epochs, N_ROWS)
    if len(fixed):
        return (
            f"train_sgd used row {fixed[0]} in the same batch in all of {N_ORDERS} epochs, "
            "expected every row to be shuffled."
        )
    return None


def _shortened(items):
    return f"{items[:16]}".replace("]", ", ...]") if len(items) > 16 else f"{items}"


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


def _in_short_epochs(predicate):
    """A `shows`: the predicate holds for every call with a few images in several batches."""

    def shows(cases):
        return every_call(predicate)(
            [calls for calls in cases if calls[0].arguments[6] == BATCH_SIZE]
        )

    return shows


def _trained_on(batches, loss_and_grad, W, X, y, step_size, reg):
    """What training returns whose batches are these, of all epochs one after another."""
    losses = []
    for rows in batches:
        loss, gradient = loss_and_grad(W, X[rows], y[rows], reg)
        losses.append(loss)
        W = W - step_size * gradient
    return W, losses


def _whole_set(call):
    return set(call.usage["0"]["sizes"].tolist()) == {N_IMAGES}


@exercise.mistake(
    "whole set in every step",
    "Pass the batch to loss_and_grad, X[rows] and y[rows], not all of X and y.",
    shows=_in_short_epochs(_whole_set),
)
def uses_the_whole_set(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng):
    everything = np.arange(len(X))
    batches = [everything for _ in epoch_batches(len(X), batch_size, rng)] * n_epochs
    return _trained_on(batches, loss_and_grad, W0, X, y, step_size, reg)


def _in_order(call):
    return all(np.array_equal(order, range(N_IMAGES)) for order in _orders(call))


@exercise.mistake(
    "never shuffled",
    "The batches come in the order of the data: draw a new permutation in every epoch.",
    shows=_in_short_epochs(_in_order),
)
def never_shuffles(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng):
    batches = list(epoch_batches(len(X), batch_size, rng, shuffle=False)) * n_epochs
    return _trained_on(batches, loss_and_grad, W0, X, y, step_size, reg)


def _same_in_every_epoch(call):
    return len(_orders(call)) == N_EPOCHS and np.ptp(_orders(call), axis=0).max() == 0


@exercise.mistake(
    "a new generator in every epoch",
    "default_rng inside the loop starts anew, so every epoch has the same order: draw from the rng "
    "that is passed in.",
    shows=lambda cases: (
        draws(0, 2, alike=True, drawn=_used)(cases)
        and _in_short_epochs(_same_in_every_epoch)(cases)
    ),
)
def makes_a_generator_in_every_epoch(
    loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng
):
    rngs = [np.random.default_rng(231) for _ in range(n_epochs)]
    batches = [rows for one in rngs for rows in epoch_batches(len(X), batch_size, one)]
    return _trained_on(batches, loss_and_grad, W0, X, y, step_size, reg)


@exercise.mistake(
    "draws from elsewhere",
    "Draw from the rng that is passed in, not from np.random or a new generator: only then can a "
    "run be repeated.",
    shows=draws(0, 1, alike=False, drawn=_used),
)
def draws_from_elsewhere(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng):
    rng = np.random.default_rng()
    return train_sgd(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng)


@exercise.mistake(
    "seed of its own",
    "The function sets a seed itself, so every run is the same: draw from the rng that is passed "
    "in.",
    shows=draws(0, 2, alike=True, drawn=_used),
)
def seed_of_its_own(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng):
    rng = np.random.default_rng(231)
    return train_sgd(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng)


@exercise.mistake(
    "shuffled once for all epochs",
    "Draw a new order in every epoch: call epoch_batches inside the loop over the epochs.",
    shows=_in_short_epochs(lambda call: _same_in_every_epoch(call) and not _in_order(call)),
)
def shuffles_once(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng):
    batches = list(epoch_batches(len(X), batch_size, rng)) * n_epochs
    return _trained_on(batches, loss_and_grad, W0, X, y, step_size, reg)


@exercise.mistake(
    "batches drawn with replacement",
    "An epoch uses every image once: take the batches from epoch_batches, not from "
    "sample_minibatch.",
    shows=_in_short_epochs(
        lambda call: (
            len(call.usage["0"]["sizes"]) == len(SIZES) * N_EPOCHS
            and len(_used(call)) >= N_IMAGES * N_EPOCHS
            and not _whole_set(call)
            and np.ptp(np.bincount(_used(call), minlength=N_IMAGES)) > 0
        )
    ),
)
def draws_with_replacement(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng):
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
    shows=_in_short_epochs(
        lambda call: (
            call.usage["0"]["n_calls"] > 1
            and set(call.usage["0"]["sizes"].tolist()) == {BATCH_SIZE}
            and len(_used(call)) < N_EPOCHS * N_IMAGES
        )
    ),
)
def drops_the_last_batch(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng):
    epochs = [epoch_batches(len(X), batch_size, rng) for _ in range(n_epochs)]
    batches = [rows for epoch in epochs for rows in epoch[: len(X) // batch_size]]
    return _trained_on(batches, loss_and_grad, W0, X, y, step_size, reg)


@exercise.mistake(
    "labels of other images",
    "Use the same rows for images and labels: X[rows] and y[rows].",
    shows=_in_short_epochs(
        lambda call: np.mean(call.arguments[3][_used(call)] != call.usage["0"]["labels"]) > 0.2
    ),
)
def takes_labels_of_others(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng):
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
def climbs(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng):
    return train_sgd(loss_and_grad, W0, X, y, -step_size, reg, batch_size, n_epochs, rng)


@exercise.mistake(
    "regularization left out",
    "Pass reg on to loss_and_grad.",
    shows=_is_step(
        lambda W, images, labels, call: call.arguments[4] * least_squares(W, images, labels, 0.0)[1]
    ),
)
def leaves_out_the_penalty(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng):
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
def counts_the_penalty_twice(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng):
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
        lambda W, images, labels, call: _right_step(W, images, labels, call) / call.arguments[6]
    ),
)
def divides_again(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng):
    step_size = step_size / batch_size
    return train_sgd(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng)


@exercise.mistake(
    "a generator that is used up",
    "epoch_batches that yields can be gone through once, so that from the second epoch on there "
    "are no batches: call it inside the loop over the epochs.",
    shows=_in_short_epochs(
        lambda call: (
            call.usage["0"]["sizes"].tolist() == SIZES
            and _steps_off(call, _right_step) < 1e-4 * _longest(call)
            and not np.allclose(call.value[0], call.usage["0"]["points"][-1])
            and np.size(call.value[1]) == len(SIZES)
        )
    ),
)
def makes_the_batches_once(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng):
    batches = epoch_batches(len(X), batch_size, rng)
    return _trained_on(batches, loss_and_grad, W0, X, y, step_size, reg)


@exercise.mistake(
    "returns after one step",
    "The return statement is indented into the loop over the batches: return after both loops.",
    shows=every_call(lambda call: call.usage["0"]["n_calls"] == 1),
)
def returns_after_a_step(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng):
    rows = epoch_batches(len(X), batch_size, rng)[0]
    loss, gradient = loss_and_grad(W0, X[rows], y[rows], reg)
    return W0 - step_size * gradient, [loss]


@exercise.mistake(
    "losses of the last epoch only",
    "`losses = []` is inside the loop over the epochs: make the list once, before both loops.",
    shows=_in_short_epochs(
        lambda call: np.allclose(call.value[1], call.usage["0"]["values"][-len(SIZES) :])
    ),
)
def forgets_the_losses(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng):
    W, losses = train_sgd(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng)
    return W, losses[-(len(losses) // n_epochs) :]


@exercise.mistake(
    "gradient always at W0",
    "Ask for the gradient at the present weights: loss_and_grad(W, ...), not loss_and_grad(W0, "
    "...).",
    shows=_in_short_epochs(
        lambda call: (
            call.usage["0"]["n_calls"] == N_EPOCHS * len(SIZES)
            and np.allclose(call.usage["0"]["points"], call.arguments[1])
        )
    ),
)
def stays_at_the_start(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng):
    W, losses = W0, []
    for _ in range(n_epochs):
        for rows in epoch_batches(len(X), batch_size, rng):
            loss, gradient = loss_and_grad(W0, X[rows], y[rows], reg)
            losses.append(loss)
            W = W - step_size * gradient
    return W, losses


@exercise.mistake(
    "weights of the lowest loss",
    "Return the weights after the last step: a batch's loss is too noisy to pick weights by.",
    shows=_in_short_epochs(
        lambda call: np.allclose(
            call.value[0],
            call.usage["0"]["points"][np.argmin(call.usage["0"]["values"])],
        )
    ),
)
def returns_the_best(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng):
    W, losses, best, best_W = W0, [], np.inf, W0
    for _ in range(n_epochs):
        for rows in epoch_batches(len(X), batch_size, rng):
            loss, gradient = loss_and_grad(W, X[rows], y[rows], reg)
            losses.append(loss)
            if loss < best:
                best, best_W = loss, W
            W = W - step_size * gradient
    return best_W, losses


@exercise.mistake(
    "one loss per epoch",
    "Append a loss in every step, not once per epoch.",
    shows=_in_short_epochs(lambda call: len(call.value[1]) == N_EPOCHS),
)
def one_loss_per_epoch(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng):
    W, losses = train_sgd(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng)
    return W, losses[:: len(losses) // n_epochs]


@exercise.mistake(
    "starts each epoch from W0",
    "Set W = W0 once, before the first epoch: yours throws away what each epoch learned.",
    shows=_in_short_epochs(
        lambda call: (
            len(_evaluations(call)[0]) == N_EPOCHS * len(SIZES)
            and np.allclose(_evaluations(call)[0][:: len(SIZES)], call.arguments[1])
            and not np.allclose(_evaluations(call)[0], call.arguments[1])
        )
    ),
)
def starts_each_epoch_anew(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng):
    all_losses = []
    for _ in range(n_epochs):
        W, losses = train_sgd(loss_and_grad, W0, X, y, step_size, reg, batch_size, 1, rng)
        all_losses.extend(losses)
    return W, all_losses


@exercise.mistake(
    "changes W0",
    "`W -= ...` changes the caller's W0, because W names the same array: write W = W - ....",
    shows=_in_short_epochs(lambda call: not np.array_equal(call.after[1], call.arguments[1])),
)
def changes_the_start(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng):
    W, losses = train_sgd(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng)
    W0[:] = W
    return W0, losses


@exercise.mistake(
    "evaluates twice per step",
    "loss_and_grad(...)[0] and loss_and_grad(...)[1] compute everything twice: write "
    "loss, gradient = loss_and_grad(...).",
    shows=_in_short_epochs(
        lambda call: np.array_equal(call.usage["0"]["sizes"], np.repeat(SIZES * N_EPOCHS, 2))
    ),
)
def evaluates_twice(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng):
    W, losses = W0, []
    for _ in range(n_epochs):
        for rows in epoch_batches(len(X), batch_size, rng):
            losses.append(loss_and_grad(W, X[rows], y[rows], reg)[0])
            W = W - step_size * loss_and_grad(W, X[rows], y[rows], reg)[1]
    return W, losses
