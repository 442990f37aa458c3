# %% chain_rule_paths: the last path replaces the others instead of being added
def chain_rule_paths(edges, source, target):
    if source == target:
        return 1.0
    total = 0.0
    for (start, end), slope in edges.items():
        if start == source:
            rest = chain_rule_paths(edges, end, target)
            if rest != 0:
                total = slope * rest
    return total

# %% chain_rule_paths: one sweep that relies on the order of the edges
def chain_rule_paths(edges, source, target):
    slopes = {source: 1.0}
    for (u, v), d in edges.items():
        if u in slopes:
            slopes[v] = slopes.get(v, 0.0) + slopes[u] * d
    return slopes.get(target, 0.0)

# %% softmax_jacobian: p @ p.T of a vector is a number, not the outer product
def softmax_jacobian(p):
    return np.diag(p) - p @ p.T

# %% softmax_jacobian: diagonal is 1 - p instead of p (1 - p)
def softmax_jacobian(p):
    C = len(p)
    J = np.zeros((C, C))
    for i in range(C):
        for j in range(C):
            if i == j:
                J[i, j] = 1 - p[i]
            else:
                J[i, j] = -p[i] * p[j]
    return J

# %% softmax_vjp: v . p taken entry by entry, not summed
def softmax_vjp(p, v):
    first = v * p
    second = (v * p) * p
    return first - second

# %% softmax_vjp: np.diag(p) forms a (C, C) array
def softmax_vjp(p, v):
    weighted = np.dot(v, p)
    return v @ np.diag(p) - weighted * p

# %% svm_gradient_naive: x is subtracted once per image, not once per violated margin
def svm_gradient_naive(W, X, y, reg):
    dW = np.zeros(W.shape)
    N = X.shape[0]
    for i in range(N):
        scores = X[i] @ W
        violated = False
        for j in range(W.shape[1]):
            if j == y[i]:
                continue
            if scores[j] - scores[y[i]] + 1 > 0:
                dW[:, j] += X[i]
                violated = True
        if violated:
            dW[:, y[i]] -= X[i]
    return dW / N + 2 * reg * W

# %% svm_gradient_naive: the margin of 1 is forgotten, and the penalty's gradient lacks the factor 2
def svm_gradient_naive(W, X, y, reg):
    D, C = W.shape
    grad = np.zeros((D, C))
    for x, label in zip(X, y):
        s = x.dot(W)
        for c in range(C):
            if c != label and s[c] > s[label]:
                grad[:, c] += x
                grad[:, label] -= x
    grad /= len(y)
    grad += reg * W
    return grad

# %% svm_loss_and_gradient: factor of the right class is -1 instead of minus the number of violations
def svm_loss_and_gradient(W, X, y, reg):
    N = X.shape[0]
    rows = np.arange(N)
    scores = X @ W
    margins = np.maximum(0, scores - scores[rows, y][:, None] + 1)
    margins[rows, y] = 0
    loss = margins.sum() / N + reg * np.sum(W**2)

    dscores = np.zeros_like(scores)
    dscores[margins > 0] = 1
    dscores[rows, y] = -1
    dW = X.T @ dscores / N + 2 * reg * W
    return loss, dW

# %% svm_loss_and_gradient: gradient not divided by N
def svm_loss_and_gradient(W, X, y, reg):
    num = len(y)
    S = X.dot(W)
    right = np.take_along_axis(S, y.reshape(-1, 1), axis=1)
    M = S - right + 1.0
    M[np.arange(num), y] = 0.0
    M = np.maximum(M, 0.0)
    loss = np.mean(np.sum(M, axis=1)) + reg * np.sum(W * W)
    mask = (M > 0).astype(W.dtype)
    mask[np.arange(num), y] -= mask.sum(axis=1)
    dW = X.T.dot(mask)
    dW += 2 * reg * W
    return loss, dW

# %% softmax_loss_and_gradient: one maximum for all images, rows far below it underflow
def softmax_loss_and_gradient(W, X, y, reg):
    N = len(X)
    rows = np.arange(N)
    scores = X @ W
    scores = scores - np.max(scores)
    e = np.exp(scores)
    total = e.sum(axis=1, keepdims=True)
    loss = np.mean(np.log(total[:, 0]) - scores[rows, y]) + reg * np.sum(W**2)
    dscores = e / total
    dscores[rows, y] -= 1
    dW = X.T @ dscores / N + 2 * reg * W
    return loss, dW

# %% softmax_loss_and_gradient: probs[:, y] -= 1 changes whole columns, and the log of a rounded probability
def softmax_loss_and_gradient(W, X, y, reg):
    n = X.shape[0]
    logits = X.dot(W)
    logits -= logits.max(axis=1, keepdims=True)
    probs = np.exp(logits)
    probs /= probs.sum(axis=1, keepdims=True)
    loss = -np.log(probs[np.arange(n), y]).mean()
    loss += reg * np.sum(W * W)
    probs[:, y] -= 1
    grad = X.T.dot(probs) / n
    grad += 2 * reg * W
    return loss, grad

# %% relative_error: largest difference over largest size, not element by element
def relative_error(a, b):
    difference = np.max(np.abs(a - b))
    size = np.max(np.abs(a) + np.abs(b))
    return float(difference / max(1e-8, size))

# %% relative_error: divides by the larger of the two, and 1e-8 is added instead of being a floor
def relative_error(a, b):
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    scale = np.maximum(np.abs(a), np.abs(b)) + 1e-8
    return np.max(np.abs(a - b) / scale)

# %% gradient_check: the one-sided slopes are not sorted before clip
def gradient_check(f, grad, x, n_checks, rng, h=1e-5):
    analytic = grad(x)
    worst = 0.0
    fx = f(x)
    for k in rng.choice(x.size, size=n_checks, replace=False):
        ix = np.unravel_index(k, x.shape)
        old = x[ix]
        x[ix] = old + h
        right = (f(x) - fx) / h
        x[ix] = old - h
        left = (fx - f(x)) / h
        x[ix] = old
        nearest = np.clip(analytic[ix], left, right)
        worst = max(worst, relative_error(analytic[ix], nearest))
    return worst

# %% gradient_check: coordinates drawn with replacement, and the mean of the errors instead of the largest
def gradient_check(f, grad, x, n_checks, rng, h=1e-5):
    g = grad(x)
    f0 = f(x)
    errors = []
    for number in rng.integers(0, x.size, size=n_checks):
        place = np.unravel_index(number, x.shape)
        up, down = x.copy(), x.copy()
        up[place] += h
        down[place] -= h
        slopes = sorted([(f0 - f(down)) / h, (f(up) - f0) / h])
        between = np.clip(g[place], slopes[0], slopes[1])
        errors.append(abs(g[place] - between) / max(1e-8, abs(g[place]) + abs(between)))
    return float(np.mean(errors))

# %% find_the_bug: len(x) is the number of rows, so not every coordinate of a matrix is checked
def find_the_bug(candidates, f, x, rng):
    wrong = set()
    for name, grad in candidates.items():
        error = gradient_check(f, grad, x, len(x), rng)
        if error > 1e-4:
            wrong.add(name)
    return wrong

# %% find_the_bug: compared with the centered difference, so other subgradients at a kink are called wrong; threshold 1e-2
def find_the_bug(candidates, f, x, rng):
    h = 1e-5
    numeric = np.zeros(x.shape)
    for ix in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[ix] = h
        numeric[ix] = (f(x + step) - f(x - step)) / (2 * h)
    return {name for name, grad in candidates.items() if relative_error(grad(x), numeric) > 1e-2}
