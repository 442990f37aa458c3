# %% chain_rule_paths: keeps the first edge alone
def chain_rule_paths(edges, source, target):
    if source == target:
        return 1.0
    for (u, v), d in edges.items():
        if u == source:
            return d * chain_rule_paths(edges, v, target)
    return 0.0


# %% softmax_jacobian: plus off the diagonal
def softmax_jacobian(p):
    C = len(p)
    J = np.zeros((C, C))
    for i in range(C):
        for j in range(C):
            J[i, j] = p[i] * (1 - p[i]) if i == j else p[i] * p[j]
    return J


# %% softmax_vjp: p squared in the second term
def softmax_vjp(p, v):
    return p * v - p * p


# %% svm_gradient_naive: pulls at the correct class with the wrong sign
def svm_gradient_naive(W, X, y, reg):
    dW = np.zeros_like(W)
    for i in range(X.shape[0]):
        scores = X[i].dot(W)
        for j in range(W.shape[1]):
            if j == y[i]:
                continue
            if scores[j] - scores[y[i]] + 1 > 0:
                dW[:, j] += X[i]
                dW[:, y[i]] += X[i]
    return dW / X.shape[0] + 2 * reg * W


# %% svm_gradient_naive: no mean over the images and stops at the correct class
def svm_gradient_naive(W, X, y, reg):
    dW = np.zeros_like(W, dtype=float)
    for i in range(X.shape[0]):
        scores = X[i].dot(W)
        for j in range(W.shape[1]):
            if j == y[i]:
                break
            if scores[j] - scores[y[i]] + 1 > 0:
                dW[:, j] += X[i]
                dW[:, y[i]] -= X[i]
    return dW + 2 * reg * W


# %% svm_loss_and_gradient: half the regularization in loss and gradient
def svm_loss_and_gradient(W, X, y, reg):
    N = len(y)
    S = X @ W
    M = np.maximum(0, S - S[range(N), y].reshape(-1, 1) + 1)
    M[range(N), y] = 0
    loss = M.sum() / N + 0.5 * reg * np.sum(W * W)
    mask = (M > 0).astype(float)
    mask[range(N), y] = -mask.sum(axis=1)
    return loss, X.T @ mask / N + reg * W


# %% svm_loss_and_gradient: mask of the unclipped margins
def svm_loss_and_gradient(W, X, y, reg):
    N = len(y)
    S = X @ W
    M = S - S[range(N), y].reshape(-1, 1) + 1
    M[range(N), y] = 0
    loss = np.sum(np.maximum(M, 0)) / N + reg * np.sum(W * W)
    M[M > 0] = 1
    M[range(N), y] = -np.sum(M, axis=1)
    return loss, X.T.dot(M) / N + 2 * reg * W


# %% svm_loss_and_gradient: gradient left at zero
def svm_loss_and_gradient(W, X, y, reg):
    dW = np.zeros(W.shape)
    N = X.shape[0]
    S = X @ W
    M = np.maximum(0, S - S[np.arange(N), y][:, None] + 1)
    M[np.arange(N), y] = 0
    loss = M.sum() / N
    loss += reg * np.sum(W * W)
    dW /= N
    dW += 2 * reg * W
    return loss, dW


# %% svm_loss_and_gradient: pulls at the correct class with the wrong sign
def svm_loss_and_gradient(W, X, y, reg):
    N = X.shape[0]
    S = X @ W
    M = np.maximum(0, S - S[np.arange(N), y][:, None] + 1)
    M[np.arange(N), y] = 0
    mask = (M > 0).astype(float)
    mask[np.arange(N), y] += mask.sum(axis=1)
    return M.sum() / N + reg * np.sum(W**2), X.T @ mask / N + 2 * reg * W


# %% svm_loss_and_gradient: half the regularization in the loss and margins of 0 counted
def svm_loss_and_gradient(W, X, y, reg):
    N = X.shape[0]
    S = X @ W
    M = np.maximum(0, S - S[np.arange(N), y][:, None] + 1)
    M[np.arange(N), y] = 0
    mask = np.zeros(S.shape)
    mask[M >= 0] = 1
    mask[np.arange(N), y] = -mask.sum(axis=1)
    return M.sum() / N + 0.5 * reg * np.sum(W**2), X.T @ mask / N + 2 * reg * W


# %% svm_loss_and_gradient: bias added twice in loss and gradient
def svm_loss_and_gradient(W, X, y, reg):
    N = X.shape[0]
    S = X @ W + W[-1, :]
    M = np.maximum(0, S - S[np.arange(N), y][:, None] + 1)
    M[np.arange(N), y] = 0
    mask = (M > 0) * 1.0
    mask[np.arange(N), y] = -mask.sum(axis=1)
    return M.sum() / N + reg * np.sum(W**2), X.T @ mask / N + 2 * reg * W


# %% softmax_loss_and_gradient: logarithm of p, and no shift
def softmax_loss_and_gradient(W, X, y, reg):
    n = len(y)
    p = np.exp(X @ W)
    p /= p.sum(axis=1, keepdims=True)
    loss = -np.log(p[np.arange(n), y]).mean() + reg * np.sum(W * W)
    p[np.arange(n), y] -= 1
    return loss, X.T @ p / n + 2 * reg * W


# %% softmax_loss_and_gradient: 1 subtracted before the loss is taken
def softmax_loss_and_gradient(W, X, y, reg):
    n = len(y)
    scores = X @ W
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    p[np.arange(n), y] -= 1
    loss = -np.log(p[np.arange(n), y]).mean() + reg * np.sum(W * W)
    return loss, X.T @ p / n + 2 * reg * W


# %% softmax_loss_and_gradient: infinite when the correct class is far behind and 1 subtracted from whole rows
def softmax_loss_and_gradient(W, X, y, reg):
    n = len(y)
    scores = X @ W
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    loss = -np.log(p[np.arange(n), y]).mean() + reg * np.sum(W * W)
    ds = p.copy()
    ds[y] -= 1
    return loss, X.T @ ds / n + 2 * reg * W


# %% softmax_loss_and_gradient: half the regularization in loss and gradient and infinite when the correct class is far behind
def softmax_loss_and_gradient(W, X, y, reg):
    n = X.shape[0]
    f = X.dot(W)
    f -= f.max(axis=1, keepdims=True)
    p = np.exp(f) / np.sum(np.exp(f), axis=1, keepdims=True)
    loss = np.sum(-np.log(p[np.arange(n), y])) / n + 0.5 * reg * np.sum(W * W)
    p[np.arange(n), y] -= 1
    return loss, X.T.dot(p) / n + reg * W


# %% softmax_loss_and_gradient: 1e-12 added to p
def softmax_loss_and_gradient(W, X, y, reg):
    n = X.shape[0]
    f = X.dot(W)
    f -= f.max(axis=1, keepdims=True)
    p = np.exp(f) / np.sum(np.exp(f), axis=1, keepdims=True)
    loss = np.mean(-np.log(np.maximum(p[np.arange(n), y], 1e-12))) + reg * np.sum(W * W)
    p[np.arange(n), y] -= 1
    return loss, X.T.dot(p) / n + 2 * reg * W


# %% relative_error: sum instead of maximum and half the denominator
def relative_error(a, b):
    return np.sum(np.abs(a - b) / np.maximum(1e-8, 0.5 * (np.abs(a) + np.abs(b))))


# %% gradient_check: backward difference alone
def gradient_check(f, grad, x, n_checks, rng, h=1e-5):
    worst = 0.0
    for k in rng.choice(x.size, n_checks, replace=False):
        ix = np.unravel_index(k, x.shape)
        below = x.copy()
        below[ix] -= h
        slope = (f(x) - f(below)) / h
        worst = max(worst, relative_error(grad(x)[ix], slope))
    return worst


# %% find_the_bug: the gradient instead of its function
def find_the_bug(candidates, f, x, rng):
    bad = []
    for name in candidates:
        g = candidates[name](x)
        if gradient_check(f, g, x, x.size, rng) > 1e-4:
            bad.append(name)
    return bad


# %% softmax_jacobian: p cut to whole numbers on the diagonal
def softmax_jacobian(p):
    D = np.zeros((len(p), len(p)), dtype=np.int64)
    np.fill_diagonal(D, p)
    return D - np.outer(p, p)


# %% svm_gradient_naive: only the most violated class
def svm_gradient_naive(W, X, y, reg):
    dW = np.zeros(W.shape)
    for x, k in zip(X, y):
        m = x @ W - x @ W[:, k] + 1
        m[k] = -np.inf
        worst = int(np.argmax(m))
        if m[worst] > 0:
            dW[:, worst] += x
            dW[:, k] -= x
    return dW / len(X) + 2 * reg * W


# %% chain_rule_paths: adds the edges as it goes
def chain_rule_paths(edges, source, target):
    if source == target:
        return 1.0
    total = 0.0
    for (u, v), d in edges.items():
        if u == source:
            total += d if v == target else d + chain_rule_paths(edges, v, target)
    return total


# %% find_the_bug: mean of the errors
def find_the_bug(candidates, f, x, rng):
    bad, h, fx = set(), 1e-5, f(x)
    for name, grad in candidates.items():
        g, errors = grad(x), []
        for ix in np.ndindex(x.shape):
            step = np.zeros(x.shape)
            step[ix] = h
            ends = sorted([(fx - f(x - step)) / h, (f(x + step) - fx) / h])
            errors.append(relative_error(g[ix], np.clip(g[ix], *ends)))
        if sum(errors) / len(errors) > 1e-4:
            bad.add(name)
    return bad


# %% find_the_bug: the largest error above the bound only
def find_the_bug(candidates, f, x, rng):
    worst, culprit = 1e-4, set()
    for name, grad in candidates.items():
        error = gradient_check(f, grad, x, x.size, rng)
        if error > worst:
            worst, culprit = error, {name}
    return culprit
