"""Tell whether a function lies below its chords at the midpoint of every pair of points."""

from functools import partial
from itertools import cycle, pairwise

import numpy as np

from cs231n_utils.checking.channel import Recipe

from ..describe import Case, Exercise

exercise = Exercise(
    "is_midpoint_convex",
    assignment="02-loss-landscapes",
    parts={"convex": 1, "not convex": 1, "all pairs": 0.5, "tolerance": 0.5},
    hints=(
        "One pair that fails proves that f is not convex; to say True you must have seen all "
        "pairs. Where must `return False` stand then, and where `return True`?",
        "Two nested loops over ts give all pairs. The midpoint of s and t is (s + t) / 2; the "
        "middle of their chord is the mean of f(s) and f(t).",
        "Inside the loops, return False as soon as f at the midpoint is greater than the middle "
        "of the chord plus tol. After both loops, return True.",
    ),
)


@exercise.solved_by
def is_midpoint_convex(f, ts, tol):
    for i, s in enumerate(ts):
        for t in ts[:i]:
            if f((s + t) / 2) > (f(s) + f(t)) / 2 + tol:
                return False
    return True


def _bent(kinks, bends, slope=0.0, height=0.0):
    return Recipe(
        "bent_line",
        kinks=np.array(kinks, dtype=float),
        bends=np.array(bends, dtype=float),
        slope=float(slope),
        height=float(height),
    )


N_CURVES = 10
"""Each part asks this many questions, so that an answer which ignores f cannot guess them all."""


def _fall(rng):
    return -rng.uniform(1, 3)


def _truths(rng):
    """The right answers of one part in random order, at least three of each."""
    n_convex = int(rng.integers(3, N_CURVES - 2))
    return rng.permutation(np.arange(N_CURVES) < n_convex)


@exercise.examined_by
def cases(rng):
    ts = np.array([2.0, 3.8, 6.0, 8.6]) + rng.uniform(-0.5, 0.5)
    middles = (ts[1:] + ts[:-1]) / 2

    def roof():
        """A curve above the chord of every pair."""
        return _bent(middles, -rng.uniform(1, 3, 3), _fall(rng), 90.0)

    def bowl(*bump):
        """A curve below the chord of every pair, except for bumps at the middle of some."""
        kinks = [ts[0] + place + side for place in bump for side in (-0.15, 0.0, 0.15)]
        bends = [5.0, -10.0, 5.0] * len(bump)
        return _bent([*middles, *kinks], [*rng.uniform(0.05, 0.15, 3), *bends], _fall(rng), 90.0)

    # All curves fall, since half the distance of two ts lies left of them, where f is larger. One
    # curve is negative, so that the sum of two values is less than their mean.
    hardly_convex = (
        lambda: _bent(rng.uniform(4, 6, 2), [2.0, 3.0], _fall(rng), 90.0),
        lambda: _bent([], [], _fall(rng), 90.0),
        lambda: _bent([5.0], [2.0], _fall(rng), -40.0),
    )
    curves = {
        "convex": (hardly_convex, [roof]),
        "not convex": ([bowl], [partial(bowl, place) for place in (2.9, 0.9)]),
        "all pairs": ([bowl], [partial(bowl, place) for place in (3.3, 4.2, 2.0)]),
    }
    for part, kinds in curves.items():
        convex_curves, others = map(cycle, kinds)
        for is_convex in _truths(rng):
            draw = next(convex_curves if is_convex else others)
            yield Case(part, [(draw(), ts, 1e-9)])

    ends = np.array([-1.0, 1.0])
    for is_convex in _truths(rng):
        tol = float(rng.uniform(0.5, 1.0))
        # The roof rises this much above the chord from -1 to 1.
        height = tol / (1.1 if is_convex else 0.9)
        yield Case("tolerance", [(_bent([0.0], [-2 * height], _fall(rng), 30.0), ends, tol)])


def _pairs(ts):
    return [(s, t) for i, s in enumerate(ts) for t in ts[i + 1 :]]


def _below_chord(f, s, t, tol):
    return f((s + t) / 2) <= (f(s) + f(t)) / 2 + tol


@exercise.mistake(
    "turned around", "A convex function lies on or below its chord; yours asks for above."
)
def _(f, ts, tol):
    return all(f((s + t) / 2) >= (f(s) + f(t)) / 2 - tol for s, t in _pairs(ts))


@exercise.mistake(
    "neighbors alone",
    "Two neighbors can agree while points further apart do not: test all pairs of ts.",
)
def _(f, ts, tol):
    return all(_below_chord(f, s, t, tol) for s, t in pairwise(ts))


@exercise.mistake("only the two ends", "Test every pair of ts, not the first with the last alone.")
def _(f, ts, tol):
    return _below_chord(f, ts[0], ts[-1], tol)


@exercise.mistake(
    "returns after the first pair",
    "`return True` stands inside the loop: say True only when no pair has failed.",
)
def _(f, ts, tol):
    return _below_chord(f, ts[0], ts[1], tol)


@exercise.mistake(
    "one pair is enough", "All pairs must pass; one that passes proves nothing: `all`, not `any`."
)
def _(f, ts, tol):
    return any(_below_chord(f, s, t, tol) for s, t in _pairs(ts))


@exercise.mistake(
    "always convex",
    "You answer True whatever f is, perhaps after a point was paired with itself: return False as "
    "soon as a pair fails, and True only after all of them.",
)
def _(f, ts, tol):
    return True


@exercise.mistake("no tolerance", "Allow the midpoint to lie above the chord by up to tol.")
def _(f, ts, tol):
    return all(_below_chord(f, s, t, 1e-9) for s, t in _pairs(ts))


@exercise.mistake(
    "tolerance subtracted", "The tolerance is in favor of convex: ... <= mean of the ends + tol."
)
def _(f, ts, tol):
    return all(_below_chord(f, s, t, -tol) for s, t in _pairs(ts))


@exercise.mistake(
    "sum of the ends instead of their mean",
    "The chord's middle is the mean of the two values: divide f(s) + f(t) by 2.",
)
def _(f, ts, tol):
    return all(f((s + t) / 2) <= f(s) + f(t) + tol for s, t in _pairs(ts))


@exercise.mistake(
    "half the distance instead of the middle", "The midpoint is (s + t) / 2, not (t - s) / 2."
)
def _(f, ts, tol):
    return all(f((t - s) / 2) <= (f(s) + f(t)) / 2 + tol for s, t in _pairs(ts))


@exercise.mistake(
    "not a bool", "Return True or False; the largest excess over the chord is something else."
)
def _(f, ts, tol):
    return float(max(f((s + t) / 2) - (f(s) + f(t)) / 2 - tol for s, t in _pairs(ts)))
