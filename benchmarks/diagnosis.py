"""How many wrong answers get a sentence of their own, and how long a failed check takes.

    python benchmarks/diagnosis.py [CORPUS ...] [--show]

The answers are those of tests/wrong, written from the student notebooks alone. Each is judged as
by `check`, in this process. About half a minute.
"""

import argparse
import re
import signal
import statistics
import sys
import warnings
from collections import Counter
from pathlib import Path
from time import perf_counter

import numpy as np
from tqdm import tqdm

sys.path.insert(0, str(Path(__file__).parents[1]))

from cs231n_utils.checking.verdict import Verdict
from grading.exercises import EXERCISES
from grading.judge.diagnosis import judge_here
from tests.support.unusual import Answer, function_of
from tests.support.wrong import corpora, wrong_answers

SECONDS = 60
KINDS = ("named", "measured", "line of the error", "None or shape", "only wrong values", "accepted")
LINE = re.compile(r"\(line \d+ of your answer cell")
FORM = re.compile(r"returned (None|an? |\d+ values)|changed its argument|in time|restored")


def main() -> int:
    """Print the shares of each corpus."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpora", nargs="*", default=corpora())
    parser.add_argument("--show", action="store_true", help="print what each answer is told")
    parser.add_argument("--only", default="", help="exercises whose name begins so")
    arguments = parser.parse_args()
    for corpus in arguments.corpora:
        answers = [a for a in wrong_answers(corpus) if a.exercise.startswith(arguments.only)]
        found, seconds = Counter(), []
        for answer in tqdm(answers, desc=corpus, disable=None):
            start = perf_counter()
            verdict = judge(answer)
            seconds.append(perf_counter() - start)
            found[kind_of(verdict)] += 1
            if arguments.show:
                print(f"\n== {answer} [{kind_of(verdict)}, {seconds[-1]:.2f} s]\n{verdict}")
        shares = ", ".join(f"{kind} {found[kind]}" for kind in KINDS)
        told = found["named"] + found["measured"] + found["line of the error"]
        print(f"{corpus}: {told / len(answers):.1%} of {len(answers)} named or located ({shares})")
        print(f"  a check: median {statistics.median(seconds):.2f} s, longest {max(seconds):.2f} s")
    return 0


def judge(answer: Answer) -> Verdict:
    """The verdict on an answer, which may loop forever or raise when it is defined."""
    signal.signal(signal.SIGALRM, signal.default_int_handler)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    exercise = EXERCISES[answer.exercise]
    try:
        with warnings.catch_warnings(action="ignore"), np.errstate(all="ignore"):
            return judge_here(exercise, function_of(answer), np.random.default_rng(0))
    except KeyboardInterrupt:
        return Verdict(answer.exercise, message="did not return in time")
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
    return "None or shape" if FORM.search(said) else "only wrong values"


if __name__ == "__main__":
    sys.exit(main())
