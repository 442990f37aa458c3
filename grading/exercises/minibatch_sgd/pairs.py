"""What came back as a pair, or as a list of numbers."""

import numpy as np


def as_numbers(values):
    """Numbers that came as a list as an array; whatever else as it is."""
    return np.array(values, dtype=float) if isinstance(values, list) else values


def as_pair(value):
    """The value itself if it is a pair; raises TypeError if it is not."""
    if not isinstance(value, tuple | list) or len(value) != 2:
        raise TypeError("not a pair")
    return value
