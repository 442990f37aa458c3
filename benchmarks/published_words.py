"""The recipe that was published with 77.9 % on CIFAR-10, step by step: what does it reach here?

    python benchmarks/published_words.py [--words K] [--seed SEED] [--jpeg] [--peer]
                                         [--scratch FOLDER] [FOLDER]
    python benchmarks/published_words.py --jpeg-cost N [N ...] [--draws DRAWS] ...

Coates, Lee and Ng, "An analysis of single-layer networks in unsupervised feature learning",
AISTATS 2011, with 1,600 words: 6 x 6 patches, contrast normalization, ZCA whitening, k-means,
triangle code of every patch, sums over quarters, L2 SVM with a cross-validated penalty.

FOLDER holds ``cifar-10-batches-py/``; without it, CS231N_DATASETS or ``datasets/``. ``--jpeg``
sends the images through JPEG first. ``--peer`` adds the same steps by scikit-learn.
``--jpeg-cost`` cross-validates on the first N images of each batch, as they are and through JPEG.

What is learned and encoded is written block by block to the scratch folder, so that 2 GB of memory
are enough and a run that was stopped goes on where it was; at the end the folder is emptied again.
Exit code 1 if the accuracy is out of its band.
"""

import argparse
import hashlib
import io
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from PIL import Image
from tqdm import tqdm

from cs231n_utils import features, load_cifar10
from cs231n_utils.fitting import fit_one_vs_all_svm
from cs231n_utils.system.files import written_whole

SIDE, PATCHES_OF_AN_IMAGE, N_ITERS = 6, 8, 15
BLOCK_IMAGES, BLOCK_FEATURES = 2_000, 400
N_HELD_OUT = 10_000
REGS = (0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
JPEG_QUALITY = 75
N_FOLDS, SHARES = 5, (0.25, 0.5, 1.0)
LEAST = {200: 0.655, 1600: 0.715}


def main() -> int:
    """Print the stages and the accuracy; 0 if it is in its band, else 1."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--words", type=int, default=200, help="visual words (default 200)")
    parser.add_argument("--seed", type=int, default=231, help="of patches and k-means")
    parser.add_argument("--jpeg", action="store_true", help=f"quality {JPEG_QUALITY}, 4:2:0")
    parser.add_argument("--peer", action="store_true", help="the same steps by scikit-learn")
    parser.add_argument("--jpeg-cost", type=int, nargs="+", metavar="N", help="images of a batch")
    parser.add_argument("--draws", type=int, default=2, help="of words, for the cost (default 2)")
    parser.add_argument("--scratch", type=Path, default=Path("datasets/published-words"))
    parser.add_argument("folder", nargs="?", help="folder of cifar-10-batches-py")
    arguments = parser.parse_args()

    data = load_cifar10(arguments.folder)
    print(data, "\n")
    images = np.concatenate([data.X_train, data.X_val, data.X_test])
    y = np.concatenate([data.y_train, data.y_val, data.y_test])
    n_train = len(y) - len(data.y_test)
    del data
    k, seed, scratch = arguments.words, arguments.seed, arguments.scratch
    if arguments.jpeg_cost:
        first = [10_000 * i + np.arange(n) for i, n in enumerate(arguments.jpeg_cost)]
        of_batches = np.concatenate(first)
        seeds = range(seed, seed + arguments.draws)
        report_jpeg_cost(images[of_batches], y[of_batches], k, seeds, scratch)
        return 0
    if arguments.jpeg:
        images = through_jpeg(images)

    X = published_features(images, n_train, k, seed, scratch)
    reg = best_penalty(X[:n_train], y[:n_train], N_HELD_OUT)
    W = fit_one_vs_all_svm(X[:n_train], y[:n_train], reg)
    accuracy = report(f"{k:,} words", (X[n_train:] @ W).argmax(axis=1) == y[n_train:])
    if arguments.peer:
        report("by scikit-learn", peer_is_right(images, y, n_train, k, seed, reg))
    shutil.rmtree(folder_of(X))
    return 0 if accuracy >= LEAST.get(k, 0) else 1


def report(name: str, is_right: np.ndarray) -> float:
    """Print and return the mean, with its standard error over the images."""
    accuracy, error = is_right.mean(), is_right.std() / np.sqrt(len(is_right))
    print(f"{name:40} {accuracy:7.4f} +- {error:.4f}", flush=True)
    return float(accuracy)


def report_jpeg_cost(
    images: np.ndarray, y: np.ndarray, n_words: int, seeds: Iterable[int], scratch: Path
) -> None:
    """Print the cross-validated accuracy on images, on their JPEG copies, and the difference.

    Words and scale are learned from all the images, without labels; the SVM from all folds but
    one, or a share of these.
    """
    versions = {"as they are": images, f"JPEG, quality {JPEG_QUALITY}": through_jpeg(images)}
    folds = np.array_split(np.random.default_rng(0).permutation(len(y)), N_FOLDS)
    is_right = np.zeros((len(SHARES), len(versions), len(y)))
    used = []
    for seed in seeds:
        for version, pixels in enumerate(versions.values()):
            X = published_features(pixels, len(y), n_words, seed, scratch)
            used.append(folder_of(X))
            for i, share in enumerate(SHARES):
                is_right[i, version] += cross_validated(X, y, folds, share) / len(seeds)
    for i, share in enumerate(SHARES):
        print(f"{n_words:,} words, SVM on {share * len(y) * (1 - 1 / N_FOLDS):,.0f} images")
        for version, name in enumerate(versions):
            report(name, is_right[i, version])
        report("the difference", is_right[i, 0] - is_right[i, 1])
    for folder in used:
        shutil.rmtree(folder)


def cross_validated(
    X: np.ndarray, y: np.ndarray, folds: list[np.ndarray], share: float
) -> np.ndarray:
    """Whether each row is classified right by an SVM that learned from other folds."""
    is_right, reg = np.empty(len(y), dtype=bool), None
    for fold, tested in enumerate(folds):
        rest = np.concatenate(folds[:fold] + folds[fold + 1 :])
        rest = rest[: round(share * len(rest))]
        reg = reg or best_penalty(X[rest], y[rest], len(rest) // N_FOLDS)
        W = fit_one_vs_all_svm(X[rest], y[rest], reg, progress=False)
        is_right[tested] = (X[tested] @ W).argmax(axis=1) == y[tested]
    return is_right


def through_jpeg(images: np.ndarray) -> np.ndarray:
    """What is left of images (N, H, W, 3) after JPEG, with color at half the resolution."""
    out = np.empty_like(images)
    for image, copy in zip(tqdm(images, desc="JPEG", file=sys.stdout), out, strict=True):
        file = io.BytesIO()
        Image.fromarray(image).save(file, "JPEG", quality=JPEG_QUALITY, subsampling="4:2:0")
        copy[:] = Image.open(file)
    return out


def published_features(
    images: np.ndarray, n_train: int, n_words: int, seed: int, scratch: Path
) -> np.ndarray:
    """Standardized answers of the words to all images, and a last column of ones.

    Parameters
    ----------
    images : uint8 ndarray of shape (N, H, W, 3)
        Training images first; the words and the scale are learned from these alone.
    n_train, n_words : int
        Number of training images, and of words K.
    seed : int
        Of patches and the start of k-means.
    scratch : Path
        A folder of the same images and numbers in it is gone on with: what is there is not
        computed again.

    Returns
    -------
    float32 memmap of shape (N, 4 * K + 1)
    """
    digest = hashlib.sha256(images).hexdigest()[:12]
    folder = scratch / f"{digest}-{n_train}-{n_words}-{seed}"
    book = learned(images[:n_train], n_words, np.random.default_rng(seed), folder / "words.npz")
    blocks = encoded(images, book, folder)
    X = np.lib.format.open_memmap(
        folder / "features.npy", "w+", np.float32, (len(images), 4 * n_words + 1)
    )
    X[:, -1] = 1
    # All images, few features at a time: each feature is scaled by itself.
    for start in range(0, 4 * n_words, BLOCK_FEATURES):
        columns = slice(start, min(start + BLOCK_FEATURES, 4 * n_words))
        answers = np.concatenate([block[:, columns] for block in blocks])
        train, others = features.standardize(answers[:n_train], answers[n_train:])
        X[:n_train, columns], X[n_train:, columns] = train, others
    return X


def folder_of(X: np.memmap) -> Path:
    """Where a run keeps what it has computed."""
    return Path(X.filename).parent


def learned(
    images: np.ndarray, n_words: int, rng: np.random.Generator, file: Path
) -> features.Codebook:
    """Words of the published recipe, which keeps all directions; from the file if it is there."""
    n_patches = PATCHES_OF_AN_IMAGE * len(images)
    patches = features.normalize_contrast(features.extract_patches(images, SIDE, n_patches, rng))
    white = features.whitening(patches, keep=1.0)
    if not file.exists():
        words, inertias = features.kmeans(white.apply(patches), n_words, N_ITERS, rng)
        print(f"the last round of k-means gained {1 - inertias[-1] / inertias[-2]:.3%}")
        with written_whole(file) as out:
            np.savez(out, words=words, inertias=inertias)
    with np.load(file) as saved:
        return features.Codebook(SIDE, white, saved["words"], saved["inertias"])


def encoded(images: np.ndarray, book: features.Codebook, folder: Path) -> list[np.ndarray]:
    """Answers to the images (memmaps of shape (n, 4 * K)), block by block, in files."""
    files = []
    starts = range(0, len(images), BLOCK_IMAGES)
    for start in tqdm(starts, desc="encoding", unit="block", file=sys.stdout):
        files.append(folder / f"images-{start}.npy")
        if not files[-1].exists():
            block = images[start : start + BLOCK_IMAGES]
            with written_whole(files[-1]) as out:
                np.save(out, features.encode(block, book, code="triangle", progress=False))
    return [np.load(file, mmap_mode="r") for file in files]


def best_penalty(X: np.ndarray, y: np.ndarray, n_held_out: int) -> float:
    """The penalty of the SVM that does best on the last rows, which are held out."""
    scores = {}
    for reg in REGS:
        W = fit_one_vs_all_svm(X[:-n_held_out], y[:-n_held_out], reg, progress=False)
        scores[reg] = np.mean((X[-n_held_out:] @ W).argmax(axis=1) == y[-n_held_out:])
        print(f"SVM, reg {reg}: {scores[reg]:.4f} of the held-out", flush=True)
    return max(scores, key=scores.get)


def peer_is_right(
    images: np.ndarray, y: np.ndarray, n_train: int, n_words: int, seed: int, reg: float
) -> np.ndarray:
    """Whether each test image is classified right by scikit-learn, in float64, image by image."""
    from sklearn.cluster import KMeans
    from sklearn.feature_extraction.image import extract_patches_2d
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from sklearn.svm import LinearSVC

    def patches_of(image: np.ndarray, **options) -> np.ndarray:
        patches = extract_patches_2d(image, (SIDE, SIDE), **options).reshape(-1, 3 * SIDE**2)
        centered = patches - patches.mean(axis=1, keepdims=True)
        return centered / np.sqrt(patches.var(axis=1, ddof=1, keepdims=True) + 10)

    few = {"max_patches": PATCHES_OF_AN_IMAGE, "random_state": np.random.RandomState(seed)}
    patches = np.concatenate([patches_of(image, **few) for image in images[:n_train]])
    mean = patches.mean(axis=0)
    variances, directions = np.linalg.eigh(np.cov(patches.T))
    zca = directions / np.sqrt(variances + 0.1) @ directions.T
    words = KMeans(n_words, init="random", max_iter=N_ITERS, tol=0, random_state=seed)
    words.fit((patches - mean) @ zca)

    def answers(image: np.ndarray) -> np.ndarray:
        distances = words.transform((patches_of(image) - mean) @ zca)
        code = np.maximum(0, distances.mean(axis=1, keepdims=True) - distances)
        places = code.reshape(27, 27, n_words)
        halves = slice(14), slice(14, None)
        return np.ravel([places[i, j].sum(axis=(0, 1)) for i in halves for j in halves])

    X = np.array([answers(image) for image in tqdm(images, desc="scikit-learn", file=sys.stdout)])
    svm = make_pipeline(StandardScaler(), LinearSVC(C=1 / (2 * n_train * reg), dual=False))
    return svm.fit(X[:n_train], y[:n_train]).predict(X[n_train:]) == y[n_train:]


if __name__ == "__main__":
    sys.exit(main())
