"""Evaluate a loss on the grid that two directions through the weights span."""

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


@exercise.twisted_by(
    {
        "transposed": "out[i, j] belongs to alphas[i] and betas[j]: alphas run down the rows.",
        "directions exchanged": "alphas go with W1 and betas with W2: yours are exchanged.",
        "one direction alone": "Both steps count: add alpha * W1 and beta * W2.",
        "the second direction alone": "Both steps count: add alpha * W1 and beta * W2.",
        "one direction for both steps": "alphas go along W1 and betas along W2: yours all go along "
        "W1.",
        "one step for both directions": "Each direction has its own step: alpha * W1 + beta * W2.",
        "pairs the steps up": "Every alpha meets every beta: two nested loops, not one loop over "
        "zip(alphas, betas).",
    }
    | WALK_SLIPS
    | {
        "walks on along the row": "Inside the inner loop, start again from W + alpha * W1: the "
        "steps of betas must not add up.",
        "walks on down the rows": "Each row starts again from W: the steps of alphas must not add "
        "up.",
        "adds two 1-D slices": "The loss of a sum is not the sum of losses: evaluate it once, at "
        "W + a * W1 + b * W2.",
        "adds the rises of two 1-D slices": "The loss does not rise by the sum of two rises: "
        "evaluate it at W + a * W1 + b * W2.",
        "flat": "Return an array of shape (A, B): one row for each alpha.",
        "only the first row": "`return` in the loop over alphas ends it after one row: return "
        "after both loops.",
        "only the first loss": "`return` in the loops ends them after one point: return after both "
        "loops.",
        "only the last loss": "Keep the loss of every point; yours returns the last one alone.",
        "keeps one loss of each row": "Write into out[i, j]: out[i] = ... fills the whole row.",
        "sizes of the result exchanged": "The result has len(alphas) rows and len(betas) columns.",
        "indices of the result exchanged": "out[i, j] belongs to alphas[i] and betas[j]: yours is "
        "written at out[j, i].",
        "square result": "The result has len(alphas) rows and len(betas) columns, which may "
        "differ.",
        "steps in arrays alone": "alphas and betas may be lists: begin with np.asarray, or use len "
        "and loops.",
    },
    {"steps in arrays alone": fails_on_lists},
)
def loss_slice_2d_with(is_, loss_fn, W, W1, W2, alphas, betas):
    if is_("directions exchanged"):
        W1, W2 = W2, W1
    if is_("one direction for both steps"):
        W2 = W1
    n_rows, n_columns = len(alphas), len(betas)
    if is_("steps in arrays alone"):
        n_rows, n_columns = alphas.shape[0], betas.shape[0]
    if is_("sizes of the result exchanged"):
        n_rows, n_columns = n_columns, n_rows
    if is_("square result"):
        n_columns = n_rows
    dtype = np.asarray(alphas).dtype if is_("rounds to whole numbers") else float
    losses = np.zeros((n_rows, n_columns), dtype)
    for i, alpha in enumerate(alphas):
        along = W
        for j, beta in enumerate(betas):
            place = (j, i) if is_("indices of the result exchanged") else (i, j)
            losses[place], W, along = _point_with(
                is_, loss_fn, W, along, (W1, W2), (alpha, beta), (i, j)
            )
            if is_("keeps one loss of each row"):
                losses[i] = losses[i, j]
        if is_("walks on down the rows"):
            W = W + alpha * W1
        if is_("only the first row"):
            break
    if is_("pairs the steps up"):
        losses = np.diagonal(losses)
    if is_("only the last loss"):
        return losses[-1, -1]
    if is_("only the first loss"):
        return losses[0, 0]
    if is_("flat"):
        losses = losses.ravel()
    return losses.T if is_("transposed") else losses


def _point_with(is_, loss_fn, W, along, directions, steps, positions):
    """The loss at one point, the next start, and the point."""
    alpha, beta = steps
    if is_("one direction alone"):
        steps = alpha, 0.0
    if is_("the second direction alone"):
        steps = 0.0, beta
    if is_("one step for both directions"):
        steps = alpha, alpha
    moved = moved_with(is_, W, directions, steps, positions)
    if is_("adds two 1-D slices") or is_("adds the rises of two 1-D slices"):
        parts = [moved_with(is_, W, [d], [s], [0]) for d, s in zip(directions, steps, strict=True)]
        loss = sum(loss_after_with(is_, loss_fn, W, part)[0] for part in parts)
        next_start = W
        if is_("adds the rises of two 1-D slices"):
            loss = loss - loss_fn(W)
    elif is_("walks on along the row"):
        along = along + (moved if positions[1] == 0 else moved - alpha * directions[0])
        loss, next_start = loss_fn(along), W
    else:
        loss, next_start = loss_after_with(is_, loss_fn, W, moved)
    return loss - (loss_fn(W) if is_("loss above the start") else 0.0), next_start, along


@all_points_in_one_call(exercise)
def broadcasts_over_the_steps(loss_fn, W, W1, W2, alphas, betas):
    rows = W + np.reshape(alphas, (-1, 1, *[1] * W.ndim)) * W1
    return loss_fn(rows + np.reshape(betas, (-1, *[1] * W.ndim)) * W2)
