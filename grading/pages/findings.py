"""What went wrong, and for whom: known mistakes, and failures that none of them explains."""

import re
from collections import Counter
from dataclasses import dataclass

from cs231n_utils.checking.verdict import Verdict

from ..handout.marks import ANSWER_SUFFIX
from ..ledger import Entry
from .look_alikes import token_codes
from .standing import Class

_DETAILS = re.compile(r"\[called with.*?(?:\]\Z|\](?= )|\Z)", re.DOTALL)
_NUMBER = re.compile(r"[-+]?(?:\d[\d.]*(?:e[+-]?\d+)?|\bnan\b|\binf\b)")


@dataclass(frozen=True)
class Mistake:
    """A known mistake of an exercise, with the hint that students read, and who made it."""

    exercise: str
    name: str
    hint: str
    students: tuple[str, ...]


@dataclass(frozen=True)
class Unexplained:
    """Submissions that fail in the same way, which no known mistake explains.

    Attributes
    ----------
    exercise : str
    parts : tuple of str
        That failed.
    reason : str
        What one of them reads.
    students : tuple of str
    answer : str
        The code that most of them have, names and numbers aside.
    alike : int
        How many have it.
    """

    exercise: str
    parts: tuple[str, ...]
    reason: str
    students: tuple[str, ...]
    answer: str
    alike: int


def mistakes(everybody: Class) -> list[Mistake]:
    """Every known mistake made, commonest first."""
    made: dict[tuple[str, str, str], list[str]] = {}
    for entry in everybody.graded:
        for verdict in entry.verdicts:
            for name, hint in verdict.mistakes.items():
                made.setdefault((verdict.exercise, name, hint), []).append(entry.student)
    found = [Mistake(*key, tuple(students)) for key, students in made.items()]
    return sorted(found, key=lambda one: -len(one.students))


def unexplained(everybody: Class) -> list[Unexplained]:
    """Failures without a known mistake, largest group first.

    A group has one exercise, the same failed parts and the same reasons for each, inputs and
    numbers aside: inputs are drawn anew for each submission, so values cannot be compared.
    """
    groups: dict[tuple, list[tuple[Entry, Verdict]]] = {}
    for entry in everybody.graded:
        for verdict in entry.verdicts:
            if not (verdict.passed or verdict.mistakes) and verdict.message:
                groups.setdefault(_key(verdict), []).append((entry, verdict))
    found = [_group(members) for members in groups.values()]
    return sorted(found, key=lambda one: -len(one.students))


def gist(reason: str) -> str:
    """A reason without the inputs of its call, and without its numbers."""
    return _NUMBER.sub("#", _DETAILS.sub("", reason))[:400]


def _key(verdict: Verdict) -> tuple:
    reasons = {part: gist(text) for part, text in verdict.reasons.items()}
    return verdict.exercise, _failed(verdict), gist(verdict.message), *sorted(reasons.items())


def _failed(verdict: Verdict) -> tuple[str, ...]:
    return tuple(part for part, passed in verdict.parts.items() if not passed)


def _group(members: list[tuple[Entry, Verdict]]) -> Unexplained:
    _, first = members[0]
    answers = [entry.answers.get(first.exercise + ANSWER_SUFFIX, "") for entry, _ in members]
    forms = [token_codes(answer) for answer in answers]
    ((commonest, alike),) = Counter(forms).most_common(1)
    return Unexplained(
        first.exercise,
        _failed(first),
        first.message,
        tuple(entry.student for entry, _ in members),
        answers[forms.index(commonest)],
        alike,
    )
