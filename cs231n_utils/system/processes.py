"""Processes that help this one, and end when it does, however it ends."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

# Python in a browser has no `_multiprocessing`: what imports it is imported where it is used.
if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor


def end_as_by_ctrl_c() -> None:
    """Have signals that would end this process on the spot raise KeyboardInterrupt instead.

    Then blocks that end what they have started are left in order. A signal that is ignored, as
    SIGHUP is under ``nohup``, stays so.
    """
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)  # Windows has no SIGHUP
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler)


def end_with_parent() -> None:
    """Have a process that multiprocessing has started end as soon as the one that started it does.

    By itself it would wait for work forever after its parent was killed. Does nothing in a process
    that was started otherwise.
    """
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_after, args=(parent.sentinel,), daemon=True).start()


def _end_after(sentinel: int) -> None:
    from multiprocessing.connection import wait

    wait([sentinel])
    os._exit(1)


@contextmanager
def worker_processes(n_workers: int) -> "Iterator[ProcessPoolExecutor]":
    """Fresh processes that share out work; an exception in the block ends them at once.

    They are started anew on every platform: a fork would copy locked threads, such as those of a
    notebook's kernel, and open database connections.

    Parameters
    ----------
    n_workers : int
    """
    from concurrent.futures import ProcessPoolExecutor

    others = multiprocessing.active_children()
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(n_workers, context, initializer=_be_worker) as pool:
        try:
            yield pool
        except BaseException:
            for process in multiprocessing.active_children():
                if process not in others:
                    process.terminate()
            pool.shutdown(cancel_futures=True)
            raise


def _be_worker() -> None:
    # Ctrl-C reaches the whole process group; the main process ends the pool.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent()
