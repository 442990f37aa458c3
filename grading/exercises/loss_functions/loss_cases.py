"""Batches, and the cases that the four losses share."""

import numpy as np

from ..compare import NotJudged, compare
from ..describe import Case
from ..loops import MANY_IMAGES, no_loop_over_images
from .cross_entropy import cross_entropies

LARGE_SCORES_RTOL = 0.01
"""Differences of scores of 20,000 are right to 0.002 in float32."""


def draw_batch(rng, n, d, c, scale=1.0):
    """Weights, images and labels whose scores spread over a few margins; N, D, C differ."""
    W = scale * rng.standard_normal((d, c))
    X = rng.standard_normal((n, d))
    X[:, -1] = 1.0
    return W, X, rng.integers(0, c, n)


def tied_batches(rng, largest=2):
    """Batches with equal scores: two columns alike with whole scores, and W = 0.

    Scores of whole numbers are exact however they are summed, so ties are ties.
    """
    W = rng.integers(-largest, largest + 1, (5, 4)).astype(float)
    W[:, 1] = W[:, 0]
    X = rng.integers(-largest, largest + 1, (6, 5)).astype(float)
    X[:, -1] = 1.0
    y = rng.integers(0, 4, 6)
    y[:2] = 0, 1
    return (W, X, y), (np.zeros((5, 4)), X, y)


def _difference(observations):
    return observations[1].value - observations[0].value


def loss_cases(rng, spread=2):
    """Data loss at reg 0, of scores that spread so; regularization as the difference of reg."""
    for n, d, c in ((1, 4, 3), (6, 5, 4), (9, 7, 10), (7, 3, 2), (5, 40, 13)):
        scale = min(1, spread / np.sqrt(d))
        yield Case("data loss", [(*draw_batch(rng, n, d, c, scale), 0.0)])
    for batch in tied_batches(rng, spread):
        yield Case("data loss", [(*batch, 0.0)])
    for reg in (0.7, *map(float, rng.uniform(0.5, 3.0, 2))):
        batch = draw_batch(rng, 5, 4, 3)
        yield Case(
            "regularization",
            [(*batch, 0.0), (*batch, reg)],
            answer=_difference,
            measures="its value with reg minus its value with reg = 0",
        )


def vectorized_cases(rng):
    """Cases that a loop over the images, or an array of N x N entries, fails."""
    W, X, y = draw_batch(rng, MANY_IMAGES, 5, 4)
    yield from no_loop_over_images("no loops", (W, X[:8], y[:8], 0.0), (W, X, y, 0.0))


def softmax_loss_cases(rng):
    """The cases of any loss, and scores so large that their exponentials overflow."""
    # No p is so small that a number added to it shows in one drawing and not in another.
    yield from loss_cases(rng, spread=1)
    apart = [0.0, -15_000.0, 0.0, -15_000.0]
    for biases, only in (([20_000.0] * 4, 1), ([-20_000.0] * 4, 1), (apart, 1), (apart, 2)):
        W, X, y = draw_batch(rng, 6, 5, 4)
        W[-1] = biases
        # With 2, all correct classes lead.
        y[0], y[1:] = only, y[1:] // only * only
        yield _stable_case(rng, W, X, y)
    W, X, y = draw_batch(rng, 6, 5, 4)
    W[0], X[:, 0] = 10_000.0, rng.permutation(6) - 2.0
    yield _stable_case(rng, W, X, y)


def _stable_case(rng, W, X, y):
    """A batch of large scores, judged where the loss of an ordinary one is right."""
    ordinary = draw_batch(rng, 6, 5, 4)

    def differs(observations):
        first, last = (observation.value for observation in observations)
        why = compare(first, np.mean(cross_entropies(*ordinary)), rtol=1e-4, atol=1e-6)
        if why:
            return NotJudged(f"Not judged until the loss of ordinary scores is right: it {why}")
        expected = np.mean(cross_entropies(W, X, y))
        why = compare(last, expected, rtol=LARGE_SCORES_RTOL, atol=0.0)
        return f"For scores as large as {_largest(X @ W):,.0f} the loss {why}" if why else None

    return Case("stable", [(*ordinary, 0.0), (W, X, y, 0.0)], answer=None, verify=differs)


def _largest(scores):
    """The score that is largest in absolute value."""
    return scores.flat[np.argmax(np.abs(scores))]
