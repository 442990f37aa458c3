"""What a run of SGD does, said so that it does not depend on which batches were drawn."""

import numpy as np

from ..compare import kind_of
from ..functions import least_squares
from .labeled_images import rows_of
from .pairs import as_numbers


def traits_of(call):
    """All that a mistake in ``train_sgd`` is told by.

    Parameters
    ----------
    call : Observation
        Of a run with the loss ``least_squares``.

    Returns
    -------
    tuple
        Sizes and order of the batches, the steps in units of the right one, which weights and
        losses are returned, and whether W0 was changed.
    """
    if call.outcome != "returned":
        return call.outcome, call.error and (call.error["type"], call.error["message"])
    usage = call.usage["0"]
    if usage.get("points", np.zeros(0)).shape[1:] != call.arguments[1].shape:
        return "no weights", kind_of(call.value)
    pair = call.value if isinstance(call.value, tuple | list) and len(call.value) == 2 else ()
    if not pair or np.shape(pair[0]) != call.arguments[1].shape:
        kinds = [kind_of(as_numbers(value)) for value in pair] or kind_of(call.value)
        return "no pair", kinds, usage["sizes"]
    changed = not np.array_equal(call.after[1], call.arguments[1])
    final = np.asarray(pair[0], dtype=float)
    return _batches(call), _steps(call, final), _losses(usage["values"], pair[1]), changed


def _batches(call):
    usage, (X, y) = call.usage["0"], call.arguments[2:4]
    rows, (n_images, n_epochs) = rows_of(usage["images"], X), (len(X), call.arguments[7])
    batches = np.split(rows, np.cumsum(usage["sizes"])[:-1])
    return {
        "sizes": usage["sizes"],
        "neighbors": all(np.all(np.diff(batch) == 1) for batch in batches),
        "same in every epoch": len(rows) % n_epochs == 0
        and np.ptp(rows.reshape(n_epochs, -1), axis=0).max() == 0,
        "some twice in an epoch": len(rows) % n_epochs == 0
        and any(len(set(order)) < len(order) for order in rows.reshape(n_epochs, -1).tolist()),
        "some more often": np.ptp(np.bincount(rows[rows >= 0], minlength=n_images)) > 0,
        "other labels": np.any(usage["labels"] != y[rows]),
        "reg": usage["reg"] / call.arguments[5],
    }


def _steps(call, final):
    """How the weights moved, and which of those that were evaluated are returned."""
    usage, W0, (step_size, reg) = call.usage["0"], call.arguments[1], call.arguments[4:6]
    points = usage["points"]
    kept = np.flatnonzero(_equal(points, final))
    ends = points[1:] if len(kept) else np.concatenate([points[1:], [final]])
    cuts = np.cumsum(usage["sizes"])[:-1]
    batches = zip(np.split(usage["images"], cuts), np.split(usage["labels"], cuts), strict=True)
    gradients = [least_squares(W, *batch, 0.0)[1] for W, batch in zip(points, batches, strict=True)]
    data, penalty = -step_size * np.array(gradients), -step_size * 2 * reg * points
    right, made = data + penalty, slice(len(ends))
    lowest = len(kept) and kept[0] == np.argmin(usage["values"])
    return {
        "returned": "lowest" if lowest else kept[:1],
        "at W0": _equal(points, W0),
        "from W0": _equal(ends, (W0 + right)[made]).all(),
        "all together": _equal(final[np.newaxis], W0 + right.sum(axis=0)),
        "shares": _shares(ends - points[made], data[made], penalty[made]),
    }


def _equal(weights, others):
    """For each of several weights whether they are the others."""
    return np.isclose(weights, others, rtol=1e-5, atol=1e-8).all(axis=(1, 2))


def _shares(steps, data, penalty):
    """How much of what the data ask for, and of what the penalty does, each step is made of.

    Where a step is not made of these two its shares are nan.
    """

    def dot(a, b):
        return np.sum(a * b, axis=(1, 2))

    with np.errstate(all="ignore"):
        det = dot(data, data) * dot(penalty, penalty) - dot(data, penalty) ** 2
        ours = dot(steps, data) * dot(penalty, penalty) - dot(steps, penalty) * dot(data, penalty)
        theirs = dot(steps, penalty) * dot(data, data) - dot(steps, data) * dot(data, penalty)
        shares = np.stack([ours / det, theirs / det])
        parts = shares[..., np.newaxis, np.newaxis] * (data, penalty)
    off = np.abs(parts.sum(axis=0) - steps).max(axis=(1, 2))
    return np.where(off <= 1e-4 * np.abs(steps).max(axis=(1, 2)), shares, np.nan)


def _losses(values, losses):
    """For each returned loss the number of the evaluation that it came from, or -1."""
    losses = as_numbers(losses)
    if not isinstance(losses, np.ndarray) or losses.ndim != 1:
        return kind_of(losses)
    equal = np.isclose(losses[:, np.newaxis], values, rtol=1e-6)
    return np.where(equal.any(axis=1), equal.argmax(axis=1), -1)
