"""Exercises of 04-numerical-gradient: forward and centered differences, a few coordinates, steps.

Functions are small tanh networks: smooth, with every coordinate in play in every slope, so that
a step left in ``x`` shows. At large ``h`` forward, backward and centered differences are far apart.
"""

import numpy as np

from cs231n_utils.checking.channel import Recipe

from .describe import Case, Exercise, Written

ASSIGNMENT = "04-numerical-gradient"


def _smooth_function(rng, size):
    """A recipe of a function of ``size`` numbers whose slopes are of order 1."""
    return Recipe(
        "tanh_net",
        A=rng.standard_normal((6, size)) / np.sqrt(size),
        b=rng.uniform(-1, 1, 6),
        v=2.0 * rng.standard_normal(6),
    )


def _smaller_than(h, rng, shape):
    """A point whose coordinates do not survive ``x + h - h``: it rounds them on the grid of h."""
    return h * rng.uniform(0.02, 0.2, shape) * rng.choice([-1.0, 1.0], shape)


def _left_unchanged(part, call):
    """Two cases: the call leaves its arguments as they were, and what it returns is right.

    In this order, because a changed argument is what explains wrong values.
    """
    yield Case(part, [call], answer=None)
    yield Case(part, [call], keeps_arguments=False)


def _evaluations(name, expected, formula):
    def verify(observations):
        got = observations[0].records["0"]["n_calls"]
        if got == expected:
            return None
        return f"{name} evaluated f {got} times, expected {formula} = {expected}."

    return verify


def _dense_cases(name, evaluations, formula):
    """Cases of an exercise whose answer takes (f, x, h) and returns an array like x."""

    def cases(rng):
        x = rng.standard_normal(5)
        yield Case("slopes", [(_smooth_function(rng, 5), x)], keeps_arguments=False)
        for shape in ((4, 3), (2, 3, 2)):
            x, h = rng.standard_normal(shape), float(rng.uniform(0.1, 0.3))
            f = _smooth_function(rng, x.size)
            yield Case("slopes", [(f, x, h)], keeps_arguments=False)
        h = float(rng.uniform(0.1, 0.3))
        x = _smaller_than(h, rng, (6, 5))
        yield from _left_unchanged("x restored", (_smooth_function(rng, x.size), x, h))
        x = rng.standard_normal((3, int(rng.integers(4, 7))))
        yield Case(
            "evaluations",
            [(_smooth_function(rng, x.size), x, 0.1)],
            verify=_evaluations(name, evaluations(x.size), formula),
            keeps_arguments=False,
            trusts_client=True,
        )

    return cases


DENSE_PARTS = {"slopes": 2, "x restored": 1, "evaluations": 1}

forward = Exercise(
    "eval_numerical_gradient",
    assignment=ASSIGNMENT,
    parts=DENSE_PARTS,
    hints=(
        "The gradient has one slope for each number in x: how much f changes when that number "
        "alone grows by h, divided by h.",
        "Evaluate f(x) once, before the loop. Go through all index tuples of x, for example with "
        "np.nditer(x, flags=['multi_index']) or np.ndindex(x.shape).",
        "For each index: keep the old value, write old value + h into x, evaluate f, write the "
        "old value back, and put (f of the moved x - f(x)) / h into the gradient at the same "
        "index.",
    ),
)
centered = Exercise(
    "eval_numerical_gradient_centered",
    assignment=ASSIGNMENT,
    parts=DENSE_PARTS,
    hints=(
        "It is the forward difference with one change: each number of x is moved to both sides, "
        "and f(x) itself is no longer needed.",
        "For each index: keep the old value; evaluate f with old value + h in its place, and "
        "again with old value - h.",
        "The two points are 2 h apart, so divide by (2 * h), with the parentheses. Write the old "
        "value itself back; adding and subtracting h would leave a rounding error.",
    ),
)


@forward.solved_by
def eval_numerical_gradient(f, x, h=1e-5):
    fx = f(x)
    grad = np.zeros(x.shape)
    it = np.nditer(x, flags=["multi_index"])
    while not it.finished:
        ix = it.multi_index
        old_value = x[ix]
        x[ix] = old_value + h
        grad[ix] = (f(x) - fx) / h
        x[ix] = old_value
        it.iternext()
    return grad


@centered.solved_by
def eval_numerical_gradient_centered(f, x, h=1e-5):
    grad = np.zeros(x.shape)
    it = np.nditer(x, flags=["multi_index"])
    while not it.finished:
        ix = it.multi_index
        old_value = x[ix]
        x[ix] = old_value + h
        f_plus = f(x)
        x[ix] = old_value - h
        f_minus = f(x)
        x[ix] = old_value
        grad[ix] = (f_plus - f_minus) / (2 * h)
        it.iternext()
    return grad


forward.examined_by(_dense_cases("eval_numerical_gradient", lambda size: size + 1, "D + 1"))
centered.examined_by(_dense_cases("eval_numerical_gradient_centered", lambda size: 2 * size, "2 D"))


def _moved(x, index, step):
    """A copy of ``x`` with one coordinate (or row) moved."""
    x = x.copy()
    x[index] += step
    return x


def _forward_slopes(f, x, h, indices=None):
    fx = f(x)
    indices = np.ndindex(x.shape) if indices is None else indices
    return np.array([(f(_moved(x, ix, h)) - fx) / h for ix in indices])


def _centered_slopes(f, x, h, indices=None):
    indices = np.ndindex(x.shape) if indices is None else indices
    return np.array([(f(_moved(x, ix, h)) - f(_moved(x, ix, -h))) / (2 * h) for ix in indices])


def _mistakes_of_both_gradients(exercise, slopes, usual_h=1e-5):
    """Mistakes about sign, scale, shape and h, on top of the right ``slopes(f, x, h)``, flat."""

    @exercise.mistake(
        "sign turned around", "The slope is what f gains: f at the larger x minus f at the smaller."
    )
    def _(f, x, h=usual_h):
        return -slopes(f, x, h).reshape(x.shape)

    @exercise.mistake(
        "not divided by the step",
        "The slope is the difference of f over the distance in x: divide.",
    )
    def _(f, x, h=usual_h):
        distance = h if exercise is forward else 2 * h
        return distance * slopes(f, x, h).reshape(x.shape)

    @exercise.mistake(
        "ignores h", "Use the argument h: yours gives the same result whatever h is passed."
    )
    def _(f, x, h=usual_h):
        return slopes(f, x, 1e-5).reshape(x.shape)

    @exercise.mistake(
        "gradient is flat",
        "The gradient has the shape of x: make it by np.zeros(x.shape) and fill grad[ix].",
    )
    def _(f, x, h=usual_h):
        return slopes(f, x, h)

    @exercise.mistake(
        "gradient is a list",
        "Return an array of the shape of x: make it by np.zeros(x.shape) and fill grad[ix].",
    )
    def _(f, x, h=usual_h):
        return list(slopes(f, x, h))

    @exercise.mistake(
        "all coordinates at once",
        "f(x + h) moves every coordinate and gives one number: move x[ix] alone, one at a time.",
    )
    def _(f, x, h=usual_h):
        if exercise is forward:
            return (f(x + h) - f(x)) / h
        return (f(x + h) - f(x - h)) / (2 * h)

    @exercise.mistake(
        "moves a whole row",
        "x[i] of a matrix is a row: index by the tuple it.multi_index, one number at a time.",
    )
    def _(f, x, h=usual_h):
        grad = np.zeros(x.shape)
        rows = [(i,) for i in range(len(x))]
        one_step = _forward_slopes if exercise is forward else _centered_slopes
        for i, slope in enumerate(one_step(f, x, h, rows)):
            grad[i] = slope
        return grad


_mistakes_of_both_gradients(forward, _forward_slopes)
_mistakes_of_both_gradients(centered, _centered_slopes)


@forward.mistake(
    "x not restored",
    "Put the old value back (x[ix] = old_value) before the next coordinate: yours keeps all its "
    "steps, so slopes add up.",
)
def _(f, x, h=1e-5):
    fx = f(x)
    grad = np.zeros(x.shape)
    for ix in np.ndindex(x.shape):
        x[ix] += h
        grad[ix] = (f(x) - fx) / h
    return grad


@forward.mistake(
    "adds h and subtracts it again",
    "x + h - h is not always x: rounding changes its last bits. Put the old value itself back.",
)
def _(f, x, h=1e-5):
    fx = f(x)
    grad = np.zeros(x.shape)
    for ix in np.ndindex(x.shape):
        x[ix] += h
        grad[ix] = (f(x) - fx) / h
        x[ix] -= h
    return grad


@forward.mistake(
    "f(x) anew for every coordinate",
    "f(x) is the same for all coordinates: evaluate it once, before the loop.",
)
def _(f, x, h=1e-5):
    grad = np.zeros(x.shape)
    for ix in np.ndindex(x.shape):
        grad[ix] = (f(_moved(x, ix, h)) - f(x)) / h
    return grad


@forward.mistake("backward difference", "A forward difference steps to x + h, not to x - h.")
def _(f, x, h=1e-5):
    return _forward_slopes(f, x, -h).reshape(x.shape)


@forward.mistake(
    "centered difference",
    "This is the centered difference, the next exercise: here compare f(x + h) with f(x).",
)
def _(f, x, h=1e-5):
    return _centered_slopes(f, x, h).reshape(x.shape)


@forward.mistake("divides by 2 h", "From x to x + h is a distance of h, not 2 h.")
def _(f, x, h=1e-5):
    return _forward_slopes(f, x, h).reshape(x.shape) / 2


@centered.mistake(
    "x not restored",
    "Put the old value back (x[ix] = old_value) before the next coordinate: yours leaves x - h.",
)
def _(f, x, h=1e-5):
    grad = np.zeros(x.shape)
    for ix in np.ndindex(x.shape):
        old_value = x[ix]
        x[ix] = old_value + h
        f_plus = f(x)
        x[ix] = old_value - h
        grad[ix] = (f_plus - f(x)) / (2 * h)
    return grad


@centered.mistake(
    "adds h and subtracts it again",
    "x + h - 2 h + h is not always x: rounding changes its last bits. Keep the old value and put "
    "it back.",
)
def _(f, x, h=1e-5):
    grad = np.zeros(x.shape)
    for ix in np.ndindex(x.shape):
        x[ix] += h
        f_plus = f(x)
        x[ix] -= 2 * h
        grad[ix] = (f_plus - f(x)) / (2 * h)
        x[ix] += h
    return grad


@centered.mistake(
    "steps back to x",
    "From x + h, `x[ix] -= h` leads back to x: the second point is old_value - h.",
)
def _(f, x, h=1e-5):
    grad = np.zeros(x.shape)
    for ix in np.ndindex(x.shape):
        grad[ix] = (f(_moved(x, ix, h)) - f(x)) / (2 * h)
    return grad


@centered.mistake("divides by h", "From x - h to x + h is a distance of 2 h.")
def _(f, x, h=1e-5):
    return 2 * _centered_slopes(f, x, h).reshape(x.shape)


@centered.mistake("parentheses missing", "`a / 2 * h` is (a / 2) * h in Python: write a / (2 * h).")
def _(f, x, h=1e-5):
    return h**2 * _centered_slopes(f, x, h).reshape(x.shape)


@centered.mistake(
    "half steps", "Step by h to each side, not by h / 2: the two points are 2 h apart."
)
def _(f, x, h=1e-5):
    return _centered_slopes(f, x, h / 2).reshape(x.shape)


@centered.mistake("forward difference", "Compare f(x + h) with f(x - h), not with f(x).")
def _(f, x, h=1e-5):
    return _forward_slopes(f, x, h).reshape(x.shape)


@centered.mistake(
    "f(x) evaluated too", "A centered difference does not use f(x): leave that evaluation out."
)
def _(f, x, h=1e-5):
    f(x)
    return _centered_slopes(f, x, h).reshape(x.shape)


sparse = Exercise(
    "numerical_gradient_sparse",
    assignment=ASSIGNMENT,
    parts={"slopes": 2, "x restored": 1, "evaluations": 1},
    hints=(
        "It is the centered difference, but the loop runs over `indices` in place of all of x.",
        "Each entry of indices is a tuple, so x[ix] is a single number, whatever the shape of x.",
        "Make an array of K zeros and fill entry k from indices[k] with enumerate. Move one "
        "number, evaluate f on both sides, and put the old value back before the next.",
    ),
)


@sparse.solved_by
def numerical_gradient_sparse(f, x, indices, h=1e-5):
    slopes = np.zeros(len(indices))
    for k, ix in enumerate(indices):
        old_value = x[ix]
        x[ix] = old_value + h
        f_plus = f(x)
        x[ix] = old_value - h
        f_minus = f(x)
        x[ix] = old_value
        slopes[k] = (f_plus - f_minus) / (2 * h)
    return slopes


def _coordinates(rng, shape, count):
    """Distinct index tuples, not in the order of the array: the last coordinate drawn leads."""
    flat = np.sort(rng.choice(np.prod(shape), count, replace=False))
    flat = np.concatenate([flat[-1:], flat[:-1]])
    return [tuple(int(i) for i in np.unravel_index(j, shape)) for j in flat]


@sparse.examined_by
def _(rng):
    x = rng.standard_normal(6)
    indices = _coordinates(rng, x.shape, 4)
    yield Case("slopes", [(_smooth_function(rng, 6), x, indices)], keeps_arguments=False)
    for shape, repeated in (((5, 4), 0), ((2, 4, 3), 1)):
        x, h = rng.standard_normal(shape), float(rng.uniform(0.1, 0.3))
        indices = _coordinates(rng, shape, 5)
        indices += indices[:repeated]
        f = _smooth_function(rng, x.size)
        yield Case("slopes", [(f, x, indices, h)], keeps_arguments=False)
    h = float(rng.uniform(0.1, 0.3))
    x = _smaller_than(h, rng, (6, 5))
    call = (_smooth_function(rng, x.size), x, _coordinates(rng, x.shape, 20), h)
    yield from _left_unchanged("x restored", call)
    x = rng.standard_normal((5, 4))
    n_coordinates = int(rng.integers(5, 8))
    yield Case(
        "evaluations",
        [(_smooth_function(rng, x.size), x, _coordinates(rng, x.shape, n_coordinates), 0.1)],
        verify=_evaluations("numerical_gradient_sparse", 2 * n_coordinates, "2 K"),
        keeps_arguments=False,
        trusts_client=True,
    )


@sparse.mistake("sign turned around", "The slope is (f(x + h) - f(x - h)) / (2 h), in this order.")
def _(f, x, indices, h=1e-5):
    return -_centered_slopes(f, x, h, indices)


@sparse.mistake("divides by h", "From x - h to x + h is a distance of 2 h.")
def _(f, x, indices, h=1e-5):
    return 2 * _centered_slopes(f, x, h, indices)


@sparse.mistake("parentheses missing", "`a / 2 * h` is (a / 2) * h in Python: write a / (2 * h).")
def _(f, x, indices, h=1e-5):
    return h**2 * _centered_slopes(f, x, h, indices)


@sparse.mistake("half steps", "Step by h to each side, not by h / 2: the two points are 2 h apart.")
def _(f, x, indices, h=1e-5):
    return _centered_slopes(f, x, h / 2, indices)


@sparse.mistake(
    "index is a list",
    "x[[i, j]] with a list takes whole rows i and j: index by the tuple itself, x[ix] or x[i, j].",
)
def _(f, x, indices, h=1e-5):
    return numerical_gradient_sparse(f, x, [list(ix) for ix in indices], h)


@sparse.mistake(
    "forward difference", "This exercise asks for centered differences: f(x + h) - f(x - h)."
)
def _(f, x, indices, h=1e-5):
    return _forward_slopes(f, x, h, indices)


@sparse.mistake("ignores h", "Use the argument h: yours gives the same result whatever h is.")
def _(f, x, indices, h=1e-5):
    return _centered_slopes(f, x, 1e-5, indices)


@sparse.mistake(
    "x not restored",
    "Put the old value back (x[ix] = old_value) before the next coordinate: yours leaves x - h.",
)
def _(f, x, indices, h=1e-5):
    slopes = np.zeros(len(indices))
    for k, ix in enumerate(indices):
        old_value = x[ix]
        x[ix] = old_value + h
        f_plus = f(x)
        x[ix] = old_value - h
        slopes[k] = (f_plus - f(x)) / (2 * h)
    return slopes


@sparse.mistake(
    "adds h and subtracts it again",
    "x + h - 2 h + h is not always x: rounding changes its last bits. Keep the old value and put "
    "it back.",
)
def _(f, x, indices, h=1e-5):
    slopes = np.zeros(len(indices))
    for k, ix in enumerate(indices):
        x[ix] += h
        f_plus = f(x)
        x[ix] -= 2 * h
        slopes[k] = (f_plus - f(x)) / (2 * h)
        x[ix] += h
    return slopes


def _evaluated_everywhere(cases):
    observation = cases[-1][0]
    return observation.records["0"]["n_calls"] == 2 * observation.arguments[1].size


@sparse.mistake(
    "computes the whole gradient",
    "The point is to save evaluations: loop over `indices` alone, not over all of x.",
    shows=_evaluated_everywhere,
)
def _(f, x, indices, h=1e-5):
    grad = _centered_slopes(f, x, h).reshape(x.shape)
    return np.array([grad[ix] for ix in indices])


@sparse.mistake(
    "f(x) evaluated too", "A centered difference does not use f(x): leave that evaluation out."
)
def _(f, x, indices, h=1e-5):
    f(x)
    return _centered_slopes(f, x, h, indices)


@sparse.mistake(
    "array like x",
    "Return the K slopes in the order of `indices`, shape (K,), not an array of the shape of x.",
)
def _(f, x, indices, h=1e-5):
    grad = np.zeros(x.shape)
    for ix, slope in zip(indices, _centered_slopes(f, x, h, indices), strict=True):
        grad[ix] = slope
    return grad


@sparse.mistake(
    "in the order of the array",
    "Keep the order of `indices`, and keep repeated ones: slope k belongs to indices[k].",
)
def _(f, x, indices, h=1e-5):
    return _centered_slopes(f, x, h, sorted(set(indices)))


@sparse.mistake(
    "moves all the coordinates at once",
    "Move one coordinate, measure, put it back; then the next. Yours moves all K together.",
)
def _(f, x, indices, h=1e-5):
    step = np.zeros(x.shape)
    for ix in indices:
        step[ix] = h
    return np.full(len(indices), (f(x + step) - f(x - step)) / (2 * h))


@sparse.mistake(
    "a list, not an array", "Return an array of shape (K,): np.array(slopes), not a list."
)
def _(f, x, indices, h=1e-5):
    return list(_centered_slopes(f, x, h, indices))


sweep = Exercise(
    "step_size_sweep",
    assignment=ASSIGNMENT,
    parts={"losses": 2, "W unchanged": 1},
    hints=(
        "Every step starts at the same W. The gradient points uphill: which way does the step go?",
        "For each step size s, the weights after the step are W - s * grad: a new array, so that "
        "W stays as it is.",
        "Collect loss_fn of these weights in a list, one for each step size in its order, and "
        "make an array of the list.",
    ),
)


@sweep.solved_by
def step_size_sweep(loss_fn, W, grad, step_sizes):
    return np.array([loss_fn(W - step_size * grad) for step_size in step_sizes])


def _bowl(rng, shape):
    """A recipe of a quadratic, its minimum and curvatures drawn."""
    return Recipe(
        "quadratic", center=rng.standard_normal(shape), curvature=rng.uniform(0.5, 2.0, shape)
    )


@sweep.examined_by
def _(rng):
    shape = (4, 3)
    # Neither sorted nor below 1, so that 10**s and s, or sums of steps and steps, stay apart.
    for step_sizes in (
        np.array([0.7, 0.05, 1.6, 0.2]),
        [1.1],
        [0.02, 0.4, 0.9, 0.1, 2.0],
        [3, 0, 1],
    ):
        W, grad = rng.standard_normal(shape), 2.0 * rng.standard_normal(shape)
        call = (_bowl(rng, shape), W, grad, step_sizes)
        yield Case("losses", [call], keeps_arguments=False)

    W, grad = rng.standard_normal((6, 5)), 3.0 * rng.standard_normal((6, 5))
    step_sizes = rng.uniform(1.0, 3.0, 5)
    yield from _left_unchanged("W unchanged", (_bowl(rng, (6, 5)), W, grad, step_sizes))


@sweep.mistake("walks uphill", "The gradient points uphill: subtract it from W to go down.")
def _(loss_fn, W, grad, step_sizes):
    return np.array([loss_fn(W + s * grad) for s in step_sizes])


@sweep.mistake(
    "sorts the step sizes", "Keep the order of step_sizes: loss k belongs to step_sizes[k]."
)
def _(loss_fn, W, grad, step_sizes):
    return np.array([loss_fn(W - s * grad) for s in sorted(step_sizes)])


@sweep.mistake(
    "losses cut to whole numbers",
    "np.zeros_like of [0, 1, 2] is an array of whole numbers and cuts off every loss's decimals: "
    "np.zeros(len(step_sizes)) holds floats.",
)
def _(loss_fn, W, grad, step_sizes):
    losses = np.zeros_like(step_sizes)
    for k, s in enumerate(step_sizes):
        losses[k] = loss_fn(W - s * grad)
    return losses


@sweep.mistake(
    "steps add up",
    "Every step starts from the same W: keep W, and put W - s * grad into a new variable.",
)
def _(loss_fn, W, grad, step_sizes):
    losses = []
    for s in step_sizes:
        W = W - s * grad
        losses.append(loss_fn(W))
    return np.array(losses)


@sweep.mistake(
    "changes W in place",
    "`W -= ...` changes the caller's weights, and the steps add up: write W_new = W - s * grad.",
)
def _(loss_fn, W, grad, step_sizes):
    losses = []
    for s in step_sizes:
        W -= s * grad
        losses.append(loss_fn(W))
    return np.array(losses)


@sweep.mistake(
    "steps there and back in place",
    "W - s * grad + s * grad is not always W, by rounding: write W_new = W - s * grad.",
)
def _(loss_fn, W, grad, step_sizes):
    losses = []
    for s in step_sizes:
        W -= s * grad
        losses.append(loss_fn(W))
        W += s * grad
    return np.array(losses)


@sweep.mistake(
    "step sizes taken for exponents",
    "`step_sizes` holds the sizes themselves, not their logarithms: no 10 ** needed.",
)
def _(loss_fn, W, grad, step_sizes):
    return np.array([loss_fn(W - 10**s * grad) for s in step_sizes])


@sweep.mistake(
    "gradient scaled to length 1",
    "The step is s * grad with the gradient as it is: do not divide by its norm.",
)
def _(loss_fn, W, grad, step_sizes):
    return np.array([loss_fn(W - s * grad / np.linalg.norm(grad)) for s in step_sizes])


@sweep.mistake("only the signs of the gradient", "The step is s * grad, not s * sign(grad).")
def _(loss_fn, W, grad, step_sizes):
    return np.array([loss_fn(W - s * np.sign(grad)) for s in step_sizes])


@sweep.mistake(
    "changes of the loss", "Return the losses themselves; do not subtract the loss at W."
)
def _(loss_fn, W, grad, step_sizes):
    return np.array([loss_fn(W - s * grad) - loss_fn(W) for s in step_sizes])


@sweep.mistake("loss at W in front", "One loss for each step size: leave out the loss at W itself.")
def _(loss_fn, W, grad, step_sizes):
    return np.array([loss_fn(W)] + [loss_fn(W - s * grad) for s in step_sizes])


@sweep.mistake(
    "lowest loss only", "Return the losses of all step sizes, shape (S,), not the lowest alone."
)
def _(loss_fn, W, grad, step_sizes):
    return min(loss_fn(W - s * grad) for s in step_sizes)


@sweep.mistake(
    "a list, not an array", "Return an array of shape (S,): np.array(losses), not a list."
)
def _(loss_fn, W, grad, step_sizes):
    return [loss_fn(W - s * grad) for s in step_sizes]


EXERCISES = (forward, centered, sparse, sweep)

WRITTEN = (
    Written(
        "written-choose-h",
        ASSIGNMENT,
        2,
        "(a) One point: in float32 the loss near 2.3 is stored in steps of about 2.4e-7, so a step "
        "of 1e-9 changes it by less than one such step and the difference is exactly 0 (saying "
        "that W + h rounds to W where W is large also counts). Half without a number or a "
        "comparison with the precision of float32. (b) One point: use float64 with h near 1e-5 to "
        "1e-7 (centered); in float32 about 1e-3 with errors near 1e-4; half for one sensible "
        "change without the reason that truncation grows and rounding falls with h.",
    ),
    Written(
        "written-cost",
        ASSIGNMENT,
        2,
        "(a) One point: 2 x 25 million x 10 ms = 500,000 s, about 5.8 days for one step; half for "
        "the right count of evaluations. (b) One point: a few coordinates of a gradient found by "
        "calculus are checked against centered differences, 2 K evaluations; they need no "
        "mathematics beyond f, so they are unlikely to share its bug.",
    ),
)
