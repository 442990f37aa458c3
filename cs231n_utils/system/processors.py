"""How many processors there are, and the threads and processes that keep all of them busy."""

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from multiprocessing import get_context

from threadpoolctl import ThreadpoolController


def n_processors() -> int:
    """Number of processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1  # macOS and Windows have no affinity


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


def worker_processes(n_workers: int) -> ProcessPoolExecutor:
    """Processes that start anew on every platform, and leave Ctrl-C to the main process.

    A fork of a notebook's kernel would copy its threads' locks, and nobody would open them.

    Parameters
    ----------
    n_workers : int
    """
    return ProcessPoolExecutor(n_workers, get_context("spawn"), initializer=_ignore_interrupts)


def _ignore_interrupts() -> None:
    """Ctrl-C reaches the whole process group; the main process ends the pool."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@cache
def _blas() -> ThreadpoolController:
    return ThreadpoolController()
