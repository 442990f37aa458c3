"""Images and filters to convolve, and the border around images."""

import numpy as np


def draw_convolution(rng, x_shape, w_shape):
    """Images, filters, and biases none of which is near 0."""
    b = rng.choice([-1, 1], w_shape[0]) * rng.uniform(0.5, 2, w_shape[0])
    return rng.standard_normal(x_shape), rng.standard_normal(w_shape), b


def with_border(x, pad, **how):
    """Images (N, C, H, W) with a border of ``pad`` pixels."""
    return np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), **how)
