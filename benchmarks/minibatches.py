"""What an epoch of minibatches costs beside its bare matrix products, and what training reaches.

    python benchmarks/minibatches.py [--no-accuracy] [FOLDER]

FOLDER holds ``cifar-10-batches-py/``; without it, CS231N_DATASETS or ``datasets/``. Times are
ratios within one run, the medians of several. About two minutes on two cores. Exit code 1 if a
figure is out of its band. The stream copies images on one thread, so its ratio is that of products
on one thread as well: set OPENBLAS_NUM_THREADS=1.
"""

import argparse
import sys
import time
from collections.abc import Callable

import numpy as np
from timing import seconds

from cs231n_utils import as_matrix, load_cifar10, mean_image
from cs231n_utils.data import Cifar10
from cs231n_utils.losses import softmax_loss_and_gradient, svm_loss_and_gradient
from cs231n_utils.training import minibatches, train
from grading.exercises.minibatch_sgd.train_linear_classifier import train_linear_classifier
from grading.exercises.minibatch_sgd.train_sgd import train_sgd

BATCH_SIZE = 256
MOST_TIMES_BARE = 1.3
LEAST_ACCURACY, MOST_SECONDS = 0.39, 30.0


def main() -> int:
    """Print the figures; 0 if all are in their bands, else 1."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--no-accuracy", action="store_true", help="measure the stream alone")
    parser.add_argument("folder", nargs="?", help="folder of cifar-10-batches-py")
    arguments = parser.parse_args()

    data = load_cifar10(arguments.folder)
    print(data, "\n")
    mean = mean_image(data.X_train)
    X, y = as_matrix(data.X_train, mean), data.y_train
    in_band = report_stream(X, y)
    report_batch_sizes(X, y)
    if not arguments.no_accuracy:
        in_band &= report_accuracy(data, mean, X, y)
    return 0 if in_band else 1


def report_stream(X: np.ndarray, y: np.ndarray) -> bool:
    """Compare an epoch of products on streamed batches with the same on slices of X."""
    rng = np.random.default_rng(0)
    W = 1e-4 * rng.standard_normal((X.shape[1], 10), dtype=np.float32)
    dscores = rng.standard_normal((10, BATCH_SIZE), dtype=np.float32)

    def products(images: np.ndarray) -> None:
        np.dot(images, W)
        np.dot(dscores[:, : len(images)], images)

    def bare() -> None:
        for start in range(0, len(X), BATCH_SIZE):
            products(X[start : start + BATCH_SIZE])

    def streamed() -> None:
        for images, _ in minibatches(X, y, BATCH_SIZE, rng):
            products(images)

    def textbook() -> None:
        order = rng.permutation(len(X))
        for start in range(0, len(X), BATCH_SIZE):
            rows = order[start : start + BATCH_SIZE]
            _ = y[rows]
            products(X[rows])

    def loss_on_slices() -> None:
        for start in range(0, len(X), BATCH_SIZE):
            rows = slice(start, start + BATCH_SIZE)
            softmax_loss_and_gradient(W, X[rows], y[rows])

    def trained() -> None:
        train(softmax_loss_and_gradient, W, X, y, step_size=1e-6, n_epochs=1, rng=rng, show=None)

    def student() -> None:
        train_sgd(softmax_loss_and_gradient, W, X, y, 1e-6, 0.0, BATCH_SIZE, 1, rng)

    names = {
        "bare products, in order": bare,
        "minibatches + products": streamed,
        "X[rows] + products": textbook,
        "softmax loss and gradient, in order": loss_on_slices,
        "train: stream, loss, gradient, step": trained,
        "train_sgd (the exercise's reference)": student,
    }
    times = seconds(*names.values())
    print(f"an epoch over {len(X):,} images in batches of {BATCH_SIZE}")
    for name, spent in zip(names, times, strict=True):
        print(f"  {name:38}{spent:6.2f} s  {spent / times[0]:5.2f} x bare")
    print()
    return times[1] <= MOST_TIMES_BARE * times[0]


def report_batch_sizes(X: np.ndarray, y: np.ndarray) -> None:
    """Print the time of an epoch for several batch sizes, powers of two and their neighbors."""
    rng = np.random.default_rng(0)
    W = 1e-4 * rng.standard_normal((X.shape[1], 10), dtype=np.float32)
    sizes = (1, 4, 16, 32, 63, 64, 65, 128, 255, 256, 257, 512, 1024, 4096)

    def epoch_of(size: int) -> Callable[[], None]:
        part = slice(0, min(len(X), max(512, 2 * size)))

        def run() -> None:
            for images, labels in minibatches(X[part], y[part], size, rng):
                softmax_loss_and_gradient(W, images, labels)

        return run

    times = seconds(*map(epoch_of, sizes))
    print("batch size against time an epoch (stream, loss, gradient)")
    for size, spent in zip(sizes, times, strict=True):
        print(f"  {size:5d}  {spent * len(X) / max(512, 2 * size):7.2f} s")
    print()


def report_accuracy(data: Cifar10, mean: np.ndarray, X: np.ndarray, y: np.ndarray) -> bool:
    """Train softmax and SVM, and the exercise's reference with its own search."""
    X_val, X_test = as_matrix(data.X_val, mean), as_matrix(data.X_test, mean)
    in_band = True
    settings = (
        ("softmax", softmax_loss_and_gradient, 1e-6, 0.0),
        ("SVM", svm_loss_and_gradient, 2e-7, 1e3),
    )
    W0 = np.zeros((X.shape[1], 10), dtype=np.float32)
    for name, loss_and_grad, step_size, reg in settings:
        W, history = train(
            loss_and_grad,
            W0,
            X,
            y,
            step_size=step_size,
            reg=reg,
            n_epochs=12,
            rng=np.random.default_rng(231),
            schedule=lambda step, total: 1.0 if step < 2 * total / 3 else 0.1,
            show=None,
        )
        in_band &= _in_band(name, W, X_test, data.y_test, history.seconds)
    start = time.perf_counter()
    W = train_linear_classifier(X, y, X_val, data.y_val, np.random.default_rng(231))
    spent = time.perf_counter() - start
    return in_band & _in_band("train_linear_classifier, with search", W, X_test, data.y_test, spent)


def _in_band(name: str, W: np.ndarray, X: np.ndarray, y: np.ndarray, spent: float) -> bool:
    accuracy = np.mean(np.argmax(X @ W, axis=1) == y)
    print(f"{name:38}test accuracy {accuracy:.3f} in {spent:5.1f} s")
    return bool(accuracy >= LEAST_ACCURACY and spent <= MOST_SECONDS)


if __name__ == "__main__":
    sys.exit(main())
