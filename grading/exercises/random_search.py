"""Exercises of 03-random-search: labels from scores, random search, random local search."""

from functools import partial

import numpy as np

from cs231n_utils.checking.channel import Recipe
from cs231n_utils.checking.observe import UNCOUNTED

from .compare import compare
from .describe import LOOP_LINES, NOT_COUNTED, Case, Exercise, Written
from .draws import draws, every_call, generator, not_from_rng, seeds

ASSIGNMENT = "03-random-search"

predicted = Exercise(
    "predict",
    assignment=ASSIGNMENT,
    parts={"labels": 2},
    hints=(
        "The scores of all images are one matrix product. What is asked of each row of scores?",
        "Not the highest score but its position is the label: np.argmax.",
        "Take the argmax along the classes, axis=1, so that there is one label for each image.",
    ),
)


@predicted.solved_by
def predict(W, X):
    return np.argmax(X @ W, axis=1)


@predicted.examined_by
def _(rng):
    for n, d, c in ((1, 4, 3), (7, 5, 4), (40, 6, 10)):
        W, X = rng.standard_normal((d, c)), rng.standard_normal((n, d))
        X[:, -1] = 1.0
        W[-1] = 4.0 * rng.permutation(c) / c  # the biases decide many labels
        yield Case("labels", [(W, X)])
    below_zero = np.append(np.zeros(d - 1), -10.0)[:, np.newaxis]  # to be added to the biases
    yield Case("labels", [(W + below_zero, X)])


@predicted.mistake(
    "highest score, not its class",
    "np.max gives the score itself; np.argmax gives the position, which is the label.",
)
def _(W, X):
    return np.max(X @ W, axis=1)


@predicted.mistake(
    "best image of each class",
    "Classes are the columns: take the argmax along axis 1, one label an image.",
)
def _(W, X):
    return np.argmax(X @ W, axis=0)


@predicted.mistake(
    "one label for all images",
    "Without axis, np.argmax searches the flattened array: pass axis=1.",
)
def _(W, X):
    return np.argmax(X @ W)


@predicted.mistake("lowest score", "The class with the highest score wins: argmax, not argmin.")
def _(W, X):
    return np.argmin(X @ W, axis=1)


@predicted.mistake("scores, not labels", "Return one label an image: the argmax of its scores.")
def _(W, X):
    return X @ W


@predicted.mistake(
    "ignores the bias", "The last row of W is the bias: use all rows, as X has its ones."
)
def _(W, X):
    return np.argmax(X[:, :-1] @ W[:-1], axis=1)


@predicted.mistake("labels in a column", "Return shape (N,), not (N, 1): leave out keepdims.")
def _(W, X):
    return np.argmax(X @ W, axis=1, keepdims=True)


@predicted.mistake("labels in a list", "Return an array, not a list: np.array(labels).")
def _(W, X):
    return list(np.argmax(X @ W, axis=1))


@predicted.mistake(
    "product the wrong way round",
    "Images are the rows of X, classes the columns of W: the scores are X @ W, not W @ X.",
)
def _(W, X):
    return np.argmax(W @ X, axis=1)


@predicted.mistake("counts classes from 1", "Labels are 0..C-1, as np.argmax gives them.")
def _(W, X):
    return np.argmax(X @ W, axis=1) + 1


@predicted.mistake(
    "largest in absolute value", "A large negative score is a bad score: leave out np.abs."
)
def _(W, X):
    return np.argmax(np.abs(X @ W), axis=1)


# ------------------------------------------------- what the answers that draw numbers are held to


def _outcome(observation):
    """What was returned; in (W, loss, history), a history that came as a list as an array."""
    value = observation.value
    if isinstance(value, tuple | list) and len(value) == 3:
        W, loss, history = value
        return W, loss, np.array(history, dtype=float) if isinstance(history, list) else history
    return value


def _best_differs(observation, W, loss, history):
    """How the returned weights and loss differ from the right ones."""
    got = _outcome(observation)
    if not isinstance(got, tuple) or len(got) != 3:
        return compare(got, (W, loss, history), rtol=1e-4, atol=1e-6)
    return compare(got, (W, loss, got[2]), rtol=1e-4, atol=1e-6)


def _history_differs(observation, history):
    got = _outcome(observation)
    if not isinstance(got, tuple) or len(got) != 3:
        return compare(got, (0.0, 0.0, history), rtol=1e-4, atol=1e-6)
    why = compare(got[2], history, rtol=1e-4, atol=1e-6)
    return f"(value 3 of 3) {why}" if why else None


def _is_normal(draws):
    """Why hundreds of numbers are not standard normal; the bounds are seven standard errors."""
    if draws.min() >= 0:
        return "are never negative: draw with rng.standard_normal."
    if _is_uniform(draws):
        return "are uniform between -1 and 1: draw with rng.standard_normal."
    if not 0.75 < draws.std() < 1.3:
        return f"are {draws.std():.3g} times as large as asked for."
    if abs(draws.mean()) > 0.35:
        return f"have mean {draws.mean():.3g} standard deviations, expected about 0."
    return None if np.abs(draws).max() > 1.9 else "are not normal: draw with rng.standard_normal."


def _is_uniform(draws):
    """Whether numbers fill -1 to 1 and end there; their standard deviation is 1 / sqrt(3)."""
    return draws.min() < 0 and np.abs(draws).max() < 1 + 1e-6 and draws.std() > 0.45


def _evaluated_wrongly(name, observation, shape, n_calls):
    """Why the loss function was not evaluated as often, and where, it should have been."""
    record = observation.records["0"]
    if record["n_calls"] != n_calls:
        return f"{name} evaluated loss_fn {record['n_calls']} times, expected {n_calls} times."
    if "points" not in record or record["points"].shape[1:] != shape:
        return f"{name} evaluated loss_fn at weights of another shape than {shape}."
    return None


def _evaluations(observation):
    record = observation.records["0"]
    return record["points"], record["values"]


def _drawn(call):
    """What shows the numbers that a call drew: the points it evaluated, or its best weights."""
    return call.records["0"]["points"] if call.records else call.value[0]


# -------------------------------------------------------------------------- random search

SHAPE = (4, 3)
N_TRIES = 40

search = Exercise(
    "random_search",
    assignment=ASSIGNMENT,
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


@search.solved_by
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


def _bowl(rng, center):
    """A quadratic loss with its minimum at a center, and positive elsewhere."""
    return Recipe("quadratic", center=center, curvature=rng.uniform(0.5, 2.0, center.shape))


@search.examined_by
def _(rng):
    def draw():
        center = rng.choice([-1.0, 1.0], SHAPE) * rng.uniform(1.0, 2.0, SHAPE)
        return _bowl(rng, center), SHAPE, N_TRIES, float(rng.uniform(0.2, 0.5))

    def call(drawn, seed):
        return (*drawn, generator(seed))

    for part, verify in (("best", _search_best), ("history", _search_history)):
        for seed in seeds(rng):
            yield Case(part, [call(draw(), seed)], answer=None, verify=verify, trusts_client=True)
    center, curvature = draw()[0].ingredients.values()
    steep = Recipe("quadratic", center=center, curvature=1e6 * curvature)
    calls = [call((steep, *draw()[1:]), seed)]
    yield Case("best", calls, answer=None, verify=_search_best, trusts_client=True)
    drawn, (seed, other) = draw(), seeds(rng)
    calls = [call(drawn, seed), call(drawn, seed), call(drawn, other)]
    yield Case("draws", calls, answer=None, verify=_search_draws, trusts_client=True)


def _best_of_all(observation):
    points, values = _evaluations(observation)
    best = int(np.argmin(values))
    return points[best], values[best], np.minimum.accumulate(values)


def _search_best(observations):
    (call,) = observations
    why = _evaluated_wrongly("random_search", call, SHAPE, N_TRIES)
    if why:
        return why
    why = _best_differs(call, *_best_of_all(call))
    return f"random_search {why}" if why else None


def _search_history(observations):
    (call,) = observations
    why = _evaluated_wrongly("random_search", call, SHAPE, call.records["0"]["n_calls"])
    if why:
        return why
    best = np.minimum.accumulate(_evaluations(call)[1])
    why = _history_differs(call, best[-N_TRIES:]) and _history_differs(call, best[:N_TRIES])
    return f"random_search {why}" if why else None


def _search_draws(observations):
    for call in observations:
        why = _evaluated_wrongly("random_search", call, SHAPE, call.records["0"]["n_calls"])
        if why:
            return why
        why = _is_normal(_drawn(call) / call.arguments[3])
        if why:
            return f"The weights that random_search tries {why}"
        if np.ptp(_drawn(call), axis=0).max() == 0:
            return "random_search tries the same weights each time: draw inside the loop."
    return not_from_rng("random_search", observations, _drawn)


def _last_try(call):
    points, values = _evaluations(call)
    return np.allclose(call.value[0], points[-1]), np.isclose(call.value[1], values[-1])


def _starts_too_low(calls):
    """Whether in some calls no loss was low enough to be kept."""
    raised = [call.outcome == "raised" for call in calls]
    return not all(raised) and any(map(_keeps_nothing, calls))


def _keeps_nothing(call):
    if call.outcome == "raised":
        return call.error["type"] == "UnboundLocalError"  # best_W never got a value
    _, loss, history = call.value
    return loss < _evaluations(call)[1].min() and np.ptp(history) == 0


def _wandering(call):
    """Differences of successive points, by the size of a step."""
    return np.diff(_drawn(call), axis=0) / call.arguments[3]


def _about_one(numbers):
    return 0.8 < np.std(numbers) < 1.25


@search.mistake(
    "one draw for all tries",
    "Draw the weights inside the loop: yours are drawn once and tried again and again.",
    shows=every_call(lambda call: np.ptp(_drawn(call), axis=0).max() == 0),
)
def _(loss_fn, shape, n_tries, scale, rng):
    W = scale * rng.standard_normal(shape)
    losses = [loss_fn(W) for _ in range(n_tries)]
    return W, min(losses), np.minimum.accumulate(losses)


@search.mistake(
    "evaluates the loss again",
    "Call loss_fn once a try and keep its value: on 49,000 images each call takes long.",
    shows=every_call(lambda call: call.records["0"]["n_calls"] > call.arguments[2]),
)
def _(loss_fn, shape, n_tries, scale, rng):
    best_W, history = scale * rng.standard_normal(shape), np.zeros(n_tries)
    for i in range(n_tries):
        W = scale * rng.standard_normal(shape)
        if loss_fn(W) < loss_fn(best_W):
            best_W = W
        history[i] = loss_fn(best_W)
    return best_W, loss_fn(best_W), history


@search.mistake(
    "keeps the last try",
    "Remember the best weights so far, and replace them only when the loss is lower.",
    shows=every_call(lambda call: all(_last_try(call))),
)
def _(loss_fn, shape, n_tries, scale, rng):
    history = np.zeros(n_tries)
    for i in range(n_tries):
        W = scale * rng.standard_normal(shape)
        history[i] = loss = loss_fn(W)
    return W, loss, history


@search.mistake(
    "best weights overwritten",
    "The loss is the best, but the weights are the last: `best_W = W` names the same array, so "
    "draw a new W each time in place of filling the old one. Or you return the last W: return "
    "the best.",
    shows=every_call(
        lambda call: _last_try(call)[0] and np.isclose(call.value[1], _evaluations(call)[1].min())
    ),
)
def _(loss_fn, shape, n_tries, scale, rng):
    W, best_loss, history = np.zeros(shape), np.inf, np.zeros(n_tries)
    for i in range(n_tries):
        W[:] = scale * rng.standard_normal(shape)
        best_loss = history[i] = min(best_loss, loss_fn(W))
    return W, best_loss, history


@search.mistake(
    "keeps the worst",
    "A lower loss is better: keep the weights when `loss < best_loss`.",
    shows=every_call(
        lambda call: (
            np.isclose(call.value[1], _evaluations(call)[1].max())
            and np.allclose(call.value[0], _drawn(call)[_evaluations(call)[1].argmax()])
        )
    ),
)
def _(loss_fn, shape, n_tries, scale, rng):
    W, loss, history = random_search(lambda W: -loss_fn(W), shape, n_tries, scale, rng)
    return W, -loss, -history


@search.mistake(
    "history of every loss",
    "history[i] is the best loss after i + 1 tries, so it never rises; yours holds each try's own "
    "loss.",
    shows=every_call(lambda call: np.allclose(call.value[2], _evaluations(call)[1])),
)
def _(loss_fn, shape, n_tries, scale, rng):
    tries = [scale * rng.standard_normal(shape) for _ in range(n_tries)]
    losses = [loss_fn(W) for W in tries]
    return tries[np.argmin(losses)], min(losses), losses


@search.mistake(
    "history of improvements only",
    "history has one entry a try: write down the best loss also when it did not change.",
    shows=every_call(lambda call: 0 < len(call.value[2]) < len(_drawn(call))),
)
def _(loss_fn, shape, n_tries, scale, rng):
    W, loss, history = random_search(loss_fn, shape, n_tries, scale, rng)
    return W, loss, np.unique(history)[::-1]


@search.mistake(
    "scale left out",
    "Multiply the standard normal numbers by scale.",
    shows=every_call(lambda call: _drawn(call).min() < 0 and _about_one(_drawn(call))),
)
def _(loss_fn, shape, n_tries, scale, rng):
    return random_search(loss_fn, shape, n_tries, 1.0, rng)


@search.mistake(
    "uniform draws",
    "rng.random draws from 0 to 1; rng.standard_normal draws both signs, centered on 0.",
    shows=every_call(lambda call: _drawn(call).min() >= 0),
)
def _(loss_fn, shape, n_tries, scale, rng):
    tries = [scale * rng.random(shape) for _ in range(n_tries)]
    losses = [loss_fn(W) for W in tries]
    return tries[np.argmin(losses)], min(losses), np.minimum.accumulate(losses)


@search.mistake(
    "uniform draws of both signs",
    "rng.uniform(-1, 1) draws nothing beyond 1, and its numbers are only 0.58 times as large: draw "
    "with rng.standard_normal.",
    shows=every_call(lambda call: _is_uniform(_drawn(call) / call.arguments[3])),
)
def _(loss_fn, shape, n_tries, scale, rng):
    tries = [scale * rng.uniform(-1, 1, shape) for _ in range(n_tries)]
    losses = [loss_fn(W) for W in tries]
    return tries[np.argmin(losses)], min(losses), np.minimum.accumulate(losses)


@search.mistake(
    "walks on from the last try",
    "Each try starts afresh: `W = scale * ...`, not `W += scale * ...`.",
    shows=every_call(
        lambda call: _about_one(_wandering(call)) and _drawn(call).std() > 1.5 * call.arguments[3]
    ),
)
def _(loss_fn, shape, n_tries, scale, rng):
    tries = list(np.cumsum(scale * rng.standard_normal((n_tries, *shape)), axis=0))
    losses = [loss_fn(W) for W in tries]
    return tries[np.argmin(losses)], min(losses), np.minimum.accumulate(losses)


@search.mistake(
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


@search.mistake(
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


@search.mistake(
    "draws from elsewhere",
    "Draw from the rng that is passed in, not from np.random or a new generator: only then can a "
    "run be repeated.",
    shows=draws(0, 1, alike=False, drawn=_drawn),
)
def _(loss_fn, shape, n_tries, scale, rng):
    return random_search(loss_fn, shape, n_tries, scale, np.random.default_rng())


@search.mistake(
    "seed of its own",
    "The function sets a seed itself, so every run is the same: draw from the rng that is passed "
    "in.",
    shows=draws(0, 2, alike=True, drawn=_drawn),
)
def _(loss_fn, shape, n_tries, scale, rng):
    return random_search(loss_fn, shape, n_tries, scale, np.random.default_rng(231))


# -------------------------------------------------------------------- random local search

N_STEPS = 40

walk = Exercise(
    "random_local_search",
    assignment=ASSIGNMENT,
    parts={"best": 2, "history": 1, "steps": 2},
    hints=(
        "Random search forgets where it was. Here each try starts from the best weights so far: "
        "which two things must you carry along?",
        "Before the loop, W is W0 and its loss is loss_fn(W0). In each step make new weights "
        "under another name, W + step * rng.standard_normal(W.shape), and call loss_fn on them "
        "once.",
        "If the new loss is lower, the new weights and their loss take the place of the old ones; "
        "if not, nothing changes. Then write the present best loss into history[i]. W0 itself is "
        "never written to.",
    ),
)


@walk.solved_by
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


@walk.examined_by
def _(rng):
    def draw():
        W0 = rng.standard_normal(SHAPE)
        center = W0 + rng.choice([-1.0, 1.0], SHAPE) * rng.uniform(0.7, 1.3, SHAPE)
        return _bowl(rng, center), W0, N_STEPS, float(rng.uniform(0.05, 0.15))

    def call(drawn, seed):
        return (*drawn, generator(seed))

    for part, verify in (("best", _walk_best), ("history", _walk_history)):
        for seed in seeds(rng):
            yield Case(part, [call(draw(), seed)], answer=None, verify=verify, trusts_client=True)
        drawn = (_told_losses(rng), *draw()[1:])
        yield Case(part, [call(drawn, seed)], answer=None, verify=verify, trusts_client=True)
    drawn, (seed, other) = draw(), seeds(rng)
    calls = [call(drawn, seed), call(drawn, seed), call(drawn, other)]
    yield Case("steps", calls, answer=None, verify=_walk_steps, trusts_client=True)


def _told_losses(rng):
    """Losses told beforehand: a rise, a smaller fall, two new bests, and no new best at the end."""
    values = rng.uniform(6.0, 9.0, N_STEPS + 1)
    values[:3] = 5.0, 9.0, 7.0
    values[rng.choice(np.arange(5, N_STEPS - 5), 2, replace=False)] = 3.0, 2.0
    values[-2:] = 8.0, 7.5
    return Recipe("told_losses", values=values)


def _replay(call, accepts=lambda value, best, start: value < best):
    """Go through what was evaluated: where each step began, then (W, loss, history)."""
    points, values = _evaluations(call)
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
    points, values = _evaluations(call)
    W, origins = points[0], []
    for i in range(1, len(points)):
        origins.append(W)
        if values[i] < values[i - 1]:
            W = points[i]
    return np.array(origins)


def _strides(call, origins):
    return (_drawn(call)[1:] - origins) / call.arguments[3]


def _heads_back(call):
    """Whether steps, seen from the best weights so far, point back to W0 on average."""
    origins, _ = _replay(call)
    way_back = (call.arguments[1] - origins).reshape(len(origins), -1)
    moved = np.linalg.norm(way_back, axis=1) > 0
    way_back = way_back[moved] / np.linalg.norm(way_back[moved], axis=1, keepdims=True)
    strides = _strides(call, origins).reshape(len(origins), -1)[moved]
    # A right step has mean 0 and variance 1 along any direction chosen before it was drawn.
    return np.sum(strides * way_back) > 1.3 * len(strides)


def _starts_wrongly(call):
    points, _ = _evaluations(call)
    if np.allclose(points[0], call.arguments[1], rtol=1e-4, atol=1e-6):
        return None
    return "random_local_search must evaluate loss_fn at W0 first, then at each step."


def _walk_best(observations):
    (call,) = observations
    why = _evaluated_wrongly("random_local_search", call, SHAPE, N_STEPS + 1)
    why = why or _starts_wrongly(call)
    if why:
        return why
    why = _best_differs(call, *_replay(call)[1])
    return f"random_local_search {why}" if why else None


def _walk_history(observations):
    (call,) = observations
    why = _evaluated_wrongly("random_local_search", call, SHAPE, call.records["0"]["n_calls"])
    if why:
        return why
    values = _evaluations(call)[1]
    why = _history_differs(call, np.minimum.accumulate(values)[-N_STEPS:])
    return f"random_local_search {why}" if why else None


def _walk_steps(observations):
    for call in observations:
        why = _evaluated_wrongly("random_local_search", call, SHAPE, N_STEPS + 1)
        why = why or _starts_wrongly(call)
        if why:
            return why
        strides = _strides(call, _replay(call)[0])
        why = _is_normal(strides)
        if why:
            return f"The steps of random_local_search, taken from the best weights so far, {why}"
        if _heads_back(call):
            return "random_local_search steps from W0, expected from the best weights so far."
        if np.ptp(strides, axis=0).max() < 1e-6:
            return "random_local_search tries one direction again and again: draw in the loop."
    return not_from_rng("random_local_search", observations, _drawn)


@walk.mistake(
    "evaluates the loss again",
    "Call loss_fn once at W0 and once a step, and keep the values: each call takes long.",
    shows=every_call(lambda call: call.records["0"]["n_calls"] > call.arguments[2] + 1),
)
def _(loss_fn, W0, n_steps, step, rng):
    W, history = W0, np.zeros(n_steps)
    for i in range(n_steps):
        W_try = W + step * rng.standard_normal(W0.shape)
        if loss_fn(W_try) < loss_fn(W):
            W = W_try
        history[i] = loss_fn(W)
    return W, loss_fn(W), history


@walk.mistake(
    "best loss starts at infinity",
    "Start from loss_fn(W0): from infinity, the first step is taken even when it is worse.",
    shows=every_call(
        lambda call: call.records["0"]["n_calls"] == call.arguments[2] and _starts_wrongly(call)
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


@walk.mistake(
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


@walk.mistake(
    "compares with the loss at W0",
    "After taking a step, its loss is the new loss to beat.",
    shows=every_call(
        lambda call: (
            np.allclose(call.value[0], _replay(call, lambda new, best, start: new < start)[1][0])
            and _about_one(_strides(call, _replay(call, lambda new, best, start: new < start)[0]))
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


@walk.mistake(
    "compares with the last try",
    "Compare with the best loss so far, not with the loss of the last try.",
    shows=every_call(
        lambda call: (
            np.isclose(call.value[1], _evaluations(call)[1][-1])
            and _about_one(_strides(call, _after_falls(call)))
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


@walk.mistake(
    "takes every step",
    "Take a step only when its loss is lower than the best so far; else stay where you are.",
    shows=every_call(lambda call: _about_one(_wandering(call)) and all(_last_try(call))),
)
def _(loss_fn, W0, n_steps, step, rng):
    W, loss, history = W0, loss_fn(W0), np.zeros(n_steps)
    for i in range(n_steps):
        W = W + step * rng.standard_normal(W0.shape)
        history[i] = loss = loss_fn(W)
    return W, loss, history


@walk.mistake(
    "rejected steps are not undone",
    "A step that does not help must be undone: try W + dW under another name, and change W only "
    "when the loss is lower.",
    shows=every_call(
        lambda call: (
            _about_one(_wandering(call))
            and _last_try(call)[0]
            and np.isclose(call.value[1], _evaluations(call)[1].min())
        )
    ),
)
def _(loss_fn, W0, n_steps, step, rng):
    W, loss, history = W0, loss_fn(W0), np.zeros(n_steps)
    for i in range(n_steps):
        W = W + step * rng.standard_normal(W0.shape)
        history[i] = loss = min(loss, loss_fn(W))
    return W, loss, history


@walk.mistake(
    "returns the last try",
    "Return the best weights and their loss, not the last ones tried.",
    shows=every_call(
        lambda call: all(_last_try(call)) and _about_one(_strides(call, _replay(call)[0]))
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


@walk.mistake(
    "always steps from W0",
    "Step from the best weights so far, not from W0: improvements must add up.",
    shows=every_call(lambda call: _about_one(_strides(call, call.arguments[1]))),
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


@walk.mistake(
    "climbs",
    "A lower loss is better: take the step when `loss_try < loss`.",
    shows=every_call(
        lambda call: (
            np.isclose(call.value[1], _evaluations(call)[1].max())
            and _about_one(_strides(call, _replay(call, lambda new, best, start: new > best)[0]))
        )
    ),
)
def _(loss_fn, W0, n_steps, step, rng):
    W, loss, history = random_local_search(lambda W: -loss_fn(W), W0, n_steps, step, rng)
    return W, -loss, -history


@walk.mistake(
    "changes W0",
    "`W += ...` changes the caller's W0, because W names the same array: write `W = W + ...`.",
    shows=every_call(lambda call: not np.array_equal(call.after[1], call.arguments[1])),
)
def _(loss_fn, W0, n_steps, step, rng):
    W, loss, history = random_local_search(loss_fn, W0, n_steps, step, rng)
    W0[:] = W
    return W0, loss, history


@walk.mistake(
    "step left out",
    "Multiply the standard normal numbers by step.",
    shows=every_call(lambda call: _about_one(call.arguments[3] * _strides(call, _replay(call)[0]))),
)
def _(loss_fn, W0, n_steps, step, rng):
    return random_local_search(loss_fn, W0, n_steps, 1.0, rng)


@walk.mistake(
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


@walk.mistake(
    "uniform steps of both signs",
    "rng.uniform(-1, 1) draws nothing beyond 1, and its numbers are only 0.58 times as large: draw "
    "with rng.standard_normal.",
    shows=every_call(lambda call: _is_uniform(_strides(call, _replay(call)[0]))),
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


@walk.mistake(
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


@walk.mistake(
    "history of every loss",
    "history[i] is the best loss after i + 1 steps, so it never rises; yours holds the loss of "
    "each step tried.",
    shows=every_call(lambda call: np.allclose(call.value[2], _evaluations(call)[1][1:])),
)
def _(loss_fn, W0, n_steps, step, rng):
    losses = []

    def remembered(W):
        losses.append(loss_fn(W))
        return losses[-1]

    W, loss, _ = random_local_search(remembered, W0, n_steps, step, rng)
    return W, loss, losses[1:]


@walk.mistake(
    "draws from elsewhere",
    "Draw from the rng that is passed in, not from np.random or a new generator: only then can a "
    "run be repeated.",
    shows=draws(0, 1, alike=False, drawn=_drawn),
)
def _(loss_fn, W0, n_steps, step, rng):
    return random_local_search(loss_fn, W0, n_steps, step, np.random.default_rng())


@walk.mistake(
    "seed of its own",
    "The function sets a seed itself, so every run is the same: draw from the rng that is passed "
    "in.",
    shows=draws(0, 2, alike=True, drawn=_drawn),
)
def _(loss_fn, W0, n_steps, step, rng):
    return random_local_search(loss_fn, W0, n_steps, step, np.random.default_rng(231))


# ------------------------------------------------------------------ random search, batched

N_IMAGES, N_INPUTS, N_CLASSES = 40, 30, 5
MANY_IMAGES = 2_300
"""More than two blocks of a thousand, and not a multiple of it."""

WIDE = "no loop over the tries"

stacked = Exercise(
    "random_search_batched",
    assignment=ASSIGNMENT,
    parts={"best": 2, "history": 1, "draws": 1, WIDE: 1},
    hints=(
        "X @ W scores one try. With the columns of all tries side by side in one wide matrix, one "
        "product scores them all.",
        "Draw an array of shape (D, C, n_tries), with the dtype of X, and reshape it to (D, C * "
        "n_tries) for the product. The scores reshape to (N, C, n_tries): the same order. To save "
        "memory, do this for a block of images at a time and add the losses up.",
        "The correct scores are scores[np.arange(N), y], of shape (N, n_tries); they need a new "
        "axis in the middle. Sum the margins over images and classes, take off 1 for each image's "
        "correct class, and divide by N. np.argmin finds the best try, np.minimum.accumulate "
        "makes the history.",
    ),
)


@stacked.solved_by
def random_search_batched(X, y, n_tries, scale, rng):
    n_classes = int(y.max()) + 1
    W = scale * rng.standard_normal((X.shape[1], n_classes, n_tries), dtype=X.dtype)
    all_columns = W.reshape(X.shape[1], n_classes * n_tries)
    losses = np.zeros(n_tries)
    for start in range(0, len(X), 1000):
        labels = y[start : start + 1000]
        scores = X[start : start + 1000] @ all_columns
        scores = scores.reshape(len(labels), n_classes, n_tries)
        correct = scores[np.arange(len(labels)), labels][:, np.newaxis, :]
        margins = np.maximum(0, scores - correct + 1)
        losses += np.sum(margins, axis=(0, 1)) - len(labels)
    losses = losses / len(X)
    best = np.argmin(losses)
    return W[:, :, best], float(losses[best]), np.minimum.accumulate(losses)


def _mean_hinge(W, X, y):
    """Mean hinge losses of weights (..., D, C), in float64."""
    scores = np.asarray(X, dtype=float) @ np.asarray(W, dtype=float)
    correct = scores[..., np.arange(len(y)), y][..., np.newaxis]
    return np.maximum(0, scores - correct + 1).sum(axis=(-2, -1)) / len(y) - 1


def _images(rng, dtype=np.float64, n_images=N_IMAGES):
    """Images and labels 0, 1, 3, 4: the largest label, not the number of labels, gives C."""
    X = rng.standard_normal((n_images, N_INPUTS)).astype(dtype)
    X[:, -1] = 1.0
    y = rng.choice([0, 1, 3, 4], n_images)
    y[:4] = rng.permutation([0, 1, 3, 4])
    # Sorted, the labels of one block are not those of another.
    return X, y if n_images == N_IMAGES else np.sort(y)


@stacked.examined_by
def _(rng):
    def draw(n_tries, dtype=np.float64, n_images=N_IMAGES):
        return (*_images(rng, dtype, n_images), n_tries, float(rng.uniform(0.05, 0.15)))

    def call(drawn, seed):
        return (*drawn, generator(seed))

    yardstick = rng.standard_normal((150, N_INPUTS, N_CLASSES))
    best, history = partial(_stacked_best, yardstick), partial(_stacked_history, yardstick)
    (seed_of_many, _) = seeds(rng)
    for part, verify in (("best", best), ("history", history), (WIDE, best)):
        calls = [call(draw(120), seed) for seed in (*seeds(rng), *seeds(rng))]
        if part == "best":
            calls.append(call(draw(20, n_images=MANY_IMAGES), seed_of_many))
        yield Case(part, calls, answer=None, verify=verify)
    drawn, (seed, other) = draw(50, np.float32), seeds(rng)
    calls = [call(drawn, seed), call(drawn, seed), call(drawn, other)]
    yield Case("draws", calls, answer=None, verify=_stacked_draws)
    few, many = draw(6), draw(120)
    calls = [call(few, seed), call(many, other)]
    yield Case(WIDE, calls, answer=None, verify=_stacked_work, count_work=True)


def _malformed(call):
    """How the kinds and shapes returned differ from (W, loss, history)."""
    X, y, n_tries = call.arguments[:3]
    wanted = (np.zeros((X.shape[1], int(y.max()) + 1)), 0.0, np.zeros(n_tries))
    return compare(_outcome(call), wanted, rtol=0.0, atol=1e300)  # any finite values will do


def _untrue(call):
    """Why what was returned is not (W, loss, history) with the loss of these weights."""
    why = _malformed(call)
    if why:
        return f"random_search_batched {why}"
    W, loss, _ = _outcome(call)
    expected = _mean_hinge(W, *call.arguments[:2])
    if np.isclose(loss, expected, rtol=1e-4):
        return None
    return (
        f"random_search_batched returned the loss {float(loss):.6g}, but the mean hinge loss of "
        f"the weights it returned is {expected:.6g}."
    )


def _stacked_best(yardstick, observations):
    for call in observations:
        X, y, _, scale = call.arguments[:4]
        why = _untrue(call)
        if not why and len(X) == N_IMAGES:
            why = _not_the_best(call, _mean_hinge(scale * yardstick, X, y))
        if why:
            return why
    return None


def _not_the_best(call, losses):
    """Why the loss returned is not the best of many tries, going by those of other tries."""
    n_tries, loss = call.arguments[2], float(_outcome(call)[1])
    lower = np.mean(losses < loss)
    if lower > 1 - 1e-9 ** (1 / n_tries):
        return (
            f"random_search_batched returned the loss {loss:.6g}: {lower:.0%} of single tries are "
            f"lower, expected the lowest of {n_tries}."
        )
    if _is_beyond_luck(loss, losses):
        return (
            f"random_search_batched returned the loss {loss:.6g}, which no {n_tries} tries find: "
            "return the best of them as it was drawn."
        )
    return None


def _is_beyond_luck(loss, losses):
    """Whether a loss is out of the range of single tries, by eight standard deviations."""
    return abs(loss - np.mean(losses)) > 8 * np.std(losses)


def _stacked_history(yardstick, observations):
    for call in observations:
        why = _untrue(call)
        if why:
            return why
        (X, y), (W, loss, history) = call.arguments[:2], _outcome(call)
        if np.any(np.diff(history) > 1e-6):
            return "random_search_batched returned a history that rises: it is the best so far."
        if not np.isclose(history[-1], loss, rtol=1e-4):
            return (
                f"random_search_batched returned a history that ends at {history[-1]:.6g}, "
                f"expected the best loss, {float(loss):.6g}."
            )
        # A wrong scale costs another part.
        losses = _mean_hinge(np.std(W) * yardstick, X, y)
        why = _not_the_best(call, losses)
        if why:
            return why
        if _is_beyond_luck(history[0], losses):
            return (
                f"random_search_batched returned a history that begins at {history[0]:.6g}, "
                "expected the loss of the first try."
            )
        if np.count_nonzero(np.diff(history)) > len(history) / 3:
            return (
                "random_search_batched returned a history that falls at most tries: it falls only "
                "when a try is better than all before it."
            )
    if all(np.ptp(_outcome(call)[2]) == 0 for call in observations):
        return "random_search_batched returned a history that never falls."
    return None


def _stacked_draws(observations):
    for call in observations:
        why = _malformed(call)
        if why:
            return f"random_search_batched {why}"
        X = call.arguments[0]
        if _drawn(call).dtype != X.dtype:
            return (
                f"random_search_batched returned weights of {_drawn(call).dtype} for images of "
                f"{X.dtype}, expected {X.dtype} as well."
            )
    distinct = np.array([_drawn(observations[0]), _drawn(observations[2])])
    why = _is_normal(distinct.astype(float) / observations[0].arguments[3])
    if why:
        return f"The weights that random_search_batched draws {why}"
    return not_from_rng("random_search_batched", observations, _drawn)


def _stacked_work(observations):
    for call in observations:
        why = _untrue(call)
        if why:
            return why
    if UNCOUNTED in [call.work for call in observations]:
        return NOT_COUNTED
    if not _work_grows(observations):
        return None
    few, many = (call.work for call in observations)
    return (
        f"Python ran {few} lines for 6 tries and {many} for 120, expected about the same: there "
        "is a Python loop over the tries."
    )


def _work_grows(calls):
    few, many = calls
    return many.work - few.work > LOOP_LINES


def _claims(loss_of):
    """A `shows`: the loss returned is this function of the true loss, the images and labels."""

    def claimed(call):
        (X, y), (W, loss, _) = call.arguments[:2], call.value
        return np.isclose(loss, loss_of(_mean_hinge(W, X, y), *W.shape, len(X)), rtol=1e-4)

    return every_call(claimed)


def _is_best(call):
    """Whether loss, weights and history of a call fit together."""
    (X, y), (W, loss, history) = call.arguments[:2], call.value
    true = np.isclose(loss, _mean_hinge(W, X, y), rtol=1e-4)
    return true and np.isclose(loss, history[-1], rtol=1e-4)


def _tries(X, y, n_tries, scale, rng):
    """Weights (T, D, C) and their losses (T,)."""
    W = scale * rng.standard_normal((n_tries, X.shape[1], int(y.max()) + 1), dtype=X.dtype)
    return W, _mean_hinge(W, X, y)


def _chosen(W, losses):
    best = np.argmin(losses)
    return W[best], losses[best], np.minimum.accumulate(losses)


@stacked.mistake(
    "columns of different tries mixed",
    "Reshaping (tries, D, C) to (D, tries * C) tears the columns apart: draw the tries along the "
    "last axis, or move that axis with transpose first.",
)
def _(X, y, n_tries, scale, rng):
    W, _ = _tries(X, y, n_tries, scale, rng)
    scores = (X @ W.reshape(X.shape[1], -1)).reshape(len(X), n_tries, -1)
    correct = scores[np.arange(len(X)), :, y][:, :, np.newaxis]
    losses = np.maximum(0, scores - correct + 1).sum(axis=(0, 2)) / len(X) - 1
    return _chosen(W, losses)


@stacked.mistake(
    "axis of the tries comes first",
    "Reshaping (tries, D, C) to (D, C * tries) tears the columns apart: put the axis of the tries "
    "last.",
)
def _(X, y, n_tries, scale, rng):
    W, _ = _tries(X, y, n_tries, scale, rng)
    scores = (X @ W.reshape(X.shape[1], -1)).reshape(len(X), -1, n_tries)
    correct = scores[np.arange(len(X)), y][:, np.newaxis, :]
    losses = np.maximum(0, scores - correct + 1).sum(axis=(0, 1)) / len(X) - 1
    return _chosen(W, losses)


@stacked.mistake(
    "scores of tries and classes mixed",
    "Split the columns of the scores in the order in which the columns of W were joined: here "
    "tries and classes are exchanged.",
)
def _(X, y, n_tries, scale, rng):
    n_classes = int(y.max()) + 1
    W = scale * rng.standard_normal((X.shape[1], n_classes, n_tries), dtype=X.dtype)
    scores = (X @ W.reshape(X.shape[1], -1)).reshape(len(X), n_tries, n_classes)
    correct = scores[np.arange(len(X)), :, y][:, :, np.newaxis]
    losses = np.maximum(0, scores - correct + 1).sum(axis=(0, 2)) / len(X) - 1
    return _chosen(np.moveaxis(W, 2, 0), losses)


@stacked.mistake(
    "counts the correct class",
    "Leave the correct class out of the sum: its margin is always 1, so your loss is 1 too high.",
    shows=_claims(lambda loss, d, c, n: loss + 1),
)
def _(X, y, n_tries, scale, rng):
    W, losses = _tries(X, y, n_tries, scale, rng)
    return _chosen(W, losses + 1)


@stacked.mistake(
    "no mean over the images",
    "Divide the summed loss by the number of images.",
    shows=_claims(lambda loss, d, c, n: loss * n),
)
def _(X, y, n_tries, scale, rng):
    W, losses = _tries(X, y, n_tries, scale, rng)
    return _chosen(W, losses * len(X))


@stacked.mistake(
    "averages over the classes too",
    "The hinge loss sums over the classes; only the images are averaged.",
    shows=_claims(lambda loss, d, c, n: loss / c),
)
def _(X, y, n_tries, scale, rng):
    W, losses = _tries(X, y, n_tries, scale, rng)
    return _chosen(W, losses / W.shape[2])


@stacked.mistake(
    "keeps the worst",
    "A lower loss is better: take np.argmin of the losses.",
    shows=every_call(
        lambda call: call.value[1] > call.value[2][-1] and call.value[1] >= call.value[2][0]
    ),
)
def _(X, y, n_tries, scale, rng):
    W, losses = _tries(X, y, n_tries, scale, rng)
    worst = np.argmax(losses)
    return W[worst], losses[worst], np.minimum.accumulate(losses)


@stacked.mistake(
    "history of every loss",
    "history[i] is the best loss of the first i + 1 tries: np.minimum.accumulate(losses).",
    shows=every_call(
        lambda call: (
            np.isclose(np.min(call.value[2]), call.value[1], rtol=1e-4)
            and np.any(np.diff(call.value[2]) > 1e-6)
        )
    ),
)
def _(X, y, n_tries, scale, rng):
    W, losses = _tries(X, y, n_tries, scale, rng)
    return W[np.argmin(losses)], np.min(losses), losses


def _block_mistake(losses_of):
    """A `shows`: right where all images fit in one block, and these losses where they do not."""

    def told(call):
        (X, y), (W, loss, _) = call.arguments[:2], call.value
        true = _mean_hinge(W, X, y)
        if len(X) == N_IMAGES:
            return np.isclose(loss, true, rtol=1e-4)
        return abs(loss - losses_of(W, X, y)) < 0.1 * abs(loss - true)

    return every_call(told)


def _first_labels(W, X, y):
    blocks = range(0, len(X), 1000)
    sizes = [len(X[start : start + 1000]) for start in blocks]
    losses = [_mean_hinge(W, X[s : s + 1000], y[:n]) for s, n in zip(blocks, sizes, strict=True)]
    return np.average(losses, axis=0, weights=sizes)


@stacked.mistake(
    "labels of the first block",
    "Each block needs its own labels: y[start : start + size], not y[:size].",
    shows=_block_mistake(_first_labels),
)
def _(X, y, n_tries, scale, rng):
    W = scale * rng.standard_normal((n_tries, X.shape[1], int(y.max()) + 1), dtype=X.dtype)
    return _chosen(W, _first_labels(W, X, y))


def _last_block(W, X, y):
    start = 1000 * ((len(X) - 1) // 1000)
    return _mean_hinge(W, X[start:], y[start:]) * (len(X) - start) / len(X)


@stacked.mistake(
    "keeps the last block only",
    "Add up the losses of the blocks: `losses += ...`, not `losses = ...`.",
    shows=_block_mistake(_last_block),
)
def _(X, y, n_tries, scale, rng):
    W = scale * rng.standard_normal((n_tries, X.shape[1], int(y.max()) + 1), dtype=X.dtype)
    return _chosen(W, _last_block(W, X, y))


def _of_whole_blocks(W, X, y):
    """Mean hinge loss of the whole blocks, and the share of the images in them."""
    end = len(X) // 1000 * 1000
    return (_mean_hinge(W, X[:end], y[:end]) if end else 0.0 * W[..., 0, 0]), end / len(X)


def _drops_the_rest(call):
    (X, y), (W, loss, _) = call.arguments[:2], call.value
    kept, share = _of_whole_blocks(W, X, y)
    # The 1 of the correct class is taken off in each block, or off the mean at the end.
    return np.any(np.isclose(loss, (share * kept, share * (kept + 1) - 1), rtol=1e-4))


@stacked.mistake(
    "drops the last block",
    "The last block may be shorter than the others: range(0, N, size) reaches it, "
    "range(0, N // size * size, size) does not.",
    shows=every_call(_drops_the_rest),
)
def _(X, y, n_tries, scale, rng):
    W = scale * rng.standard_normal((n_tries, X.shape[1], int(y.max()) + 1), dtype=X.dtype)
    kept, share = _of_whole_blocks(W, X, y)
    return _chosen(W, share * (kept + 1) - 1)


@stacked.mistake(
    "one draw for all tries",
    "Each try needs weights of its own: draw one array with an axis for the tries.",
    shows=every_call(lambda call: np.ptp(call.value[2]) < 1e-6),
)
def _(X, y, n_tries, scale, rng):
    W, losses = _tries(X, y, 1, scale, rng)
    return _chosen(np.repeat(W, n_tries, axis=0), np.repeat(losses, n_tries))


@stacked.mistake(
    "scale left out",
    "Multiply the standard normal numbers by scale.",
    shows=every_call(
        lambda call: (
            _is_best(call)
            and call.value[0].min() < 0
            and np.std(call.value[0]) > 3 * call.arguments[3]
        )
    ),
)
def _(X, y, n_tries, scale, rng):
    return random_search_batched(X, y, n_tries, 1.0, rng)


@stacked.mistake(
    "uniform draws",
    "rng.random draws from 0 to 1; rng.standard_normal draws both signs, centered on 0.",
    shows=every_call(lambda call: _is_best(call) and call.value[0].min() >= 0),
)
def _(X, y, n_tries, scale, rng):
    W = scale * rng.random((n_tries, X.shape[1], int(y.max()) + 1), dtype=X.dtype)
    return _chosen(W, _mean_hinge(W, X, y))


@stacked.mistake(
    "uniform draws of both signs",
    "rng.uniform(-1, 1) draws nothing beyond 1, and its numbers are only 0.58 times as large: draw "
    "with rng.standard_normal.",
    shows=every_call(
        lambda call: _is_best(call) and _is_uniform(call.value[0] / call.arguments[3])
    ),
)
def _(X, y, n_tries, scale, rng):
    shape = n_tries, X.shape[1], int(y.max()) + 1
    W = (scale * rng.uniform(-1, 1, shape)).astype(X.dtype)
    return _chosen(W, _mean_hinge(W, X, y))


@stacked.mistake(
    "float64 weights for float32 images",
    "With weights of float64, X @ W first copies all images to float64: draw with dtype=X.dtype.",
    shows=every_call(lambda call: _is_best(call) and call.value[0].dtype == np.float64),
)
def _(X, y, n_tries, scale, rng):
    W, losses = _tries(X.astype(np.float64), y, n_tries, scale, rng)
    return _chosen(W, losses)


@stacked.mistake(
    "always ten classes",
    "The number of classes is y.max() + 1, not always 10.",
    shows=every_call(lambda call: call.value[0].shape[1] == 10),
)
def _(X, y, n_tries, scale, rng):
    W = scale * rng.standard_normal((n_tries, X.shape[1], 10), dtype=X.dtype)
    return _chosen(W, _mean_hinge(W, X, y))


@stacked.mistake(
    "counts the labels that occur",
    "A class may have no image here: the number of classes is y.max() + 1, not len(np.unique(y)).",
)
def _(X, y, n_tries, scale, rng):
    n_classes = len(np.unique(y))
    W = scale * rng.standard_normal((X.shape[1], n_classes, n_tries), dtype=X.dtype)
    scores = (X @ W.reshape(X.shape[1], -1)).reshape(len(X), n_classes, n_tries)
    correct = scores[np.arange(len(X)), y][:, np.newaxis, :]
    losses = np.maximum(0, scores - correct + 1).sum(axis=(0, 1)) / len(X) - 1
    return _chosen(np.moveaxis(W, 2, 0), losses)


@stacked.mistake(
    "draws from elsewhere",
    "Draw from the rng that is passed in, not from np.random or a new generator: only then can a "
    "run be repeated.",
    shows=draws(0, 1, alike=False, drawn=_drawn),
)
def _(X, y, n_tries, scale, rng):
    return random_search_batched(X, y, n_tries, scale, np.random.default_rng())


@stacked.mistake(
    "seed of its own",
    "The function sets a seed itself, so every run is the same: draw from the rng that is passed "
    "in.",
    shows=draws(0, 2, alike=True, drawn=_drawn),
)
def _(X, y, n_tries, scale, rng):
    return random_search_batched(X, y, n_tries, scale, np.random.default_rng(231))


@stacked.mistake(
    "loops over the tries",
    "Score all tries in one product: join their columns to a wide matrix (D, C * tries). For the "
    "history there is np.minimum.accumulate.",
    shows=lambda cases: every_call(_is_best)(cases) and _work_grows(cases[-1]),
)
def _(X, y, n_tries, scale, rng):
    W, losses = [], []
    for _ in range(n_tries):
        W.append(scale * rng.standard_normal((X.shape[1], int(y.max()) + 1), dtype=X.dtype))
        losses.append(_mean_hinge(W[-1], X, y))
    return _chosen(W, losses)


EXERCISES = (predicted, search, stacked, walk)

WRITTEN = (
    Written(
        "written-best-of-many",
        ASSIGNMENT,
        2,
        "(a) One point: the best of 1,000 on the test images is chosen for its luck on them (the "
        "spread of the tries alone puts the luckiest near 16 %), so it overstates what new images "
        "would show; choosing by training or validation loss does not. (b) One point: any honest "
        "way counts: choose on training or validation images and test once, or test the chosen W "
        "on images that played no part in the choice.",
    ),
    Written(
        "written-step-size",
        ASSIGNMENT,
        2,
        "(a) One point: for a tiny step the loss is nearly a plane, and a random direction points "
        "down that plane as often as up; long steps leave the region where that holds and meet "
        "the rising sides of the bowl. (b) One point: gain is how often times how much: tiny "
        "steps are accepted often but gain next to nothing each, long ones are almost never "
        "accepted, so a middle size wins; reading it off the figure with the reason suffices.",
    ),
)
