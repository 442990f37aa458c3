"""Times contenders side by side; the benchmarks beside this file import it."""

import statistics
import time
from collections.abc import Callable

REPEATS = 5


def seconds(*calls: Callable[[], object]) -> list[float]:
    """Median wall time of each call, in turns, so that a busy machine slows all alike."""
    times: list[list[float]] = [[] for _ in calls]
    for _ in range(REPEATS + 1):
        for call, record in zip(calls, times, strict=True):
            start = time.perf_counter()
            call()
            record.append(time.perf_counter() - start)
    return [statistics.median(record[1:]) for record in times]  # the first call warms up
