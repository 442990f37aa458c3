"""Batches, and the cases that the four losses share."""

from ..describe import Case
from ..loops import MANY_IMAGES, no_loop_over_images


def draw_batch(rng, n, d, c, scale=1.0):
    """Weights, images and labels whose scores spread over a few margins; N, D, C differ."""
    W = scale * rng.standard_normal((d, c))
    X = rng.standard_normal((n, d))
    X[:, -1] = 1.0
    return W, X, rng.integers(0, c, n)


def _difference(observations):
    return observations[1].value - observations[0].value


def loss_cases(rng):
    """Data loss at reg 0; regularization as the difference that reg makes."""
    for n, d, c in ((1, 4, 3), (6, 5, 4), (9, 7, 10)):
        yield Case("data loss", [(*draw_batch(rng, n, d, c), 0.0)])
    for reg in (0.7, float(rng.uniform(0.5, 3.0))):
        batch = draw_batch(rng, 5, 4, 3)
        yield Case(
            "regularization",
            [(*batch, 0.0), (*batch, reg)],
            answer=_difference,
            measures="its value with reg minus its value with reg = 0",
        )


def vectorized_cases(rng):
    """Cases that a loop over the images fails."""
    W, X, y = draw_batch(rng, MANY_IMAGES, 5, 4)
    yield from no_loop_over_images("no loops", (W, X[:8], y[:8], 0.0), (W, X, y, 0.0))


def softmax_loss_cases(rng):
    """The cases of any loss, and scores so large that their exponentials overflow."""
    yield from loss_cases(rng)
    for biases in ([2000.0] * 4, [0.0, -1500.0, 0.0, -1500.0]):
        W, X, y = draw_batch(rng, 6, 5, 4)
        W[-1] = biases
        y[0] = 1
        yield Case("stable", [(W, X, y, 0.0)])
    W, X, y = draw_batch(rng, 6, 5, 4)
    W[0], X[:, 0] = 1000.0, rng.permutation(6) - 2.0
    yield Case("stable", [(W, X, y, 0.0)])
