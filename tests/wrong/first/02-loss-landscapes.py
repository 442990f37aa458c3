# %% loss_slice_1d: W is moved in place and moved back, which rounding does not undo exactly
def loss_slice_1d(loss_fn, W, W1, alphas):
    losses = np.zeros(len(alphas))
    for i, a in enumerate(alphas):
        W += a * W1
        losses[i] = loss_fn(W)
        W -= a * W1
    return losses

# %% loss_slice_1d: zeros_like of integer steps cuts the losses to integers
def loss_slice_1d(loss_fn, W, W1, alphas):
    alphas = np.asarray(alphas)
    out = np.zeros_like(alphas)
    for k in range(alphas.size):
        out[k] = loss_fn(W + alphas[k] * W1)
    return out

# %% one_sided_slopes: left slope has the wrong sign
def one_sided_slopes(f, t, h):
    f0 = f(t)
    left = (f(t - h) - f0) / h
    right = (f(t + h) - f0) / h
    return left, right

# %% one_sided_slopes: returned in the order right, left
def one_sided_slopes(f, t, h):
    def slope(start, end):
        return (f(end) - f(start)) / h

    forward = slope(t, t + h)
    backward = slope(t - h, t)
    return forward, backward

# %% loss_slice_2d: meshgrid without indexing="ij", result is transposed
def loss_slice_2d(loss_fn, W, W1, W2, alphas, betas):
    A, B = np.meshgrid(alphas, betas)
    losses = np.zeros(A.shape)
    for index in np.ndindex(A.shape):
        losses[index] = loss_fn(W + A[index] * W1 + B[index] * W2)
    return losses

# %% loss_slice_2d: steps along W2 pile up within a row
def loss_slice_2d(loss_fn, W, W1, W2, alphas, betas):
    grid = np.empty((len(alphas), len(betas)))
    for i, a in enumerate(alphas):
        point = W + a * W1
        for j, b in enumerate(betas):
            point = point + b * W2
            grid[i, j] = loss_fn(point)
    return grid

# %% is_midpoint_convex: only neighboring points are tested
def is_midpoint_convex(f, ts, tol):
    ts = sorted(ts)
    for s, t in zip(ts[:-1], ts[1:]):
        if f((s + t) / 2) > (f(s) + f(t)) / 2 + tol:
            return False
    return True

# %% is_midpoint_convex: tolerance is taken relative to the chord, and the last point is never paired
def is_midpoint_convex(f, ts, tol):
    n = len(ts)
    ok = []
    for i in range(n):
        for j in range(i + 1, n - 1):
            middle = f((ts[i] + ts[j]) / 2)
            chord = (f(ts[i]) + f(ts[j])) / 2
            ok.append(middle <= chord * (1 + tol))
    return bool(np.all(ok))

# %% fast_svm_slice_2d: the cross term of W1 and W2 is missing in the penalty
def fast_svm_slice_2d(W, W1, W2, X, y, reg, alphas, betas):
    N = X.shape[0]
    rows = np.arange(N)
    S, S1, S2 = X @ W, X @ W1, X @ W2
    w_w, w1_w1, w2_w2 = np.sum(W**2), np.sum(W1**2), np.sum(W2**2)
    w_w1, w_w2 = np.sum(W * W1), np.sum(W * W2)
    out = np.zeros((len(alphas), len(betas)))
    for i, a in enumerate(alphas):
        for j, b in enumerate(betas):
            scores = S + a * S1 + b * S2
            margins = np.maximum(0, scores - scores[rows, y][:, None] + 1)
            margins[rows, y] = 0
            penalty = w_w + a**2 * w1_w1 + b**2 * w2_w2 + 2 * (a * w_w1 + b * w_w2)
            out[i, j] = margins.sum() / N + reg * penalty
    return out

# %% fast_svm_slice_2d: score of the right class comes from W alone, and the penalty is that of W
def fast_svm_slice_2d(W, W1, W2, X, y, reg, alphas, betas):
    num = len(y)
    base = X @ W
    along_1 = X @ W1
    along_2 = X @ W2
    right = base[np.arange(num), y][:, np.newaxis]
    penalty = reg * np.sum(W * W)
    losses = np.empty((len(alphas), len(betas)))
    for i in range(len(alphas)):
        row = base + alphas[i] * along_1
        for j in range(len(betas)):
            hinge = np.maximum(0, row + betas[j] * along_2 - right + 1)
            hinge[np.arange(num), y] = 0
            losses[i, j] = hinge.sum(axis=1).mean() + penalty
    return losses
