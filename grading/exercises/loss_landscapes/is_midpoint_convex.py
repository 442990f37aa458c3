"""Tell whether a function lies below its chords at the midpoint of every pair of points."""

from functools import partial
from itertools import cycle

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

    # Of points evenly apart, the one between two others is the middle.
    yield Case("convex", [(_bent([], [], _fall(rng), 90.0), np.arange(2.0, 8.0), 1e-9)])
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


@exercise.twisted_by(
    {
        "turned around": "A convex function lies on or below its chord; yours asks for above.",
        "True and False exchanged": "Return False as soon as a pair fails, and True after all have "
        "passed: yours are exchanged.",
        "tolerance subtracted": "The tolerance is in favor of convex: f(mid) <= chord + tol. "
        "f(mid) + tol on the left asks for more, not less.",
        "counts points far below the chord": "Only a middle above its chord speaks against convex: "
        "leave out the absolute value.",
        "no tolerance": "Allow the midpoint to lie above the chord by up to tol.",
        "a tolerance of its own": "Use the argument tol: yours gives the same answer whatever tol "
        "is passed.",
        "tolerance relative to the chord": "The tolerance is an amount, chord + tol, not a share "
        "of the chord.",
        "strictly below the chord": "On the chord is convex, too: a straight line is. Write <=, "
        "not <.",
        "neighbors alone": "Two neighbors can agree while points further apart do not: test all "
        "pairs of ts.",
        "only the two ends": "Test every pair of ts, not the first with the last alone.",
        "pairs with the first point alone": "Test every pair of ts, not those with one point "
        "alone: `return True` belongs after both loops.",
        "pairs with the last point alone": "Test every pair of ts, not those with one point alone.",
        "three points in a row": "The middle of s and t is (s + t) / 2, which need not be one of "
        "ts: test all pairs, not three points in a row.",
        "skips neighbors": "Neighbors are a pair as well: test every pair of ts.",
        "leaves out the last point": "Test every pair of ts: range(len(ts)).",
        "leaves out the first point": "Test every pair of ts: range(len(ts)), from 0.",
        "leaves out points at the end": "Test every pair of ts, however many: for t in ts, twice.",
        "returns after the first pair": "`return True` stands inside the loop: say True only when "
        "no pair has failed.",
        "one pair is enough": "All pairs must pass; one that passes proves nothing: `all`, not "
        "`any`.",
        "the last pair alone decides": "Return False as soon as a pair fails: a later pair must "
        "not set the answer to True again.",
        "sum of the ends instead of their mean": "The chord's middle is the mean of the two "
        "values: divide f(s) + f(t) by 2.",
        "half of one end alone": "`f(s) + f(t) / 2` halves f(t) alone: write (f(s) + f(t)) / 2.",
        "half of one end alone, in both orders": "`f(s) + f(t) / 2` halves f(t) alone: write "
        "(f(s) + f(t)) / 2.",
        "half the distance instead of the middle": "The midpoint is (s + t) / 2, not (t - s) / 2.",
        "sum instead of the middle": "The midpoint is (s + t) / 2: divide s + t by 2.",
        "half of the value": "`f(s + t) / 2` halves the value: the midpoint is (s + t) / 2, so "
        "write f((s + t) / 2).",
        "half of one point alone": "`s + t / 2` halves t alone: write (s + t) / 2.",
        "half of one point alone, in both orders": "`s + t / 2` halves t alone: write (s + t) / 2.",
        "middle rounded down": "Divide by `/`: `//` rounds the middle of whole numbers down.",
        "chord of the points instead of the values": "Compare f at the middle with the mean of "
        "f(s) and f(t), not with the middle of s and t.",
        "excess instead of a bool": "Return True or False; the largest excess over the chord is "
        "something else.",
    }
)
def is_midpoint_convex_with(is_, f, ts, tol):
    pairs = _pairs_with(is_, ts)
    if is_("returns after the first pair"):
        pairs = pairs[:1]
    if is_("the last pair alone decides"):
        pairs = pairs[-1:]
    middles_and_chords = ((_middle_with(is_, f, ts, *p), _chord_with(is_, f, *p)) for p in pairs)
    if is_("excess instead of a bool"):
        return float(max(middle - chord - tol for middle, chord in middles_and_chords))
    passed = (_passes_with(is_, *pair, tol) for pair in middles_and_chords)
    convex = any(passed) if is_("one pair is enough") else all(passed)
    return not convex if is_("True and False exchanged") else convex


def _pairs_with(is_, ts):
    if is_("leaves out the last point"):
        ts = ts[:-1]
    if is_("leaves out the first point"):
        ts = ts[1:]
    if is_("leaves out points at the end"):
        ts = ts[:4]
    pairs = [(i, j) for i in range(len(ts)) for j in range(i + 1, len(ts))]
    if is_("neighbors alone"):
        pairs = [(i, j) for i, j in pairs if j == i + 1]
    if is_("three points in a row"):
        pairs = [(i, j) for i, j in pairs if j == i + 2]
    if is_("skips neighbors"):
        pairs = [(i, j) for i, j in pairs if j > i + 1]
    if is_("only the two ends"):
        pairs = [(0, len(ts) - 1)]
    if is_("pairs with the first point alone"):
        pairs = [(i, j) for i, j in pairs if i == 0]
    if is_("pairs with the last point alone"):
        pairs = [(i, j) for i, j in pairs if j == len(ts) - 1]
    return [(ts[i], ts[j]) for i, j in pairs]


def _middle_with(is_, f, ts, s, t):
    if is_("three points in a row"):
        return f(ts[list(ts).index(s) + 1])
    if is_("half of the value"):
        return f(s + t) / 2
    if is_("half the distance instead of the middle"):
        return f((t - s) / 2)
    if is_("sum instead of the middle"):
        return f(s + t)
    if is_("half of one point alone"):
        return f(s + t / 2)
    if is_("half of one point alone, in both orders"):
        return max(f(s + t / 2), f(t + s / 2))
    return f((s + t) // 2) if is_("middle rounded down") else f((s + t) / 2)


def _chord_with(is_, f, s, t):
    if is_("chord of the points instead of the values"):
        return (s + t) / 2
    if is_("half of one end alone"):
        return f(s) + f(t) / 2
    if is_("half of one end alone, in both orders"):
        return min(f(s) + f(t) / 2, f(t) + f(s) / 2)
    total = f(s) + f(t)
    return total if is_("sum of the ends instead of their mean") else total / 2


def _passes_with(is_, middle, chord, tol):
    if is_("a tolerance of its own"):
        tol = 1e-9
    if is_("no tolerance"):
        tol = 0.0
    if is_("tolerance relative to the chord"):
        tol = tol * chord
    if is_("tolerance subtracted"):
        tol = -tol
    if is_("counts points far below the chord"):
        return abs(middle - chord) <= tol
    if is_("turned around"):
        return middle >= chord - tol
    return middle < chord + tol if is_("strictly below the chord") else middle <= chord + tol


@exercise.mistake(
    "always convex",
    "You answered True for every f here, perhaps after a point was paired with itself: return "
    "False as soon as a pair fails, and True only after all of them.",
)
def always_says_yes(f, ts, tol):
    return True


@exercise.mistake(
    "never convex",
    "You answered False for every f here, a straight line included: what must hold of each pair "
    "is f(mid) <= chord + tol. A midpoint may lie on its chord, as a point paired with itself "
    "does, or up to tol above it.",
)
def always_says_no(f, ts, tol):
    return False


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


def _fails_by_function(cases):
    """Whether f itself raised whenever it was called, and not always alike for points alike."""
    calls = [call for calls in cases for call in calls]
    messages = {call.error["message"] for call in calls if np.shape(call.arguments[1]) == (6,)}
    return len(messages) > 1 and not any(call.usage["0"]["n_calls"] for call in calls)


@exercise.mistake(
    "all points in one call",
    "f takes one number, not an array of them: call it once for each point, [f(t) for t in ts].",
    shows=_fails_by_function,
)
def calls_f_of_an_array(f, ts, tol):
    return bool(np.all(f(np.add.outer(ts, ts) / 2) <= np.add.outer(f(ts), f(ts)) / 2 + tol))
