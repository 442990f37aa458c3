"""Batches, and the cases that the gradients of the losses share."""

import numpy as np

from cs231n_utils.checking.observe import UNCOUNTED

from ..describe import Case
from ..loops import MANY_IMAGES, no_loop_over_images

SIZES = ((1, 4, 3), (50, 5, 4), (8, 3, 2), (9, 7, 13))
"""The sizes (N, D, C) of batches; among 50 images, some violate no margin and some several."""

MANY_INPUTS = 100
"""One image with this many inputs has so many weights that a loss for each of them shows."""

LINES_PER_WEIGHT = 8
"""An answer may run this many lines of Python for each weight of one image: loops over inputs and
classes with the scores, the gradient and the penalty run 6, a loss for each weight 12 to 60."""

PIXEL = 1e8
"""Pixels are multiplied by this number and weights divided by it, so that every usual step is far
too long for a finite difference."""

DIFFERENCE = "its value with reg minus its value with reg = 0"


def draw_batch(rng, n, d, c):
    """Weights, images and labels whose scores spread over a few margins; N, D, C differ."""
    W = rng.standard_normal((d, c))
    X = rng.standard_normal((n, d))
    X[:, -1] = 1.0
    y = rng.integers(0, c, n)
    y[1:2] = 1  # An image whose number is its label, where mixing them up matters.
    return W, X, y


def draw_batches(rng, spread=1.0):
    """Batches of all sizes, as they come in memory, and with scores that are equal."""
    for size in SIZES:
        W, X, y = draw_batch(rng, *size)
        yield spread * W, X, y
    W, X, y = draw_batch(rng, 6, 5, 4)
    yield np.asfortranarray(W), np.repeat(X, 2, axis=1)[:, ::2], y.astype(np.uint8)
    W, X, y = draw_batch(rng, 7, 4, 5)
    yield W.astype(np.float32), X.astype(np.float32), y.astype(np.int32)
    W, X, y = draw_batch(rng, 7, 5, 4)
    yield np.zeros_like(W), X, y
    W[:, 1] = W[:, 3] = W[:, 0]
    yield W, X, y


def formula_case(rng, part, **options):
    """A case that fails if the loss is evaluated for every weight: lines of Python are counted."""
    W, X, y = draw_batch(rng, 1, MANY_INPUTS, 10)
    X /= np.sqrt(MANY_INPUTS)
    # Of the margins only one is above 0, so that loops over the inputs have little to add up.
    scores = X[0] @ W
    W += np.outer(X[0], 2.0 * (np.arange(10) == y[0]) - scores) / (X[0] @ X[0])
    W += np.outer(X[0], 1.5 * (np.arange(10) == (y[0] + 3) % 10)) / (X[0] @ X[0])

    def verify(observations):
        if not evaluates_for_every_weight(observations[0]):
            return None
        return (
            f"Python ran {observations[0].work:,} lines for one image and {W.size:,} weights, "
            f"expected at most {LINES_PER_WEIGHT * W.size:,}: is the loss evaluated anew for every "
            "weight, instead of one formula for dW?"
        )

    return Case(part, [(W, X, y, 0.0)], verify=verify, count_work=True, **options)


def evaluates_for_every_weight(observation):
    """Whether so many lines ran that the loss was evaluated for every weight."""
    W = observation.arguments[0]
    most = LINES_PER_WEIGHT * W.size
    return len(W) == MANY_INPUTS and observation.work != UNCOUNTED and observation.work > most


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


def loss_and_gradient_cases(rng, spread=1.0):
    """Cases of an exercise whose answer returns a loss and its gradient."""
    for batch in draw_batches(rng, spread):
        yield Case("loss", [(*batch, 0.0)], answer=_loss)
        yield Case("gradient", [(*batch, 0.0)], answer=_gradient)
    call = (*draw_batch_in_small_units(rng, 6, 5, 4), 0.0)
    yield Case("gradient", [call], answer=lambda seen: _gradient(seen) / PIXEL, measures="dW / 1e8")
    yield formula_case(rng, "gradient", answer=_gradient)
    for reg in (0.7, *map(float, rng.uniform(0.5, 3.0, 2))):
        batch = draw_batch(rng, 5, 4, 3)
        calls = [(*batch, 0.0), (*batch, reg)]
        yield Case("regularization", calls, answer=_penalty, measures=DIFFERENCE)
    W, X, y = draw_batch_in_small_units(rng, MANY_IMAGES, 5, 4)
    # There is no penalty here, since a mistake in it has cost a part of its own already.
    few, many = (W, X[:8], y[:8], 0.0), (W, X, y, 0.0)
    yield from no_loop_over_images(
        "no loops", few, many, answer=_in_pixels, measures="loss and dW / 1e8"
    )
