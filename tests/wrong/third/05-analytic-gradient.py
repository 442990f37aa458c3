# %% chain_rule_paths: goes through the edges once, right only if they come in order
def chain_rule_paths(edges, source, target):
    derivative = {source: 1.0}
    for (u, v), slope in edges.items():
        if u in derivative:
            derivative[v] = derivative.get(v, 0.0) + derivative[u] * slope
    return derivative.get(target, 0.0)

# %% chain_rule_paths: paths of at most three edges
def chain_rule_paths(edges, source, target):
    names = sorted({source, target}.union(*edges)) if edges else sorted({source, target})
    at = {name: k for k, name in enumerate(names)}
    A = np.zeros((len(names), len(names)))
    for (u, v), slope in edges.items():
        A[at[u], at[v]] = slope
    total = np.eye(len(names)) + A + A @ A + A @ A @ A
    return float(total[at[source], at[target]])

# %% chain_rule_paths: follows the first edge only
def chain_rule_paths(edges, source, target):
    if source == target:
        return 1.0
    for u, v in edges:
        if u == source:
            return edges[u, v] * chain_rule_paths(edges, v, target)
    return 0.0

# %% chain_rule_paths: a direct edge hides the other paths, and slopes are added along a path
def chain_rule_paths(edges, source, target):
    if source == target:
        return 1.0
    if (source, target) in edges:
        return edges[source, target]
    total = 0.0
    for (start, end), slope in edges.items():
        if start == source:
            rest = chain_rule_paths(edges, end, target)
            if rest != 0:
                total += slope + rest
    return total

# %% softmax_jacobian: diagonal lacks its factor p
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

# %% softmax_jacobian: broadcasting puts the square of p_j off the diagonal
def softmax_jacobian(p):
    return p * (np.eye(len(p)) - p)

# %% softmax_jacobian: p @ p.T is a number
def softmax_jacobian(p):
    J = np.diag(p) - p @ p.T
    return J

# %% softmax_jacobian: plus signs beside the diagonal, and 1 + p on it
def softmax_jacobian(p):
    J = np.outer(p, p)
    np.fill_diagonal(J, p * (1 + p))
    return J

# %% softmax_vjp: v left out of the sum
def softmax_vjp(p, v):
    result = np.zeros(len(p))
    total = 0.0
    for p_k in p:
        total += p_k
    for j in range(len(p)):
        result[j] = v[j] * p[j] - p[j] * total
    return result

# %% softmax_vjp: forms the (C, C) matrix
def softmax_vjp(p, v):
    return np.einsum("i,ij->j", v, np.diag(p) - p[:, None] * p[None, :])

# %% softmax_vjp: subtracts the number v p without its factor p
def softmax_vjp(p, v):
    return v * p - np.dot(v, p)

# %% softmax_vjp: first term lacks p, and the sign is reversed
def softmax_vjp(p, v):
    s = v @ p
    return p * s - v

# %% svm_gradient_naive: right class once per image, not once per violation
def svm_gradient_naive(W, X, y, reg):
    N = X.shape[0]
    C = W.shape[1]
    dW = np.zeros(W.shape)
    for i in range(N):
        s = X[i] @ W
        any_violated = False
        for j in range(C):
            if j == y[i]:
                continue
            if s[j] - s[y[i]] + 1 > 0:
                dW[:, j] += X[i]
                any_violated = True
        if any_violated:
            dW[:, y[i]] -= X[i]
    return dW / N + 2 * reg * W

# %% svm_gradient_naive: right class counted inside the margin and taken off once too few
def svm_gradient_naive(W, X, y, reg):
    dW = np.zeros_like(W)
    for x, label in zip(X, y):
        s = x @ W
        violated = s - s[label] + 1 > 0
        dW[:, violated] += x[:, None]
        dW[:, label] -= (violated.sum() - 1) * x
    return dW / len(X) + 2 * reg * W

# %% svm_gradient_naive: penalty without its 2
def svm_gradient_naive(W, X, y, reg):
    dW = np.zeros(W.shape)
    num_train = X.shape[0]
    for i in range(num_train):
        scores = X[i].dot(W)
        for j in range(W.shape[1]):
            if j == y[i]:
                continue
            margin = scores[j] - scores[y[i]] + 1
            if margin > 0:
                dW[:, j] += X[i]
                dW[:, y[i]] -= X[i]
    dW /= num_train
    dW += reg * W
    return dW

# %% svm_gradient_naive: no margin of 1, and not divided by N
def svm_gradient_naive(W, X, y, reg):
    dW = 2 * reg * W
    for i in range(len(X)):
        s = X[i] @ W
        for j in range(len(s)):
            if j != y[i] and s[j] > s[y[i]]:
                dW[:, j] += X[i]
                dW[:, y[i]] -= X[i]
    return dW

# %% svm_loss_and_gradient: gradient of the penalty divided by N too
def svm_loss_and_gradient(W, X, y, reg):
    S = X @ W
    N, C = S.shape
    rows = np.arange(N)
    right = S[rows, y]
    loss = 0.0
    dscores = np.zeros((N, C))
    for j in range(C):
        margin = S[:, j] - right + 1
        margin[y == j] = 0
        loss += margin[margin > 0].sum()
        dscores[:, j] = margin > 0
    dscores[rows, y] = -dscores.sum(axis=1)
    dW = (X.T @ dscores + 2 * reg * W) / N
    return loss / N + reg * np.sum(W**2), dW

# %% svm_loss_and_gradient: weighs images by their margins
def svm_loss_and_gradient(W, X, y, reg):
    S, at = X @ W, (np.arange(len(y)), y)
    dS = np.maximum(0, S - S[at][:, None] + 1)
    dS[at] = 0
    loss = dS.sum() / len(y) + reg * np.vdot(W, W)
    dS[at] -= dS.sum(axis=1)
    return loss, np.einsum("nd,nc->dc", X, dS) / len(y) + 2 * reg * W

# %% svm_loss_and_gradient: loss without the penalty
def svm_loss_and_gradient(W, X, y, reg):
    N = X.shape[0]
    scores = X.dot(W)
    correct = scores[np.arange(N), y].reshape(N, 1)
    margins = np.maximum(0, scores - correct + 1)
    margins[np.arange(N), y] = 0
    loss = np.sum(margins) / N
    dscores = np.zeros(scores.shape)
    dscores[margins > 0] = 1
    dscores[np.arange(N), y] = -np.sum(dscores, axis=1)
    dW = X.T.dot(dscores) / N
    dW += 2 * reg * W
    return loss, dW

# %% svm_loss_and_gradient: -1 at the right class whatever the violations, and dW not divided by N
def svm_loss_and_gradient(W, X, y, reg):
    n = len(y)
    scores = X @ W
    margins = np.maximum(0, scores - scores[np.arange(n), y][:, np.newaxis] + 1)
    margins[np.arange(n), y] = 0
    dscores = (margins > 0).astype(float)
    dscores[np.arange(n), y] = -1
    loss = margins.sum(axis=1).mean() + reg * np.sum(W**2)
    return loss, X.T @ dscores + 2 * reg * W

# %% softmax_loss_and_gradient: bias row not penalized
def softmax_loss_and_gradient(W, X, y, reg):
    S = X @ W
    N, C = S.shape
    S = S - np.max(S, axis=1)[:, None]
    partition = np.zeros(N)
    for j in range(C):
        partition += np.exp(S[:, j])
    right = S[np.arange(N), y]
    loss = np.sum(np.log(partition) - right) / N
    dS = np.exp(S) / partition[:, None]
    dS[np.arange(N), y] -= 1
    dW = X.T @ dS / N
    loss += reg * np.sum(W[:-1] ** 2)
    dW[:-1] += 2 * reg * W[:-1]
    return loss, dW

# %% softmax_loss_and_gradient: logarithm of a probability that underflows to 0
def softmax_loss_and_gradient(W, X, y, reg):
    S = X @ W
    P = np.exp(S - S.max(1, keepdims=True))
    P /= P.sum(1, keepdims=True)
    at = np.arange(len(y)), y
    loss = -np.log(P[at]).mean() + reg * np.einsum("ij,ij", W, W)
    P[at] -= 1
    return loss, X.T @ P / len(y) + 2 * reg * W

# %% softmax_loss_and_gradient: subtracts 1 in whole columns
def softmax_loss_and_gradient(W, X, y, reg):
    N = X.shape[0]
    scores = X.dot(W)
    scores = scores - np.max(scores, axis=1, keepdims=True)
    exp_scores = np.exp(scores)
    sums = np.sum(exp_scores, axis=1, keepdims=True)
    loss = np.sum(np.log(sums[:, 0]) - scores[np.arange(N), y]) / N
    loss += reg * np.sum(W * W)
    dscores = exp_scores / sums
    dscores[:, y] -= 1
    dW = X.T.dot(dscores) / N + 2 * reg * W
    return loss, dW

# %% softmax_loss_and_gradient: one maximum for all rows, and penalty gradient without its 2
def softmax_loss_and_gradient(W, X, y, reg):
    scores = X @ W
    scores = scores - np.max(scores)
    powers = np.exp(scores)
    sums = powers.sum(axis=1)
    n = np.arange(len(X))
    loss = np.mean(np.log(sums) - scores[n, y]) + reg * np.sum(W**2)
    dscores = powers / sums[:, np.newaxis]
    dscores[n, y] -= 1
    return loss, X.T @ dscores / len(X) + reg * W

# %% relative_error: divides by the larger of the two, as in the lecture notes
def relative_error(a, b):
    a, b = np.atleast_1d(a), np.atleast_1d(b)
    worst = 0.0
    for a_i, b_i in zip(a.ravel(), b.ravel()):
        size = max(1e-8, abs(a_i), abs(b_i))
        worst = max(worst, abs(a_i - b_i) / size)
    return float(worst)

# %% relative_error: of the norms, not element by element
def relative_error(a, b):
    a, b = np.ravel(a), np.ravel(b)
    return np.linalg.norm(a - b) / max(1e-8, np.linalg.norm(a) + np.linalg.norm(b))

# %% relative_error: largest difference over largest sum
def relative_error(a, b):
    difference = np.max(np.abs(a - b))
    size = np.max(np.abs(a) + np.abs(b))
    return difference / max(1e-8, size)

# %% relative_error: mean instead of the largest, and the floor is added
def relative_error(a, b):
    return float(np.mean(np.abs(a - b) / (np.abs(a) + np.abs(b) + 1e-8)))

# %% gradient_check: slopes not sorted
def gradient_check(f, grad, x, n_checks, rng, h=1e-5):
    analytic = grad(x)
    f_here = f(x)
    worst = 0.0
    for k in rng.choice(x.size, size=n_checks, replace=False):
        ix = np.unravel_index(k, x.shape)
        old_value = x[ix]
        x[ix] = old_value + h
        right = (f(x) - f_here) / h
        x[ix] = old_value - h
        left = (f_here - f(x)) / h
        x[ix] = old_value
        nearest = np.clip(analytic[ix], left, right)
        worst = max(worst, relative_error(analytic[ix], nearest))
    return float(worst)

# %% gradient_check: coordinates drawn with replacement
def gradient_check(f, grad, x, n_checks, rng, h=1e-5):
    g, f0 = grad(x), f(x)
    errors = []
    for ix in zip(*np.unravel_index(rng.integers(x.size, size=n_checks), x.shape)):
        e = np.zeros_like(x)
        e[ix] = h
        low, high = sorted([(f0 - f(x - e)) / h, (f(x + e) - f0) / h])
        errors.append(relative_error(g[ix], np.clip(g[ix], low, high)))
    return max(errors)

# %% gradient_check: x not put back after the left step
def gradient_check(f, grad, x, n_checks, rng, h=1e-5):
    a = grad(x)
    fx = f(x)
    errors = []
    places = rng.choice(x.size, size=n_checks, replace=False)
    for place in places:
        index = np.unravel_index(place, x.shape)
        x[index] += h
        right = (f(x) - fx) / h
        x[index] -= 2 * h
        left = (fx - f(x)) / h
        low = min(left, right)
        high = max(left, right)
        near = np.clip(a[index], low, high)
        errors.append(relative_error(a[index], near))
    return max(errors)

# %% gradient_check: centered difference knows no kinks, and mean of the errors
def gradient_check(f, grad, x, n_checks, rng, h=1e-5):
    dx = grad(x)
    errors = np.zeros(n_checks)
    for k, flat in enumerate(rng.choice(x.size, size=n_checks, replace=False)):
        ix = np.unravel_index(flat, x.shape)
        plus, minus = x.copy(), x.copy()
        plus[ix] += h
        minus[ix] -= h
        errors[k] = relative_error(dx[ix], (f(plus) - f(minus)) / (2 * h))
    return float(errors.mean())

# %% find_the_bug: checks len(x) coordinates, not all of a matrix
def find_the_bug(candidates, f, x, rng):
    wrong = set()
    for name in candidates:
        error = gradient_check(f, candidates[name], x, len(x), rng)
        if error > 1e-4:
            wrong.add(name)
    return wrong

# %% find_the_bug: compares with the centered difference, which rejects subgradients
def find_the_bug(candidates, f, x, rng):
    h = 1e-5
    steps = h * np.eye(x.size).reshape(x.size, *x.shape)
    numeric = np.array([f(x + e) - f(x - e) for e in steps]).reshape(x.shape) / (2 * h)
    return {name for name, g in candidates.items() if relative_error(g(x), numeric) > 1e-4}

# %% find_the_bug: names of the right ones
def find_the_bug(candidates, f, x, rng):
    names = set()
    for name, grad in candidates.items():
        error = gradient_check(f, grad, x, x.size, rng, 1e-5)
        if error < 1e-4:
            names.add(name)
    return names

# %% find_the_bug: checks half of the coordinates, and returns a list
def find_the_bug(candidates, f, x, rng):
    wrong = []
    for name, gradient in candidates.items():
        n_checks = max(1, x.size // 2)
        if gradient_check(f, gradient, x, n_checks, rng) > 1e-4:
            wrong.append(name)
    return wrong
