"""Returned values as pairs and arrays."""

import numpy as np


def as_numbers(values):
    """A list or tuple of numbers as an array; any other value unchanged."""
    return np.array(values, dtype=float) if isinstance(values, list | tuple) else values


def as_pair(value):
    """The value itself if it is a pair; raises TypeError if it is not."""
    if not isinstance(value, tuple | list) or len(value) != 2:
        raise TypeError("not a pair")
    return value
