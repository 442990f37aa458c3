"""Exercises of 03-random-search: labels from scores, random search, random local search."""

import numpy as np

from cs231n_utils.channel import Recipe

from ..compare import compare
from ..exercise import LOOP_LINES, Case, Exercise, Written

ASSIGNMENT = "03-random-search"

predicted = Exercise("predict", assignment=ASSIGNMENT, parts={"labels": 2})


@predicted.reference
def predict(W, X):
    return np.argmax(X @ W, axis=1)


@predicted.cases
def _(rng):
    for n, d, c in ((1, 4, 3), (7, 5, 4), (40, 6, 10)):
        W, X = rng.standard_normal((d, c)), rng.standard_normal((n, d))
        X[:, -1] = 1.0
        W[-1] = 4.0 * rng.permutation(c) / c  # the biases decide many labels
        yield Case("labels", [(W, X)])


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
    """Why hundreds of numbers are not standard normal; the bounds are eight standard errors."""
    if draws.min() >= 0:
        return "are never negative: draw with rng.standard_normal."
    if not 0.75 < draws.std() < 1.3:
        return f"are {draws.std():.3g} times as large as asked for."
    if abs(draws.mean()) > 0.35:
        return f"have mean {draws.mean():.3g} standard deviations, expected about 0."
    return None if np.abs(draws).max() > 1.9 else "are not normal: draw with rng.standard_normal."


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


def _every_call(predicate):
    """A `shows` that holds if the predicate holds for every call, whatever was returned."""

    def shows(cases):
        try:
            return all(predicate(call) for calls in cases for call in calls)
        except Exception:
            return False

    return shows


def _draws_differ(first, second):
    """A `shows` on the calls of the case of draws: same seed, same seed, other seed."""

    def shows(cases):
        try:
            calls = next(calls for calls in cases if len(calls) == 3)
            return not np.array_equal(_drawn(calls[first]), _drawn(calls[second]))
        except Exception:
            return False

    return shows


def _drawn(call):
    """What shows the numbers that a call drew: the points it evaluated, or its best weights."""
    return call.records["0"]["points"] if call.records else call.value[0]


def _draws_agree(first, second):
    differ, well_formed = _draws_differ(first, second), _every_call(lambda call: len(call.value))
    return lambda cases: well_formed(cases) and not differ(cases)


def _not_from_rng(name, calls):
    """Why three calls, with the same, the same and another seed, do not draw from rng."""
    same, again, other = (_drawn(call) for call in calls)
    if not np.array_equal(same, again):
        return f"{name} drew other numbers from an rng in the same state: draw from rng alone."
    if np.allclose(same, other):
        return f"{name} drew the same numbers from two different rngs: draw from rng alone."
    return None


def _mistakes_of_the_rng(exercise):
    """The searches that draw from something else than the rng they were given."""

    @exercise.mistake(
        "draws from elsewhere",
        "Draw from the rng that is passed in, not from np.random or a new generator: only then "
        "can a run be repeated.",
        shows=_draws_differ(0, 1),
    )
    def _(*arguments):
        return exercise.reference(*arguments[:-1], np.random.default_rng())

    @exercise.mistake(
        "seed of its own",
        "The function sets a seed itself, so every run is the same: draw from the rng that is "
        "passed in.",
        shows=_draws_agree(0, 2),
    )
    def _(*arguments):
        return exercise.reference(*arguments[:-1], np.random.default_rng(231))
