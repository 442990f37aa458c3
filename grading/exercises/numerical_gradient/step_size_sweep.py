"""Evaluate the loss after one step of each size against the gradient."""

import numpy as np

from cs231n_utils.checking.channel import Recipe

from ..describe import Case, Exercise

exercise = Exercise(
    "step_size_sweep",
    assignment="04-numerical-gradient",
    parts={"losses": 2, "W unchanged": 1},
    hints=(
        "Every step starts at the same W. The gradient points uphill: which way does the step go?",
        "For each step size s, the weights after the step are W - s * grad: a new array, so that "
        "W stays as it is.",
        "Collect loss_fn of these weights in a list, one for each step size in its order, and "
        "make an array of the list.",
    ),
)


@exercise.solved_by
def step_size_sweep(loss_fn, W, grad, step_sizes):
    return np.array([loss_fn(W - step_size * grad) for step_size in step_sizes])


exercise.as_right(
    "A list of numbers is right.",
    "return [loss_fn(W - step_size * grad) for step_size in step_sizes]",
)


def _bowl(rng, shape):
    """A recipe of a quadratic whose minimum and curvatures are drawn."""
    return Recipe(
        "quadratic", center=rng.standard_normal(shape), curvature=rng.uniform(0.5, 2.0, shape)
    )


@exercise.examined_by
def cases(rng):
    # Neither sorted nor below 1, so that 10**s and s, or sums of steps and steps, stay apart.
    for shape, step_sizes in (
        ((4, 3), np.array([0.7, 0.05, 1.6, 0.2])),
        ((4, 3), [1.1]),
        ((2, 3, 2), [0.02, 0.4, 0.9, 0.02, 0.1, 2.0]),
        ((5,), [3, 0, 1]),
        ((4, 3), np.array([2, 1, 2])),
    ):
        W, grad = rng.standard_normal(shape), 2.0 * rng.standard_normal(shape)
        grad.flat[0] = 0.0
        call = (_bowl(rng, shape), np.asfortranarray(W), grad, step_sizes)
        yield Case("losses", [call], keeps_arguments=False)

    W, grad = rng.standard_normal((6, 5)), 3.0 * rng.standard_normal((6, 5))
    call = (_bowl(rng, (6, 5)), W, grad, rng.uniform(1.0, 3.0, 5))
    yield Case("W unchanged", [call], answer=None, verify=_never_moved)


def _never_moved(observations):
    """Why W had no reason to change; the losses themselves are another part."""
    W, _, step_sizes = observations[0].arguments[1:]
    points = observations[0].usage["0"].get("points", np.zeros((0,)))
    if points.shape[1:] != W.shape:
        return "step_size_sweep never evaluated loss_fn at weights of the shape of W."
    if len(np.unique(points.reshape(len(points), -1), axis=0)) < len(step_sizes):
        return (
            f"step_size_sweep evaluated loss_fn at fewer than {len(step_sizes)} different weights, "
            f"expected one for each of {len(step_sizes)} step sizes."
        )
    return None


@exercise.mistake("walks uphill", "The gradient points uphill: subtract it from W to go down.")
def walks_uphill(loss_fn, W, grad, step_sizes):
    return np.array([loss_fn(W + s * grad) for s in step_sizes])


@exercise.mistake(
    "sorts the step sizes", "Keep the order of step_sizes: loss k belongs to step_sizes[k]."
)
def sorts_the_steps(loss_fn, W, grad, step_sizes):
    return np.array([loss_fn(W - s * grad) for s in sorted(step_sizes)])


@exercise.mistake(
    "losses cut to whole numbers",
    "np.zeros_like of [0, 1, 2] is an array of whole numbers and cuts off every loss's decimals: "
    "np.zeros(len(step_sizes)) holds floats.",
)
def cuts_the_losses(loss_fn, W, grad, step_sizes):
    losses = np.zeros_like(step_sizes)
    for k, s in enumerate(step_sizes):
        losses[k] = loss_fn(W - s * grad)
    return losses


@exercise.mistake(
    "steps add up",
    "Every step starts from the same W: keep W, and put W - s * grad into a new variable.",
)
def adds_the_steps_up(loss_fn, W, grad, step_sizes):
    losses = []
    for s in step_sizes:
        W = W - s * grad
        losses.append(loss_fn(W))
    return np.array(losses)


@exercise.mistake(
    "changes W in place",
    "`W -= ...` changes the caller's weights, and the steps add up: write W_new = W - s * grad.",
)
def changes_the_weights(loss_fn, W, grad, step_sizes):
    losses = []
    for s in step_sizes:
        W -= s * grad
        losses.append(loss_fn(W))
    return np.array(losses)


@exercise.mistake(
    "steps there and back in place",
    "W - s * grad + s * grad is not always W, by rounding: write W_new = W - s * grad.",
)
def goes_there_and_back(loss_fn, W, grad, step_sizes):
    losses = []
    for s in step_sizes:
        W -= s * grad
        losses.append(loss_fn(W))
        W += s * grad
    return np.array(losses)


@exercise.mistake(
    "step sizes taken for exponents",
    "`step_sizes` holds the sizes themselves, not their logarithms: no 10 ** needed.",
)
def takes_exponents(loss_fn, W, grad, step_sizes):
    return np.array([loss_fn(W - 10**s * grad) for s in step_sizes])


@exercise.mistake(
    "gradient scaled to length 1",
    "The step is s * grad with the gradient as it is: do not divide by its norm.",
)
def takes_unit_steps(loss_fn, W, grad, step_sizes):
    return np.array([loss_fn(W - s * grad / np.linalg.norm(grad)) for s in step_sizes])


@exercise.mistake("only the signs of the gradient", "The step is s * grad, not s * sign(grad).")
def takes_the_signs(loss_fn, W, grad, step_sizes):
    return np.array([loss_fn(W - s * np.sign(grad)) for s in step_sizes])


@exercise.mistake(
    "changes of the loss", "Return the losses themselves; do not subtract the loss at W."
)
def returns_changes(loss_fn, W, grad, step_sizes):
    return np.array([loss_fn(W - s * grad) - loss_fn(W) for s in step_sizes])


@exercise.mistake(
    "loss at W in front", "One loss for each step size: leave out the loss at W itself."
)
def begins_with_the_start(loss_fn, W, grad, step_sizes):
    return np.array([loss_fn(W)] + [loss_fn(W - s * grad) for s in step_sizes])


@exercise.mistake(
    "lowest loss only", "Return the losses of all step sizes, shape (S,), not the lowest alone."
)
def returns_the_lowest(loss_fn, W, grad, step_sizes):
    return min(loss_fn(W - s * grad) for s in step_sizes)


@exercise.mistake(
    "all steps in one call",
    "loss_fn takes one W and returns one number: call it once for each step size.",
)
def broadcasts_over_the_steps(loss_fn, W, grad, step_sizes):
    steps = np.reshape(step_sizes, (-1, *[1] * W.ndim))
    return loss_fn(W - steps * grad)


@exercise.mistake(
    "equal step sizes counted once",
    "Keep every step size, also one that comes twice: loss k belongs to step_sizes[k].",
)
def drops_equal_step_sizes(loss_fn, W, grad, step_sizes):
    return np.array([loss_fn(W - s * grad) for s in dict.fromkeys(list(step_sizes))])
