"""Questions to the oracle of a student's own: it knows the exercises, this package does not.

In grading, and without the course's own side, there is no answer, and a sentence says why.
"""

import difflib
import html
from collections.abc import Callable
from typing import Any

from ..checking.cards import show
from ..checking.channel import ChannelError
from ..checking.client import OracleClient
from .progress_file import Listed

ACCENT = "#0072B2"
"""Color of the edge of what self-study shows."""


class Unanswered(Exception):
    """There is no answer; the message says why."""


def ask(request: dict[str, Any]) -> dict[str, Any]:
    """Put a request to the oracle of self-study, and to no other.

    Raises
    ------
    Unanswered
        If there is none, or it does not answer.
    """
    try:
        channel = OracleClient.current()
    except OSError as error:
        raise Unanswered(f"The oracle did not start ({error}): run this cell again.") from error
    if channel is None or not channel.local:
        raise Unanswered(
            "Progress, hints and solutions belong to self-study: they need a clone of the course "
            "or its package cs231n-course, and are not there when work is graded."
        )
    try:
        return channel.ask(request)
    except (ChannelError, OSError) as error:
        OracleClient.forget()
        raise Unanswered(f"The oracle did not answer ({error}): run this cell again.") from error
    except BaseException:
        OracleClient.forget()
        raise


def course() -> list[Listed]:
    return [Listed(*row) for row in ask({"op": "course"})["exercises"]]


def checked_name(exercise: str | Callable[..., Any]) -> str:
    """The id of an exercise of the course, or of a question that is answered in words.

    Raises
    ------
    Unanswered
        Also if there is no such exercise.
    """
    name = exercise if isinstance(exercise, str) else getattr(exercise, "__name__", "")
    listed = ask({"op": "course"})
    known = [*(row[0] for row in listed["exercises"]), *listed["written"]]
    if name in known:
        return name
    close = difflib.get_close_matches(str(name), known, n=1)
    meant = f"did you mean {close[0]!r}?" if close else "progress() lists them all."
    raise Unanswered(f"There is no exercise {str(name)[:60]!r}: {meant}")


def say(text: str) -> None:
    show(text, f"<p>{html.escape(text)}</p>")


def attempts(count: int) -> str:
    return "1 attempt" if count == 1 else f"{count} attempts"
