"""Functions with kinks, and gradients compared with the slopes on both sides."""

import numpy as np

from .relative_error import relative_error


def curved(rng, shape, sign=1.0):
    """Ingredients of a quadratic with penalties whose slopes are far from 0; concave if -1."""
    return {
        "center": rng.choice([-1, 1], shape) * rng.uniform(3.0, 5.0, shape),
        "curvature": sign * rng.uniform(1.0, 3.0, shape),
        "l2": sign * float(rng.uniform(0.5, 0.8)),
        "l1": sign * float(rng.uniform(0.5, 1.0)),
    }


def off_the_kinks(rng, shape):
    """A point without a coordinate near 0, where the L1 penalty has its kinks."""
    return rng.choice([-1, 1], shape) * rng.uniform(0.5, 2.0, shape)


def bug_in_a_quarter(rng, size=48):
    """Ingredients of a quadratic, and a point where four times its L2 gradient is wrong.

    In a quarter of the coordinates the relative error is largest, and the same in all of them, so
    that what an answer returns does not depend on which it draws.
    """
    x = rng.uniform(0.01, 0.05, size)
    x[rng.permutation(size)[: size // 4]] = 1.3
    x *= rng.choice([-1, 1], size)
    function = {
        "center": -4.0 * np.sign(x),
        "curvature": np.full(size, float(rng.uniform(1.0, 3.0))),
        "l2": float(rng.uniform(0.5, 0.8)),
        "l1": 0.0,
    }
    return function, x


def moved_coordinates(points, x):
    """For each point away from x, which coordinates moved, flat; rounding does not count."""
    moved = np.abs(points - x).reshape(len(points), -1) > 1e-9
    return moved[np.any(moved, axis=1)]


def slopes_on_both_sides(f, x, index, h, here=None):
    """One-sided slopes (left, right) of f along one coordinate of x; ``here`` is f(x)."""
    step = np.zeros(x.shape)
    step[index] = h
    here = f(x) if here is None else here
    return (here - f(x - step)) / h, (f(x + step) - here) / h


def slope_errors(f, grad, x, coordinates, h, nearest):
    """Relative error at each coordinate against ``nearest(analytic, left, right)``."""
    analytic, here = grad(x), f(x)
    return [
        relative_error(
            analytic[index], nearest(analytic[index], *slopes_on_both_sides(f, x, index, h, here))
        )
        for index in coordinates
    ]


def nearest_between(analytic, left, right):
    """The value nearest to the analytic one that lies between both slopes."""
    return np.clip(analytic, min(left, right), max(left, right))


def centered_slope(analytic, left, right):
    """The centered difference, which is not fair to kinks."""
    return (left + right) / 2
