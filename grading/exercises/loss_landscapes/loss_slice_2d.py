"""Evaluate a loss on the grid that two directions through the weights span."""

import numpy as np

from ..describe import Case, Exercise
from .slices import bumpy_loss, grid_of, uneven_steps

exercise = Exercise(
    "loss_slice_2d",
    assignment="02-loss-landscapes",
    parts={"values": 2, "any steps": 1},
    hints=(
        "This is the slice along one direction, once for every beta: every alpha meets every beta.",
        "Two nested loops with enumerate. i counts alphas, down the rows; j counts betas, along "
        "the row.",
        "Make the result with np.zeros((len(alphas), len(betas))). Its entry [i, j] is one call "
        "of loss_fn, at W plus both steps, each along its own direction.",
    ),
)


@exercise.solved_by
def loss_slice_2d(loss_fn, W, W1, W2, alphas, betas):
    losses = np.zeros((len(alphas), len(betas)))
    for i, alpha in enumerate(alphas):
        for j, beta in enumerate(betas):
            losses[i, j] = loss_fn(W + alpha * W1 + beta * W2)
    return losses


@exercise.examined_by
def cases(rng):
    for shape, a, b in (((3, 2), 3, 4), ((2, 4), 5, 2), ((4,), 1, 3)):
        W, W1, W2 = rng.standard_normal((3, *shape))
        steps = (uneven_steps(rng, a), uneven_steps(rng, b))
        yield Case("values", [(bumpy_loss(rng, shape), W, W1, W2, *steps)])
    for steps in (
        (np.array([-2, 1, 3]), np.array([-1, 2, 4])),
        ([-2, 1, 3], [-1, 2, 4]),
        (uneven_steps(rng, 2).tolist(), uneven_steps(rng, 3).tolist()),
    ):
        W, W1, W2 = rng.standard_normal((3, 3, 2))
        yield Case("any steps", [(bumpy_loss(rng, (3, 2)), W, 0.3 * W1, 0.3 * W2, *steps)])


@exercise.mistake(
    "transposed",
    "out[i, j] belongs to alphas[i] and betas[j]: alphas run down the rows.",
)
def _(loss_fn, W, W1, W2, alphas, betas):
    return grid_of(lambda a, b: loss_fn(W + a * W1 + b * W2), alphas, betas).T


@exercise.mistake(
    "directions exchanged", "alphas go with W1 and betas with W2: yours are exchanged."
)
def _(loss_fn, W, W1, W2, alphas, betas):
    return grid_of(lambda a, b: loss_fn(W + a * W2 + b * W1), alphas, betas)


@exercise.mistake("leaves out W", "The slice goes through W: evaluate W + a * W1 + b * W2.")
def _(loss_fn, W, W1, W2, alphas, betas):
    return grid_of(lambda a, b: loss_fn(a * W1 + b * W2), alphas, betas)


@exercise.mistake("one direction alone", "Both steps count: add alpha * W1 and beta * W2.")
def _(loss_fn, W, W1, W2, alphas, betas):
    return grid_of(lambda a, b: loss_fn(W + a * W1), alphas, betas)


@exercise.mistake(
    "adds two 1-D slices",
    "The loss of a sum is not the sum of losses: evaluate it once, at W + a * W1 + b * W2.",
)
def _(loss_fn, W, W1, W2, alphas, betas):
    return grid_of(lambda a, b: loss_fn(W + a * W1) + loss_fn(W + b * W2), alphas, betas)


@exercise.mistake(
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


@exercise.mistake(
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


@exercise.mistake(
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


@exercise.mistake("steps backward", "Add the steps: W + alpha * W1 + beta * W2.")
def _(loss_fn, W, W1, W2, alphas, betas):
    return grid_of(lambda a, b: loss_fn(W - a * W1 - b * W2), alphas, betas)


@exercise.mistake(
    "pairs the steps up",
    "Every alpha meets every beta: two nested loops, not one loop over zip(alphas, betas).",
)
def _(loss_fn, W, W1, W2, alphas, betas):
    return np.array([loss_fn(W + a * W1 + b * W2) for a, b in zip(alphas, betas, strict=False)])


@exercise.mistake("flat", "Return an array of shape (A, B): one row for each alpha.")
def _(loss_fn, W, W1, W2, alphas, betas):
    return grid_of(lambda a, b: loss_fn(W + a * W1 + b * W2), alphas, betas).ravel()


@exercise.mistake(
    "rounds to whole numbers",
    "An array made like alphas holds whole numbers when alphas does, and cuts the losses.",
)
def _(loss_fn, W, W1, W2, alphas, betas):
    losses = np.zeros((len(alphas), len(betas)), dtype=np.asarray(alphas).dtype)
    for i, alpha in enumerate(alphas):
        for j, beta in enumerate(betas):
            losses[i, j] = loss_fn(W + alpha * W1 + beta * W2)
    return losses


@exercise.mistake(
    "puts W back by subtraction",
    "`W += ...` and `W -= ...` do not give back the last bits of W: leave it as it was, and write "
    "`W + a * W1 + b * W2`.",
)
def subtracts_the_steps_again(loss_fn, W, W1, W2, alphas, betas):
    losses = np.zeros((len(alphas), len(betas)))
    for i, alpha in enumerate(alphas):
        for j, beta in enumerate(betas):
            step = alpha * W1 + beta * W2
            W += step
            losses[i, j] = loss_fn(W)
            W -= step
    return losses


@exercise.mistake(
    "steps in arrays alone",
    "alphas and betas may be lists: begin with np.asarray, or use len and loops.",
)
def takes_the_shapes_of_the_steps(loss_fn, W, W1, W2, alphas, betas):
    losses = np.zeros(alphas.shape + betas.shape)
    for i, alpha in enumerate(alphas):
        for j, beta in enumerate(betas):
            losses[i, j] = loss_fn(W + alpha * W1 + beta * W2)
    return losses
