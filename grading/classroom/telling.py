"""What is told of each submission while a class is graded: a line for people, or JSON."""

from collections.abc import Mapping
from typing import Any

from rich.markup import escape

from ..handout.marks import exercise_of, grade_id, is_answer
from ..ledger import GRADED, Entry
from ..printing import printable
from .autograde import Settled

MOST_REASONS = 3
MOST_LETTERS = 160
CALL = " [called with"
"""What follows in a verdict's message are arguments, for the student."""

UNTOUCHED = "handed in as released: nothing is answered"


def line_of(outcome: Settled, released: Mapping[str, Any]) -> str:
    """Score, student, seconds and why points are missing, in one line with rich's markup."""
    entry, score = outcome.entry, outcome.score
    remarks = [reason_of(entry, released), *score.why]
    if score.waiting:
        wait = "answer waits" if score.waiting == 1 else "answers wait"
        remarks.append(f"{score.waiting} written {wait} for a mark")
    remark = "; ".join(filter(None, remarks))
    color = "red" if entry.status != GRADED else "yellow" if entry.reason else "green"
    student, remark = (escape(printable(text)) for text in (entry.student, remark))
    return f"[{color}]{score.shown:>12}[/]  {student:24}  {entry.seconds:6.2f} s  {remark}"


def json_of(outcome: Settled, released: Mapping[str, Any]) -> dict[str, Any]:
    """The same for a program."""
    entry, score = outcome.entry, outcome.score
    return {
        "student": entry.student,
        "status": entry.status,
        "score": score.points,
        "max_score": score.possible,
        "exercises": entry.exercises,
        "penalty": score.penalty,
        "why": score.why,
        "waiting": score.waiting,
        "seconds": entry.seconds,
        "reason": reason_of(entry, released),
        "kept": outcome.kept,
    }


def reason_of(entry: Entry, released: Mapping[str, Any]) -> str:
    """Why points are missing: what stopped the run, known mistakes, or what else was said."""
    if entry.reason:
        return entry.reason
    empty = {grade_id(cell): cell["source"] for cell in released["cells"] if is_answer(cell)}
    answers = {name: text for name, text in entry.answers.items() if exercise_of(name)}
    if answers and all(text == empty.get(name) for name, text in answers.items()):
        return UNTOUCHED
    reasons = dict.fromkeys(
        verdict.mistake or verdict.message.partition(CALL)[0][:MOST_LETTERS].rstrip(".")
        for verdict in entry.verdicts
        if not verdict.passed and (verdict.mistakes or verdict.message)
    )
    more = len(reasons) - MOST_REASONS
    shown = list(reasons)[:MOST_REASONS] + ([f"and {more} more"] if more > 0 else [])
    return "; ".join(shown)
