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
    numbers_with,
    returns_last_try,
    wandering,
    written_at_improvements_only,
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


SHOWS = {
    "one draw for all tries": every_call(
        lambda call: np.ptp(drawn_weights(call), axis=0).max() == 0
    ),
    "evaluates the loss again": every_call(
        lambda call: call.usage["0"]["n_calls"] > call.arguments[2]
    ),
    "keeps the last try": every_call(lambda call: all(returns_last_try(call))),
    "last weights with the best loss": every_call(
        lambda call: (
            returns_last_try(call)[0] and np.isclose(call.value[1], evaluated(call)[1].min())
        )
    ),
    "keeps the worst": every_call(
        lambda call: (
            np.isclose(call.value[1], evaluated(call)[1].max())
            and np.allclose(call.value[0], drawn_weights(call)[evaluated(call)[1].argmax()])
        )
    ),
    "history of every loss": every_call(
        lambda call: np.allclose(call.value[2], evaluated(call)[1])
    ),
    "history of improvements only": every_call(
        lambda call: (
            0 < len(call.value[2]) < len(drawn_weights(call)) and np.all(np.diff(call.value[2]) < 0)
        )
    ),
    "history without the first try": every_call(
        lambda call: (
            len(call.value[2]) == call.arguments[2] - 1
            and np.allclose(call.value[2], np.minimum.accumulate(evaluated(call)[1])[1:])
        )
    ),
    "history written at improvements only": every_call(
        lambda call: written_at_improvements_only(call.value[2], evaluated(call)[1])
    ),
    "steps from the best": lambda cases: (
        _follow_one_another(cases)
        and not every_call(lambda call: about_one(wandering(call)))(cases)
    ),
    "scale left out": every_call(
        lambda call: drawn_weights(call).min() < 0 and about_one(drawn_weights(call))
    ),
    "uniform draws": every_call(lambda call: drawn_weights(call).min() >= 0),
    "uniform draws of both signs": every_call(
        lambda call: is_uniform(drawn_weights(call) / call.arguments[3])
    ),
    "walks on from the last try": every_call(
        lambda call: (
            about_one(wandering(call)) and drawn_weights(call).std() > 1.5 * call.arguments[3]
        )
    ),
    "best loss starts at 0": every_call(
        lambda call: call.value[1] == 0 and not np.any(call.value[2])
    ),
    "best loss starts at a number": lambda cases: _starts_too_low(
        [call for calls in cases for call in calls]
    ),
    "draws from elsewhere": draws(0, 1, alike=False, drawn=drawn_weights),
    "seed of its own": draws(0, 2, alike=True, drawn=drawn_weights),
    "uniform draws as wide as normal ones": every_call(
        lambda call: is_flat(drawn_weights(call) / call.arguments[3])
    ),
    "one number for all weights": every_call(
        lambda call: np.ptp(drawn_weights(call).reshape(call.arguments[2], -1), axis=1).max() < 1e-9
    ),
    "one row for all rows": every_call(
        lambda call: np.ptp(drawn_weights(call), axis=1).max() < 1e-9
    ),
    "each try twice": every_call(
        lambda call: 2 * len(_tries(call)) == call.arguments[2] == len(drawn_weights(call))
    ),
}


@exercise.twisted_by(
    {
        "one draw for all tries": "Draw the weights inside the loop: yours are drawn once and "
        "tried again and again.",
        "evaluates the loss again": "Call loss_fn once per try and keep its value: on 49,000 "
        "images each call takes long.",
        "keeps the last try": "Remember the best weights so far, and replace them only when the "
        "loss is lower.",
        "last weights with the best loss": "The loss is the best, but the weights are the last: "
        "return the W of the best loss. If you keep it by `best_W = W`, that names the same array: "
        "draw a new W each time instead of filling the old one.",
        "keeps the worst": "A lower loss is better: keep the weights when `loss < best_loss`.",
        "history of every loss": "history[i] is the best loss after i + 1 tries, so it never "
        "rises; yours holds each try's own loss.",
        "history of improvements only": "history has one entry per try: write down the best loss "
        "also when it did not change.",
        "history without the first try": "history has n_tries entries: the first is the loss of "
        "the first try, also where it is evaluated before the loop.",
        "history written at improvements only": "Write history[i] in every try, after the `if` and "
        "not in it: yours stays 0 where a try was no better.",
        "history begins with infinity": "history[i] is the best loss after i + 1 tries: write it "
        "down after the comparison.",
        "history of losses from the end": "history[0] belongs to the first try: do not turn it "
        "around.",
        "returns the loss of the last try": "Return the best loss so far, not that of the last "
        "try.",
        "steps from the best": "Random search forgets where it was: each try starts afresh. Steps "
        "from the best weights so far come in section 6.",
        "scale left out": "Multiply the standard normal numbers by scale.",
        "scale squared": "Multiply the standard normal numbers by scale once.",
        "uniform draws": "rng.random draws from 0 to 1; rng.standard_normal draws both signs, "
        "centered on 0.",
        "uniform draws of both signs": "rng.uniform(-1, 1) draws nothing beyond 1, and its numbers "
        "are only 0.58 times as large: draw with rng.standard_normal.",
        "walks on from the last try": "Each try starts afresh: `W = scale * ...`, not `W += scale "
        "* ...`.",
        "best loss starts at 0": "No loss is below 0, so nothing is ever kept: start from np.inf.",
        "best loss starts at a number": "Start from np.inf: a loss can be larger than any number "
        "you pick.",
        "draws from elsewhere": "Draw from the rng that is passed in, not from np.random or a new "
        "generator: only then can a run be repeated.",
        "seed of its own": "The function sets a seed itself, so every run is the same: draw from "
        "the rng that is passed in.",
        "uniform draws as wide as normal ones": "rng.uniform draws nothing beyond its ends, where "
        "1 in 20 normal numbers lies beyond 2: draw with rng.standard_normal.",
        "one number for all weights": "rng.standard_normal() is a single number: pass the shape, "
        "and every weight gets its own.",
        "one row for all rows": "Draw an array of the whole shape: yours has one row of numbers, "
        "repeated down the rows.",
        "each try twice": "Draw new weights for every try: half of yours have been tried before.",
    },
    SHOWS,
)
def random_search_with(is_, loss_fn, shape, n_tries, scale, rng):
    if is_("draws from elsewhere"):
        rng = np.random.default_rng()
    if is_("seed of its own"):
        rng = np.random.default_rng(231)
    if is_("scale left out"):
        scale = 1.0
    if is_("scale squared"):
        scale = scale**2
    best_W, best_loss = None, np.inf
    if is_("best loss starts at 0"):
        best_loss = 0.0
    if is_("best loss starts at a number"):
        best_loss = 100.0
    if is_("keeps the worst"):
        best_loss = -np.inf
    tries, history = [], np.zeros(n_tries)
    for i in range(n_tries):
        W = _try_with(is_, shape, n_tries, scale, rng, tries, best_W)
        loss = loss_fn(W)
        better = loss > best_loss if is_("keeps the worst") else loss < best_loss
        if better or is_("keeps the last try"):
            best_W, best_loss = W, loss
            if is_("evaluates the loss again"):
                best_loss = loss_fn(W)
        if better or not is_("history written at improvements only"):
            history[i] = loss if is_("history of every loss") else best_loss
    if is_("history begins with infinity"):
        history = np.append(np.inf, history[:-1])
    if is_("history of improvements only"):
        history = np.unique(history)[::-1]
    if is_("history without the first try"):
        history = history[1:]
    if is_("history of losses from the end"):
        history = history[::-1]
    if is_("last weights with the best loss"):
        best_W = W
    if is_("returns the loss of the last try"):
        best_loss = loss
    return best_W, best_loss, history


def _try_with(is_, shape, n_tries, scale, rng, tries, best_W):
    """New weights, which are added to those of the earlier tries, with slips."""
    if is_("one draw for all tries") and tries:
        return tries[0]
    if is_("each try twice") and len(tries) >= n_tries // 2:
        return tries[len(tries) - n_tries // 2]
    W = scale * numbers_with(is_, "draws", shape, rng)
    if is_("steps from the best") and best_W is not None:
        W = best_W + W
    if is_("walks on from the last try") and tries:
        W = tries[-1] + W
    tries.append(W)
    return W
