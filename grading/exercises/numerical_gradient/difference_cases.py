"""Functions and cases of the exercises that take differences.

The functions are small tanh networks: smooth, with every coordinate in play in every slope, so
that a step left in ``x`` shows. At large ``h`` forward, backward and centered differences are far
apart.
"""

import numpy as np

from cs231n_utils.checking.channel import Recipe

from ..describe import Case


def smooth_function(rng, size):
    """A recipe of a function of ``size`` numbers whose slopes are of order 1."""
    return Recipe(
        "tanh_net",
        A=rng.standard_normal((6, size)) / np.sqrt(size),
        b=rng.uniform(-1, 1, 6),
        v=2.0 * rng.standard_normal(6),
    )


def smaller_than(h, rng, shape):
    """A point so near 0 that ``x + h - h`` is not ``x``, because ``x + h`` is rounded."""
    return h * rng.uniform(0.02, 0.2, shape) * rng.choice([-1.0, 1.0], shape)


def left_unchanged(part, call):
    """Two cases: the call leaves its arguments as they were, and what it returns is right.

    They come in this order because a changed argument explains wrong values.
    """
    yield Case(part, [call], answer=None)
    yield Case(part, [call], keeps_arguments=False)


def evaluates_f(name, expected, formula):
    """A `verify`: f was evaluated as often as expected, which ``formula`` says in letters."""

    def verify(observations):
        got = observations[0].usage["0"]["n_calls"]
        if got == expected:
            return None
        return f"{name} evaluated f {got} times, expected {formula} = {expected}."

    return verify


def dense_cases(name, evaluations, formula):
    """Cases of an exercise whose answer takes (f, x, h) and returns an array like x."""

    def cases(rng):
        x = rng.standard_normal(5)
        yield Case("slopes", [(smooth_function(rng, 5), x)], keeps_arguments=False)
        for shape in ((4, 3), (2, 3, 2)):
            x, h = rng.standard_normal(shape), float(rng.uniform(0.1, 0.3))
            f = smooth_function(rng, x.size)
            yield Case("slopes", [(f, x, h)], keeps_arguments=False)
        h = float(rng.uniform(0.1, 0.3))
        x = smaller_than(h, rng, (6, 5))
        yield from left_unchanged("x restored", (smooth_function(rng, x.size), x, h))
        x = rng.standard_normal((3, int(rng.integers(4, 7))))
        yield Case(
            "evaluations",
            [(smooth_function(rng, x.size), x, 0.1)],
            verify=evaluates_f(name, evaluations(x.size), formula),
            keeps_arguments=False,
        )

    return cases


DENSE_PARTS = {"slopes": 2, "x restored": 1, "evaluations": 1}
