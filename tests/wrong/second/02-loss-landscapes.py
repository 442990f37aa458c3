# %% loss_slice_1d: direction normalized to the length of W
def loss_slice_1d(loss_fn, W, W1, alphas):
    direction = W1 / (np.linalg.norm(W1) + 1e-10) * np.linalg.norm(W)
    losses = []
    for alpha in alphas:
        losses.append(loss_fn(W + alpha * direction))
    return np.array(losses, dtype=float)
# %% loss_slice_1d: adds and subtracts in place, W differs in the last bits
def loss_slice_1d(loss_fn, W, W1, alphas):
    losses = np.zeros(len(alphas))
    for i, alpha in enumerate(alphas):
        W += alpha * W1
        losses[i] = loss_fn(W)
        W -= alpha * W1
    return losses
# %% loss_slice_1d: zeros_like of integer steps cuts the losses
def loss_slice_1d(loss_fn, W, W1, alphas):
    out = np.zeros_like(alphas)
    for i in range(len(alphas)):
        out[i] = loss_fn(W + alphas[i] * W1)
    return out
# %% loss_slice_1d: steps accumulate from point to point
def loss_slice_1d(loss_fn, W, W1, alphas):
    point = W.copy()
    result = []
    for a in alphas:
        point = point + a * W1
        result.append(loss_fn(point))
    return np.array(result)
# %% one_sided_slopes: divides by 2h as in the centered difference
def one_sided_slopes(f, t, h):
    fx = f(t)
    fxph = f(t + h)
    fxmh = f(t - h)
    left = (fx - fxmh) / (2 * h)
    right = (fxph - fx) / (2 * h)
    return left, right
# %% one_sided_slopes: right slope is returned first
def one_sided_slopes(f, t, h):
    fx = f(t)
    forward = (f(t + h) - fx) / h
    backward = (fx - f(t - h)) / h
    return forward, backward
# %% one_sided_slopes: sign of the left slope
def one_sided_slopes(f, t, h):
    left = (f(t - h) - f(t)) / h
    right = (f(t + h) - f(t)) / h
    return left, right
# %% one_sided_slopes: missing parentheses, and left measured over both sides
def one_sided_slopes(f, t, h):
    left = (f(t + h) - f(t - h)) / h
    right = f(t + h) - f(t) / h
    return left, right
# %% loss_slice_2d: meshgrid in xy order gives shape (B, A)
def loss_slice_2d(loss_fn, W, W1, W2, alphas, betas):
    xx, yy = np.meshgrid(alphas, betas)
    zz = np.zeros(xx.shape)
    for i in range(xx.shape[0]):
        for j in range(xx.shape[1]):
            zz[i, j] = loss_fn(W + xx[i, j] * W1 + yy[i, j] * W2)
    return zz
# %% loss_slice_2d: in place, second direction never taken back
def loss_slice_2d(loss_fn, W, W1, W2, alphas, betas):
    losses = np.zeros((len(alphas), len(betas)))
    for i, a in enumerate(alphas):
        W_a = W + a * W1
        for j, b in enumerate(betas):
            W_a += b * W2
            losses[i, j] = loss_fn(W_a)
    return losses
# %% loss_slice_2d: directions swapped, alphas go along W2
def loss_slice_2d(loss_fn, W, W1, W2, alphas, betas):
    rows = []
    for a in alphas:
        rows.append([loss_fn(W + b * W1 + a * W2) for b in betas])
    return np.array(rows)
# %% loss_slice_2d: result in the dtype of the steps, and W changed through an alias
def loss_slice_2d(loss_fn, W, W1, W2, alphas, betas):
    alphas, betas = np.asarray(alphas), np.asarray(betas)
    grid = np.zeros((len(alphas), len(betas)), dtype=alphas.dtype)
    start = W
    for i, a in enumerate(alphas):
        for j, b in enumerate(betas):
            start += a * W1 + b * W2
            grid[i, j] = loss_fn(start)
            start -= a * W1 + b * W2
    return grid
# %% is_midpoint_convex: two-sided test, a strictly convex function fails
def is_midpoint_convex(f, ts, tol):
    for s in ts:
        for t in ts:
            mid = f((s + t) / 2)
            chord = (f(s) + f(t)) / 2
            if abs(mid - chord) > tol:
                return False
    return True
# %% is_midpoint_convex: only neighbors in the list are compared
def is_midpoint_convex(f, ts, tol):
    for s, t in zip(ts[:-1], ts[1:]):
        if f((s + t) / 2) > (f(s) + f(t)) / 2 + tol:
            return False
    return True
# %% is_midpoint_convex: returns after the first pair
def is_midpoint_convex(f, ts, tol):
    n = len(ts)
    for i in range(n):
        for j in range(i + 1, n):
            middle = f((ts[i] + ts[j]) / 2)
            if middle > (f(ts[i]) + f(ts[j])) / 2 + tol:
                return False
            else:
                return True
    return True
# %% is_midpoint_convex: parentheses missing in the chord, integer midpoint
def is_midpoint_convex(f, ts, tol):
    ok = True
    for s in ts:
        for t in ts:
            ok = ok and bool(f((s + t) // 2) <= f(s) + f(t) / 2 + tol)
    return ok
# %% fast_svm_slice_2d: half penalty
def fast_svm_slice_2d(W, W1, W2, X, y, reg, alphas, betas):
    num_train = X.shape[0]
    S, S1, S2 = X.dot(W), X.dot(W1), X.dot(W2)
    loss = np.zeros((len(alphas), len(betas)))
    for i, a in enumerate(alphas):
        for j, b in enumerate(betas):
            scores = S + a * S1 + b * S2
            correct = scores[np.arange(num_train), y].reshape(-1, 1)
            margins = np.maximum(0, scores - correct + 1)
            margins[np.arange(num_train), y] = 0
            loss[i, j] = np.sum(margins) / num_train
            W_ab = W + a * W1 + b * W2
            loss[i, j] += 0.5 * reg * np.sum(W_ab * W_ab)
    return loss
# %% fast_svm_slice_2d: cross terms of the penalty left out
def fast_svm_slice_2d(W, W1, W2, X, y, reg, alphas, betas):
    n = X.shape[0]
    base, d1, d2 = X @ W, X @ W1, X @ W2
    sq, sq1, sq2 = np.sum(W * W), np.sum(W1 * W1), np.sum(W2 * W2)
    out = np.empty((len(alphas), len(betas)))
    for i, a in enumerate(alphas):
        for j, b in enumerate(betas):
            s = base + a * d1 + b * d2
            m = np.maximum(0, s - s[np.arange(n), y][:, np.newaxis] + 1)
            m[np.arange(n), y] = 0
            out[i, j] = m.sum() / n + reg * (sq + a**2 * sq1 + b**2 * sq2)
    return out
# %% fast_svm_slice_2d: factor 2 only on the first cross term
def fast_svm_slice_2d(W, W1, W2, X, y, reg, alphas, betas):
    N = len(y)
    S, S1, S2 = X @ W, X @ W1, X @ W2
    rows = np.arange(N)
    result = np.zeros((len(alphas), len(betas)))
    for i, a in enumerate(alphas):
        Sa = S + a * S1
        for j, b in enumerate(betas):
            T = Sa + b * S2
            margins = np.maximum(0, T - T[rows, y][:, None] + 1)
            data = margins.sum() / N - 1
            squares = (W**2).sum() + a * a * (W1**2).sum() + b * b * (W2**2).sum()
            cross = 2 * a * (W * W1).sum() + b * (W * W2).sum() + a * b * (W1 * W2).sum()
            result[i, j] = data + reg * (squares + cross)
    return result
# %% fast_svm_slice_2d: right class pays 1, and the penalty is that of W only
def fast_svm_slice_2d(W, W1, W2, X, y, reg, alphas, betas):
    s0 = X @ W
    s1 = X @ W1
    s2 = X @ W2
    idx = np.arange(len(X))
    out = []
    for a in alphas:
        row = []
        for b in betas:
            s = s0 + a * s1 + b * s2
            h = np.maximum(0, s - s[idx, y].reshape(-1, 1) + 1)
            row.append(h.sum(axis=1).mean() + reg * np.sum(W**2))
        out.append(row)
    return np.array(out)
