"""Slices of the SVM loss on 49,000 images: the fast path against the black-box path.

    python benchmarks/landscape.py

The black box is timed on a sub-grid and scaled to the whole grid. Exit code 1 if the fast path
is less than 50 times faster, differs by more than 1e-5, or takes 1.5 GB.
"""

import resource
import sys
import time

import numpy as np

from cs231n_utils import as_matrix, load_cifar10, mean_image
from cs231n_utils.landscape import random_direction, slice_linear, slice_loss
from cs231n_utils.losses import svm_loss

LEAST_SPEEDUP = 50
LARGEST_DIFFERENCE = 1e-5
MOST_MEMORY = 1.5e9
REG = 0.1


def main() -> int:
    """Measure both slices, print the table; 0 if all limits are kept, else 1."""
    data = load_cifar10()
    X, y = as_matrix(data.X_train, mean_image(data.X_train)), data.y_train
    rng = np.random.default_rng(231)
    W = (1e-4 * rng.standard_normal((X.shape[1], 10))).astype(np.float32)
    pair = [random_direction(W, rng) for _ in range(2)]
    print(f"{data}\n")

    print(f"{'slice':>12} {'fast':>9} {'black box':>11} {'ratio':>8} {'difference':>11}")
    kept = True
    for directions, grids, every in (
        (pair[:1], [np.linspace(-0.4, 0.4, 1_001)], 200),
        (pair, [np.linspace(-0.4, 0.4, 101)] * 2, 50),
    ):
        fast_seconds, slow_seconds, difference = measure(W, directions, X, y, grids, every)
        ratio = slow_seconds / fast_seconds
        kept &= ratio >= LEAST_SPEEDUP and difference <= LARGEST_DIFFERENCE
        name = " x ".join(str(grid.size) for grid in grids)
        times = f"{fast_seconds:7.2f} s {slow_seconds:9.0f} s"
        print(f"{name:>12} {times} {ratio:8,.0f} {difference:11.1e}")

    peak = 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # Linux counts in KiB
    print(f"\npeak memory {peak / 1e9:.2f} GB, {X.nbytes / 1e9:.2f} GB of it the images")
    return 0 if kept and peak < MOST_MEMORY else 1


def measure(
    W: np.ndarray,
    directions: list[np.ndarray],
    X: np.ndarray,
    y: np.ndarray,
    grids: list[np.ndarray],
    every: int,
) -> tuple[float, float, float]:
    """Time both paths.

    Parameters
    ----------
    W : float32 ndarray of shape (D, C)
    directions : list of float32 ndarray of shape (D, C)
    X : float32 ndarray of shape (N, D)
    y : int ndarray of shape (N,)
    grids : list of ndarray
        Steps along each direction.
    every : int
        The black box is evaluated at every so many-th step of each grid.

    Returns
    -------
    fast_seconds, slow_seconds : float
        For the whole slice, the second one scaled from the sub-grid.
    difference : float
        Largest relative difference on the sub-grid.
    """
    start = time.perf_counter()
    fast = slice_linear("svm", W, directions, X, y, grids, REG)
    fast_seconds = time.perf_counter() - start

    picks = [np.arange(0, grid.size, every) for grid in grids]
    some = [grid[pick] for grid, pick in zip(grids, picks, strict=True)]
    start = time.perf_counter()
    slow = slice_loss(lambda V: svm_loss(V, X, y, REG), W, directions, some)
    slow_seconds = (time.perf_counter() - start) * fast.size / slow.size
    return fast_seconds, slow_seconds, float(np.max(np.abs(fast[np.ix_(*picks)] / slow - 1)))


if __name__ == "__main__":
    sys.exit(main())
