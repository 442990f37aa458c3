"""The demo's four losses and two regularizers in NumPy, each with its gradient.

The browser computes the same in ``static/svm.js``; the tests hold the two against each other.
A classifier of points in the plane has weights ``W`` of shape (2, C) and biases ``b`` of shape
(C,), kept apart: biases are not regularized.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

__all__ = ["LOSSES", "REGULARIZERS", "loss_and_gradient", "point_losses", "regularization"]


def weston_watkins(scores: NDArray, y: NDArray) -> tuple[NDArray, NDArray]:
    """Multiclass hinge: ``sum_{j != y} max(0, s_j - s_y + 1)`` for each point.

    Parameters
    ----------
    scores : float ndarray of shape (N, C)
    y : int ndarray of shape (N,)
        Labels in ``0..C-1``.

    Returns
    -------
    losses : float64 ndarray of shape (N,)
    dscores : float64 ndarray of shape (N, C)
        Derivative of each point's loss by its scores; at a kink, that of the inactive side.

    References
    ----------
    Weston and Watkins, "Support vector machines for multi-class pattern recognition", ESANN 1999.
    """
    rows = np.arange(len(y))
    margins = scores - scores[rows, y][:, np.newaxis] + 1
    margins[rows, y] = 0
    dscores = (margins > 0).astype(np.float64)
    dscores[rows, y] = -dscores.sum(axis=1)
    return np.maximum(margins, 0).sum(axis=1), dscores


def one_vs_all(scores: NDArray, y: NDArray) -> tuple[NDArray, NDArray]:
    """One binary SVM for each class: ``sum_j max(0, 1 - t_j s_j)``.

    ``t_j`` is 1 for the label and -1 for the other classes.

    Parameters, returns
        As in `weston_watkins`.

    References
    ----------
    Rifkin and Klautau, "In defense of one-vs-all classification", JMLR 5, 2004.
    """
    signs = np.where(np.arange(scores.shape[1]) == y[:, np.newaxis], 1.0, -1.0)
    margins = 1 - signs * scores
    return np.maximum(margins, 0).sum(axis=1), np.where(margins > 0, -signs, 0.0)


def structured(scores: NDArray, y: NDArray) -> tuple[NDArray, NDArray]:
    """Structured SVM: ``max(0, max_{j != y} s_j - s_y + 1)``, only the strongest rival counts.

    Parameters, returns
        As in `weston_watkins`; of rivals with equal scores the first is taken.

    References
    ----------
    Crammer and Singer, "On the algorithmic implementation of multiclass kernel-based vector
    machines", JMLR 2, 2001; it is the structured SVM of Tsochantaridis et al., JMLR 6, 2005, with
    the 0-1 cost and margin rescaling.
    """
    rows = np.arange(len(y))
    rivals = scores.astype(np.float64)
    rivals[rows, y] = -np.inf
    strongest = rivals.argmax(axis=1)
    margins = scores[rows, strongest] - scores[rows, y] + 1
    dscores = np.zeros(scores.shape)
    dscores[rows, strongest] = margins > 0
    dscores[rows, y] = -(margins > 0).astype(np.float64)
    return np.maximum(margins, 0), dscores


def softmax(scores: NDArray, y: NDArray) -> tuple[NDArray, NDArray]:
    """Cross-entropy: ``log(sum_j exp(s_j)) - s_y``, in nats.

    Parameters, returns
        As in `weston_watkins`.

    References
    ----------
    Bishop, "Pattern Recognition and Machine Learning", 2006, section 4.3.4.
    """
    rows = np.arange(len(y))
    shifted = scores - scores.max(axis=1, keepdims=True)
    powers = np.exp(shifted)
    sums = powers.sum(axis=1)
    dscores = powers / sums[:, np.newaxis]
    dscores[rows, y] -= 1
    return np.log(sums) - shifted[rows, y], dscores


def l2(W: NDArray) -> tuple[float, NDArray]:
    """``sum(W**2)``, without a factor 1/2, and its gradient ``2 W`` (Hoerl and Kennard, 1970)."""
    return float(np.sum(W**2)), 2 * W


def l1(W: NDArray) -> tuple[float, NDArray]:
    """``sum(|W|)`` and its subgradient ``sign(W)``, 0 at 0 (Tibshirani, 1996)."""
    return float(np.sum(np.abs(W))), np.sign(W)


LOSSES: dict[str, Callable] = {
    "weston-watkins": weston_watkins,
    "one-vs-all": one_vs_all,
    "structured": structured,
    "softmax": softmax,
}
REGULARIZERS: dict[str, Callable] = {"l2": l2, "l1": l1}


def point_losses(
    loss: str, points: NDArray, labels: NDArray, W: NDArray, b: NDArray
) -> tuple[NDArray, NDArray]:
    """Scores and loss of every point.

    Parameters
    ----------
    loss : str
        A key of `LOSSES`.
    points : float ndarray of shape (N, 2)
    labels : int ndarray of shape (N,)
        In ``0..C-1``.
    W : float ndarray of shape (2, C)
        Column ``c`` scores class ``c``.
    b : float ndarray of shape (C,)

    Returns
    -------
    scores : float64 ndarray of shape (N, C)
        ``points @ W + b``.
    losses : float64 ndarray of shape (N,)
    """
    scores = points @ W + b
    return scores, LOSSES[loss](scores, labels)[0]


def regularization(regularizer: str, reg: float, W: NDArray) -> float:
    """``reg * R(W)``, `regularizer` a key of `REGULARIZERS`."""
    return reg * REGULARIZERS[regularizer](W)[0]


def loss_and_gradient(
    loss: str,
    regularizer: str,
    reg: float,
    points: NDArray,
    labels: NDArray,
    W: NDArray,
    b: NDArray,
) -> tuple[float, NDArray, NDArray]:
    """Mean loss of the points plus ``reg * R(W)``, and its gradient.

    Parameters
    ----------
    loss, points, labels, W, b
        As in `point_losses`.
    regularizer : str
        A key of `REGULARIZERS`.
    reg : float
        Strength, 0 or more.

    Returns
    -------
    total : float
    dW : float64 ndarray of shape (2, C)
    db : float64 ndarray of shape (C,)
    """
    losses, dscores = LOSSES[loss](points @ W + b, labels)
    penalty, dpenalty = REGULARIZERS[regularizer](W)
    dW = points.T @ dscores / len(points) + reg * dpenalty
    return float(losses.mean() + reg * penalty), dW, dscores.mean(axis=0)
