"""What image features cost and what a linear classifier reaches with them on CIFAR-10.

    python benchmarks/features.py [--words K] [--code soft|triangle] [--extra] [FOLDER]

FOLDER holds ``cifar-10-batches-py/``; without it, CS231N_DATASETS or ``datasets/``. Prints
seconds, processor seconds, accuracies, peak memory, and ratios within this run. With the usual 400
words one to two minutes on two free cores; time and memory grow with the words. ``--extra`` gives
the words all that was found to help a linear classifier (75 % take 800 words) and measures nothing
else. Exit code 1 if a figure is out of its band.
"""

import argparse
import resource
import sys
import time
from collections.abc import Callable

import numpy as np

from cs231n_utils import features, layers, load_cifar10
from cs231n_utils.fitting import fit_one_vs_all_svm
from cs231n_utils.optimizers import cosine_schedule, momentum
from cs231n_utils.training import train
from grading.exercises.image_features.hog_features import hog_features
from grading.exercises.image_features.hue_histogram import hue_histogram

QUIET = {"progress": False}
LEAST = {"HOG + hue, linear": 0.50, "HOG + hue, network": 0.60, "words": 0.70}
MOST_MEMORY_GB = 3.0
LEAST_EXTRA, MOST_MEMORY_EXTRA_GB = 0.75, 5.0
REGS = (0.001, 0.003, 0.01)


def main() -> int:
    """Print the figures; 0 if accuracies and memory are in their bands, else 1."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--words", type=int, default=400, help="visual words (default 400)")
    parser.add_argument("--code", default="soft", choices=("soft", "triangle"))
    parser.add_argument("--extra", action="store_true", help="the way to 75 %% and beyond")
    parser.add_argument("folder", nargs="?", help="folder of cifar-10-batches-py")
    arguments = parser.parse_args()

    data = load_cifar10(arguments.folder)
    print(data, "\n")
    if arguments.extra:
        accuracy = report_extra(data, arguments.words, arguments.code)
        return 0 if accuracy >= LEAST_EXTRA and peak_memory() < MOST_MEMORY_EXTRA_GB else 1
    simple = report_simple_features(data)
    words, reached = report_words(data, arguments.words, arguments.code)
    reached |= report_classifiers(data, simple, words)
    good = all(reached[name] >= least for name, least in LEAST.items())
    return 0 if good and peak_memory() < MOST_MEMORY_GB else 1


def report_simple_features(data) -> list[np.ndarray]:
    """Time HOG and hue of all images, beside the plain definitions; return them side by side."""
    few = data.X_train[:500]
    _, plain = timed(lambda: (hog_features(few), hue_histogram(few, 10)))
    sets = (data.X_train, data.X_val, data.X_test)
    n_images = sum(map(len, sets))

    def fast() -> list[np.ndarray]:
        return [
            np.hstack([features.hog_features(x, **QUIET), features.hue_histogram(x, 10, **QUIET)])
            for x in sets
        ]

    simple, seconds = timed(fast)
    report(f"HOG + hue of {n_images:,} images", seconds)
    plain_all = plain[0] * n_images / len(few)
    print(f"{'the plain definitions':38} {plain_all / seconds[0]:6.1f} x as long\n")
    return simple


def report_words(data, n_words: int, code: str) -> tuple[list[np.ndarray], dict[str, float]]:
    """Time the way from patches to a trained classifier; return the features and the accuracy."""
    rng = np.random.default_rng(231)
    book, learning = timed(lambda: features.learn_codebook(data.X_train, n_words, rng, **QUIET))
    report(f"patches, whitening, k-means, K = {n_words}", learning)
    sets = (data.X_train, data.X_val, data.X_test)
    words, encoding = timed(lambda: [features.encode(x, book, code=code, **QUIET) for x in sets])
    report(f"encoding, {code}", encoding)

    def product() -> None:
        rows = np.ones((196, book.words.shape[1] + 1), dtype=np.float32)
        matrix = np.ones((book.words.shape[1] + 1, n_words), dtype=np.float32)
        for _ in range(2000):
            rows @ matrix

    _, bare = timed(product)
    patches = sum(map(len, sets)) * 27 * 27
    bare_cpu = bare[1] / (2000 * 196) * patches
    print(f"{'':38} {encoding[1] / bare_cpu:6.1f} x the bare product, processor time")
    accuracy, training = timed(lambda: linear_on(words, data))
    report("decorrelating and training", training)
    total = learning[0] + encoding[0] + training[0], learning[1] + encoding[1] + training[1]
    report("end to end", total)
    print(f"{'test accuracy':38} {accuracy:.4f}\n")
    return words, {"words": accuracy}


def report_extra(data, n_words: int, code: str) -> float:
    """Measure visual words of images and mirror images, their square roots, and an exact SVM.

    Print the stages; return the test accuracy. The validation set chooses the penalty and is
    learned from afterwards.
    """
    start = time.perf_counter(), time.process_time()
    rng = np.random.default_rng(231)
    book, learning = timed(lambda: features.learn_codebook(data.X_train, n_words, rng))
    report(f"patches, whitening, k-means, K = {n_words}", learning)
    images = np.concatenate([data.X_train, data.X_val])
    y = np.concatenate([data.y_train, data.y_val])
    words, encoding = timed(lambda: [both_ways(x, book, code) for x in (images, data.X_test)])
    report(f"encoding, {code}, and mirrored", encoding)
    scaled = list(features.standardize(*words))
    words.clear()
    X, X_test = (with_bias(scaled.pop(0)) for _ in range(2))

    n_train = len(data.X_train)
    scores = {}
    for reg in REGS:
        W, fitting = timed(lambda reg=reg: fit_one_vs_all_svm(X[:n_train], data.y_train, reg))
        scores[reg] = float(np.mean((X[n_train:] @ W).argmax(axis=1) == data.y_val))
        report(f"SVM, reg = {reg}, validation {scores[reg]:.3f}", fitting)
    W, fitting = timed(lambda: fit_one_vs_all_svm(X, y, max(scores, key=scores.get)))
    report(f"SVM on all {len(y):,} images", fitting)
    report("end to end", (time.perf_counter() - start[0], time.process_time() - start[1]))
    accuracy = float(np.mean((X_test @ W).argmax(axis=1) == data.y_test))
    print(f"{'test accuracy':38} {accuracy:.4f}")
    return accuracy


def both_ways(images: np.ndarray, book: features.Codebook, code: str) -> np.ndarray:
    """Square roots of the answers to each image and its mirror image together."""
    answers = features.encode(images, book, code=code)
    answers += features.encode(images[:, :, ::-1], book, code=code)
    return np.sqrt(answers, out=answers)


def with_bias(X: np.ndarray) -> np.ndarray:
    """``X`` with a last column of ones."""
    return np.hstack([X, np.ones((len(X), 1), dtype=X.dtype)])


def report_classifiers(data, simple, words) -> dict[str, float]:
    """Train on HOG + hue, alone and beside the words; print and return test accuracies."""
    sets = features.standardize(*simple)
    reached = {
        "HOG + hue, linear": accuracy_on(sets, data, step_size=0.02, n_epochs=8),
        "HOG + hue, network": accuracy_on(
            sets, data, hidden=(500,), step_size=0.05, reg=1e-3, n_epochs=12
        ),
    }
    together = [np.hstack(pair) for pair in zip(words, simple, strict=True)]
    words.clear()
    reached["words + HOG + hue"] = linear_on(together, data)
    for name, accuracy in reached.items():
        print(f"{name:38} {accuracy:.4f}")
    return reached


def linear_on(sets: list[np.ndarray], data) -> float:
    """Test accuracy of a linear classifier on decorrelated features."""
    return accuracy_on(features.decorrelate(*sets), data, step_size=0.01, reg=1e-3, n_epochs=8)


def accuracy_on(
    sets: tuple[np.ndarray, ...], data, hidden: tuple[int, ...] = (), **options
) -> float:
    """Test accuracy of a classifier trained as in notebook 08."""
    X_train, _, X_test = sets
    rng = np.random.default_rng(231)
    net = layers.FullyConnectedNet(rng, (X_train.shape[1], *hidden, 10))
    params, _ = train(
        net.loss_and_gradients,
        net.params,
        X_train,
        data.y_train,
        rng=rng,
        rule=momentum,
        schedule=cosine_schedule,
        show=None,
        **options,
    )
    return layers.accuracy(net.scores(params, X_test), data.y_test)


def timed(work: Callable) -> tuple[object, tuple[float, float]]:
    """What ``work`` returns, and its seconds on the clock and on the processors."""
    start = time.perf_counter(), time.process_time()
    result = work()
    return result, (time.perf_counter() - start[0], time.process_time() - start[1])


def peak_memory() -> float:
    """Print and return the largest size of this process so far, in GB."""
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9
    print(f"\npeak memory {memory:.2f} GB")
    return memory


def report(name: str, seconds: tuple[float, float]) -> None:
    """Print one line of times."""
    print(f"{name:38} {seconds[0]:6.1f} s, {seconds[1]:.1f} s of processors", flush=True)


if __name__ == "__main__":
    sys.exit(main())
