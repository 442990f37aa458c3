"""Whether drawn numbers are standard normal and independent of one another."""

import numpy as np

SIGMAS = 5.5
"""Bound on a mean, a spread and a correlation in standard errors; a right answer exceeds one in
4 of 100 million examinations."""

LARGEST = 2.2
"""Of 700 standard normal numbers or more, the largest is below this in 4 of a billion cases: 1 in
36 lies beyond."""

DISTINCT = 0.9
"""At least this share of numbers, rounded to 4 digits and without signs, differ from all others.
Of 2,000 right numbers about 100 agree with another by chance."""


def why_not_normal(tries):
    """Why tries (T, ...) of 700 numbers or more in all are not standard normal; else None."""
    tries = tries.reshape(len(tries), -1)
    n = tries.size
    if tries.min() >= 0:
        return "are never negative: draw with rng.standard_normal."
    if np.ptp(tries, axis=1).max() < 1e-4:
        return "are one number in all entries: draw one for each entry, with the shape."
    distinct = len(np.unique(np.round(np.abs(tries), 4)))
    if distinct < DISTINCT * n:
        return (
            f"repeat: of {n} numbers only {distinct} differ by more than their sign. Draw a number "
            "for each entry, each time."
        )
    if np.abs(tries).max() < LARGEST:
        return (
            f"end at {np.abs(tries).max():.3g}, but 1 in 20 normal numbers lies beyond 2: draw "
            "with rng.standard_normal."
        )
    if abs(tries.std() - 1) > SIGMAS / np.sqrt(2 * n):
        return f"are {tries.std():.3g} times as large as asked for."
    if abs(tries.mean()) > SIGMAS / np.sqrt(n):
        return f"have mean {tries.mean():.3g} standard deviations, expected about 0."
    if abs(np.mean(tries[1:] * tries[:-1])) > SIGMAS / np.sqrt(n - len(tries[0])):
        return "follow from those before them: draw anew each time."
    return None


def is_uniform(draws):
    """Whether numbers fill -1 to 1 and end there; their standard deviation is 1 / sqrt(3)."""
    return is_flat(draws) and np.abs(draws).max() < 1 + 1e-6


def is_flat(draws):
    """Whether numbers of both signs are uniform: half of them lie in the middle half."""
    inner = np.mean(np.abs(draws) < np.abs(draws).max() / 2)
    return draws.min() < 0 and abs(inner - 0.5) < 0.1


def about_one(numbers):
    """Whether the standard deviation of 800 numbers is 1, give or take 5.5 standard errors."""
    return 0.86 < np.std(numbers) < 1.14
