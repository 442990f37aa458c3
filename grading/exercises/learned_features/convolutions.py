"""Images and filters to convolve, and the border around images."""

import numpy as np


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
