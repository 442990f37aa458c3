"""Whether drawn numbers are standard normal."""

import numpy as np


def why_not_normal(draws):
    """Why hundreds of numbers are not standard normal; the bounds are seven standard errors."""
    if draws.min() >= 0:
        return "are never negative: draw with rng.standard_normal."
    if is_uniform(draws):
        return "are uniform between -1 and 1: draw with rng.standard_normal."
    if not 0.75 < draws.std() < 1.3:
        return f"are {draws.std():.3g} times as large as asked for."
    if abs(draws.mean()) > 0.35:
        return f"have mean {draws.mean():.3g} standard deviations, expected about 0."
    return None if np.abs(draws).max() > 1.9 else "are not normal: draw with rng.standard_normal."


def is_uniform(draws):
    """Whether numbers fill -1 to 1 and end there; their standard deviation is 1 / sqrt(3)."""
    return draws.min() < 0 and np.abs(draws).max() < 1 + 1e-6 and draws.std() > 0.45


def about_one(numbers):
    """Whether the standard deviation of hundreds of numbers is about 1."""
    return 0.8 < np.std(numbers) < 1.25
