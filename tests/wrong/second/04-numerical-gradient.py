# %% eval_numerical_gradient: centered difference where the forward one is asked for
def eval_numerical_gradient(f, x, h=1e-5):
    grad = np.zeros_like(x)
    it = np.nditer(x, flags=['multi_index'], op_flags=['readwrite'])
    while not it.finished:
        ix = it.multi_index
        oldval = x[ix]
        x[ix] = oldval + h
        fxph = f(x)
        x[ix] = oldval - h
        fxmh = f(x)
        x[ix] = oldval
        grad[ix] = (fxph - fxmh) / (2 * h)
        it.iternext()
    return grad
# %% eval_numerical_gradient: subtracts h instead of putting the old value back
def eval_numerical_gradient(f, x, h=1e-5):
    fx = f(x)
    grad = np.zeros(x.shape)
    it = np.nditer(x, flags=['multi_index'], op_flags=['readwrite'])
    while not it.finished:
        ix = it.multi_index
        x[ix] += h
        fxh = f(x)
        x[ix] -= h
        grad[ix] = (fxh - fx) / h
        it.iternext()
    return grad
# %% eval_numerical_gradient: ravel copies when x is not contiguous
def eval_numerical_gradient(f, x, h=1e-5):
    flat = x.ravel()
    grad = np.zeros(x.size)
    base = f(x)
    for i in range(x.size):
        old = flat[i]
        flat[i] = old + h
        grad[i] = (f(x) - base) / h
        flat[i] = old
    return grad.reshape(x.shape)
# %% eval_numerical_gradient: f(x) evaluated for every coordinate, gradient comes back flat
def eval_numerical_gradient(f, x, h=1e-5):
    grad = []
    for ix in np.ndindex(x.shape):
        before = f(x)
        old = x[ix]
        x[ix] = old + h
        after = f(x)
        x[ix] = old
        grad.append((after - before) / h)
    return np.array(grad)
# %% eval_numerical_gradient_centered: divides by h, not 2h
def eval_numerical_gradient_centered(f, x, h=1e-5):
    grad = np.zeros_like(x)
    it = np.nditer(x, flags=['multi_index'], op_flags=['readwrite'])
    while not it.finished:
        ix = it.multi_index
        oldval = x[ix]
        x[ix] = oldval + h
        fxph = f(x)
        x[ix] = oldval - h
        fxmh = f(x)
        x[ix] = oldval
        grad[ix] = (fxph - fxmh) / h
        it.iternext()
    return grad
# %% eval_numerical_gradient_centered: keeps f(x) from the forward version, difference to f(x)
def eval_numerical_gradient_centered(f, x, h=1e-5):
    fx = f(x)
    grad = np.zeros_like(x)
    it = np.nditer(x, flags=['multi_index'], op_flags=['readwrite'])
    while not it.finished:
        ix = it.multi_index
        old_value = x[ix]
        x[ix] = old_value + h
        fxh = f(x)
        x[ix] = old_value
        grad[ix] = (fxh - fx) / h
        it.iternext()
    return grad
# %% eval_numerical_gradient_centered: old value is not put back at all
def eval_numerical_gradient_centered(f, x, h=1e-5):
    grad = np.zeros(x.shape)
    for ix in np.ndindex(*x.shape):
        old = x[ix]
        x[ix] = old + h
        up = f(x)
        x[ix] = old - h
        down = f(x)
        grad[ix] = (up - down) / (2 * h)
    return grad
# %% eval_numerical_gradient_centered: precedence of / 2 * h, and steps taken back by adding
def eval_numerical_gradient_centered(f, x, h=1e-5):
    grad = np.zeros(x.shape)
    for ix in np.ndindex(x.shape):
        x[ix] += h
        up = f(x)
        x[ix] -= 2 * h
        down = f(x)
        x[ix] += h
        grad[ix] = (up - down) / 2 * h
    return grad
# %% numerical_gradient_sparse: draws random coordinates instead of using the list
from random import randrange


def numerical_gradient_sparse(f, x, indices, h=1e-5):
    slopes = np.zeros(len(indices))
    for i in range(len(indices)):
        ix = tuple([randrange(m) for m in x.shape])
        oldval = x[ix]
        x[ix] = oldval + h
        fxph = f(x)
        x[ix] = oldval - h
        fxmh = f(x)
        x[ix] = oldval
        slopes[i] = (fxph - fxmh) / (2 * h)
    return slopes
# %% numerical_gradient_sparse: moved coordinates are put back by += h
def numerical_gradient_sparse(f, x, indices, h=1e-5):
    grad = []
    for ix in indices:
        x[ix] += h
        fxph = f(x)
        x[ix] -= 2 * h
        fxmh = f(x)
        x[ix] += h
        grad.append((fxph - fxmh) / (2 * h))
    return np.array(grad)
# %% numerical_gradient_sparse: computes the whole gradient first
def numerical_gradient_sparse(f, x, indices, h=1e-5):
    grad = np.zeros(x.shape)
    for ix in np.ndindex(x.shape):
        old = x[ix]
        x[ix] = old + h
        up = f(x)
        x[ix] = old - h
        down = f(x)
        x[ix] = old
        grad[ix] = (up - down) / (2 * h)
    return np.array([grad[tuple(ix)] for ix in indices])
# %% numerical_gradient_sparse: repeated coordinates collapse in a dict, and divides by h
def numerical_gradient_sparse(f, x, indices, h=1e-5):
    slopes = {}
    for ix in indices:
        old = x[ix]
        x[ix] = old + h
        up = f(x)
        x[ix] = old - h
        down = f(x)
        x[ix] = old
        slopes[ix] = (up - down) / h
    return np.array(list(slopes.values()))
# %% step_size_sweep: updates W in place, step after step
def step_size_sweep(loss_fn, W, grad, step_sizes):
    losses = []
    for step_size in step_sizes:
        W += -step_size * grad
        losses.append(loss_fn(W))
    return np.array(losses)
# %% step_size_sweep: gradient normalized to length 1
def step_size_sweep(loss_fn, W, grad, step_sizes):
    direction = grad / (np.linalg.norm(grad) + 1e-8)
    losses = np.zeros(len(step_sizes))
    for i, s in enumerate(step_sizes):
        W_new = W - s * direction
        losses[i] = loss_fn(W_new)
    return losses
# %% step_size_sweep: result has the dtype of the step sizes, integers cut the losses
def step_size_sweep(loss_fn, W, grad, step_sizes):
    step_sizes = np.array(step_sizes)
    losses = np.zeros_like(step_sizes)
    for i in range(len(step_sizes)):
        losses[i] = loss_fn(W - step_sizes[i] * grad)
    return losses
# %% step_size_sweep: steps uphill, and sizes sorted without repeats
def step_size_sweep(loss_fn, W, grad, step_sizes):
    result = []
    for s in np.unique(step_sizes):
        result.append(loss_fn(W + s * grad))
    return np.array(result)
