"""Batches, and the cases that the gradients of the losses share."""

import numpy as np

from ..describe import Case
from ..loops import MANY_IMAGES, no_loop_over_images

SIZES = ((1, 4, 3), (50, 5, 4), (9, 7, 10))
"""The sizes (N, D, C) of batches; among 50 images, some violate no margin and some several."""

PIXEL = 1e8
"""Pixels are multiplied by this number and weights divided by it, so that every usual step is far
too long for a finite difference."""

DIFFERENCE = "its value with reg minus its value with reg = 0"


def draw_batch(rng, n, d, c):
    """Weights, images and labels whose scores spread over a few margins; N, D, C differ."""
    W = rng.standard_normal((d, c))
    X = rng.standard_normal((n, d))
    X[:, -1] = 1.0
    return W, X, rng.integers(0, c, n)


def draw_batch_in_small_units(rng, n, d, c):
    """Like `draw_batch`, with such scores from huge pixels and tiny weights."""
    W, X, y = draw_batch(rng, n, d, c)
    return W / PIXEL, X * PIXEL, y


def _loss_and_gradient(observation):
    loss, gradient = observation.value
    return loss, gradient


def _loss(observations):
    return _loss_and_gradient(observations[-1])[0]


def _gradient(observations):
    return _loss_and_gradient(observations[-1])[1]


def _in_pixels(observations):
    loss, gradient = _loss_and_gradient(observations[-1])
    return loss, gradient / PIXEL


def _penalty(observations):
    """What the regularization adds to loss and gradient."""
    without, with_penalty = (_loss_and_gradient(observation) for observation in observations)
    return with_penalty[0] - without[0], np.subtract(with_penalty[1], without[1])


def loss_and_gradient_cases(rng):
    """Cases of an exercise whose answer returns a loss and its gradient."""
    for n, d, c in SIZES:
        batch = draw_batch(rng, n, d, c)
        yield Case("loss", [(*batch, 0.0)], answer=_loss)
        yield Case("gradient", [(*batch, 0.0)], answer=_gradient)
    call = (*draw_batch_in_small_units(rng, 6, 5, 4), 0.0)
    yield Case("gradient", [call], answer=lambda seen: _gradient(seen) / PIXEL, measures="dW / 1e8")
    for reg in (0.7, float(rng.uniform(0.5, 3.0))):
        batch = draw_batch(rng, 5, 4, 3)
        calls = [(*batch, 0.0), (*batch, reg)]
        yield Case("regularization", calls, answer=_penalty, measures=DIFFERENCE)
    W, X, y = draw_batch_in_small_units(rng, MANY_IMAGES, 5, 4)
    # There is no penalty here, since a mistake in it has cost a part of its own already.
    few, many = (W, X[:8], y[:8], 0.0), (W, X, y, 0.0)
    yield from no_loop_over_images(
        "no loops", few, many, answer=_in_pixels, measures="loss and dW / 1e8"
    )
