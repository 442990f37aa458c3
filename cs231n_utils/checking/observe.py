"""Calls an answer and describes all that it did: values, errors, arguments, lines, memory."""

import contextlib
import os
import sys
import tracemalloc
from collections.abc import Callable, Iterable
from importlib.util import find_spec
from inspect import unwrap
from itertools import islice
from linecache import getline
from pathlib import Path
from sys import gettrace, settrace
from threading import settrace as settrace_in_new_threads
from types import CodeType
from typing import Any
from warnings import catch_warnings, simplefilter

from numpy import errstate, format_float_positional, ndarray

from .channel import COPYING, MAX_ITEMS, Recipe, laid_out, layout_of, plain
from .interrupts import interruptible
from .recipes import RECIPES, Watched

UNCOUNTED = sys.maxsize
"""Stands for the number of lines run by a function that has switched the count off."""


_SENT_AS_THEY_ARE = (str, bytes, ndarray, dict, list, tuple, set, frozenset)


def observe(
    function: Callable[..., Any],
    arguments: list[Any],
    *,
    count_work: bool = False,
) -> dict[str, Any]:
    """Call a function and describe all that it did, as a message for the oracle.

    Parameters
    ----------
    function : callable
    arguments : list
        Positional arguments; a :class:`~cs231n_utils.checking.channel.Recipe` is built first.
    count_work : bool
        Count the lines of Python that run and the memory that is taken.

    Returns
    -------
    dict
        ``outcome`` ("returned", "raised" or "interrupted"), ``value`` (a plain copy, made while
        lines are counted; of other iterables than containers, the list of what they yield),
        ``error`` (type, message, line and its code), ``after`` (array arguments as the call left
        them), ``usage`` (how watched arguments were used), ``work`` (lines run, 0 if not counted,
        ``UNCOUNTED`` if the function has switched the count off) and ``memory`` (most bytes taken
        at once, 0 if not counted).
    """
    built = [_build(argument) for argument in arguments]
    observed: dict[str, Any] = {"outcome": "returned", "value": None, "error": None}
    lines, memory, uncounted = _LineCounter(), _MemoryMeter(), contextlib.nullcontext()
    try:
        with (
            _silence(),
            memory if count_work else uncounted,
            lines if count_work else uncounted,
        ):
            observed["value"] = _answer_of(function, built)
    except KeyboardInterrupt as error:
        observed["outcome"], observed["error"] = "interrupted", describe_error(error, function)
    except BaseException as error:
        observed["outcome"] = "raised"
        observed["error"] = describe_error(error, function)
    observed["after"] = [
        after if isinstance(given, ndarray) else None
        for given, after in zip(arguments, built, strict=True)
    ]
    observed["usage"] = {
        str(i): type(value).usage(value)
        for i, value in enumerate(built)
        if isinstance(value, Watched)
    }
    observed["work"], observed["memory"] = lines.lines, memory.peak
    return observed


@interruptible
def _answer_of(function: Callable[..., Any], arguments: list[Any]) -> Any:
    value = function(*arguments)
    if isinstance(value, Iterable) and not isinstance(value, _SENT_AS_THEY_ARE):
        value = list(islice(value, MAX_ITEMS + 1))
    return plain(value)


class _LineCounter:
    """Counts the lines of Python that run inside a ``with`` block.

    A count does not depend on the machine's speed, so a loop over the images shows as work
    that grows with their number.
    """

    lines = 0

    def __enter__(self) -> "_LineCounter":
        self._previous = gettrace()
        settrace_in_new_threads(self._trace)
        settrace(self._trace)
        return self

    def __exit__(self, *_: object) -> None:
        # The interpreter removes a tracer that raises, for example when the stack is full.
        counted = gettrace() == self._trace
        settrace(self._previous)
        settrace_in_new_threads(None)
        if not counted:
            self.lines = UNCOUNTED

    def _trace(self, frame: Any, event: str, argument: Any) -> Callable[..., Any] | None:
        if event == "line":
            self.lines += 1
        elif event == "call":
            if id(frame.f_code) in _COPYING or _is_shown(frame):
                return None
            self.lines += 1
        return self._trace


class _MemoryMeter:
    """Measures the most memory that Python and NumPy take at once inside a ``with`` block."""

    peak = 0

    def __enter__(self) -> None:
        self._traced_before = tracemalloc.is_tracing()
        tracemalloc.start()
        tracemalloc.reset_peak()
        self._before, _ = tracemalloc.get_traced_memory()

    def __exit__(self, *_: object) -> None:
        self.peak = max(0, tracemalloc.get_traced_memory()[1] - self._before)
        if not self._traced_before:
            tracemalloc.stop()


def _is_shown(frame: Any) -> bool:
    """Whether code runs for the sake of a print, a plot, a log or a progress bar.

    Code of the answer itself is always counted, also where a plot calls it back.
    """
    while frame is not None:
        path = frame.f_code.co_filename
        if _starts(path, _SHOWING):
            return True
        if not _starts(path, _LIBRARIES):
            return False
        frame = frame.f_back
    return False


def _codes(*functions: Callable[..., Any]) -> set[int]:
    """The identities of the code of functions, and of the code inside it."""
    codes = [function.__code__ for function in functions]
    for code in codes:
        codes += [constant for constant in code.co_consts if isinstance(constant, CodeType)]
    return set(map(id, codes))


_starts = str.startswith


_PACKAGES = [
    Path(spec.origin).parent for spec in map(find_spec, ("logging", "matplotlib", "tqdm")) if spec
]


_SHOWING = (
    format_float_positional.__code__.co_filename,
    *(f"{package}{os.sep}" for package in _PACKAGES),
)


_LIBRARIES = ("<frozen ", *(f"{package.parent}{os.sep}" for package in _PACKAGES))


_COPYING = _codes(*COPYING)
"""Code that copies what an answer returns; its lines, many for a long list, are not counted."""


@contextlib.contextmanager
def _silence():
    """Show nothing, and let no setting of the notebook's turn a warning into an error."""
    with (
        open(os.devnull, "w") as nowhere,
        contextlib.redirect_stdout(nowhere),
        contextlib.redirect_stderr(nowhere),
        catch_warnings(),
        errstate(all="ignore"),
    ):
        simplefilter("ignore")
        yield


def _build(argument: Any) -> Any:
    if isinstance(argument, Recipe):
        return RECIPES[argument.name](**argument.ingredients)
    return laid_out(argument, *layout_of(argument)) if isinstance(argument, ndarray) else argument


def describe_error(error: BaseException, function: Callable[..., Any] | None) -> dict[str, Any]:
    home = getattr(getattr(unwrap(function), "__code__", None), "co_filename", None)
    line, traceback = None, error.__traceback__
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == home:
            line = traceback.tb_lineno
        traceback = traceback.tb_next
    try:
        message = _message_of(error)
    except BaseException:
        message = ""
    kinds = [kind.__name__ for kind in type(error).__mro__]
    code = getline(home, line).strip()[:200] if line else ""
    return {
        "type": kinds[0],
        "kinds": kinds,
        "message": message[:500],
        "line": line,
        "code": code,
    }


@interruptible
def _message_of(error: BaseException) -> str:
    return str(error)
