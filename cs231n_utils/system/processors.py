"""How many processors there are, what a thread takes of them, and how BLAS shares them."""

import os
import time
from contextlib import AbstractContextManager, nullcontext
from functools import cache
from typing import TYPE_CHECKING

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


@cache
def _blas() -> "ThreadpoolController":
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()
