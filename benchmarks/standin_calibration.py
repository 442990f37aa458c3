"""Does the drawn stand-in still behave as CIFAR-10 does? Measured figures against their bands.

    python benchmarks/standin_calibration.py

Five to twelve minutes on two cores. Exit code 1 if a figure is out of its band.
"""

from __future__ import annotations

import argparse
import math
import os
import sys
import time
from typing import NamedTuple

import numpy as np
from tqdm import tqdm, trange

from cs231n_utils.standin import draw_cifar10

N_TRAIN, N_TEST, N_CLASSES = 50_000, 10_000, 10
ROWS_AT_ONCE = 5_000


class Band(NamedTuple):
    """The range of mean test accuracies in which the lessons drawn from an experiment hold.

    One run of random search strays from the mean by .013 (standard deviation), on CIFAR-10 too.
    """

    low: float
    high: float = math.inf


BANDS = {
    "random search, 1,000 tries": Band(0.14, 0.19),
    "random local search, 1,000 steps": Band(0.19, 0.24),
    "linear classifier by minibatch SGD": Band(0.38, 0.43),
    "HOG + hue histogram, linear": Band(0.47, 0.54),
    "HOG + hue above linear by": Band(0.06),
}


class Split(NamedTuple):
    """Training and test rows with their labels."""

    X_train: np.ndarray
    y_train: np.ndarray
    X_test: np.ndarray
    y_test: np.ndarray


def main() -> int:
    """Draw, measure, print the table; 0 if every figure is in its band, else 1."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--image-seed", type=int, default=0, help="seed of the drawn images")
    parser.add_argument("--runs", type=int, default=5, help="runs of each experiment (default 5)")
    parser.add_argument("--workers", type=int, default=os.cpu_count(), help="processes that draw")
    arguments = parser.parse_args()

    start = time.perf_counter()
    images, labels = draw_cifar10(arguments.image_seed, N_TRAIN, N_TEST, arguments.workers)
    print(f"{len(images):,} images drawn in {time.perf_counter() - start:.0f} s")
    figures = measure(images, labels.astype(np.intp), arguments.runs)

    print(f"\n{'test accuracy':36}{'band':>12}{'mean':>8}   runs")
    all_in_band = True
    for name, band in BANDS.items():
        mean = float(np.mean(figures[name]))
        in_band = band.low <= mean <= band.high
        all_in_band &= in_band
        limits = f"{band.low:.2f} - {band.high:.2f}" if band.high < 1 else f">= {band.low:.2f}"
        runs = "  ".join(f"{figure:.3f}" for figure in figures[name])
        verdict = "" if in_band else "   OUT OF BAND"
        print(f"{name:36}{limits:>12}{mean:8.3f}   {runs}{verdict}")
    return 0 if all_in_band else 1


def measure(images: np.ndarray, labels: np.ndarray, n_runs: int) -> dict[str, list[float]]:
    """Test accuracies of the four experiments, one for each run, and the last's lead.

    Parameters
    ----------
    images : uint8 ndarray of shape (60_000, 32, 32, 3)
        Training images first.
    labels : int ndarray of shape (60_000,)
        Classes 0..9.
    n_runs : int
        Runs of each experiment, with random streams of their own.

    Returns
    -------
    dict of str to list of float
        With the keys of ``BANDS``.
    """
    experiments = {
        "random search, 1,000 tries": random_search,
        "random local search, 1,000 steps": random_local_search,
        "linear classifier by minibatch SGD": minibatch_sgd,
    }
    pixels = _split(_centered_pixels(images), labels)
    figures = {
        name: [
            _accuracy(
                experiment(pixels.X_train, pixels.y_train, np.random.default_rng(run)), pixels
            )
            for run in range(n_runs)
        ]
        for name, experiment in experiments.items()
    }
    features = _split(_standardized(hog_and_hue(images)), labels)
    hog_accuracy = _accuracy(converged_softmax(features.X_train, features.y_train), features)
    figures["HOG + hue histogram, linear"] = [hog_accuracy]
    figures["HOG + hue above linear by"] = [
        hog_accuracy - linear for linear in figures["linear classifier by minibatch SGD"]
    ]
    return figures


# -------------------------------------------------------------------------------- experiments


def random_search(X: np.ndarray, y: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Of 1,000 draws of ``randn * 0.0001``, the one with the least SVM loss."""
    n_tries, stack = 1_000, 100
    best_loss, best_W = np.inf, None
    for _ in trange(0, n_tries, stack, desc="Random search", unit="stack"):
        candidates = 1e-4 * rng.standard_normal((stack, X.shape[1], N_CLASSES), np.float32)
        losses = np.zeros(stack)
        for rows in _row_blocks(len(X)):
            scores = _stacked_scores(X[rows], candidates)
            losses += [_summed_hinge(one, y[rows]) for one in scores]
        if losses.min() < best_loss:
            best_loss, best_W = losses.min(), candidates[losses.argmin()]
    return best_W


def random_local_search(X: np.ndarray, y: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """1,000 steps of ``randn * 0.0001`` from ``randn * 0.001``, taken if the SVM loss falls.

    The steps do not depend on which of them are taken, so the changes of the scores that 50 of
    them would make come from one product.
    """
    n_steps, stack = 1_000, 50
    W = 1e-3 * rng.standard_normal((X.shape[1], N_CLASSES), np.float32)
    scores = X @ W
    best_loss = _summed_hinge(scores, y)
    for _ in trange(0, n_steps, stack, desc="Random local search", unit="stack"):
        steps = 1e-4 * rng.standard_normal((stack, *W.shape), np.float32)
        for step, change in zip(steps, _stacked_scores(X, steps), strict=True):
            loss = _summed_hinge(scores + change, y)
            if loss < best_loss:
                best_loss, W, scores = loss, W + step, scores + change
    return W


def minibatch_sgd(X: np.ndarray, y: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Softmax, learning rate 1e-6, no regularization, batches of 256, 8 epochs."""
    n_epochs, batch_size, learning_rate = 8, 256, 1e-6
    W = 1e-4 * rng.standard_normal((X.shape[1], N_CLASSES), np.float32)
    for _ in trange(n_epochs, desc="Minibatch SGD", unit="epoch"):
        order = rng.permutation(len(X))
        for start in range(0, len(X), batch_size):
            batch = order[start : start + batch_size]
            W -= learning_rate * _softmax_gradient(W, X[batch], y[batch])
    return W


def converged_softmax(X: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Full-batch softmax, no regularization: Nesterov's method, 1,000 steps.

    By then the loss no longer moves in its fourth digit.
    """
    n_steps = 1_000
    # The Hessian of the softmax loss is at most half the second moment of the inputs.
    step_size = np.float32(2 / np.linalg.eigvalsh(X.T @ X / len(X))[-1])
    W = ahead = np.zeros((X.shape[1], N_CLASSES), np.float32)
    for step in trange(n_steps, desc="Softmax on HOG + hue", unit="step"):
        previous, W = W, ahead - step_size * _softmax_gradient(ahead, X, y)
        ahead = W + np.float32(step / (step + 3)) * (W - previous)
    return W


# ----------------------------------------------------------------------------------- features


def hog_and_hue(images: np.ndarray) -> np.ndarray:
    """HOG (cells of 8, 9 unsigned bins) and a hue histogram (10 bins): float32 (N, 154)."""
    blocks = tqdm(_row_blocks(len(images)), desc="HOG + hue", unit="block")
    return np.concatenate(
        [np.hstack([_hog(part), _hue_histogram(part)]) for part in map(images.__getitem__, blocks)]
    )


def _hog(images: np.ndarray, cell: int = 8, n_bins: int = 9) -> np.ndarray:
    gray = images @ np.array([0.299, 0.587, 0.114], np.float32)
    dx, dy = np.zeros_like(gray), np.zeros_like(gray)
    dx[:, :, 1:-1] = gray[:, :, 2:] - gray[:, :, :-2]
    dy[:, 1:-1] = gray[:, 2:] - gray[:, :-2]
    angle = np.arctan2(dy, dx) % np.float32(np.pi)
    angle_bin = np.minimum((angle * (n_bins / np.pi)).astype(np.intp), n_bins - 1)
    n, height, width = gray.shape
    cell_of_row = np.arange(height)[:, None] // cell
    cell_index = cell_of_row * (width // cell) + np.arange(width) // cell
    n_cells = (height // cell) * (width // cell)
    slot = (np.arange(n)[:, None, None] * n_cells + cell_index) * n_bins + angle_bin
    magnitude = np.sqrt(dx**2 + dy**2)
    sums = np.bincount(slot.ravel(), magnitude.ravel(), minlength=n * n_cells * n_bins)
    return (sums / cell**2).reshape(n, -1).astype(np.float32)


def _hue_histogram(images: np.ndarray, n_bins: int = 10) -> np.ndarray:
    red, green, blue = np.moveaxis(images.astype(np.float32), -1, 0)
    highest = np.maximum(np.maximum(red, green), blue)
    chroma = highest - np.minimum(np.minimum(red, green), blue)
    divisor = np.where(chroma > 0, chroma, 1)
    sextant = np.where(
        highest == red,
        (green - blue) / divisor % 6,
        np.where(highest == green, (blue - red) / divisor + 2, (red - green) / divisor + 4),
    )
    hue_bin = np.minimum((sextant * (n_bins / 6)).astype(np.intp), n_bins - 1)
    n, n_pixels = len(images), images[0, :, :, 0].size
    slot = np.arange(n)[:, None] * n_bins + hue_bin.reshape(n, -1)
    counts = np.bincount(slot.ravel(), minlength=n * n_bins)
    return (counts / n_pixels).reshape(n, n_bins).astype(np.float32)


# ------------------------------------------------------------------------------------ numbers


def _centered_pixels(images: np.ndarray) -> np.ndarray:
    """Float32 rows with the mean training image subtracted and a last column of ones."""
    X = np.ones((len(images), images[0].size + 1), np.float32)
    X[:, :-1] = images.reshape(len(images), -1)
    X[:, :-1] -= X[:N_TRAIN, :-1].mean(axis=0, dtype=np.float64).astype(np.float32)
    return X


def _standardized(features: np.ndarray) -> np.ndarray:
    training = features[:N_TRAIN]
    scaled = (features - training.mean(axis=0)) / (training.std(axis=0) + 1e-6)
    return np.hstack([scaled, np.ones((len(features), 1), np.float32)])


def _split(X: np.ndarray, y: np.ndarray) -> Split:
    return Split(X[:N_TRAIN], y[:N_TRAIN], X[N_TRAIN:], y[N_TRAIN:])


def _accuracy(W: np.ndarray, data: Split) -> float:
    return float(((data.X_test @ W).argmax(axis=1) == data.y_test).mean())


def _row_blocks(n: int) -> list[slice]:
    return [slice(start, start + ROWS_AT_ONCE) for start in range(0, n, ROWS_AT_ONCE)]


def _stacked_scores(X: np.ndarray, stack: np.ndarray) -> np.ndarray:
    """``X @ W`` for every W of a stack by one product: (S, D, C) gives (S, N, C)."""
    n_stacked, n_inputs, n_classes = stack.shape
    wide = stack.transpose(1, 0, 2).reshape(n_inputs, n_stacked * n_classes)
    return (X @ wide).reshape(len(X), n_stacked, n_classes).transpose(1, 0, 2)


def _summed_hinge(scores: np.ndarray, y: np.ndarray) -> float:
    correct = scores[np.arange(len(y)), y]
    margins = np.maximum(scores - correct[:, None] + 1, 0)
    # Each image's own class adds a margin of exactly 1.
    return margins.sum(dtype=np.float64) - len(y)


def _softmax_gradient(W: np.ndarray, X: np.ndarray, y: np.ndarray) -> np.ndarray:
    scores = X @ W
    probabilities = np.exp(scores - scores.max(axis=1, keepdims=True))
    probabilities /= probabilities.sum(axis=1, keepdims=True)
    probabilities[np.arange(len(y)), y] -= 1
    return X.T @ probabilities / np.float32(len(y))


if __name__ == "__main__":
    sys.exit(main())
