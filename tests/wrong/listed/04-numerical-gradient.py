# %% eval_numerical_gradient: x not restored
def eval_numerical_gradient(f, x, h=1e-5):
    grad = np.zeros_like(x)
    fx = f(x)
    it = np.nditer(x, flags=["multi_index"], op_flags=["readwrite"])
    for v in it:
        old = v
        v[...] = v + h
        grad[it.multi_index] = (f(x) - fx) / h
        v[...] = old
    return grad


# %% eval_numerical_gradient: moves a whole row for good
def eval_numerical_gradient(f, x, h=1e-5):
    grad = np.zeros(x.shape)
    fx = f(x)
    for i in range(len(x)):
        old = x[i]
        x[i] = old + h
        grad[i] = (f(x) - fx) / h
        x[i] = old
    return grad


# %% eval_numerical_gradient: parentheses missing
def eval_numerical_gradient(f, x, h=1e-5):
    grad = np.zeros(x.shape)
    fx = f(x)
    for ix in np.ndindex(x.shape):
        x_plus = x.copy()
        x_plus[ix] += h
        grad[ix] = f(x_plus) - fx / h
    return grad


# %% eval_numerical_gradient: steps in a copy that reshape made and f(x) anew for every coordinate
def eval_numerical_gradient(f, x, h=1e-5):
    grad = np.zeros(x.size)
    xs = x.reshape(-1)
    for i in range(x.size):
        fx = f(x)
        old = xs[i]
        xs[i] = old + h
        grad[i] = (f(x) - fx) / h
        xs[i] = old
    return grad.reshape(x.shape)


# %% eval_numerical_gradient: takes two axes for granted
def eval_numerical_gradient(f, x, h=1e-5):
    D, C = x.shape
    fx = f(x)
    grad = np.zeros((D, C))
    for i in range(D):
        for j in range(C):
            old = x[i, j]
            x[i, j] = old + h
            grad[i, j] = (f(x) - fx) / h
            x[i, j] = old
    return grad


# %% eval_numerical_gradient_centered: steps back to x
def eval_numerical_gradient_centered(f, x, h=1e-5):
    grad = np.zeros(x.shape)
    it = np.nditer(x, flags=["multi_index"], op_flags=["readwrite"])
    for v in it:
        old = v
        v[...] = old + h
        plus = f(x)
        v[...] = old - h
        minus = f(x)
        v[...] = old
        grad[it.multi_index] = (plus - minus) / (2 * h)
    return grad


# %% eval_numerical_gradient_centered: parentheses missing and gradient is flat
def eval_numerical_gradient_centered(f, x, h=1e-5):
    grad = []
    for ix in np.ndindex(*x.shape):
        old = x[ix]
        x[ix] = old + h
        up = f(x)
        x[ix] = old - h
        down = f(x)
        x[ix] = old
        grad.append((up - down) / 2 * h)
    return np.array(grad)


# %% eval_numerical_gradient_centered: forward difference and f(x) evaluated for every coordinate
def eval_numerical_gradient_centered(f, x, h=1e-5):
    grad = np.zeros(x.shape)
    for ix in np.ndindex(*x.shape):
        before = f(x)
        old = x[ix]
        x[ix] = old + h
        after = f(x)
        x[ix] = old
        grad[ix] = (after - before) / h
    return grad


# %% numerical_gradient_sparse: equal indices counted once
def numerical_gradient_sparse(f, x, indices, h=1e-5):
    slopes = {}
    for ix in indices:
        old = x[ix]
        x[ix] = old + h
        up = f(x)
        x[ix] = old - h
        slopes[ix] = (up - f(x)) / (2 * h)
        x[ix] = old
    return np.array(list(slopes.values()))


# %% numerical_gradient_sparse: x not restored and divides by h
def numerical_gradient_sparse(f, x, indices, h=1e-5):
    out = np.zeros(len(indices))
    for k, ix in enumerate(indices):
        x[ix] += h
        up = f(x)
        x[ix] -= 2 * h
        down = f(x)
        out[k] = (up - down) / h
    return out


# %% step_size_sweep: steps there and back in place and losses cut to whole numbers
def step_size_sweep(loss_fn, W, grad, step_sizes):
    losses = np.zeros_like(step_sizes)
    for i in range(len(step_sizes)):
        W -= step_sizes[i] * grad
        losses[i] = loss_fn(W)
        W += step_sizes[i] * grad
    return losses


# %% step_size_sweep: walks uphill and leaves out W
def step_size_sweep(loss_fn, W, grad, step_sizes):
    return np.array([loss_fn(s * grad) for s in step_sizes])


# %% step_size_sweep: multiplies all step sizes by the gradient
def step_size_sweep(loss_fn, W, grad, step_sizes):
    return loss_fn(W - np.array(step_sizes) * grad)


# %% step_size_sweep: all steps in one call
def step_size_sweep(loss_fn, W, grad, step_sizes):
    sizes = np.asarray(step_sizes).reshape(-1, *(1,) * W.ndim)
    return loss_fn(W - sizes * grad)


# %% eval_numerical_gradient: flat and in the order of nditer
def eval_numerical_gradient(f, x, h=1e-5):
    fx = f(x)
    slopes = []
    it = np.nditer(x, flags=["multi_index"])
    while not it.finished:
        idx = it.multi_index
        temp = x[idx]
        x[idx] = temp + h
        slopes.append((f(x) - fx) / h)
        x[idx] = temp
        it.iternext()
    return np.array(slopes)


# %% numerical_gradient_sparse: two names for one array
def numerical_gradient_sparse(f, x, indices, h=1e-5):
    slopes = []
    for ix in indices:
        x_plus, x_minus = x, x
        x_plus[ix] += h
        x_minus[ix] -= h
        slopes.append((f(x_plus) - f(x_minus)) / (2 * h))
    return np.array(slopes)


# %% numerical_gradient_sparse: coordinates of its own
def numerical_gradient_sparse(f, x, indices, h=1e-5):
    slopes = []
    for _ in indices:
        ix = tuple(np.random.randint(n) for n in x.shape)
        step = np.zeros_like(x)
        step[ix] = h
        slopes.append((f(x + step) - f(x - step)) / (2 * h))
    return np.array(slopes)


# %% step_size_sweep: sorted, and equal ones counted once
def step_size_sweep(loss_fn, W, grad, step_sizes):
    return np.array([loss_fn(W - s * grad) for s in sorted(set(step_sizes))])
