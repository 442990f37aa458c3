"""Checking an exercise: the student's side of the oracle.

The oracle is another process. It sends inputs; this module calls the student's function on
them, returns what came back as plain arrays, and shows the verdict.
"""

import contextlib
import html
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from sys import _current_frames, gettrace, settrace
from threading import settrace as settrace_in_new_threads
from types import CodeType
from typing import Any, BinaryIO
from warnings import catch_warnings, simplefilter

from numpy import format_float_positional, ndarray

from . import progress_file
from .channel import (
    COPYING,
    MAX_ITEMS,
    ChannelError,
    Opaque,
    Recipe,
    pack,
    plain,
    receive,
    send,
)
from .recipes import RECIPES, Recorded, RecordedFunction, sealed

UNCOUNTED = sys.maxsize
"""The lines run by a function that has switched the count off."""

_SENT_AS_THEY_ARE = (str, bytes, ndarray, dict, list, tuple, set, frozenset)

ORACLE_FD = "CS231N_ORACLE_FD"
"""Environment variable: the file descriptor of a channel to an oracle already running."""


@dataclass(frozen=True)
class Verdict:
    """What the oracle says of one exercise.

    Attributes
    ----------
    exercise : str
    passed : bool
        True when every part passed.
    points, max_points : float
    parts : dict of str to bool
        Which parts passed.
    part_points : dict of str to float
    mistake : str or None
        Name of the known mistake the answer shows.
    hint : str or None
        What to do about that mistake.
    message : str
        The first reason why a part failed; empty when all passed.
    reasons : dict of str to str
        By failed part, why it failed.
    judged : bool
        False when there was no oracle to ask.
    """

    exercise: str
    passed: bool = False
    points: float = 0.0
    max_points: float = 0.0
    parts: dict[str, bool] = field(default_factory=dict)
    part_points: dict[str, float] = field(default_factory=dict)
    mistake: str | None = None
    hint: str | None = None
    message: str = ""
    reasons: dict[str, str] = field(default_factory=dict)
    judged: bool = True

    @property
    def headline(self) -> str:
        """One line: the exercise and its points."""
        if not self.judged:
            return f"{self.exercise}: not judged here"
        return f"{self.exercise}: {self.points:g} of {self.max_points:g} points"

    @property
    def paragraphs(self) -> list[str]:
        """Every reason once, in the order of the parts; a part whose reason is new is named."""
        texts = [self.message] if self.message else []
        for part, reason in self.reasons.items():
            if reason != self.message:
                texts.append(f"{part}: {reason}")
        return texts

    def __str__(self) -> str:
        lines = [self.headline]
        for part, passed in self.parts.items():
            mark = "pass" if passed else "FAIL"
            lines.append(f"  [{mark}] {part} ({self.part_points[part]:g})")
        lines += [f"  {text}" for text in self.paragraphs]
        if self.hint:
            lines.append(f"  Likely cause ({self.mistake}): {self.hint}")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        return self.card()

    def card(self, advice: str = "") -> str:
        """The verdict as HTML, with what to do next below."""
        color = "#0072B2" if self.passed else "#D55E00" if self.judged else "#777777"
        parts = "".join(
            f"<li style='list-style:none;margin:2px 0'>"
            f"<b style='color:{'#0072B2' if passed else '#D55E00'}'>{'✓' if passed else '✗'}</b> "
            f"{html.escape(part)} <span style='opacity:.65'>"
            f"{self.part_points[part] if passed else 0:g} / {self.part_points[part]:g}</span></li>"
            for part, passed in self.parts.items()
        )
        texts = [html.escape(text) for text in self.paragraphs]
        if self.hint:
            texts.append(
                f"<b>Likely cause: {html.escape(str(self.mistake))}.</b> {html.escape(self.hint)}"
            )
        texts += [html.escape(advice)] if advice else []
        inner = f"<ul style='margin:6px 0 0;padding:0'>{parts}</ul>"
        inner += "".join(f"<p style='margin:6px 0 0'>{text}</p>" for text in texts)
        return card(self.headline, inner, color)


class CheckFailed(AssertionError):
    """An exercise did not pass; ``verdict`` says why."""

    def __init__(self, verdict: Verdict):
        super().__init__(verdict.headline)
        self.verdict = verdict

    def _render_traceback_(self) -> list[str]:
        return [f"CheckFailed: {self.verdict.headline} (see the card above)"]


def check(function: Callable[..., Any], exercise: str | None = None) -> Verdict:
    """Judge an answer, show the verdict, and raise if it did not pass.

    Parameters
    ----------
    function : callable
        The student's function itself, not what it returns.
    exercise : str, optional
        Exercise id; by default the function's name.

    Returns
    -------
    Verdict

    Raises
    ------
    CheckFailed
        If some part failed. Nothing is raised where there is no oracle to ask.

    Examples
    --------
    >>> verdict = check(softmax)  # doctest: +SKIP
    """
    verdict = judge(function, exercise)
    advice = _keep(verdict, function)
    show(f"{verdict}\n  {advice}" if advice else str(verdict), verdict.card(advice))
    if verdict.judged and not verdict.passed:
        raise CheckFailed(verdict)
    return verdict


def judge(function: Callable[..., Any], exercise: str | None = None) -> Verdict:
    """Judge an answer and return the verdict; shows nothing, and raises nothing of the answer's.

    Parameters and the meaning of the result are those of :func:`check`.
    """
    name = exercise or getattr(function, "__name__", None)
    if not callable(function) or not isinstance(name, str):
        got = type(function).__name__
        wrong = '"softmax"' if isinstance(function, str) else "softmax(scores)"
        return Verdict(
            exercise=str(name or "check"),
            message=f"check got a value of type {got}, expected a function: "
            f"write check(softmax), not check({wrong}).",
        )
    if name == "<lambda>":
        return Verdict(
            "lambda",
            message="A lambda has no name: define the answer with def, or name its exercise.",
        )
    try:
        channel = _Channel.current()
    except OSError as error:
        return Verdict(
            name, judged=False, message=f"The oracle did not start ({error}): run this cell again."
        )
    if channel is None:
        return Verdict(
            name,
            judged=False,
            message="The graded check runs when you hand in; the visible checks above run now.",
        )
    try:
        return channel.judge(function, name)
    except (ChannelError, OSError, ValueError) as error:
        _Channel.forget()
        return Verdict(
            name, judged=False, message=f"The oracle did not answer ({error}): run this cell again."
        )
    except BaseException:
        _Channel.forget()
        raise


def observe(
    function: Callable[..., Any],
    arguments: list[Any],
    *,
    count_work: bool = False,
    alone: bool = False,
) -> dict[str, Any]:
    """Call a function and describe all that it did, as a message for the oracle.

    Parameters
    ----------
    function : callable
    arguments : list
        Positional arguments; a :class:`~cs231n_utils.channel.Recipe` is built first.
    count_work : bool
        Count the lines of Python that run.
    alone : bool
        Nothing but the function may run: where other threads live, in which it could work, its
        lines do not count as counted.

    Returns
    -------
    dict
        ``outcome`` ("returned", "raised" or "interrupted"), ``value`` (a plain copy, made while
        lines are counted; of other iterables than containers, the list of what they yield),
        ``error`` (type, message and line), ``after`` (the arguments as the call left them),
        ``records`` (how recorded functions were used) and ``work`` (lines run, 0 if not counted,
        ``UNCOUNTED`` if the function has switched the count off).
    """
    built = [_build(argument) for argument in arguments]
    observed: dict[str, Any] = {"outcome": "returned", "value": None, "error": None}
    counter = _LineCounter(alone) if count_work else contextlib.nullcontext()
    try:
        with _silence(), counter:
            value = function(*map(_handed, built))
            if isinstance(value, Iterable) and not isinstance(value, _SENT_AS_THEY_ARE):
                value = list(islice(value, MAX_ITEMS + 1))
            observed["value"] = plain(value)
    except KeyboardInterrupt:
        observed["outcome"] = "interrupted"
    except BaseException as error:
        observed["outcome"] = "raised"
        observed["error"] = _describe_error(error, function)
    observed["after"] = [value if isinstance(value, ndarray) else None for value in built]
    observed["records"] = {
        str(i): type(value).record(value)
        for i, value in enumerate(built)
        if isinstance(value, Recorded)
    }
    observed["work"] = counter.lines if count_work else 0
    return observed


def card(headline: str, inner: str, color: str) -> str:
    """HTML of a message with a colored edge; `inner` is HTML, `headline` is text."""
    return (
        f"<div role='status' style='border-left:6px solid {color};padding:8px 14px;"
        "max-width:46em;font-family:sans-serif;line-height:1.45'>"
        f"<b style='font-size:1.05em'>{html.escape(headline)}</b>{inner}</div>"
    )


def show(text: str, as_html: str) -> None:
    """Display HTML in a notebook, and print the text elsewhere."""
    from IPython import get_ipython
    from IPython.display import display

    if get_ipython() is None:
        print(text)
    else:
        display({"text/html": as_html, "text/plain": text}, raw=True)


def clone() -> Path | None:
    """The clone of the course, for self-study; None where there is none, and in grading."""
    root = Path(__file__).resolve().parent.parent
    if ORACLE_FD in os.environ or not (root / "grading" / "oracle.py").is_file():
        return None
    return root


def _keep(verdict: Verdict, function: Callable[..., Any]) -> str:
    """In self-study, add a verdict to the progress; returns what to do next if it failed."""
    channel, name = _Channel._current, verdict.exercise
    if channel is None or not channel.local or not verdict.max_points:
        return ""
    answer = progress_file.fingerprint(function) if channel.answer_ran else None
    progress = progress_file.change(
        lambda kept: kept.add_verdict(name, verdict.points, verdict.passed, answer)
    )
    if verdict.passed:
        return ""
    if not progress.work(name).opens_solution:
        return f'Stuck? hint("{name}") gives a hint (from cs231n_utils import hint).'
    return (
        f'Stuck? hint("{name}") gives a hint, solution("{name}") shows a solution '
        "(from cs231n_utils import hint, solution)."
    )


class _Channel:
    """The conversation with one oracle, kept for the life of the kernel.

    Attributes
    ----------
    local : bool
        Whether the oracle is the student's own, which teaches as well.
    answer_ran : bool
        Whether the answer judged last did more than say that it is not written yet.
    """

    _current: "_Channel | None" = None

    def __init__(
        self, reader: BinaryIO, writer: BinaryIO, *, local: bool = False, alone: bool = False
    ):
        self._reader, self._writer = reader, writer
        self.local = local
        self._alone = alone
        self.answer_ran = False

    @classmethod
    def current(cls) -> "_Channel | None":
        """The channel in use; opens one if there is an oracle to be had, else None."""
        if cls._current is None:
            cls._current = cls._inherited() or cls._local()
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
    def _inherited(cls) -> "_Channel | None":
        if ORACLE_FD not in os.environ:
            return None
        descriptor = int(os.environ[ORACLE_FD])
        return cls(
            open(descriptor, "rb", closefd=False),
            open(descriptor, "wb", closefd=False),
            alone=True,
        )

    @classmethod
    def _local(cls) -> "_Channel | None":
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
        """Send an observation; where its value cannot be sent, say so in its place."""
        try:
            message = _packed(observed)
        except (Exception, KeyboardInterrupt) as error:
            interrupted = isinstance(error, KeyboardInterrupt)
            observed["outcome"] = "interrupted" if interrupted else "raised"
            observed["value"], observed["after"], observed["records"] = None, [], {}
            observed["error"] = None if interrupted else _describe_error(error, None)
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


class _LineCounter:
    """Counts the lines of Python that run inside a ``with`` block.

    A count does not depend on the machine's speed, so a loop over the images shows as work
    that grows with their number.
    """

    lines = 0

    def __init__(self, alone: bool):
        self._alone = alone

    def __enter__(self) -> "_LineCounter":
        self._previous = gettrace()
        # No tracer reaches a thread that lives already.
        self._accompanied = self._alone and len(_current_frames()) > 1
        settrace_in_new_threads(self._trace)
        settrace(self._trace)
        return self

    def __exit__(self, *_: object) -> None:
        # The interpreter drops a tracer that fails, as for want of stack.
        counted = gettrace() == self._trace and not self._accompanied
        settrace(self._previous)
        settrace_in_new_threads(None)
        if not counted:
            self.lines = UNCOUNTED

    def _trace(self, frame: Any, event: str, argument: Any) -> Callable[..., Any] | None:
        if event == "call" and id(frame.f_code) in _COPYING:
            return None
        if event == "call" and _is_shown(frame):
            return None
        if event in ("call", "line"):
            self.lines += 1
        return self._trace


def _is_shown(frame: Any) -> bool:
    """Whether code runs for the sake of a print, a plot, a log or a progress bar.

    An answer's own code never does, also where a plot calls it back.
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
"""Whose lines are not the answer's: a copy of a long list takes many."""


@contextlib.contextmanager
def _silence():
    with (
        open(os.devnull, "w") as nowhere,
        contextlib.redirect_stdout(nowhere),
        contextlib.redirect_stderr(nowhere),
        catch_warnings(),
    ):
        simplefilter("ignore")
        yield


def _build(argument: Any) -> Any:
    if isinstance(argument, Recipe):
        return RECIPES[argument.name](**argument.ingredients)
    return argument.copy() if isinstance(argument, ndarray) else argument


def _handed(value: Any) -> Any:
    """What a function is called with: of what records its calls, no more than the call."""
    return sealed(value.__call__) if isinstance(value, RecordedFunction) else value


def _describe_error(error: BaseException, function: Callable[..., Any] | None) -> dict[str, Any]:
    home = getattr(getattr(function, "__code__", None), "co_filename", None)
    line, traceback = None, error.__traceback__
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == home:
            line = traceback.tb_lineno
        traceback = traceback.tb_next
    try:
        message = str(error)
    except BaseException:
        message = ""
    kinds = [kind.__name__ for kind in type(error).__mro__]
    return {"type": kinds[0], "kinds": kinds, "message": message[:500], "line": line}
