"""Try every setting of a grid, and find the best though some runs diverge."""

import itertools
import math

import numpy as np

from cs231n_utils.checking.channel import Recipe

from ..compare import kind_of
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


exercise.as_right(
    "Of settings that score alike any is the best.", "if results[setting] >= best_score:"
)


GRIDS = (
    ({"step_size": 4, "reg": 3}, None),
    ({"step_size": 2, "reg": 3, "batch_size": 4}, 0),
    ({"step_size": 3, "reg": 2}, -1),
    ({"step_size": 5}, None),
)
"""How many values each hyperparameter has, and which setting is best; None for one in between."""


@exercise.examined_by
def cases(rng):
    for lengths, best in GRIDS:
        for part, verify in (("best", _not_the_best), ("results", _wrong_results)):
            calls = [_score_table(rng, lengths, best=best)]
            yield Case(part, calls, answer=None, verify=verify)
    yield Case(
        "best", [_score_table(rng, GRIDS[0][0], tied=True)], answer=None, verify=_not_the_best
    )
    # After the last best setting, some score is higher than the one before it.
    soon = rng.choice([4, 5, 7])
    for diverged, shift, best in (((0, 5, 11), 0.0, None), ((0, 2), -5.0, soon)):
        calls = [_score_table(rng, GRIDS[0][0], diverged, shift, best)]
        yield Case("diverged runs", calls, answer=None, verify=_not_robust)


def _score_table(rng, lengths, diverged=(), shift=0.0, best=None, tied=False):
    """A table of scores and its grid.

    Unless told otherwise, the best setting has no hyperparameter's first value. Settings that
    share a value with it score lowest, so that one hyperparameter after the other misses it.
    """
    grid = {
        name: (10.0 ** (rng.uniform(-4, -3) + np.arange(length))).tolist()
        for name, length in lengths.items()
    }
    table = np.array(list(itertools.product(*grid.values())))
    indices = np.argwhere(np.ones([*lengths.values()]))
    if best is None:
        best = rng.choice(np.setdiff1d(np.flatnonzero(np.all(indices, axis=1)), diverged))
    likeness = np.any(indices == indices[best], axis=1).astype(float)
    likeness[best] = -1
    places = np.lexsort((rng.random(len(table)), -likeness))
    scores = np.empty(len(table))
    scores[places] = np.linspace(0.1, 0.4, len(table)) + np.sort(rng.uniform(0, 0.004, len(table)))
    if tied:
        scores[places[-2]] = scores[best]
    scores[list(diverged)] = np.nan
    recipe = Recipe("score_table", names=list(grid), settings=table, scores=scores + shift)
    return recipe, grid


def _scores(call):
    """The score of every setting of the grid."""
    table = call.arguments[0].ingredients
    settings = (tuple(setting) for setting in table["settings"].tolist())
    return dict(zip(settings, table["scores"].tolist(), strict=True))


def _listed(setting):
    return (
        "(" + ", ".join(f"{value:.3g}" for value in setting) + (",)" if len(setting) == 1 else ")")
    )


def _not_a_pair(call):
    try:
        as_pair(call.value)
    except TypeError:
        kind = kind_of(call.value)
        return f"search_hyperparameters returned {kind}, expected best_setting and results."
    return None


def _not_the_best(observations):
    (call,) = observations
    why = _not_a_pair(call)
    if why:
        return why
    best, scores = call.value[0], _scores(call)
    try:
        setting = tuple(map(float, best))
    except TypeError:
        example = _listed(next(iter(scores)))
        return f"best_setting is {kind_of(best)}, expected a tuple such as {example}."
    if setting not in scores:
        return f"best_setting is {_listed(setting)}, expected a setting of the grid."
    highest = np.nanmax(list(scores.values()))
    if scores[setting] == highest:
        return None
    expected = next(other for other, score in scores.items() if score == highest)
    return (
        f"best_setting is {_listed(setting)} with the score {scores[setting]:.4g}, expected "
        f"{_listed(expected)} with {highest:.4g}."
    )


def _results(call):
    """The results as a dict of tuples of floats to scores."""
    return {tuple(map(float, key)): float(score) for key, score in as_pair(call.value)[1].items()}


def _incomplete(call):
    why = _not_a_pair(call)
    if why:
        return why
    if not isinstance(call.value[1], dict):
        return f"results is {kind_of(call.value[1])}, expected a dict."
    scores = _scores(call)
    try:
        results = _results(call)
    except TypeError:
        return (
            "results does not map tuples to numbers, expected each setting, such as "
            f"{_listed(next(iter(scores)))}, with its score."
        )
    missing = [setting for setting in scores if setting not in results]
    if missing:
        return (
            f"results leaves out {len(missing)} of {len(scores)} settings, among them "
            f"{_listed(missing[0])}, expected every one with its score or nan."
        )
    if len(results) > len(scores):
        return f"results holds {len(results)} settings, expected the {len(scores)} of the grid."
    return None


def _wrong_results(observations):
    (call,) = observations
    why = _incomplete(call)
    if why:
        return why
    results, scores = _results(call), _scores(call)
    for setting, score in scores.items():
        if not np.isclose(results[setting], score, rtol=1e-9):
            return (
                f"results has {results[setting]:.4g} for {_listed(setting)}, expected {score:.4g}."
            )
    n_calls = call.usage["0"]["n_calls"]
    if n_calls != len(scores):
        return (
            f"search_hyperparameters trained {n_calls} times for {len(scores)} settings, expected "
            "once for each."
        )
    return None


def _not_robust(observations):
    return _not_the_best(observations) or _incomplete(observations[0])


@exercise.twisted_by(
    {
        "lowest score": "The score is an accuracy: the highest is best, not the lowest.",
        "last setting": "Remember the best setting so far, and replace it only when the score is "
        "higher.",
        "first setting": "Replace the best setting whenever a score is higher than the best so "
        "far.",
        "any setting better than the one before": "Compare with the best score so far, and keep "
        "the new one when it is higher: yours compares with the setting before.",
        "best setting stays None": "Start best_score from -np.inf, and replace best_setting "
        "whenever the new score is higher: yours never is.",
        "returns after one setting": "The return statement is indented into the loop: return after "
        "it.",
        "best score not kept": "Replace best_score together with best_setting: yours keeps the "
        "last setting with a score above the start.",
        "best score, not its setting": "Return the setting that had the best score first, not the "
        "score.",
        "best setting and its score": "Return the setting and the whole dict of results, not its "
        "best score.",
        "results first": "Return best_setting first, then results.",
        "best setting with names": "best_setting is the tuple of values that itertools.product "
        "yields, without the names.",
        "best setting alone": "Return two values: best_setting and results.",
        "settings in pairs": "zip takes the first of each list, then the second of each: use "
        "itertools.product to try every combination.",
        "the star is missing in product": "itertools.product(*grid.values()) takes each list as an "
        "argument of its own: without the star every combination is one whole list.",
        "the star is missing in train_and_score": "train_and_score takes the values one by one: "
        "call train_and_score(*setting).",
        "names instead of values": "A dict is gone through by its keys: take grid.values() for the "
        "values of the hyperparameters.",
        "a diverged run wins": "A run that blew up scores nan, which no score is higher than, and "
        "which np.argmax takes for the largest: start from -np.inf and ask whether the new score "
        "is higher, or take np.nanargmax.",
        "best score starts too high": "Scores can be below 0, say a negative loss: start from "
        "-np.inf, not from 0 or -1.",
        "diverged runs left out": "results holds every setting: keep the nan of a run that blew "
        "up, too.",
        "results of improvements only": "results holds the score of every setting, good or bad.",
        "stops at a diverged run": "A run that blew up is no reason to stop: go on with the next "
        "setting (continue, not break).",
        "a list of results": "results is a dict: begin with results = {} and write "
        "results[setting] = score.",
        "a list of scores": "results is a dict from settings to scores: begin with results = {} "
        "and write results[setting] = score.",
        "only the last result": "`results = {}` is inside the loop: make the dict once, before it.",
        "only step_size and reg": "The grid may hold other hyperparameters: use "
        "itertools.product(*grid.values()) instead of loops over lists with names.",
        "last values left out": "Try every value of each list, the last one too.",
        "first values left out": "Try every value of each list, the first one too.",
        "trains more than once for a setting": "Each call of train_and_score is a whole training "
        "run: keep its score in a variable, don't ask again.",
    }
)
def search_with(is_, train_and_score, grid):
    lowest = is_("lowest score")
    best_score = np.inf if lowest else 0 if is_("best score starts too high") else -np.inf
    results, best_setting, before = {}, None, best_score
    for i, setting in enumerate(_settings_with(is_, grid)):
        if is_("only the last result"):
            results = {}
        one = is_("the star is missing in train_and_score")
        score = train_and_score(setting) if one else train_and_score(*setting)
        if is_("stops at a diverged run") and math.isnan(score):
            break
        best = before if is_("any setting better than the one before") else best_score
        better = score < best if lowest else score > best
        if is_("first setting") or (i == 0 and is_("a diverged run wins")):
            better = i == 0
        if is_("best setting stays None"):
            better = False
        if better or is_("last setting"):
            best_setting = setting
            best_score = best_score if is_("best score not kept") else score
        before = score
        if is_("results of improvements only") and not better:
            continue
        if is_("diverged runs left out") and math.isnan(score):
            continue
        results[setting] = score
        if is_("returns after one setting"):
            break
    if is_("trains more than once for a setting"):
        train_and_score(*best_setting)
    return _returned_with(is_, grid, best_setting, best_score, results)


def _settings_with(is_, grid):
    lists = list(grid) if is_("names instead of values") else list(grid.values())
    if is_("only step_size and reg"):
        lists = [grid["step_size"], grid["reg"]]
    elif is_("last values left out"):
        lists = [values[:-1] for values in lists]
    elif is_("first values left out"):
        lists = [values[1:] for values in lists]
    if is_("settings in pairs"):
        return zip(*lists, strict=False)
    return itertools.product(*([lists] if is_("the star is missing in product") else lists))


def _returned_with(is_, grid, best_setting, best_score, results):
    if is_("best setting and its score"):
        return best_setting, best_score
    if is_("best setting alone"):
        return best_setting
    if is_("a list of results"):
        results = list(results.items())
    elif is_("a list of scores"):
        results = list(results.values())
    if is_("best score, not its setting"):
        best_setting = best_score
    elif is_("best setting with names"):
        best_setting = dict(zip(grid, best_setting, strict=True))
    return (results, best_setting) if is_("results first") else (best_setting, results)


@exercise.mistake(
    "one hyperparameter after the other",
    "The best step size depends on reg: try every combination, not one list at a time.",
)
def searches_one_by_one(train_and_score, grid):
    best, results = [values[0] for values in grid.values()], {}
    for i, values in enumerate(grid.values()):
        for value in values:
            setting = (*best[:i], value, *best[i + 1 :])
            if setting not in results:
                results[setting] = train_and_score(*setting)
        best[i] = max(values, key=lambda value: results[(*best[:i], value, *best[i + 1 :])])
    return tuple(best), results
