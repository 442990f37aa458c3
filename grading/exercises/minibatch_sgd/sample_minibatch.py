"""Draw images and their labels at random, independently or without replacement."""

import numpy as np

from ..compare import compare
from ..describe import Case, Exercise
from ..draws import draws, every_call, generator, not_from_rng, seeds
from ..sampling import left_out, patterned
from .labeled_images import labeled_images, rows_of
from .pairs import as_pair

N_ROWS, BATCH_SIZE, N_DRAWS = 40, 10, 20

exercise = Exercise(
    "sample_minibatch",
    assignment="06-minibatch-sgd",
    parts={"images and labels": 1, "draws": 1},
    hints=(
        "An image and its label must stay together: draw row numbers, not images.",
        "rng.choice(N, batch_size, replace=False) draws batch_size different row numbers.",
        "Index both arrays with the same row numbers: X[rows] and y[rows].",
    ),
)


@exercise.solved_by
def sample_minibatch(X, y, batch_size, rng):
    rows = rng.choice(len(X), batch_size, replace=False)
    return X[rows], y[rows]


exercise.as_right(
    "Rows may be drawn with replacement.",
    "rows = rng.choice(len(X), batch_size)",
    "rows = rng.choice(len(X), batch_size, replace=True)",
)


@exercise.examined_by
def cases(rng):
    for batch_size, seed in zip((17, 1, N_ROWS), seeds(rng, 3), strict=True):
        calls = [(*labeled_images(rng, N_ROWS), batch_size, generator(seed))]
        yield Case("images and labels", calls, answer=None, verify=_wrong_pairs)
    X, y = labeled_images(rng, N_ROWS)
    calls = [(np.asfortranarray(X), y.astype(np.uint8), 17, generator(*seeds(rng, 1)))]
    yield Case("images and labels", calls, answer=None, verify=_wrong_pairs)
    images, (seed, other) = labeled_images(rng, N_ROWS), seeds(rng)
    calls = [(*images, 15, generator(s)) for s in (seed, seed, other)]
    yield Case("draws", calls, answer=None, verify=_wrong_source)
    calls = [(*images, BATCH_SIZE, generator(seed)) for seed in seeds(rng, N_DRAWS)]
    yield Case("draws", calls, answer=None, verify=_not_random)
    few = labeled_images(rng, 4)
    calls = [(*few, 4, generator(seed)) for seed in seeds(rng, 14)]
    yield Case("draws", calls, answer=None, verify=_missed_rows)


def _sampled(call):
    """The rows of X that a call of sample_minibatch returned."""
    return rows_of(np.asarray(as_pair(call.value)[0], dtype=float), call.arguments[0])


def _malformed(call):
    X, _, batch_size = call.arguments[:3]
    wanted = (np.zeros((batch_size, X.shape[1])), np.zeros(batch_size, dtype=int))
    why = compare(call.value, wanted, rtol=0.0, atol=1e300)
    if why:
        return f"sample_minibatch {why}"
    if np.any(_sampled(call) < 0):
        return "sample_minibatch returned an image that is not a row of X."
    return None


def _wrong_pairs(observations):
    (call,) = observations
    why = _malformed(call)
    if why:
        return why
    wrong = np.flatnonzero(call.arguments[1][_sampled(call)] != call.value[1])
    if len(wrong):
        return (
            f"sample_minibatch returned wrong labels for {len(wrong)} of {len(call.value[1])} "
            "images, expected the label of the same row."
        )
    return None


def _wrong_source(observations):
    for call in observations:
        why = _malformed(call)
        if why:
            return why
        if len(set(_sampled(call).tolist())) < 4:
            return "sample_minibatch returned the same rows again and again."
    return not_from_rng("sample_minibatch", observations, _sampled)


def _not_random(observations):
    for call in observations:
        why = _malformed(call)
        if why:
            return why
    drawn = [_sampled(call) for call in observations]
    # Of 40 rows, 200 independent draws leave out 0.3 on average, and more than 10 practically
    # never: less than once in 10**12 examinations.
    missed = left_out(drawn, N_ROWS)
    if len(missed) > N_ROWS // 4:
        return (
            f"sample_minibatch never drew {len(missed)} of {N_ROWS} rows in {N_DRAWS} batches of "
            f"{BATCH_SIZE}, expected every row to have its chance."
        )
    pattern = patterned(drawn, N_ROWS)
    if pattern:
        return f"sample_minibatch returned rows that are {pattern} in X, expected random rows."
    return None


def _missed_rows(observations):
    for call in observations:
        why = _malformed(call)
        if why:
            return why
    # A row is missed by 56 independent draws out of 4 with probability 0.75**56, 1e-7.
    missed = left_out([_sampled(call) for call in observations], 4)
    if len(missed):
        return (
            f"sample_minibatch never drew row {missed[0]} of 4 in 14 batches of 4, expected every "
            "row to have its chance."
        )
    return None


def _labels_of_a_neighbor(call):
    beside = (np.roll(call.arguments[1], shift)[_sampled(call)] for shift in (-1, 1))
    return any(np.array_equal(call.value[1], labels) for labels in beside)


@exercise.mistake(
    "labels of the next row",
    "Your labels are those of the rows next to the images: use the same row numbers for both, "
    "X[rows] and y[rows].",
    shows=every_call(_labels_of_a_neighbor),
)
def takes_the_next_labels(X, y, batch_size, rng):
    rows = rng.integers(len(X) - 1, size=batch_size)
    return X[rows], y[rows + 1]


@exercise.mistake(
    "images and labels drawn apart",
    "Draw the row numbers once and use them for both: X[rows] and y[rows].",
    shows=every_call(
        lambda call: (
            len(call.value[1]) < 10
            or np.mean(call.arguments[1][_sampled(call)] == call.value[1]) < 0.7
        )
    ),
)
def draws_labels_apart(X, y, batch_size, rng):
    rows = rng.choice(len(X), batch_size, replace=False)
    return X[rows], rng.permutation(y)[:batch_size]


@exercise.mistake(
    "always the first rows",
    "X[:batch_size] is the same batch each time: draw random row numbers.",
    shows=every_call(lambda call: np.array_equal(_sampled(call), range(call.arguments[2]))),
)
def first_rows(X, y, batch_size, rng):
    return X[:batch_size], y[:batch_size]


def _of_many_rows(predicate):
    """A `shows`: all batches of 10 out of 40 rows are as the predicate says."""

    def shows(cases):
        drawn = [
            _sampled(call)
            for calls in cases
            for call in calls
            if call.arguments[2] == BATCH_SIZE and len(call.value[1]) == BATCH_SIZE
        ]
        return np.ptp(drawn, axis=0).min() > 0 < np.ptp(drawn, axis=1).min() and predicate(drawn)

    return shows


@exercise.mistake(
    "drawn from the first rows only",
    "rng.integers(batch_size, ...) and rng.permutation(batch_size) draw from the first batch_size "
    "rows: the upper end of the draw is len(X).",
    shows=_of_many_rows(lambda drawn: np.max(np.concatenate(drawn)) < BATCH_SIZE),
)
def draws_below_the_batch_size(X, y, batch_size, rng):
    rows = rng.integers(batch_size, size=batch_size)
    return X[rows], y[rows]


@exercise.mistake(
    "a random block of neighbors",
    "A slice from a random start takes neighbors, which are alike where the data are sorted: draw "
    "each row on its own.",
    shows=_of_many_rows(lambda drawn: patterned(drawn, N_ROWS) == "neighbors"),
)
def neighbors_from_a_random_start(X, y, batch_size, rng):
    rows = (rng.integers(len(X)) + np.arange(batch_size)) % len(X)
    return X[rows], y[rows]


@exercise.mistake(
    "rows a fixed distance apart",
    "Every k-th row from a random start is one of a few batches only: draw each row on its own.",
    shows=_of_many_rows(lambda drawn: patterned(drawn, N_ROWS) == "a fixed distance apart"),
)
def every_kth_row(X, y, batch_size, rng):
    step = max(1, len(X) // batch_size)
    rows = (rng.integers(len(X)) + step * np.arange(batch_size)) % len(X)
    return X[rows], y[rows]


@exercise.mistake(
    "drawn from some of the rows",
    "All N rows must have their chance: draw below len(X), not below a part of it.",
    shows=_of_many_rows(lambda drawn: len(left_out(drawn, N_ROWS)) > N_ROWS // 4),
)
def draws_from_the_first_half(X, y, batch_size, rng):
    rows = rng.integers((len(X) + 1) // 2, size=batch_size)
    return X[rows], y[rows]


@exercise.mistake(
    "the last row is never drawn",
    "The upper end of rng.integers is left out already: write len(X), not len(X) - 1.",
    shows=every_call(lambda call: len(call.arguments[0]) - 1 not in _sampled(call)),
)
def never_the_last(X, y, batch_size, rng):
    rows = rng.integers(0, len(X) - 1, batch_size)
    return X[rows], y[rows]


@exercise.mistake(
    "the first row is never drawn",
    "Rows count from 0: start the draw at 0, not at 1.",
    shows=every_call(lambda call: 0 not in _sampled(call)),
)
def never_the_first(X, y, batch_size, rng):
    rows = rng.integers(1, len(X), batch_size)
    return X[rows], y[rows]


@exercise.mistake(
    "one row again and again",
    "Draw batch_size row numbers: pass batch_size as the size to rng.choice or rng.integers.",
    shows=every_call(lambda call: np.ptp(_sampled(call)) == 0),
)
def one_row(X, y, batch_size, rng):
    rows = np.full(batch_size, rng.integers(0, len(X)))
    return X[rows], y[rows]


@exercise.mistake(
    "all rows, shuffled",
    "Return batch_size rows: take the first batch_size numbers of the permutation.",
    shows=every_call(lambda call: np.shape(call.value[0]) == np.shape(call.arguments[0])),
)
def all_rows(X, y, batch_size, rng):
    rows = rng.permutation(len(X))
    return X[rows], y[rows]


@exercise.mistake(
    "all labels",
    "Return the labels of the drawn images alone, y[rows].",
    shows=every_call(
        lambda call: (
            len(call.value[0]) == call.arguments[2]
            and np.array_equal(call.value[1], call.arguments[1])
        )
    ),
)
def returns_all_labels(X, y, batch_size, rng):
    return X[rng.choice(len(X), batch_size, replace=False)], y


@exercise.mistake(
    "row numbers instead of images",
    "The row numbers say which images are drawn: return the images and labels themselves, X[rows] "
    "and y[rows].",
    shows=every_call(
        lambda call: (
            np.shape(call.value) == (call.arguments[2],)
            and set(np.asarray(call.value).tolist()) <= set(range(len(call.arguments[0])))
        )
    ),
)
def returns_the_rows(X, y, batch_size, rng):
    return rng.choice(len(X), batch_size, replace=False)


@exercise.mistake(
    "images alone",
    "Return two values: the images and their labels.",
    shows=every_call(
        lambda call: np.shape(call.value) == (call.arguments[2], call.arguments[0].shape[1])
    ),
)
def returns_the_images_alone(X, y, batch_size, rng):
    return X[rng.choice(len(X), batch_size, replace=False)]


@exercise.mistake(
    "labels returned first",
    "Return the images first, then their labels.",
    shows=every_call(
        lambda call: np.shape(call.value[0]) == (call.arguments[2],) and np.ndim(call.value[1]) == 2
    ),
)
def returns_labels_first(X, y, batch_size, rng):
    rows = rng.choice(len(X), batch_size, replace=False)
    return y[rows], X[rows]


@exercise.mistake(
    "draws from elsewhere",
    "Draw from the rng that is passed in, not from np.random or a new generator: only then can a "
    "run be repeated.",
    shows=draws(0, 1, alike=False, drawn=_sampled),
)
def draws_from_elsewhere(X, y, batch_size, rng):
    return sample_minibatch(X, y, batch_size, np.random.default_rng())


@exercise.mistake(
    "seed of its own",
    "The function sets a seed itself, so every batch is the same: draw from the rng that is passed "
    "in.",
    shows=draws(0, 2, alike=True, drawn=_sampled),
)
def seed_of_its_own(X, y, batch_size, rng):
    return sample_minibatch(X, y, batch_size, np.random.default_rng(231))
