"""Take random steps from the best weights so far, and keep those that lower the loss."""

import numpy as np

from cs231n_utils.checking.channel import Recipe

from ..compare import NotJudged
from ..describe import Case, Exercise
from ..draws import draws, every_call, generator, not_from_rng, seeds
from .evaluations import (
    SHAPE,
    bowl,
    drawn_weights,
    evaluated,
    evaluated_wrongly,
    numbers_with,
    returns_last_try,
    wandering,
    written_at_improvements_only,
)
from .normality import about_one, is_flat, is_uniform, why_not_normal
from .outcomes import best_differs, history_differs

N_STEPS = 40

exercise = Exercise(
    "random_local_search",
    assignment="03-random-search",
    parts={"best": 2, "history": 1, "steps": 2},
    hints=(
        "Random search forgets where it was. Here each try starts from the best weights so far: "
        "which two things must you carry along?",
        "Before the loop, W is W0 and its loss is loss_fn(W0). In each step make new weights "
        "under another name, W + step * rng.standard_normal(W.shape), and call loss_fn on them "
        "once.",
        "If the new loss is lower, the new weights and their loss replace the old ones; if not, "
        "nothing changes. Then write the present best loss into history[i]. W0 itself is never "
        "written to.",
    ),
)


@exercise.solved_by
def random_local_search(loss_fn, W0, n_steps, step, rng):
    W, loss = W0, loss_fn(W0)
    history = np.zeros(n_steps)
    for i in range(n_steps):
        W_try = W + step * rng.standard_normal(W0.shape)
        loss_try = loss_fn(W_try)
        if loss_try < loss:
            W, loss = W_try, loss_try
        history[i] = loss
    return W, loss, history


exercise.as_right(
    "A normal number with its sign turned around is a normal number.",
    "W_try = W - step * rng.standard_normal(W0.shape)",
)


@exercise.examined_by
def cases(rng):
    def draw():
        W0 = rng.standard_normal(SHAPE)
        center = W0 + rng.choice([-1.0, 1.0], SHAPE) * rng.uniform(0.7, 1.3, SHAPE)
        return bowl(rng, center), W0, N_STEPS, float(rng.uniform(0.05, 0.15))

    def call(drawn, seed):
        return (*drawn, generator(seed))

    for part, verify in (("best", _wrong_best), ("history", _wrong_history)):
        for seed in seeds(rng):
            yield Case(part, [call(draw(), seed)], answer=None, verify=verify)
        drawn = (_told_losses(rng), *draw()[1:])
        yield Case(part, [call(drawn, seed)], answer=None, verify=verify)
    drawn, (seed, other) = (_told_losses(rng), *draw()[1:]), seeds(rng)
    calls = [call(drawn, seed), call(drawn, seed), call(drawn, other)]
    yield Case("steps", calls, answer=None, verify=_wrong_steps)


def _told_losses(rng):
    """Losses that are fixed in advance, so that every wrong rule of acceptance shows.

    After the loss at W0 they come five by five: a new best, the same once more, a rise, a fall,
    and one that is below the loss at W0 alone.
    """
    bests = 9.0 - np.arange(N_STEPS // 5)
    others = np.array([0.0, 12.0, 11.0, 9.4]) + rng.uniform(0.0, 0.5, (len(bests), 4))
    others[:, 0] = bests
    return Recipe("told_losses", values=np.append(10.0, np.column_stack([bests, others])))


def _searched(call):
    """The points and losses of W0 and of each step, without later evaluations."""
    points, values = evaluated(call)
    return points[: N_STEPS + 1], values[: N_STEPS + 1]


def _replay(call, accepts=lambda value, best, start: value < best):
    """Go through what was evaluated: where each step began, then (W, loss, history)."""
    points, values = _searched(call)
    W, best = points[0], values[0]
    origins, history = [], []
    for point, value in zip(points[1:], values[1:], strict=True):
        origins.append(W)
        if accepts(value, best, values[0]):
            W, best = point, value
        history.append(best)
    return np.array(origins), (W, best, np.array(history))


def _after_falls(call):
    """Where each step began for one who takes every step whose loss is below the last one's."""
    points, values = _searched(call)
    W, origins = points[0], []
    for i in range(1, len(points)):
        origins.append(W)
        if values[i] < values[i - 1]:
            W = points[i]
    return np.array(origins)


def _after_failures(call):
    """Where each step began for one who goes back to W0 when a step does not help."""
    points, values = _searched(call)
    W, best, origins = points[0], values[0], []
    for point, value in zip(points[1:], values[1:], strict=True):
        origins.append(W)
        W, best = (point, value) if value < best else (points[0], best)
    return np.array(origins)


def _strides(call, origins):
    return (_searched(call)[0][1:] - origins) / call.arguments[3]


def _starts_wrongly(call):
    points, _ = evaluated(call)
    if np.allclose(points[0], call.arguments[1], rtol=1e-4, atol=1e-6):
        return None
    return "random_local_search must evaluate loss_fn at W0 first, then at each step."


def _wrong_best(observations):
    (call,) = observations
    why = evaluated_wrongly("random_local_search", call, SHAPE, N_STEPS + 1)
    why = why or _starts_wrongly(call)
    if why:
        return why
    why = best_differs(call, *_replay(call)[1])
    return f"random_local_search {why}" if why else None


def _wrong_history(observations):
    (call,) = observations
    why = evaluated_wrongly("random_local_search", call, SHAPE, call.usage["0"]["n_calls"])
    if why:
        return why
    values = evaluated(call)[1]
    best = np.minimum.accumulate(values)
    why = history_differs(call, best[-N_STEPS:]) and history_differs(call, best[1 : N_STEPS + 1])
    return f"random_local_search {why}" if why else None


def _unclear_steps(call):
    """Why it cannot be seen what each step was."""
    n_calls = call.usage["0"]["n_calls"]
    why = evaluated_wrongly("random_local_search", call, SHAPE, max(n_calls, N_STEPS + 1))
    why = why or _starts_wrongly(call)
    if not why and len(np.unique(_searched(call)[0], axis=0)) <= N_STEPS:
        why = f"random_local_search tries some weights again within {N_STEPS} steps."
    return why


def _wrong_steps(observations):
    for call in observations:
        why = _unclear_steps(call)
        if why:
            return NotJudged(f"Not judged until each step is evaluated once: {why}")
    first, _, other = observations
    strides = np.concatenate([_strides(call, _replay(call)[0]) for call in (first, other)])
    why = why_not_normal(strides)
    if why and about_one(np.concatenate([_strides(c, c.arguments[1]) for c in (first, other)])):
        return "random_local_search steps from W0, expected from the best weights so far."
    if why:
        return f"The steps of random_local_search, taken from the best weights so far, {why}"
    return not_from_rng("random_local_search", observations, drawn_weights)


SHOWS = {
    "best loss starts at infinity": every_call(
        lambda call: call.usage["0"]["n_calls"] == call.arguments[2] and _starts_wrongly(call)
    ),
    "evaluates the loss again": every_call(
        lambda call: call.usage["0"]["n_calls"] > call.arguments[2] + 1
    ),
    "one direction for all steps": every_call(
        lambda call: np.ptp(_strides(call, _replay(call)[0]), axis=0).max() < 1e-6
    ),
    "one number for all weights": every_call(
        lambda call: (
            np.ptp(_strides(call, _replay(call)[0]).reshape(call.arguments[2], -1), axis=1).max()
            < 1e-6
        )
    ),
    "one row for all rows": every_call(
        lambda call: np.ptp(_strides(call, _replay(call)[0]), axis=1).max() < 1e-6
    ),
    "compares with the loss at W0": every_call(
        lambda call: (
            np.allclose(call.value[0], _replay(call, lambda new, best, start: new < start)[1][0])
            and about_one(_strides(call, _replay(call, lambda new, best, start: new < start)[0]))
        )
    ),
    "compares with the last try": every_call(
        lambda call: (
            np.isclose(call.value[1], evaluated(call)[1][-1])
            and about_one(_strides(call, _after_falls(call)))
        )
    ),
    "changes W0": every_call(lambda call: not np.array_equal(call.after[1], call.arguments[1])),
    "takes every step": every_call(
        lambda call: about_one(wandering(call)) and all(returns_last_try(call))
    ),
    "rejected steps are not undone": every_call(
        lambda call: (
            about_one(wandering(call))
            and returns_last_try(call)[0]
            and np.isclose(call.value[1], evaluated(call)[1].min())
        )
    ),
    "walks on from every try": every_call(
        lambda call: (
            about_one(wandering(call))
            and np.allclose(call.value[0], evaluated(call)[0][evaluated(call)[1].argmin()])
            and np.isclose(call.value[1], evaluated(call)[1].min())
            and not about_one(_strides(call, _replay(call)[0]))
        )
    ),
    "returns the last try": every_call(
        lambda call: all(returns_last_try(call)) and about_one(_strides(call, _replay(call)[0]))
    ),
    "always steps from W0": every_call(
        lambda call: (
            about_one(_strides(call, call.arguments[1]))
            and np.std(_strides(call, call.arguments[1]))
            < np.std(_strides(call, _after_failures(call)))
        )
    ),
    "goes back to W0 after a step that does not help": every_call(
        lambda call: (
            about_one(_strides(call, _after_failures(call)))
            and np.std(_strides(call, _after_failures(call)))
            < np.std(_strides(call, call.arguments[1]))
        )
    ),
    "climbs": every_call(
        lambda call: (
            np.isclose(call.value[1], evaluated(call)[1].max())
            and about_one(_strides(call, _replay(call, lambda new, best, start: new > best)[0]))
        )
    ),
    "step left out": every_call(
        lambda call: about_one(call.arguments[3] * _strides(call, _replay(call)[0]))
    ),
    "uniform steps": every_call(lambda call: _strides(call, _replay(call)[0]).min() >= -1e-6),
    "uniform steps of both signs": every_call(
        lambda call: is_uniform(_strides(call, _replay(call)[0]))
    ),
    "history begins with W0": every_call(lambda call: len(call.value[2]) == call.arguments[2] + 1),
    "history of every loss": every_call(
        lambda call: np.allclose(call.value[2], evaluated(call)[1][1:])
    ),
    "history of improvements only": every_call(
        lambda call: (
            0 < len(call.value[2]) < call.arguments[2] and np.all(np.diff(call.value[2]) < 0)
        )
    ),
    "history written at improvements only": every_call(
        lambda call: written_at_improvements_only(call.value[2], evaluated(call)[1])
    ),
    "draws from elsewhere": draws(0, 1, alike=False, drawn=drawn_weights),
    "seed of its own": draws(0, 2, alike=True, drawn=drawn_weights),
    "uniform steps as wide as normal ones": every_call(
        lambda call: is_flat(_strides(call, _replay(call)[0]))
    ),
    "takes steps that change nothing": every_call(
        lambda call: (
            about_one(_strides(call, _replay(call, lambda new, best, start: new <= best)[0]))
            and np.isclose(call.value[1], evaluated(call)[1].min())
        )
    ),
}


@exercise.twisted_by(
    {
        "best loss starts at infinity": "Start from loss_fn(W0): from infinity, the first step is "
        "taken even when it is worse.",
        "evaluates the loss again": "Call loss_fn once per step and keep its value: on 49,000 "
        "images each call takes long.",
        "one direction for all steps": "Draw each step inside the loop: yours is drawn once and "
        "tried again and again.",
        "one number for all weights": "rng.standard_normal() is a single number: pass W.shape, and "
        "every weight gets its own.",
        "one row for all rows": "Draw an array of the whole shape: yours has one row of numbers, "
        "repeated down the rows.",
        "compares with the loss at W0": "After taking a step, its loss is the new loss to beat.",
        "compares with the last try": "Compare with the best loss so far, not with the loss of the "
        "last try.",
        "changes W0": "`W += ...` changes the caller's W0, because W names the same array: write "
        "`W = W + ...`.",
        "takes every step": "Take a step only when its loss is lower than the best so far; else "
        "stay where you are.",
        "rejected steps are not undone": "A step that does not help must be undone: try W + dW "
        "under another name, and change W only when the loss is lower.",
        "walks on from every try": "Step from the best weights so far, not from the last ones "
        "tried: W + dW needs a name of its own, and W changes only when the loss is lower.",
        "returns the last try": "Return the best weights and their loss, not the last ones tried.",
        "returns the weights of the last try": "The loss is the best, but the weights are the last "
        "ones tried: return those of the best loss.",
        "returns the loss of the last try": "Return the best loss so far, not that of the last "
        "try.",
        "always steps from W0": "Step from the best weights so far, not from W0: improvements must "
        "add up.",
        "goes back to W0 after a step that does not help": "Stay at the best weights so far when a "
        "step does not help; W0 is only where the search began.",
        "climbs": "A lower loss is better: take the step when `loss_try < loss`.",
        "step left out": "Multiply the standard normal numbers by step.",
        "step squared": "Multiply the standard normal numbers by step once.",
        "uniform steps": "rng.random only gives positive numbers, so every weight can only grow: "
        "draw with rng.standard_normal.",
        "uniform steps of both signs": "rng.uniform(-1, 1) draws nothing beyond 1, and its numbers "
        "are only 0.58 times as large: draw with rng.standard_normal.",
        "history begins with W0": "history has n_steps entries: the first is the best loss after "
        "the first step.",
        "history lags by a step": "history[i] is the best loss after i + 1 steps: write it down "
        "after the comparison.",
        "history of every loss": "history[i] is the best loss after i + 1 steps, so it never "
        "rises; yours holds the loss of each step tried.",
        "history of improvements only": "history has one entry per step: write down the best loss "
        "also when it did not change.",
        "history written at improvements only": "Write history[i] in every step, after the `if` "
        "and not in it: yours stays 0 where a step did not help.",
        "draws from elsewhere": "Draw from the rng that is passed in, not from np.random or a new "
        "generator: only then can a run be repeated.",
        "seed of its own": "The function sets a seed itself, so every run is the same: draw from "
        "the rng that is passed in.",
        "uniform steps as wide as normal ones": "rng.uniform draws nothing beyond its ends, where "
        "1 in 20 normal numbers lies beyond 2: draw with rng.standard_normal.",
        "takes steps that change nothing": "Only a lower loss is an improvement: compare with <, "
        "not with <=.",
    },
    SHOWS,
)
def random_local_search_with(is_, loss_fn, W0, n_steps, step, rng):
    if is_("draws from elsewhere"):
        rng = np.random.default_rng()
    if is_("seed of its own"):
        rng = np.random.default_rng(231)
    if is_("step left out"):
        step = 1.0
    if is_("step squared"):
        step = step**2
    start_loss = np.inf if is_("best loss starts at infinity") else loss_fn(W0)
    W = best_W = W0
    to_beat = best = start_loss
    stride, history = None, []
    for _ in range(n_steps):
        if stride is None or not is_("one direction for all steps"):
            stride = step * numbers_with(is_, "steps", W0.shape, rng)
        W_try = (W0 if is_("always steps from W0") else W) + stride
        loss = loss_fn(W_try)
        better = loss < to_beat
        if is_("climbs"):
            better = loss > to_beat
        if is_("takes steps that change nothing"):
            better = loss <= to_beat
        better = better or is_("takes every step")
        if better:
            best_W, best = W_try, loss_fn(W_try) if is_("evaluates the loss again") else loss
        if not is_("compares with the loss at W0"):
            to_beat = loss if is_("compares with the last try") else best
        stays = not (is_("rejected steps are not undone") or is_("walks on from every try"))
        W = best_W if stays else W_try
        if is_("goes back to W0 after a step that does not help") and not better:
            W = W0
        if better or not is_("history written at improvements only"):
            last = is_("history of every loss") or is_("compares with the last try")
            history.append(loss if last else best)
        else:
            history.append(0.0)
    if is_("history begins with W0"):
        history = [start_loss, *history]
    if is_("history lags by a step"):
        history = [start_loss, *history[:-1]]
    if is_("history of improvements only"):
        history = np.unique(history)[::-1]
    if is_("changes W0"):
        W0[:] = best_W
    last = is_("returns the last try")
    if last or is_("rejected steps are not undone") or is_("returns the weights of the last try"):
        best_W = W_try
    if last or is_("compares with the last try") or is_("returns the loss of the last try"):
        best = loss
    return best_W, best, np.array(history)
