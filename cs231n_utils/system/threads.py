"""Threads that keep all processors busy."""

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from tqdm import tqdm

from . import IN_BROWSER
from .processors import blas_in_one_thread, n_processors


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
