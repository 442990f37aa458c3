"""Probabilities to differentiate the softmax at."""

import numpy as np


def draw_probabilities(rng, n_classes):
    """Probabilities of n classes."""
    weights = np.exp(1.2 * rng.standard_normal(n_classes))
    return weights / np.sum(weights)
