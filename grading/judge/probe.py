"""Do the cases find out? Every mutant of a reference is put to them, in worker processes.

Needs signals and limits of a Unix system: a mutant may loop forever, or ask for all memory.
"""

import contextlib
import re
import signal
import warnings
from collections.abc import Callable, Iterator, Sequence
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
"""Processor time for all examinations of a mutant; those of references take less than one."""
BYTES = 4 << 30
"""The process that examines a mutant may take this much address space."""
MOST_ACCEPTED = 0.02
"""The share of wrong mutants that may be accepted, in any of their examinations."""
AGAIN = 0.1
"""Seconds of processor time until what goes on is interrupted again."""
AT_A_TIME = 8
"""Mutants that a worker process examines before it reports."""


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

    @property
    def may_survive(self) -> int:
        """How many of the wrong ones may be accepted."""
        return int(MOST_ACCEPTED * self.wrong)


def probe(
    exercises: Sequence[Exercise], n_workers: int, tell: Callable[[int, int], None]
) -> Iterator[tuple[Exercise, list[Finding]]]:
    """Examine all mutants of references, exercise by exercise, in the order of the source.

    Parameters
    ----------
    exercises : sequence of Exercise
    n_workers : int
    tell : callable
        Receives how many mutants have been examined, and how many there are.

    Raises
    ------
    BrokenProcessPool
        If a worker process was killed.
    """
    ids = [exercise.id for exercise in exercises]
    with worker_processes(n_workers) as pool:
        mutants = list(pool.map(_mutants_of, ids))
        tasks = [
            [
                pool.submit(_examine_all, id, of_exercise[start : start + AT_A_TIME])
                for start in range(0, len(of_exercise), AT_A_TIME)
            ]
            for id, of_exercise in zip(ids, mutants, strict=True)
        ]
        done, total = 0, sum(map(len, mutants))
        tell(done, total)
        for exercise, of_exercise in zip(exercises, tasks, strict=True):
            findings: list[Finding] = []
            for task in of_exercise:
                findings += task.result()
                tell(done + len(findings), total)
            done += len(findings)
            yield exercise, findings


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
    """Examine one mutant in this process, within bounds of time and memory.

    Parameters
    ----------
    exercise : Exercise
    mutant : Mutant
    n : int
        Number of examinations.
    """
    examinations = [_questions(exercise.id, seed) for seed in range(n)]
    function = mutant.function(exercise)
    passed, at_once = 0, False
    unseen = warnings.catch_warnings(action="ignore")
    with contextlib.suppress(KeyboardInterrupt, MemoryError), unseen, _limits():
        passed = sum(_passes(exercise, function, questions) for questions in examinations)
        if not passed:
            first = examinations[0][0].put_to(function).observations[0]
            at_once = first.outcome == "raised"
    why = _why_equivalent(exercise, mutant) if passed == n else ""
    return Finding(exercise.id, mutant, passed, at_once, why)


def _why_equivalent(exercise: Exercise, mutant: Mutant) -> str:
    covering = (why for text, why in exercise.equivalents.items() if _covers(text, mutant.after))
    return next(covering, "")


def _passes(
    exercise: Exercise, function: Callable[..., Any], questions: Sequence[Question]
) -> bool:
    """Whether a function gets full points; the first wrong answer ends the examination."""
    return not any(question.put_to(function).reason(exercise) for question in questions)


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
    return [examine(EXERCISES[id], mutant) for mutant in mutants]


@contextlib.contextmanager
def _limits() -> Iterator[None]:
    """Interrupt a block that takes too long, again and again until it ends; bound its memory."""
    import resource  # not on Windows, where the rest of this can be imported

    handler = signal.signal(signal.SIGPROF, signal.default_int_handler)
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, hard))
    signal.setitimer(signal.ITIMER_PROF, SECONDS, AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
        signal.signal(signal.SIGPROF, handler)
