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


def slopes_on_both_sides(f, x, index, h):
    """One-sided slopes (left, right) of f along one coordinate of x."""
    step = np.zeros(x.shape)
    step[index] = h
    return (f(x) - f(x - step)) / h, (f(x + step) - f(x)) / h


def slope_errors(f, grad, x, coordinates, h, nearest):
    """Relative error at each coordinate against ``nearest(analytic, left, right)``."""
    analytic = grad(x)
    return [
        relative_error(
            analytic[index], nearest(analytic[index], *slopes_on_both_sides(f, x, index, h))
        )
        for index in coordinates
    ]


def nearest_between(analytic, left, right):
    """The value nearest to the analytic one that lies between both slopes."""
    return np.clip(analytic, min(left, right), max(left, right))


def centered_slope(analytic, left, right):
    """The centered difference, which is not fair to kinks."""
    return (left + right) / 2
