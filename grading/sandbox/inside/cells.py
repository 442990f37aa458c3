"""Runs the cells of one submission in an IPython shell. Only this runs student code.

Nothing of ``grading`` outside this folder can be imported from here. It talks to the grader
over the control socket, one JSON object a line: first the work, then ``{"start": i}`` and
``{"end": i, "outputs": [...]}`` for every cell. The work names for each cell its index, its source
and what a student calls it.
"""

import importlib.abc
import io
import json
import socket
import subprocess
import sys
import traceback
import warnings

from IPython.core.displayhook import CapturingDisplayHook
from IPython.core.displaypub import CapturingDisplayPublisher
from IPython.core.interactiveshell import InteractiveShell

MAX_TEXT = 20_000
MAX_OUTPUTS = 20
MAX_SHOWN_BYTES = 1_200_000
MAX_MESSAGE = 1_000
MAX_CODE = 200
MAX_FRAMES = 20
SHOWN_TYPES = ("image/png", "text/plain")


class Embargo(importlib.abc.MetaPathFinder):
    """Refuses to import modules that the assignment asks the student to write."""

    def __init__(self, reasons: dict[str, str]):
        self._reasons = reasons

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        for module, reason in self._reasons.items():
            if name == module or name.startswith(module + "."):
                raise ImportError(reason)


class Places:
    """The cells that have run, and how to say where in one of them something happened."""

    def __init__(self) -> None:
        self._cells: dict[str, tuple[str, list[str]]] = {}

    def add(self, index: int, source: str, called: str) -> str:
        """Know one more cell; returns the file name for its code."""
        name = f"<{called or 'cell'} {index}>"
        self._cells[name] = called, source.split("\n")
        return name

    def say(self, name: str, line: int | None) -> str:
        """Such as "line 2 of your answer cell: `x = 1`"; empty for other files."""
        called, lines = self._cells.get(name, ("", []))
        if not called or not line or not 1 <= line <= len(lines):
            return ""
        code = lines[line - 1].strip()[:MAX_CODE]
        return f"line {line} of {called}" + (f": `{code}`" if code else "")

    def warning(self, message, category, filename, lineno, line=None) -> str:
        """A warning as ``warnings.formatwarning`` writes it, but for the place in a cell."""
        place = self.say(filename, lineno)
        if not place:
            return _format_warning(message, category, filename, lineno, line)
        return f"{category.__name__}: {message} ({place})\n"

    def error(self, error: BaseException) -> dict:
        """An exception as an nbformat output, with its last place in a cell."""
        frames = traceback.extract_tb(error.__traceback__)
        steps = [(self.say(frame.filename, frame.lineno), frame) for frame in frames]
        own = [number for number, (place, _) in enumerate(steps) if place]
        steps = steps[own[0] :] if own else []
        message, last = _message_of(error), steps[own[-1] - own[0]][0] if own else ""
        if isinstance(error, SyntaxError) and self.say(error.filename, error.lineno):
            message, last = str(error.msg), self.say(error.filename, error.lineno)
        kind = type(error).__name__
        said = f"{message} ({last})".strip() if last else message
        return {
            "output_type": "error",
            "ename": kind,
            "evalue": said,
            "traceback": [
                *(
                    place or f"{frame.filename}, line {frame.lineno}, in {frame.name}"
                    for place, frame in steps[-MAX_FRAMES:]
                ),
                f"{kind}: {said}",
            ],
        }


_format_warning = warnings.formatwarning


def _message_of(error: BaseException) -> str:
    try:
        return str(error)[:MAX_MESSAGE]
    except Exception:
        return ""


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

    places = Places()
    warnings.formatwarning = places.warning
    for index, source, called in work["cells"]:
        tell(start=index)
        name = places.add(index, source, called)
        try:
            outputs = run_cell(shell, source, name, places)
        except KeyboardInterrupt as error:
            outputs = [places.error(error)]
        tell(end=index, outputs=outputs)


def run_cell(shell: InteractiveShell, source: str, name: str, places: Places) -> list[dict]:
    """Run one cell under a file name and return its outputs as nbformat dicts."""
    streams = {"stdout": CappedText(), "stderr": CappedText()}
    shown: list[dict] = []
    shell.showtraceback = shell._showtraceback = lambda *_, **__: None
    shell.compile.get_code_name = lambda *_: name
    published = CapturingDisplayPublisher(shell=shell)
    shell.display_pub = published
    shell.display_trap.hook = CapturingDisplayHook(shell=shell, outputs=shown)
    saved = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = streams["stdout"], streams["stderr"]
    try:
        done = shell.run_cell(source, store_history=False)
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
    error = getattr(done, "error_before_exec", None) or getattr(done, "error_in_exec", None)
    return outputs if error is None else [*outputs, places.error(error)]
