"""Evaluate a loss along one direction through the weights."""

import numpy as np

from ..describe import Case, Exercise
from .slices import (
    WALK_SLIPS,
    all_points_in_one_call,
    bumpy_loss,
    fails_on_lists,
    loss_after_with,
    moved_with,
    uneven_steps,
)

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


@exercise.twisted_by(
    WALK_SLIPS
    | {
        "mixes W and W1": "W1 is a direction, not a second point: add alpha * W1 to the whole of "
        "W.",
        "walks from W1": "Start at W and go along W1: W + alpha * W1, not W1 + alpha * W.",
        "scales the whole point": "The step multiplies W1 alone: W + alpha * W1, not "
        "alpha * (W + W1).",
        "only the last loss": "Keep one loss for every alpha; yours returns the last one alone.",
        "only the first loss": "`return` in the loop ends it after one step: return after the "
        "loop.",
        "adds the losses up": "Keep one loss for every alpha, without adding the ones before it.",
        "leaves out the last step": "Every alpha has a loss: range(len(alphas)).",
        "in rising order of the losses": "Loss i belongs to alphas[i]: do not sort the losses.",
        "one column": "Return an array of shape (A,), with one axis.",
        "steps in an array alone": "alphas may be a list: begin with np.asarray(alphas), or use "
        "len(alphas) and a loop.",
    },
    {"steps in an array alone": fails_on_lists},
)
def loss_slice_1d_with(is_, loss_fn, W, W1, alphas):
    n = alphas.shape[0] if is_("steps in an array alone") else len(alphas)
    losses = np.zeros_like(alphas) if is_("rounds to whole numbers") else np.zeros(n)
    first_loss = loss_fn(W) if is_("loss above the start") else 0.0
    for i, alpha in enumerate(alphas):
        moved = moved_with(is_, W, [W1], [alpha], [i])
        if is_("mixes W and W1"):
            moved = moved - alpha * W
        if is_("walks from W1"):
            moved = W1 + alpha * W - W
        if is_("scales the whole point"):
            moved = alpha * (W + W1) - W
        loss, W = loss_after_with(is_, loss_fn, W, moved)
        losses[i] = loss - first_loss
    if is_("only the last loss"):
        return losses[-1]
    if is_("only the first loss"):
        return losses[0]
    if is_("adds the losses up"):
        losses = np.cumsum(losses)
    if is_("leaves out the last step"):
        losses = losses[:-1]
    if is_("in rising order of the losses"):
        losses = np.sort(losses)
    return losses[:, np.newaxis] if is_("one column") else losses


@all_points_in_one_call(exercise)
def broadcasts_over_the_steps(loss_fn, W, W1, alphas):
    return loss_fn(W + np.reshape(alphas, (-1, *[1] * W.ndim)) * W1)
