"""A loss to cut through, steps to go, and the grid of a slice."""

import numpy as np

from cs231n_utils.checking.channel import Recipe


def bumpy_loss(rng, shape):
    """A smooth loss without symmetry, so that no two wrong points give the same value."""
    size = int(np.prod(shape))
    return Recipe(
        "tanh_net",
        A=rng.standard_normal((6, size)),
        b=rng.standard_normal(6),
        v=2.0 + rng.uniform(1.0, 3.0, 6),
    )


def uneven_steps(rng, count):
    """Steps in rising order, positive and negative, unevenly spaced, none of them 0 or 1."""
    return np.sort(rng.uniform(0.2, 0.9, count) * np.resize([-1.0, 1.0], count))


def grid_of(value, alphas, betas):
    """The values ``value(alpha, beta)``: alphas down the rows, betas along them."""
    return np.array([[value(alpha, beta) for beta in betas] for alpha in alphas])
