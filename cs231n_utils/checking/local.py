"""The oracle of self-study: a process, or in a browser a worker, or this process itself.

To the client each of them is a pair of streams.
"""

import subprocess
import sys
from importlib import import_module
from pathlib import Path
from sys import gettrace, settrace
from typing import Any, BinaryIO


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


def oracle_in_browser() -> "InWorker | InPlace":
    """Start an oracle where no process can be started; returns the stream to it."""
    try:
        from pyodide.ffi import can_run_sync
    except ImportError:
        return InPlace()
    return InWorker() if can_run_sync() else InPlace()


class InWorker:
    """An oracle in a worker of the browser, as a stream: neither side can see the other's memory.

    Raises
    ------
    OSError
        If the worker does not start, or breaks.
    """

    def __init__(self) -> None:
        import pyodide_js
        from pyodide.code import run_js
        from pyodide.ffi import to_js

        source = Path(__file__).with_name("worker.js").read_text(encoding="utf-8")
        self._worker = run_js(_WORKER)(source)
        self._replies = _Pipe()
        index = pyodide_js._api.config.indexURL
        self._ask(to_js({"index": index, "packages": ["cs231n-utils"]}))

    def _ask(self, message: Any) -> Any:
        from pyodide.ffi import JsException, run_sync

        try:
            return run_sync(self._worker.ask(message))
        except (JsException, RuntimeError) as error:
            raise OSError(str(error)) from error

    def write(self, message: bytes) -> None:
        """Have a message answered, and wait for it."""
        from pyodide.ffi import to_js

        self._replies.write(self._ask(to_js(message)).to_bytes())

    def flush(self) -> None:
        """Nothing is held back."""

    def read(self, count: int) -> bytes:
        """At most so many bytes of the reply; none if the oracle has ended."""
        return self._replies.read(count)

    def close(self) -> None:
        """End the worker."""
        self._worker.end()


_WORKER = """
(source) => {
  const place = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  const worker = new Worker(place, { type: "module" });
  return {
    ask: (message) =>
      new Promise((resolve, reject) => {
        worker.onmessage = ({ data }) =>
          data.error ? reject(new Error(data.error)) : resolve(data.reply);
        worker.onerror = ({ message }) => reject(new Error(message));
        worker.postMessage(message instanceof Map ? Object.fromEntries(message) : message);
      }),
    end: () => worker.terminate(),
  };
}
"""


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

    def read(self, count: int | None = None) -> bytes:
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

    def read(self, count: int | None = None) -> bytes:
        size = len(self._waiting) if count is None else count
        data, self._waiting = self._waiting[:size], self._waiting[size:]
        return data
