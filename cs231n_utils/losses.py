"""Hinge and softmax losses of a linear classifier, with gradients, as fast as its products.

``svm_loss`` and ``softmax_loss`` return the loss; ``..._and_gradient`` also its gradient
with respect to the weights, and ``..._and_dscores`` do the same for scores that come from
elsewhere, say a network.
The images are read once: a block of rows is scored, and then gives its part of the gradient
while it is still in the processor's cache. Of many images several blocks are worked on at a time:
the threads of OpenBLAS would wait for one another in each of their thin products.
"""

from collections.abc import Callable, Iterator
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from cs231n_utils.system.processors import blas_in_one_thread
from cs231n_utils.system.threads import threads
from cs231n_utils.validation import (
    require_floats,
    require_labels,
    require_linear,
    require_matrix,
    require_number,
)

T = TypeVar("T")

__all__ = [
    "softmax_loss",
    "softmax_loss_and_dscores",
    "softmax_loss_and_gradient",
    "svm_loss",
    "svm_loss_and_dscores",
    "svm_loss_and_gradient",
]

# A block's images stay in the shared cache between the two products that read them, and its
# scores in a core's own cache between the elementwise steps.
BLOCK_BYTES_OF_IMAGES = 4 * 2**20
BLOCK_BYTES_OF_SCORES = 2**18
MAX_THREADS = 8

FEW_BYTES_OF_IMAGES = 16 * 2**20
"""Up to here a loss takes milliseconds, and threads would wait for each other as long."""


def svm_loss(W: NDArray, X: NDArray, y: NDArray, reg: float = 0.0) -> float:
    """Mean multiclass hinge loss (Weston-Watkins, margin 1) of a linear classifier, with L2.

    ``mean_i sum_{j != y_i} max(0, s_ij - s_iy_i + 1) + reg * sum(W**2)``, ``s = X @ W``.

    Parameters
    ----------
    W : float32 or float64 ndarray of shape (D, C)
        Weights; column ``c`` scores class ``c``.
    X : float32 or float64 ndarray of shape (N, D)
        Images as rows, bias column included.
    y : int ndarray of shape (N,)
        Labels in ``0..C-1``.
    reg : float
        Strength of ``reg * sum(W**2)``, over the whole of ``W``; 0 or more.

    Returns
    -------
    float
        Loss; the sums over images and weights are accumulated in float64.

    Raises
    ------
    TypeError
        If an argument is of the wrong type or dtype.
    ValueError
        If a shape, a label or ``reg`` is out of range.

    References
    ----------
    Weston and Watkins, "Support vector machines for multi-class pattern recognition", ESANN 1999.

    Examples
    --------
    >>> scores = np.array([[3.2, 5.1, -1.7], [1.3, 4.9, 2.0], [2.2, 2.5, -3.1]])
    >>> round(svm_loss(np.eye(3), scores, np.array([0, 1, 2])), 2)
    5.27
    """
    return _linear_loss("svm_loss", _hinge, W, X, y, reg)


def softmax_loss(W: NDArray, X: NDArray, y: NDArray, reg: float = 0.0) -> float:
    """Mean cross-entropy of a linear softmax classifier, with L2.

    ``mean_i (log(sum_j exp(s_ij)) - s_iy_i) + reg * sum(W**2)``, ``s = X @ W``.

    Parameters
    ----------
    W, X, y, reg
        As in `svm_loss`.

    Returns
    -------
    float
        Loss in nats; the sums over images and weights are accumulated in float64.

    Raises
    ------
    TypeError, ValueError
        As in `svm_loss`.

    Examples
    --------
    >>> round(softmax_loss(np.eye(3), np.array([[3.2, 5.1, -1.7]]), np.array([0])), 2)
    2.04
    """
    return _linear_loss("softmax_loss", _cross_entropy, W, X, y, reg)


def svm_loss_and_gradient(
    W: NDArray, X: NDArray, y: NDArray, reg: float = 0.0
) -> tuple[float, NDArray]:
    """`svm_loss` and its gradient with respect to the weights.

    Parameters
    ----------
    W, X, y, reg
        As in `svm_loss`.

    Returns
    -------
    loss : float
        As in `svm_loss`.
    dW : ndarray of shape (D, C) and the dtype of ``W``
        Gradient; where a margin is exactly at its kink, the subgradient that leaves it out.

    Raises
    ------
    TypeError, ValueError
        As in `svm_loss`.
    """
    return _linear_loss_and_gradient("svm_loss_and_gradient", _hinge, W, X, y, reg)


def softmax_loss_and_gradient(
    W: NDArray, X: NDArray, y: NDArray, reg: float = 0.0
) -> tuple[float, NDArray]:
    """`softmax_loss` and its gradient with respect to the weights.

    Parameters
    ----------
    W, X, y, reg
        As in `svm_loss`.

    Returns
    -------
    loss : float
        As in `softmax_loss`.
    dW : ndarray of shape (D, C) and the dtype of ``W``
        Gradient.

    Raises
    ------
    TypeError, ValueError
        As in `svm_loss`.
    """
    return _linear_loss_and_gradient("softmax_loss_and_gradient", _cross_entropy, W, X, y, reg)


def svm_loss_and_dscores(scores: NDArray, y: NDArray) -> tuple[float, NDArray]:
    """Mean multiclass hinge loss of scores and its gradient with respect to them.

    The loss is that of Weston and Watkins, with a margin of 1.

    Parameters
    ----------
    scores : float32 or float64 ndarray of shape (N, C)
        Scores of any model.
    y : int ndarray of shape (N,)
        Labels in ``0..C-1``.

    Returns
    -------
    loss : float
        Mean over the N images.
    dscores : ndarray of shape (N, C) and the dtype of ``scores``
        Gradient of that mean.

    Raises
    ------
    TypeError, ValueError
        As in `svm_loss`.
    """
    return _score_loss_and_dscores("svm_loss_and_dscores", _hinge, scores, y)


def softmax_loss_and_dscores(scores: NDArray, y: NDArray) -> tuple[float, NDArray]:
    """Mean cross-entropy of softmax, in nats, and its gradient with respect to the scores.

    Parameters
    ----------
    scores, y
        As in `svm_loss_and_dscores`.

    Returns
    -------
    loss : float
        Mean over the N images, in nats.
    dscores : ndarray of shape (N, C) and the dtype of ``scores``
        Gradient of that mean.

    Raises
    ------
    TypeError, ValueError
        As in `svm_loss`.
    """
    return _score_loss_and_dscores("softmax_loss_and_dscores", _cross_entropy, scores, y)


# Takes scores of shape (C, n), which it overwrites, the n labels, and whether to leave the
# gradient with respect to the scores in the same memory; returns the loss summed over the n
# images. Classes come first because a reduction over them is then n-wide additions, not n
# reductions of C numbers.
ScoreLoss = Callable[[NDArray, NDArray, bool], float]


def _hinge(scores: NDArray, y: NDArray, gradient: bool) -> float:
    at_label = (y, np.arange(y.size))
    scores -= scores[at_label]
    scores += 1
    margins = np.maximum(scores, 0, out=scores)
    # The label's own margin, exactly 1, is taken off the sum: cheaper than setting it to 0.
    loss = float(margins.sum(dtype=np.float64)) - y.size
    if gradient:
        dscores = np.sign(margins, out=margins)
        dscores[at_label] -= dscores.sum(axis=0)
    return loss


def _cross_entropy(scores: NDArray, y: NDArray, gradient: bool) -> float:
    at_label = (y, np.arange(y.size))
    scores -= scores.max(axis=0)
    label_scores = scores[at_label]
    exponentials = np.exp(scores, out=scores)
    normalizers = exponentials.sum(axis=0)
    loss = float((np.log(normalizers) - label_scores).sum(dtype=np.float64))
    if gradient:
        dscores = np.divide(exponentials, normalizers, out=exponentials)
        dscores[at_label] -= 1
    return loss


def _linear_loss(
    function: str, score_loss: ScoreLoss, W: NDArray, X: NDArray, y: NDArray, reg: float
) -> float:
    _require(function, W, X, y, reg)

    def loss_of(rows: slice) -> float:
        return score_loss(np.dot(X[rows], W).T.copy(), y[rows], False)

    return sum(_of_blocks(loss_of, W, X)) / len(X) + _l2(W, reg)


def _linear_loss_and_gradient(
    function: str, score_loss: ScoreLoss, W: NDArray, X: NDArray, y: NDArray, reg: float
) -> tuple[float, NDArray]:
    _require(function, W, X, y, reg)

    def loss_and_gradient_of(rows: slice) -> tuple[float, NDArray]:
        images = X[rows]
        scores = np.dot(images, W).T.copy()
        loss = score_loss(scores, y[rows], True)
        # (dS.T @ X).T and not X.T @ dS: BLAS is faster when X is not the transposed one.
        return loss, np.dot(scores, images)

    parts = _of_blocks(loss_and_gradient_of, W, X)
    total, total_gradient = next(parts)
    for loss, gradient in parts:
        total += loss
        total_gradient += gradient

    total_gradient /= len(X)
    dW = total_gradient.T.astype(W.dtype, order="C")
    if reg:
        dW += 2 * float(reg) * W
    return total / len(X) + _l2(W, reg), dW


def _score_loss_and_dscores(
    function: str, score_loss: ScoreLoss, scores: NDArray, y: NDArray
) -> tuple[float, NDArray]:
    require_floats(function, "scores", scores)
    require_matrix(function, "scores", scores, "(N, C)")
    require_labels(function, y, *scores.shape)
    dscores = scores.T.copy()
    total = score_loss(dscores, y, True)
    dscores /= len(scores)
    return total / len(scores), dscores.T


def _of_blocks(work: Callable[[slice], T], W: NDArray, X: NDArray) -> Iterator[T]:
    """What the function returns for each block of rows, in order."""
    (n_images, n_pixels), n_classes = X.shape, W.shape[1]
    size = min(
        BLOCK_BYTES_OF_IMAGES // (n_pixels * X.itemsize),
        BLOCK_BYTES_OF_SCORES // (n_classes * X.itemsize),
    )
    size = max(size, 1)
    blocks = [slice(start, start + size) for start in range(0, n_images, size)]
    if X.nbytes <= FEW_BYTES_OF_IMAGES:
        with blas_in_one_thread():
            yield from map(work, blocks)
    else:
        with threads(MAX_THREADS) as pool:
            yield from pool.map(work, blocks)


def _l2(W: NDArray, reg: float) -> float:
    if not reg:
        return 0.0
    return float(reg) * float(np.square(W, dtype=np.float64).sum())


def _require(function: str, W: NDArray, X: NDArray, y: NDArray, reg: float) -> None:
    require_floats(function, "W", W)
    require_floats(function, "X", X)
    require_linear(function, W, X, y)
    require_number(function, "reg", reg)
