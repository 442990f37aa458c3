# %% eval_numerical_gradient: x is put back by subtracting h
def eval_numerical_gradient(f, x, h=1e-5):
    fx = f(x)
    grad = np.zeros(x.shape)
    it = np.nditer(x, flags=["multi_index"])
    while not it.finished:
        ix = it.multi_index
        x[ix] += h
        grad[ix] = (f(x) - fx) / h
        x[ix] -= h
        it.iternext()
    return grad

# %% eval_numerical_gradient: ravel copies a transposed x so f sees no change, and f(x) is evaluated for every coordinate
def eval_numerical_gradient(f, x, h=1e-5):
    flat = x.ravel()
    slopes = np.zeros(flat.size)
    for i in range(flat.size):
        before = f(x)
        old = flat[i]
        flat[i] = old + h
        after = f(x)
        flat[i] = old
        slopes[i] = (after - before) / h
    return slopes.reshape(x.shape)

# %% eval_numerical_gradient_centered: divided by h instead of 2 h
def eval_numerical_gradient_centered(f, x, h=1e-5):
    grad = np.zeros_like(x)
    for ix in np.ndindex(x.shape):
        old = x[ix]
        x[ix] = old + h
        f_plus = f(x)
        x[ix] = old - h
        f_minus = f(x)
        x[ix] = old
        grad[ix] = (f_plus - f_minus) / h
    return grad

# %% eval_numerical_gradient_centered: x is put back by arithmetic, and the gradient is flat
def eval_numerical_gradient_centered(f, x, h=1e-5):
    slopes = []
    it = np.nditer(x, flags=["multi_index"], op_flags=["readwrite"])
    for _ in it:
        x[it.multi_index] += h
        up = f(x)
        x[it.multi_index] -= 2 * h
        down = f(x)
        x[it.multi_index] += h
        slopes.append((up - down) / (2 * h))
    return np.array(slopes)

# %% numerical_gradient_sparse: rows of np.array(indices) select whole rows of x, not one number
def numerical_gradient_sparse(f, x, indices, h=1e-5):
    indices = np.array(indices)
    slopes = np.zeros(len(indices))
    for k in range(len(indices)):
        ix = indices[k]
        old = x[ix].copy()
        x[ix] = old + h
        f_plus = f(x)
        x[ix] = old - h
        f_minus = f(x)
        x[ix] = old
        slopes[k] = (f_plus - f_minus) / (2 * h)
    return slopes

# %% numerical_gradient_sparse: a repeated coordinate appears only once in the result
def numerical_gradient_sparse(f, x, indices, h=1e-5):
    def value_at(index, new):
        saved = x[index]
        x[index] = new
        value = f(x)
        x[index] = saved
        return value

    slope_of = {}
    for index in indices:
        center = x[index]
        rise = value_at(index, center + h) - value_at(index, center - h)
        slope_of[index] = rise / (2 * h)
    return np.array(list(slope_of.values()))

# %% step_size_sweep: each step starts where the last one ended
def step_size_sweep(loss_fn, W, grad, step_sizes):
    W = W.copy()
    losses = np.zeros(len(step_sizes))
    for i, s in enumerate(step_sizes):
        W = W - s * grad
        losses[i] = loss_fn(W)
    return losses

# %% step_size_sweep: zeros_like of integer sizes cuts the losses, and W is changed up to rounding
def step_size_sweep(loss_fn, W, grad, step_sizes):
    sizes = np.array(step_sizes)
    result = np.zeros_like(sizes)
    W_new = W
    for k, size in enumerate(sizes):
        W_new -= size * grad
        result[k] = loss_fn(W_new)
        W_new += size * grad
    return result
