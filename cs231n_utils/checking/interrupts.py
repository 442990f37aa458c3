"""Interrupts while an answer is examined: never in the middle of a message."""

import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any


class Interrupts:
    """Within a ``with`` block, an interrupt ends the answer's call and nothing else.

    Elsewhere than in a call it waits for the end of the message, so that the two sides of the
    channel stay in step. Where it comes is read off the stack, which leaves no moment in between.
    A second one is raised at once: the other side may hang.

    Attributes
    ----------
    any : bool
        Whether there was one, also if the answer caught it.
    raised : bool
        Whether it was raised in a call.
    """

    def __init__(self) -> None:
        self.any = self.raised = False
        self._waiting = False

    def __enter__(self) -> "Interrupts":
        self._installed = threading.current_thread() is threading.main_thread()
        if self._installed:
            self._previous = signal.signal(signal.SIGINT, self._receive)
        return self

    def __exit__(self, *_: object) -> None:
        if self._installed:
            signal.signal(signal.SIGINT, self._previous or signal.default_int_handler)

    def allowed(self, function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        """Call a function that an interrupt ends; it goes no further, and None is returned."""
        try:
            return function(*arguments, **named)
        except KeyboardInterrupt:
            self.any = self.raised = True
            return None

    def postponed(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Call a function within such a call that an interrupt waits for."""
        result = function(*arguments)
        if self._waiting and threading.current_thread() is threading.main_thread():
            self._waiting = False
            self.raised = True
            raise KeyboardInterrupt
        return result

    def _receive(self, number: int, frame: FrameType | None) -> Any:
        again, self.any = self.any, True
        if again or _ends_call(frame):
            self.raised = True
            raise KeyboardInterrupt
        self._waiting = True


def _ends_call(frame: FrameType | None) -> bool:
    while frame is not None:
        if frame.f_code is Interrupts.postponed.__code__:
            return False
        caller = frame.f_back
        if caller is not None and caller.f_code is Interrupts.allowed.__code__:
            return True
        frame = caller
    return False
