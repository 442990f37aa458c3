"""Functions and cases of the exercises that take differences.

The functions are small tanh networks: smooth, with every coordinate in play in every slope, so
that a step left in ``x`` shows. At large ``h`` forward, backward and centered differences are far
apart.
"""

import numpy as np

from cs231n_utils.checking.channel import Recipe

from ..describe import Case

MOST_POINTS = 300
"""Right answers evaluate f at fewer points."""


def smooth_function(rng, size, steepness=1.0):
    """A recipe of a function of ``size`` numbers whose slopes are of the order of ``steepness``."""
    return Recipe(
        "tanh_net",
        A=steepness * rng.standard_normal((6, size)) / np.sqrt(size),
        b=rng.uniform(-1, 1, 6),
        v=2.0 * rng.standard_normal(6),
    )


def steep_function(rng, shape):
    """A function and a point where a step of 1e-5 and one of 2e-5 give different slopes."""
    size = int(np.prod(shape))
    return smooth_function(rng, size, steepness=1e5), 1e-5 * rng.standard_normal(shape)


def flat_function(rng, shape):
    """A function and a point with zeros, where the function does not depend on some numbers."""
    function = smooth_function(rng, int(np.prod(shape)))
    function.ingredients["A"][:, 1::4] = 0.0
    x = rng.standard_normal(shape)
    x.flat[::3] = 0.0
    return function, x


def smaller_than(h, rng, shape):
    """A point so near 0 that ``x + h - h`` is not ``x``, because ``x + h`` is rounded."""
    return h * rng.uniform(0.02, 0.2, shape) * rng.choice([-1.0, 1.0], shape)


def restores_x(name, call, coordinates=None):
    """A case that asks for x as it was before, after f was evaluated along these coordinates."""

    def gist(seen):
        return *_outcome(seen), np.array_equal(seen.after[1], seen.arguments[1])

    verify = _moves_each_coordinate(name, coordinates)
    return Case("x restored", [call], answer=None, verify=verify, gist=gist)


def counts_evaluations(name, call, expected, formula, coordinates=None):
    """A case that asks for so many evaluations of f, along these coordinates; in letters too."""
    moves_each = _moves_each_coordinate(name, coordinates)

    def verify(observations):
        got = observations[0].usage["0"]["n_calls"]
        if got != expected:
            return f"{name} evaluated f {got} times, expected {formula} = {expected}."
        return moves_each(observations)

    def gist(seen):
        return *_outcome(seen), seen.usage["0"]["n_calls"]

    return Case("evaluations", [call], answer=None, verify=verify, gist=gist, keeps_arguments=False)


def _outcome(seen):
    """What happened in a call, apart from rounding and from how often f was evaluated."""
    return seen.outcome, (seen.error or {}).get("message"), seen.value, seen.after


def _moves_each_coordinate(name, coordinates):
    """A `verify`: f was evaluated at two points that differ there alone, for each coordinate.

    It does not ask for right slopes, only for what every way to find them needs.
    """

    def verify(observations):
        points = observations[0].usage["0"].get("points", np.zeros((0,)))
        x = observations[0].arguments[1]
        if points.shape[1:] != x.shape:
            return f"{name} never evaluated f at a point of the shape of x."
        # An answer may evaluate f as often as it likes, and all pairs are compared.
        flat = points.reshape(len(points), -1)[:MOST_POINTS]
        differ = np.abs(flat[:, np.newaxis] - flat) > 1e-9
        alone = np.any(differ[np.sum(differ, axis=2) == 1], axis=0).reshape(x.shape)
        for index in coordinates or np.ndindex(x.shape):
            if not alone[index]:
                return (
                    f"{name} never evaluated f at two points that differ in x{list(index)} alone, "
                    "expected one coordinate to be moved at a time."
                )
        return None

    return verify


def dense_cases(name, evaluations, formula):
    """Cases of an exercise whose answer takes (f, x, h) and returns an array like x."""

    def cases(rng):
        yield Case("slopes", [steep_function(rng, (5,))], keeps_arguments=False)
        for shape in ((1,), (4, 3), (2, 3, 2)):
            x, h = rng.standard_normal(shape), float(rng.uniform(0.1, 0.3))
            yield Case("slopes", [(smooth_function(rng, x.size), x, h)], keeps_arguments=False)
        h = float(rng.uniform(0.1, 0.3))
        for layout in (np.asfortranarray, lambda x: np.repeat(x, 2, axis=1)[:, ::2]):
            f, x = flat_function(rng, (3, 5))
            yield Case("slopes", [(f, layout(x), h)], keeps_arguments=False)
        single = rng.standard_normal((3, 2)).astype(np.float32)
        f = smooth_function(rng, single.size)
        yield Case("slopes", [(f, single, h)], keeps_arguments=False, rtol=1e-3, atol=1e-4)
        x = smaller_than(h, rng, (6, 5))
        yield restores_x(name, (smooth_function(rng, x.size), x, h))
        x = rng.standard_normal((3, int(rng.integers(4, 7))))
        call = (smooth_function(rng, x.size), x, 0.1)
        yield counts_evaluations(name, call, evaluations(x.size), formula)

    return cases


DENSE_PARTS = {"slopes": 2, "x restored": 1, "evaluations": 1}
