"""Images and filters to convolve, the border around images, and one that is not as asked."""

import numpy as np

from ..observation import ends_like_one_of


def draw_images(rng, shape):
    """Images (N, C, H, W) as they come in the notebook: a transposed view of (N, H, W, C)."""
    n, channels, height, width = shape
    return rng.standard_normal((n, height, width, channels)).transpose(0, 3, 1, 2)


def draw_convolution(rng, x_shape, w_shape):
    """Images, filters, and biases none of which is near 0."""
    b = rng.choice([-1, 1], w_shape[0]) * rng.uniform(0.5, 2, w_shape[0])
    return draw_images(rng, x_shape), rng.standard_normal(w_shape), b


def with_border(x, pad, **how):
    """Images (N, C, H, W) with a border of ``pad`` pixels."""
    return np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), **how)


def pads_like_one_of(*functions):
    """A `shows` that holds if calls with little padding end as a function's do.

    With more of it windows do not fit in an image that has a border of 1, and what becomes of that
    depends on how an answer is written.
    """

    def shows(cases):
        little = [[call for call in calls if call.arguments[-1] < 2] for calls in cases]
        return ends_like_one_of(*functions)(little)

    return shows
