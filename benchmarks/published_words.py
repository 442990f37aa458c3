"""The recipe that was published with 77.9 % on CIFAR-10, step by step: what does it reach here?

    python benchmarks/published_words.py [--words K] [--jpeg QUALITY] [--seed SEED]
                                         [--scratch FOLDER] [FOLDER]

Coates, Lee and Ng, "An analysis of single-layer networks in unsupervised feature learning",
AISTATS 2011, with 1,600 words: 6 x 6 patches, contrast normalization, ZCA whitening, k-means,
triangle code of every patch, sums over quarters, L2 SVM with a cross-validated penalty.

FOLDER holds ``cifar-10-batches-py/``; without it, CS231N_DATASETS or ``datasets/``. ``--jpeg``
sends the images through JPEG first. What is learned and encoded is written block by block to the
scratch folder, so that 2 GB of memory are enough and a run that was stopped goes on where it was;
at the end the folder is emptied again. Exit code 1 if the accuracy is out of its band.
"""

import argparse
import hashlib
import io
import shutil
import sys
import time
from pathlib import Path

import numpy as np
from PIL import Image
from tqdm import tqdm

from cs231n_utils import features, load_cifar10
from cs231n_utils.fitting import fit_one_vs_all_svm
from cs231n_utils.system.files import written_whole

N_PATCHES, N_ITERS = 400_000, 50
BLOCK_IMAGES, BLOCK_FEATURES = 2_000, 400
N_HELD_OUT = 10_000
REGS = (0.0003, 0.001, 0.003, 0.01, 0.03)
LEAST = {200: 0.64, 400: 0.68, 800: 0.71, 1600: 0.73}


def main() -> int:
    """Print the stages and the accuracy; 0 if it is in its band, else 1."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--words", type=int, default=200, help="visual words (default 200)")
    parser.add_argument("--jpeg", type=int, metavar="QUALITY", help="e.g. 75")
    parser.add_argument("--seed", type=int, default=231, help="of patches and k-means")
    parser.add_argument("--scratch", type=Path, default=Path("datasets/published-words"))
    parser.add_argument("folder", nargs="?", help="folder of cifar-10-batches-py")
    arguments = parser.parse_args()

    data = load_cifar10(arguments.folder)
    print(data, "\n")
    images = np.concatenate([data.X_train, data.X_val, data.X_test])
    y = np.concatenate([data.y_train, data.y_val])
    y_test = data.y_test
    del data
    if arguments.jpeg:
        images = through_jpeg(images, arguments.jpeg)

    settings = f"{arguments.words}-{arguments.seed}-{hashlib.sha256(images).hexdigest()[:12]}"
    scratch = arguments.scratch / settings
    X = published_features(images, len(y), arguments.words, arguments.seed, scratch)
    del images
    n_held_out = min(N_HELD_OUT, len(y) // 5)
    W = fit_cross_validated(X[: len(y)], y, n_held_out)
    accuracy = float(np.mean((X[len(y) :] @ W).argmax(axis=1) == y_test))
    error = np.sqrt(accuracy * (1 - accuracy) / len(y_test))
    print(f"\n{arguments.words:,} words: test accuracy {accuracy:.4f} +- {error:.4f}")
    shutil.rmtree(scratch)
    return 0 if accuracy >= LEAST.get(arguments.words, 0) else 1


def through_jpeg(images: np.ndarray, quality: int) -> np.ndarray:
    """What is left of images (N, H, W, 3) after JPEG, with color at half the resolution."""
    out = np.empty_like(images)
    for image, copy in zip(tqdm(images, desc="JPEG", file=sys.stdout), out, strict=True):
        file = io.BytesIO()
        Image.fromarray(image).save(file, "JPEG", quality=quality, subsampling="4:2:0")
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
        Folder of this run: whatever of it is there already is not computed again.

    Returns
    -------
    float32 memmap of shape (N, 4 * K + 1)
    """
    book = learned(images[:n_train], n_words, np.random.default_rng(seed), scratch / "words.npz")
    blocks = encoded(images, book, scratch)
    X = np.lib.format.open_memmap(
        scratch / "features.npy", "w+", np.float32, (len(images), 4 * n_words + 1)
    )
    X[:, -1] = 1
    # All images, few features at a time: each feature is scaled by itself.
    for start in range(0, 4 * n_words, BLOCK_FEATURES):
        columns = slice(start, min(start + BLOCK_FEATURES, 4 * n_words))
        answers = np.concatenate([block[:, columns] for block in blocks])
        train, others = features.standardize(answers[:n_train], answers[n_train:])
        X[:n_train, columns], X[n_train:, columns] = train, others
    return X


def learned(
    images: np.ndarray, n_words: int, rng: np.random.Generator, file: Path
) -> features.Codebook:
    """Words of the published recipe, which keeps all directions; from the file if it is there."""
    patches = features.normalize_contrast(features.extract_patches(images, 6, N_PATCHES, rng))
    white = features.whitening(patches, keep=1.0)
    if not file.exists():
        words, inertias = features.kmeans(white.apply(patches), n_words, N_ITERS, rng)
        print(f"the last round of k-means gained {1 - inertias[-1] / inertias[-2]:.3%}")
        with written_whole(file) as out:
            np.savez(out, words=words, inertias=inertias)
    with np.load(file) as saved:
        return features.Codebook(6, white, saved["words"], saved["inertias"])


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


def fit_cross_validated(X: np.ndarray, y: np.ndarray, n_held_out: int) -> np.ndarray:
    """SVM on all of X, with the penalty that does best on the last rows if they are held out."""
    scores = {}
    for reg in REGS:
        start = time.perf_counter()
        W = fit_one_vs_all_svm(X[:-n_held_out], y[:-n_held_out], reg, progress=False)
        scores[reg] = np.mean((X[-n_held_out:] @ W).argmax(axis=1) == y[-n_held_out:])
        seconds = time.perf_counter() - start
        print(f"SVM, reg {reg}: {scores[reg]:.4f} of the held-out, {seconds:.0f} s", flush=True)
    return fit_one_vs_all_svm(X, y, max(scores, key=scores.get))


if __name__ == "__main__":
    sys.exit(main())
