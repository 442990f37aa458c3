"""Images of random numbers with labels, and which of them a batch holds."""

import numpy as np

N_INPUTS = 5


def labeled_images(rng, n, d=N_INPUTS, n_classes=7):
    """Images (n, d) of random numbers, and labels."""
    return rng.standard_normal((n, d)), rng.integers(0, n_classes, n)


def rows_of(images, X):
    """The row of X that equals each image; -1 for an image that equals none."""
    distances = np.abs(images[:, np.newaxis] - X).max(axis=-1)
    return np.where(distances.min(axis=1) < 1e-5, distances.argmin(axis=1), -1)
