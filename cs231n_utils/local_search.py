"""Random local search on many images, as a few large matrix products, for the experiments of 03.

The random steps do not depend on which of them are accepted. So many can be drawn at once, and
the changes that they would make to the scores come from one product.
"""

import sys
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from cs231n_utils.validation import require_floats, require_linear


@dataclass(frozen=True)
class LocalSearch:
    """Where a random local search ended and how it got there.

    Attributes
    ----------
    W : ndarray of shape (D, C)
        The best weights.
    start_loss : float
        Loss before the first step.
    history : float64 ndarray of shape (n_steps,)
        Best loss after each step.
    accepted : bool ndarray of shape (n_steps,)
        Which steps lowered the loss, and so were taken.
    """

    W: NDArray
    start_loss: float
    history: NDArray
    accepted: NDArray


def local_search(
    X: NDArray,
    y: NDArray,
    W0: NDArray,
    n_steps: int,
    step: float,
    rng: np.random.Generator,
    *,
    stack: int = 50,
    progress: bool = True,
) -> LocalSearch:
    """Lower the SVM loss of a linear classifier by random steps, keeping improvements only.

    Parameters
    ----------
    X : float32 or float64 ndarray of shape (N, D)
        Images as rows, bias column included.
    y : int ndarray of shape (N,)
        Labels in ``0..C-1``.
    W0 : ndarray of shape (D, C) and the dtype of `X`
        Where the search starts; it is not changed.
    n_steps : int
        Steps to try.
    step : float
        Standard deviation of each of the D * C numbers of a step.
    rng : Generator
        Draws the steps.
    stack : int
        Steps that share a product. Memory for ``stack * C * N`` scores is needed.
    progress : bool
        Show a progress bar with the time left.

    Returns
    -------
    LocalSearch
        The loss is the mean multiclass hinge loss, without regularization.

    Raises
    ------
    TypeError, ValueError
        If the dtypes, or the shapes, of `X`, `y` and `W0` do not fit together.
    """
    require_floats("local_search", "X", X)
    require_floats("local_search", "W0", W0, [X.dtype.type])
    require_linear("local_search", W0, X, y, weights="W0")
    W, (n_inputs, n_classes) = W0, W0.shape
    scores = W.T @ X.T  # (C, N), so that the scores of a class are contiguous
    start_loss = best_loss = _hinge(scores.copy(), y)
    history, accepted = np.empty(n_steps), np.zeros(n_steps, dtype=bool)
    with tqdm(
        total=n_steps, desc="local search", unit="step", file=sys.stdout, disable=not progress
    ) as bar:
        for first in range(0, n_steps, stack):
            size = min(stack, n_steps - first)
            steps = rng.standard_normal((size, n_classes, n_inputs), dtype=X.dtype)
            steps *= X.dtype.type(step)
            changes = (steps.reshape(-1, n_inputs) @ X.T).reshape(size, n_classes, len(X))
            for i in range(size):
                loss = _hinge(scores + changes[i], y)
                if loss < best_loss:
                    best_loss, W = loss, W + steps[i].T
                    scores += changes[i]
                    accepted[first + i] = True
                history[first + i] = best_loss
            bar.update(size)
    return LocalSearch(W, start_loss, history, accepted)


def _hinge(scores: NDArray, y: NDArray) -> float:
    """Mean hinge loss of scores (C, N), which are overwritten."""
    scores -= scores[y, np.arange(y.size)]
    scores += 1
    margins = np.maximum(scores, 0, out=scores)
    # The sum holds the correct class's own margin, which is exactly 1 and does not count.
    return float(margins.sum(dtype=np.float64)) / y.size - 1
