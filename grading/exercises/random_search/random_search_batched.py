"""Draw all tries of a random search at once, and score them by wide products without a loop."""

from functools import partial

import numpy as np

from cs231n_utils.checking.observe import UNCOUNTED

from ..compare import NotJudged, compare
from ..describe import Case, Exercise
from ..draws import draws, every_call, generator, not_from_rng, seeds
from ..loops import LOOP_LINES
from .evaluations import drawn_weights, numbers_with
from .normality import is_flat, is_uniform, why_not_normal
from .outcomes import outcome_of

N_IMAGES, N_INPUTS, N_CLASSES = 40, 30, 5

SEVERAL_BLOCKS = 2_300
"""This many images make two blocks of a thousand and a shorter last one."""

N_SEARCHES, N_FEW_TRIES = 20, 8
"""The best of a right search falls on a given half of the tries each time in 1 of a million."""

TOO_DEEP = 4.5
"""The best of 120 tries is 2.5 standard deviations below the mean of single ones (its own standard
deviation is 0.42), so the mean of four is below 4.5 by more than nine of its standard deviations;
descent ends 6 to 10 below."""

WIDE = "no loop over the tries"

exercise = Exercise(
    "random_search_batched",
    assignment="03-random-search",
    parts={"best": 2, "history": 1, "draws": 1, WIDE: 1},
    hints=(
        "X @ W scores one try. With the columns of all tries side by side in one wide matrix, one "
        "product scores them all.",
        "Draw an array of shape (D, C, n_tries), with the dtype of X, and reshape it to (D, C * "
        "n_tries) for the product. The scores reshape to (N, C, n_tries): the same order. To save "
        "memory, do this for a block of images at a time and add the losses up.",
        "The correct scores are scores[np.arange(N), y], of shape (N, n_tries); they need a new "
        "axis in the middle. Sum the margins over images and classes, take off 1 for each image's "
        "correct class, and divide by N. np.argmin finds the best try, np.minimum.accumulate "
        "makes the history.",
    ),
)


@exercise.solved_by
def random_search_batched(X, y, n_tries, scale, rng):
    n_classes = int(y.max()) + 1
    W = scale * rng.standard_normal((X.shape[1], n_classes, n_tries), dtype=X.dtype)
    all_columns = W.reshape(X.shape[1], n_classes * n_tries)
    losses = np.zeros(n_tries)
    for start in range(0, len(X), 1000):
        labels = y[start : start + 1000]
        scores = X[start : start + 1000] @ all_columns
        scores = scores.reshape(len(labels), n_classes, n_tries)
        correct = scores[np.arange(len(labels)), labels][:, np.newaxis, :]
        margins = np.maximum(0, scores - correct + 1)
        losses += np.sum(margins, axis=(0, 1)) - len(labels)
    losses = losses / len(X)
    best = np.argmin(losses)
    return W[:, :, best], float(losses[best]), np.minimum.accumulate(losses)


exercise.as_right(
    "A last block without images adds nothing.",
    "for start in range(0, len(X) + 1, 1000):",
)


def _mean_hinge(W, X, y):
    """Mean hinge losses of weights (..., D, C), in float64."""
    scores = np.asarray(X, dtype=float) @ np.asarray(W, dtype=float)
    correct = scores[..., np.arange(len(y)), y][..., np.newaxis]
    return np.maximum(0, scores - correct + 1).sum(axis=(-2, -1)) / len(y) - 1


def _images(rng, dtype=np.float64, n_images=N_IMAGES, labels=(0, 1, 3, 4)):
    """Images and labels 0, 1, 3, 4: the largest label, not the number of labels, gives C."""
    X = rng.standard_normal((n_images, N_INPUTS)).astype(dtype)
    X[:, -1] = 1.0
    y = rng.choice(labels, n_images)
    y[: len(labels)] = rng.permutation(labels)[:n_images]
    # The labels are sorted, so that those of one block are wrong for any other.
    return X, y if n_images == N_IMAGES else np.sort(y)


@exercise.examined_by
def cases(rng):
    def draw(n_tries, *images, **options):
        return (*_images(rng, *images, **options), n_tries, float(rng.uniform(0.05, 0.15)))

    def call(drawn, seed):
        return (*drawn, generator(seed))

    # The smallest comes first: pairs of slips are tried on what fails first.
    (X, y), (seed, other) = _images(rng), seeds(rng)
    calls = [
        call(draw(5, n_images=30, labels=tuple(range(13))), seed),
        call(draw(5, n_images=1, labels=(1,)), other),
    ]
    yield Case("best", calls, answer=None, verify=_wrong_losses)
    yardstick = rng.standard_normal((150, N_INPUTS, N_CLASSES))
    best, history = partial(_wrong_best, yardstick), partial(_wrong_history, yardstick)
    for part, verify in (("best", best), ("history", history), (WIDE, best)):
        calls = [call(draw(120), seed) for seed in seeds(rng, 4)]
        yield Case(part, calls, answer=None, verify=verify)
    calls = [call(draw(20, n_images=SEVERAL_BLOCKS), seed), (X, y, 3, 0.0, generator(other))]
    yield Case("best", calls, answer=None, verify=_wrong_losses)
    drawn = draw(50, np.float32)
    calls = [call(drawn, seed), call(drawn, seed), call(drawn, other)]
    yield Case("draws", calls, answer=None, verify=_not_from_rng)
    calls = [call(draw(N_FEW_TRIES, np.float32), seed) for seed in seeds(rng, N_SEARCHES)]
    yield Case("draws", calls, answer=None, verify=_wrong_draws)
    few, many = draw(6), draw(120)
    calls = [call(few, seed), call(many, other)]
    yield Case(WIDE, calls, answer=None, verify=_wrong_work, count_work=True)


def _malformed(call):
    """How the types and shapes returned differ from (W, loss, history); None if they do not."""
    X, y, n_tries = call.arguments[:3]
    wanted = (np.zeros((X.shape[1], int(y.max()) + 1)), 0.0, np.zeros(n_tries))
    # The tolerance is so large that any finite values agree.
    return compare(outcome_of(call), wanted, rtol=0.0, atol=1e300)


def _untrue(call):
    """Why what was returned is not (W, loss, history) with the loss of these weights."""
    why = _malformed(call)
    if why:
        return f"random_search_batched {why}"
    W, loss, _ = outcome_of(call)
    expected = _mean_hinge(W, *call.arguments[:2])
    if np.isclose(loss, expected, rtol=1e-4):
        return None
    return (
        f"random_search_batched returned the loss {float(loss):.6g}, but the mean hinge loss of "
        f"the weights it returned is {expected:.6g}."
    )


def _wrong_losses(observations):
    return next(filter(None, map(_untrue, observations)), None)


def _wrong_best(yardstick, observations):
    return (
        _wrong_losses(observations)
        or _cannot_be_compared(observations)
        or _not_the_best(yardstick, observations)
    )


def _cannot_be_compared(observations):
    """Why the weights are not normal of whatever scale, as those they are compared with are."""
    W = np.array([drawn_weights(call) for call in observations], dtype=float)
    spread = W.std(axis=(1, 2), keepdims=True)
    # An answer with a seed of its own may find the same weights again, which costs another part.
    different = np.unique(np.round(W / np.where(spread > 0, spread, 1.0), 6), axis=0)
    why = why_not_normal(different)
    return NotJudged(f"Not judged until the draws are right: the weights {why}") if why else None


def _not_the_best(yardstick, calls):
    """Why the losses returned are not the best of many tries, going by those of other tries."""
    depths = []
    for call in calls:
        n_tries, loss = call.arguments[2], float(outcome_of(call)[1])
        losses = _losses_of(yardstick, call)
        lower = np.mean(losses < loss)
        if lower > 1 - 1e-9 ** (1 / n_tries):
            return (
                f"random_search_batched returned the loss {loss:.6g}: {lower:.0%} of single tries "
                f"are lower, expected the lowest of {n_tries}."
            )
        depths.append((np.mean(losses) - loss) / np.std(losses))
    if np.mean(depths) > TOO_DEEP:
        return (
            f"random_search_batched returned the loss {loss:.6g}, which no {n_tries} tries find: "
            "return the best of them as it was drawn."
        )
    return None


def _losses_of(yardstick, call):
    """Losses of other tries on the images of a call; a wrong scale costs another part."""
    return _mean_hinge(np.std(outcome_of(call)[0]) * yardstick, *call.arguments[:2])


def _wrong_history(yardstick, observations):
    why = _wrong_losses(observations) or _cannot_be_compared(observations)
    if why:
        return why
    for call in observations:
        _, loss, history = outcome_of(call)
        if np.any(np.diff(history) > 1e-6):
            return "random_search_batched returned a history that rises: it is the best so far."
        if not np.isclose(history[-1], loss, rtol=1e-4):
            return (
                f"random_search_batched returned a history that ends at {history[-1]:.6g}, "
                f"expected the best loss, {float(loss):.6g}."
            )
        losses = _losses_of(yardstick, call)
        if abs(history[0] - np.mean(losses)) > 8 * np.std(losses):
            return (
                f"random_search_batched returned a history that begins at {history[0]:.6g}, "
                "expected the loss of the first try."
            )
        if np.count_nonzero(np.diff(history)) > len(history) / 3:
            return (
                "random_search_batched returned a history that falls at most tries: it falls only "
                "when a try is better than all before it."
            )
    why = _not_the_best(yardstick, observations)
    if why:
        return why
    if all(np.ptp(outcome_of(call)[2]) == 0 for call in observations):
        return "random_search_batched returned a history that never falls."
    return None


def _not_from_rng(observations):
    for call in observations:
        why = _malformed(call)
        if why:
            return f"random_search_batched {why}"
        X = call.arguments[0]
        if drawn_weights(call).dtype != X.dtype:
            return (
                f"random_search_batched returned weights of {drawn_weights(call).dtype} for images "
                f"of {X.dtype}, expected {X.dtype} as well."
            )
    return not_from_rng("random_search_batched", observations, drawn_weights)


def _wrong_draws(observations):
    for call in observations:
        why = _malformed(call)
        if why:
            return f"random_search_batched {why}"
    W = np.array([drawn_weights(call) / call.arguments[3] for call in observations], dtype=float)
    why = why_not_normal(W)
    if why:
        return f"The weights that random_search_batched draws {why}"
    places = _places_of_the_best(observations)
    if np.all(places % 2 == 0) or np.all(places < N_FEW_TRIES / 2):
        return (
            f"Half of the {N_FEW_TRIES} tries of random_search_batched were never the best in "
            f"{N_SEARCHES} searches: draw other weights for each try."
        )
    return None


def _places_of_the_best(calls):
    return np.array([np.argmin(outcome_of(call)[2]) for call in calls])


def _wrong_work(observations):
    why = _wrong_losses(observations)
    if why:
        return NotJudged(f"Not judged until the values are right: {why}")
    if not _work_grows(observations):
        return None
    few, many = (call.work for call in observations)
    return (
        f"Python ran {few} lines for 6 tries and {many} for 120, expected about the same: there "
        "is a Python loop over the tries."
    )


def _work_grows(calls):
    few, many = (call.work for call in calls)
    return UNCOUNTED not in (few, many) and many - few > LOOP_LINES


def _every_search(predicate):
    """An `every_call` for the calls whose scale is not 0."""
    return every_call(lambda call: call.arguments[3] == 0 or predicate(call))


def _has_too_few_classes(n_classes):
    """A `shows` that holds if labels go beyond this number of classes wherever there are more."""

    def shown(call):
        y = call.arguments[1]
        if n_classes(y) > y.max():
            return call.outcome == "returned"
        return "out of bounds for axis" in call.error["message"] and call.error["message"].endswith(
            f"with size {n_classes(y)}"
        )

    return every_call(shown)


def _has_ten_columns(cases):
    returned = [call for calls in cases for call in calls if call.outcome == "returned"]
    return bool(returned) and all(call.value[0].shape[1] == 10 for call in returned)


def _claims(loss_of):
    """A `shows` that holds if the loss is this function of the true loss, images and labels."""

    def claimed(call):
        (X, y), (W, loss, _) = call.arguments[:2], call.value
        return np.isclose(loss, loss_of(_mean_hinge(W, X, y), *W.shape, len(X)), rtol=1e-4)

    return _every_search(claimed)


def _is_best(call):
    """Whether loss, weights and history of a call fit together."""
    (X, y), (W, loss, history) = call.arguments[:2], call.value
    true = np.isclose(loss, _mean_hinge(W, X, y), rtol=1e-4)
    return true and np.isclose(loss, history[-1], rtol=1e-4)


def _block_mistake(losses_of):
    """A `shows` that holds if one block is right, and several blocks give these losses."""

    def told(call):
        (X, y), (W, loss, _) = call.arguments[:2], call.value
        true = _mean_hinge(W, X, y)
        if len(X) <= 1000:
            return np.isclose(loss, true, rtol=1e-4)
        return abs(loss - losses_of(W, X, y)) < 0.1 * abs(loss - true)

    return _every_search(told)


def _first_labels(W, X, y):
    blocks = range(0, len(X), 1000)
    sizes = [len(X[start : start + 1000]) for start in blocks]
    losses = [_mean_hinge(W, X[s : s + 1000], y[:n]) for s, n in zip(blocks, sizes, strict=True)]
    return np.average(losses, axis=0, weights=sizes)


def _last_block(W, X, y):
    start = 1000 * ((len(X) - 1) // 1000)
    return _mean_hinge(W, X[start:], y[start:]) * (len(X) - start) / len(X)


def _mean_of_blocks(W, X, y):
    blocks = (slice(start, start + 1000) for start in range(0, len(X), 1000))
    return np.mean([_mean_hinge(W, X[block], y[block]) for block in blocks])


def _drops_the_rest(call):
    (X, y), (W, loss, _) = call.arguments[:2], call.value
    if len(X) < 1000 and np.isclose(loss, _mean_hinge(W, X, y), rtol=1e-4):
        return True  # Blocks may be as small as the images are few.
    end = len(X) // 1000 * 1000
    kept, share = _mean_hinge(W, X[:end], y[:end]) if end else 0.0, end / len(X)
    # The 1 of the correct class may be subtracted in each block, or from the mean at the end.
    return np.any(np.isclose(loss, (share * kept, share * (kept + 1) - 1), rtol=1e-4))


def _drawn_in_many_calls(cases):
    """The weights of the case with many calls, by their scale."""
    calls = next(calls for calls in cases if len(calls) == N_SEARCHES)
    return np.array([drawn_weights(call) / call.arguments[3] for call in calls], dtype=float)


SHOWS = {
    "counts the correct class": _claims(lambda loss, d, c, n: loss + 1),
    "no mean over the images": _claims(lambda loss, d, c, n: loss * n),
    "averages over the classes too": _claims(lambda loss, d, c, n: loss / c),
    "keeps the worst": _every_search(
        lambda call: call.value[1] > call.value[2][-1] and call.value[1] >= call.value[2][0]
    ),
    "history of every loss": _every_search(
        lambda call: (
            np.isclose(np.min(call.value[2]), call.value[1], rtol=1e-4)
            and np.any(np.diff(call.value[2]) > 1e-6)
        )
    ),
    "labels of the first block": _block_mistake(_first_labels),
    "keeps the last block only": _block_mistake(_last_block),
    "averages the blocks alike": _block_mistake(_mean_of_blocks),
    "drops the last block": _every_search(_drops_the_rest),
    "one number for all weights": lambda cases: (
        np.ptp(_drawn_in_many_calls(cases), axis=(1, 2)).max() < 1e-6
    ),
    "one row for all rows": lambda cases: np.ptp(_drawn_in_many_calls(cases), axis=1).max() < 1e-6,
    "one draw for all tries": _every_search(lambda call: np.ptp(call.value[2]) < 1e-6),
    "scale left out": _every_search(
        lambda call: (
            _is_best(call)
            and call.value[0].min() < 0
            and np.std(call.value[0]) > 3 * call.arguments[3]
        )
    ),
    "uniform draws": _every_search(lambda call: _is_best(call) and call.value[0].min() >= 0),
    "uniform draws of both signs": lambda cases: is_uniform(_drawn_in_many_calls(cases)),
    "float64 weights for float32 images": _every_search(
        lambda call: _is_best(call) and call.value[0].dtype == np.float64
    ),
    "always ten classes": _has_ten_columns,
    "one class too few": _has_too_few_classes(lambda y: y.max()),
    "counts the labels that occur": _has_too_few_classes(lambda y: len(np.unique(y))),
    "draws from elsewhere": draws(0, 1, alike=False, drawn=drawn_weights),
    "seed of its own": draws(0, 2, alike=True, drawn=drawn_weights),
    "loops over the tries": lambda cases: _every_search(_is_best)(cases) and _work_grows(cases[-1]),
    "recognizes the correct class by its score": every_call(
        lambda call: (
            np.isclose(call.value[1], 0.0)
            if call.arguments[3] == 0
            else np.isclose(call.value[1], _mean_hinge(call.value[0], *call.arguments[:2]))
        )
    ),
    "uniform draws as wide as normal ones": lambda cases: is_flat(_drawn_in_many_calls(cases)),
    "half of the tries": lambda cases: np.all(
        _places_of_the_best(next(calls for calls in cases if len(calls) == N_SEARCHES))
        < N_FEW_TRIES / 2
    ),
}


@exercise.twisted_by(
    {
        "columns of different tries mixed": "Reshaping (tries, D, C) to (D, tries * C) tears the "
        "columns apart: draw the tries along the last axis, or move that axis with transpose "
        "first.",
        "axis of the tries comes first": "Reshaping (tries, D, C) to (D, C * tries) tears the "
        "columns apart: put the axis of the tries last.",
        "scores of tries and classes mixed": "Split the columns of the scores in the order in "
        "which the columns of W were joined: here tries and classes are exchanged.",
        "counts the correct class": "Leave the correct class out of the sum: its margin is always "
        "1, so your loss is 1 too high.",
        "no mean over the images": "Divide the summed loss by the number of images.",
        "averages over the classes too": "The hinge loss sums over the classes; only the images "
        "are averaged.",
        "no margin": "Add the margin of 1 to the difference of scores.",
        "no max with zero": "A margin below zero costs nothing: take np.maximum(0, margins).",
        "each class costs 1 at least": "A margin below zero costs nothing: "
        "max(0, s_j - s_y + 1), with the 1 inside and a 0 before it.",
        "only the worst class": "Sum the margins of all wrong classes, not just the largest.",
        "keeps the worst": "A lower loss is better: take np.argmin of the losses.",
        "history of every loss": "history[i] is the best loss of the first i + 1 tries: "
        "np.minimum.accumulate(losses).",
        "history sorted": "history[i] is the best loss of the first i + 1 tries, in the order in "
        "which they were drawn: np.minimum.accumulate(losses).",
        "history of the best alone": "history[i] is the best loss of the first i + 1 tries, not "
        "of all: np.minimum.accumulate(losses).",
        "labels of the first block": "Each block needs its own labels: y[start : start + size], "
        "not y[:size].",
        "keeps the last block only": "Add up the losses of the blocks: `losses += ...`, not "
        "`losses = ...`.",
        "averages the blocks alike": "The last block may be shorter than the others: add up the "
        "losses of the images of all blocks, and divide by N.",
        "drops the last block": "The last block may be shorter than the others: range(0, N, size) "
        "reaches it, range(0, N // size * size, size) does not.",
        "one number for all weights": "Draw an array of the whole shape: each weight of each try "
        "has a number of its own.",
        "one row for all rows": "Draw an array of the whole shape: yours has one row of numbers, "
        "repeated down the rows.",
        "one draw for all tries": "Each try needs weights of its own: draw one array with an axis "
        "for the tries.",
        "scale left out": "Multiply the standard normal numbers by scale.",
        "uniform draws": "rng.random draws from 0 to 1; rng.standard_normal draws both signs, "
        "centered on 0.",
        "uniform draws of both signs": "rng.uniform(-1, 1) draws nothing beyond 1, and its numbers "
        "are only 0.58 times as large: draw with rng.standard_normal.",
        "float64 weights for float32 images": "With weights of float64, X @ W first copies all "
        "images to float64: draw with dtype=X.dtype.",
        "always ten classes": "The number of classes is y.max() + 1, not always 10.",
        "one class too few": "The labels are 0..C-1: the number of classes is y.max() + 1.",
        "counts the labels that occur": "A class may have no image here: the number of classes is "
        "y.max() + 1, not len(np.unique(y)).",
        "draws from elsewhere": "Draw from the rng that is passed in, not from np.random or a new "
        "generator: only then can a run be repeated.",
        "seed of its own": "The function sets a seed itself, so every run is the same: draw from "
        "the rng that is passed in.",
        "loops over the tries": "Score all tries in one product: join their columns to a wide "
        "matrix (D, C * tries). For the history there is np.minimum.accumulate.",
        "recognizes the correct class by its score": "Other classes can have the same score: leave "
        "out class y_i by its number. With a scale of 0 all scores are equal, and the loss is "
        "C - 1.",
        "uniform draws as wide as normal ones": "rng.uniform draws nothing beyond its ends, where "
        "1 in 20 normal numbers lies beyond 2: draw with rng.standard_normal.",
        "half of the tries": "Draw other weights for each of the n_tries: half of yours have been "
        "tried before.",
    },
    SHOWS,
)
def random_search_batched_with(is_, X, y, n_tries, scale, rng):
    W, columns = _weights_with(is_, X, y, n_tries, scale, rng)
    if is_("loops over the tries"):
        losses = np.array([_mean_hinge(W[:, :, k], X, y) for k in range(n_tries)])
    else:
        losses = _losses_with(is_, X, y, columns, W.shape)
    history = np.minimum.accumulate(losses)
    best = np.argmax(losses) if is_("keeps the worst") else np.argmin(losses)
    if is_("history of every loss"):
        history = losses
    if is_("history sorted"):
        history = np.sort(losses)[::-1]
    if is_("history of the best alone"):
        history = np.full(n_tries, losses[best])
    return W[:, :, best], float(losses[best]), history


def _weights_with(is_, X, y, n_tries, scale, rng):
    """Weights (D, C, T), and their columns side by side, with slips."""
    if is_("draws from elsewhere"):
        rng = np.random.default_rng()
    if is_("seed of its own"):
        rng = np.random.default_rng(231)
    if is_("scale left out"):
        scale = 1.0
    n_classes = int(y.max()) + 1
    if is_("always ten classes"):
        n_classes = 10
    if is_("one class too few"):
        n_classes = int(y.max())
    if is_("counts the labels that occur"):
        n_classes = len(np.unique(y))
    drawn = n_tries
    if is_("one draw for all tries"):
        drawn = 1
    if is_("half of the tries"):
        drawn = (n_tries + 1) // 2
    shape = X.shape[1], n_classes
    dtype = np.float64 if is_("float64 weights for float32 images") else X.dtype
    W = scale * numbers_with(is_, "draws", shape, rng, (drawn,), dtype)
    W = W[:, :, np.arange(n_tries) % drawn]
    columns = W.reshape(len(W), -1)
    if is_("columns of different tries mixed") or is_("axis of the tries comes first"):
        W = np.moveaxis(W.reshape(n_tries, *shape), 0, 2)
    return W, columns


def _losses_with(is_, X, y, columns, shape):
    """The losses (T,) of all tries, block by block, with slips."""
    _, n_classes, n_tries = shape
    end = len(X) // 1000 * 1000 if is_("drops the last block") else len(X)
    blocks, losses = range(0, end, 1000), np.zeros(n_tries)
    for start in blocks:
        block, labels = X[start : start + 1000], y[start : start + 1000]
        if is_("labels of the first block"):
            labels = y[: len(block)]
        scores = block @ columns
        if is_("columns of different tries mixed") or is_("scores of tries and classes mixed"):
            scores = scores.reshape(len(block), n_tries, n_classes).swapaxes(1, 2)
        scores = scores.reshape(len(block), n_classes, n_tries)
        correct = scores[np.arange(len(block)), labels][:, np.newaxis]
        margins = scores - correct + (0 if is_("no margin") else 1)
        if not is_("no max with zero"):
            margins = np.maximum(1 if is_("each class costs 1 at least") else 0, margins)
        if is_("recognizes the correct class by its score"):
            margins[scores == correct] = 0
        elif not is_("counts the correct class"):
            margins[np.arange(len(block)), labels] = 0
        if is_("only the worst class"):
            margins = np.max(margins, axis=1, keepdims=True)
        total = np.sum(margins, axis=(0, 1))
        if is_("averages the blocks alike"):
            total = total / len(block) * len(X) / len(blocks)
        losses = total if is_("keeps the last block only") else losses + total
    if is_("averages over the classes too"):
        losses = losses / n_classes
    return losses if is_("no mean over the images") else losses / len(X)
