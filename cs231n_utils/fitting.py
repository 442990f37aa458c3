"""Linear classifiers at the minimum of their loss: softmax with three penalties, and an SVM.

Notebook 01 needs trained weights four notebooks before gradients are taught, so the training is
kept in here. Exact zeros are the point of its L1 experiments: a plain subgradient step almost
never produces one, a proximal step does. The SVM is for thousands of features that answer
together (the last section of 08).
"""

import sys

import numpy as np
from tqdm import tqdm

from cs231n_utils.system.processors import blas_in_one_thread
from cs231n_utils.validation import require_choice, require_labels, require_number

KINDS = ("l2", "l1", "elastic_net")


def fit_softmax(
    X: np.ndarray,
    y: np.ndarray,
    reg: float,
    kind: str = "l2",
    n_steps: int = 300,
    l1_ratio: float = 0.5,
    *,
    progress: bool = True,
) -> np.ndarray:
    """Minimize the mean cross-entropy of a linear classifier plus a penalty on its weights.

    Accelerated proximal gradient descent from ``W = 0``, with the momentum dropped whenever it
    points uphill. The problem is convex: enough steps lead to a minimum from any start, so nothing
    here is random.

    Parameters
    ----------
    X : float ndarray of shape (N, D)
        Examples as rows, bias column included.
    y : int ndarray of shape (N,)
        Labels in ``0..C-1``; C is the largest label plus one.
    reg : float
        Strength of the penalty, at least 0.
    kind : {"l2", "l1", "elastic_net"}
        ``reg * sum(W**2)``, ``reg * sum|W|``, or
        ``reg * (l1_ratio * sum|W| + (1 - l1_ratio) * sum(W**2))``. The bias row is penalized too.
    n_steps : int
        Steps of descent; two matrix products each.
    l1_ratio : float
        The share of L1 in the elastic net, in 0..1.
    progress : bool
        Show a bar with the time left if it takes longer than a second.

    Returns
    -------
    ndarray of shape (D, C)
        The weights, in the dtype of `X`.

    Raises
    ------
    ValueError
        If `kind` is unknown, `reg` is negative, or `l1_ratio` is outside 0..1.

    Notes
    -----
    Beck & Teboulle (2009), "A fast iterative shrinkage-thresholding algorithm" (FISTA);
    O'Donoghue & Candes (2015), "Adaptive restart for accelerated gradient schemes". The step size
    is 1 / L, where L = largest eigenvalue of ``X.T @ X / N``, halved, bounds the curvature of the
    cross-entropy (Böhning, 1992).

    Examples
    --------
    >>> X = np.array([[1.0, 1.0], [-1.0, 1.0]])
    >>> fit_softmax(X, np.array([0, 1]), reg=10.0, kind="l1")
    array([[0., 0.],
           [0., 0.]])
    """
    l1, l2 = _strengths(reg, kind, l1_ratio)
    require_labels("fit_softmax", y, len(X))
    with blas_in_one_thread():
        if l1 == 0 and len(X) < X.shape[1]:
            # Slopes are sums of examples and L2 only rescales, so W never leaves their span.
            span, coordinates = np.linalg.qr(X.T)
            return span @ _descend(coordinates.T, y, l1, l2, n_steps, progress)
        return _descend(X, y, l1, l2, n_steps, progress)


def fit_one_vs_all_svm(
    X: np.ndarray, y: np.ndarray, reg: float, n_steps: int = 20, *, progress: bool = True
) -> np.ndarray:
    """Minimize the squared hinge loss of one two-class SVM for each class, plus L2.

    The loss is the mean over the examples of ``sum_c max(0, 1 - t_c s_c)**2``, with ``t_c`` 1 for
    the label and -1 else, plus ``reg * sum(W**2)``. Where every margin is violated, it is least
    squares, and one step with the inverse of ``X.T @ X / N + reg * I`` is at its minimum. Margins
    that are kept only take curvature away, so the same inverse serves all steps and all classes.

    Parameters
    ----------
    X : float ndarray of shape (N, D)
        Examples as rows, bias column included. Costs ``2 * N * D**2`` operations, and memory for
        four matrices (D, D).
    y : int ndarray of shape (N,)
        Labels in ``0..C-1``; C is the largest label plus one.
    reg : float
        Strength of the penalty, above 0. The bias row is penalized too.
    n_steps : int
        Steps of accelerated descent; two thin matrix products each.
    progress : bool
        Show a progress bar with the time left.

    Returns
    -------
    ndarray of shape (D, C)
        The weights, in the dtype of `X`.

    Raises
    ------
    ValueError
        If `reg` is not above 0.

    Notes
    -----
    Coates, Lee & Ng (2011) train this loss on k-means features. Rifkin & Klautau (2004), "In
    defense of one-vs-all classification". Nesterov (1983) for the momentum.
    """
    require_number("fit_one_vs_all_svm", "reg", reg, above_0=True)
    require_labels("fit_one_vs_all_svm", y, len(X))
    n = X.dtype.type(len(X))
    reg = X.dtype.type(reg)
    targets = np.where(y[:, np.newaxis] == np.arange(y.max() + 1), 1, -1).astype(X.dtype)
    curvature = X.T @ X / n
    curvature.flat[:: len(curvature) + 1] += reg
    inverse = np.linalg.inv(curvature)
    W = ahead = np.zeros((X.shape[1], targets.shape[1]), dtype=X.dtype)
    for step in tqdm(range(n_steps), desc="SVM", file=sys.stdout, disable=not progress):
        missing = targets * np.maximum(1 - targets * (X @ ahead), 0)  # what each margin lacks to 1
        previous, W = W, ahead + inverse @ (X.T @ missing / n - reg * ahead)
        ahead = W + X.dtype.type(step / (step + 3)) * (W - previous)
    return W


def _descend(
    X: np.ndarray, y: np.ndarray, l1: float, l2: float, n_steps: int, progress: bool
) -> np.ndarray:
    """Accelerated proximal gradient descent from zero; returns W, (D, C)."""
    step = 2.0 * len(X) / _largest_eigenvalue(X)
    W = ahead = np.zeros((X.shape[1], int(y.max()) + 1), dtype=X.dtype)
    pace = 1.0
    for _ in tqdm(range(n_steps), desc="softmax", file=sys.stdout, delay=1.0, disable=not progress):
        previous = W
        W = _shrink(ahead - step * _slope(ahead, X, y), step * l1, step * l2)
        if np.vdot(ahead - W, W - previous) > 0:  # the momentum points uphill
            pace = 1.0
        next_pace = (1 + (1 + 4 * pace**2) ** 0.5) / 2
        ahead = W + X.dtype.type((pace - 1) / next_pace) * (W - previous)
        pace = next_pace
    return W


def _strengths(reg: float, kind: str, l1_ratio: float) -> tuple[float, float]:
    """The strengths of ``sum|W|`` and of ``sum(W**2)``."""
    require_choice("fit_softmax", "kind", kind, KINDS)
    require_number("fit_softmax", "reg", reg)
    require_number("fit_softmax", "l1_ratio", l1_ratio, high=1.0)
    share = {"l2": 0.0, "l1": 1.0, "elastic_net": l1_ratio}[kind]
    return reg * share, reg * (1 - share)


def _largest_eigenvalue(X: np.ndarray) -> float:
    """The largest eigenvalue of ``X.T @ X``, which is also that of ``X @ X.T``."""
    smaller = X @ X.T if len(X) < X.shape[1] else X.T @ X
    return float(np.linalg.eigvalsh(smaller)[-1])


def _slope(W: np.ndarray, X: np.ndarray, y: np.ndarray) -> np.ndarray:
    """How the mean cross-entropy changes with each weight, (D, C)."""
    scores = X @ W
    pull = np.exp(scores - np.logaddexp.reduce(scores, axis=1, keepdims=True))
    pull[np.arange(len(y)), y] -= 1
    return X.T @ pull / X.dtype.type(len(y))


def _shrink(W: np.ndarray, l1: float, l2: float) -> np.ndarray:
    """The minimizer Z of ``sum((Z - W)**2) / 2 + l1 * sum|Z| + l2 * sum(Z**2)``."""
    l1, scale = W.dtype.type(l1), W.dtype.type(1 + 2 * l2)
    return (W - np.clip(W, -l1, l1)) / scale
