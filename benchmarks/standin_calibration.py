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
from tqdm import trange

from cs231n_utils import as_matrix, mean_image
from cs231n_utils.cifar10.standin import draw_cifar10
from cs231n_utils.features import hog_features, hue_histogram, standardize
from cs231n_utils.fitting import fit_softmax
from cs231n_utils.local_search import local_search
from cs231n_utils.losses import softmax_loss_and_gradient
from cs231n_utils.training import train
from grading.exercises.random_search.random_search_batched import random_search_batched

N_TRAIN, N_TEST, N_CLASSES = 50_000, 10_000, 10


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
    pixels = _split(as_matrix(images, mean_image(images[:N_TRAIN])), labels)
    figures = {
        name: [
            _accuracy(
                experiment(pixels.X_train, pixels.y_train, np.random.default_rng(run)), pixels
            )
            for run in range(n_runs)
        ]
        for name, experiment in experiments.items()
    }
    features = _split(_hog_and_hue(images), labels)
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
    found = [
        random_search_batched(X, y, stack, 1e-4, rng)
        for _ in trange(0, n_tries, stack, desc="random search", unit="stack")
    ]
    return min(found, key=lambda one: one[1])[0]


def random_local_search(X: np.ndarray, y: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """1,000 steps of ``randn * 0.0001`` from ``randn * 0.001``, taken if the SVM loss falls."""
    start = 1e-3 * rng.standard_normal((X.shape[1], N_CLASSES), np.float32)
    return local_search(X, y, start, 1_000, 1e-4, rng).W


def minibatch_sgd(X: np.ndarray, y: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Softmax, learning rate 1e-6, no regularization, batches of 256, 8 epochs."""
    start = 1e-4 * rng.standard_normal((X.shape[1], N_CLASSES), np.float32)
    loss = softmax_loss_and_gradient
    return train(loss, start, X, y, step_size=1e-6, n_epochs=8, rng=rng, show="bar")[0]


def converged_softmax(X: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Full-batch softmax, no regularization: after 1,000 steps the loss hardly moves."""
    return fit_softmax(X, y, reg=0.0, n_steps=1_000)


# ------------------------------------------------------------------------------------ numbers


def _hog_and_hue(images: np.ndarray) -> np.ndarray:
    """HOG and a hue histogram, standardized, and a last column of ones: float32 (N, 155)."""
    features = np.hstack([hog_features(images), hue_histogram(images)])
    scaled = np.vstack(standardize(features[:N_TRAIN], features[N_TRAIN:]))
    return np.hstack([scaled, np.ones((len(images), 1), np.float32)])


def _split(X: np.ndarray, y: np.ndarray) -> Split:
    return Split(X[:N_TRAIN], y[:N_TRAIN], X[N_TRAIN:], y[N_TRAIN:])


def _accuracy(W: np.ndarray, data: Split) -> float:
    return float(((data.X_test @ W).argmax(axis=1) == data.y_test).mean())


if __name__ == "__main__":
    sys.exit(main())
