"""Hints for an exercise, one at a time."""

import html
from collections.abc import Callable, Sequence
from typing import Any

from ..checking.cards import card, show
from . import progress_file
from .progress_file import HONEST_ATTEMPTS, Work
from .questions import ACCENT, Unanswered, ask, attempts, checked_name, say


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
        name = checked_name(exercise)
        hints = ask({"op": "hints", "exercise": name})["hints"]
    except Unanswered as error:
        say(str(error))
        return
    if not hints:
        say(
            f'{name} is answered in words and has no hints; solution("{name}") shows a good answer.'
        )
        return
    work = progress_file.read().work(name)
    given = work.hints
    if given < len(hints):
        progress_file.change(lambda kept: _give_hint(kept.work(name), given))
        _show_texts(f"{name}: hint {given + 1} of {len(hints)}", [hints[given]])
        return
    when = "" if work.opens_solution else f" after {attempts(HONEST_ATTEMPTS)}"
    more = f'There are no more. solution("{name}") shows a solution{when}.'
    _show_texts(f"{name}: all {len(hints)} hints", [*hints, more])


def _give_hint(work: Work, given: int) -> None:
    work.hints = max(work.hints, given + 1)


def _show_texts(headline: str, texts: Sequence[str]) -> None:
    inner = "".join(f"<p style='margin:6px 0 0'>{html.escape(text)}</p>" for text in texts)
    show("\n".join([headline, *(f"  {text}" for text in texts)]), card(headline, inner, ACCENT))
