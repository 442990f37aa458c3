"""Results that were recorded on a quick computer, for places where they would take minutes.

On the full data every experiment runs. On the small data, which a browser uses, one that trains
for too long shows what the same cell once gave on the same data. ``grading.handout.recording``
writes the records, which lie in ``recordings/``.
"""

import json
import platform
import time
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cs231n_utils.data import Cifar10

__all__ = ["record", "results"]

RECORDINGS = Path(__file__).parent / "recordings"

_SOURCE = "source"
"""The entry that says where the others come from, as JSON."""

Results = Mapping[str, NDArray]


def results(name: str, data: Cifar10, compute: Callable[[], Results]) -> Results:
    """What an experiment gives: computed on the full data, read from its record on the small.

    Parameters
    ----------
    name : str
        Number of the notebook and a name of its own, such as "09-convnet".
    data : Cifar10
        The data that the experiment uses.
    compute : callable
        Runs the experiment on `data`.

    Returns
    -------
    mapping of str to ndarray
        Recorded floating-point numbers have four digits or more.
    """
    if data.size == "full":
        return compute()
    with np.load(RECORDINGS / f"{name}.npz", allow_pickle=False) as kept:
        found = {key: kept[key] for key in kept.files}
    source = json.loads(str(found.pop(_SOURCE)))
    print(
        f"Recorded, not computed now: this training took {source['seconds']:.0f} s on the small "
        f"data on {source['date']} (NumPy {source['numpy']}, {source['machine']}); in a browser it "
        "would take many minutes."
    )
    return {key: _widened(value) for key, value in found.items()}


def record(name: str, data: Cifar10, compute: Callable[[], Results]) -> Results:
    """Run an experiment on the small data, and write what `results` will then give.

    Floating-point numbers are kept in half precision, which is enough to draw and to classify.
    """
    if data.size == "full":
        raise ValueError("record got the full data, expected the small: set CS231N_SIZE=small.")
    start = time.process_time()
    found = compute()
    source = {
        "seconds": time.process_time() - start,
        "date": date.today().isoformat(),
        "numpy": np.__version__,
        "machine": platform.machine(),
    }
    narrow = {
        key: value.astype(np.float16) if np.asarray(value).dtype.kind == "f" else value
        for key, value in ((key, np.asarray(value)) for key, value in found.items())
    }
    RECORDINGS.mkdir(exist_ok=True)
    np.savez_compressed(RECORDINGS / f"{name}.npz", **narrow, **{_SOURCE: json.dumps(source)})
    return found


def _widened(value: NDArray) -> NDArray:
    return value.astype(np.float32) if value.dtype.kind == "f" else value
