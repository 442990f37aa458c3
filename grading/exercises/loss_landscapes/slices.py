"""A loss to cut through, steps to go, and slips in going to the points of a slice."""

import numpy as np

from cs231n_utils.checking.channel import Recipe


def bumpy_loss(rng, shape):
    """A smooth loss without symmetry, so that no two wrong points give the same value."""
    size = int(np.prod(shape))
    return Recipe(
        "tanh_net",
        A=rng.standard_normal((6, size)),
        b=rng.standard_normal(6),
        v=2.0 + rng.uniform(1.0, 3.0, 6),
    )


def uneven_steps(rng, count):
    """Steps in rising order, positive and negative, unevenly spaced, none of them 0 or 1."""
    return np.sort(rng.uniform(0.2, 0.9, count) * np.resize([-1.0, 1.0], count))


WALK_SLIPS = {
    "leaves out W": "The slice goes through W: add the steps to W.",
    "never moves": "The loss is asked at every point of the slice, not at W alone.",
    "steps backward": "Add the steps to W; going downhill, with a minus, comes later.",
    "walks on from the last point": "Each point is seen from the same W: do not carry the last "
    "point along.",
    "changes W": "`W += ...` changes the caller's weights, as does `point = W; point += ...`, "
    "which names the same array: the next point starts from there. Make a new array, `W + ...`.",
    "puts W back by subtraction": "`W += ...` and `W -= ...` do not give back the last bits of W: "
    "leave it as it was, and make a new array, `W + ...`.",
    "adds the step to every weight": "A step goes along its direction: alpha * W1, not alpha.",
    "leaves out the steps": "Multiply each direction by its step.",
    "counts instead of steps": "Use the step itself, alphas[i], not its position i in the array.",
    "scales the direction": "Use each direction as it is: its length belongs to what the caller "
    "asks for.",
    "scales the direction to the length of W": "Use each direction as it is: do not give it the "
    "length of W.",
    "loss above the start": "Return the losses themselves; nothing is subtracted.",
    "rounds to whole numbers": "An array with the dtype of alphas, as of np.zeros_like(alphas), "
    "holds whole numbers when alphas does, and cuts the losses: np.zeros of the shape holds "
    "floats.",
}
"""Slips in going to the points of a slice, along one direction or two."""


def fails_on_lists(cases):
    """Whether all calls with steps in arrays returned, and all with steps in lists raised."""
    return all(
        call.outcome == ("returned" if isinstance(call.arguments[-1], np.ndarray) else "raised")
        for calls in cases
        for call in calls
    )


def moved_with(is_, W, directions, steps, positions):
    """The step from W to a point, with slips."""
    if is_("counts instead of steps"):
        steps = positions
    if is_("leaves out the steps"):
        steps = [1.0] * len(directions)
    if is_("adds the step to every weight"):
        directions = [np.ones(W.shape)] * len(directions)
    if is_("scales the direction"):
        directions = [direction / np.linalg.norm(direction) for direction in directions]
    if is_("scales the direction to the length of W"):
        lengths = [np.linalg.norm(W) / np.linalg.norm(direction) for direction in directions]
        directions = [np.multiply(*pair) for pair in zip(lengths, directions, strict=True)]
    moved = sum(step * direction for step, direction in zip(steps, directions, strict=True))
    return -moved if is_("steps backward") else moved


def loss_after_with(is_, loss_fn, W, moved):
    """The loss at a point of a slice and the next start, with slips."""
    if is_("changes W") or is_("puts W back by subtraction"):
        W += moved
        loss = loss_fn(W)
        if is_("puts W back by subtraction"):
            W -= moved
        return loss, W
    point = moved if is_("leaves out W") else W + moved
    if is_("never moves"):
        point = W
    loss = loss_fn(point)
    return loss, point if is_("walks on from the last point") else W


def all_points_in_one_call(exercise):
    """Decorate the mistake to make one array of all points."""
    return exercise.mistake(
        "all points in one call",
        "loss_fn takes one array like W and returns one number: loop over the steps, and call it "
        "once for each point. An array of all the steps at once does not fit the directions.",
        shows=_evaluates_at_most_once,
    )


def _evaluates_at_most_once(cases):
    """Whether several steps in arrays lead to one evaluation, or to arrays that do not fit."""
    calls = [
        call
        for calls in cases
        for call in calls
        if isinstance(call.arguments[-1], np.ndarray) and len(call.arguments[-1]) > 1
    ]
    messages = [call.error["message"] for call in calls if call.outcome == "raised"]
    return (
        messages
        and all("broadcast" in message or "core dim" in message for message in messages)
        and all(call.usage["0"]["n_calls"] == (call.outcome == "returned") for call in calls)
    )
