"""Evaluate a loss along one direction through the weights."""

import numpy as np

from ..describe import Case, Exercise
from .slices import bumpy_loss, uneven_steps

exercise = Exercise(
    "loss_slice_1d",
    assignment="02-loss-landscapes",
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


@exercise.solved_by
def loss_slice_1d(loss_fn, W, W1, alphas):
    losses = np.zeros(len(alphas))
    for i, alpha in enumerate(alphas):
        losses[i] = loss_fn(W + alpha * W1)
    return losses


@exercise.examined_by
def cases(rng):
    for shape, count in (((3, 2), 4), ((4, 3), 5), ((5,), 1)):
        W, W1 = rng.standard_normal((2, *shape))
        yield Case("values", [(bumpy_loss(rng, shape), W, W1, uneven_steps(rng, count))])
    for steps in (np.array([-2, 1, 3]), [-2, 1, 3], uneven_steps(rng, 4).tolist()):
        W, W1 = rng.standard_normal((2, 3, 2))
        yield Case("any steps", [(bumpy_loss(rng, (3, 2)), W, 0.3 * W1, steps)])


@exercise.mistake(
    "walks on from the last point",
    "Each point is W + alpha * W1, seen from the same W: do not carry the last point along.",
)
def _(loss_fn, W, W1, alphas):
    losses, point = np.zeros(len(alphas)), W
    for i, alpha in enumerate(alphas):
        point = point + alpha * W1
        losses[i] = loss_fn(point)
    return losses


@exercise.mistake(
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


@exercise.mistake("leaves out W", "The slice goes through W: evaluate W + alpha * W1.")
def _(loss_fn, W, W1, alphas):
    return np.array([loss_fn(alpha * W1) for alpha in alphas])


@exercise.mistake(
    "mixes W and W1",
    "W1 is a direction, not a second point: add alpha * W1 to the whole of W.",
)
def _(loss_fn, W, W1, alphas):
    return np.array([loss_fn((1 - alpha) * W + alpha * W1) for alpha in alphas])


@exercise.mistake("steps backward", "Add alpha * W1; going downhill, with a minus, comes later.")
def _(loss_fn, W, W1, alphas):
    return np.array([loss_fn(W - alpha * W1) for alpha in alphas])


@exercise.mistake(
    "scales the direction", "Use W1 as it is: its length belongs to what the caller asks for."
)
def _(loss_fn, W, W1, alphas):
    return np.array([loss_fn(W + alpha * W1 / np.linalg.norm(W1)) for alpha in alphas])


@exercise.mistake(
    "counts instead of steps", "Use the step alphas[i] itself, not its position i in the array."
)
def _(loss_fn, W, W1, alphas):
    return np.array([loss_fn(W + i * W1) for i in range(len(alphas))])


@exercise.mistake("loss above the start", "Return the losses themselves; nothing is subtracted.")
def _(loss_fn, W, W1, alphas):
    return np.array([loss_fn(W + alpha * W1) - loss_fn(W) for alpha in alphas])


@exercise.mistake(
    "only the last loss", "Keep one loss for every alpha; yours returns the last one alone."
)
def _(loss_fn, W, W1, alphas):
    return loss_fn(W + alphas[-1] * W1)


@exercise.mistake(
    "rounds to whole numbers",
    "np.zeros_like(alphas) holds whole numbers when alphas does, and cuts the losses: use "
    "np.zeros(len(alphas)).",
)
def _(loss_fn, W, W1, alphas):
    losses = np.zeros_like(alphas)
    for i, alpha in enumerate(alphas):
        losses[i] = loss_fn(W + alpha * W1)
    return losses


@exercise.mistake(
    "puts W back by subtraction",
    "`W += a * W1` and `W -= a * W1` do not give back the last bits of W: leave it as it was, and "
    "write `W + a * W1`.",
)
def subtracts_the_step_again(loss_fn, W, W1, alphas):
    losses = []
    for alpha in alphas:
        W += alpha * W1
        losses.append(loss_fn(W))
        W -= alpha * W1
    return np.array(losses)


@exercise.mistake(
    "steps in an array alone",
    "alphas may be a list: begin with np.asarray(alphas), or use len(alphas) and a loop.",
)
def takes_the_shape_of_alphas(loss_fn, W, W1, alphas):
    losses = np.zeros(alphas.shape)
    for i, alpha in enumerate(alphas):
        losses[i] = loss_fn(W + alpha * W1)
    return losses
