"""Processes that help this one, and end when it does, however it ends."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.connection import wait


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
    """End this process, which multiprocessing has started, as soon as its parent has ended.

    Of itself it would wait for work for ever where the parent is killed.
    """
    parent = multiprocessing.parent_process()

    def watch() -> None:
        wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, name="parent", daemon=True).start()


@contextmanager
def worker_processes(n_workers: int) -> Iterator[ProcessPoolExecutor]:
    """Fresh processes that share out work; an exception in the block ends them at once.

    They are started anew on every platform: a fork would copy locked threads, such as those of a
    notebook's kernel, and open database connections.

    Parameters
    ----------
    n_workers : int
    """
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
