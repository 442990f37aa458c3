"""Runs the cells of one submission in an IPython shell. Only this runs student code.

Nothing of ``grading`` outside this folder can be imported from here. It talks to the grader
over the control socket, one JSON object a line: first the work, then ``{"start": i}`` and
``{"end": i, "outputs": [...]}`` for every cell.
"""

import importlib.abc
import io
import json
import socket
import subprocess
import sys

from IPython.core.displayhook import CapturingDisplayHook
from IPython.core.displaypub import CapturingDisplayPublisher
from IPython.core.interactiveshell import InteractiveShell

MAX_TEXT = 20_000
MAX_OUTPUTS = 20
MAX_SHOWN_BYTES = 1_200_000
MAX_TRACEBACK_LINE = 2_000
SHOWN_TYPES = ("image/png", "text/plain")


class Embargo(importlib.abc.MetaPathFinder):
    """Refuses to import modules that the assignment asks the student to write."""

    def __init__(self, reasons: dict[str, str]):
        self._reasons = reasons

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        for module, reason in self._reasons.items():
            if name == module or name.startswith(module + "."):
                raise ImportError(reason)


class CappedText(io.TextIOBase):
    """Keeps the first characters written to it and drops the rest."""

    def __init__(self) -> None:
        self._kept: list[str] = []
        self._room = MAX_TEXT

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if self._room > 0:
            self._kept.append(text[: self._room])
            self._room -= len(self._kept[-1])
        return len(text)

    def text(self) -> str:
        """What was kept, with a note if something was dropped."""
        return "".join(self._kept) + "\n[output cut here]\n" * (self._room <= 0)


def run_command(command: str) -> None:
    """Run ``!command`` and print what it prints; IPython's own way needs a terminal."""
    done = subprocess.run(
        command, shell=True, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    print(done.stdout, end="")


def run_submission(shell: InteractiveShell, control: socket.socket) -> None:
    """Take the work from the control socket, run its cells and report each of them."""
    work = json.loads(control.makefile("r", encoding="utf-8").readline())
    sys.meta_path.insert(0, Embargo(work["embargo"]))

    def tell(**message: object) -> None:
        control.sendall((json.dumps(message) + "\n").encode())

    for index, source in work["cells"]:
        tell(start=index)
        try:
            outputs = run_cell(shell, source)
        except KeyboardInterrupt:
            outputs = []
        tell(end=index, outputs=outputs)


def run_cell(shell: InteractiveShell, source: str) -> list[dict]:
    """Run one cell and return its outputs as nbformat dicts."""
    streams = {"stdout": CappedText(), "stderr": CappedText()}
    shown: list[dict] = []
    errors: list[dict] = []
    shell._showtraceback = lambda kind, value, lines: errors.append(
        {
            "output_type": "error",
            "ename": getattr(kind, "__name__", str(kind)),
            "evalue": str(value)[:1000],
            "traceback": [line[:MAX_TRACEBACK_LINE] for line in lines][-30:],
        }
    )
    published = CapturingDisplayPublisher(shell=shell)
    shell.display_pub = published
    shell.display_trap.hook = CapturingDisplayHook(shell=shell, outputs=shown)
    saved = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = streams["stdout"], streams["stderr"]
    try:
        shell.run_cell(source, store_history=False)
    finally:
        sys.stdout, sys.stderr = saved
    outputs = [
        {"output_type": "stream", "name": name, "text": stream.text()}
        for name, stream in streams.items()
        if stream.text()
    ]
    room = MAX_SHOWN_BYTES
    for item in [*published.outputs, *shown][:MAX_OUTPUTS]:
        data = {}
        for kind in SHOWN_TYPES:
            value = item["data"].get(kind)
            size = len(json.dumps(value)) if isinstance(value, str) else room + 1
            if size <= room:
                data[kind] = value
                room -= size
        outputs.append({"output_type": "display_data", "data": data, "metadata": {}})
    return outputs + errors
