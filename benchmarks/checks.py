"""What a check takes: one call of a function that lives in the oracle, and each exercise's check.

    python benchmarks/checks.py [--checks N]

Through a channel to an oracle in another process, as in self-study, with the references as
answers; medians. About a minute. Exit code 1 if a check takes over a second.
"""

import argparse
import statistics
import sys
import time

import numpy as np

from cs231n_utils.checking.client import OracleClient
from grading.exercises import EXERCISES

N_CALLS = 2_000
MOST_SECONDS = 1.0
SHOWN = 10


def main() -> int:
    """Print the figures; 1 if a check takes longer than it may."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--checks", type=int, default=20, help="checks of each exercise")
    n_checks = parser.parse_args().checks
    channel = OracleClient.current()

    calls = seconds_of_calls(channel)
    quick, middle = 1e6 * np.percentile(calls, (10, 50))
    print(f"a call of a function in the oracle: {middle:.0f} us (quickest tenth {quick:.0f} us)")

    medians = {name: seconds_of_a_check(channel, name, n_checks) for name in EXERCISES}
    print(f"\nthe slowest of {len(medians)} checks, medians of {n_checks}:")
    for name in sorted(medians, key=medians.get, reverse=True)[:SHOWN]:
        print(f"  {name:<28} {medians[name]:6.3f} s")
    print(f"  {'all, median':<28} {statistics.median(medians.values()):6.3f} s")
    return int(max(medians.values()) > MOST_SECONDS)


def seconds_of_calls(channel: OracleClient) -> list[float]:
    """Seconds of each call of ``f`` in a check of notebook 04, at a point of its own shape."""
    taken: list[float] = []

    def eval_numerical_gradient(f, x, h=1e-5):
        if not taken:
            for _ in range(N_CALLS):
                before = time.perf_counter()
                f(x)
                taken.append(time.perf_counter() - before)
        return np.zeros(x.shape)

    channel.judge(eval_numerical_gradient, "eval_numerical_gradient")
    return taken


def seconds_of_a_check(channel: OracleClient, name: str, n_checks: int) -> float:
    """Median wall time of a check of a reference."""
    taken = []
    for _ in range(n_checks):
        before = time.perf_counter()
        assert channel.judge(EXERCISES[name].reference, name).passed, name
        taken.append(time.perf_counter() - before)
    return statistics.median(taken)


if __name__ == "__main__":
    sys.exit(main())
