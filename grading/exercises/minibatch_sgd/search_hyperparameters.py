"""Try every setting of a grid, and find the best though some runs diverge."""

import itertools
import math

import numpy as np

from cs231n_utils.checking.channel import Recipe

from ..describe import Case, Exercise
from .pairs import as_pair

exercise = Exercise(
    "search_hyperparameters",
    assignment="06-minibatch-sgd",
    parts={"best": 1, "results": 1, "diverged runs": 1},
    hints=(
        "Every value of one hyperparameter meets every value of the others. The module itertools "
        "has a function for that.",
        "itertools.product(*grid.values()) yields each combination as a tuple, in the order that "
        "train_and_score takes; call it with *setting, once, and keep the score in results.",
        "Start from a best score of -np.inf, and replace the best only if the new score is "
        "higher: a comparison with nan is False, so a run that failed never wins.",
    ),
)


@exercise.solved_by
def search_hyperparameters(train_and_score, grid):
    results = {}
    best_setting, best_score = None, -np.inf
    for setting in itertools.product(*grid.values()):
        results[setting] = train_and_score(*setting)
        if results[setting] > best_score:
            best_setting, best_score = setting, results[setting]
    return best_setting, results


GRIDS = ({"step_size": 4, "reg": 3}, {"step_size": 2, "reg": 3, "batch_size": 4}, {"step_size": 5})


@exercise.examined_by
def cases(rng):
    for lengths in GRIDS:
        for part, answer in (("best", _best_setting), ("results", _results)):
            calls = [_score_table(rng, lengths)]
            yield Case(
                part,
                calls,
                answer=answer,
                verify=_one_training_a_setting,
                rtol=1e-9,
            )
    for diverged, shift in (((0, 5, 11), 0.0), ((0, 2), -5.0)):
        calls = [_score_table(rng, GRIDS[0], diverged, shift)]
        yield Case("diverged runs", calls, answer=_best_setting, verify=_every_setting, rtol=1e-9)


def _score_table(rng, lengths, diverged=(), shift=0.0):
    """A table of scores and its grid; the best setting is inside the table, never at a corner."""
    grid = {
        name: (10.0 ** (rng.uniform(-4, -3) + np.arange(length))).tolist()
        for name, length in lengths.items()
    }
    table = np.array(list(itertools.product(*grid.values())))
    scores = rng.permutation(np.linspace(0.1, 0.4, len(table))) + rng.uniform(0, 0.004, len(table))
    best, other = scores.argmax(), int(rng.integers(1, len(table) - 1))
    while other in diverged:
        other = int(rng.integers(1, len(table) - 1))
    scores[[best, other]] = scores[[other, best]]
    scores[list(diverged)] = np.nan
    recipe = Recipe("score_table", names=list(grid), settings=table, scores=scores + shift)
    return recipe, grid


def _best_setting(observations):
    return tuple(as_pair(observations[-1].value)[0])


def _results(observations):
    results = as_pair(observations[-1].value)[1]
    return {str(tuple(map(float, key))): value for key, value in results.items()}


def _n_settings(call):
    return math.prod(len(values) for values in call.arguments[1].values())


def _every_setting(observations):
    n_results, n_settings = len(_results(observations)), _n_settings(observations[0])
    if n_results == n_settings:
        return None
    return (
        f"search_hyperparameters returned results for {n_results} of {n_settings} settings, "
        "expected every one, with its score or nan."
    )


def _one_training_a_setting(observations):
    n_calls, n_settings = observations[0].usage["0"]["n_calls"], _n_settings(observations[0])
    if n_calls == n_settings:
        return None
    return (
        f"search_hyperparameters trained {n_calls} times for {n_settings} settings, expected once "
        "for each."
    )


@exercise.mistake("lowest score", "The score is an accuracy: the highest is best, not the lowest.")
def _(train_and_score, grid):
    results, best_setting, best_score = {}, None, np.inf
    for setting in itertools.product(*grid.values()):
        results[setting] = train_and_score(*setting)
        if results[setting] < best_score:
            best_setting, best_score = setting, results[setting]
    return best_setting, results


@exercise.mistake(
    "settings in pairs",
    "zip takes the first of each list, then the second of each: use itertools.product to try every "
    "combination.",
)
def _(train_and_score, grid):
    results = {setting: train_and_score(*setting) for setting in zip(*grid.values(), strict=False)}
    return max(results, key=results.get), results


@exercise.mistake(
    "best score, not its setting",
    "Return the setting that had the best score first, not the score.",
)
def _(train_and_score, grid):
    best, results = search_hyperparameters(train_and_score, grid)
    return results[best], results


@exercise.mistake(
    "one hyperparameter after the other",
    "The best step size depends on reg: try every combination, not one list at a time.",
)
def _(train_and_score, grid):
    best, results = [values[0] for values in grid.values()], {}
    for i, values in enumerate(grid.values()):
        for value in values:
            setting = (*best[:i], value, *best[i + 1 :])
            if setting not in results:
                results[setting] = train_and_score(*setting)
        best[i] = max(values, key=lambda value: results[(*best[:i], value, *best[i + 1 :])])
    return tuple(best), results


@exercise.mistake(
    "a diverged run wins",
    "A run that blew up scores nan, and every comparison with nan is False: start from -np.inf and "
    "ask whether the new score is higher.",
)
def _(train_and_score, grid):
    _, results = search_hyperparameters(train_and_score, grid)
    return max(results, key=results.get), results


@exercise.mistake(
    "best score starts at 0",
    "Scores can be below 0, say a negative loss: start from -np.inf.",
)
def _(train_and_score, grid):
    best, results = search_hyperparameters(train_and_score, grid)
    return (best if results[best] > 0 else None), results


@exercise.mistake(
    "last setting",
    "Remember the best setting so far, and replace it only when the score is higher.",
)
def _(train_and_score, grid):
    _, results = search_hyperparameters(train_and_score, grid)
    return list(results)[-1], results


@exercise.mistake(
    "results of improvements only", "results holds the score of every setting, good or bad."
)
def _(train_and_score, grid):
    best, scores = search_hyperparameters(train_and_score, grid)
    results, highest = {}, -np.inf
    for setting, score in scores.items():
        if score > highest:
            highest = results[setting] = score
    return best, results


@exercise.mistake(
    "diverged runs left out",
    "results holds every setting: keep the nan of a run that blew up, too.",
)
def _(train_and_score, grid):
    best, scores = search_hyperparameters(train_and_score, grid)
    return best, {setting: score for setting, score in scores.items() if not math.isnan(score)}


@exercise.mistake(
    "trains the best once more",
    "Each call of train_and_score is a whole training run: keep its score, don't ask again.",
)
def _(train_and_score, grid):
    results, best = {}, None
    for setting in itertools.product(*grid.values()):
        results[setting] = train_and_score(*setting)
        if best is None or not train_and_score(*best) >= results[setting]:
            best = setting if results[setting] == results[setting] else best
    return best, results
