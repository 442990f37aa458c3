"""How many processors there are, and the threads that keep all of them busy."""

import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache

from threadpoolctl import ThreadpoolController
from tqdm import tqdm


def n_processors() -> int:
    """Number of processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1  # macOS and Windows have no affinity


@contextmanager
def threads(most: int) -> Iterator[ThreadPoolExecutor]:
    """Python threads that multiply each by itself, at most as many as there are processors.

    OpenBLAS would split each small product among threads of its own, which wait for one another
    in busy loops: with several Python threads that takes ten times as long.

    Parameters
    ----------
    most : int
        Upper bound on their number, however many processors there are.
    """
    n_threads = min(most, n_processors())
    with _blas().limit(limits=1, user_api="blas"), ThreadPoolExecutor(n_threads) as pool:
        yield pool


def in_blocks(
    work: Callable[[slice], None], n: int, block: int, most_threads: int, shown_as: str = ""
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
    """
    blocks = [slice(start, min(start + block, n)) for start in range(0, n, block)]
    with (
        threads(most_threads) as pool,
        tqdm(total=n, desc=shown_as, unit="image", file=sys.stdout, disable=not shown_as) as bar,
    ):
        for rows, _ in zip(blocks, pool.map(work, blocks), strict=True):
            bar.update(rows.stop - rows.start)


@cache
def _blas() -> ThreadpoolController:
    return ThreadpoolController()
