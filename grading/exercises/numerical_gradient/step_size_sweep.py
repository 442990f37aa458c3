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


@exercise.twisted_by(
    {
        "walks uphill": "The gradient points uphill: subtract it from W to go down.",
        "steps add up": "Every step starts from the same W: keep W, and put W - s * grad into a "
        "new variable.",
        "changes W in place": "`W -= ...` changes the caller's weights, and the steps add up: "
        "write W_new = W - s * grad.",
        "steps there and back in place": "W - s * grad + s * grad is not always W, by rounding: "
        "write W_new = W - s * grad.",
        "leaves out W": "The step starts at W: evaluate the loss at W - s * grad.",
        "never moves": "Evaluate the loss after the step, at W - s * grad, not at W.",
        "leaves out the step size": "The step is s * grad: multiply by each step size.",
        "counts instead of step sizes": "Use the step size itself, not its position k in the list.",
        "divides by the step size": "The step is s * grad, not grad / s.",
        "step sizes taken for exponents": "`step_sizes` holds the sizes themselves, not their "
        "logarithms: no 10 ** needed.",
        "gradient scaled to length 1": "The step is s * grad with the gradient as it is: do not "
        "divide by its norm.",
        "only the signs of the gradient": "The step is s * grad, not s * sign(grad).",
        "multiplies W by the gradient": "Subtract the step from W; the weights are not scaled.",
        "all steps in one call": "loss_fn takes one W and returns one number: call it once for "
        "each step size.",
        "multiplies all step sizes by the gradient": "s is one step size at a time: the array of "
        "them all does not fit grad.",
        "losses cut to whole numbers": "np.zeros_like of [0, 1, 2] is an array of whole numbers "
        "and cuts off every loss's decimals: np.zeros(len(step_sizes)) holds floats.",
        "sorts the step sizes": "Keep the order of step_sizes: loss k belongs to step_sizes[k].",
        "turns the order around": "Keep the order of step_sizes: loss k belongs to step_sizes[k].",
        "equal step sizes counted once": "Keep every step size, also one that comes twice: loss k "
        "belongs to step_sizes[k].",
        "sorted, and equal ones counted once": "np.unique and sets sort and drop: keep every step "
        "size in its order, loss k belongs to step_sizes[k].",
        "changes of the loss": "Return the losses themselves; do not subtract the loss at W.",
        "falls of the loss": "Return the losses themselves, not how far each is below that at W.",
        "loss at W in front": "One loss for each step size: leave out the loss at W itself.",
        "lowest loss only": "Return the losses of all step sizes, shape (S,), not the lowest "
        "alone.",
        "best step size": "Return the losses of all step sizes, shape (S,), not the size that does "
        "best.",
        "only the last loss": "Keep one loss for every step size; yours returns the last one.",
        "only the first loss": "`return` in the loop ends it after one step size: return after the "
        "loop.",
        "all but the last step size": "Every step size has a loss: range(len(step_sizes)).",
    }
)
def step_size_sweep_with(is_, loss_fn, W, grad, step_sizes):
    start = loss_fn(W) if is_("changes of the loss") or is_("loss at W in front") else 0.0
    if is_("all steps in one call"):
        return loss_fn(W - np.reshape(step_sizes, (-1, *[1] * W.ndim)) * grad)
    if is_("multiplies all step sizes by the gradient"):
        return loss_fn(W - np.asarray(step_sizes) * grad)
    sizes = _sizes_with(is_, step_sizes)
    losses = np.zeros_like(sizes) if is_("losses cut to whole numbers") else np.zeros(len(sizes))
    for k, size in enumerate(sizes):
        step = _step_with(is_, W, grad, k, size)
        if is_("changes W in place") or is_("steps there and back in place"):
            W -= step
            losses[k] = loss_fn(W)
            if is_("steps there and back in place"):
                W += step
            continue
        moved = -step if is_("leaves out W") else W - step
        losses[k] = loss_fn(W if is_("never moves") else moved)
        if is_("steps add up"):
            W = moved
    if is_("changes of the loss"):
        losses = losses - start
    if is_("falls of the loss"):
        losses = loss_fn(W) - losses
    if is_("loss at W in front"):
        losses = np.append(start, losses)
    if is_("lowest loss only"):
        return np.min(losses)
    if is_("best step size"):
        return sizes[np.argmin(losses)]
    if is_("only the last loss"):
        return losses[-1]
    return losses[0] if is_("only the first loss") else losses


def _sizes_with(is_, step_sizes):
    if is_("sorts the step sizes"):
        return sorted(step_sizes)
    if is_("turns the order around"):
        return step_sizes[::-1]
    if is_("equal step sizes counted once"):
        return list(dict.fromkeys(list(step_sizes)))
    if is_("sorted, and equal ones counted once"):
        return np.unique(step_sizes)
    return step_sizes[:-1] if is_("all but the last step size") else step_sizes


def _step_with(is_, W, grad, k, size):
    if is_("gradient scaled to length 1"):
        grad = grad / np.linalg.norm(grad)
    if is_("only the signs of the gradient"):
        grad = np.sign(grad)
    if is_("multiplies W by the gradient"):
        grad = W * grad
    if is_("leaves out the step size"):
        size = 1
    if is_("counts instead of step sizes"):
        size = k
    if is_("step sizes taken for exponents"):
        size = 10**size
    step = grad / size if is_("divides by the step size") else size * grad
    return -step if is_("walks uphill") else step
