"""What a numerical gradient on CIFAR-10 costs, and how its error depends on the step.

    python benchmarks/numerical_gradient.py [FOLDER]

FOLDER holds ``cifar-10-batches-py/``; without it, CS231N_DATASETS or ``datasets/``. The dense
black-box gradient is timed on a sample of its 2 D evaluations and extrapolated.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from cs231n_utils.data import DataError, as_matrix, load_cifar10, mean_image
from cs231n_utils.losses import (
    softmax_loss,
    softmax_loss_and_gradient,
    svm_loss,
    svm_loss_and_gradient,
)
from cs231n_utils.numerical_gradient import linear_numerical_gradient
from grading.exercises.numerical_gradient.numerical_gradient_sparse import (
    numerical_gradient_sparse,
)

N_TIMED = 100
N_COORDINATES = 24
STEPS = 10.0 ** np.arange(-12, 0.1, 0.5)

Index = tuple[int, int]


def main() -> None:
    """Print the figures."""
    clone = Path(__file__).resolve().parent.parent / "datasets"
    named = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("CS231N_DATASETS")
    try:
        data = load_cifar10(Path(named or clone) / "cifar-10-batches-py")
    except DataError as error:
        sys.exit(str(error))
    X = as_matrix(data.X_dev, mean_image(data.X_train)).astype(np.float64)
    print(f"{data}\n")
    report_cost(X, data.y_dev)
    report_errors(X, data.y_dev)


def report_cost(X: NDArray, y: NDArray) -> None:
    """Compare the dense black-box gradient, extrapolated, with the one-column gradient."""
    rng = np.random.default_rng(231)
    W = rng.random((3073, 10)) * 0.001
    indices = draw_indices(rng, W.shape, N_TIMED)
    for name, loss in (("softmax", softmax_loss), ("svm", svm_loss)):
        sample = seconds(lambda: numerical_gradient_sparse(lambda V: loss(V, X, y), W, indices))  # noqa: B023
        dense = sample * W.size / N_TIMED
        fast = seconds(lambda: linear_numerical_gradient(W, X, y, loss=name))  # noqa: B023
        slopes = numerical_gradient_sparse(lambda V: loss(V, X, y), W, indices)  # noqa: B023
        columns = linear_numerical_gradient(W, X, y, loss=name)[tuple(np.transpose(indices))]
        print(f"{name}: {W.size:,} weights, {len(X)} images, float64, centered")
        print(f"  black box   {dense:8.1f} s   extrapolated from {N_TIMED} weights")
        print(f"  one column  {fast:8.2f} s   {dense / fast:.0f} times faster")
        print(f"  they agree to {np.max(np.abs(slopes - columns) / np.abs(columns)):.0e}\n")


def report_errors(X: NDArray, y: NDArray) -> None:
    """Print the lowest median error over h, and where, by loss, precision and difference."""
    rng = np.random.default_rng(231)
    W = rng.standard_normal((3073, 10)) * 0.001
    indices = draw_indices(rng, W.shape, N_COORDINATES)
    losses = {"softmax": (plain_softmax, softmax_loss_and_gradient)}
    losses["svm"] = (plain_svm, svm_loss_and_gradient)
    for name, (loss, with_gradient) in losses.items():
        exact = with_gradient(W, X, y)[1][tuple(np.transpose(indices))]
        for dtype in (np.float64, np.float32):
            V, Z = W.astype(dtype), X.astype(dtype)
            rows = [
                errors(lambda U: loss(U, Z, y), V, indices, h, exact)  # noqa: B023
                for h in tqdm(STEPS, desc=f"{name} {dtype.__name__}", leave=False)
            ]
            for kind, curve in zip(("forward", "centered"), np.transpose(rows), strict=True):
                best = np.argmin(curve)
                print(
                    f"{name:8} {dtype.__name__} {kind:9} lowest median error {curve[best]:.0e} "
                    f"at h = {STEPS[best]:.0e}"
                )


def errors(
    f: Callable[[NDArray], float], W: NDArray, indices: list[Index], h: float, exact: NDArray
) -> tuple[float, float]:
    """Median relative errors, |a - b| / max(|a|, |b|), of forward and centered differences."""
    centered = numerical_gradient_sparse(f, W, indices, h)
    at_W, forward = f(W), np.zeros(len(indices))
    for k, index in enumerate(indices):
        moved = W.copy()
        moved[index] += h
        forward[k] = (f(moved) - at_W) / h

    def error(slopes: NDArray) -> float:
        return np.median(np.abs(slopes - exact) / np.maximum(np.abs(slopes), np.abs(exact)))

    return error(forward), error(centered)


def plain_softmax(W: NDArray, X: NDArray, y: NDArray) -> np.floating:
    """Softmax loss with every operation in the precision of its arguments."""
    scores = X @ W
    scores -= scores.max(axis=1, keepdims=True)
    return np.mean(np.log(np.exp(scores).sum(axis=1)) - scores[np.arange(len(y)), y])


def plain_svm(W: NDArray, X: NDArray, y: NDArray) -> np.floating:
    """Hinge loss with every operation in the precision of its arguments."""
    scores = X @ W
    margins = np.maximum(0, scores - scores[np.arange(len(y)), y][:, np.newaxis] + 1)
    return margins.sum() / len(y) - 1


def draw_indices(rng: np.random.Generator, shape: tuple[int, int], count: int) -> list[Index]:
    """Random coordinates of a matrix."""
    return [(int(j), int(c)) for j, c in rng.integers(0, shape, size=(count, 2))]


def seconds(call: Callable[[], object]) -> float:
    """Median wall time of three calls, after one that warms up."""
    call()
    times = []
    for _ in range(3):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


if __name__ == "__main__":
    main()
