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


ATAN2 = "np.arctan2(y, x) looks at both signs"


@exercise.twisted_by(
    {
        "divides y by x": f"np.arctan(y / x) cannot tell (1, 1) from (-1, -1): {ATAN2}.",
        "arctan2 arguments exchanged": "np.arctan2 takes y first: np.arctan2(y, x), with x the "
        "first column of points and y the second.",
        "degrees": "Return theta in radians: leave out np.degrees.",
        "radius squared": "r is the square root of x**2 + y**2.",
        "angles from 0 to 2 pi": "Angles run from -pi to pi here: leave out `% (2 * np.pi)`.",
        "half a turn added left of the y axis": "np.arctan(y / x) + np.pi is above pi where x and "
        f"y are negative: {ATAN2}.",
        "angle by arccos": f"x / r is the same above and below the x axis: {ATAN2}.",
        "angle by arcsin": f"y / r is the same left and right of the y axis: {ATAN2}.",
        "angle turned around": "The angle grows from the x axis toward the y axis: "
        "np.arctan2(y, x), without a minus.",
        "tangent instead of its inverse": f"The angle is the inverse of a tangent: {ATAN2}.",
        "city-block radius": "r is the straight distance from the origin, np.hypot(x, y), not |x| "
        "+ |y|.",
        "root of the sum": "Square x and y before you add them: np.sqrt(x**2 + y**2).",
        "one radius for all points": "Each point has a radius of its own: np.linalg.norm takes "
        "axis=1, or it is one number for all.",
        "angle before radius": "The first column is r, the second theta.",
        "points in columns": "Return one row per point: stack along axis 1, to shape (N, 2).",
        "one long row": "np.hstack and np.concatenate put theta behind r: np.stack with axis=1 "
        "makes them columns.",
        "unpacks rows": "x, y = points takes the points apart, not their coordinates: x is "
        "points[:, 0], y is points[:, 1].",
        "first two points": "points[0] is the first point: the first column is points[:, 0].",
        "written into points": "points belongs to the caller, and x and y are views of it: write "
        "the result into a new array.",
    }
)
def to_polar_with(is_, points):
    if is_("unpacks rows"):
        x, y = points
    elif is_("first two points"):
        x, y = points[0], points[1]
    else:
        x, y = points[:, 0], points[:, 1]
    if is_("written into points"):
        points[:, 0] = _radius_with(is_, x, y)
        points[:, 1] = _angle_with(is_, x, y)
        return points
    columns = [_radius_with(is_, x, y), _angle_with(is_, x, y)]
    if is_("angle before radius"):
        columns.reverse()
    if is_("one long row"):
        return np.hstack(columns)
    return np.stack(columns, axis=0 if is_("points in columns") else 1)


def _radius_with(is_, x, y):
    if is_("radius squared"):
        return x**2 + y**2
    if is_("city-block radius"):
        return np.abs(x) + np.abs(y)
    if is_("root of the sum"):
        with np.errstate(invalid="ignore"):
            return np.sqrt(x + y)
    r = np.hypot(x, y)
    return np.full_like(r, np.linalg.norm(r)) if is_("one radius for all points") else r


def _angle_with(is_, x, y):
    with np.errstate(divide="ignore", invalid="ignore"):
        if is_("divides y by x"):
            angle = np.arctan(y / x)
        elif is_("half a turn added left of the y axis"):
            angle = np.arctan(y / x) + np.pi * (x < 0)
        elif is_("angle by arccos"):
            angle = np.arccos(x / np.hypot(x, y))
        elif is_("angle by arcsin"):
            angle = np.arcsin(y / np.hypot(x, y))
        elif is_("tangent instead of its inverse"):
            angle = np.tan(y / x)
        elif is_("arctan2 arguments exchanged"):
            angle = np.arctan2(x, y)
        else:
            angle = np.arctan2(y, x)
    if is_("angle turned around"):
        angle = -angle
    if is_("angles from 0 to 2 pi"):
        angle = angle % (2 * np.pi)
    return np.degrees(angle) if is_("degrees") else angle
