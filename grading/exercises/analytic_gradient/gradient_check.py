"""Check a gradient at random coordinates against one-sided slopes, fair to kinks."""

import numpy as np

from cs231n_utils.checking.channel import Recipe

from ..describe import Case, Exercise
from ..draws import every_call, generator
from .kinks import (
    centered_slope,
    curved,
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
    for flat in rng.choice(x.size, size=min(n_checks, x.size), replace=False):
        index = np.unravel_index(flat, x.shape)
        step = np.zeros(x.shape)
        step[index] = h
        left, right = (here - f(x - step)) / h, (f(x + step) - here) / h
        allowed = np.clip(analytic[index], min(left, right), max(left, right))
        worst = max(worst, relative_error(analytic[index], allowed))
    return worst


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
    """For each evaluation away from x: (coordinates moved, largest move, first coordinate)."""
    steps = observation.usage["0"]["points"] - observation.arguments[2]
    steps = steps.reshape(len(steps), -1)
    return [
        (int(np.count_nonzero(step)), float(np.max(np.abs(step))), int(np.argmax(step != 0)))
        for step in steps
        if step.any()
    ]


def _visited(observation):
    return {coordinate for _, _, coordinate in _moved(observation)}


def _every_coordinate(observations):
    size, visited = observations[0].arguments[2].size, len(_visited(observations[0]))
    if visited == size:
        return None
    return (
        f"gradient_check checked {visited} different coordinates, expected all {size}, as n_checks "
        "is x.size: draw without replacement."
    )


def _random_coordinates(observations):
    first, again, other = observations
    n_checks, h = first.arguments[3], first.arguments[5]
    for observation in observations:
        moved = _moved(observation)
        if any(count != 1 for count, _, _ in moved):
            return "gradient_check moved several coordinates at once, expected one at a time."
        if not np.allclose([size for _, size, _ in moved], h, rtol=1e-3):
            return f"gradient_check stepped by {moved[0][1]:.3g}, expected h = {h:g}."
        visited = len(_visited(observation))
        if visited != n_checks:
            return f"gradient_check checked {visited} coordinates, expected {n_checks}."
    if _visited(first) != _visited(again):
        return "gradient_check chose other coordinates for the same rng: draw from rng alone."
    if _visited(first) == _visited(other):
        return "gradient_check chose the same coordinates for another rng: draw them at random."
    return None


@exercise.examined_by
def cases(rng):
    convex, concave = curved(rng, (4, 5)), curved(rng, (4, 5), sign=-1.0)
    x = off_the_kinks(rng, (4, 5))
    seeds = [int(seed) for seed in rng.integers(2**32, size=5)]
    # An answer may leave x changed here: that costs it the part on the coordinates.
    lenient = {"keeps_arguments": False}
    fine = _below(1e-6, "expected a number below 1e-6: that gradient is right.")
    for function, *h in ((convex,), (convex, 0.01), (concave, 0.01)):
        call = _call("right", function, x, 16, seeds[0], *h)
        yield Case("error", [call], answer=None, verify=fine, **lenient)
    yield Case("error", [_call("twice", convex, x, 16, seeds[1])], rtol=1e-3, **lenient)
    yield Case("error", [_call("first half twice", convex, x, 16, seeds[2])], rtol=1e-3, **lenient)
    local = [f"no l2 at {place}" for place in rng.permutation(20)[:3]]
    for bug, seed in zip([*local, *["four times the l2 gradient"] * 2], seeds, strict=True):
        yield Case("error", [_call(bug, convex, x, 20, seed)], rtol=1e-3, **lenient)

    at_kinks = x.copy()
    at_kinks.flat[rng.permutation(20)[:12]] = 0.0
    between = _below(1e-6, "expected 0: at its kinks, that gradient lies between the slopes.")
    outside = _above(1e-2, "expected more: at its kinks, that gradient lies outside the slopes.")
    for function, bug, verify in (
        (convex, "right", fine),
        (convex, "right, another subgradient", between),
        (convex, "right, a smaller subgradient", between),
        (concave, "right, another subgradient", between),
        (convex, "beyond the kink", outside),
    ):
        call = _call(bug, function, at_kinks, 16, seeds[0])
        yield Case("kinks", [call], answer=None, verify=verify, **lenient)

    h = float(10.0 ** rng.uniform(-4.0, -3.0))
    call = _call("right", convex, x, 20, seeds[0], h)
    yield Case("random coordinates", [call], answer=None, verify=_every_coordinate)
    large, points = curved(rng, (20, 10)), off_the_kinks(rng, (20, 10))
    calls = [_call("right", large, points, 12, s, h) for s in (seeds[0], seeds[0], seeds[1])]
    yield Case("random coordinates", calls, answer=None, verify=_random_coordinates)


def _drawn(x, n_checks, rng):
    chosen = rng.choice(x.size, size=min(n_checks, x.size), replace=False)
    return [np.unravel_index(flat, x.shape) for flat in chosen]


@exercise.mistake(
    "not aware of kinks",
    "At a kink every value between the left and the right slope is right: accept it with error 0.",
)
def _(f, grad, x, n_checks, rng, h=1e-5):
    return max(slope_errors(f, grad, x, _drawn(x, n_checks, rng), h, centered_slope))


@exercise.mistake(
    "accepts anything at a kink",
    "A kink does not excuse every value: accept only those between the left and the right slope.",
)
def _(f, grad, x, n_checks, rng, h=1e-5):
    def nearest(analytic, left, right):
        return analytic if abs(right - left) > 0.1 else (left + right) / 2

    return max(slope_errors(f, grad, x, _drawn(x, n_checks, rng), h, nearest))


@exercise.mistake(
    "forward difference alone",
    "One side is not enough: take both one-sided slopes, (f(x) - f(x - h)) / h as well.",
)
def _(f, grad, x, n_checks, rng, h=1e-5):
    return max(slope_errors(f, grad, x, _drawn(x, n_checks, rng), h, lambda a, left, right: right))


@exercise.mistake(
    "difference over two steps divided by one",
    "f(x + h) - f(x - h) spans two steps: divide by 2 h.",
)
def _(f, grad, x, n_checks, rng, h=1e-5):
    return max(
        slope_errors(f, grad, x, _drawn(x, n_checks, rng), h, lambda a, left, right: left + right)
    )


@exercise.mistake(
    "left slope turned around",
    "The left slope is (f(x) - f(x - h)) / h: the value on the right minus the value on the left.",
)
def _(f, grad, x, n_checks, rng, h=1e-5):
    def nearest(analytic, left, right):
        return nearest_between(analytic, -left, right)

    return max(slope_errors(f, grad, x, _drawn(x, n_checks, rng), h, nearest))


@exercise.mistake(
    "slopes not sorted",
    "Where f is concave, the left slope is the larger one: sort the two before np.clip, or it "
    "returns a wrong end.",
)
def _(f, grad, x, n_checks, rng, h=1e-5):
    return max(slope_errors(f, grad, x, _drawn(x, n_checks, rng), h, np.clip))


@exercise.mistake(
    "the nearer of the two slopes",
    "Between the two slopes every value is right, with error 0: compare with the nearest value "
    "between them (np.clip), not with the nearer of the two.",
)
def _(f, grad, x, n_checks, rng, h=1e-5):
    def nearer(analytic, left, right):
        return min(left, right, key=lambda slope: abs(slope - analytic))

    return max(slope_errors(f, grad, x, _drawn(x, n_checks, rng), h, nearer))


def _mistake_of_a_moved_gradient(direction, sign):
    @exercise.mistake(
        f"grad called while x is moved {direction}",
        "Call grad(x) once, before the loop: yours is called while a coordinate is moved by h.",
    )
    def _(f, grad, x, n_checks, rng, h=1e-5):
        errors = []
        for index in _drawn(x, n_checks, rng):
            step = np.zeros(x.shape)
            step[index] = sign * h
            analytic = grad(x + step)[index]
            nearest = nearest_between(analytic, *slopes_on_both_sides(f, x, index, h))
            errors.append(relative_error(analytic, nearest))
        return max(errors)


_mistake_of_a_moved_gradient("up", 1)
_mistake_of_a_moved_gradient("down", -1)


@exercise.mistake(
    "mean instead of the largest",
    "Return the largest error: a mean over the coordinates hides a bug in a few of them.",
)
def _(f, grad, x, n_checks, rng, h=1e-5):
    return float(np.mean(slope_errors(f, grad, x, _drawn(x, n_checks, rng), h, nearest_between)))


@exercise.mistake("smallest instead of the largest", "Return the largest error, not the smallest.")
def _(f, grad, x, n_checks, rng, h=1e-5):
    return min(slope_errors(f, grad, x, _drawn(x, n_checks, rng), h, nearest_between))


@exercise.mistake(
    "absolute error", "Use relative_error: only a relative error says how wrong a gradient is."
)
def _(f, grad, x, n_checks, rng, h=1e-5):
    analytic = grad(x)
    return max(
        float(abs(analytic[i] - nearest_between(analytic[i], *slopes_on_both_sides(f, x, i, h))))
        for i in _drawn(x, n_checks, rng)
    )


@exercise.mistake(
    "returns whether it is right", "Return the largest relative error, a float, not True or False."
)
def _(f, grad, x, n_checks, rng, h=1e-5):
    return max(slope_errors(f, grad, x, _drawn(x, n_checks, rng), h, nearest_between)) < 1e-6


@exercise.mistake(
    "x not restored",
    "Put the old value itself back after each coordinate, x[index] = old_value: adding and "
    "subtracting h may leave a rounding error.",
    shows=every_call(lambda call: bool(np.any(call.after[2] != call.arguments[2]))),
)
def _(f, grad, x, n_checks, rng, h=1e-5):
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
        lambda first, again, other: len(_visited(first)) == first.arguments[2].size
    ),
)
def _(f, grad, x, n_checks, rng, h=1e-5):
    return max(slope_errors(f, grad, x, list(np.ndindex(*x.shape)), h, nearest_between))


def _draws_some_twice(cases):
    """Whether coordinates were repeated where each should be checked once."""
    observation = cases[-2][0]
    if observation.outcome != "returned" or "points" not in observation.usage["0"]:
        return False
    evaluations, visited = len(_moved(observation)), len(_visited(observation))
    return evaluations == 2 * observation.arguments[3] > 2 * visited > 2


def _steps_add_up(first, again, other):
    counts = [count for count, _, _ in _moved(first)]
    return counts == sorted(counts) and {1, first.arguments[3]} <= set(counts)


@exercise.mistake(
    "steps add up",
    "A step must be taken back: begin each coordinate with a fresh copy of x, or put the old value "
    "back.",
    shows=_shows_coordinates(_steps_add_up),
)
def _(f, grad, x, n_checks, rng, h=1e-5):
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
def _(f, grad, x, n_checks, rng, h=1e-5):
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
def _(f, grad, x, n_checks, rng, h=1e-5):
    return max(slope_errors(f, grad, x, list(np.ndindex(*x.shape))[:n_checks], h, nearest_between))


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
def _(f, grad, x, n_checks, rng, h=1e-5):
    coordinates = _drawn(x, n_checks, np.random.default_rng(0))
    return max(slope_errors(f, grad, x, coordinates, h, nearest_between))


@exercise.mistake(
    "a generator of its own",
    "Draw from the rng that is passed in, so that a check can be repeated.",
    shows=_shows_coordinates(lambda first, again, other: _visited(first) != _visited(again)),
)
def _(f, grad, x, n_checks, rng, h=1e-5):
    coordinates = _drawn(x, n_checks, np.random.default_rng())
    return max(slope_errors(f, grad, x, coordinates, h, nearest_between))


@exercise.mistake(
    "never leaves x",
    "f is called at x alone. `plus = x` gives x a second name, so `+= h` and `-= h` cancel: write "
    "`plus = x.copy()`.",
    shows=_shows_coordinates(
        lambda first, again, other: all(size < 1e-9 for _, size, _ in _moved(first))
    ),
)
def _(f, grad, x, n_checks, rng, h=1e-5):
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
            np.allclose([size for _, size, _ in _moved(first)], 1e-5, rtol=1e-3)
        )
    ),
)
def _(f, grad, x, n_checks, rng, h=1e-5):
    return max(slope_errors(f, grad, x, _drawn(x, n_checks, rng), 1e-5, nearest_between))


@exercise.mistake(
    "last instead of the largest",
    "Return the largest error: keep it with `worst = max(worst, ...)`. Yours is that of the last "
    "coordinate.",
)
def _(f, grad, x, n_checks, rng, h=1e-5):
    return slope_errors(f, grad, x, _drawn(x, n_checks, rng), h, nearest_between)[-1]


@exercise.mistake(
    "moves all coordinates at once",
    "Move one coordinate at a time: step by h at one index and by 0 elsewhere.",
)
def _(f, grad, x, n_checks, rng, h=1e-5):
    analytic = grad(x)
    left, right = (f(x) - f(x - h)) / h, (f(x + h) - f(x)) / h
    return max(
        relative_error(analytic[i], nearest_between(analytic[i], left, right))
        for i in _drawn(x, n_checks, rng)
    )
