"""Say that something takes long, while it does."""

import contextlib
import sys
from collections.abc import Iterator
from threading import Timer


@contextlib.contextmanager
def told_after(seconds: float, text: str) -> Iterator[None]:
    """Print a text once a ``with`` block has run for some seconds.

    It goes where output goes now, even if the block sends its own elsewhere. Where no thread can be
    started, nothing is printed.

    Parameters
    ----------
    seconds : float
    text : str
    """
    timer = Timer(seconds, print, [text], {"file": sys.stdout, "flush": True})
    timer.daemon = True
    with contextlib.suppress(RuntimeError):
        timer.start()
    try:
        yield
    finally:
        timer.cancel()
