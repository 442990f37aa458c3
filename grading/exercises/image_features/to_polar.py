"""Turn points from Cartesian into polar coordinates."""

import numpy as np

from ..describe import Case, Exercise

exercise = Exercise(
    "to_polar",
    assignment="08-image-features",
    parts={"radius": 1, "angle": 1},
    hints=(
        "r is the distance from the origin and theta the direction. The quotient y / x alone does "
        "not tell a point from the one opposite.",
        "np.hypot(x, y) is the distance. np.arctan2 takes y and x apart, so it knows the quadrant.",
        "x is the first column of points, y the second. np.stack of the two results with axis=1 "
        "makes them the columns of one array.",
    ),
)


@exercise.solved_by
def to_polar(points):
    x, y = points[:, 0], points[:, 1]
    return np.stack([np.hypot(x, y), np.arctan2(y, x)], axis=1)


@exercise.examined_by
def cases(rng):
    def points(count):
        """Points in all four quadrants, away from the axes, where float32 would change sides."""
        signs = np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]])
        return np.resize(signs, (count, 2)) * rng.uniform(0.3, 3.0, (count, 2))

    axes = float(rng.uniform(1, 2)) * np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [0.0, -1.0]])
    # Neither two points, whose rows and columns could be mixed up, nor points on the axes, where
    # a division of y by x may fail, in the part that is about the radius alone.
    for drawn in (points(6), 100 * points(1), np.asfortranarray(points(5))):
        yield Case("radius", [(drawn,)], answer=_radius, measures="the first column")
    for drawn in (points(9), points(1), np.asfortranarray(points(5)), axes):
        yield Case("angle", [(drawn,)], answer=_angle, measures="the second column")


def _radius(observations):
    r, _ = np.asarray(observations[0].value).T
    return r


def _angle(observations):
    _, theta = np.asarray(observations[0].value).T
    return theta


@exercise.mistake(
    "divides y by x",
    "np.arctan(y / x) cannot tell (1, 1) from (-1, -1): np.arctan2(y, x) looks at both signs.",
)
def _(points):
    x, y = points[:, 0], points[:, 1]
    with np.errstate(divide="ignore"):
        return np.stack([np.hypot(x, y), np.arctan(y / x)], axis=1)


@exercise.mistake(
    "angle by arccos",
    "x / r is the same above and below the x axis: np.arctan2(y, x) looks at both signs.",
)
def _(points):
    x, y = points[:, 0], points[:, 1]
    return np.stack([np.hypot(x, y), np.arccos(x / np.hypot(x, y))], axis=1)


@exercise.mistake("arctan2 arguments exchanged", "np.arctan2 takes y first: np.arctan2(y, x).")
def _(points):
    x, y = points[:, 0], points[:, 1]
    return np.stack([np.hypot(x, y), np.arctan2(x, y)], axis=1)


@exercise.mistake("degrees", "Return theta in radians: leave out np.degrees.")
def _(points):
    x, y = points[:, 0], points[:, 1]
    return np.stack([np.hypot(x, y), np.degrees(np.arctan2(y, x))], axis=1)


@exercise.mistake(
    "angles from 0 to 2 pi", "Angles run from -pi to pi here: leave out `% (2 * np.pi)`."
)
def _(points):
    x, y = points[:, 0], points[:, 1]
    return np.stack([np.hypot(x, y), np.arctan2(y, x) % (2 * np.pi)], axis=1)


@exercise.mistake("radius squared", "r is the square root of x**2 + y**2.")
def _(points):
    x, y = points[:, 0], points[:, 1]
    return np.stack([x**2 + y**2, np.arctan2(y, x)], axis=1)


@exercise.mistake("angle before radius", "The first column is r, the second theta.")
def _(points):
    return to_polar(points)[:, ::-1]


@exercise.mistake(
    "points in columns", "Return one row per point: stack along axis 1, to shape (N, 2)."
)
def _(points):
    return to_polar(points).T
