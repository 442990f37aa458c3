"""Find centroids of patches by k-means, from a start that is drawn from rng."""

from functools import partial
from itertools import combinations

import numpy as np

from ..describe import Case, Exercise
from ..draws import draws, every_call, generator, not_from_rng, seeds
from ..sampling import left_out, patterned
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


exercise.as_right(
    "A mean of squares is the smallest where the sum is.",
    "distances = np.mean((patches[:, np.newaxis] - centroids) ** 2, axis=2)",
)
exercise.as_right(
    "No patch is nearest to a centroid that does not exist.",
    "for j in range(k + 1):",
)


N_ROWS, K = 48, 10
"""Patches, and how many of them each of ``N_DRAWS`` starts draws: see :func:`sampling.patterned`.

Two starts of different rngs are alike less than once in a billion times."""

N_FEW, K_OF_FEW = 20, 11
"""Of so few patches a random start leaves out a given one with probability 9 / 20, and twenty
starts leave out any one of the 20 with a probability of 20 * (9 / 20)**20, once in 400,000."""

N_DRAWS, N_DRAWS_OF_FEW = 10, 20

ROUNDS = (2, 2, 2, 3, 3, 5)
"""Rounds of the calls of the part on many: from six starts, some round always still matters."""


@exercise.examined_by
def cases(rng):
    def patches(n, d):
        return rng.standard_normal((n, d)) * rng.uniform(1, 3, d) + rng.uniform(-2, 2, d)

    X, (seed, other) = patches(N_ROWS, 4), seeds(rng, 2)
    calls = [(X, K, 0, generator(s)) for s in (seed, seed, other)]
    yield Case("start", calls, answer=None, verify=_comes_from_rng)
    calls = [(X, K, 0, generator(s)) for s in seeds(rng, N_DRAWS)]
    yield Case("start", calls, answer=None, verify=_lies_at_random)
    X = np.asfortranarray(patches(N_FEW, 3))
    calls = [(X, K_OF_FEW, 0, generator(s)) for s in seeds(rng, N_DRAWS_OF_FEW)]
    yield Case("start", calls, answer=None, verify=_may_be_any)
    # There are several starts because k-means from one may settle before the last round.
    for part, rounds, dtype in (
        ("one round", (1, 1, 1, 1), float),
        ("many rounds", ROUNDS, np.float32),
    ):
        yield Case(part, _calls(rng, patches(24, 3).astype(dtype), 3, rounds), None, _goes_on)
    # There are two copies of each of five points, so that nine patches always hold a point twice;
    # the points are equally long, so that any sensible distance gives each copy to its own point.
    # Of an odd number not all can be each other's farthest, which would only exchange them.
    points = rng.standard_normal((5, 3))
    points *= 2 / np.linalg.norm(points, axis=1, keepdims=True)
    X = np.repeat(points, 2, axis=0)[rng.permutation(10)]
    yield Case("empty cluster", _calls(rng, X, 9, (2, 2, 2, 2)), None, _goes_on)


def _calls(rng, patches, k, rounds):
    """For each number of rounds a call without rounds and one with them; the first comes twice."""
    asked = zip(seeds(rng, len(rounds)), rounds, strict=True)
    pairs = [(patches, k, n, generator(seed)) for seed, last in asked for n in (0, last)]
    return [pairs[0], *pairs]


def _rows_in(rows, patches):
    """The index of the patch that equals each row; None if some row is not a patch."""
    distances = np.abs(rows[:, np.newaxis] - patches).max(axis=2)
    return distances.argmin(axis=1) if distances.min(axis=1).max() < 1e-4 else None


def _malformed_centroids(call):
    patches, k = call.arguments[:2]
    return wrong_shape("kmeans", call, (k, patches.shape[1]))


def _no_start(call):
    """Why a call without rounds did not return k different patches."""
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
    return None


def _first_reason(calls, reason):
    return next(filter(None, map(reason, calls)), None)


def _comes_from_rng(observations):
    return _first_reason(observations, _no_start) or not_from_rng("kmeans", observations)


def _drawn_rows(observations):
    return [_rows_in(call.value, call.arguments[0]) for call in observations]


def _lies_at_random(observations):
    why = _first_reason(observations, _no_start)
    if why:
        return why
    pattern = patterned(_drawn_rows(observations), N_ROWS)
    if pattern is None:
        return None
    return f"kmeans starts from patches that are {pattern}, expected random row numbers."


def _may_be_any(observations):
    why = _first_reason(observations, _no_start)
    if why:
        return why
    never = left_out(_drawn_rows(observations), N_FEW)
    if not len(never):
        return None
    return (
        f"kmeans never started from patch {never[0]} of {N_FEW} in {N_DRAWS_OF_FEW} runs with "
        f"k={K_OF_FEW}, expected k rows drawn from all patches."
    )


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


def _from_every_start(patches, k, n_rounds):
    """The centroids (starts, k, D) that rounds of k-means reach from each choice of k patches."""
    patches = np.asarray(patches, dtype=float)
    centroids = patches[np.array(list(combinations(range(len(patches)), k)))]
    for _ in range(n_rounds):
        lengths = np.sum(centroids**2, axis=2)[..., np.newaxis]
        nearest = np.argmin(lengths - 2 * centroids @ patches.T, axis=1)
        members = nearest[:, np.newaxis] == np.arange(k)[:, np.newaxis]
        counts = members.sum(axis=2)[..., np.newaxis]
        means = (members @ patches) / np.maximum(counts, 1)
        centroids = np.where(counts > 0, means, centroids)
    return centroids


def _in_order(centroids):
    """Sets of centroids (..., k, D), each sorted by its first coordinate."""
    order = np.argsort(centroids[..., 0], axis=-1)
    return np.take_along_axis(centroids, order[..., np.newaxis], axis=-2)


def _pairs(calls):
    """The calls without a round, each with the call that goes on from the same start."""
    return list(zip(calls[1::2], calls[2::2], strict=True))


def _goes_on(observations):
    why = _first_reason(observations, _malformed_centroids)
    if why:
        return why
    # An answer that does not draw from rng starts anew in each call; its rounds may be right.
    repeats = np.array_equal(observations[0].value, observations[1].value)
    from_any = {}
    for before, after in _pairs(observations):
        patches, k, n_rounds, _ = after.arguments
        if _rows_in(before.value, patches) is None:
            return "kmeans with n_iters=0 returned a centroid that is not one of the patches."
        if not np.isfinite(after.value).all():
            return (
                f"kmeans returned nan or inf after n_iters={n_rounds}: what becomes of a centroid "
                "that no patch is nearest to?"
            )
        if repeats:
            expected = _in_order(_lloyd(patches, before.value, n_rounds))
            off = np.abs(expected - _in_order(after.value)).max()
        else:
            if n_rounds not in from_any:
                from_any[n_rounds] = _in_order(_from_every_start(patches, k, n_rounds))
            distances = np.abs(from_any[n_rounds] - _in_order(after.value))
            off = distances.max(axis=(1, 2)).min()
        if off > 1e-3:
            return (
                f"kmeans from the same start: after n_iters={n_rounds} a centroid is off by "
                f"{off:.3g}, expected the means of the patches nearest to each."
            )
    return None


def _starts_are_right(cases):
    checks = (_comes_from_rng, _lies_at_random, _may_be_any)
    return all(check(calls) is None for check, calls in zip(checks, cases[:3], strict=True))


def _goes_on_like(go):
    """A `shows` that holds if the start is right, and rounds go on as by ``go(patches, C, n)``."""

    def shows(cases):
        return _starts_are_right(cases) and all(
            np.allclose(
                after.value,
                go(after.arguments[0], before.value, after.arguments[2]),
                rtol=1e-3,
                atol=1e-3,
                equal_nan=True,
            )
            for calls in cases[3:]
            for before, after in _pairs(calls)
        )

    return shows


def _start(patches, k, rng):
    return patches[rng.choice(len(patches), size=k, replace=False)]


def _largest_product(patches, centroids):
    return (patches @ centroids.T).argmax(axis=1)


def _nearest_by_half_of_the_product(patches, centroids):
    return (np.sum(centroids**2, axis=1) - patches @ centroids.T).argmin(axis=1)


def _farthest(patches, centroids):
    return np.sum((patches[:, None] - centroids) ** 2, axis=2).argmax(axis=1)


def _city_block(patches, centroids):
    return np.sum(np.abs(patches[:, None] - centroids), axis=2).argmin(axis=1)


def _per_coordinate_sum(patches, centroids):
    return np.abs(np.sum(patches[:, None] - centroids, axis=2)).argmin(axis=1)


def _signed_sum(patches, centroids):
    return np.sum(patches[:, None] - centroids, axis=2).argmin(axis=1)


def _changed(call):
    return not np.array_equal(call.arguments[0], call.after[0])


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
def shuffles_the_patches(patches, k, n_iters, rng):
    rng.shuffle(patches)
    return _lloyd(patches, patches[:k], n_iters)


@exercise.mistake(
    "changes the patches",
    "A slice such as patches[i : i + k] is a view: moving the centroids moves the patches too. "
    "Start from a copy.",
    shows=lambda cases: all(
        _changed(call) for calls in cases[3:5] for call in calls if call.arguments[2] > 0
    ),
)
def changes_the_patches(patches, k, n_iters, rng):
    rows = rng.choice(len(patches), size=k, replace=False)
    centroids = _lloyd(patches, patches[rows], n_iters)
    patches[rows] = centroids
    return centroids


@exercise.mistake(
    "nan for an empty cluster",
    "The mean of no patches is nan: if no patch is nearest to a centroid, leave it where it is.",
    shows=_goes_on_like(partial(_lloyd, empty=np.nan)),
)
def nan_for_an_empty_cluster(patches, k, n_iters, rng):
    return _lloyd(patches, _start(patches, k, rng), n_iters, empty=np.nan)


@exercise.mistake(
    "zero for an empty cluster",
    "If no patch is nearest to a centroid, leave it where it is; yours jumps to the origin.",
    shows=_goes_on_like(partial(_lloyd, empty=0.0)),
)
def zero_for_an_empty_cluster(patches, k, n_iters, rng):
    return _lloyd(patches, _start(patches, k, rng), n_iters, empty=0.0)


def _moves_empty_clusters(cases):
    *others, last = cases[3:]
    right = _starts_are_right(cases) and all(_goes_on(calls) is None for calls in others)
    return right and _goes_on(last) is not None and all(np.isfinite(c.value).all() for c in last)


@exercise.mistake(
    "an empty cluster is moved",
    "If no patch is nearest to a centroid, leave it where it is; yours goes elsewhere.",
    shows=_moves_empty_clusters,
)
def an_empty_cluster_is_moved(patches, k, n_iters, rng):
    start = _start(patches, k, rng)
    return _lloyd(patches, start, n_iters, empty=patches.mean(axis=0))


def _anew_for_each(patches, centroids, n_rounds):
    centroids = np.array(centroids, dtype=float)
    for _ in range(n_rounds):
        for j in range(len(centroids)):
            nearest = np.sum((patches[:, None] - centroids) ** 2, axis=2).argmin(axis=1)
            if np.any(nearest == j):
                centroids[j] = patches[nearest == j].mean(axis=0)
    return centroids


@exercise.mistake(
    "assigns anew for each centroid",
    "Give all patches to their centroids first, then move all centroids: yours assigns again after "
    "each centroid that has moved.",
    shows=_goes_on_like(_anew_for_each),
)
def assigns_anew_for_each_centroid(patches, k, n_iters, rng):
    return _anew_for_each(patches, _start(patches, k, rng), n_iters)


@exercise.mistake(
    "sum of the patches",
    "A centroid is the mean of its patches: divide by how many there are.",
    shows=_goes_on_like(partial(_lloyd, move=lambda members: members.sum(axis=0))),
)
def sum_of_the_patches(patches, k, n_iters, rng):
    start = _start(patches, k, rng)
    return _lloyd(patches, start, n_iters, move=lambda members: members.sum(axis=0))


@exercise.mistake(
    "median of the patches",
    "k-means moves a centroid to the mean of its patches, not to their median.",
    shows=_goes_on_like(partial(_lloyd, move=lambda members: np.median(members, axis=0))),
)
def median_of_the_patches(patches, k, n_iters, rng):
    start = _start(patches, k, rng)
    return _lloyd(patches, start, n_iters, move=lambda members: np.median(members, axis=0))


@exercise.mistake(
    "largest dot product",
    "The largest dot product favors long centroids: compare squared distances.",
    shows=_goes_on_like(partial(_lloyd, assign=_largest_product)),
)
def largest_dot_product(patches, k, n_iters, rng):
    return _lloyd(patches, _start(patches, k, rng), n_iters, assign=_largest_product)


@exercise.mistake(
    "half of the product",
    "The square of a difference is p**2 - 2 * p * c + c**2: the product counts twice.",
    shows=_goes_on_like(partial(_lloyd, assign=_nearest_by_half_of_the_product)),
)
def half_of_the_product(patches, k, n_iters, rng):
    start = _start(patches, k, rng)
    return _lloyd(patches, start, n_iters, assign=_nearest_by_half_of_the_product)


@exercise.mistake(
    "farthest centroid",
    "Each patch goes to the nearest centroid: argmin of the distances.",
    shows=_goes_on_like(partial(_lloyd, assign=_farthest)),
)
def farthest_centroid(patches, k, n_iters, rng):
    return _lloyd(patches, _start(patches, k, rng), n_iters, assign=_farthest)


@exercise.mistake(
    "absolute differences",
    "The distance is the squared one: square the differences instead of taking np.abs.",
    shows=_goes_on_like(partial(_lloyd, assign=_city_block)),
)
def absolute_differences(patches, k, n_iters, rng):
    return _lloyd(patches, _start(patches, k, rng), n_iters, assign=_city_block)


@exercise.mistake(
    "differences not squared",
    "Square the differences before you sum them: otherwise they cancel.",
    shows=_goes_on_like(partial(_lloyd, assign=_per_coordinate_sum)),
)
def differences_not_squared(patches, k, n_iters, rng):
    return _lloyd(patches, _start(patches, k, rng), n_iters, assign=_per_coordinate_sum)


@exercise.mistake(
    "differences with their signs",
    "Square the differences before you sum them: otherwise the most negative sum is the least.",
    shows=_goes_on_like(partial(_lloyd, assign=_signed_sum)),
)
def differences_with_their_signs(patches, k, n_iters, rng):
    return _lloyd(patches, _start(patches, k, rng), n_iters, assign=_signed_sum)


@exercise.mistake(
    "one mean for all coordinates",
    "Take the mean over the patches alone, axis=0: each coordinate has its own.",
    shows=_goes_on_like(partial(_lloyd, move=np.mean)),
)
def one_mean_for_all_coordinates(patches, k, n_iters, rng):
    return _lloyd(patches, _start(patches, k, rng), n_iters, move=np.mean)


def _rounds_like(count):
    """A `shows` that holds if the rounds are right but their number is not."""
    return _goes_on_like(lambda patches, centroids, n: _lloyd(patches, centroids, count(n)))


@exercise.mistake(
    "one round only",
    "Assign and average n_iters times: put both steps inside the loop.",
    shows=_rounds_like(lambda n: min(n, 1)),
)
def one_round_only(patches, k, n_iters, rng):
    return kmeans(patches, k, min(n_iters, 1), rng)


@exercise.mistake(
    "one round too few",
    "Assign and average n_iters times: range(n_iters), not range(n_iters - 1).",
    shows=_rounds_like(lambda n: n - 1),
)
def one_round_too_few(patches, k, n_iters, rng):
    return kmeans(patches, k, n_iters - 1, rng)


@exercise.mistake(
    "centroids never move",
    "After assigning, set each centroid to the mean of its patches, and return the new ones.",
    shows=_rounds_like(lambda n: 0),
)
def centroids_never_move(patches, k, n_iters, rng):
    return _start(patches, k, rng)


def _start_shows(predicate):
    """A `shows` that holds if the predicate holds for every call of the part on the start."""
    return lambda cases: every_call(predicate)(cases[:3])


def _holds_a_patch_twice(call):
    """Whether a start is made of patches, one of them twice."""
    rows = None if _malformed_centroids(call) else _rows_in(call.value, call.arguments[0])
    return rows is not None and len(set(rows)) < call.arguments[1]


@exercise.mistake(
    "same patch twice",
    "rng.integers, and rng.choice with replacement, can draw a patch twice: draw with "
    "rng.choice(..., replace=False).",
    shows=lambda cases: any(_holds_a_patch_twice(call) for calls in cases[:3] for call in calls),
)
def same_patch_twice(patches, k, n_iters, rng):
    return _lloyd(patches, patches[rng.integers(len(patches), size=k)], n_iters)


def _always_the_same_rows(cases):
    """Whether every call draws the same rows, in whatever order, though its rng differs."""
    return all(
        len({tuple(sorted(rows)) for rows in _drawn_rows(calls)}) == 1
        and not _first_reason(calls, _no_start)
        for calls in cases[:3]
    )


@exercise.mistake(
    "first k patches",
    "Draw the k patches from all of them: yours are always the first k, if in another order "
    "(rng.permutation(k) and rng.choice(k, ...) draw numbers below k).",
    shows=lambda cases: (
        _always_the_same_rows(cases)
        and all(
            rows.max() < calls[0].arguments[1] for calls in cases[:3] for rows in _drawn_rows(calls)
        )
    ),
)
def first_k_patches(patches, k, n_iters, rng):
    return _lloyd(patches, patches[rng.permutation(k)], n_iters)


@exercise.mistake(
    "a regular pattern",
    "Patches beside each other, or a fixed distance apart, are not a random sample: draw each row "
    "number by itself, rng.choice(len(patches), size=k, replace=False).",
    shows=lambda cases: (
        patterned(_drawn_rows(cases[1]), N_ROWS) is not None and _goes_on(cases[3]) is None
    ),
)
def neighbors(patches, k, n_iters, rng):
    first = rng.integers(len(patches) - k + 1)
    return _lloyd(patches, patches[first : first + k], n_iters)


@exercise.mistake(
    "only some of the patches",
    "Every patch may be a start: draw from all row numbers, 0 up to and including "
    "len(patches) - 1.",
    shows=lambda cases: (
        _may_be_any(cases[2]) is not None
        and patterned(_drawn_rows(cases[1]), N_ROWS) is None
        and not_from_rng("kmeans", cases[0]) is None
        and not any(_first_reason(calls, _no_start) for calls in cases[:3])
    ),
)
def never_the_last_patch(patches, k, n_iters, rng):
    return _lloyd(patches, _start(patches[:-1], k, rng), n_iters)


def _moves_at_once(cases):
    """Whether a call without rounds returns what one round makes of some start."""
    call = cases[3][0]
    patches, k, _, _ = call.arguments
    after_one = _in_order(_from_every_start(patches, k, 1))
    return np.abs(after_one - _in_order(call.value)).max(axis=(1, 2)).min() < 1e-3


@exercise.mistake(
    "one round too many",
    "With n_iters=0 nothing moves: range(n_iters), not range(n_iters + 1).",
    shows=_moves_at_once,
)
def one_round_too_many(patches, k, n_iters, rng):
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
def whole_numbers(patches, k, n_iters, rng):
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
def starts_from_noise(patches, k, n_iters, rng):
    return _lloyd(patches, rng.standard_normal((k, patches.shape[1])), n_iters)


@exercise.mistake(
    "draws from elsewhere",
    "Draw from the rng that is passed in, not from np.random or a new generator.",
    shows=draws(0, 1, alike=False),
)
def draws_from_elsewhere(patches, k, n_iters, rng):
    return kmeans(patches, k, n_iters, np.random.default_rng())


@exercise.mistake(
    "seed of its own",
    "The function sets a seed itself, so every run is the same: draw from the rng passed in.",
    shows=draws(0, 2, alike=True),
)
def seed_of_its_own(patches, k, n_iters, rng):
    return kmeans(patches, k, n_iters, np.random.default_rng(231))
