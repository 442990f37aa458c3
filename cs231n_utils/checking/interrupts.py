"""Interrupts while an answer is examined: never in the middle of a message."""

import signal
import threading
from collections.abc import Callable
from types import CodeType, FrameType
from typing import Any

_INTERRUPTIBLE: set[CodeType] = set()


def interruptible(function: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a function that runs code of an answer: there an interrupt is raised."""
    _INTERRUPTIBLE.add(function.__code__)
    return function


class Interrupts:
    """Within a ``with`` block, an interrupt ends the answer's call and nothing else.

    Elsewhere it waits, so that the two sides of the channel stay in step. Where it comes is read
    off the stack, which leaves no moment in between. A second one is raised at once: the other side
    may hang.

    Attributes
    ----------
    any : bool
        Whether there was one, also if the answer caught it.
    raised : bool
        Whether it was raised in the answer.
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

    def postponed(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Call a function in the middle of an answer that an interrupt waits for."""
        result = function(*arguments)
        if self._waiting and threading.current_thread() is threading.main_thread():
            self._waiting = False
            self.raised = True
            raise KeyboardInterrupt
        return result

    def _receive(self, number: int, frame: FrameType | None) -> Any:
        again, self.any = self.any, True
        if again or _in_answer(frame):
            self.raised = True
            raise KeyboardInterrupt
        self._waiting = True


def _in_answer(frame: FrameType | None) -> bool:
    while frame is not None:
        if frame.f_code is Interrupts.postponed.__code__:
            return False
        if frame.f_code in _INTERRUPTIBLE:
            return True
        frame = frame.f_back
    return False
