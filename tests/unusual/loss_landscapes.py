# %% loss_slice_1d: a comprehension
def loss_slice_1d(loss_fn, W, W1, alphas):
    return np.array([loss_fn(W + a * W1) for a in alphas])

# %% loss_slice_1d: np.fromiter over a generator
def loss_slice_1d(loss_fn, W, W1, alphas):
    return np.fromiter((loss_fn(W + a * W1) for a in alphas), float, count=len(alphas))

# %% loss_slice_1d: np.vectorize
def loss_slice_1d(loss_fn, W, W1, alphas):
    return np.vectorize(lambda a: loss_fn(W + a * W1), otypes=[float])(alphas)

# %% loss_slice_1d: all points at once, then one loss each
def loss_slice_1d(loss_fn, W, W1, alphas):
    points = W + np.multiply.outer(np.asarray(alphas), W1)
    return np.array(list(map(loss_fn, points)))

# %% loss_slice_1d: the last point first, and in place
def loss_slice_1d(loss_fn, W, W1, alphas):
    out = np.empty(len(alphas))
    point = np.empty_like(W)
    for i in reversed(range(len(alphas))):
        np.multiply(W1, alphas[i], out=point)
        point += W
        out[i] = loss_fn(point)
    return out

# %% loss_slice_2d: nested comprehensions
def loss_slice_2d(loss_fn, W, W1, W2, alphas, betas):
    return np.array([[loss_fn(W + a * W1 + b * W2) for b in betas] for a in alphas])

# %% loss_slice_2d: meshgrid and ravel
def loss_slice_2d(loss_fn, W, W1, W2, alphas, betas):
    A, B = np.meshgrid(alphas, betas, indexing="ij")
    flat = [loss_fn(W + a * W1 + b * W2) for a, b in zip(A.ravel(), B.ravel())]
    return np.reshape(flat, A.shape)

# %% loss_slice_2d: meshgrid in the other order, transposed
def loss_slice_2d(loss_fn, W, W1, W2, alphas, betas):
    A, B = np.meshgrid(alphas, betas)
    Z = np.zeros(A.shape)
    for i in range(A.shape[0]):
        for j in range(A.shape[1]):
            Z[i, j] = loss_fn(W + A[i, j] * W1 + B[i, j] * W2)
    return Z.T

# %% loss_slice_2d: itertools.product
import itertools
def loss_slice_2d(loss_fn, W, W1, W2, alphas, betas):
    losses = [loss_fn(W + a * W1 + b * W2) for a, b in itertools.product(alphas, betas)]
    return np.array(losses).reshape(len(alphas), len(betas))

# %% loss_slice_2d: ndindex, the column first
def loss_slice_2d(loss_fn, W, W1, W2, alphas, betas):
    losses = np.zeros((len(alphas), len(betas)))
    for j, i in np.ndindex(len(betas), len(alphas)):
        losses[i, j] = loss_fn(W + (alphas[i] * W1 + betas[j] * W2))
    return losses

# %% loss_slice_2d: a slice in one dimension for each row
def loss_slice_2d(loss_fn, W, W1, W2, alphas, betas):
    def row(start):
        return [loss_fn(start + b * W2) for b in betas]
    return np.vstack([row(W + a * W1) for a in alphas])

# %% one_sided_slopes: the middle once
def one_sided_slopes(f, t, h):
    here = f(t)
    return (here - f(t - h)) / h, (f(t + h) - here) / h

# %% one_sided_slopes: a pair in an array
def one_sided_slopes(f, t, h):
    return np.diff([f(t - h), f(t), f(t + h)]) / h

# %% one_sided_slopes: a pair in a list
def one_sided_slopes(f, t, h):
    a, b, c = (f(t + k * h) for k in (-1, 0, 1))
    return [(b - a) / h, (c - b) / h]

# %% one_sided_slopes: a named tuple
from collections import namedtuple
Slopes = namedtuple("Slopes", "left right")
def one_sided_slopes(f, t, h):
    return Slopes(right=(f(t + h) - f(t)) / h, left=(f(t - h) - f(t)) / -h)

# %% one_sided_slopes: a generator of two
def one_sided_slopes(f, t, h):
    slope = lambda a, b: (f(b) - f(a)) / (b - a)
    return slope(t - h, t), slope(t, t + h)

# %% is_midpoint_convex: all pairs, ordered, and each with itself
def is_midpoint_convex(f, ts, tol):
    return all(f((s + t) / 2) <= (f(s) + f(t)) / 2 + tol for s in ts for t in ts)

# %% is_midpoint_convex: itertools.combinations
from itertools import combinations
def is_midpoint_convex(f, ts, tol):
    for s, t in combinations(ts, 2):
        if f(0.5 * (s + t)) - 0.5 * f(s) - 0.5 * f(t) > tol:
            return False
    return True

# %% is_midpoint_convex: values kept, and np.all
def is_midpoint_convex(f, ts, tol):
    values = np.array([f(t) for t in ts])
    middles = np.array([[f((s + t) / 2) for t in ts] for s in ts])
    return bool(np.all(middles <= (values[:, None] + values) / 2 + tol))

# %% is_midpoint_convex: a NumPy boolean
def is_midpoint_convex(f, ts, tol):
    ts = np.asarray(ts)
    i, j = np.triu_indices(len(ts), k=1)
    f = np.vectorize(f, otypes=[float])
    return np.all(f((ts[i] + ts[j]) / 2) <= (f(ts[i]) + f(ts[j])) / 2 + tol)

# %% is_midpoint_convex: a cache
from functools import lru_cache
def is_midpoint_convex(f, ts, tol):
    cached = lru_cache(maxsize=None)(lambda t: f(t))
    ts = list(map(float, ts))
    worst = max(cached((s + t) / 2) - (cached(s) + cached(t)) / 2 for s in ts for t in ts)
    return not worst > tol

# %% fast_svm_slice_2d: one array with all points of the grid
def fast_svm_slice_2d(W, W1, W2, X, y, reg, alphas, betas):
    S, S1, S2 = X @ W, X @ W1, X @ W2
    a = np.asarray(alphas)[:, None, None, None]
    b = np.asarray(betas)[None, :, None, None]
    scores = S + a * S1 + b * S2
    right = np.take_along_axis(scores, np.broadcast_to(y[None, None, :, None], (*scores.shape[:3], 1)), 3)
    data = np.maximum(0, scores - right + 1).sum(axis=3).mean(axis=2) - 1
    weights = W + a * W1 + b * W2
    return data + reg * (weights ** 2).sum(axis=(2, 3))

# %% fast_svm_slice_2d: the penalty as a quadratic form
def fast_svm_slice_2d(W, W1, W2, X, y, reg, alphas, betas):
    V = np.stack([W.ravel(), W1.ravel(), W2.ravel()])
    G = V @ V.T
    S = [X @ M for M in (W, W1, W2)]
    n = np.arange(len(y))
    D = [s - s[n, y][:, None] for s in S]
    out = np.empty((len(alphas), len(betas)))
    for i, a in enumerate(alphas):
        for j, b in enumerate(betas):
            c = np.array([1.0, a, b])
            m = np.maximum(D[0] + a * D[1] + b * D[2] + 1, 0)
            m[n, y] = 0
            out[i, j] = m.sum() / len(y) + reg * (c @ G @ c)
    return out

# %% fast_svm_slice_2d: one wide product, split
def fast_svm_slice_2d(W, W1, W2, X, y, reg, alphas, betas):
    S, S1, S2 = np.split(X @ np.hstack([W, W1, W2]), 3, axis=1)
    def loss(a, b):
        s = S + a * S1 + b * S2
        m = np.clip(s - s[np.arange(len(y)), y, None] + 1, 0, None)
        return m.sum(1).mean() - 1 + reg * np.sum((W + a * W1 + b * W2) ** 2)
    return np.array([[loss(a, b) for b in betas] for a in alphas])

# %% fast_svm_slice_2d: a product for each row more than it needs is avoided by einsum
def fast_svm_slice_2d(W, W1, W2, X, y, reg, alphas, betas):
    S, S1, S2 = np.einsum("nd,kdc->knc", X, np.stack([W, W1, W2]))
    losses = np.zeros((len(alphas), len(betas)))
    rows = np.arange(X.shape[0])
    for i in range(len(alphas)):
        row = S + alphas[i] * S1
        for j in range(len(betas)):
            s = row + betas[j] * S2
            margins = np.maximum(s - s[rows, y].reshape(-1, 1) + 1.0, 0.0)
            margins[rows, y] = 0.0
            weights = W + alphas[i] * W1 + betas[j] * W2
            losses[i, j] = np.mean(np.sum(margins, axis=1)) + reg * np.sum(weights * weights)
    return losses
