"""The numerical gradient of a linear classifier's loss, hundreds of times faster than by the book.

A step in ``W[j, c]`` moves the scores of class ``c`` alone: image ``i``'s by ``h * X[i, j]``. So
neither a product with ``W`` nor the other classes' scores have to be computed again.
"""

import sys
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from cs231n_utils.validation import require_choice, require_linear, require_number

__all__ = ["linear_numerical_gradient"]

BLOCK_NUMBERS = 2**16
"""Size of a block of pixels whose temporary arrays stay in the processor's cache."""


def linear_numerical_gradient(
    W: NDArray,
    X: NDArray,
    y: NDArray,
    reg: float = 0.0,
    *,
    loss: str = "svm",
    h: float = 1e-5,
    centered: bool = True,
    progress: bool = True,
) -> NDArray[np.float64]:
    """Every finite difference of a linear classifier's mean loss, with L2, in float64.

    The same numbers as ``(f(W + h) - f(W - h)) / (2 h)`` one coordinate at a time, but for
    rounding: each image's *change* of loss is added up instead of two whole losses, so the
    result does not suffer when ``h`` is tiny.

    Parameters
    ----------
    W : float ndarray of shape (D, C)
        Weights; column ``c`` scores class ``c``.
    X : float ndarray of shape (N, D)
        Images as rows, bias column included.
    y : int ndarray of shape (N,)
        Labels in ``0..C-1``.
    reg : float
        Strength of ``reg * sum(W**2)``.
    loss : {"svm", "softmax"}
        Hinge (Weston-Watkins, margin 1) or cross-entropy.
    h : float
        Step in each weight.
    centered : bool
        Centered differences; forward differences if False.
    progress : bool
        Show a bar with the time left if it takes longer than a second.

    Returns
    -------
    float64 ndarray of shape (D, C)

    Raises
    ------
    ValueError
        If a shape, a label, ``loss`` or ``h`` is out of range.

    Examples
    --------
    >>> W, X, y = np.zeros((1, 2)), np.array([[3.0]]), np.array([0])
    >>> linear_numerical_gradient(W, X, y).round(6)
    array([[-3.,  3.]])
    """
    name = "linear_numerical_gradient"
    require_choice(name, "loss", loss, _GAINS)
    require_number(name, "h", h, above_0=True)
    require_linear(name, W, X, y)
    W, X = np.asarray(W, dtype=np.float64), np.asarray(X, dtype=np.float64)
    grad = _quotients(_GAINS[loss](X @ W, y), X, W.shape[1], h, centered, progress)
    # (w + h)**2 - (w - h)**2 = 4 h w, and (w + h)**2 - w**2 = h (2 w + h)
    grad += reg * (2 * W if centered else 2 * W + h)
    return grad


Gains = Callable[[NDArray], NDArray]
"""From steps of the scores, one for each of B pixels and N images, (B, N), to what the summed loss
of the images gains when the scores of a class move by them, (B, C)."""


def _quotients(
    gains: Gains, X: NDArray, n_classes: int, h: float, centered: bool, progress: bool
) -> NDArray[np.float64]:
    n_images, n_pixels = X.shape
    grad = np.empty((n_pixels, n_classes))
    width = max(1, BLOCK_NUMBERS // n_images)
    starts = range(0, n_pixels, width)
    for start in tqdm(
        starts, desc="numerical gradient", file=sys.stdout, delay=1.0, disable=not progress
    ):
        block = slice(start, start + width)
        steps = h * np.ascontiguousarray(X[:, block].T)
        gain = (gains(steps) - gains(-steps)) / 2 if centered else gains(steps)
        grad[block] = gain / (h * n_images)
    return grad


def _softmax_gains(scores: NDArray, y: NDArray) -> Gains:
    n_classes = scores.shape[1]
    exponentials = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = exponentials / exponentials.sum(axis=1, keepdims=True)
    is_label = np.eye(n_classes)[y]

    def gains(steps: NDArray) -> NDArray:
        # log(sum_k exp(s_k)) gains log(1 + p_c (exp(step) - 1)); the label's score is subtracted.
        growth = np.expm1(steps)
        columns = [np.log1p(p[:, c] * growth).sum(axis=1) for c in range(n_classes)]
        return np.stack(columns, axis=1) - steps @ is_label

    return gains


def _svm_gains(scores: NDArray, y: NDArray) -> Gains:
    n_classes = scores.shape[1]
    margins = scores - scores[np.arange(len(y)), y][:, np.newaxis] + 1

    def gain(c: int, steps: NDArray) -> NDArray:
        others, own = np.flatnonzero(y != c), np.flatnonzero(y == c)
        total = _hinge_gain(margins[others, c], steps[:, others])
        for k in range(n_classes):
            if k != c:
                total += _hinge_gain(margins[own, k], -steps[:, own])
        return total

    return lambda steps: np.stack([gain(c, steps) for c in range(n_classes)], axis=1)


def _hinge_gain(margins: NDArray, steps: NDArray) -> NDArray:
    moved = np.maximum(margins + steps, 0)
    moved -= np.maximum(margins, 0)
    return moved.sum(axis=1)


_GAINS = {"svm": _svm_gains, "softmax": _softmax_gains}
