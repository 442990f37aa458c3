"""The oracle of self-study: another process, or this one where none can be started."""

import subprocess
import sys
from importlib import import_module
from pathlib import Path
from sys import gettrace, settrace
from typing import BinaryIO


def oracle_process(root: Path) -> tuple[BinaryIO, BinaryIO]:
    """Start an oracle; returns the streams to read its messages from and to write ours to.

    Parameters
    ----------
    root : Path
        The folder that holds ``grading``: a clone, or where packages are installed.
    """
    # Installed packages come after the standard library, which some of them have modules of.
    alone = ["-P"] if root.name.endswith("-packages") else []
    oracle = subprocess.Popen(
        [sys.executable, *alone, "-m", "grading", "oracle"],
        cwd=root,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    return oracle.stdout, oracle.stdin


class InPlace:
    """An oracle in this process, as a stream: it answers as soon as a message is written."""

    def __init__(self) -> None:
        self._requests, self._replies = _Pipe(), _Pipe()
        tutor = import_module("grading.judge.tutor")
        self._turns = tutor.own_oracle().turns(self._requests, self._replies)
        next(self._turns)

    def write(self, message: bytes) -> None:
        """Have a message answered; lines that the oracle runs are not those of an answer."""
        self._requests.write(message)
        tracer = gettrace()
        settrace(None)
        try:
            next(self._turns, None)
        finally:
            settrace(tracer)

    def flush(self) -> None:
        """Nothing is held back."""

    def read(self, count: int) -> bytes:
        """At most so many bytes of the reply; none if the oracle has ended."""
        return self._replies.read(count)

    def close(self) -> None:
        """End the oracle."""
        self._turns.close()


class _Pipe:
    """Bytes that one side writes and the other reads."""

    def __init__(self) -> None:
        self._waiting = b""

    def write(self, data: bytes) -> None:
        self._waiting += data

    def flush(self) -> None:
        """Nothing is held back."""

    def read(self, count: int) -> bytes:
        data, self._waiting = self._waiting[:count], self._waiting[count:]
        return data
