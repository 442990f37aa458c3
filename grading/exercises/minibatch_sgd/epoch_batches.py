"""Cut the indices of an epoch, shuffled or in order, into batches."""

import math

import numpy as np

from ..compare import kind_of
from ..describe import Case, Exercise
from ..draws import draws, every_call, generator, not_from_rng, seeds
from ..sampling import patterned, staying

N_ROWS, BATCH_SIZE, N_ORDERS = 64, 8, 10

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
    # The short batch of (61, 2) or (41, 3) hardly ends up last where batches are shuffled.
    sizes = ((23, 5), (24, 6), (7, 10), (int(rng.integers(30, 40)), 1), (41, 3), (61, 2), (41, 20))
    for (n, batch_size), seed in zip(sizes, seeds(rng, len(sizes)), strict=True):
        calls = [(n, batch_size, generator(seed))]
        yield Case("every index once", calls, answer=None, verify=_incomplete)
    yield Case("every index once", [(26, 7, None, False)], answer=None, verify=_incomplete)
    seed, other = seeds(rng)
    calls = [(31, 8, generator(s)) for s in (seed, seed, other)]
    yield Case("order", calls, answer=None, verify=_wrong_source)
    calls = [(N_ROWS, BATCH_SIZE, generator(seed)) for seed in seeds(rng, N_ORDERS)]
    yield Case("order", calls, answer=None, verify=_not_random)
    for unused in (generator(seed), None):
        yield Case("order", [(31, 8, unused, False)], answer=None, verify=_out_of_order)


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


def _rows_in_order(call):
    """The indices of the epoch, without those that fill up a last batch."""
    return _indices(call)[: call.arguments[0]]


def _wrong_source(observations):
    for call in observations:
        why = _malformed(call)
        if why:
            return why
        if np.all(np.diff(_rows_in_order(call)) == 1):
            return "epoch_batches returned all indices in order, expected them shuffled."
    return not_from_rng("epoch_batches", observations, _rows_in_order)


def _not_random(observations):
    for call in observations:
        why = _malformed(call)
        if why:
            return why
    orders = [[batch % N_ROWS for batch in _batches(call)] for call in observations]
    pattern = patterned([batch for batches in orders for batch in batches], N_ROWS)
    if pattern:
        return (
            f"epoch_batches returned batches of indices that are {pattern}, expected each batch to "
            "draw from all indices: shuffle first, then cut."
        )
    fixed = staying(orders, N_ROWS)
    if len(fixed):
        return (
            f"epoch_batches returned index {fixed[0]} in the same batch in all of {N_ORDERS} "
            "orders, expected every index to be shuffled."
        )
    return None


def _out_of_order(observations):
    (call,) = observations
    why = _malformed(call)
    if why:
        return why
    rows = _rows_in_order(call)
    if not np.array_equal(rows, np.arange(len(rows))):
        return "epoch_batches shuffled although shuffle=False, expected 0, 1, 2, ... in order."
    return None


def _spread_of(call):
    """The widest range of indices that a batch spans."""
    return max(int(np.ptp(batch)) for batch in _batches(call))


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
def drops_the_last_batch(n, batch_size, rng, shuffle=True):
    batches = epoch_batches(n, batch_size, rng, shuffle)
    return [batch for batch in batches if len(batch) == batch_size]


@exercise.mistake(
    "last batch left out",
    "range(0, n, batch_size) goes on to the start of the last batch: range(0, n - batch_size, ...) "
    "stops one batch before.",
    shows=every_call(
        lambda call: (
            len(call.value) == math.ceil(call.arguments[0] / call.arguments[1]) - 1
            and all(len(batch) == call.arguments[1] for batch in _batches(call))
        )
    ),
)
def stops_a_batch_before(n, batch_size, rng, shuffle=True):
    return epoch_batches(n, batch_size, rng, shuffle)[:-1]


@exercise.mistake(
    "an empty last batch",
    "Where batch_size divides n, yours adds a batch of no indices: n // batch_size + 1 is one too "
    "many there. range(0, n, batch_size) gives the start of each batch.",
    shows=every_call(
        lambda call: (
            len(call.value) == call.arguments[0] // call.arguments[1] + 1
            and np.array_equal(np.sort(_indices(call)), range(call.arguments[0]))
        )
    ),
)
def adds_an_empty_batch(n, batch_size, rng, shuffle=True):
    batches = epoch_batches(n, batch_size, rng, shuffle)
    return batches if n % batch_size else [*batches, np.arange(0)]


@exercise.mistake(
    "slices that end at batch_size",
    "A slice ends at an index, not after a number of items: order[start : start + batch_size].",
    shows=every_call(
        lambda call: (
            len(_batches(call)[0]) == min(call.arguments[:2])
            and not any(map(len, _batches(call)[1:]))
        )
    ),
)
def cuts_all_at_the_same_place(n, batch_size, rng, shuffle=True):
    order = rng.permutation(n) if shuffle else np.arange(n)
    return [order[start:batch_size] for start in range(0, n, batch_size)]


@exercise.mistake(
    "shuffle turned around",
    "Shuffle when shuffle is True, and keep the order 0, 1, 2, ... when it is False; yours does "
    "it the other way round.",
    shows=lambda cases: (
        all(map(_is_sorted, cases[0] + cases[-3]))
        and "NoneType" in cases[-1][0].error["message"]
        and not _is_sorted(cases[-2][0])
    ),
)
def shuffles_when_it_should_not(n, batch_size, rng, shuffle=True):
    return epoch_batches(n, batch_size, rng, not shuffle)


@exercise.mistake(
    "drawn with replacement",
    "Independent draws miss some indices and repeat others: shuffle all of them once with "
    "rng.permutation(n), then cut.",
    shows=_when_shuffled(
        lambda call: len(np.unique(_indices(call))) < len(_indices(call)) >= call.arguments[0]
    ),
)
def draws_with_replacement(n, batch_size, rng, shuffle=True):
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
def shuffles_within_batches(n, batch_size, rng, shuffle=True):
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
def shuffles_the_batches(n, batch_size, rng, shuffle=True):
    batches = epoch_batches(n, batch_size, rng, shuffle=False)
    return [batches[i] for i in rng.permutation(len(batches))] if shuffle else batches


@exercise.mistake(
    "never shuffles",
    "When shuffle is True, start from rng.permutation(n), not from np.arange(n).",
    shows=every_call(_is_sorted),
)
def never_shuffles(n, batch_size, rng, shuffle=True):
    return epoch_batches(n, batch_size, rng, shuffle=False)


@exercise.mistake(
    "always shuffles",
    "When shuffle is False, keep the order 0, 1, 2, ...: start from np.arange(n).",
    shows=every_call(
        lambda call: (
            call.arguments[2] is None
            or (
                np.array_equal(np.sort(_indices(call)), range(call.arguments[0]))
                and (call.arguments[0] < 8 or not np.all(np.diff(_indices(call)) == 1))
                and (call.arguments[1] == 1 or call.arguments[0] < 8 or _spread_of(call) >= 8)
                and len(_batches(call)[0]) == min(call.arguments[:2])
            )
        )
    ),
)
def always_shuffles(n, batch_size, rng, shuffle=True):
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
def splits_evenly(n, batch_size, rng, shuffle=True):
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
def fills_up_the_last_batch(n, batch_size, rng, shuffle=True):
    order = rng.permutation(n) if shuffle else np.arange(n)
    order = np.resize(order, math.ceil(n / batch_size) * batch_size)
    return list(order.reshape(-1, batch_size))


def _of_many_orders(predicate):
    """A `shows`: the batches of many epochs are as the predicate says, and not always the same."""

    def shows(cases):
        orders = [_indices(call) for call in cases[-3]]
        return np.ptp(orders, axis=0).max() > 0 and predicate(
            [batch for call in cases[-3] for batch in _batches(call)]
        )

    return shows


@exercise.mistake(
    "a rolled order",
    "np.roll and a random start leave neighbors together: only rng.permutation(n) puts the indices "
    "in a random order.",
    shows=_of_many_orders(lambda batches: patterned(batches, N_ROWS) == "neighbors"),
)
def rolls_the_order(n, batch_size, rng, shuffle=True):
    order = np.roll(np.arange(n), rng.integers(1, n)) if shuffle else np.arange(n)
    return [order[start : start + batch_size] for start in range(0, n, batch_size)]


@exercise.mistake(
    "indices a fixed distance apart",
    "Every k-th index belongs to the same batch in each epoch: put all indices in a random order "
    "with rng.permutation(n), then cut.",
    shows=_of_many_orders(lambda batches: patterned(batches, N_ROWS) == "a fixed distance apart"),
)
def takes_every_kth_index(n, batch_size, rng, shuffle=True):
    if not shuffle:
        return epoch_batches(n, batch_size, rng, shuffle)
    order = np.concatenate([np.arange(start, n, 3) for start in rng.permutation(3)])
    order = np.roll(order, rng.integers(1, n))
    return [order[start : start + batch_size] for start in range(0, n, batch_size)]


@exercise.mistake(
    "one index always at its place",
    "rng.permutation(n - 1) and order[1:] leave one index out of the shuffle: take all n.",
    shows=lambda cases: len(staying([_batches(call) for call in cases[-3]], N_ROWS)) == 1,
)
def never_moves_the_last_index(n, batch_size, rng, shuffle=True):
    order = np.append(rng.permutation(n - 1), n - 1) if shuffle else np.arange(n)
    return [order[start : start + batch_size] for start in range(0, n, batch_size)]


@exercise.mistake(
    "rng.shuffle returns nothing",
    "rng.shuffle(order) works in place and returns None: call it on a line of its own, or write "
    "order = rng.permutation(n).",
    shows=lambda cases: (
        all("NoneType" in call.error["message"] for call in cases[0] + cases[-3])
        and cases[-1][0].outcome == "returned"
    ),
)
def takes_what_shuffle_returns(n, batch_size, rng, shuffle=True):
    order = np.arange(n)
    if shuffle:
        order = rng.shuffle(order)
    return [order[start : start + batch_size] for start in range(0, n, batch_size)]


@exercise.mistake(
    "draws although shuffle is False",
    "With shuffle=False leave rng alone, so that what is drawn next does not change: draw inside "
    "the branch for shuffle=True.",
    shows=lambda cases: (
        "NoneType" in cases[-1][0].error["message"]
        and _out_of_order(cases[-2]) is None
        and _not_random(cases[-3]) is None
    ),
)
def draws_before_it_asks(n, batch_size, rng, shuffle=True):
    order = rng.permutation(n)
    if not shuffle:
        order = np.arange(n)
    return [order[start : start + batch_size] for start in range(0, n, batch_size)]


@exercise.mistake(
    "draws from elsewhere",
    "Draw from the rng that is passed in, not from np.random or a new generator: only then can a "
    "run be repeated.",
    shows=draws(0, 1, alike=False, drawn=_indices),
)
def draws_from_elsewhere(n, batch_size, rng, shuffle=True):
    return epoch_batches(n, batch_size, np.random.default_rng(), shuffle)


@exercise.mistake(
    "seed of its own",
    "The function sets a seed itself, so every epoch has the same order: draw from the rng that is "
    "passed in.",
    shows=draws(0, 2, alike=True, drawn=_indices),
)
def seed_of_its_own(n, batch_size, rng, shuffle=True):
    return epoch_batches(n, batch_size, np.random.default_rng(231), shuffle)
