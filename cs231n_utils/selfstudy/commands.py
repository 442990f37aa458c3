"""Self-study: progress through the course, hints one at a time, and solutions.

All three ask the oracle of the student's own clone: this package knows neither the exercises nor
their solutions. In grading, and without a clone, they say so and do nothing.
"""

import difflib
import html
from collections.abc import Callable, Sequence
from typing import Any

from ..checking.cards import card, show
from ..checking.channel import ChannelError
from ..checking.client import OracleClient
from . import progress as progress_file
from .progress import HONEST_ATTEMPTS, Listed, Work

ACCENT = "#0072B2"


class _Unanswered(Exception):
    """There is no answer to be had; the message says why."""


def progress() -> None:
    """Show the whole course: exercises passed, points, and the ladder so far.

    Examples
    --------
    >>> progress()  # doctest: +SKIP
    """
    try:
        course = _course()
    except _Unanswered as error:
        _say(str(error))
        return
    from .. import plots  # matplotlib is slow to import, and seldom needed
    from . import overview as progress_view  # matplotlib is slow to import, and seldom needed

    kept = progress_file.read()
    plots.show(
        progress_view.draw(course, kept), progress_view.summary(course, kept), stand_in=False
    )
    show(progress_view.table(course, kept), progress_view.table_as_html(course, kept))


def hint(exercise: str | Callable[..., Any]) -> None:
    """Show the next hint for an exercise; after the last one, all of them.

    Parameters
    ----------
    exercise : str or callable
        The exercise's name, such as "softmax", or the function itself.

    Examples
    --------
    >>> hint("softmax")  # doctest: +SKIP
    """
    try:
        name = _checked_name(exercise)
        hints = _ask({"op": "hints", "exercise": name})["hints"]
    except _Unanswered as error:
        _say(str(error))
        return
    work = progress_file.read().work(name)
    given = work.hints
    if given < len(hints):
        progress_file.change(lambda kept: _give_hint(kept.work(name), given))
        _say_all(f"{name}: hint {given + 1} of {len(hints)}", [hints[given]])
        return
    when = "" if work.opens_solution else f" after {_attempts(HONEST_ATTEMPTS)}"
    more = f'There are no more. solution("{name}") shows a solution{when}.'
    _say_all(f"{name}: all {len(hints)} hints", [*hints, more])


def solution(exercise: str | Callable[..., Any], *, anyway: bool = False) -> None:
    """Show how an exercise can be solved, after three honest attempts or once it is passed.

    An attempt is an answer that ran on the oracle's inputs and was judged. An answer that is not
    written yet is none, and the same code again is no new one.

    Parameters
    ----------
    exercise : str or callable
        The exercise's name, such as "softmax", or the function itself.
    anyway : bool
        Show it now.

    Examples
    --------
    >>> solution("softmax")  # doctest: +SKIP
    """
    try:
        name = _checked_name(exercise)
        work = progress_file.read().work(name)
        earned = work.opens_solution
        if not earned and not anyway:
            _say(_still_closed(name, work))
            return
        source = _ask({"op": "solution", "exercise": name})["solution"]
    except _Unanswered as error:
        _say(str(error))
        return
    warning = "" if earned else _warning(work)
    as_html = f"<p style='margin:6px 0 0'>{html.escape(warning)}</p>" if warning else ""
    style = "margin:8px 0 0;line-height:1.3;font-family:monospace"
    as_html += f"<pre style='{style}'>{html.escape(source)}</pre>"
    headline = f"{name}: one way to write it"
    show("\n".join(filter(None, [headline, warning, source])), card(headline, as_html, ACCENT))


def _still_closed(name: str, work: Work) -> str:
    return (
        f"The solution of {name} opens after {_attempts(HONEST_ATTEMPTS)} with different code, or "
        f'once you pass; you have made {work.attempts}. hint("{name}") gives a hint, and '
        f'solution("{name}", anyway=True) opens the solution now.'
    )


def _warning(work: Work) -> str:
    return (
        f"You asked for it early: {_attempts(work.attempts)} so far. An answer that you find "
        "yourself stays with you; one that you copy does not. Read this, close it, and write your "
        "own."
    )


def _attempts(count: int) -> str:
    return "1 attempt" if count == 1 else f"{count} attempts"


def _give_hint(work: Work, given: int) -> None:
    work.hints = max(work.hints, given + 1)


def _course() -> list[Listed]:
    return [Listed(*row) for row in _ask({"op": "course"})["exercises"]]


def _checked_name(exercise: str | Callable[..., Any]) -> str:
    """The id of an exercise of the course.

    Raises
    ------
    _Unanswered
        Also if there is no such exercise.
    """
    name = exercise if isinstance(exercise, str) else getattr(exercise, "__name__", "")
    known = [listed.id for listed in _course()]
    if name in known:
        return name
    close = difflib.get_close_matches(str(name), known, n=1)
    meant = f"did you mean {close[0]!r}?" if close else "progress() lists them all."
    raise _Unanswered(f"There is no exercise {str(name)[:60]!r}: {meant}")


def _ask(request: dict[str, Any]) -> dict[str, Any]:
    """Put a request to the oracle of the clone, and to no other.

    Raises
    ------
    _Unanswered
        If there is none, or it does not answer.
    """
    try:
        channel = OracleClient.current()
    except OSError as error:
        raise _Unanswered(f"The oracle did not start ({error}): run this cell again.") from error
    if channel is None or not channel.local:
        raise _Unanswered(
            "Progress, hints and solutions belong to self-study: they need a clone of the course, "
            "and are not there when work is graded."
        )
    try:
        return channel.ask(request)
    except (ChannelError, OSError) as error:
        OracleClient.forget()
        raise _Unanswered(f"The oracle did not answer ({error}): run this cell again.") from error
    except BaseException:
        OracleClient.forget()
        raise


def _say(text: str) -> None:
    show(text, f"<p>{html.escape(text)}</p>")


def _say_all(headline: str, texts: Sequence[str]) -> None:
    inner = "".join(f"<p style='margin:6px 0 0'>{html.escape(text)}</p>" for text in texts)
    show("\n".join([headline, *(f"  {text}" for text in texts)]), card(headline, inner, ACCENT))
