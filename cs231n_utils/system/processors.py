"""How many processors there are, the threads that keep all of them busy, and what those take."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cache
from typing import TYPE_CHECKING, Any

from . import IN_BROWSER

if TYPE_CHECKING:
    from threadpoolctl import ThreadpoolController

thread_time = time.process_time if IN_BROWSER else time.thread_time
"""Seconds of processor time that this thread has taken; in a browser there is no other."""


def n_processors() -> int:
    """Number of processors that this process may use."""
    if IN_BROWSER:
        return 1
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1  # macOS and Windows have no affinity


class _InTurn(Executor):
    """Does each task as it is handed in, where no thread can be started."""

    def submit(self, work: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future:
        task: Future = Future()
        try:
            task.set_result(work(*arguments, **named))
        except Exception as error:
            task.set_exception(error)
        return task


def thread_pool(n_threads: int) -> Executor:
    """Threads to hand tasks to; in a browser, where there are none, tasks are done in turn."""
    return _InTurn() if IN_BROWSER else ThreadPoolExecutor(n_threads)


def blas_in_one_thread() -> AbstractContextManager:
    """Matrix products that each stay on one processor.

    OpenBLAS would split every product among threads that wait for one another in busy loops: what
    thousands of small ones gain is little, and beside another process each waits until the last
    thread gets a processor.
    """
    if IN_BROWSER:  # where NumPy has no such library
        return nullcontext()
    return _blas().limit(limits=1, user_api="blas")


def keep_blas_in_one_thread() -> None:
    """`blas_in_one_thread` from now on, for a notebook of many small products."""
    blas_in_one_thread()  # the limit holds as soon as it is made, and is lifted by no one


@contextmanager
def threads(most: int) -> Iterator[Executor]:
    """Python threads that multiply each by itself, at most as many as there are processors.

    With several of them, those of OpenBLAS would take ten times as long (`blas_in_one_thread`).

    Parameters
    ----------
    most : int
        Upper bound on their number, however many processors there are.
    """
    with blas_in_one_thread(), thread_pool(min(most, n_processors())) as pool:
        yield pool


def in_blocks(
    work: Callable[[slice], None],
    n: int,
    block: int,
    most_threads: int,
    shown_as: str = "",
    delay: float = 0.0,
) -> None:
    """Call a function on every block of rows, in `threads`.

    Parameters
    ----------
    work : callable
        Takes a slice of the rows.
    n, block : int
        Number of rows, in all and in a block.
    most_threads : int
    shown_as : str
        Name of a progress bar; empty shows none.
    delay : float
        Seconds until the bar is shown.
    """
    from tqdm import tqdm  # slow to import, and not needed for the rest

    blocks = [slice(start, min(start + block, n)) for start in range(0, n, block)]
    with (
        threads(most_threads) as pool,
        tqdm(
            total=n,
            desc=shown_as,
            unit="image",
            file=sys.stdout,
            delay=delay,
            disable=not shown_as,
        ) as bar,
    ):
        for rows, _ in zip(blocks, pool.map(work, blocks), strict=True):
            bar.update(rows.stop - rows.start)


@cache
def _blas() -> "ThreadpoolController":
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()
