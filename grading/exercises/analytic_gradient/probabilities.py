"""Probabilities to differentiate the softmax at."""

import numpy as np


def draw_probabilities(rng, n_classes):
    """Probabilities of n classes."""
    weights = np.exp(1.2 * rng.standard_normal(n_classes))
    return weights / np.sum(weights)


def draw_vectors(rng):
    """Probabilities of few and many classes, with equal ones and zeros, and as they come."""
    for n_classes in (3, 2, 5, 14):
        yield draw_probabilities(rng, n_classes)
    yield np.full(4, 0.25)
    certain = np.zeros(5)
    certain[rng.integers(5)] = 1.0
    yield certain
    p = draw_probabilities(rng, 6)
    p[rng.permutation(6)[:3]] = 0.0
    yield np.repeat(p / np.sum(p), 2)[::2]
    yield draw_probabilities(rng, 4).astype(np.float32)
