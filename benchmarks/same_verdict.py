"""The same code gets the same verdict: which answers do not, and how often.

    python benchmarks/same_verdict.py [--examinations N] [EXERCISE ...]

Examines every reference, every known mistake and every right but unusual answer of the tests many
times, with inputs drawn anew, and prints those that do not lose the same parts each time. Without
names, for all exercises: about half an hour on two cores. Exit code 1 if there is one.
"""

import argparse
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits
from tqdm import tqdm

from cs231n_utils.system.processors import n_processors
from grading.exercises import EXERCISES
from grading.judge.question import questions_of

sys.path.append(str(Path(__file__).parents[1]))

from tests.support.unusual import answers_to, function_of

Outcomes = Counter[tuple[str, ...]]
"""How often which parts were lost."""


def main() -> int:
    """Print the answers with more than one verdict; 0 if there is none, else 1."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--examinations", type=int, default=200, help="of each (default 200)")
    parser.add_argument("exercises", nargs="*", metavar="EXERCISE", help="ids (default all)")
    arguments = parser.parse_args()
    unknown = set(arguments.exercises) - set(EXERCISES)
    if unknown:
        parser.error(f"got {', '.join(sorted(unknown))}, expected ids of exercises")

    unstable = total = 0
    with ProcessPoolExecutor(n_processors(), initializer=threadpool_limits, initargs=(1,)) as pool:
        asked = [
            pool.submit(all_outcomes, exercise, arguments.examinations)
            for exercise in arguments.exercises or EXERCISES
        ]
        for done in tqdm(as_completed(asked), total=len(asked), unit="exercise"):
            for name, outcomes in done.result():
                total += 1
                if len(outcomes) > 1:
                    unstable += 1
                    tqdm.write(f"{name}: {described(outcomes)}", file=sys.stdout)
    print(f"{total - unstable:,} of {total:,} got one verdict in {arguments.examinations} times")
    return 1 if unstable else 0


def all_outcomes(exercise: str, n_times: int) -> list[tuple[str, Outcomes]]:
    """What each answer to an exercise lost; what they print is dropped."""
    with open(os.devnull, "w") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):
        return [
            (f"{exercise}, {name}", outcomes(exercise, function, n_times))
            for name, function in functions_for(exercise)
        ]


def functions_for(exercise: str) -> Iterator[tuple[str, Callable[..., Any]]]:
    """The reference, the known mistakes and the right answers, each with its name."""
    described = EXERCISES[exercise]
    yield "reference", described.reference
    for mistake in described.mistakes:
        yield f"mistake {mistake.name!r}", mistake
    for answer in answers_to(exercise):
        function = function_of(answer)
        if function is not None:
            yield f"right answer {answer.form!r}", function


def outcomes(exercise: str, function: Callable[..., Any], n_times: int) -> Outcomes:
    """Examine one answer many times."""
    found: Outcomes = Counter()
    described = EXERCISES[exercise]
    for seed in range(n_times):
        questions = questions_of(described, np.random.default_rng(seed))
        lost = {q.case.part for q in questions if q.put_to(function).reason(described)}
        found[tuple(part for part in described.parts if part in lost)] += 1
    return found


def described(outcomes: Outcomes) -> str:
    """Each outcome with its rate, the most frequent first."""
    total = outcomes.total()
    return "; ".join(
        f"{count / total:.1%} lose {', '.join(lost) or 'nothing'}"
        for lost, count in outcomes.most_common()
    )


if __name__ == "__main__":
    sys.exit(main())
