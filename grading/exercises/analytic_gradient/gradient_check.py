"""Check a gradient at random coordinates against one-sided slopes, fair to kinks."""

import numpy as np

from cs231n_utils.checking.channel import Recipe

from ..describe import Case, Exercise
from ..draws import every_call, generator, seeds
from ..sampling import left_out, patterned
from .kinks import (
    bug_in_a_quarter,
    curved,
    moved_coordinates,
    nearest_between,
    off_the_kinks,
    slope_errors,
    slopes_on_both_sides,
)
from .relative_error import relative_error

exercise = Exercise(
    "gradient_check",
    assignment="05-analytic-gradient",
    parts={"error": 1, "kinks": 1, "random coordinates": 1},
    hints=(
        "For one coordinate you need three numbers: what grad says there, the slope of f on the "
        "left, and the slope on the right. When is grad right?",
        "Where f is smooth, both slopes nearly agree; at a kink they differ, and every value "
        "between them is right. So move grad's value to the nearest number between the smaller and "
        "the larger slope (np.clip), and compare it with that.",
        "Draw n_checks different positions with rng.choice(x.size, size=n_checks, replace=False), "
        "and turn each into an index with np.unravel_index(position, x.shape). Step by h at that "
        "index alone, and keep the largest relative_error.",
    ),
)


@exercise.solved_by
def gradient_check(f, grad, x, n_checks, rng, h=1e-5):
    analytic, here = grad(x), f(x)
    worst = 0.0
    for flat in rng.choice(x.size, size=n_checks, replace=False):
        index = np.unravel_index(flat, x.shape)
        step = np.zeros(x.shape)
        step[index] = h
        left, right = (here - f(x - step)) / h, (f(x + step) - here) / h
        allowed = np.clip(analytic[index], min(left, right), max(left, right))
        worst = max(worst, relative_error(analytic[index], allowed))
    return worst


exercise.as_right(
    "The two slopes are sorted on the next line.",
    "left, right = ((f(x + step) - here) / h, (here - f(x - step)) / h)",
)
exercise.as_right(
    "np.clip(low, a, high) is min(max(low, a), high), as np.clip(a, low, high) is.",
    "allowed = np.clip(min(left, right), analytic[index], max(left, right))",
)
exercise.as_right(
    "The relative error of a and b is that of b and a.",
    "worst = max(worst, relative_error(allowed, analytic[index]))",
)


def _below(bound, sentence):
    def verify(observations):
        value = float(observations[-1].value)
        return None if 0 <= value < bound else f"gradient_check returned {value:.3g}, {sentence}"

    return verify


def _above(bound, sentence):
    def verify(observations):
        value = float(observations[-1].value)
        return None if value > bound else f"gradient_check returned {value:.3g}, {sentence}"

    return verify


def _call(bug, function, x, n_checks, seed, *h):
    grad = Recipe("planted_gradient", bug=bug, **function)
    return Recipe("quadratic_l1", **function), grad, x, n_checks, generator(seed), *h


def _moved(observation):
    """For each evaluation away from x, which of the coordinates were moved."""
    return moved_coordinates(observation.usage["0"]["points"], observation.arguments[2])


def _steps(observation):
    """How far each evaluation away from x moved its coordinate."""
    distances = np.abs(observation.usage["0"]["points"] - observation.arguments[2])
    largest = distances.reshape(len(distances), -1).max(axis=1)
    return largest[largest > 1e-9]


def _visited(observation):
    return set(np.flatnonzero(np.any(_moved(observation), axis=0)).tolist())


def _unlike_single_steps(observation, h):
    """Why the evaluations are not single steps of h; None if they are."""
    if np.any(np.sum(_moved(observation), axis=1) != 1):
        return "gradient_check moved several coordinates at once, expected one at a time."
    if not np.allclose(_steps(observation), h, rtol=1e-3):
        return f"gradient_check stepped by {_steps(observation)[0]:.3g}, expected h = {h:g}."
    change = np.max(np.abs(observation.after[2] - observation.arguments[2]))
    if change > 1e-9:
        return f"gradient_check changed x by up to {change:.3g}, expected the old values put back."
    return None


def _every_coordinate(observations):
    (call,) = observations
    size, visited = call.arguments[2].size, len(_visited(call))
    if visited != size:
        return (
            f"gradient_check checked {visited} different coordinates, expected all {size}, as "
            "n_checks is x.size: draw without replacement."
        )
    return _unlike_single_steps(call, 1e-5)


def _random_coordinates(observations):
    first, again, other = observations
    n_checks, h = first.arguments[3], first.arguments[5]
    for observation in observations:
        why = _unlike_single_steps(observation, h)
        if why:
            return why
        visited = len(_visited(observation))
        if visited != n_checks:
            return f"gradient_check checked {visited} coordinates, expected {n_checks}."
    if _visited(first) != _visited(again):
        return "gradient_check chose other coordinates for the same rng: draw from rng alone."
    if _visited(first) == _visited(other):
        return "gradient_check chose the same coordinates for another rng: draw them at random."
    return None


def _not_random(observations):
    drawn, size = [np.array([*_visited(call)]) for call in observations], 36
    if not all(map(len, drawn)):
        return "gradient_check moved no coordinate."
    # Ten draws of 12 leave out 0.6 of 36 coordinates on average, and 10 less than once in 10**8.
    missed = left_out(drawn, size)
    if len(missed) > size // 4:
        return (
            f"gradient_check never checked {len(missed)} of {size} coordinates in {len(drawn)} "
            "calls, expected every coordinate to have its chance."
        )
    pattern = patterned(drawn, size)
    if pattern:
        return f"gradient_check checked coordinates that are {pattern}, expected random ones."
    return None


@exercise.examined_by
def cases(rng):
    convex, concave = curved(rng, (4, 5)), curved(rng, (4, 5), sign=-1.0)
    x = off_the_kinks(rng, (4, 5))
    seed, other = seeds(rng)
    # An answer may leave x changed here: that costs it the part on the coordinates.
    lenient = {"keeps_arguments": False}
    fine = _below(1e-6, "expected a number below 1e-6: that gradient is right.")
    flat, deep = off_the_kinks(rng, 20), np.asfortranarray(off_the_kinks(rng, (2, 5, 2)))
    bottom = {"center": x, "curvature": np.abs(convex["curvature"]), "l2": 0.0, "l1": 0.0}
    for function, point, *h in (
        (convex, x),
        (convex, np.asfortranarray(x), 0.01),
        (concave, x, 0.01),
        (curved(rng, flat.shape), flat),
        (curved(rng, deep.shape), deep),
        (bottom, x),
    ):
        call = _call("right", function, point, 10, seed, *h)
        yield Case("error", [call], answer=None, verify=fine, **lenient)
    # Slopes of one sign, with values of the functions far above or below them.
    far = 3.0 * np.abs(convex["center"])
    for function in (
        convex,
        {**convex, "center": far},
        {**convex, "center": -far},
        {**concave, "center": -far},
    ):
        yield Case("error", [_call("twice", function, x, 10, other)], rtol=1e-3, **lenient)
    for own_seed in seeds(rng, 5):
        function, point = bug_in_a_quarter(rng)
        call = _call("four times the l2 gradient", function, point, 32, own_seed)
        yield Case("error", [call], rtol=1e-3, **lenient)

    at_kinks, all_at_kinks = x.copy(), np.zeros_like(x)
    at_kinks.flat[rng.permutation(20)[:12]] = 0.0
    between = _below(1e-6, "expected 0: at its kinks, that gradient lies between the slopes.")
    outside = _above(1e-2, "expected more: at its kinks, that gradient lies outside the slopes.")
    for function, bug, point, verify in (
        (convex, "right", at_kinks, fine),
        (convex, "right, another subgradient", at_kinks, between),
        (convex, "right, a smaller subgradient", at_kinks, between),
        (concave, "right, another subgradient", at_kinks, between),
        (convex, "beyond the kink", all_at_kinks, outside),
    ):
        call = _call(bug, function, point, 10, seed)
        yield Case("kinks", [call], answer=None, verify=verify, **lenient)

    few = off_the_kinks(rng, (6, 6))
    calls = [_call("right", curved(rng, few.shape), few, 12, s) for s in seeds(rng, 10)]
    yield Case("random coordinates", calls, answer=None, verify=_not_random, **lenient)
    call = _call("right", convex, x, 20, seed)
    yield Case("random coordinates", [call], answer=None, verify=_every_coordinate, **lenient)
    h = float(10.0 ** rng.uniform(-4.0, -3.0))
    large, points = curved(rng, (20, 10)), off_the_kinks(rng, (20, 10))
    calls = [_call("right", large, points, 12, s, h) for s in (seed, seed, other)]
    yield Case("random coordinates", calls, answer=None, verify=_random_coordinates, **lenient)


def _drawn(x, n_checks, rng):
    chosen = rng.choice(x.size, size=n_checks, replace=False)
    return [np.unravel_index(flat, x.shape) for flat in chosen]


@exercise.twisted_by(
    {
        "not aware of kinks": "At a kink every value between the left and the right slope is "
        "right: accept it with error 0.",
        "mean instead of the largest": "Return the largest error: a mean over the coordinates "
        "hides a bug in a few of them.",
        "slopes not sorted": "Where f is concave, the left slope is the larger one: sort the two "
        "before np.clip, or it returns a wrong end.",
        "forward difference alone": "One side is not enough: take both one-sided slopes, (f(x) - "
        "f(x - h)) / h as well.",
        "backward difference alone": "One side is not enough: take both one-sided slopes, (f(x + "
        "h) - f(x)) / h as well.",
        "difference over two steps divided by one": "f(x + h) - f(x - h) spans two steps: divide "
        "by 2 h.",
        "one step divided by 2 h": "f(x + h) - f(x) spans one step: divide each one-sided slope by "
        "h.",
        "slopes not divided by h": "A slope is the difference of f divided by the step h.",
        "left slope turned around": "The left slope is (f(x) - f(x - h)) / h: the value on the "
        "right minus the value on the left.",
        "right slope turned around": "The right slope is (f(x + h) - f(x)) / h: the value on the "
        "right minus the value on the left.",
        "accepts anything at a kink": "A kink does not excuse every value: accept only those "
        "between the left and the right slope.",
        "the nearer of the two slopes": "Between the two slopes every value is right, with error "
        "0: compare with the nearest value between them (np.clip), not with the nearer of the two.",
        "the farther of the two slopes": "Between the two slopes every value is right, with error "
        "0: compare with the nearest value between them (np.clip), not with the farther of the "
        "two.",
        "compares the two slopes": "The two slopes differ at a kink, whatever grad says: compare "
        "grad's value with the nearest number between them.",
        "grad called while x is moved up": "Call grad(x) once, before the loop: yours is called "
        "while a coordinate is moved by h.",
        "grad called while x is moved down": "Call grad(x) once, before the loop: yours is called "
        "while a coordinate is moved by h.",
        "last instead of the largest": "Return the largest error: keep it with `worst = max(worst, "
        "...)`. Yours is that of the last coordinate.",
        "returns inside the loop": "The return statement is indented into the loop: only the first "
        "coordinate is checked.",
        "smallest instead of the largest": "Return the largest error, not the smallest.",
        "sum instead of the largest": "Return the largest error, not the sum of all.",
        "one error per coordinate": "Return one number, the largest of the errors.",
        "absolute error": "Use relative_error: only a relative error says how wrong a gradient is.",
        "divides by the larger one": "relative_error divides by |a| + |b|: use it as it is.",
        "returns whether it is right": "Return the largest relative error, a float, not True or "
        "False.",
    }
)
def gradient_check_with(is_, f, grad, x, n_checks, rng, h=1e-5):
    analytic, here, errors = grad(x), f(x), []
    moved = 1 if is_("grad called while x is moved up") else 0
    moved = -1 if is_("grad called while x is moved down") else moved
    for index in _drawn(x, n_checks, rng):
        if moved:
            step = np.zeros(x.shape)
            step[index] = moved * h
            analytic = grad(x + step)
        slopes = slopes_on_both_sides(f, x, index, h, here)
        errors.append(_error_with(is_, analytic[index], *slopes, h))
    if is_("one error per coordinate"):
        return errors
    if is_("mean instead of the largest"):
        return float(np.mean(errors))
    if is_("last instead of the largest"):
        return errors[-1]
    if is_("returns inside the loop"):
        return errors[0]
    if is_("sum instead of the largest"):
        return sum(errors)
    worst = min(errors) if is_("smallest instead of the largest") else max(errors)
    return worst < 1e-6 if is_("returns whether it is right") else worst


def _error_with(is_, analytic, left, right, h):
    factor = 0.5 if is_("one step divided by 2 h") else h if is_("slopes not divided by h") else 1
    left = factor * (-left if is_("left slope turned around") else left)
    right = factor * (-right if is_("right slope turned around") else right)
    compared = nearest_between(analytic, left, right)
    if is_("slopes not sorted"):
        compared = np.clip(analytic, left, right)
    if is_("not aware of kinks") or is_("difference over two steps divided by one"):
        compared = (left + right) / (2 if is_("not aware of kinks") else 1)
    if is_("accepts anything at a kink"):
        compared = analytic if abs(right - left) > 0.1 else (left + right) / 2
    if is_("forward difference alone"):
        compared = right
    if is_("backward difference alone"):
        compared = left
    if is_("the nearer of the two slopes"):
        compared = min(left, right, key=lambda slope: abs(slope - analytic))
    if is_("the farther of the two slopes"):
        compared = max(left, right, key=lambda slope: abs(slope - analytic))
    if is_("compares the two slopes"):
        analytic, compared = left, right
    if is_("absolute error"):
        return float(abs(analytic - compared))
    if is_("divides by the larger one"):
        return float(abs(analytic - compared) / max(1e-8, abs(analytic), abs(compared)))
    return relative_error(analytic, compared)


@exercise.mistake(
    "x not restored",
    "Put the old value back after each coordinate, x[index] = old_value: yours keeps its steps.",
    shows=every_call(lambda call: np.max(np.abs(call.after[2] - call.arguments[2])) > 1e-9),
)
def keeps_its_steps(f, grad, x, n_checks, rng, h=1e-5):
    analytic, worst = grad(x), 0.0
    for index in _drawn(x, n_checks, rng):
        left, right = slopes_on_both_sides(f, x, index, h)
        x[index] += h
        worst = max(
            worst, relative_error(analytic[index], nearest_between(analytic[index], left, right))
        )
    return worst


def _shows_coordinates(condition):
    """Recognize a mistake by the coordinates that the last case of an examination recorded."""

    def shows(cases):
        return all(
            observation.outcome == "returned" and "points" in observation.usage["0"]
            for observation in cases[-1]
        ) and condition(*cases[-1])

    return shows


@exercise.mistake(
    "checks every coordinate",
    "Check n_checks coordinates, drawn at random: all 30,730 of CIFAR-10 would take minutes.",
    shows=_shows_coordinates(
        lambda first, again, other: (
            len(_visited(first)) == first.arguments[2].size
            and np.all(np.sum(_moved(first), axis=1) == 1)
        )
    ),
)
def checks_all(f, grad, x, n_checks, rng, h=1e-5):
    return max(slope_errors(f, grad, x, list(np.ndindex(*x.shape)), h, nearest_between))


def _draws_some_twice(cases):
    """Whether coordinates were repeated where each should be checked once."""
    observation = cases[-2][0]
    if observation.outcome != "returned" or "points" not in observation.usage["0"]:
        return False
    evaluations, visited = len(_moved(observation)), len(_visited(observation))
    return evaluations == 2 * observation.arguments[3] > 2 * visited > 2


def _steps_add_up(first, again, other):
    counts = np.sum(_moved(first), axis=1).tolist()
    return counts == sorted(counts) and {1, first.arguments[3]} <= set(counts)


@exercise.mistake(
    "steps add up",
    "A step must be taken back: begin each coordinate with a fresh copy of x, or put the old value "
    "back.",
    shows=_shows_coordinates(_steps_add_up),
)
def adds_its_steps_up(f, grad, x, n_checks, rng, h=1e-5):
    analytic, here, errors = grad(x), f(x), []
    plus, minus = x.copy(), x.copy()
    for index in _drawn(x, n_checks, rng):
        plus[index] += h
        minus[index] -= h
        nearest = nearest_between(analytic[index], (here - f(minus)) / h, (f(plus) - here) / h)
        errors.append(relative_error(analytic[index], nearest))
    return max(errors)


@exercise.mistake(
    "draws with replacement",
    "A coordinate may be drawn twice and another one never: rng.choice(x.size, size=n_checks, "
    "replace=False) draws each at most once.",
    shows=_draws_some_twice,
)
def draws_with_replacement(f, grad, x, n_checks, rng, h=1e-5):
    drawn = [np.unravel_index(flat, x.shape) for flat in rng.integers(x.size, size=n_checks)]
    return max(slope_errors(f, grad, x, drawn, h, nearest_between))


@exercise.mistake(
    "always the first coordinates",
    "Draw the coordinates from rng: the first n_checks of an image are one strip of its pixels.",
    shows=_shows_coordinates(
        lambda first, again, other: (
            _visited(first) == _visited(other) == set(range(first.arguments[3]))
        )
    ),
)
def checks_the_first(f, grad, x, n_checks, rng, h=1e-5):
    return max(slope_errors(f, grad, x, list(np.ndindex(*x.shape))[:n_checks], h, nearest_between))


def _shows_a_pattern(pattern):
    """Recognize coordinates that lie together, in the case of ten calls before the last two."""

    def shows(cases):
        drawn = [np.array([*_visited(call)]) for call in cases[-3]]
        return np.ptp([each.sum() for each in drawn]) > 0 and patterned(drawn, 36) == pattern

    return shows


@exercise.mistake(
    "a window of neighbors",
    "Neighbors from a random start are one strip of the image: draw each coordinate on its own, "
    "rng.choice(x.size, size=n_checks, replace=False).",
    shows=_shows_a_pattern("neighbors"),
)
def checks_a_window(f, grad, x, n_checks, rng, h=1e-5):
    flat = (rng.integers(x.size) + np.arange(n_checks)) % x.size
    coordinates = [np.unravel_index(place, x.shape) for place in flat]
    return max(slope_errors(f, grad, x, coordinates, h, nearest_between))


@exercise.mistake(
    "every k-th coordinate",
    "Every k-th coordinate from a random start is often one column of the image: draw each "
    "coordinate on its own, rng.choice(x.size, size=n_checks, replace=False).",
    shows=_shows_a_pattern("a fixed distance apart"),
)
def checks_every_kth(f, grad, x, n_checks, rng, h=1e-5):
    flat = (rng.integers(x.size) + max(1, x.size // n_checks) * np.arange(n_checks)) % x.size
    coordinates = [np.unravel_index(place, x.shape) for place in flat]
    return max(slope_errors(f, grad, x, coordinates, h, nearest_between))


@exercise.mistake(
    "a generator with a seed of its own",
    "Yours are the same coordinates for every rng: draw with the rng that is passed in.",
    shows=_shows_coordinates(
        lambda first, again, other: (
            _visited(first) == _visited(again) == _visited(other)
            and len(_visited(first)) == first.arguments[3]
        )
    ),
)
def seed_of_its_own(f, grad, x, n_checks, rng, h=1e-5):
    coordinates = _drawn(x, n_checks, np.random.default_rng(0))
    return max(slope_errors(f, grad, x, coordinates, h, nearest_between))


@exercise.mistake(
    "a generator of its own",
    "Draw from the rng that is passed in, so that a check can be repeated.",
    shows=_shows_coordinates(lambda first, again, other: _visited(first) != _visited(again)),
)
def generator_of_its_own(f, grad, x, n_checks, rng, h=1e-5):
    coordinates = _drawn(x, n_checks, np.random.default_rng())
    return max(slope_errors(f, grad, x, coordinates, h, nearest_between))


@exercise.mistake(
    "never leaves x",
    "f is called at x alone. `plus = x` gives x a second name, so `+= h` and `-= h` cancel: write "
    "`plus = x.copy()`.",
    shows=_shows_coordinates(lambda first, again, other: len(_moved(first)) == 0),
)
def never_leaves(f, grad, x, n_checks, rng, h=1e-5):
    plus = minus = x
    errors = []
    for index in _drawn(x, n_checks, rng):
        plus[index] += h
        minus[index] -= h
        left, right = (f(x) - f(minus)) / h, (f(plus) - f(x)) / h
        analytic = grad(x)[index]
        errors.append(relative_error(analytic, nearest_between(analytic, left, right)))
    return max(errors)


@exercise.mistake(
    "h ignored",
    "Use the h that is passed in: it is not always 1e-5.",
    shows=_shows_coordinates(
        lambda first, again, other: bool(
            len(_steps(first)) > 0 and np.allclose(_steps(first), 1e-5, rtol=1e-3)
        )
    ),
)
def ignores_the_step(f, grad, x, n_checks, rng, h=1e-5):
    return max(slope_errors(f, grad, x, _drawn(x, n_checks, rng), 1e-5, nearest_between))


@exercise.mistake(
    "moves all coordinates at once",
    "Move one coordinate at a time: step by h at one index and by 0 elsewhere.",
)
def moves_all(f, grad, x, n_checks, rng, h=1e-5):
    analytic = grad(x)
    left, right = (f(x) - f(x - h)) / h, (f(x + h) - f(x)) / h
    return max(
        relative_error(analytic[i], nearest_between(analytic[i], left, right))
        for i in _drawn(x, n_checks, rng)
    )
