"""A solution of an exercise, for those who have passed it, or tried in earnest, or insist."""

import html
from collections.abc import Callable
from typing import Any

from ..checking.cards import card, show
from . import progress_file
from .progress_file import HONEST_ATTEMPTS, Work
from .questions import ACCENT, Unanswered, ask, attempts, checked_name, say


def solution(exercise: str | Callable[..., Any], *, anyway: bool = False) -> None:
    """Show how an exercise can be solved, after three honest attempts or once it is passed.

    An attempt is an answer that ran on the oracle's inputs and was judged. An answer that is not
    written yet does not count, and neither does the same code again.

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
        name = checked_name(exercise)
        work = progress_file.read().work(name)
        earned = work.opens_solution
        if not earned and not anyway:
            say(_still_closed(name, work))
            return
        source = ask({"op": "solution", "exercise": name})["solution"]
    except Unanswered as error:
        say(str(error))
        return
    warning = "" if earned else _warning(work)
    as_html = f"<p style='margin:6px 0 0'>{html.escape(warning)}</p>" if warning else ""
    style = "margin:8px 0 0;line-height:1.3;font-family:monospace"
    as_html += f"<pre style='{style}'>{html.escape(source)}</pre>"
    headline = f"{name}: one way to write it"
    show("\n".join(filter(None, [headline, warning, source])), card(headline, as_html, ACCENT))


def _still_closed(name: str, work: Work) -> str:
    return (
        f"The solution of {name} opens after {attempts(HONEST_ATTEMPTS)} with different code, or "
        f'once you pass; you have made {work.attempts}. hint("{name}") gives a hint, and '
        f'solution("{name}", anyway=True) opens the solution now.'
    )


def _warning(work: Work) -> str:
    return (
        f"You asked for it early: {attempts(work.attempts)} so far. An answer that you find "
        "yourself stays with you; one that you copy does not. Read this, close it, and write your "
        "own."
    )
