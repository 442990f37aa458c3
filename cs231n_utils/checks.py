"""Checking an exercise: the student's side of the oracle.

The oracle is another process. It sends inputs; this module calls the student's function on
them, returns what came back as plain arrays, and shows the verdict.
"""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

from .checking.cards import show
from .checking.channel import ChannelError
from .checking.client import OracleClient
from .checking.verdict import CheckFailed, Verdict
from .selfstudy import progress_file

OracleClient.open_ahead()


class _Shown(Verdict):
    """A verdict whose card is on the page: a cell that ends in it shows it no second time."""

    def _ipython_display_(self) -> None:
        pass


def check(function: Callable[..., Any], exercise: str | None = None) -> Verdict:
    """Judge an answer, show the verdict, and raise if it did not pass.

    Parameters
    ----------
    function : callable
        The student's function itself, not what it returns.
    exercise : str, optional
        Exercise id; by default the name that the cell calls the function by, or its own.

    Returns
    -------
    Verdict

    Raises
    ------
    CheckFailed
        If some part failed. Nothing is raised where no oracle is available.

    Examples
    --------
    >>> verdict = check(softmax)  # doctest: +SKIP
    """
    verdict = judge(function, exercise or _name_in(sys._getframe(1), function))
    advice = _keep(verdict, function)
    show(f"{verdict}\n  {advice}" if advice else str(verdict), verdict.card(advice))
    if verdict.judged and not verdict.passed:
        raise CheckFailed(verdict)
    return _Shown(**vars(verdict))


def judge(function: Callable[..., Any], exercise: str | None = None) -> Verdict:
    """Judge an answer and return the verdict; shows nothing, and raises nothing of the answer's.

    Parameters and the meaning of the result are those of :func:`check`, except that a function goes
    by its own name alone.
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
        channel = OracleClient.current()
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
        OracleClient.forget()
        return Verdict(
            name, judged=False, message=f"The oracle did not answer ({error}): run this cell again."
        )
    except BaseException:
        OracleClient.forget()
        raise


def _name_in(caller: FrameType, function: Callable[..., Any]) -> str | None:
    """The name by which a cell calls a function; decorated ones and objects have no such name."""
    named = (name for name in caller.f_code.co_names if caller.f_globals.get(name) is function)
    return next(named, None) if callable(function) else None


def _keep(verdict: Verdict, function: Callable[..., Any]) -> str:
    """In self-study, add a verdict to the progress; returns what to do next if it failed."""
    channel, name = OracleClient.opened(), verdict.exercise
    if channel is None or not channel.local or not verdict.max_points:
        return ""
    answer = progress_file.code_digest(function) if channel.answer_ran else None
    progress = progress_file.change(
        lambda kept: kept.add_verdict(name, verdict.points, verdict.passed, answer)
    )
    if verdict.passed:
        return ""
    helps = {"hint": "gives a hint"}
    if channel.answer_ran:
        helps["failing_case"] = "gives the arguments of the first wrong call"
    if progress.work(name).opens_solution:
        helps["solution"] = "shows a solution"
    listed = ", ".join(f'{help}("{name}") {does}' for help, does in helps.items())
    return f"Stuck? {listed} (from cs231n_utils import {', '.join(helps)})."
