"""How many wrong answers get a sentence of their own, and how long a failed check takes.

    python benchmarks/diagnosis.py [CORPUS ...] [--show]
    python benchmarks/diagnosis.py singles doubles --every 10

The answers of a corpus are those of tests/wrong, written from the student notebooks alone; singles
and doubles are mutants of the references, one of so many, as far as they run and are wrong. Each is
judged as by `check`, in this process. About a minute; seconds are of processor time.
"""

import argparse
import re
import signal
import statistics
import sys
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np
from tqdm import tqdm

sys.path.insert(0, str(Path(__file__).parents[1]))

from cs231n_utils.checking.verdict import Verdict
from grading.exercises import EXERCISES
from grading.judge.diagnosis import judge_here
from grading.judge.mutants import Reference
from grading.judge.question import questions_of
from tests.support.unusual import function_of
from tests.support.wrong import corpora, wrong_answers

SECONDS = 60
MUTANTS = ("singles", "doubles")
KINDS = (
    *("named", "measured", "line of the error", "own sentence", "None or shape"),
    *("only wrong values", "accepted"),
)
UNTOLD = ("None or shape", "only wrong values", "accepted")
LINE = re.compile(r"\(line \d+ of your answer cell")
FORM = re.compile(r"returned (None|an? |\d+ values)|changed its argument|in time")
VALUES = re.compile(
    r"returned (wrong values in|[-\d.e+]+, expected|True|False|\{|\d+ of \d+ entries)"
)


def main() -> int:
    """Print the shares of each corpus."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpora", nargs="*", default=corpora())
    parser.add_argument("--show", action="store_true", help="print what each answer is told")
    parser.add_argument("--only", default="", help="exercises whose name begins so")
    parser.add_argument("--every", type=int, default=10, help="one mutant of so many")
    arguments = parser.parse_args()
    for corpus in arguments.corpora:
        found, seconds = Counter(), []
        answers = [
            a for a in answers_of(corpus, arguments.every) if a[0].startswith(arguments.only)
        ]
        for exercise, title, function in tqdm(answers, desc=corpus, disable=None):
            start = process_time()
            verdict = judge(exercise, function)
            if corpus in MUTANTS and (verdict.passed or fails_at_once(exercise, function)):
                continue
            seconds.append(process_time() - start)
            kind = kind_of(verdict)
            found[kind] += 1
            if arguments.show:
                print(f"\n== {exercise}: {title} [{kind}, {seconds[-1]:.2f} s]\n{verdict}")
        shares = ", ".join(f"{kind} {found[kind]}" for kind in KINDS)
        told = sum(found[kind] for kind in KINDS if kind not in UNTOLD) / len(seconds)
        print(f"{corpus}: {told:.1%} of {len(seconds)} named or located ({shares})")
        print(f"  a check: median {statistics.median(seconds):.2f} s, longest {max(seconds):.2f} s")
    return 0


def answers_of(corpus: str, every: int) -> Iterator[tuple[str, str, Callable[..., Any]]]:
    """Exercise, what is wrong, and the function, of each answer."""
    if corpus not in MUTANTS:
        for answer in wrong_answers(corpus):
            yield answer.exercise, answer.form, function_of(answer)
        return
    rng = np.random.default_rng(0)
    for exercise in EXERCISES.values():
        reference = Reference(exercise)
        singles = reference.mutants(every=every)
        for mutant in singles if corpus == "singles" else reference.pairs(rng, len(singles)):
            yield exercise.id, f"{mutant.before} -> {mutant.after}", mutant.function(exercise)


def fails_at_once(exercise: str, function: Callable[..., Any]) -> bool:
    """Whether the first call raises an error, whose line is all that is to be said."""
    question = next(questions_of(EXERCISES[exercise], np.random.default_rng(0)))
    return question.put_to(function).observations[0].outcome == "raised"


def judge(name: str, function: Callable[..., Any]) -> Verdict:
    """The verdict on an answer, which may loop forever or raise when it is defined."""
    signal.signal(signal.SIGALRM, signal.default_int_handler)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    exercise = EXERCISES[name]
    try:
        with warnings.catch_warnings(action="ignore"), np.errstate(all="ignore"):
            return judge_here(exercise, function, np.random.default_rng(0))
    except KeyboardInterrupt:
        return Verdict(name, message="did not return in time")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def kind_of(verdict: Verdict) -> str:
    """What the answer is told: the first of ``KINDS`` that holds."""
    if verdict.passed:
        return "accepted"
    if verdict.mistakes:
        return "named"
    if verdict.measured:
        return "measured"
    said = " ".join(verdict.reasons.values()) or verdict.message
    if LINE.search(said):
        return "line of the error"
    if FORM.search(said):
        return "None or shape"
    return "only wrong values" if VALUES.search(said) else "own sentence"


if __name__ == "__main__":
    sys.exit(main())
