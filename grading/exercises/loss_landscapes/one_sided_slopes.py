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


@exercise.mistake("exchanged", "Return the slope on the left first, then the one on the right.")
def _(f, t, h):
    return (f(t + h) - f(t)) / h, (f(t) - f(t - h)) / h


@exercise.mistake(
    "left slope with the wrong sign",
    "Slope is rise over run from left to right: on the left it is (f(t) - f(t - h)) / h.",
)
def _(f, t, h):
    return (f(t - h) - f(t)) / h, (f(t + h) - f(t)) / h


@exercise.mistake(
    "both slopes with the wrong sign", "Rise over run: the value at the right end comes first."
)
def _(f, t, h):
    return (f(t - h) - f(t)) / h, (f(t) - f(t + h)) / h


@exercise.mistake(
    "centered difference",
    "A centered difference looks at both sides and hides a kink: each side has its own slope.",
)
def _(f, t, h):
    slope = (f(t + h) - f(t - h)) / (2 * h)
    return slope, slope


@exercise.mistake("divides by 2 h", "The two points are h apart, not 2 h.")
def _(f, t, h):
    return (f(t) - f(t - h)) / (2 * h), (f(t + h) - f(t)) / (2 * h)


@exercise.mistake("not divided by h", "A slope is a difference divided by the step h.")
def _(f, t, h):
    return f(t) - f(t - h), f(t + h) - f(t)


@exercise.mistake(
    "sorted by size", "Return (left, right) by side: at a roof the left slope is the larger one."
)
def _(f, t, h):
    left, right = (f(t) - f(t - h)) / h, (f(t + h) - f(t)) / h
    return min(left, right), max(left, right)


@exercise.mistake("right slope alone", "Return two slopes, (left, right).")
def _(f, t, h):
    return (f(t + h) - f(t)) / h
