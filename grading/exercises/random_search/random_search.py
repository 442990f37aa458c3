"""Draw weights at random, again and again, and keep the best."""

import numpy as np

from cs231n_utils.checking.channel import Recipe

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

N_TRIES = 40

exercise = Exercise(
    "random_search",
    assignment="03-random-search",
    parts={"best": 2, "history": 1, "draws": 1},
    hints=(
        "What has to be remembered from one try to the next? The best weights so far, and their "
        "loss.",
        "Start with a best loss of np.inf. In each try draw new weights, call loss_fn once, and "
        "keep weights and loss only if the loss is lower than the best.",
        "The weights are scale * rng.standard_normal(shape), drawn inside the loop. Whether or "
        "not a try was better, write the best loss so far into history[i].",
    ),
)


@exercise.solved_by
def random_search(loss_fn, shape, n_tries, scale, rng):
    best_W, best_loss = None, np.inf
    history = np.zeros(n_tries)
    for i in range(n_tries):
        W = scale * rng.standard_normal(shape)
        loss = loss_fn(W)
        if loss < best_loss:
            best_W, best_loss = W, loss
        history[i] = best_loss
    return best_W, best_loss, history


exercise.as_right("Of two tries with the same loss either is the best.", "if loss <= best_loss:")


@exercise.examined_by
def cases(rng):
    def draw():
        center = rng.choice([-1.0, 1.0], SHAPE) * rng.uniform(1.0, 2.0, SHAPE)
        return bowl(rng, center), SHAPE, N_TRIES, float(rng.uniform(0.2, 0.5))

    def call(drawn, seed):
        return (*drawn, generator(seed))

    for part, verify in (("best", _wrong_best), ("history", _wrong_history)):
        for seed in seeds(rng):
            yield Case(part, [call(draw(), seed)], answer=None, verify=verify)
    center, curvature = draw()[0].ingredients.values()
    steep = Recipe("quadratic", center=center, curvature=1e6 * curvature)
    calls = [call((steep, *draw()[1:]), seed)]
    yield Case("best", calls, answer=None, verify=_wrong_best)
    drawn, (seed, other) = draw(), seeds(rng)
    calls = [call(drawn, seed), call(drawn, seed), call(drawn, other)]
    yield Case("draws", calls, answer=None, verify=_wrong_draws)


def _best_of_all(observation):
    points, values = evaluated(observation)
    best = int(np.argmin(values))
    return points[best], values[best], np.minimum.accumulate(values)


def _wrong_best(observations):
    (call,) = observations
    why = evaluated_wrongly("random_search", call, SHAPE, N_TRIES)
    if why:
        return why
    why = best_differs(call, *_best_of_all(call))
    return f"random_search {why}" if why else None


def _wrong_history(observations):
    (call,) = observations
    why = evaluated_wrongly("random_search", call, SHAPE, call.usage["0"]["n_calls"])
    if why:
        return why
    best = np.minimum.accumulate(evaluated(call)[1])
    why = history_differs(call, best[-N_TRIES:]) and history_differs(call, best[:N_TRIES])
    return f"random_search {why}" if why else None


def _tries(call):
    """The weights tried, in order, without those that were evaluated before."""
    points, _ = evaluated(call)
    _, first = np.unique(points.reshape(len(points), -1), axis=0, return_index=True)
    return points[np.sort(first)]


def _wrong_draws(observations):
    for call in observations:
        why = evaluated_wrongly("random_search", call, SHAPE, call.usage["0"]["n_calls"])
        if why:
            return why
        tries = len(_tries(call))
        if tries < N_TRIES:
            return (
                f"random_search tries {tries} different weights, expected {N_TRIES}: draw new ones "
                "inside the loop, once per try."
            )
    distinct = [_tries(call) / call.arguments[3] for call in (observations[0], observations[2])]
    why = why_not_normal(np.concatenate(distinct))
    if why:
        return f"The weights that random_search tries {why}"
    return not_from_rng("random_search", observations, drawn_weights)


def _follow_one_another(cases):
    """Whether tries are near the ones before them, on the average over all calls."""
    centered = [
        drawn_weights(call) - drawn_weights(call).mean() for calls in cases for call in calls
    ]
    return np.mean([np.mean(W[1:] * W[:-1]) / np.mean(W**2) for W in centered]) > 0.3


def _starts_too_low(calls):
    """Whether in some calls no loss was low enough to be kept."""
    raised = [call.outcome == "raised" for call in calls]
    return not all(raised) and any(map(_keeps_nothing, calls))


def _keeps_nothing(call):
    if call.outcome == "raised":
        return call.error["type"] == "UnboundLocalError"  # best_W never got a value
    _, loss, history = call.value
    return loss < evaluated(call)[1].min() and np.ptp(history) == 0


@exercise.mistake(
    "one draw for all tries",
    "Draw the weights inside the loop: yours are drawn once and tried again and again.",
    shows=every_call(lambda call: np.ptp(drawn_weights(call), axis=0).max() == 0),
)
def _(loss_fn, shape, n_tries, scale, rng):
    W = scale * rng.standard_normal(shape)
    losses = [loss_fn(W) for _ in range(n_tries)]
    return W, min(losses), np.minimum.accumulate(losses)


@exercise.mistake(
    "evaluates the loss again",
    "Call loss_fn once per try and keep its value: on 49,000 images each call takes long.",
    shows=every_call(lambda call: call.usage["0"]["n_calls"] > call.arguments[2]),
)
def _(loss_fn, shape, n_tries, scale, rng):
    best_W, history = scale * rng.standard_normal(shape), np.zeros(n_tries)
    for i in range(n_tries):
        W = scale * rng.standard_normal(shape)
        if loss_fn(W) < loss_fn(best_W):
            best_W = W
        history[i] = loss_fn(best_W)
    return best_W, loss_fn(best_W), history


@exercise.mistake(
    "keeps the last try",
    "Remember the best weights so far, and replace them only when the loss is lower.",
    shows=every_call(lambda call: all(returns_last_try(call))),
)
def _(loss_fn, shape, n_tries, scale, rng):
    history = np.zeros(n_tries)
    for i in range(n_tries):
        W = scale * rng.standard_normal(shape)
        history[i] = loss = loss_fn(W)
    return W, loss, history


@exercise.mistake(
    "best weights overwritten",
    "The loss is the best, but the weights are the last: `best_W = W` names the same array, so "
    "draw a new W each time instead of filling the old one. Or you return the last W: return "
    "the best.",
    shows=every_call(
        lambda call: (
            returns_last_try(call)[0] and np.isclose(call.value[1], evaluated(call)[1].min())
        )
    ),
)
def _(loss_fn, shape, n_tries, scale, rng):
    W, best_loss, history = np.zeros(shape), np.inf, np.zeros(n_tries)
    for i in range(n_tries):
        W[:] = scale * rng.standard_normal(shape)
        best_loss = history[i] = min(best_loss, loss_fn(W))
    return W, best_loss, history


@exercise.mistake(
    "keeps the worst",
    "A lower loss is better: keep the weights when `loss < best_loss`.",
    shows=every_call(
        lambda call: (
            np.isclose(call.value[1], evaluated(call)[1].max())
            and np.allclose(call.value[0], drawn_weights(call)[evaluated(call)[1].argmax()])
        )
    ),
)
def _(loss_fn, shape, n_tries, scale, rng):
    W, loss, history = random_search(lambda W: -loss_fn(W), shape, n_tries, scale, rng)
    return W, -loss, -history


@exercise.mistake(
    "history of every loss",
    "history[i] is the best loss after i + 1 tries, so it never rises; yours holds each try's own "
    "loss.",
    shows=every_call(lambda call: np.allclose(call.value[2], evaluated(call)[1])),
)
def _(loss_fn, shape, n_tries, scale, rng):
    tries = [scale * rng.standard_normal(shape) for _ in range(n_tries)]
    losses = [loss_fn(W) for W in tries]
    return tries[np.argmin(losses)], min(losses), losses


@exercise.mistake(
    "history of improvements only",
    "history has one entry per try: write down the best loss also when it did not change.",
    shows=every_call(lambda call: 0 < len(call.value[2]) < len(drawn_weights(call))),
)
def _(loss_fn, shape, n_tries, scale, rng):
    W, loss, history = random_search(loss_fn, shape, n_tries, scale, rng)
    return W, loss, np.unique(history)[::-1]


@exercise.mistake(
    "steps from the best",
    "Random search forgets where it was: each try starts afresh. Steps from the best weights so "
    "far come in section 6.",
    shows=lambda cases: (
        _follow_one_another(cases)
        and not every_call(lambda call: about_one(wandering(call)))(cases)
    ),
)
def steps_from_the_best(loss_fn, shape, n_tries, scale, rng):
    best_W, best_loss, history = np.zeros(shape), np.inf, np.zeros(n_tries)
    for i in range(n_tries):
        W = best_W + scale * rng.standard_normal(shape)
        loss = loss_fn(W)
        if loss < best_loss:
            best_W, best_loss = W, loss
        history[i] = best_loss
    return best_W, best_loss, history


@exercise.mistake(
    "scale left out",
    "Multiply the standard normal numbers by scale.",
    shows=every_call(lambda call: drawn_weights(call).min() < 0 and about_one(drawn_weights(call))),
)
def _(loss_fn, shape, n_tries, scale, rng):
    return random_search(loss_fn, shape, n_tries, 1.0, rng)


@exercise.mistake(
    "uniform draws",
    "rng.random draws from 0 to 1; rng.standard_normal draws both signs, centered on 0.",
    shows=every_call(lambda call: drawn_weights(call).min() >= 0),
)
def _(loss_fn, shape, n_tries, scale, rng):
    tries = [scale * rng.random(shape) for _ in range(n_tries)]
    losses = [loss_fn(W) for W in tries]
    return tries[np.argmin(losses)], min(losses), np.minimum.accumulate(losses)


@exercise.mistake(
    "uniform draws of both signs",
    "rng.uniform(-1, 1) draws nothing beyond 1, and its numbers are only 0.58 times as large: draw "
    "with rng.standard_normal.",
    shows=every_call(lambda call: is_uniform(drawn_weights(call) / call.arguments[3])),
)
def _(loss_fn, shape, n_tries, scale, rng):
    tries = [scale * rng.uniform(-1, 1, shape) for _ in range(n_tries)]
    losses = [loss_fn(W) for W in tries]
    return tries[np.argmin(losses)], min(losses), np.minimum.accumulate(losses)


@exercise.mistake(
    "walks on from the last try",
    "Each try starts afresh: `W = scale * ...`, not `W += scale * ...`.",
    shows=every_call(
        lambda call: (
            about_one(wandering(call)) and drawn_weights(call).std() > 1.5 * call.arguments[3]
        )
    ),
)
def _(loss_fn, shape, n_tries, scale, rng):
    tries = list(np.cumsum(scale * rng.standard_normal((n_tries, *shape)), axis=0))
    losses = [loss_fn(W) for W in tries]
    return tries[np.argmin(losses)], min(losses), np.minimum.accumulate(losses)


@exercise.mistake(
    "best loss starts at 0",
    "No loss is below 0, so nothing is ever kept: start from np.inf.",
    shows=every_call(lambda call: call.value[1] == 0 and not np.any(call.value[2])),
)
def _(loss_fn, shape, n_tries, scale, rng):
    W, best_loss, history = None, 0.0, np.zeros(n_tries)
    for i in range(n_tries):
        loss = loss_fn(scale * rng.standard_normal(shape))
        history[i] = best_loss = min(best_loss, loss)
    return W, best_loss, history


@exercise.mistake(
    "best loss starts at a number",
    "Start from np.inf: a loss can be larger than any number you pick.",
    shows=lambda cases: _starts_too_low([call for calls in cases for call in calls]),
)
def _(loss_fn, shape, n_tries, scale, rng):
    best_W, best_loss, history = None, 100.0, np.zeros(n_tries)
    for i in range(n_tries):
        W = scale * rng.standard_normal(shape)
        loss = loss_fn(W)
        if loss < best_loss:
            best_W, best_loss = W, loss
        history[i] = best_loss
    return best_W, best_loss, history


@exercise.mistake(
    "draws from elsewhere",
    "Draw from the rng that is passed in, not from np.random or a new generator: only then can a "
    "run be repeated.",
    shows=draws(0, 1, alike=False, drawn=drawn_weights),
)
def _(loss_fn, shape, n_tries, scale, rng):
    return random_search(loss_fn, shape, n_tries, scale, np.random.default_rng())


@exercise.mistake(
    "seed of its own",
    "The function sets a seed itself, so every run is the same: draw from the rng that is passed "
    "in.",
    shows=draws(0, 2, alike=True, drawn=drawn_weights),
)
def _(loss_fn, shape, n_tries, scale, rng):
    return random_search(loss_fn, shape, n_tries, scale, np.random.default_rng(231))


@exercise.mistake(
    "uniform draws as wide as normal ones",
    "rng.uniform draws nothing beyond its ends, where 1 in 20 normal numbers lies beyond 2: draw "
    "with rng.standard_normal.",
    shows=every_call(lambda call: is_flat(drawn_weights(call) / call.arguments[3])),
)
def draws_from_minus_two_to_two(loss_fn, shape, n_tries, scale, rng):
    return _search(loss_fn, scale * rng.uniform(-2, 2, (n_tries, *shape)))


@exercise.mistake(
    "one number for all weights",
    "rng.standard_normal() is a single number: pass the shape, and every weight gets its own.",
    shows=every_call(
        lambda call: np.ptp(drawn_weights(call).reshape(call.arguments[2], -1), axis=1).max() < 1e-9
    ),
)
def draws_one_number_per_try(loss_fn, shape, n_tries, scale, rng):
    numbers = scale * rng.standard_normal((n_tries, *(1 for _ in shape)))
    return _search(loss_fn, numbers * np.ones(shape))


@exercise.mistake(
    "one row for all rows",
    "Draw an array of the whole shape: yours has one row of numbers, repeated down the rows.",
    shows=every_call(lambda call: np.ptp(drawn_weights(call), axis=1).max() < 1e-9),
)
def draws_one_row_per_try(loss_fn, shape, n_tries, scale, rng):
    rows = scale * rng.standard_normal((n_tries, 1, shape[1]))
    return _search(loss_fn, rows * np.ones(shape))


@exercise.mistake(
    "each try twice",
    "Draw new weights for every try: half of yours have been tried before.",
    shows=every_call(
        lambda call: 2 * len(_tries(call)) == call.arguments[2] == len(drawn_weights(call))
    ),
)
def tries_half_twice(loss_fn, shape, n_tries, scale, rng):
    half = scale * rng.standard_normal((n_tries // 2, *shape))
    return _search(loss_fn, np.concatenate([half, half]))


def _search(loss_fn, tries):
    losses = [loss_fn(W) for W in tries]
    return tries[np.argmin(losses)], min(losses), np.minimum.accumulate(losses)
