"""Find centroids of patches by k-means, from a start that is drawn from rng."""

import numpy as np

from ..describe import Case, Exercise
from ..draws import draws, every_call, generator, not_from_rng, seeds
from .outcomes import wrong_shape

exercise = Exercise(
    "kmeans",
    assignment="08-image-features",
    parts={"start": 1, "one round": 1, "many rounds": 1, "empty cluster": 1},
    hints=(
        "Start from k different patches. Then repeat two steps n_iters times: give each patch to "
        "its nearest centroid; move each centroid to the mean of its patches.",
        "patches[:, np.newaxis] - centroids has shape (M, k, D). Its squares, summed over the "
        "last axis, are the squared distances; argmin along axis 1 gives each patch's centroid.",
        "The start is patches[rng.choice(len(patches), size=k, replace=False)]. To move centroid "
        "j, take the mean over axis 0 of patches[nearest == j]; if there are none, leave it where "
        "it is.",
    ),
)


@exercise.solved_by
def kmeans(patches, k, n_iters, rng):
    centroids = patches[rng.choice(len(patches), size=k, replace=False)]
    for _ in range(n_iters):
        distances = np.sum((patches[:, np.newaxis] - centroids) ** 2, axis=2)
        nearest = np.argmin(distances, axis=1)
        for j in range(k):
            if np.any(nearest == j):
                centroids[j] = patches[nearest == j].mean(axis=0)
    return centroids


@exercise.examined_by
def cases(rng):
    def patches(n, d):
        return rng.standard_normal((n, d)) * rng.uniform(1, 3, d) + rng.uniform(-2, 2, d)

    X, (seed, other) = patches(9, 4), seeds(rng, 2)
    calls = [(X, 8, 0, generator(s)) for s in (seed, seed, other)]
    yield Case("start", calls, answer=None, verify=_starts_from_patches)
    # There are several starts because k-means from one may settle before the last round.
    for part, n_rounds, n_starts in (("one round", 1, 1), ("many rounds", 4, 4)):
        X = patches(60, 3)
        calls = [(X, 5, n, generator(s)) for s in seeds(rng, n_starts) for n in (0, n_rounds)]
        yield Case(part, calls, answer=None, verify=_continues_from_start)
    # The patches are copies of few points, so that k of them nearly always hold a point twice.
    X = np.repeat(patches(4, 3), 4, axis=0)[rng.permutation(16)]
    calls = [(X, 4, n, generator(s)) for s in seeds(rng, 6) for n in (0, 2)]
    yield Case("empty cluster", calls, answer=None, verify=_continues_from_start)


def _rows_in(rows, patches):
    """The index of the patch that equals each row; None if some row is not a patch."""
    distances = np.abs(rows[:, np.newaxis] - patches).max(axis=2)
    return distances.argmin(axis=1) if distances.min(axis=1).max() < 1e-4 else None


def _malformed_centroids(call):
    patches, k = call.arguments[:2]
    return wrong_shape("kmeans", call, (k, patches.shape[1]))


def _starts_from_patches(observations):
    for call in observations:
        patches, k = call.arguments[:2]
        why = _malformed_centroids(call)
        if why:
            return why
        found = _rows_in(call.value, patches)
        if found is None:
            return "kmeans with n_iters=0 returned a centroid that is not one of the patches."
        if len(set(found)) < k:
            return (
                f"kmeans with n_iters=0 returned {len(set(found))} different patches, expected "
                f"{k}: draw without replacement."
            )
    return not_from_rng("kmeans", observations)


def _lloyd(patches, centroids, n_rounds, *, assign=None, move=None, empty=None):
    """The centroids after rounds of k-means; other options than the defaults make mistakes."""
    centroids = np.array(centroids, dtype=float)
    for _ in range(n_rounds):
        if assign is None:
            nearest = np.sum((patches[:, None] - centroids) ** 2, axis=2).argmin(axis=1)
        else:
            nearest = assign(patches, centroids)
        for j in range(len(centroids)):
            members = patches[nearest == j]
            if len(members):
                centroids[j] = members.mean(axis=0) if move is None else move(members)
            elif empty is not None:
                centroids[j] = empty
    return centroids


def _pairs(calls):
    """The calls without a round, each with the call that goes on from the same start."""
    return list(zip(calls[::2], calls[1::2], strict=True))


def _continues_from_start(observations):
    for call in observations:
        why = _malformed_centroids(call)
        if why:
            return why
    for before, after in _pairs(observations):
        patches, _, n_rounds, _ = after.arguments
        if _rows_in(before.value, patches) is None:
            return "kmeans with n_iters=0 returned a centroid that is not one of the patches."
        if not np.isfinite(after.value).all():
            return (
                f"kmeans returned nan or inf after n_iters={n_rounds}: what becomes of a centroid "
                "that no patch is nearest to?"
            )
        expected = _lloyd(patches, before.value, n_rounds)
        if not np.allclose(after.value, expected, rtol=1e-3, atol=1e-4):
            off = np.abs(after.value - expected).max()
            return (
                f"kmeans from the same start: after n_iters={n_rounds} a centroid is off by "
                f"{off:.3g}, expected the means of the patches nearest to each."
            )
    return None


def _goes_on_like(**wrong):
    """A `shows` that holds if the start is right and each round goes wrong in this way."""

    def shows(cases):
        try:
            return _starts_from_patches(cases[0]) is None and all(
                np.allclose(
                    after.value,
                    _lloyd(after.arguments[0], before.value, after.arguments[2], **wrong),
                    rtol=1e-3,
                    atol=1e-4,
                    equal_nan=True,
                )
                for calls in cases[1:]
                for before, after in _pairs(calls)
            )
        except Exception:
            return False

    return shows


def _start(patches, k, rng):
    return patches[rng.choice(len(patches), size=k, replace=False)]


def _largest_product(patches, centroids):
    return (patches @ centroids.T).argmax(axis=1)


def _farthest(patches, centroids):
    return np.sum((patches[:, None] - centroids) ** 2, axis=2).argmax(axis=1)


def _city_block(patches, centroids):
    return np.sum(np.abs(patches[:, None] - centroids), axis=2).argmin(axis=1)


def _per_coordinate_sum(patches, centroids):
    return np.abs(np.sum(patches[:, None] - centroids, axis=2)).argmin(axis=1)


def _reordered(call):
    """Whether the caller's patches are now in another order."""
    before, after = call.arguments[0], call.after[0]
    order_before, order_after = (np.lexsort(patches.T) for patches in (before, after))
    return not np.array_equal(before, after) and np.array_equal(
        before[order_before], after[order_after]
    )


@exercise.mistake(
    "shuffles the patches",
    "rng.shuffle reorders the caller's array: draw row numbers, with rng.choice, instead.",
    shows=every_call(_reordered),
)
def _(patches, k, n_iters, rng):
    rng.shuffle(patches)
    return _lloyd(patches, patches[:k], n_iters)


@exercise.mistake(
    "nan for an empty cluster",
    "The mean of no patches is nan: if no patch is nearest to a centroid, leave it where it is.",
    shows=_goes_on_like(empty=np.nan),
)
def _(patches, k, n_iters, rng):
    return _lloyd(patches, _start(patches, k, rng), n_iters, empty=np.nan)


@exercise.mistake(
    "zero for an empty cluster",
    "If no patch is nearest to a centroid, leave it where it is; yours jumps to the origin.",
    shows=_goes_on_like(empty=0.0),
)
def _(patches, k, n_iters, rng):
    return _lloyd(patches, _start(patches, k, rng), n_iters, empty=0.0)


@exercise.mistake(
    "sum of the patches",
    "A centroid is the mean of its patches: divide by how many there are.",
    shows=_goes_on_like(move=lambda members: members.sum(axis=0)),
)
def _(patches, k, n_iters, rng):
    start = _start(patches, k, rng)
    return _lloyd(patches, start, n_iters, move=lambda members: members.sum(axis=0))


@exercise.mistake(
    "median of the patches",
    "k-means moves a centroid to the mean of its patches, not to their median.",
    shows=_goes_on_like(move=lambda members: np.median(members, axis=0)),
)
def _(patches, k, n_iters, rng):
    start = _start(patches, k, rng)
    return _lloyd(patches, start, n_iters, move=lambda members: np.median(members, axis=0))


@exercise.mistake(
    "largest dot product",
    "The largest dot product favors long centroids: compare squared distances.",
    shows=_goes_on_like(assign=_largest_product),
)
def _(patches, k, n_iters, rng):
    return _lloyd(patches, _start(patches, k, rng), n_iters, assign=_largest_product)


@exercise.mistake(
    "farthest centroid",
    "Each patch goes to the nearest centroid: argmin of the distances.",
    shows=_goes_on_like(assign=_farthest),
)
def _(patches, k, n_iters, rng):
    return _lloyd(patches, _start(patches, k, rng), n_iters, assign=_farthest)


@exercise.mistake(
    "absolute differences",
    "The distance is the squared one: square the differences instead of taking np.abs.",
    shows=_goes_on_like(assign=_city_block),
)
def _(patches, k, n_iters, rng):
    return _lloyd(patches, _start(patches, k, rng), n_iters, assign=_city_block)


@exercise.mistake(
    "differences not squared",
    "Square the differences before you sum them: otherwise they cancel.",
    shows=_goes_on_like(assign=_per_coordinate_sum),
)
def _(patches, k, n_iters, rng):
    return _lloyd(patches, _start(patches, k, rng), n_iters, assign=_per_coordinate_sum)


def _rounds_like(count):
    """A `shows` that holds if the rounds are right but their number is not."""

    def shows(cases):
        try:
            pairs = [pair for calls in cases[1:] for pair in _pairs(calls)]
            return _starts_from_patches(cases[0]) is None and all(
                np.allclose(
                    after.value,
                    _lloyd(after.arguments[0], before.value, count(after.arguments[2])),
                    atol=1e-4,
                )
                for before, after in pairs
            )
        except Exception:
            return False

    return shows


@exercise.mistake(
    "one round only",
    "Assign and average n_iters times: put both steps inside the loop.",
    shows=_rounds_like(lambda n: min(n, 1)),
)
def _(patches, k, n_iters, rng):
    return kmeans(patches, k, min(n_iters, 1), rng)


@exercise.mistake(
    "one round too few",
    "Assign and average n_iters times: range(n_iters), not range(n_iters - 1).",
    shows=_rounds_like(lambda n: n - 1),
)
def _(patches, k, n_iters, rng):
    return kmeans(patches, k, n_iters - 1, rng)


@exercise.mistake(
    "centroids never move",
    "After assigning, set each centroid to the mean of its patches, and return the new ones.",
    shows=_rounds_like(lambda n: 0),
)
def _(patches, k, n_iters, rng):
    return _start(patches, k, rng)


def _start_shows(predicate):
    """A `shows` that holds if the predicate holds for every call of the part on the start."""
    return lambda cases: every_call(predicate)(cases[:1])


@exercise.mistake(
    "same patch twice",
    "rng.integers can draw a patch twice: draw with rng.choice(..., replace=False).",
    shows=_start_shows(
        lambda call: (
            _malformed_centroids(call) is None
            and len(set(_rows_in(call.value, call.arguments[0]))) < call.arguments[1]
        )
    ),
)
def _(patches, k, n_iters, rng):
    start = rng.integers(len(patches), size=k)
    start[-1] = start[0] if len(set(start)) == k == 8 else start[-1]
    return _lloyd(patches, patches[start], n_iters)


@exercise.mistake(
    "first k patches",
    "Draw the starting patches at random: yours are always the first k.",
    shows=_start_shows(
        lambda call: np.allclose(call.value, call.arguments[0][: call.arguments[1]])
    ),
)
def _(patches, k, n_iters, rng):
    return _lloyd(patches, patches[:k], n_iters)


def _is_one_round_on(call):
    """Whether all but one patch started, and the one left over has moved one of them."""
    patches, k = call.arguments[:2]
    alike = np.abs(call.value[:, np.newaxis] - patches).max(axis=2) < 1e-4
    moved, others = call.value[~alike.any(axis=1)], patches[~alike.any(axis=0)]
    return alike.sum() == k - 1 and len(moved) == 1 and np.allclose(moved[0], others.mean(axis=0))


@exercise.mistake(
    "one round too many",
    "With n_iters=0 nothing moves: range(n_iters), not range(n_iters + 1).",
    shows=_start_shows(_is_one_round_on),
)
def _(patches, k, n_iters, rng):
    return kmeans(patches, k, n_iters + 1, rng)


@exercise.mistake(
    "whole numbers",
    "Your centroids have lost their decimals: keep them in a float array.",
    shows=_start_shows(
        lambda call: (
            _malformed_centroids(call) is None
            and np.array_equal(call.value, np.rint(call.value))
            and np.any(call.value)
        )
    ),
)
def _(patches, k, n_iters, rng):
    return _lloyd(patches, np.trunc(_start(patches, k, rng)), n_iters)


@exercise.mistake(
    "starts from noise",
    "Start from k of the patches, not from random numbers.",
    shows=_start_shows(
        lambda call: (
            _malformed_centroids(call) is None and _rows_in(call.value, call.arguments[0]) is None
        )
    ),
)
def _(patches, k, n_iters, rng):
    return _lloyd(patches, rng.standard_normal((k, patches.shape[1])), n_iters)


@exercise.mistake(
    "draws from elsewhere",
    "Draw from the rng that is passed in, not from np.random or a new generator.",
    shows=draws(0, 1, alike=False),
)
def _(patches, k, n_iters, rng):
    return kmeans(patches, k, n_iters, np.random.default_rng())


@exercise.mistake(
    "seed of its own",
    "The function sets a seed itself, so every run is the same: draw from the rng passed in.",
    shows=draws(0, 2, alike=True),
)
def _(patches, k, n_iters, rng):
    return kmeans(patches, k, n_iters, np.random.default_rng(231))
