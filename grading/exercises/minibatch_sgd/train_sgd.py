"""Train weights by minibatch SGD, with a new order of the images in every epoch."""

import numpy as np

from cs231n_utils.checking.channel import Recipe

from ..compare import compare, kind_of
from ..describe import Case, Exercise
from ..draws import draws, generator, not_from_rng, seeds
from ..functions import least_squares
from ..sampling import patterned, staying
from .epoch_batches import epoch_batches
from .labeled_images import N_INPUTS, labeled_images, rows_of
from .pairs import as_numbers, as_pair
from .training_run import traits_of

N_IMAGES, BATCH_SIZE, N_EPOCHS = 11, 4, 4

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

    def case(part, calls, verify, gist=traits_of):
        return Case(part, calls, None, verify, keeps_arguments=part == "steps", gist=gist)

    for part, verify in (("steps", _wrong_steps), ("losses", _wrong_losses)):
        # With steps five to ten times as long the loss rises, which is no reason to stop.
        for seed, growth in zip(seeds(rng), (1.0, 10.0), strict=True):
            yield case(part, [(*draw(growth=growth), generator(seed))], verify)
    drawn, (seed, other) = draw(), seeds(rng)
    yield case("batches", [(*drawn, generator(s)) for s in (seed, seed, other)], _wrong_batches)
    # Mistakes are told by the short runs above.
    calls = [(*draw(batch_size=20, n_epochs=2), generator(seed))]
    yield case("batches", calls, _wrong_sizes, gist=lambda call: None)
    calls = [(*draw(N_ROWS, ROWS_IN_BATCH, N_ORDERS), generator(other))]
    yield case("batches", calls, _not_random, gist=lambda call: None)


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


def _shuffled_alike(cases):
    """Whether two different rngs led to the same order, and not to that of the data."""
    alike = draws(0, 2, alike=True, drawn=_used)(cases)
    return alike and not np.array_equal(_orders(_drawn_thrice(cases)[0])[0], range(N_IMAGES))


def _drawn_thrice(cases):
    return next(calls for calls in cases if len(calls) == 3)


def _same_in_every_epoch(call):
    return len(_orders(call)) == N_EPOCHS and np.ptp(_orders(call), axis=0).max() == 0


@exercise.mistake(
    "a new generator in every epoch",
    "default_rng inside the loop starts anew, so every epoch has the same order: draw from the rng "
    "that is passed in.",
    shows=lambda cases: (
        _shuffled_alike(cases) and all(map(_same_in_every_epoch, _drawn_thrice(cases)))
    ),
)
def makes_a_generator_in_every_epoch(
    loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng
):
    rngs = [np.random.default_rng(231) for _ in range(n_epochs)]
    W, losses = W0, []
    for one in rngs:
        new = train_sgd(loss_and_grad, W, X, y, step_size, reg, batch_size, 1, one)
        W, losses = new[0], [*losses, *new[1]]
    return W, losses


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
    shows=_shuffled_alike,
)
def seed_of_its_own(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng):
    rng = np.random.default_rng(231)
    return train_sgd(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng)


@exercise.twisted_by(
    {
        "climbs": "The gradient points uphill: subtract step_size times the gradient, don't add "
        "it.",
        "changes W0": "`W -= ...` changes the caller's W0, because W names the same array: write "
        "W = W - ....",
        "one epoch only": "Yours trains for one epoch. Either `return` is indented into the loop "
        "over the epochs, or the batches are made once, before it: a generator can be gone through "
        "once, so call epoch_batches inside the loop.",
        "returns after one step": "The return statement is indented into the loop over the "
        "batches: return after both loops.",
        "shuffled once for all epochs": "Draw a new order in every epoch: call epoch_batches "
        "inside the loop over the epochs.",
        "never shuffled": "The batches come in the order of the data: draw a new permutation in "
        "every epoch.",
        "labels of other images": "Use the same rows for images and labels: X[rows] and y[rows].",
        "whole set in every step": "Pass the batch to loss_and_grad, X[rows] and y[rows], not all "
        "of X and y.",
        "random draws instead of epochs": "An epoch uses every image once, those of the short last "
        "batch too: take the batches from epoch_batches, instead of drawing n // batch_size times.",
        "last short batch left out": "The last batch of an epoch may be short, but its images "
        "count too: don't drop it.",
        "batches drawn with replacement": "An epoch uses every image once: take the batches from "
        "epoch_batches, not from sample_minibatch.",
        "one epoch too few": "range(n_epochs) makes n_epochs epochs: no need for - 1, nor for a "
        "start at 1.",
        "one epoch too many": "range(n_epochs) makes n_epochs epochs: no need for + 1.",
        "one batch per epoch": "An epoch goes through all images: loop over all of its batches.",
        "starts each epoch from W0": "Set W = W0 once, before the first epoch: yours throws away "
        "what each epoch learned.",
        "gradient always at W0": "Ask for the gradient at the present weights: loss_and_grad(W, "
        "...), not loss_and_grad(W0, ...).",
        "always from W0": "Each step starts where the last one ended: W = W - ..., not W = W0 - "
        "....",
        "regularization left out": "Pass reg on to loss_and_grad.",
        "regularization counted twice": "The gradient of loss_and_grad holds 2 * reg * W already: "
        "don't add it again.",
        "weights never move": "Move the weights in every step: W = W - step_size * gradient.",
        "step size left out": "Multiply the gradient by step_size.",
        "divided by the batch size again": "The loss is a mean over the batch already: don't "
        "divide its gradient by batch_size.",
        "divided by the number of images again": "The loss is a mean over the batch already: don't "
        "divide its gradient by the number of images.",
        "divided by the length of the batch again": "The loss is a mean over the batch already: "
        "don't divide its gradient by the number of its images.",
        "losses of the last epoch only": "`losses = []` is inside the loop over the epochs: make "
        "the list once, before both loops.",
        "loss of the last step only": "`losses = []` is inside the loop over the batches: make the "
        "list once, before both loops.",
        "no loss kept": "Append the loss of every step to the list: yours stays empty.",
        "the last loss instead of all": "Return all losses, one for each step, not only the last.",
        "one loss per epoch": "Append a loss in every step, not once per epoch.",
        "one mean loss per epoch": "Append a loss in every step, not their mean once per epoch.",
        "losses after the step": "The loss of a step is the one that came with its gradient; yours "
        "is asked for after the step.",
        "evaluates twice per step": "loss_and_grad(...)[0] and loss_and_grad(...)[1] compute "
        "everything twice: write loss, gradient = loss_and_grad(...).",
        "returns W0": "Return the weights after the last step; yours are those that came in.",
        "last step missing": "Return the weights after the last step: yours are those of the last "
        "loss, one step earlier.",
        "weights of the lowest loss": "Return the weights after the last step: a batch's loss is "
        "too noisy to pick weights by.",
        "losses returned first": "Return the weights first, then the losses.",
        "weights returned alone": "Return two values: the weights and the losses.",
    }
)
def train_with(is_, loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng):
    if is_("climbs"):
        step_size = -step_size
    if is_("step size left out"):
        step_size = np.sign(step_size)
    elif is_("weights never move"):
        step_size = 0.0
    if is_("divided by the batch size again"):
        step_size = step_size / batch_size
    elif is_("divided by the number of images again"):
        step_size = step_size / len(X)
    W, losses, path, ends = W0, [], [], []
    for epoch in _epochs_with(is_, len(X), batch_size, n_epochs, rng):
        if is_("starts each epoch from W0"):
            W = W0
        for rows, others in epoch:
            path.append(W)
            batch = X[rows], y[others], 0.0 if is_("regularization left out") else reg
            point = W0 if is_("gradient always at W0") else W
            if is_("evaluates twice per step"):
                loss_and_grad(point, *batch)
            loss, gradient = loss_and_grad(point, *batch)
            if is_("regularization counted twice"):
                gradient = gradient + 2 * reg * W
            if is_("divided by the length of the batch again"):
                gradient = gradient / len(rows)
            W = (W0 if is_("always from W0") else W) - step_size * gradient
            losses.append(loss_and_grad(W, *batch)[0] if is_("losses after the step") else loss)
        ends.append(len(losses))
    if is_("weights of the lowest loss"):
        W = path[int(np.argmin(losses))]
    elif is_("last step missing"):
        W = path[-1]
    elif is_("returns W0"):
        W = W0
    if is_("changes W0"):
        W0[:] = W
    if is_("weights returned alone"):
        return W
    told = _losses_with(is_, losses, ends)
    return (told, W) if is_("losses returned first") else (W, told)


def _epochs_with(is_, n, batch_size, n_epochs, rng):
    """The rows of each batch of each epoch, and those that its labels are taken from."""
    shuffle = not is_("never shuffled")
    if is_("one epoch only") or is_("returns after one step"):
        n_epochs = 1
    n_epochs = n_epochs - is_("one epoch too few") + is_("one epoch too many")
    epochs = [epoch_batches(n, batch_size, rng, shuffle) for _ in range(n_epochs)]
    if is_("shuffled once for all epochs"):
        epochs = epochs[:1] * n_epochs
    if is_("batches drawn with replacement"):
        epochs = [[rng.choice(n, batch_size, replace=False) for _ in one] for one in epochs]
    if is_("random draws instead of epochs"):
        epochs = [[rng.choice(n, batch_size) for _ in one[: n // batch_size]] for one in epochs]
    if is_("last short batch left out"):
        epochs = [one[: n // batch_size] for one in epochs]
    if is_("one batch per epoch") or is_("returns after one step"):
        epochs = [one[:1] for one in epochs]
    if is_("whole set in every step"):
        epochs = [[np.arange(n) for _ in one] for one in epochs]
    if is_("labels of other images"):
        in_order = epoch_batches(n, batch_size, rng, shuffle=False)
        return [list(zip(one, in_order, strict=False)) for one in epochs]
    return [[(rows, rows) for rows in one] for one in epochs]


def _losses_with(is_, losses, ends):
    starts = [0, *ends[:-1]]
    if is_("no loss kept"):
        return []
    if is_("losses of the last epoch only"):
        return losses[starts[-1] :]
    if is_("loss of the last step only"):
        return losses[-1:]
    if is_("the last loss instead of all"):
        return losses[-1]
    if is_("one loss per epoch"):
        return [losses[end - 1] for end in ends]
    if is_("one mean loss per epoch"):
        return [np.mean(losses[start:end]) for start, end in zip(starts, ends, strict=True)]
    return losses
