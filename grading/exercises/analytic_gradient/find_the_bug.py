"""Find out which of several gradients are wrong."""

import numpy as np

from cs231n_utils.checking.channel import Recipe

from ..describe import Case, Exercise
from ..draws import every_call, generator
from .gradient_check import gradient_check
from .kinks import centered_slope, curved, nearest_between, off_the_kinks, slope_errors

exercise = Exercise(
    "find_the_bug",
    assignment="05-analytic-gradient",
    parts={"culprits": 1, "kinks": 1},
    hints=(
        "gradient_check measures one candidate. What is left is to ask it about each of them, and "
        "to decide which errors are too large.",
        "x is small, so check all of it: n_checks is x.size. A right gradient's error is far "
        "below 1e-4, a wrong one's far above.",
        "Start with an empty set(). Loop over candidates.items() and add the name when the error "
        "is above 1e-4.",
    ),
)


@exercise.solved_by
def find_the_bug(candidates, f, x, rng):
    wrong = set()
    for name, grad in candidates.items():
        if gradient_check(f, grad, x, x.size, rng) > 1e-4:
            wrong.add(name)
    return wrong


def _line_up(rng, bugs, x):
    """Candidates under random names, and the other arguments of find_the_bug."""
    function = curved(rng, x.shape)
    names = [f"by {letter}" for letter in rng.permutation(list("ABCDEFGHJKLM"))]
    named = dict(zip(names, rng.permutation(bugs), strict=False))
    candidates = Recipe("planted_gradients", bugs={n: str(b) for n, b in named.items()}, **function)
    return candidates, Recipe("quadratic_l1", **function), x, generator(231)


@exercise.examined_by
def cases(rng):
    culprits = (
        "twice",
        "four times the l2 gradient",
        "half the l2 gradient",
        "no l1",
        "sign of the data term",
        "one coordinate off",
    )
    x = off_the_kinks(rng, (2, 3))
    local = [f"no l2 at {place}" for place in rng.permutation(x.size)]
    yield Case("culprits", [_line_up(rng, ["right", *culprits, *local[:3]], x)])
    some = rng.permutation(culprits)[:2]
    yield Case("culprits", [_line_up(rng, ["right", "right", *some, *local[3:]], x)])
    x = x.copy()
    x.flat[rng.permutation(np.arange(1, 5))[:2]] = 0.0
    local = [f"no l2 at {place}" for place in np.flatnonzero(x)]
    bugs = ["right", "right, another subgradient", "beyond the kink", "no l1", *local, *local]
    yield Case("kinks", [_line_up(rng, bugs, x)])


def _suspects(candidates, f, x, nearest, threshold=1e-4):
    coordinates = list(np.ndindex(*x.shape))
    return {
        name
        for name, grad in candidates.items()
        if max(slope_errors(f, grad, x, coordinates, 1e-5, nearest)) > threshold
    }


@exercise.mistake(
    "names the right ones", "Return the names of the gradients that are wrong, not of the right."
)
def _(candidates, f, x, rng):
    return set(candidates) - _suspects(candidates, f, x, nearest_between)


@exercise.mistake(
    "not aware of kinks",
    "A gradient that takes another subgradient at a kink is right: compare with both one-sided "
    "slopes.",
)
def _(candidates, f, x, rng):
    return _suspects(candidates, f, x, centered_slope)


@exercise.mistake(
    "accepts anything at a kink",
    "A kink does not excuse every value: accept only those between the left and the right slope.",
)
def _(candidates, f, x, rng):
    return _suspects(
        candidates,
        f,
        x,
        lambda a, left, right: a if abs(right - left) > 0.1 else (left + right) / 2,
    )


@exercise.mistake(
    "bound too loose",
    "A relative error of 1e-2 already means a bug: twice the gradient has only 0.33.",
)
def _(candidates, f, x, rng):
    return _suspects(candidates, f, x, nearest_between, threshold=0.5)


def _checks_too_few(observation):
    """Whether f was evaluated beside x as often as for some coordinates of each candidate."""
    candidates, _, x, _ = observation.arguments
    moved = np.any(observation.usage["1"]["points"] != x, axis=(1, 2))
    checked, rest = divmod(int(np.sum(moved)), 2 * len(candidates.ingredients["bugs"]))
    return rest == 0 and 0 < checked < x.size


@exercise.mistake(
    "checks some of the coordinates",
    "A gradient may be wrong in one place only: x is small here, so check every coordinate, "
    "n_checks = x.size.",
    shows=every_call(_checks_too_few),
)
def _(candidates, f, x, rng):
    return {name for name, grad in candidates.items() if gradient_check(f, grad, x, 2, rng) > 1e-4}


@exercise.mistake("stops at the first", "Several candidates may be wrong: go on after the first.")
def _(candidates, f, x, rng):
    return set(sorted(_suspects(candidates, f, x, nearest_between))[:1])


@exercise.mistake(
    "letters of the names", "`update` adds the letters of a name one by one: `add` adds the name."
)
def _(candidates, f, x, rng):
    return set().union(*_suspects(candidates, f, x, nearest_between))


@exercise.mistake(
    "suspects everybody", "At least one candidate is right: its error is far below 1e-4."
)
def _(candidates, f, x, rng):
    return set(candidates)


@exercise.mistake("finds nobody", "Some candidates are wrong: look at each one's largest error.")
def _(candidates, f, x, rng):
    return set()
