"""The same code gets the same verdict: which answers do not, and how often.

    python benchmarks/same_verdict.py [--examinations N] [EXERCISE ...]

Examines every reference, every known mistake and every right but unusual answer of the tests many
times, with inputs drawn anew, and prints those that do not lose the same parts each time. Without
names, for all exercises: about half an hour on two cores. Exit code 1 if there is one.
"""

import argparse
import os
import sys
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from threadpoolctl import threadpool_limits
from tqdm import tqdm

from cs231n_utils.system.processors import n_processors
from grading.exercises import EXERCISES

sys.path.append(str(Path(__file__).parents[1]))

from tests.support.verdicts import Outcomes, functions_for, outcomes


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
            for name, found in done.result():
                total += 1
                if len(found) > 1:
                    unstable += 1
                    tqdm.write(f"{name}: {rates(found)}", file=sys.stdout)
    print(f"{total - unstable:,} of {total:,} got one verdict in {arguments.examinations} times")
    return 1 if unstable else 0


def all_outcomes(exercise: str, n_times: int) -> list[tuple[str, Outcomes]]:
    """What each answer to an exercise lost; what they print is dropped."""
    with open(os.devnull, "w") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):
        return [
            (f"{exercise}, {name}", outcomes(exercise, function, n_times))
            for name, function in functions_for(exercise)
        ]


def rates(found: Outcomes) -> str:
    """Each outcome with its rate, the most frequent first."""
    return "; ".join(
        f"{count / found.total():.1%} lose {', '.join(lost) or 'nothing'}"
        for lost, count in found.most_common()
    )


if __name__ == "__main__":
    sys.exit(main())
