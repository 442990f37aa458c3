# %% eval_numerical_gradient: evaluates f(x) anew for every coordinate
def eval_numerical_gradient(f, x, h=1e-5):
    grad = np.zeros(x.shape)
    it = np.nditer(x, flags=["multi_index"])
    while not it.finished:
        ix = it.multi_index
        old_value = x[ix]
        f_here = f(x)
        x[ix] = old_value + h
        f_ahead = f(x)
        x[ix] = old_value
        grad[ix] = (f_ahead - f_here) / h
        it.iternext()
    return grad

# %% eval_numerical_gradient: the flat array is a copy where x lies apart in memory, slopes 0
def eval_numerical_gradient(f, x, h=1e-5):
    flat, f0 = x.reshape(-1), f(x)
    grad = np.empty(x.size)
    for i, old in enumerate(flat.copy()):
        flat[i] = old + h
        grad[i] = (f(x) - f0) / h
        flat[i] = old
    return grad.reshape(x.shape)

# %% eval_numerical_gradient: goes back by subtracting h
def eval_numerical_gradient(f, x, h=1e-5):
    fx = f(x)
    grad = np.zeros(x.shape)
    for ix in np.ndindex(x.shape):
        x[ix] += h
        fxh = f(x)
        x[ix] -= h
        grad[ix] = (fxh - fx) / h
    return grad

# %% eval_numerical_gradient: never puts the value back, and divides by 2 h
def eval_numerical_gradient(f, x, h=1e-5):
    moved = x.copy()
    f0 = f(x)
    grad = np.zeros_like(x)
    for ix in np.ndindex(*x.shape):
        moved[ix] += h
        grad[ix] = (f(moved) - f0) / (2 * h)
    return grad

# %% eval_numerical_gradient_centered: divides by h
def eval_numerical_gradient_centered(f, x, h=1e-5):
    grad = np.zeros(x.shape)
    for ix in np.ndindex(x.shape):
        old_value = x[ix]
        x[ix] = old_value + h
        f_plus = f(x)
        x[ix] = old_value - h
        f_minus = f(x)
        x[ix] = old_value
        grad[ix] = (f_plus - f_minus) / h
    return grad

# %% eval_numerical_gradient_centered: slopes in the order of memory, misplaced for a transposed x
def eval_numerical_gradient_centered(f, x, h=1e-5):
    slopes = []
    for entry in np.nditer(x, op_flags=["readwrite"]):
        old = entry.copy()
        entry[...] = old + h
        up = f(x)
        entry[...] = old - h
        slopes.append((up - f(x)) / (2 * h))
        entry[...] = old
    return np.array(slopes).reshape(x.shape)

# %% eval_numerical_gradient_centered: goes back by h only, so f(x) on the left
def eval_numerical_gradient_centered(f, x, h=1e-5):
    grad = np.zeros(x.shape)
    for ix in np.ndindex(x.shape):
        old = x[ix]
        x[ix] += h
        fplus = f(x)
        x[ix] -= h
        fminus = f(x)
        x[ix] = old
        grad[ix] = (fplus - fminus) / (2 * h)
    return grad

# %% eval_numerical_gradient_centered: evaluates f(x) too, and goes back by adding h
def eval_numerical_gradient_centered(f, x, h=1e-5):
    grad = np.zeros(x.shape)
    here = f(x)
    for ix in np.ndindex(x.shape):
        x[ix] += h
        forward = (f(x) - here) / h
        x[ix] -= 2 * h
        backward = (here - f(x)) / h
        x[ix] += h
        grad[ix] = (forward + backward) / 2
    return grad

# %% numerical_gradient_sparse: forward differences
def numerical_gradient_sparse(f, x, indices, h=1e-5):
    f_here = f(x)
    slopes = np.zeros(len(indices))
    for k in range(len(indices)):
        ix = indices[k]
        old_value = x[ix]
        x[ix] = old_value + h
        slopes[k] = (f(x) - f_here) / h
        x[ix] = old_value
    return slopes

# %% numerical_gradient_sparse: repeated coordinates are merged, fewer slopes than indices
def numerical_gradient_sparse(f, x, indices, h=1e-5):
    cache = {}
    for ix in indices:
        if ix in cache:
            continue
        old = x[ix]
        x[ix] = old + h
        up = f(x)
        x[ix] = old - h
        down = f(x)
        x[ix] = old
        cache[ix] = (up - down) / (2 * h)
    return np.fromiter(cache.values(), dtype=float)

# %% numerical_gradient_sparse: works for matrices only
def numerical_gradient_sparse(f, x, indices, h=1e-5):
    slopes = []
    for i in indices:
        row = i[0]
        col = i[1]
        old = x[row, col]
        x[row, col] = old + h
        f1 = f(x)
        x[row, col] = old - h
        f2 = f(x)
        x[row, col] = old
        slopes.append((f1 - f2) / (2 * h))
    return np.array(slopes)

# %% numerical_gradient_sparse: a list as index moves whole rows, and divides by h
def numerical_gradient_sparse(f, x, indices, h=1e-5):
    slopes = np.empty(len(indices))
    for k, index in enumerate(indices):
        at = list(index)
        old = x[at].copy()
        x[at] = old + h
        up = f(x)
        x[at] = old - h
        down = f(x)
        x[at] = old
        slopes[k] = (up - down) / h
    return slopes

# %% step_size_sweep: each step starts where the last one ended
def step_size_sweep(loss_fn, W, grad, step_sizes):
    losses = np.zeros(len(step_sizes))
    position = W.copy()
    for k, s in enumerate(step_sizes):
        position = position - s * grad
        losses[k] = loss_fn(position)
    return losses

# %% step_size_sweep: sorts the step sizes and drops repeated ones
def step_size_sweep(loss_fn, W, grad, step_sizes):
    return np.array([loss_fn(W - s * grad) for s in np.unique(step_sizes)])

# %% step_size_sweep: moves W itself and adds the step again afterward
def step_size_sweep(loss_fn, W, grad, step_sizes):
    losses = []
    for s in step_sizes:
        W -= s * grad
        losses.append(loss_fn(W))
        W += s * grad
    return np.array(losses)

# %% step_size_sweep: uphill, and losses cut to integers for integer steps
def step_size_sweep(loss_fn, W, grad, step_sizes):
    losses = np.zeros_like(step_sizes)
    for i in range(len(step_sizes)):
        losses[i] = loss_fn(W + step_sizes[i] * grad)
    return losses
