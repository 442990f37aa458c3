# %% loss_slice_1d: leaves out W
def loss_slice_1d(loss_fn, W, W1, alphas):
    return np.array([loss_fn(a * W1) for a in alphas])


# %% loss_slice_1d: all points in one call
def loss_slice_1d(loss_fn, W, W1, alphas):
    return loss_fn(W + alphas[:, None] * W1)


# %% loss_slice_1d: all points in one call
def loss_slice_1d(loss_fn, W, W1, alphas):
    steps = np.array(alphas)[:, np.newaxis, np.newaxis]
    return loss_fn(W[np.newaxis] + steps * W1[np.newaxis])


# %% loss_slice_1d: scales the direction and rounds to whole numbers
def loss_slice_1d(loss_fn, W, W1, alphas):
    D = W1 / np.sqrt((W1**2).sum())
    out = np.zeros_like(alphas)
    for k in range(len(alphas)):
        out[k] = loss_fn(W + alphas[k] * D)
    return out


# %% loss_slice_1d: scales the whole point
def loss_slice_1d(loss_fn, W, W1, alphas):
    return np.array([loss_fn(a * (W + W1)) for a in alphas])


# %% loss_slice_2d: adds the rises of two 1-D slices
def loss_slice_2d(loss_fn, W, W1, W2, alphas, betas):
    first = np.array([loss_fn(W + a * W1) for a in alphas])
    second = np.array([loss_fn(W + b * W2) for b in betas])
    return first[:, None] + second[None, :] - loss_fn(W)


# %% loss_slice_2d: transposed and adds two 1-D slices
def loss_slice_2d(loss_fn, W, W1, W2, alphas, betas):
    out = np.zeros((len(betas), len(alphas)))
    for i, a in enumerate(alphas):
        for j, b in enumerate(betas):
            out[j, i] = loss_fn(W + a * W1) + loss_fn(W + b * W2)
    return out


# %% loss_slice_2d: square result
def loss_slice_2d(loss_fn, W, W1, W2, alphas, betas):
    n = len(alphas)
    out = np.zeros((n, n))
    for i, a in enumerate(alphas):
        for j, b in enumerate(betas):
            out[i, j] = loss_fn(W + a * W1 + b * W2)
    return out


# %% loss_slice_2d: transposed and leaves out W
def loss_slice_2d(loss_fn, W, W1, W2, alphas, betas):
    return np.array([[loss_fn(a * W1 + b * W2) for a in alphas] for b in betas])


# %% loss_slice_2d: all points in one call
def loss_slice_2d(loss_fn, W, W1, W2, alphas, betas):
    A, B = np.meshgrid(alphas, betas, indexing="ij")
    return loss_fn(W + A * W1 + B * W2)


# %% one_sided_slopes: ignores h
def one_sided_slopes(f, t, h):
    h = 1e-6
    return (f(t) - f(t - h)) / h, (f(t + h) - f(t)) / h


# %% one_sided_slopes: exchanged and not divided by h
def one_sided_slopes(f, t, h):
    right = f(t + h) - f(t)
    left = f(t) - f(t - h)
    return right, left


# %% one_sided_slopes: parentheses missing
def one_sided_slopes(f, t, h):
    left = f(t) - f(t - h) / h
    right = f(t + h) - f(t) / h
    return left, right


# %% is_midpoint_convex: tolerance subtracted
def is_midpoint_convex(f, ts, tol):
    for i in range(len(ts)):
        for j in range(i + 1, len(ts)):
            if f((ts[i] + ts[j]) / 2) + tol > (f(ts[i]) + f(ts[j])) / 2:
                return False
    return True


# %% is_midpoint_convex: never convex
def is_midpoint_convex(f, ts, tol):
    for s in ts:
        for t in ts:
            if f((s + t) / 2) + tol > (f(s) + f(t)) / 2:
                return False
    return True


# %% is_midpoint_convex: counts points far below the chord
def is_midpoint_convex(f, ts, tol):
    for s in ts:
        for t in ts:
            mid = f((s + t) / 2)
            chord = (f(s) + f(t)) / 2
            if abs(mid - chord) > tol:
                return False
    return True


# %% is_midpoint_convex: all points in one call
def is_midpoint_convex(f, ts, tol):
    values = f(ts)
    for i in range(len(ts)):
        for j in range(i):
            if f((ts[i] + ts[j]) / 2) > (values[i] + values[j]) / 2 + tol:
                return False
    return True


# %% is_midpoint_convex: tolerance relative to the chord and leaves out the last point
def is_midpoint_convex(f, ts, tol):
    ok = True
    for i in range(len(ts) - 1):
        for j in range(i, len(ts) - 1):
            chord = 0.5 * (f(ts[i]) + f(ts[j]))
            if f(0.5 * (ts[i] + ts[j])) > chord + tol * chord:
                ok = False
    return ok


# %% fast_svm_slice_2d: no cross terms and half the regularization
def fast_svm_slice_2d(W, W1, W2, X, y, reg, alphas, betas):
    idx = np.arange(X.shape[0])
    S, S1, S2 = X.dot(W), X.dot(W1), X.dot(W2)
    r, r1, r2 = np.sum(W * W), np.sum(W1 * W1), np.sum(W2 * W2)
    out = np.zeros((len(alphas), len(betas)))
    for i in range(len(alphas)):
        for j in range(len(betas)):
            a, b = alphas[i], betas[j]
            s = S + a * S1 + b * S2
            m = np.maximum(0, s - s[idx, y].reshape(-1, 1) + 1)
            m[idx, y] = 0
            out[i, j] = m.sum() / X.shape[0] + 0.5 * reg * (r + a * a * r1 + b * b * r2)
    return out


# %% fast_svm_slice_2d: correct score of W alone and penalty of W alone
def fast_svm_slice_2d(W, W1, W2, X, y, reg, alphas, betas):
    N = len(y)
    S, S1, S2 = X @ W, X @ W1, X @ W2
    correct = S[np.arange(N), y][:, None]
    out = np.zeros((len(alphas), len(betas)))
    for i, a in enumerate(alphas):
        for j, b in enumerate(betas):
            margins = np.maximum(0, S + a * S1 + b * S2 - correct + 1)
            margins[np.arange(N), y] = 0
            out[i, j] = margins.sum() / N + reg * (W**2).sum()
    return out


# %% loss_slice_2d: indices of the result exchanged
def loss_slice_2d(loss_fn, W, W1, W2, alphas, betas):
    out = np.zeros((len(alphas), len(betas)))
    for j in range(len(alphas)):
        for i in range(len(betas)):
            out[i, j] = loss_fn(W + alphas[j] * W1 + betas[i] * W2)
    return out


# %% loss_slice_1d: steps in an array alone
def loss_slice_1d(loss_fn, W, W1, alphas):
    losses = np.empty(alphas.size)
    for i in range(alphas.size):
        losses[i] = loss_fn(W + alphas[i] * W1)
    return losses


# %% is_midpoint_convex: half of the value
def is_midpoint_convex(f, ts, tol):
    for s in ts:
        for t in ts:
            if f(s + t) / 2 > (f(s) + f(t)) / 2 + tol:
                return False
    return True


# %% is_midpoint_convex: three points in a row
def is_midpoint_convex(f, ts, tol):
    y = [f(t) for t in ts]
    for i in range(1, len(ts) - 1):
        if y[i] > (y[i - 1] + y[i + 1]) / 2 + tol:
            return False
    return True


# %% one_sided_slopes: parentheses missing on the left and right slope over both sides
def one_sided_slopes(f, t, h):
    return f(t) - f(t - h) / h, (f(t + h) - f(t - h)) / h


# %% one_sided_slopes: left slope over both sides, divided by 2 h
def one_sided_slopes(f, t, h):
    central = (f(t + h) - f(t - h)) / (2 * h)
    return central, (f(t + h) - f(t)) / h


# %% is_midpoint_convex: half of one end alone, in both orders
def is_midpoint_convex(f, ts, tol):
    return all(f((s + t) / 2) <= f(s) + f(t) / 2 + tol for s in ts for t in ts)


# %% fast_svm_slice_2d: 2 on the first cross term alone
def fast_svm_slice_2d(W, W1, W2, X, y, reg, alphas, betas):
    S, S1, S2 = X @ W, X @ W1, X @ W2
    n = np.arange(len(y))
    out = np.zeros((len(alphas), len(betas)))
    for i, a in enumerate(alphas):
        for j, b in enumerate(betas):
            s = S + a * S1 + b * S2
            m = np.maximum(0, s - s[n, y][:, None] + 1)
            m[n, y] = 0
            size = (W * W).sum() + a**2 * (W1 * W1).sum() + b**2 * (W2 * W2).sum()
            size += 2 * a * (W * W1).sum() + b * (W * W2).sum() + a * b * (W1 * W2).sum()
            out[i, j] = m.sum() / len(y) + reg * size
    return out


# %% fast_svm_slice_2d: reg on the squares alone
def fast_svm_slice_2d(W, W1, W2, X, y, reg, alphas, betas):
    S, S1, S2 = X @ W, X @ W1, X @ W2
    n = np.arange(len(y))
    out = np.zeros((len(alphas), len(betas)))
    for i, a in enumerate(alphas):
        for j, b in enumerate(betas):
            s = S + a * S1 + b * S2
            m = np.maximum(0, s - s[n, y][:, None] + 1)
            m[n, y] = 0
            squares = (W * W).sum() + a**2 * (W1 * W1).sum() + b**2 * (W2 * W2).sum()
            crossed = a * (W * W1).sum() + b * (W * W2).sum() + a * b * (W1 * W2).sum()
            out[i, j] = m.sum() / len(y) + reg * squares + 2 * crossed
    return out
