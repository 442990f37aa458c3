"""Forward and centered differences with slips, for all exercises about numerical gradients."""

import numpy as np

STEP_SLIPS = {
    "sign turned around": "The slope is what f gains: f at the larger x minus f at the smaller.",
    "not divided by the step": "The slope is the difference of f over the distance in x: divide.",
    "x not restored": "Put the old value back (x[ix] = old_value) before the next coordinate: "
    "yours keeps its steps. If you do, your old value is no copy: of np.nditer, `old = v` moves "
    "along with v; take x[ix] or float(v).",
    "adds h and subtracts it again": "x + h - h is not always x: rounding changes its last bits. "
    "Keep the old value itself and put it back.",
    "ignores h": "Use the argument h: yours gives the same result whatever h is passed.",
    "steps in a copy of x": "x.ravel() may be a copy, so that f(x) does not see the step: use "
    "x.flat or an index tuple, x[ix].",
    "steps in a copy that reshape made": "x.reshape(-1) may be a copy, so that f(x) does not see "
    "the step: use x.flat or an index tuple, x[ix].",
    "f never sees the step": "You move a copy and evaluate f(x), where nothing has changed: f must "
    "get the array in which one number was moved.",
    "only the first coordinate": "`return` in the loop ends it after one coordinate: return after "
    "the loop.",
    "only the last slope": "Write each slope into its place, and return the array of all.",
    "absolute values": "A slope can be negative: leave out the absolute value.",
}
"""Slips of forward and centered differences, at all coordinates or at some."""

FORWARD_SLIPS = {
    "f(x) anew for every coordinate": "f(x) is the same for all coordinates: evaluate it once, "
    "before the loop.",
    "f(x) only after the step": "Both values of f are taken at the moved x, and are alike: "
    "evaluate f(x) before you move x[ix].",
    "backward difference": "A forward difference steps to x + h, not to x - h.",
    "centered difference": "This is the centered difference, the next exercise: here compare "
    "f(x + h) with f(x).",
    "both sides, divided by h": "From x - h to x + h is a distance of 2 h; but here compare "
    "f(x + h) with f(x).",
    "divides by 2 h": "From x to x + h is a distance of h, not 2 h.",
    "parentheses missing": "`f(x) - fx / h` divides fx alone: write (f(x) - fx) / h.",
    "f(x) not subtracted": "A slope is a difference: subtract f(x) before you divide by h.",
}

CENTERED_SLIPS = {
    "divides by h": "From x - h to x + h is a distance of 2 h.",
    "divides by 2": "From x - h to x + h is a distance of 2 h: divide by (2 * h).",
    "parentheses missing": "`a / 2 * h` is (a / 2) * h in Python: write a / (2 * h).",
    "f at x - h alone is divided": "`a - b / (2 * h)` divides b alone: write (a - b) / (2 * h).",
    "forward difference": "Compare f(x + h) with f(x - h), not with f(x).",
    "half a forward difference": "You compare f(x + h) with f(x), and divide by 2 h: the second "
    "point is x - h.",
    "steps back to x": "From x + h, `x[ix] -= h` leads back to x: the second point is "
    "old_value - h. Of np.nditer, `old = v` is no copy and moves along: take x[ix] or float(v).",
    "two names for one array": "`x_minus = x` is no copy: both names mean one array, which goes to "
    "x + h and back, so that both values of f are alike. Write x.copy().",
    "half steps": "Step by h to each side, not by h / 2: the two points are 2 h apart.",
    "f(x) evaluated too": "A centered difference does not use f(x): leave that evaluation out.",
    "f(x) evaluated for every coordinate": "A centered difference does not use f(x): evaluate f "
    "at the two moved points alone.",
}

GRADIENT_SLIPS = {
    "all coordinates at once": "f(x + h) moves every coordinate and gives one number: move x[ix] "
    "alone, one at a time.",
    "every slope moves all coordinates": "f(x + h) moves every coordinate, so that all slopes are "
    "alike: move x[ix] alone, and evaluate f(x).",
    "gradient is flat": "The gradient has the shape of x: make it by np.zeros(x.shape) and fill "
    "grad[ix].",
    "flat and in the order of nditer": "The gradient has the shape of x, and np.nditer goes "
    "through x as it lies in memory: make it by np.zeros(x.shape) and fill grad[it.multi_index].",
    "slopes in the order of nditer": "np.nditer goes through x as it lies in memory, for x.T in "
    "another order than that of reshape: fill grad[it.multi_index].",
    "moves a whole row": "x[i] of a matrix is a row: index by the tuple it.multi_index, one number "
    "at a time.",
    "moves a whole row for good": "x[i] of a matrix is a row, and `old = x[i]` is no copy of it: "
    "index by the tuple it.multi_index, one number at a time.",
    "counts rows up to x.size": "x.size counts the numbers of x, but x[i] takes rows: go through "
    "index tuples, as np.ndindex(x.shape) gives them.",
    "takes a second axis for granted": "A 1-D x has no x.shape[1]: go through index tuples, as "
    "np.ndindex(x.shape) gives them.",
    "takes two axes for granted": "x may have any number of axes: go through index tuples, as "
    "np.ndindex(x.shape) gives them.",
}
"""Slips in going through all coordinates."""


def centered_slopes(f, x, h, indices):
    """Centered differences at these indices, as a flat array."""
    return np.array([slope for _, slope in slopes_with(lambda slip: False, f, x, h, indices, True)])


def gradient_with(is_, f, x, h, centered):
    """The differences at all coordinates, with slips."""
    if is_("all coordinates at once"):
        if centered:
            return (f(x + h) - f(x - h)) / (2 * h)
        return (f(x + h) - f(x)) / h
    grad = np.zeros(x.shape)
    slope, indices = 0.0, _coordinates_with(is_, x)
    as_it_lies = is_("flat and in the order of nditer") or is_("slopes in the order of nditer")
    places = np.ndindex(x.shape) if as_it_lies else indices
    slopes = slopes_with(is_, f, x, h, indices, centered)
    for place, (_, slope) in zip(places, slopes, strict=False):
        grad[place] = slope
    if is_("only the last slope"):
        return slope
    flat = is_("gradient is flat") or is_("flat and in the order of nditer")
    return grad.ravel() if flat else grad


def _coordinates_with(is_, x):
    if is_("moves a whole row") or is_("moves a whole row for good"):
        return [(i,) for i in range(len(x))]
    if is_("counts rows up to x.size"):
        return [(i,) for i in range(x.size)]
    if is_("takes a second axis for granted"):
        return [(i, j) for i in range(x.shape[0]) for j in range(x.shape[1])]
    if is_("takes two axes for granted"):
        rows, columns = x.shape
        return [(i, j) for i in range(rows) for j in range(columns)]
    if is_("flat and in the order of nditer") or is_("slopes in the order of nditer"):
        it = np.nditer(x, flags=["multi_index"])
        return [it.multi_index for _ in it]
    return list(np.ndindex(x.shape))


def slopes_with(is_, f, x, h, indices, centered):
    """Pairs of an index and the slope there, one after another, with slips."""
    if is_("ignores h"):
        h = 1e-5
    moving = x
    if is_("steps in a copy of x"):
        moving = x.ravel()
    if is_("steps in a copy that reshape made"):
        moving = x.reshape(-1)
    if is_("f never sees the step"):
        moving = x.flatten()
    half_moved = is_("forward difference") or is_("half a forward difference")
    once = half_moved or is_("f(x) evaluated too") if centered else True
    each_time = "f(x) anew for every coordinate", "f(x) only after the step"
    if any(map(is_, (*each_time, "f(x) evaluated for every coordinate"))):
        once = False
    fx = f(x) if once else None
    slope_at = _centered_slope_with if centered else _forward_slope_with
    for ix in indices:
        place = ix if moving is x else int(np.ravel_multi_index(ix, x.shape))
        slope = slope_at(is_, f, x, h, moving, place, fx)
        if is_("sign turned around"):
            slope = -slope
        yield ix, abs(slope) if is_("absolute values") else slope
        if is_("only the first coordinate"):
            break


def _forward_slope_with(is_, f, x, h, moving, place, fx):
    def at(value):
        moving[place] = value
        return f(x)

    old = moving[place].copy() if is_("moves a whole row") else moving[place]
    if is_("f(x) anew for every coordinate"):
        fx = f(x)
    if is_("every slope moves all coordinates"):
        return (f(x + h) - fx) / h
    if is_("backward difference"):
        fx, moved = at(old - h), fx
    else:
        moved = at(old + h)
    if is_("f(x) only after the step"):
        fx = f(x)
    if is_("centered difference") or is_("both sides, divided by h"):
        fx = at(old - h)
    if is_("centered difference"):
        h = 2 * h
    if is_("adds h and subtracts it again"):
        moving[place] -= h
    elif not is_("x not restored"):
        moving[place] = old
    if is_("f(x) not subtracted"):
        return moved / h
    if is_("not divided by the step"):
        return moved - fx
    if is_("parentheses missing"):
        return moved - fx / h
    return (moved - fx) / (2 * h if is_("divides by 2 h") else h)


def _centered_slope_with(is_, f, x, h, moving, place, fx):
    def at(value):
        moving[place] = value
        return f(x)

    old = moving[place].copy() if is_("moves a whole row") else moving[place]
    step = h / 2 if is_("half steps") else h
    if is_("every slope moves all coordinates"):
        return (f(x + h) - f(x - h)) / (2 * h)
    if is_("f(x) evaluated for every coordinate"):
        fx = f(x)
    if is_("two names for one array"):
        moving[place] += step
        moving[place] -= step
        return (f(x) - f(x)) / (2 * h)
    f_plus = at(old + step)
    if is_("steps back to x"):
        moving[place] -= step
        f_minus = f(x)
    elif is_("adds h and subtracts it again"):
        moving[place] -= 2 * step
        f_minus = f(x)
        moving[place] += step
    else:
        half_moved = is_("forward difference") or is_("half a forward difference")
        f_minus = fx if half_moved else at(old - step)
        if not is_("x not restored"):
            moving[place] = old
    rise = f_plus - f_minus
    if is_("not divided by the step"):
        return rise
    if is_("divides by h") or is_("forward difference"):
        return rise / h
    if is_("divides by 2"):
        return rise / 2
    if is_("parentheses missing"):
        return rise / 2 * h
    if is_("f at x - h alone is divided"):
        return f_plus - f_minus / (2 * h)
    return rise / (2 * h)
