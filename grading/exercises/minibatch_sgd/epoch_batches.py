"""Cut the indices of an epoch, shuffled or in order, into batches."""

import math

import numpy as np

from ..compare import kind_of
from ..describe import Case, Exercise
from ..draws import draws, every_call, generator, not_from_rng, seeds

exercise = Exercise(
    "epoch_batches",
    assignment="06-minibatch-sgd",
    parts={"every index once": 2, "order": 1},
    hints=(
        "Two steps: first put all n row numbers in order, then cut this order into pieces.",
        "The order is rng.permutation(n) if shuffle is true, else np.arange(n).",
        "range(0, n, batch_size) gives the start of each piece. A slice that reaches past the end "
        "is simply shorter, which is what the last batch should be.",
    ),
)


@exercise.solved_by
def epoch_batches(n, batch_size, rng, shuffle=True):
    order = rng.permutation(n) if shuffle else np.arange(n)
    return [order[start : start + batch_size] for start in range(0, n, batch_size)]


@exercise.examined_by
def cases(rng):
    sizes = ((23, 5), (24, 6), (7, 10), (int(rng.integers(30, 40)), 1), (41, 20))
    for (n, batch_size), seed in zip(sizes, seeds(rng, len(sizes)), strict=True):
        calls = [(n, batch_size, generator(seed))]
        yield Case("every index once", calls, answer=None, verify=_incomplete)
    seed, other = seeds(rng)
    calls = [(31, 8, generator(s)) for s in (seed, seed, other)]
    yield Case("order", calls, answer=None, verify=_not_shuffled)
    calls = [(31, 8, generator(seed), False)]
    yield Case("order", calls, answer=None, verify=_out_of_order)


def _batches(call):
    """The batches of one call as integer arrays."""
    arrays = [np.asarray(batch) for batch in call.value]
    if any(batch.ndim != 1 or batch.dtype.kind not in "iu" for batch in arrays):
        raise TypeError("not index arrays")
    return arrays


def _indices(call):
    return np.concatenate(_batches(call))


def _malformed(call):
    if not isinstance(call.value, list | tuple):
        return f"epoch_batches returned {kind_of(call.value)}, expected a list of index arrays."
    try:
        _batches(call)
    except (TypeError, ValueError):
        return "epoch_batches returned a list, expected each item to be an array of integers."
    return None if call.value else "epoch_batches returned an empty list."


def _incomplete(observations):
    (call,) = observations
    why = _malformed(call)
    if why:
        return why
    n, batch_size = call.arguments[:2]
    counts = np.bincount(np.clip(_indices(call), 0, n), minlength=n + 1)
    if counts[n]:
        return f"epoch_batches returned an index of {n} or more for n={n}, expected 0 to {n - 1}."
    about = f"for n={n} and batch_size={batch_size}"
    if counts[:n].min() == 0:
        return f"epoch_batches left out {np.sum(counts[:n] == 0)} of {n} indices {about}."
    if counts.max() > 1:
        return f"epoch_batches returned {np.sum(counts > 1)} of {n} indices twice or more {about}."
    sizes = [len(batch) for batch in _batches(call)]
    wanted = [batch_size] * (n // batch_size) + [n % batch_size] * (n % batch_size > 0)
    if sizes != wanted:
        return f"epoch_batches returned batches of sizes {sizes}, expected {wanted} {about}."
    return None


def _not_shuffled(observations):
    for call in observations:
        why = _malformed(call)
        if why:
            return why
        if np.all(np.diff(_indices(call)) == 1):
            return "epoch_batches returned all indices in order, expected them shuffled."
        if _spread_of(call) < 8:
            return (
                "epoch_batches returned batches of neighbors, expected each batch to draw from all "
                "indices: shuffle first, then cut."
            )
    return not_from_rng("epoch_batches", observations, _indices)


def _spread_of(call):
    """The widest range of indices that a batch spans."""
    return max(int(np.ptp(batch)) for batch in _batches(call))


def _out_of_order(observations):
    (call,) = observations
    why = _malformed(call)
    if why:
        return why
    if not np.all(np.diff(_indices(call)) == 1):
        return "epoch_batches shuffled although shuffle=False, expected 0, 1, 2, ... in order."
    return None


def _is_sorted(call):
    return np.array_equal(_indices(call), range(call.arguments[0]))


def _made_of_neighbors(call):
    """Whether every batch is a run of neighboring indices; a batch of one index always is."""
    whole = np.array_equal(np.sort(_indices(call)), range(call.arguments[0]))
    return whole and all(np.all(np.diff(batch) == 1) for batch in _batches(call))


def _asked_to_shuffle(call):
    return len(call.arguments) == 3 and call.arguments[0] > 8


def _when_shuffled(predicate):
    return every_call(lambda call: predicate(call) if _asked_to_shuffle(call) else True)


@exercise.mistake(
    "last short batch left out",
    "n need not be a multiple of batch_size: let the last batch be short, don't drop it.",
    shows=every_call(
        lambda call: (
            len(call.value) == call.arguments[0] // call.arguments[1]
            and all(len(batch) == call.arguments[1] for batch in _batches(call))
        )
    ),
)
def _(n, batch_size, rng, shuffle=True):
    batches = epoch_batches(n, batch_size, rng, shuffle)
    return [batch for batch in batches if len(batch) == batch_size]


@exercise.mistake(
    "drawn with replacement",
    "Independent draws miss some indices and repeat others: shuffle all of them once with "
    "rng.permutation(n), then cut.",
    shows=_when_shuffled(
        lambda call: len(np.unique(_indices(call))) < len(_indices(call)) >= call.arguments[0]
    ),
)
def _(n, batch_size, rng, shuffle=True):
    order = rng.integers(0, n, n) if shuffle else np.arange(n)
    return [order[start : start + batch_size] for start in range(0, n, batch_size)]


@exercise.mistake(
    "shuffles within batches only",
    "Shuffle all indices first, then cut: yours are cut first, so a batch always holds the same "
    "images.",
    shows=_when_shuffled(
        lambda call: (
            _spread_of(call) < call.arguments[1]
            and np.array_equal(np.sort(_batches(call)[0]), range(call.arguments[1]))
            and (call.arguments[1] == 1 or not _is_sorted(call))
        )
    ),
)
def _(n, batch_size, rng, shuffle=True):
    batches = epoch_batches(n, batch_size, rng, shuffle=False)
    return [rng.permutation(batch) for batch in batches] if shuffle else batches


@exercise.mistake(
    "shuffles the batches, not the images",
    "Yours visits the batches in a random order, but each is a block of neighbors: shuffle the "
    "indices, then cut.",
    shows=lambda cases: (
        _when_shuffled(_made_of_neighbors)(cases) and not every_call(_is_sorted)(cases)
    ),
)
def _(n, batch_size, rng, shuffle=True):
    batches = epoch_batches(n, batch_size, rng, shuffle=False)
    return [batches[i] for i in rng.permutation(len(batches))] if shuffle else batches


@exercise.mistake(
    "never shuffles",
    "When shuffle is True, start from rng.permutation(n), not from np.arange(n).",
    shows=every_call(_is_sorted),
)
def _(n, batch_size, rng, shuffle=True):
    return epoch_batches(n, batch_size, rng, shuffle=False)


@exercise.mistake(
    "always shuffles",
    "When shuffle is False, keep the order 0, 1, 2, ...: start from np.arange(n).",
    shows=every_call(
        lambda call: (
            np.array_equal(np.sort(_indices(call)), range(call.arguments[0]))
            and (call.arguments[0] < 8 or not np.all(np.diff(_indices(call)) == 1))
            and (call.arguments[1] == 1 or call.arguments[0] < 8 or _spread_of(call) >= 8)
            and len(_batches(call)[0]) == min(call.arguments[:2])
        )
    ),
)
def _(n, batch_size, rng, shuffle=True):
    return epoch_batches(n, batch_size, rng)


@exercise.mistake(
    "batches of nearly equal size",
    "Every batch but the last has batch_size indices: cut with order[start : start + batch_size], "
    "not with np.array_split.",
    shows=every_call(
        lambda call: (
            np.array_equal(np.sort(_indices(call)), range(call.arguments[0]))
            and np.ptp([len(batch) for batch in _batches(call)]) <= 1
            and len(call.value) == math.ceil(call.arguments[0] / call.arguments[1])
        )
    ),
)
def _(n, batch_size, rng, shuffle=True):
    order = rng.permutation(n) if shuffle else np.arange(n)
    return np.array_split(order, math.ceil(n / batch_size))


@exercise.mistake(
    "last batch filled up again",
    "Let the last batch be short: yours is filled with indices that had their turn.",
    shows=every_call(
        lambda call: (
            all(len(batch) == call.arguments[1] for batch in _batches(call))
            and len(_indices(call)) >= call.arguments[0]
            and len(np.unique(_indices(call))) == call.arguments[0]
        )
    ),
)
def _(n, batch_size, rng, shuffle=True):
    order = rng.permutation(n) if shuffle else np.arange(n)
    order = np.resize(order, math.ceil(n / batch_size) * batch_size)
    return list(order.reshape(-1, batch_size))


@exercise.mistake(
    "draws from elsewhere",
    "Draw from the rng that is passed in, not from np.random or a new generator: only then can a "
    "run be repeated.",
    shows=draws(0, 1, alike=False, drawn=_indices),
)
def _(n, batch_size, rng, shuffle=True):
    return epoch_batches(n, batch_size, np.random.default_rng(), shuffle)


@exercise.mistake(
    "seed of its own",
    "The function sets a seed itself, so every epoch has the same order: draw from the rng that is "
    "passed in.",
    shows=draws(0, 2, alike=True, drawn=_indices),
)
def _(n, batch_size, rng, shuffle=True):
    return epoch_batches(n, batch_size, np.random.default_rng(231), shuffle)
