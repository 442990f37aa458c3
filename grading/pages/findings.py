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
        That failed, with any of them.
    equal : bool
        Whether they returned the same for the same inputs, or else the reasons are the same.
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
    equal: bool
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

    A group has returned the same for the same inputs. Of the others, those are one that have the
    same failed parts of an exercise for the same reasons, inputs and numbers aside.
    """
    failures = [
        (entry, verdict)
        for entry in everybody.graded
        for verdict in entry.verdicts
        if not (verdict.passed or verdict.mistakes) and verdict.message
    ]
    shared = Counter((one.exercise, one.fingerprint) for _, one in failures if one.fingerprint)
    groups: dict[tuple, list[tuple[Entry, Verdict]]] = {}
    for entry, verdict in failures:
        same = verdict.exercise, verdict.fingerprint
        key = same if shared[same] > 1 else _key(verdict)
        groups.setdefault(key, []).append((entry, verdict))
    found = [_group(members, equal=shared[key] > 1) for key, members in groups.items()]
    return sorted(found, key=lambda one: -len(one.students))


def gist(reason: str) -> str:
    """A reason without the inputs of its call, and without its numbers."""
    return _NUMBER.sub("#", _DETAILS.sub("", reason))[:400]


def _key(verdict: Verdict) -> tuple:
    reasons = {part: gist(text) for part, text in verdict.reasons.items()}
    return verdict.exercise, _failed(verdict), gist(verdict.message), *sorted(reasons.items())


def _failed(verdict: Verdict) -> tuple[str, ...]:
    return tuple(part for part, passed in verdict.parts.items() if not passed)


def _group(members: list[tuple[Entry, Verdict]], *, equal: bool) -> Unexplained:
    _, first = members[0]
    answers = [entry.answers.get(first.exercise + ANSWER_SUFFIX, "") for entry, _ in members]
    forms = [token_codes(answer) for answer in answers]
    ((commonest, alike),) = Counter(forms).most_common(1)
    failed = {part for _, verdict in members for part in _failed(verdict)}
    return Unexplained(
        first.exercise,
        tuple(part for part in first.parts if part in failed),
        equal,
        first.message,
        tuple(entry.student for entry, _ in members),
        answers[forms.index(commonest)],
        alike,
    )
