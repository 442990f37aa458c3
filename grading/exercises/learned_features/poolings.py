"""Shapes and pixels of the questions about pooling."""

import numpy as np

POOLINGS = (
    ("values", (2, 3, 4, 6), 2, 2),
    ("values", (3, 2, 7, 9), 3, 3),
    ("any stride", (2, 3, 5, 6), 2, 1),
    ("any stride", (3, 2, 8, 9), 3, 2),
    ("any stride", (1, 2, 9, 7), 2, 3),  # gaps between the windows
)


def draw_pixels(rng, shape):
    """Images without ties, mostly negative, so that some windows hold no positive number.

    They lie in memory as images of the notebook do: a transposed view of (N, H, W, C).
    """
    n, channels, height, width = shape
    size = int(np.prod(shape))
    numbers = rng.permutation(size) + rng.uniform(0.1, 0.9, size) - 0.8 * size
    return numbers.reshape(n, height, width, channels).transpose(0, 3, 1, 2) * (5 / size)
