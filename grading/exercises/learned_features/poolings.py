"""Shapes and pixels of the questions about pooling."""

POOLINGS = (
    ("values", (2, 3, 4, 6), 2, 2),
    ("values", (3, 2, 7, 9), 3, 3),
    ("overlapping windows", (2, 3, 5, 6), 2, 1),
    ("overlapping windows", (3, 2, 8, 9), 3, 2),
)


def draw_pixels(rng, shape):
    """Images that are mostly negative, so that some windows hold no positive number."""
    return rng.standard_normal(shape) - 1.0
