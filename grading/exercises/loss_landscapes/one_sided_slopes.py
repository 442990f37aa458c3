"""Measure the slope of a function to the left and to the right of a point."""

import numpy as np

from cs231n_utils.checking.channel import Recipe

from ..describe import Case, Exercise

exercise = Exercise(
    "one_sided_slopes",
    assignment="02-loss-landscapes",
    parts={"smooth": 1, "kink": 1},
    hints=(
        "A slope is rise over run. For each side, which two points does it connect?",
        "On the left the points are t - h and t, on the right t and t + h. In each case subtract "
        "the value at the left end from the value at the right end.",
        "The run is h on both sides, not 2 h. Return the two slopes as a pair, left first.",
    ),
)


@exercise.solved_by
def one_sided_slopes(f, t, h):
    left = (f(t) - f(t - h)) / h
    right = (f(t + h) - f(t)) / h
    return left, right


@exercise.examined_by
def cases(rng):
    center, t = rng.uniform(-1, 1, 2)
    for curvature in rng.permutation([-1, 1]) * rng.uniform(1, 3):
        parabola = Recipe("quadratic", center=center, curvature=float(curvature))
        for h in (0.5, 0.01):
            yield Case("smooth", [(parabola, float(t), h)])
    kink, slope = rng.uniform(-1, 1), float(rng.uniform(0.2, 0.8) * rng.choice([-1, 1]))
    for bend in rng.permutation([-2.5, 2.5]):  # a roof has the larger slope on its left
        line = Recipe(
            "bent_line", kinks=np.array([kink]), bends=np.array([bend]), slope=slope, height=3.0
        )
        yield Case("kink", [(line, float(kink), 0.25)])


@exercise.twisted_by(
    {
        "exchanged": "Return the slope on the left first, then the one on the right.",
        "left slope with the wrong sign": "Slope is rise over run from left to right: on the left "
        "it is (f(t) - f(t - h)) / h.",
        "right slope with the wrong sign": "Slope is rise over run from left to right: on the "
        "right it is (f(t + h) - f(t)) / h.",
        "both slopes with the wrong sign": "Rise over run: the value at the right end comes first.",
        "not divided by h": "A slope is a difference divided by the step h.",
        "divides by 2 h": "The two points are h apart, not 2 h.",
        "multiplies by h": "A slope is a difference divided by h, not times h.",
        "parentheses missing": "`f(b) - f(a) / h` divides f(a) alone: write (f(b) - f(a)) / h.",
        "parentheses missing on the left": "`f(t) - f(t - h) / h` divides f(t - h) alone: write "
        "(f(t) - f(t - h)) / h.",
        "parentheses missing on the right": "`f(t + h) - f(t) / h` divides f(t) alone: write "
        "(f(t + h) - f(t)) / h.",
        "ignores h": "Use the argument h: yours gives the same slopes whatever h is passed.",
        "steps of 2 h": "The left point is t - h and the right one t + h, not 2 h away.",
        "half steps": "The left point is t - h and the right one t + h, not h / 2 away.",
        "centered difference": "A centered difference looks at both sides and hides a kink: each "
        "side has its own slope.",
        "both sides, divided by h": "From t - h to t + h is a distance of 2 h, and hides a kink: "
        "each side has its own slope, from t.",
        "left slope over both sides": "On the left the two points are t - h and t, not t - h and "
        "t + h.",
        "right slope over both sides": "On the right the two points are t and t + h, not t - h and "
        "t + h.",
        "left slope over both sides, divided by 2 h": "A centered difference looks at both sides: "
        "on the left the two points are t - h and t, a distance of h apart.",
        "right slope over both sides, divided by 2 h": "A centered difference looks at both sides: "
        "on the right the two points are t and t + h, a distance of h apart.",
        "left slope not divided by h": "Both slopes are a difference divided by h, the left one "
        "too.",
        "right slope not divided by h": "Both slopes are a difference divided by h, the right one "
        "too.",
        "the left slope twice": "On the right the two points are t and t + h.",
        "the right slope twice": "On the left the two points are t - h and t.",
        "sorted by size": "Return (left, right) by side: at a roof the left slope is the larger "
        "one.",
        "absolute values": "A slope can be negative: leave out the absolute value.",
        "right slope alone": "Return two slopes, (left, right).",
        "left slope alone": "Return two slopes, (left, right).",
        "mean of the slopes": "Return both slopes, (left, right), not their mean.",
        "jump of the slope": "Return both slopes, (left, right), not their difference.",
    }
)
def one_sided_slopes_with(is_, f, t, h):
    if is_("ignores h"):
        h = 1e-5
    step = 2 * h if is_("steps of 2 h") else h / 2 if is_("half steps") else h
    below, here, above = f(t - step), f(t), f(t + step)
    left = _slope_of_side_with(is_, "left", (below, here), (below, above), h)
    right = _slope_of_side_with(is_, "right", (here, above), (below, above), h)
    if is_("the left slope twice"):
        right = left
    if is_("the right slope twice"):
        left = right
    if is_("left slope with the wrong sign"):
        left = -left
    if is_("right slope with the wrong sign"):
        right = -right
    if is_("absolute values"):
        left, right = abs(left), abs(right)
    if is_("sorted by size"):
        left, right = sorted([left, right])
    if is_("exchanged"):
        left, right = right, left
    if is_("right slope alone"):
        return right
    if is_("left slope alone"):
        return left
    if is_("mean of the slopes"):
        return (left + right) / 2
    if is_("jump of the slope"):
        return right - left
    return left, right


def _slope_of_side_with(is_, side, ends, both_ends, h):
    if is_("centered difference") or is_(f"{side} slope over both sides, divided by 2 h"):
        return _slope_with(is_, *both_ends, 2 * h)
    if is_("both sides, divided by h") or is_(f"{side} slope over both sides"):
        return _slope_with(is_, *both_ends, h)
    low, high = ends
    if is_(f"parentheses missing on the {side}"):
        return high - low / h
    if is_(f"{side} slope not divided by h"):
        return high - low
    return _slope_with(is_, low, high, h)


def _slope_with(is_, low, high, run):
    if is_("both slopes with the wrong sign"):
        low, high = high, low
    if is_("parentheses missing"):
        return high - low / run
    rise = high - low
    if is_("not divided by h"):
        return rise
    if is_("multiplies by h"):
        return rise * run
    return rise / (2 * run if is_("divides by 2 h") else run)
