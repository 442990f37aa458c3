"""Interrupts while an answer is examined: never in the middle of a message."""

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType
from typing import Any


class Interrupts:
    """Within a ``with`` block, an interrupt ends the answer's call and nothing else.

    Elsewhere than in a call it waits for the end of the message, so that the two sides of the
    channel stay in step. A second one is raised at once: the other side may hang.

    Attributes
    ----------
    any : bool
        Whether there was one, also if the answer caught it.
    """

    _current: "Interrupts | None" = None

    def __init__(self) -> None:
        self.any = False
        self._allowed = False

    def __enter__(self) -> "Interrupts":
        self._installed = threading.current_thread() is threading.main_thread()
        if self._installed:
            self._previous = signal.signal(signal.SIGINT, self._receive)
            Interrupts._current = self
        return self

    def __exit__(self, *_: object) -> None:
        if self._installed:
            Interrupts._current = None
            signal.signal(signal.SIGINT, self._previous or signal.default_int_handler)

    @contextlib.contextmanager
    def allowed(self) -> Iterator[None]:
        """Where the answer runs: an interrupt is raised there, and goes no further."""
        self._allowed = True
        try:
            yield
        except KeyboardInterrupt:
            self.any = True
        finally:
            self._allowed = False

    @classmethod
    @contextlib.contextmanager
    def postponed(cls) -> Iterator[None]:
        """In the middle of an answer's call, where a message is sent and its reply read."""
        current = cls._current
        if current is None or threading.current_thread() is not threading.main_thread():
            yield
            return
        before, current._allowed = current.any, False
        try:
            yield
        finally:
            current._allowed = True
        if current.any and not before:
            raise KeyboardInterrupt

    def _receive(self, number: int, frame: FrameType | None) -> Any:
        again, self.any = self.any, True
        if self._allowed or again:
            raise KeyboardInterrupt
