"""The conversation of one kernel with one oracle."""

import builtins
import contextlib
import os
import sys
from collections.abc import Callable
from os import getpid
from pathlib import Path
from threading import Lock, get_ident
from typing import Any, BinaryIO

from ..system import IN_BROWSER
from ..system.patience import told_after
from .channel import CAUGHT, ChannelError, Opaque, Recipe, pack, receive, send
from .interrupts import Interrupts
from .local import oracle_in_browser, oracle_process
from .observe import describe_error, observe
from .verdict import Verdict

INTERRUPTED: dict[str, Any] = {
    **{"outcome": "interrupted", "value": None, "error": None},
    **{"after": [], "usage": {}, "work": 0, "memory": 0},
}
LONG = 5
"""Seconds after which a check says that it is still running."""
ORACLE_FD = "CS231N_ORACLE_FD"
"""Environment variable: the file descriptor of a channel to an oracle already running."""


class OracleClient:
    """The conversation with one oracle, kept for the life of the kernel.

    Attributes
    ----------
    local : bool
        Whether the oracle is the student's own, which teaches as well.
    answer_ran : bool
        Whether the answer judged last did more than say that it is not written yet.
    """

    _current: "OracleClient | None" = None

    def __init__(self, reader: BinaryIO, writer: BinaryIO, *, local: bool = False):
        self._reader, self._writer = reader, writer
        self.local = local
        self.answer_ran = False
        self._exchange = Lock()
        self._judging: int | None = None
        self._calls = 0
        self._out_of_step = False

    @classmethod
    def current(cls) -> "OracleClient | None":
        """The channel in use; opens one if an oracle is available, else None."""
        if cls._current is None:
            cls._current = cls._inherited() or cls._local()
        return cls._current

    @classmethod
    def open_ahead(cls) -> None:
        """In a notebook, start the oracle now, so that it is ready when a first check asks it."""
        if "ipykernel" in sys.modules and not IN_BROWSER:
            with contextlib.suppress(OSError):  # the check that needs it will say so
                cls.current()

    @classmethod
    def opened(cls) -> "OracleClient | None":
        """The channel in use, None if none is open."""
        return cls._current

    @classmethod
    def forget(cls) -> None:
        """Drop a channel that is broken or out of step; a new one opens when needed."""
        if cls._current is not None and ORACLE_FD not in os.environ:
            for stream in (cls._current._writer, cls._current._reader):
                with contextlib.suppress(OSError):
                    stream.close()
            cls._current = None

    @classmethod
    def _inherited(cls) -> "OracleClient | None":
        if ORACLE_FD not in os.environ:
            return None
        descriptor = int(os.environ[ORACLE_FD])
        return cls(open(descriptor, "rb", closefd=False), open(descriptor, "wb", closefd=False))

    @classmethod
    def _local(cls) -> "OracleClient | None":
        root = course_root()
        if root is None:
            return None
        if IN_BROWSER:
            oracle = oracle_in_browser()
            return cls(oracle, oracle, local=True)
        return cls(*oracle_process(root), local=True)

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """Ask a local oracle for anything but a verdict."""
        send(self._writer, request)
        return receive(self._reader, recipes=True)

    def judge(self, function: Callable[..., Any], exercise: str) -> Verdict:
        """Have an answer examined; an interrupt ends the call that it is in, and the examination.

        Not judged while another check runs, which shares the channel.
        """
        if self._judging is not None:
            return Verdict(exercise, judged=False, message=_busy(exercise, self._judging))
        self._judging = get_ident()
        self.answer_ran = False
        try:
            waiting = (
                f"check({exercise}) has been running for {LONG} seconds. To stop it, press the "
                "square button above; the card will say in which line it was."
            )
            # Nobody waits where work is graded.
            telling = told_after(LONG, waiting) if self.local else contextlib.nullcontext()
            with telling, Interrupts() as interrupts:
                message = self._answered({"op": "judge", "exercise": exercise})
                while message["op"] != "verdict":
                    observed = self._observed(function, message, interrupts)
                    message = self._answered(observed)
                return Verdict(**message["verdict"])
        finally:
            self._judging = None

    def _answered(self, message: dict[str, Any]) -> dict[str, Any]:
        """Send a message, and receive the next call or the verdict."""
        packed = _packed(message)
        with self._exchange:
            if self._out_of_step:
                raise KeyboardInterrupt
            self._calls += 1
            return self._exchanged(packed, recipes=True)

    def _exchanged(self, packed: bytes, *, recipes: bool = False) -> dict[str, Any]:
        self._writer.write(packed)
        self._writer.flush()
        return receive(self._reader, recipes=recipes)

    def _observed(
        self, function: Callable[..., Any], call: dict[str, Any], interrupts: Interrupts
    ) -> dict[str, Any]:
        arguments = [
            self._with_functions(interrupts, *placed) for placed in enumerate(call["arguments"])
        ]
        observed = INTERRUPTED
        if not interrupts.any:
            observed = observe(function, arguments, count_work=call["count_work"])
        if interrupts.any and observed["outcome"] != "interrupted":
            caught = describe_error(KeyboardInterrupt(CAUGHT), None)
            observed = {**INTERRUPTED, "error": caught if interrupts.raised else None}
        unwritten = (observed["error"] or {}).get("type") == "NotImplementedError"
        self.answer_ran = self.answer_ran or not unwritten
        return {"op": "observed", **observed}

    def _with_functions(self, interrupts: Interrupts, place: int, argument: Any) -> Any:
        """An argument; of a recipe of functions, what calls them in the oracle."""
        if not (isinstance(argument, Recipe) and argument.name == "remote"):
            return argument
        names = argument.ingredients["names"]
        if names is None:
            return self._remote(interrupts, place)
        return {name: self._remote(interrupts, [place, name]) for name in names}

    def _remote(self, interrupts: Interrupts, function: int | list[Any]) -> Callable[..., Any]:
        call, process = self._calls, getpid()

        def evaluated(packed: bytes) -> dict[str, Any]:
            with self._exchange:
                if self._judging is None or call != self._calls:
                    raise RuntimeError("the call that this function was an argument of is over")
                self._out_of_step = True
                reply = self._exchanged(packed)
                self._out_of_step = False
                return reply

        def remote_function(*arguments: Any, **named: Any) -> Any:
            """Evaluated by the oracle, which remembers where."""
            if getpid() != process:
                raise RuntimeError(
                    "this function was called in another process, expected the one that check runs "
                    "in: call it there"
                )
            request = {"op": "evaluate", "function": function, "arguments": list(arguments)}
            packed = pack({**request, "named": named} if named else request)
            reply = interrupts.postponed(evaluated, packed)
            if "error" in reply:
                kind = getattr(builtins, reply["error"]["type"], RuntimeError)
                raise kind(reply["error"]["message"])
            return reply["value"]

        return remote_function


def _packed(message: dict[str, Any]) -> bytes:
    """A message as it is sent; of a value that cannot be sent, what is known of it."""
    try:
        return pack(message)
    except ChannelError:
        type_name = type(message["value"]).__name__[:100]
        return pack({**message, "value": Opaque(type_name)})
    except Exception as error:
        raised = {"outcome": "raised", "error": describe_error(error, None)}
        return pack({"op": "observed", **INTERRUPTED, **raised})


def _busy(exercise: str, thread: int) -> str:
    if thread == get_ident():
        return f"{exercise} called check while it was checked: call check outside of it."
    return f"{exercise} was not checked, since another check is running: check one at a time."


def course_root() -> Path | None:
    """The folder with the course's own side, a clone or where its wheel is installed, if any.

    None in grading, where self-study has no part.
    """
    root = Path(__file__).resolve().parents[2]
    if ORACLE_FD in os.environ or not (root / "grading" / "judge" / "oracle.py").is_file():
        return None
    return root
