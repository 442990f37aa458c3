"""What loading CIFAR-10 and making a matrix of it cost, as ratios within one run.

    python benchmarks/data_loading.py [FOLDER]

FOLDER holds ``cifar-10-batches-py/``; without it, CS231N_DATASETS or ``datasets/``. Every figure
is the median of several warm runs; memory is what ``tracemalloc`` sees NumPy allocate.
"""

import hashlib
import os
import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from cs231n_utils.cifar10.batches import FILE_NAMES
from cs231n_utils.data import DataError, as_matrix, load_cifar10, mean_image

REPEATS = 5


def main() -> None:
    """Print the figures."""
    folder = data_folder()
    try:
        data = load_cifar10(folder)
    except DataError as error:
        sys.exit(str(error))
    print(f"{data}\n")
    report_loading(folder)
    report_mean(data.X_train)
    report_matrix(data.X_train)


def data_folder() -> Path:
    """The ``cifar-10-batches-py`` folder to measure with."""
    clone = Path(__file__).resolve().parent.parent / "datasets"
    named = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("CS231N_DATASETS")
    return Path(named or clone) / "cifar-10-batches-py"


def report_loading(folder: Path) -> None:
    """Compare a warm load with a bare read of the same bytes."""

    def read() -> list[bytes]:
        return [(folder / name).read_bytes() for name in FILE_NAMES]

    n_bytes = sum(map(len, read()))
    bare, loading = seconds(read), seconds(lambda: load_cifar10(folder))
    checksums = seconds(lambda: [hashlib.md5(content).digest() for content in read()])
    print(f"bare read of {n_bytes / 1e6:.0f} MB         {bare:6.3f} s")
    print(f"load_cifar10               {loading:6.3f} s   {loading / bare:5.1f} x the bare read")
    print(
        f"read and MD5, one thread   {checksums:6.3f} s   {checksums / bare:5.1f} x the bare read"
    )
    print(
        f"load_cifar10 allocates     {peak(lambda: load_cifar10(folder)) / 1e6:6.0f} MB at most\n"
    )


def report_mean(images: np.ndarray) -> None:
    """Compare the mean image with NumPy's mean in float64, which is as exact."""
    ours = seconds(lambda: mean_image(images))
    numpy = seconds(lambda: images.mean(axis=0, dtype=np.float64))
    print(f"mean_image                 {ours:6.3f} s   {ours / numpy:5.2f} x images.mean(axis=0)\n")


def report_matrix(images: np.ndarray) -> None:
    """Compare ``as_matrix`` with the obvious expression, in time and memory."""
    mean = mean_image(images)
    flat_mean = mean.reshape(-1)

    def ours() -> np.ndarray:
        return as_matrix(images, mean)

    def obvious() -> np.ndarray:
        rows = images.reshape(len(images), -1).astype(np.float32) - flat_mean
        return np.hstack([rows, np.ones((len(images), 1), np.float32)])

    np.testing.assert_array_equal(ours(), obvious())
    n_bytes = ours().nbytes
    fast, slow = seconds(ours), seconds(obvious)
    filling = seconds(lambda: np.full((len(images), 3073), 1, np.float32))
    print(f"filling {n_bytes / 1e6:.0f} MB of float32  {filling:6.3f} s")
    print(f"as_matrix                  {fast:6.3f} s   {fast / filling:5.1f} x filling")
    print(f"the obvious expression     {slow:6.3f} s   {slow / filling:5.1f} x filling")
    bound = images.nbytes + n_bytes
    for name, call in (("as_matrix", ours), ("the obvious expression", obvious)):
        total = images.nbytes + peak(call)
        print(f"peak with {name:<22} {total / 1e6:6.0f} MB   {total / bound:5.3f} x the bound")
    print(f"the bound: uint8 images and one float32 copy, {bound / 1e6:.0f} MB")


def seconds(call: Callable[[], Any]) -> float:
    """Median wall time of a call, after one that warms up."""
    call()
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        result = call()
        times.append(time.perf_counter() - start)
        del result  # before the next run, or its memory would be counted as needed twice
    return statistics.median(times)


def peak(call: Callable[[], Any]) -> int:
    """Most bytes allocated at once while a call runs."""
    tracemalloc.start()
    try:
        call()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


if __name__ == "__main__":
    main()
