"""Find out which of several gradients are wrong."""

import numpy as np

from cs231n_utils.checking.channel import Recipe

from ..describe import Case, Exercise
from ..draws import generator
from .gradient_check import gradient_check
from .kinks import (
    centered_slope,
    curved,
    moved_coordinates,
    nearest_between,
    off_the_kinks,
    slope_errors,
)

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


exercise.as_right(
    "Rounding gives errors up to 1e-5 and the smallest bug one of 5e-4: near 1e-4 there is none.",
    "if gradient_check(f, grad, x, x.size, rng) > 0.0002:",
    "if gradient_check(f, grad, x, x.size, rng) > 5e-05:",
    "if gradient_check(f, grad, x, x.size, rng) >= 0.0001:",
)


def _line_up(rng, bugs, x, function=None):
    """Candidates under random names, and the other arguments of find_the_bug."""
    function = function or curved(rng, x.shape)
    names = [f"by {letter}" for letter in rng.permutation(list("ABCDEFGHJKLM"))]
    named = dict(zip(names, rng.permutation(bugs), strict=False))
    candidates = Recipe("planted_gradients", bugs={n: str(b) for n, b in named.items()}, **function)
    return candidates, Recipe("quadratic_l1", **function), x, generator(231)


def _nearly_right(rng):
    """A function whose candidate with half the L2 gradient is off by 0.0005 to 0.002."""
    x = off_the_kinks(rng, (3, 2))
    return x, {
        "center": -4.0 * np.sign(x),
        "curvature": np.full(x.shape, 2.0),
        "l2": 0.02,
        "l1": 0.5,
    }


def _wrong_at_one_place(rng):
    """A candidate that is off by about 0.002 at one of 32 coordinates: the mean hides it."""
    x = rng.choice([-1.0, 1.0], (4, 8)) * rng.uniform(1.0, 1.3, (4, 8))
    function = {
        "center": -4.0 * np.sign(x),
        "curvature": np.full(x.shape, 2.0),
        "l2": 0.018,
        "l1": 0.5,
    }
    return ["right", f"no l2 at {rng.integers(x.size)}"], x, function


def _rounded(rng):
    """A function with large values and small slopes: rounding alone gives errors of 1e-6.

    Where one of the two slopes is rounded up and the other one down there is none, so there are
    many coordinates.
    """
    x, curvature = off_the_kinks(rng, (4, 8)), np.full((4, 8), 1e-3)
    center = x - rng.uniform(90, 110, x.shape)
    curvature[0, 0], center[0, 0] = 2.0, 400.0
    return x, {"center": center, "curvature": curvature, "l2": 0.0, "l1": 0.0}


def _near_its_kinks(rng):
    """A function at a point so near its kinks that steps of 1e-2 cross them."""
    x = 2e-3 * off_the_kinks(rng, (2, 3))
    return x, curved(rng, x.shape)


def _never_evaluated(observations):
    if observations[0].usage["1"]["n_calls"]:
        return None
    return "find_the_bug never evaluated f, expected every candidate to be compared with it."


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
    line = off_the_kinks(rng, 4)
    nearly_right, rounded, near = _nearly_right(rng), _rounded(rng), _near_its_kinks(rng)
    for bugs, point, *function in (
        (["right", *culprits, *local[:3]], x),
        (["right", "right", *rng.permutation(culprits)[:2], *local[3:]], np.asfortranarray(x)),
        (["right", "no l1", "no l1", "no l1"], line),
        (["right", "right"], x),
        (["twice"], line),
        (["right", "half the l2 gradient"], *nearly_right),
        (["right", "twice"], *rounded),
        (["right", "no l1"], *near),
        _wrong_at_one_place(rng),
    ):
        yield Case(
            "culprits",
            [_line_up(rng, bugs, point, *function)],
            verify=_never_evaluated,
            keeps_arguments=False,
        )
    x = x.copy()
    x.flat[rng.permutation(np.arange(1, 5))[:2]] = 0.0
    local = [f"no l2 at {place}" for place in np.flatnonzero(x)]
    bugs = ["right", "right, another subgradient", "beyond the kink", "no l1", *local, *local]
    yield Case("kinks", [_line_up(rng, bugs, x)], keeps_arguments=False)


@exercise.twisted_by(
    {
        "names the right ones": "Return the names of the gradients that are wrong, not of the "
        "right.",
        "bound too loose": "A relative error above 1e-4 already means a bug, where there is no "
        "kink.",
        "bound too tight": "Rounding alone gives a right gradient errors of 1e-7 to 1e-5: name "
        "those above 1e-4.",
        "not aware of kinks": "A gradient that takes another subgradient at a kink is right: "
        "compare with both one-sided slopes.",
        "accepts anything at a kink": "A kink does not excuse every value: accept only those "
        "between the left and the right slope.",
        "the largest error only": "Several candidates may be wrong, or none: name all with an "
        "error above 1e-4.",
        "the largest error above the bound only": "Several candidates may be wrong: name all with "
        "an error above 1e-4, not only that with the largest.",
        "mean of the errors": "A gradient may be wrong in one place only, which a mean hides: "
        "compare the largest error of all coordinates with 1e-4.",
        "stops at the first": "Several candidates may be wrong: go on after the first.",
        "only the last": "Make the empty set once, before the loop: yours forgets the names found "
        "before.",
        "letters of the names": "`update` adds the letters of a name one by one: `add` adds the "
        "name.",
        "steps too long": "A step of 1e-2 crosses kinks near x, and there nearly any slope lies "
        "between the two: leave h at 1e-5.",
    }
)
def find_the_bug_with(is_, candidates, f, x, rng):
    nearest = centered_slope if is_("not aware of kinks") else nearest_between
    nearest = _anything_at_a_kink if is_("accepts anything at a kink") else nearest
    bound = 1e-2 if is_("bound too loose") else 1e-7 if is_("bound too tight") else 1e-4
    h = 1e-2 if is_("steps too long") else 1e-5
    coordinates = list(np.ndindex(*x.shape))
    largest_or_mean = np.mean if is_("mean of the errors") else max
    errors = {
        name: largest_or_mean(slope_errors(f, grad, x, coordinates, h, nearest))
        for name, grad in candidates.items()
    }
    right = is_("names the right ones")
    wrong = [name for name, error in errors.items() if (error > bound) != right]
    if is_("the largest error only"):
        return {max(errors, key=errors.get)}
    if is_("the largest error above the bound only"):
        return {max(wrong, key=errors.get)} if wrong else set()
    if is_("stops at the first") or is_("only the last"):
        return set(wrong[:1] if is_("stops at the first") else wrong[-1:])
    return set().union(*wrong) if is_("letters of the names") else set(wrong)


def _anything_at_a_kink(analytic, left, right):
    return analytic if abs(right - left) > 0.1 else (left + right) / 2


@exercise.mistake(
    "majority vote",
    "Most candidates may share a mistake: compare each with the slopes of f, not with the others.",
)
def takes_a_vote(candidates, f, x, rng):
    gradients = {name: grad(x) for name, grad in candidates.items()}
    middle = np.median(list(gradients.values()), axis=0)
    return {name for name, gradient in gradients.items() if not np.allclose(gradient, middle)}


@exercise.mistake(
    "the gradient instead of its function",
    "gradient_check calls grad itself: pass the candidate, not what it returns at x.",
)
def passes_the_gradient(candidates, f, x, rng):
    return {
        n for n, grad in candidates.items() if gradient_check(f, grad(x), x, x.size, rng) > 1e-4
    }


def _checked(observation):
    """How many coordinates of each candidate were checked, as the evaluations of f beside x say."""
    candidates, _, x, _ = observation.arguments
    n_moved = len(moved_coordinates(observation.usage["1"]["points"], x))
    return n_moved / (2 * len(candidates.ingredients["bugs"]))


def _checks_too_few(cases):
    """Whether whole numbers of coordinates were checked, never more than all, and once fewer."""
    calls = [(_checked(call), call.arguments[2].size) for calls in cases for call in calls]
    return all(0 < n <= size and n % 1 == 0 for n, size in calls) and any(
        n < size for n, size in calls
    )


@exercise.mistake(
    "checks some of the coordinates",
    "A gradient may be wrong in one place only: x is small here, so check every coordinate, "
    "n_checks = x.size.",
    shows=_checks_too_few,
)
def checks_two_coordinates(candidates, f, x, rng):
    return {name for name, grad in candidates.items() if gradient_check(f, grad, x, 2, rng) > 1e-4}


@exercise.mistake(
    "suspects everybody", "At least one candidate is right: its error is far below 1e-4."
)
def suspects_everybody(candidates, f, x, rng):
    return set(candidates)


@exercise.mistake("finds nobody", "Some candidates are wrong: look at each one's largest error.")
def finds_nobody(candidates, f, x, rng):
    return set()
