# %% loss_slice_1d: scales the direction to length 1
def loss_slice_1d(loss_fn, W, W1, alphas):
    direction = W1 / np.sqrt(np.sum(W1**2))
    losses = np.zeros(len(alphas))
    for i in range(len(alphas)):
        point = W + alphas[i] * direction
        losses[i] = loss_fn(point)
    return losses

# %% loss_slice_1d: result has the dtype of the steps, integers cut the losses
def loss_slice_1d(loss_fn, W, W1, alphas):
    alphas = np.asarray(alphas)
    out = np.empty_like(alphas)
    for i, a in enumerate(alphas):
        out[i] = loss_fn(W + a * W1)
    return out

# %% loss_slice_1d: moves W itself and comes back by subtraction
def loss_slice_1d(loss_fn, W, W1, alphas):
    losses = []
    for a in alphas:
        W += a * W1
        losses.append(loss_fn(W))
        W -= a * W1
    return np.array(losses)

# %% loss_slice_1d: steps add up from point to point, and a list is returned
def loss_slice_1d(loss_fn, W, W1, alphas):
    point = W.copy()
    losses = []
    for a in alphas:
        point = point + a * W1
        losses.append(float(loss_fn(point)))
    return losses

# %% one_sided_slopes: left slope has the wrong sign
def one_sided_slopes(f, t, h):
    f_here = f(t)
    f_left = f(t - h)
    f_right = f(t + h)
    left = (f_left - f_here) / h
    right = (f_right - f_here) / h
    return left, right

# %% one_sided_slopes: second value is the centered slope
def one_sided_slopes(f, t, h):
    slopes = np.gradient([f(t + k * h) for k in (-1, 0, 1)], h)
    return tuple(slopes[:2])

# %% one_sided_slopes: right before left
def one_sided_slopes(f, t, h):
    right = (f(t + h) - f(t)) / h
    left = (f(t) - f(t - h)) / h
    return right, left

# %% one_sided_slopes: missing parentheses on the left, 2h on the right
def one_sided_slopes(f, t, h):
    left = f(t) - f(t - h) / h
    right = (f(t + h) - f(t)) / (2 * h)
    return left, right

# %% loss_slice_2d: rows belong to betas, columns to alphas
def loss_slice_2d(loss_fn, W, W1, W2, alphas, betas):
    losses = np.zeros((len(betas), len(alphas)))
    for i, a in enumerate(alphas):
        for j, b in enumerate(betas):
            losses[j, i] = loss_fn(W + a * W1 + b * W2)
    return losses

# %% loss_slice_2d: meshgrid runs the wrong way, then reshape scrambles the grid
def loss_slice_2d(loss_fn, W, W1, W2, alphas, betas):
    a, b = np.meshgrid(alphas, betas)
    values = [loss_fn(W + s * W1 + t * W2) for s, t in zip(a.ravel(), b.ravel())]
    return np.array(values, dtype=float).reshape(len(alphas), len(betas))

# %% loss_slice_2d: the point is W itself, which moves on and on
def loss_slice_2d(loss_fn, W, W1, W2, alphas, betas):
    result = np.zeros((len(alphas), len(betas)))
    for i in range(len(alphas)):
        for j in range(len(betas)):
            point = W
            point += alphas[i] * W1
            point += betas[j] * W2
            result[i, j] = loss_fn(point)
    return result

# %% loss_slice_2d: makes W2 orthogonal to W1, in place, and returns nested lists
def loss_slice_2d(loss_fn, W, W1, W2, alphas, betas):
    W2 -= np.sum(W1 * W2) / np.sum(W1 * W1) * W1
    return [[float(loss_fn(W + a * W1 + b * W2)) for b in betas] for a in alphas]

# %% is_midpoint_convex: tests neighbors only
def is_midpoint_convex(f, ts, tol):
    ts = sorted(ts)
    for k in range(len(ts) - 1):
        s, t = ts[k], ts[k + 1]
        middle = f((s + t) / 2)
        chord = (f(s) + f(t)) / 2
        if middle > chord + tol:
            return False
    return True

# %% is_midpoint_convex: midpoints far below the chord count as violations too
def is_midpoint_convex(f, ts, tol):
    ts = np.asarray(ts, dtype=float)
    heights = np.array([f(t) for t in ts])
    middle = np.array([[f((s + t) / 2) for t in ts] for s in ts])
    chord = (heights[:, None] + heights) / 2
    return bool(np.abs(middle - chord).max() <= tol)

# %% is_midpoint_convex: answers after the first pair
def is_midpoint_convex(f, ts, tol):
    for s in ts:
        for t in ts:
            if f((s + t) / 2) <= (f(s) + f(t)) / 2 + tol:
                return True
            else:
                return False

# %% is_midpoint_convex: integer division for the midpoint, and tol taken off instead of added
def is_midpoint_convex(f, ts, tol):
    n = len(ts)
    for i in range(n):
        for j in range(i + 1, n):
            middle = (ts[i] + ts[j]) // 2
            if f(middle) > (f(ts[i]) + f(ts[j])) / 2 - tol:
                return False
    return True

# %% fast_svm_slice_2d: no cross terms in the penalty
def fast_svm_slice_2d(W, W1, W2, X, y, reg, alphas, betas):
    S, S1, S2 = X @ W, X @ W1, X @ W2
    N = X.shape[0]
    rows = np.arange(N)
    w00, w11, w22 = np.sum(W**2), np.sum(W1**2), np.sum(W2**2)
    losses = np.zeros((len(alphas), len(betas)))
    for i, a in enumerate(alphas):
        for j, b in enumerate(betas):
            scores = S + a * S1 + b * S2
            margins = scores - scores[rows, y][:, None] + 1
            margins[rows, y] = 0
            data_loss = np.sum(np.maximum(0, margins)) / N
            losses[i, j] = data_loss + reg * (w00 + a**2 * w11 + b**2 * w22)
    return losses

# %% fast_svm_slice_2d: right score taken at W, does not move with a and b
def fast_svm_slice_2d(W, W1, W2, X, y, reg, alphas, betas):
    S, S1, S2 = (X @ V for V in (W, W1, W2))
    pick = np.arange(len(y)), y
    right = S[pick][:, None]
    G = np.einsum("kdc,ldc->kl", *(2 * [np.stack([W, W1, W2])]))
    out = np.empty((len(alphas), len(betas)))
    for i, a in enumerate(alphas):
        row = S + a * S1
        for j, b in enumerate(betas):
            margins = np.maximum(0, row + b * S2 - right + 1)
            margins[pick] = 0
            c = np.array([1.0, a, b])
            out[i, j] = margins.sum() / len(y) + reg * (c @ G @ c)
    return out

# %% fast_svm_slice_2d: the right class pays 1 as well
def fast_svm_slice_2d(W, W1, W2, X, y, reg, alphas, betas):
    S = X.dot(W)
    S1 = X.dot(W1)
    S2 = X.dot(W2)
    N = len(X)
    result = np.zeros((len(alphas), len(betas)))
    for i in range(len(alphas)):
        for j in range(len(betas)):
            a = alphas[i]
            b = betas[j]
            scores = S + a * S1 + b * S2
            correct = scores[np.arange(N), y].reshape(N, 1)
            margins = np.maximum(0, scores - correct + 1)
            loss = np.sum(margins) / N
            loss += reg * np.sum((W + a * W1 + b * W2) ** 2)
            result[i, j] = loss
    return result

# %% fast_svm_slice_2d: a product at every grid point, and the penalty of W alone
def fast_svm_slice_2d(W, W1, W2, X, y, reg, alphas, betas):
    rows = np.arange(len(y))

    def loss_at(V):
        s = X @ V
        m = np.maximum(0, s - s[rows, y][:, np.newaxis] + 1)
        m[rows, y] = 0
        return m.sum(axis=1).mean() + reg * np.sum(W**2)

    return loss_slice_2d(loss_at, W, W1, W2, alphas, betas)
