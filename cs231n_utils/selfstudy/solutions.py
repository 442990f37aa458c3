"""A solution of an exercise, for those who have passed it, or tried in earnest, or insist.

For a question that is answered in words: a good answer, once the student's own is in its cell.
"""

import html
from collections.abc import Callable
from typing import Any

from ..checking.cards import card, show
from . import progress_file
from .progress_file import HONEST_ATTEMPTS, Work
from .questions import ACCENT, Unanswered, ask, attempts, checked_name, say
from .written import own_answer


def solution(exercise: str | Callable[..., Any], *, anyway: bool = False) -> None:
    """Show how an exercise can be solved, after three honest attempts or once it is passed.

    An attempt is an answer that ran on the oracle's inputs and was judged. An answer that is not
    written yet does not count, and neither does the same code again. For a question that is
    answered in words, show a good answer and what earns the points, once an answer is in its cell
    and the notebook is saved.

    Parameters
    ----------
    exercise : str or callable
        The name, such as "softmax" or "written-mean-image", or the function itself.
    anyway : bool
        Show it now.

    Examples
    --------
    >>> solution("softmax")  # doctest: +SKIP
    """
    try:
        name = checked_name(exercise)
        reply = ask({"op": "solution", "exercise": name})
    except Unanswered as error:
        say(str(error))
        return
    if "earns" in reply:
        _show_words(name, reply["solution"], reply["earns"], anyway)
    else:
        _show_code(name, reply["solution"], anyway)


def _show_words(name: str, model: str, earns: str, anyway: bool) -> None:
    if not anyway and not own_answer(name):
        say(_no_answer_yet(name))
        return
    headline, second = f"{name}: a good answer", f"What earns the points: {earns}"
    as_html = "".join(
        f"<p style='margin:6px 0 0'>{html.escape(text)}</p>" for text in (model, second)
    )
    show("\n".join([headline, model, second]), card(headline, as_html, ACCENT))


def _no_answer_yet(name: str) -> str:
    later = f'solution("{name}", anyway=True) shows one now.'
    if own_answer(name) is None:
        return f"The cell of {name} was not found here, so write your answer first: {later}"
    return (
        f"The cell of {name} holds no answer yet, as the notebook was saved last: write your own, "
        f"save (Ctrl+S), and run this again to see a good one; {later}"
    )


def _show_code(name: str, source: str, anyway: bool) -> None:
    work = progress_file.read().work(name)
    earned = work.opens_solution
    if not earned and not anyway:
        say(_still_closed(name, work))
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
