"""What random search and random local search reach on CIFAR-10, and what stacking tries saves.

    python benchmarks/random_search.py [--seeds N] [FOLDER]

FOLDER holds ``cifar-10-batches-py/``; without it, CS231N_DATASETS or ``datasets/``. Times are
ratios within one run, the medians of several. About five minutes on two cores. Exit code 1 if a
figure is out of its band.
"""

import argparse
import statistics
import sys

import numpy as np
from timing import seconds
from tqdm import trange

from cs231n_utils import as_matrix, load_cifar10, mean_image
from cs231n_utils.local_search import local_search
from cs231n_utils.losses import svm_loss
from grading.exercises.loss_functions.svm_loss_vectorized import svm_loss_vectorized
from grading.exercises.random_search.random_search_batched import random_search_batched

N_TRIES, STACK = 1_000, 100
BANDS = {"random search": (0.13, 0.18), "random local search": (0.19, 0.235)}
LEAST_SPEEDUP, LEAST_SHARE_OF_PRODUCT_RATE = 4.0, 0.6


def main() -> int:
    """Print the figures; 0 if those with the mean subtracted are in their bands, else 1."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=5, help="runs of each search (default 5)")
    parser.add_argument("folder", nargs="?", help="folder of cifar-10-batches-py")
    arguments = parser.parse_args()

    data = load_cifar10(arguments.folder)
    print(data, "\n")
    mean = mean_image(data.X_train)
    X, y = as_matrix(data.X_train, mean), data.y_train
    X_test, y_test = as_matrix(data.X_test, mean), data.y_test

    in_band = report_speed(X, y)
    figures = accuracies(X, y, X_test, y_test, arguments.seeds)
    offset = np.append(mean.reshape(-1), 0).astype(np.float32)
    X += offset  # This is done in place, since a second copy of the images would take 600 MB.
    X_test += offset
    raw = accuracies(X, y, X_test, y_test, arguments.seeds)
    for name, (low, high) in BANDS.items():
        report(f"{name}, mean subtracted", figures[name])
        report(f"{name}, raw pixels", raw[name])
        in_band &= all(low <= figure <= high for figure in figures[name])
    return 0 if in_band else 1


def report_speed(X: np.ndarray, y: np.ndarray) -> bool:
    """Compare the stacked search with one product per try and with the bare product."""
    rng = np.random.default_rng(0)
    W = 1e-4 * rng.standard_normal((X.shape[1], 10), dtype=np.float32)
    wide = rng.standard_normal((X.shape[1], 10 * STACK), dtype=np.float32)

    product, stacked, plain, blocked = seconds(
        lambda: X[:5000] @ wide,
        lambda: random_search_batched(X, y, STACK, 1e-4, rng),
        lambda: svm_loss_vectorized(W, X, y, 0.0),
        lambda: svm_loss(W, X, y),
    )
    product, plain, blocked = product / 5000 * len(X), STACK * plain, STACK * blocked
    operations = 2 * X.shape[0] * X.shape[1] * 10 * STACK
    print(f"float32 product            {operations / product / 1e9:6.0f} Gflop/s")
    print(f"{STACK} tries, stacked         {stacked:6.2f} s, {product / stacked:.0%} of that rate")
    print(f"{STACK} tries, one by one      {plain:6.2f} s, {plain / stacked:.1f} x the stacked")
    print(
        f"{STACK} tries by svm_loss      {blocked:6.2f} s, {blocked / stacked:.1f} x the stacked\n"
    )
    fast = min(plain, blocked) / stacked >= LEAST_SPEEDUP
    return fast and product / stacked >= LEAST_SHARE_OF_PRODUCT_RATE


def accuracies(
    X: np.ndarray, y: np.ndarray, X_test: np.ndarray, y_test: np.ndarray, n_seeds: int
) -> dict[str, list[float]]:
    """Test accuracies of both searches, one for each seed."""
    figures: dict[str, list[float]] = {name: [] for name in BANDS}
    for seed in trange(n_seeds, desc="seeds", unit="seed"):
        rng = np.random.default_rng(seed)
        tries = [random_search_batched(X, y, STACK, 1e-4, rng) for _ in range(N_TRIES // STACK)]
        W, _, _ = min(tries, key=lambda found: found[1])
        figures["random search"].append(accuracy(W, X_test, y_test))
        W0 = 1e-3 * rng.standard_normal(W.shape, dtype=np.float32)
        walk = local_search(X, y, W0, N_TRIES, 1e-4, rng, progress=False)
        figures["random local search"].append(accuracy(walk.W, X_test, y_test))
    return figures


def accuracy(W: np.ndarray, X: np.ndarray, y: np.ndarray) -> float:
    """Fraction of the images whose highest score is that of their label."""
    return float(np.mean(np.argmax(X @ W, axis=1) == y))


def report(name: str, figures: list[float]) -> None:
    """Print the figures of one search with mean and standard deviation."""
    runs = "  ".join(f"{figure:.3f}" for figure in figures)
    spread = statistics.stdev(figures) if len(figures) > 1 else 0.0
    print(f"{name:38}{runs}   mean {statistics.mean(figures):.3f}, sd {spread:.3f}")


if __name__ == "__main__":
    sys.exit(main())
