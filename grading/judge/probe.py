"""Do the cases find out? Every mutant of a reference is put to them, in worker processes.

Needs signals and limits of a Unix system: a mutant may loop forever, or ask for all memory.
"""

import contextlib
import re
import resource
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import as_completed
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from cs231n_utils.system.processes import worker_processes

from ..exercises import EXERCISES
from ..exercises.describe import Exercise
from .mutants import Mutant, Reference
from .question import Question, questions_of

EXAMINATIONS = 5
"""Each mutant is examined this many times, so that luck does not decide."""
SECONDS = 5.0
"""An examination of a mutant may take this long; those of references take less than one."""
BYTES = 4 << 30
"""A worker process may take this much address space."""
ENOUGH = 0.98
"""The share of wrong mutants that must be rejected, in each of their examinations."""
_AT_A_TIME = 8


@dataclass(frozen=True)
class Finding:
    """What came of one mutant.

    Attributes
    ----------
    exercise : str
    mutant : Mutant
    passed : int
        In how many of ``EXAMINATIONS`` it got full points.
    fails_at_once : bool
        Its first call raised an error: it says nothing of the cases.
    equivalent : str
        Why it is as right as the reference, in the words of the exercise; empty if it is not.
    """

    exercise: str
    mutant: Mutant
    passed: int
    fails_at_once: bool
    equivalent: str = ""

    @property
    def survived(self) -> bool:
        """Whether it is wrong and was accepted at least once."""
        return self.passed > 0 and not self.equivalent


@dataclass(frozen=True)
class Tally:
    """The findings of one exercise, or of several, counted.

    Attributes
    ----------
    mutants, failed_at_once, equivalent, survived : int
    """

    mutants: int
    failed_at_once: int
    equivalent: int
    survived: int

    @classmethod
    def of(cls, findings: Sequence[Finding]) -> "Tally":
        return cls(
            len(findings),
            sum(finding.fails_at_once for finding in findings),
            sum(bool(finding.equivalent) for finding in findings),
            sum(finding.survived for finding in findings),
        )

    @property
    def wrong(self) -> int:
        """The mutants that run and are not as right as the reference."""
        return self.mutants - self.failed_at_once - self.equivalent

    @property
    def rejected(self) -> float:
        """The share of the wrong ones that every examination rejected."""
        return 1 - self.survived / self.wrong if self.wrong else 1.0


def probe(
    exercises: Sequence[Exercise], n_workers: int, expect: Callable[[int], None]
) -> Iterator[Finding]:
    """Examine all mutants of references; findings come as they are ready.

    Parameters
    ----------
    exercises : sequence of Exercise
    n_workers : int
    expect : callable
        Receives the number of mutants before the first of them is examined.
    """
    ids = [exercise.id for exercise in exercises]
    with worker_processes(n_workers) as pool:
        mutants = dict(zip(ids, pool.map(_mutants_of, ids), strict=True))
        expect(sum(map(len, mutants.values())))
        tasks = [
            pool.submit(_examine_all, id, of_exercise[start : start + _AT_A_TIME])
            for id, of_exercise in mutants.items()
            for start in range(0, len(of_exercise), _AT_A_TIME)
        ]
        for task in as_completed(tasks):
            yield from task.result()


def unused_reasons(exercise: Exercise, findings: Sequence[Finding]) -> list[str]:
    """The justifications of an exercise that no accepted mutant needs.

    Parameters
    ----------
    exercise : Exercise
    findings : sequence of Finding
        All of this exercise.
    """
    accepted = [f.mutant.after for f in findings if f.passed == EXAMINATIONS]
    return [
        text for text in exercise.equivalents if not any(_covers(text, after) for after in accepted)
    ]


def _covers(text: str, statement: str) -> bool:
    """Whether a text is that of a statement; ``...`` in it stands for anything."""
    return re.fullmatch(".*".join(map(re.escape, text.split("..."))), statement) is not None


def examine(exercise: Exercise, mutant: Mutant, n: int = EXAMINATIONS) -> Finding:
    """Examine one mutant in this process, without limits.

    Parameters
    ----------
    exercise : Exercise
    mutant : Mutant
    n : int
        Number of examinations.
    """
    function = Reference(exercise).function(mutant.source)
    passed = sum(_passes(exercise, function, seed) for seed in range(n))
    first = _questions(exercise.id, 0)[0].put_to(function).observations[0]
    return Finding(
        exercise.id,
        mutant,
        passed,
        not passed and first.outcome == "raised",
        _why_equivalent(exercise, mutant) if passed == n else "",
    )


def _why_equivalent(exercise: Exercise, mutant: Mutant) -> str:
    covering = (why for text, why in exercise.equivalents.items() if _covers(text, mutant.after))
    return next(covering, "")


def _passes(exercise: Exercise, function: Callable[..., Any], seed: int) -> bool:
    """Whether a function gets full points; the first wrong answer ends the examination."""
    return not any(
        question.put_to(function).reason(exercise) for question in _questions(exercise.id, seed)
    )


@lru_cache(maxsize=EXAMINATIONS)
def _questions(id: str, seed: int) -> list[Question]:
    """The questions of one examination, with the reference's answers."""
    exercise = EXERCISES[id]
    questions = list(questions_of(exercise, np.random.default_rng(seed)))
    for question in questions:
        question.twin(exercise)
    return questions


def _mutants_of(id: str) -> list[Mutant]:
    return Reference(EXERCISES[id]).mutants()


def _examine_all(id: str, mutants: Sequence[Mutant]) -> list[Finding]:
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, resource.getrlimit(resource.RLIMIT_AS)[1]))
    exercise = EXERCISES[id]
    for seed in range(EXAMINATIONS):
        _questions(id, seed)
    findings = []
    for mutant in mutants:
        try:
            with _limited(SECONDS * EXAMINATIONS):
                findings.append(examine(exercise, mutant))
        except (KeyboardInterrupt, MemoryError):
            findings.append(Finding(id, mutant, 0, False))
    return findings


@contextlib.contextmanager
def _limited(seconds: float) -> Iterator[None]:
    """Interrupt a block that takes too long, and again every second until it has ended."""
    before = signal.signal(signal.SIGALRM, signal.default_int_handler)
    signal.setitimer(signal.ITIMER_REAL, seconds, 1.0)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
