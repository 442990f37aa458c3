"""The conversation of one kernel with one oracle."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

from .channel import ChannelError, Opaque, pack, receive, send
from .observe import describe_error, observe
from .verdict import Verdict

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

    def __init__(
        self, reader: BinaryIO, writer: BinaryIO, *, local: bool = False, alone: bool = False
    ):
        self._reader, self._writer = reader, writer
        self.local = local
        self._alone = alone
        self.answer_ran = False

    @classmethod
    def current(cls) -> "OracleClient | None":
        """The channel in use; opens one if an oracle is available, else None."""
        if cls._current is None:
            cls._current = cls._inherited() or cls._local()
        return cls._current

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
        return cls(
            open(descriptor, "rb", closefd=False),
            open(descriptor, "wb", closefd=False),
            alone=True,
        )

    @classmethod
    def _local(cls) -> "OracleClient | None":
        root = clone()
        if root is None:
            return None
        oracle = subprocess.Popen(
            [sys.executable, "-m", "grading", "oracle"],
            cwd=root,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        return cls(oracle.stdout, oracle.stdin, local=True)

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """Ask a local oracle for anything but a verdict."""
        send(self._writer, request)
        return receive(self._reader)

    def judge(self, function: Callable[..., Any], exercise: str) -> Verdict:
        self.answer_ran = False
        send(self._writer, {"op": "judge", "exercise": exercise})
        while True:
            message = receive(self._reader, recipes=True)
            if message["op"] == "verdict":
                return Verdict(**message["verdict"])
            observed = observe(
                function,
                message["arguments"],
                count_work=message["count_work"],
                alone=self._alone,
            )
            unwritten = (observed["error"] or {}).get("type") == "NotImplementedError"
            self.answer_ran = self.answer_ran or not unwritten
            self._reply(observed)

    def _reply(self, observed: dict[str, Any]) -> None:
        """Send an observation; where its value cannot be sent, say so instead."""
        try:
            message = _packed(observed)
        except (Exception, KeyboardInterrupt) as error:
            interrupted = isinstance(error, KeyboardInterrupt)
            observed["outcome"] = "interrupted" if interrupted else "raised"
            observed["value"], observed["after"], observed["usage"] = None, [], {}
            observed["error"] = None if interrupted else describe_error(error, None)
            message = _packed(observed)
        self._writer.write(message)
        self._writer.flush()


def _packed(observed: dict[str, Any]) -> bytes:
    """An observation as it is sent; of a value that is too large, its type alone."""
    try:
        return pack({"op": "observed", **observed})
    except ChannelError:
        type_name = type(observed["value"]).__name__[:100]
        return pack({"op": "observed", **observed, "value": Opaque(type_name)})


def clone() -> Path | None:
    """The clone of the course, for self-study; None where there is none, and in grading."""
    root = Path(__file__).resolve().parents[2]
    if ORACLE_FD in os.environ or not (root / "grading" / "judge" / "oracle.py").is_file():
        return None
    return root
