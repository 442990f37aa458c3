"""How many processors there are, and threads of Python that multiply matrices on all of them."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache

from threadpoolctl import ThreadpoolController


def n_processors() -> int:
    """Number of processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1  # macOS, Windows


@contextmanager
def threads(n_threads: int) -> Iterator[ThreadPoolExecutor]:
    """Python threads that multiply each by itself.

    OpenBLAS would split each small product among threads of its own, which wait for one another
    in busy loops: with several Python threads that takes ten times as long.

    Parameters
    ----------
    n_threads : int
    """
    with _blas().limit(limits=1, user_api="blas"), ThreadPoolExecutor(n_threads) as pool:
        yield pool


@cache
def _blas() -> ThreadpoolController:
    return ThreadpoolController()
