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


exercise.as_right(
    "It tests every pair twice, or a point with itself, which changes no answer.",
    "for t in ts:",
    "for t in ts[:]:",
    "for t in ts[:i + 1]:",
)


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

MARKS = np.array([0.0, 1.0, 4.0, 10.0, 12.0, 17.0])
"""A ruler on which no two pairs of marks have the same distance, nor the same middle."""


def _fall(rng):
    return -rng.uniform(1, 3)


def _truths(rng):
    """The right answers of one part in random order, at least three of each."""
    n_convex = int(rng.integers(3, N_CURVES - 2))
    return rng.permutation(np.arange(N_CURVES) < n_convex)


@exercise.examined_by
def cases(rng):
    ts = MARKS + rng.uniform(1.5, 2.5)
    middles = (ts[1:] + ts[:-1]) / 2

    def roof():
        """A curve above the chord of every pair."""
        return _bent(middles, -rng.uniform(1, 3, 5), _fall(rng), 90.0)

    def bowl(*bump):
        """A curve below the chord of every pair, except for bumps at the middle of some."""
        kinks = [(ts[i] + ts[j]) / 2 + side for i, j in bump for side in (-0.15, 0.0, 0.15)]
        bends = [5.0, -10.0, 5.0] * len(bump)
        return _bent([*middles, *kinks], [*rng.uniform(0.03, 0.1, 5), *bends], _fall(rng), 90.0)

    # All curves fall, since half the distance of two ts lies left of them, where f is larger. One
    # curve is negative, so that the sum of two values is less than their mean.
    hardly_convex = (
        lambda: _bent(rng.uniform(4, 6, 2), [2.0, 3.0], _fall(rng), 90.0),
        lambda: _bent([], [], _fall(rng), 90.0),
        lambda: _bent([5.0], [2.0], _fall(rng), -40.0),
    )
    # Three curves at least are not convex. Any way to leave out pairs misses one of the first
    # three: neighbors, one end or both, the last points, pairs that lie far apart.
    near = ((0, 1), (4, 5), (2, 3))
    far = ((1, 4), (0, 2), (3, 5), (0, 5), (2, 5), (1, 3), (0, 4))
    curves = {
        "convex": (hardly_convex, [roof]),
        "not convex": ([bowl], [partial(bowl, pair) for pair in near]),
        "all pairs": ([bowl], [partial(bowl, pair) for pair in far]),
    }
    for part, kinds in curves.items():
        convex_curves, others = map(cycle, kinds)
        for is_convex in _truths(rng):
            draw = next(convex_curves if is_convex else others)
            yield Case(part, [(draw(), ts, 1e-9)])

    # Points of any kind and order: a list, whole numbers, falling.
    for points in (ts.tolist(), rng.permutation(MARKS.astype(int)), ts[::-1]):
        for is_convex in rng.permutation([True, False]):
            low, high = np.min(points), np.max(points)
            tent = _bent([(low + high) / 2], [4.0 if is_convex else -4.0], _fall(rng), 90.0)
            yield Case("all pairs", [(tent, points, 1e-9)])

    ends = np.array([-1.0, 1.0])
    for is_convex in _truths(rng):
        tol = float(rng.uniform(0.5, 1.0))
        # The roof rises this much above the chord from -1 to 1.
        height = tol / (1.1 if is_convex else 0.9)
        yield Case("tolerance", [(_bent([0.0], [-2 * height], _fall(rng), 30.0), ends, tol)])
    # Powers of two: the middle is above the chord by exactly the tolerance.
    yield Case("tolerance", [(_bent([0.0], [-2.0], -2.0, 32.0), ends, 1.0)])


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


@exercise.mistake(
    "leaves out points at the end", "Test every pair of ts, however many: for t in ts, twice."
)
def tests_the_first_four(f, ts, tol):
    return all(_below_chord(f, s, t, tol) for s, t in _pairs(ts[:4]))


@exercise.mistake(
    "pairs with the first point alone", "Test every pair of ts, not those with one point alone."
)
def pairs_with_the_first(f, ts, tol):
    return all(_below_chord(f, ts[0], t, tol) for t in ts[1:])


@exercise.mistake(
    "points in an array alone",
    "ts may be a list: begin with np.asarray(ts), or use two loops over it.",
)
def adds_axes(f, ts, tol):
    middles = (ts[:, np.newaxis] + ts[np.newaxis, :]) / 2
    ends = [f(t) for t in ts]
    return all(
        f(middles[i, j]) <= (ends[i] + ends[j]) / 2 + tol for i in range(len(ts)) for j in range(i)
    )


@exercise.mistake(
    "middle rounded down", "Divide by `/`: `//` rounds the middle of whole numbers down."
)
def rounds_the_middle_down(f, ts, tol):
    return all(f((s + t) // 2) <= (f(s) + f(t)) / 2 + tol for s, t in _pairs(ts))


@exercise.mistake(
    "strictly below the chord", "On the chord is convex, too: a straight line is. Write <=, not <."
)
def wants_strictly_below(f, ts, tol):
    return all(f((s + t) / 2) < (f(s) + f(t)) / 2 + tol for s, t in _pairs(ts))
