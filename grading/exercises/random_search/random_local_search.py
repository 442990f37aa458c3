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
    returns_last_try,
    wandering,
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


@exercise.mistake(
    "best loss starts at infinity",
    "Start from loss_fn(W0): from infinity, the first step is taken even when it is worse.",
    shows=every_call(
        lambda call: call.usage["0"]["n_calls"] == call.arguments[2] and _starts_wrongly(call)
    ),
)
def _(loss_fn, W0, n_steps, step, rng):
    W, loss, history = W0, np.inf, np.zeros(n_steps)
    for i in range(n_steps):
        W_try = W + step * rng.standard_normal(W0.shape)
        loss_try = loss_fn(W_try)
        if loss_try < loss:
            W, loss = W_try, loss_try
        history[i] = loss
    return W, loss, history


@exercise.mistake(
    "one direction for all steps",
    "Draw each step inside the loop: yours is drawn once and tried again and again.",
    shows=every_call(lambda call: np.ptp(_strides(call, _replay(call)[0]), axis=0).max() < 1e-6),
)
def _(loss_fn, W0, n_steps, step, rng):
    W, loss, history = W0, loss_fn(W0), np.zeros(n_steps)
    dW = step * rng.standard_normal(W0.shape)
    for i in range(n_steps):
        loss_try = loss_fn(W + dW)
        if loss_try < loss:
            W, loss = W + dW, loss_try
        history[i] = loss
    return W, loss, history


def _walk(loss_fn, W0, strides):
    """The reference with its strides drawn beforehand."""
    W, loss, history = W0, loss_fn(W0), []
    for stride in strides:
        W_try = W + stride
        loss_try = loss_fn(W_try)
        if loss_try < loss:
            W, loss = W_try, loss_try
        history.append(loss)
    return W, loss, np.array(history)


@exercise.mistake(
    "one number for all weights",
    "rng.standard_normal() is a single number: pass W.shape, and every weight gets its own.",
    shows=every_call(
        lambda call: (
            np.ptp(_strides(call, _replay(call)[0]).reshape(call.arguments[2], -1), axis=1).max()
            < 1e-6
        )
    ),
)
def draws_one_number_per_step(loss_fn, W0, n_steps, step, rng):
    return _walk(loss_fn, W0, step * rng.standard_normal((n_steps, 1, 1)) * np.ones(W0.shape))


@exercise.mistake(
    "one row for all rows",
    "Draw an array of the whole shape: yours has one row of numbers, repeated down the rows.",
    shows=every_call(lambda call: np.ptp(_strides(call, _replay(call)[0]), axis=1).max() < 1e-6),
)
def draws_one_row_per_step(loss_fn, W0, n_steps, step, rng):
    rows = rng.standard_normal((n_steps, 1, W0.shape[1]))
    return _walk(loss_fn, W0, step * rows * np.ones(W0.shape))


@exercise.mistake(
    "compares with the loss at W0",
    "After taking a step, its loss is the new loss to beat.",
    shows=every_call(
        lambda call: (
            np.allclose(call.value[0], _replay(call, lambda new, best, start: new < start)[1][0])
            and about_one(_strides(call, _replay(call, lambda new, best, start: new < start)[0]))
        )
    ),
)
def _(loss_fn, W0, n_steps, step, rng):
    W, first_loss = W0, loss_fn(W0)
    loss, history = first_loss, np.zeros(n_steps)
    for i in range(n_steps):
        W_try = W + step * rng.standard_normal(W0.shape)
        loss_try = loss_fn(W_try)
        if loss_try < first_loss:
            W, loss = W_try, loss_try
        history[i] = loss
    return W, loss, history


@exercise.mistake(
    "compares with the last try",
    "Compare with the best loss so far, not with the loss of the last try.",
    shows=every_call(
        lambda call: (
            np.isclose(call.value[1], evaluated(call)[1][-1])
            and about_one(_strides(call, _after_falls(call)))
        )
    ),
)
def _(loss_fn, W0, n_steps, step, rng):
    W, last_loss, history = W0, loss_fn(W0), np.zeros(n_steps)
    for i in range(n_steps):
        W_try = W + step * rng.standard_normal(W0.shape)
        loss_try = loss_fn(W_try)
        if loss_try < last_loss:
            W = W_try
        history[i] = last_loss = loss_try
    return W, last_loss, history


@exercise.mistake(
    "takes every step",
    "Take a step only when its loss is lower than the best so far; else stay where you are.",
    shows=every_call(lambda call: about_one(wandering(call)) and all(returns_last_try(call))),
)
def _(loss_fn, W0, n_steps, step, rng):
    W, loss, history = W0, loss_fn(W0), np.zeros(n_steps)
    for i in range(n_steps):
        W = W + step * rng.standard_normal(W0.shape)
        history[i] = loss = loss_fn(W)
    return W, loss, history


@exercise.mistake(
    "rejected steps are not undone",
    "A step that does not help must be undone: try W + dW under another name, and change W only "
    "when the loss is lower.",
    shows=every_call(
        lambda call: (
            about_one(wandering(call))
            and returns_last_try(call)[0]
            and np.isclose(call.value[1], evaluated(call)[1].min())
        )
    ),
)
def _(loss_fn, W0, n_steps, step, rng):
    W, loss, history = W0, loss_fn(W0), np.zeros(n_steps)
    for i in range(n_steps):
        W = W + step * rng.standard_normal(W0.shape)
        history[i] = loss = min(loss, loss_fn(W))
    return W, loss, history


@exercise.mistake(
    "returns the last try",
    "Return the best weights and their loss, not the last ones tried.",
    shows=every_call(
        lambda call: all(returns_last_try(call)) and about_one(_strides(call, _replay(call)[0]))
    ),
)
def _(loss_fn, W0, n_steps, step, rng):
    W, loss, history = W0, loss_fn(W0), np.zeros(n_steps)
    for i in range(n_steps):
        W_try = W + step * rng.standard_normal(W0.shape)
        loss_try = loss_fn(W_try)
        if loss_try < loss:
            W, loss = W_try, loss_try
        history[i] = loss
    return W_try, loss_try, history


@exercise.mistake(
    "always steps from W0",
    "Step from the best weights so far, not from W0: improvements must add up.",
    shows=every_call(
        lambda call: (
            about_one(_strides(call, call.arguments[1]))
            and np.std(_strides(call, call.arguments[1]))
            < np.std(_strides(call, _after_failures(call)))
        )
    ),
)
def _(loss_fn, W0, n_steps, step, rng):
    W, loss, history = W0, loss_fn(W0), np.zeros(n_steps)
    for i in range(n_steps):
        W_try = W0 + step * rng.standard_normal(W0.shape)
        loss_try = loss_fn(W_try)
        if loss_try < loss:
            W, loss = W_try, loss_try
        history[i] = loss
    return W, loss, history


@exercise.mistake(
    "goes back to W0 after a step that does not help",
    "Stay at the best weights so far when a step does not help; W0 is only where the search began.",
    shows=every_call(
        lambda call: (
            about_one(_strides(call, _after_failures(call)))
            and np.std(_strides(call, _after_failures(call)))
            < np.std(_strides(call, call.arguments[1]))
        )
    ),
)
def starts_again_after_a_failure(loss_fn, W0, n_steps, step, rng):
    W, best_W, best, history = W0, W0, loss_fn(W0), np.zeros(n_steps)
    for i in range(n_steps):
        W = W + step * rng.standard_normal(W0.shape)
        loss_try = loss_fn(W)
        if loss_try < best:
            best_W, best = W, loss_try
        else:
            W = W0
        history[i] = best
    return best_W, best, history


@exercise.mistake(
    "climbs",
    "A lower loss is better: take the step when `loss_try < loss`.",
    shows=every_call(
        lambda call: (
            np.isclose(call.value[1], evaluated(call)[1].max())
            and about_one(_strides(call, _replay(call, lambda new, best, start: new > best)[0]))
        )
    ),
)
def _(loss_fn, W0, n_steps, step, rng):
    W, loss, history = random_local_search(lambda W: -loss_fn(W), W0, n_steps, step, rng)
    return W, -loss, -history


@exercise.mistake(
    "changes W0",
    "`W += ...` changes the caller's W0, because W names the same array: write `W = W + ...`.",
    shows=every_call(lambda call: not np.array_equal(call.after[1], call.arguments[1])),
)
def _(loss_fn, W0, n_steps, step, rng):
    W, loss, history = random_local_search(loss_fn, W0, n_steps, step, rng)
    W0[:] = W
    return W0, loss, history


@exercise.mistake(
    "step left out",
    "Multiply the standard normal numbers by step.",
    shows=every_call(lambda call: about_one(call.arguments[3] * _strides(call, _replay(call)[0]))),
)
def _(loss_fn, W0, n_steps, step, rng):
    return random_local_search(loss_fn, W0, n_steps, 1.0, rng)


@exercise.mistake(
    "uniform steps",
    "rng.random only gives positive numbers, so every weight can only grow: draw with "
    "rng.standard_normal.",
    shows=every_call(lambda call: _strides(call, _replay(call)[0]).min() >= -1e-6),
)
def _(loss_fn, W0, n_steps, step, rng):
    W, loss, history = W0, loss_fn(W0), np.zeros(n_steps)
    for i in range(n_steps):
        W_try = W + step * rng.random(W0.shape)
        loss_try = loss_fn(W_try)
        if loss_try < loss:
            W, loss = W_try, loss_try
        history[i] = loss
    return W, loss, history


@exercise.mistake(
    "uniform steps of both signs",
    "rng.uniform(-1, 1) draws nothing beyond 1, and its numbers are only 0.58 times as large: draw "
    "with rng.standard_normal.",
    shows=every_call(lambda call: is_uniform(_strides(call, _replay(call)[0]))),
)
def _(loss_fn, W0, n_steps, step, rng):
    W, loss, history = W0, loss_fn(W0), np.zeros(n_steps)
    for i in range(n_steps):
        W_try = W + step * rng.uniform(-1, 1, W0.shape)
        loss_try = loss_fn(W_try)
        if loss_try < loss:
            W, loss = W_try, loss_try
        history[i] = loss
    return W, loss, history


@exercise.mistake(
    "history begins with W0",
    "history has n_steps entries: the first is the best loss after the first step.",
    shows=every_call(lambda call: len(call.value[2]) == call.arguments[2] + 1),
)
def _(loss_fn, W0, n_steps, step, rng):
    losses = []

    def remembered(W):
        losses.append(loss_fn(W))
        return losses[-1]

    W, loss, _ = random_local_search(remembered, W0, n_steps, step, rng)
    return W, loss, np.minimum.accumulate(losses)


@exercise.mistake(
    "history of every loss",
    "history[i] is the best loss after i + 1 steps, so it never rises; yours holds the loss of "
    "each step tried.",
    shows=every_call(lambda call: np.allclose(call.value[2], evaluated(call)[1][1:])),
)
def _(loss_fn, W0, n_steps, step, rng):
    losses = []

    def remembered(W):
        losses.append(loss_fn(W))
        return losses[-1]

    W, loss, _ = random_local_search(remembered, W0, n_steps, step, rng)
    return W, loss, losses[1:]


@exercise.mistake(
    "draws from elsewhere",
    "Draw from the rng that is passed in, not from np.random or a new generator: only then can a "
    "run be repeated.",
    shows=draws(0, 1, alike=False, drawn=drawn_weights),
)
def _(loss_fn, W0, n_steps, step, rng):
    return random_local_search(loss_fn, W0, n_steps, step, np.random.default_rng())


@exercise.mistake(
    "seed of its own",
    "The function sets a seed itself, so every run is the same: draw from the rng that is passed "
    "in.",
    shows=draws(0, 2, alike=True, drawn=drawn_weights),
)
def _(loss_fn, W0, n_steps, step, rng):
    return random_local_search(loss_fn, W0, n_steps, step, np.random.default_rng(231))


@exercise.mistake(
    "uniform steps as wide as normal ones",
    "rng.uniform draws nothing beyond its ends, where 1 in 20 normal numbers lies beyond 2: draw "
    "with rng.standard_normal.",
    shows=every_call(lambda call: is_flat(_strides(call, _replay(call)[0]))),
)
def steps_from_minus_two_to_two(loss_fn, W0, n_steps, step, rng):
    return _walk(loss_fn, W0, step * rng.uniform(-2, 2, (n_steps, *W0.shape)))


@exercise.mistake(
    "takes steps that change nothing",
    "Only a lower loss is an improvement: compare with <, not with <=.",
    shows=every_call(
        lambda call: (
            about_one(_strides(call, _replay(call, lambda new, best, start: new <= best)[0]))
            and np.isclose(call.value[1], evaluated(call)[1].min())
        )
    ),
)
def takes_equal_losses(loss_fn, W0, n_steps, step, rng):
    W, loss, history = W0, loss_fn(W0), np.zeros(n_steps)
    for i in range(n_steps):
        W_try = W + step * rng.standard_normal(W0.shape)
        loss_try = loss_fn(W_try)
        if loss_try <= loss:
            W, loss = W_try, loss_try
        history[i] = loss
    return W, loss, history
