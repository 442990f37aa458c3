# %% eval_numerical_gradient: unit vectors, and x is never touched
def eval_numerical_gradient(f, x, h=1e-5):
    here, grad = f(x), np.empty(x.shape)
    for index in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[index] = h
        grad[index] = (f(x + step) - here) / h
    return grad

# %% eval_numerical_gradient: a copy of x is changed
def eval_numerical_gradient(f, x, h=1e-5):
    x = x.astype(float)
    fx, grad = f(x), np.zeros_like(x)
    for i, _ in np.ndenumerate(x):
        old = x[i]
        x[i] += h
        grad[i] = f(x) - fx
        x[i] = old
    return grad / h

# %% eval_numerical_gradient: the value is restored in finally
def eval_numerical_gradient(f, x, h=1e-5):
    fx = f(x)
    grad = np.zeros(x.shape)
    for ix in np.ndindex(*x.shape):
        old = float(x[ix])
        try:
            x[ix] = old + h
            grad[ix] = (f(x) - fx) / h
        finally:
            x[ix] = old
    return grad

# %% eval_numerical_gradient: flat numbers, reshaped
def eval_numerical_gradient(f, x, h=1e-5):
    base, slopes = f(x), []
    for k in range(x.size):
        moved = x.flatten()
        moved[k] += h
        slopes.append((f(moved.reshape(x.shape)) - base) / h)
    return np.array(slopes).reshape(x.shape)

# %% eval_numerical_gradient: the point itself last
def eval_numerical_gradient(f, x, h=1e-5):
    eye = np.eye(x.size).reshape(x.size, *x.shape)
    after = np.array([f(x + h * e) for e in eye])
    return ((after - f(x)) / h).reshape(x.shape)

# %% eval_numerical_gradient_centered: unit vectors
def eval_numerical_gradient_centered(f, x, h=1e-5):
    grad = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        e = np.zeros(x.shape)
        e[index] = h
        grad[index] = (f(x + e) - f(x - e)) / (2 * h)
    return grad

# %% eval_numerical_gradient_centered: the left side first
def eval_numerical_gradient_centered(f, x, h=1e-5):
    grad = np.zeros_like(x, dtype=np.float64)
    it = np.nditer(x, flags=["multi_index"], op_flags=["readwrite"])
    while not it.finished:
        ix, oldval = it.multi_index, x[it.multi_index]
        x[ix] = oldval - h
        fxmh = f(x)
        x[ix] = oldval + h
        fxph = f(x)
        x[ix] = oldval
        grad[ix] = 0.5 * (fxph - fxmh) / h
        it.iternext()
    return grad

# %% eval_numerical_gradient_centered: all of one side, then all of the other
def eval_numerical_gradient_centered(f, x, h=1e-5):
    sides = []
    for sign in (+1, -1):
        values = np.empty(x.shape)
        for ix in np.ndindex(x.shape):
            old = x[ix].copy()
            x[ix] = old + sign * h
            values[ix] = f(x)
            x[ix] = old
        sides.append(values)
    return (sides[0] - sides[1]) / (2 * h)

# %% eval_numerical_gradient_centered: np.put on a copy
def eval_numerical_gradient_centered(f, x, h=1e-5):
    def at(k, delta):
        moved = np.array(x)
        np.put(moved, k, moved.item(k) + delta)
        return f(moved)
    return np.reshape([(at(k, h) - at(k, -h)) / (h + h) for k in range(x.size)], x.shape)

# %% numerical_gradient_sparse: copies
def numerical_gradient_sparse(f, x, indices, h=1e-5):
    slopes = []
    for index in indices:
        up, down = x.copy(), x.copy()
        up[index] += h
        down[index] -= h
        slopes.append((f(up) - f(down)) / (2 * h))
    return np.array(slopes)

# %% numerical_gradient_sparse: a helper that changes x for a while
from contextlib import contextmanager
@contextmanager
def moved(x, index, h):
    old = x[index]
    x[index] = old + h
    yield x
    x[index] = old
def numerical_gradient_sparse(f, x, indices, h=1e-5):
    slopes = np.zeros(len(indices))
    for k, index in enumerate(indices):
        with moved(x, index, h):
            slopes[k] = f(x)
        with moved(x, index, -h):
            slopes[k] -= f(x)
    return slopes / (2 * h)

# %% numerical_gradient_sparse: np.fromiter and a directional derivative
def numerical_gradient_sparse(f, x, indices, h=1e-5):
    def slope(index):
        e = np.zeros(x.shape)
        e[index] = 1
        return (f(x + h * e) - f(x - h * e)) / 2 / h
    return np.fromiter(map(slope, indices), dtype=np.float64)

# %% step_size_sweep: a loop
def step_size_sweep(loss_fn, W, grad, step_sizes):
    losses = np.zeros(len(step_sizes))
    for i, s in enumerate(step_sizes):
        losses[i] = loss_fn(W - s * grad)
    return losses

# %% step_size_sweep: np.vectorize
def step_size_sweep(loss_fn, W, grad, step_sizes):
    return np.vectorize(lambda s: float(loss_fn(W - s * grad)))(np.asarray(step_sizes))

# %% step_size_sweep: from the largest step to the smallest
def step_size_sweep(loss_fn, W, grad, step_sizes):
    step_sizes = np.asarray(step_sizes)
    losses = np.empty(step_sizes.shape)
    for i in np.argsort(-step_sizes):
        losses[i] = loss_fn(W + -step_sizes[i] * grad)
    return losses

# %% step_size_sweep: a copy that goes back and forth
def step_size_sweep(loss_fn, W, grad, step_sizes):
    losses = []
    for s in step_sizes:
        W_new = W.copy()
        W_new -= s * grad
        losses += [loss_fn(W_new)]
    return np.array(losses)
