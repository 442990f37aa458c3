# %% chain_rule_paths: backward sweep trusts the order of the dict
def chain_rule_paths(edges, source, target):
    grads = {target: 1.0}
    for (u, v), local in reversed(list(edges.items())):
        grads[u] = grads.get(u, 0.0) + local * grads.get(v, 0.0)
    return grads.get(source, 0.0)
# %% chain_rule_paths: memory in a default argument survives between calls
def chain_rule_paths(edges, source, target, cache={}):
    if source == target:
        return 1.0
    if (source, target) in cache:
        return cache[(source, target)]
    total = 0.0
    for (u, v), d in edges.items():
        if u == source:
            total += d * chain_rule_paths(edges, v, target, cache)
    cache[(source, target)] = total
    return total
# %% chain_rule_paths: returns after the first edge that leaves the source
def chain_rule_paths(edges, source, target):
    if source == target:
        return 1.0
    total = 0.0
    for (start, end), slope in edges.items():
        if start == source:
            total += slope * chain_rule_paths(edges, end, target)
            return total
    return total
# %% chain_rule_paths: adds along a path, and counts dead ends
def chain_rule_paths(edges, source, target):
    if source == target:
        return 1.0
    result = 0.0
    for start, end in edges:
        if start == source:
            if end == target:
                result += edges[start, end]
            else:
                result += edges[start, end] + chain_rule_paths(edges, end, target)
    return result
# %% softmax_jacobian: dot product of two vectors is a number
def softmax_jacobian(p):
    return np.diag(p) - np.dot(p, p.T)
# %% softmax_jacobian: only the diagonal
def softmax_jacobian(p):
    s = p.reshape(-1)
    return np.diag(s * (1 - s))
# %% softmax_jacobian: sign of the entries off the diagonal
def softmax_jacobian(p):
    C = len(p)
    J = np.zeros((C, C))
    for i in range(C):
        for j in range(C):
            if i == j:
                J[i, j] = p[i] * (1 - p[i])
            else:
                J[i, j] = p[i] * p[j]
    return J
# %% softmax_jacobian: outer product minus diagonal, and written into an integer identity
def softmax_jacobian(p):
    n = p.shape[0]
    D = np.eye(n, dtype=int)
    for i in range(n):
        D[i, i] = p[i]
    return np.outer(p, p) - D
# %% softmax_vjp: forms the Jacobian
def softmax_vjp(p, v):
    s = p.reshape(-1, 1)
    jac = np.diagflat(s) - np.dot(s, s.T)
    return np.dot(v, jac)
# %% softmax_vjp: product with p forgotten in the second term
def softmax_vjp(p, v):
    dscores = p * v
    dscores -= np.sum(dscores)
    return dscores
# %% softmax_vjp: p squared entry by entry instead of the inner product
def softmax_vjp(p, v):
    return v * p - v * p * p
# %% softmax_vjp: plain sum of v instead of the inner product with p, and changes v
def softmax_vjp(p, v):
    v -= v.sum()
    return p * v
# %% svm_gradient_naive: penalty gradient reg * W
def svm_gradient_naive(W, X, y, reg):
    dW = np.zeros(W.shape)
    num_classes = W.shape[1]
    num_train = X.shape[0]
    for i in range(num_train):
        scores = X[i].dot(W)
        correct_class_score = scores[y[i]]
        for j in range(num_classes):
            if j == y[i]:
                continue
            margin = scores[j] - correct_class_score + 1
            if margin > 0:
                dW[:, j] += X[i]
                dW[:, y[i]] -= X[i]
    dW /= num_train
    dW += reg * W
    return dW
# %% svm_gradient_naive: not divided by N, and only the most violated class counts
def svm_gradient_naive(W, X, y, reg):
    dW = np.zeros_like(W)
    for i in range(X.shape[0]):
        scores = X[i].dot(W)
        margins = scores - scores[y[i]] + 1
        margins[y[i]] = 0
        j = np.argmax(margins)
        if margins[j] > 0:
            dW[:, j] += X[i]
            dW[:, y[i]] -= X[i]
    dW += 2 * reg * W
    return dW
# %% svm_gradient_naive: right class gets -x only once
def svm_gradient_naive(W, X, y, reg):
    N, C = len(X), W.shape[1]
    dW = np.zeros(W.shape)
    for i in range(N):
        s = X[i] @ W
        violated = False
        for j in range(C):
            if j != y[i] and s[j] - s[y[i]] + 1 > 0:
                dW[:, j] += X[i]
                violated = True
        if violated:
            dW[:, y[i]] -= X[i]
    return dW / N + 2 * reg * W
# %% svm_gradient_naive: margin of 1 forgotten
def svm_gradient_naive(W, X, y, reg):
    dW = np.zeros(W.shape)
    for x, k in zip(X, y):
        s = x @ W
        for j in range(W.shape[1]):
            if j == k:
                continue
            if s[j] > s[k]:
                dW[:, j] += x
                dW[:, k] -= x
    dW = dW / X.shape[0]
    dW += 2 * reg * W
    return dW
# %% svm_loss_and_gradient: penalty is half of what is asked, with its gradient
def svm_loss_and_gradient(W, X, y, reg):
    num_train = X.shape[0]
    scores = X.dot(W)
    correct_class_scores = scores[np.arange(num_train), y].reshape(num_train, 1)
    margins = np.maximum(0, scores - correct_class_scores + 1)
    margins[np.arange(num_train), y] = 0
    loss = np.sum(margins) / num_train + 0.5 * reg * np.sum(W * W)
    mask = np.zeros(margins.shape)
    mask[margins > 0] = 1
    mask[np.arange(num_train), y] = -np.sum(mask, axis=1)
    dW = X.T.dot(mask) / num_train + reg * W
    return loss, dW
# %% svm_loss_and_gradient: loss computed after the margins have become factors
def svm_loss_and_gradient(W, X, y, reg):
    num_train = X.shape[0]
    scores = X.dot(W)
    correct = scores[np.arange(num_train), y][:, np.newaxis]
    margins = np.maximum(0, scores - correct + 1)
    margins[np.arange(num_train), y] = 0
    binary = margins
    binary[margins > 0] = 1
    row_sum = np.sum(binary, axis=1)
    loss = np.sum(margins) / num_train + reg * np.sum(W * W)
    binary[np.arange(num_train), y] = -row_sum
    dW = np.dot(X.T, binary) / num_train + 2 * reg * W
    return loss, dW
# %% svm_loss_and_gradient: the right class counts among its own violations
def svm_loss_and_gradient(W, X, y, reg):
    N = len(y)
    S = X @ W
    M = np.maximum(0, S - S[np.arange(N), y][:, None] + 1)
    loss = M.sum() / N - 1 + reg * (W**2).sum()
    dscores = (M > 0).astype(float)
    dscores[np.arange(N), y] = -dscores.sum(axis=1)
    dW = X.T @ dscores / N + 2 * reg * W
    return loss, dW
# %% svm_loss_and_gradient: gradient not divided by N, penalty missing in the gradient
def svm_loss_and_gradient(W, X, y, reg):
    n = X.shape[0]
    rows = np.arange(n)
    s = X @ W
    m = s - s[rows, y].reshape(-1, 1) + 1
    m[rows, y] = 0
    violated = m > 0
    loss = m[violated].sum() / n + reg * np.sum(W**2)
    d = violated * 1.0
    d[rows, y] -= violated.sum(axis=1)
    dW = X.T @ d
    return loss, dW
# %% softmax_loss_and_gradient: dscores is the same array as the probabilities, loss comes after
def softmax_loss_and_gradient(W, X, y, reg):
    num_train = X.shape[0]
    scores = X.dot(W)
    scores -= np.max(scores, axis=1, keepdims=True)
    exp_scores = np.exp(scores)
    probs = exp_scores / np.sum(exp_scores, axis=1, keepdims=True)
    dscores = probs
    dscores[np.arange(num_train), y] -= 1
    dscores /= num_train
    loss = -np.sum(np.log(probs[np.arange(num_train), y])) / num_train
    loss += reg * np.sum(W * W)
    dW = X.T.dot(dscores) + 2 * reg * W
    return loss, dW
# %% softmax_loss_and_gradient: log of clipped probabilities, and gradient reg * W
def softmax_loss_and_gradient(W, X, y, reg):
    N = X.shape[0]
    f = X.dot(W)
    f = f - f.max(axis=1, keepdims=True)
    P = np.exp(f)
    P /= P.sum(axis=1, keepdims=True)
    loss = -np.mean(np.log(np.maximum(P[range(N), y], 1e-12))) + reg * np.sum(W ** 2)
    P[range(N), y] -= 1
    dW = X.T.dot(P) / N + reg * W
    return loss, dW
# %% softmax_loss_and_gradient: subtracts one in whole columns
def softmax_loss_and_gradient(W, X, y, reg):
    N = len(y)
    S = X @ W
    S = S - S.max(axis=1)[:, None]
    E = np.exp(S)
    total = E.sum(axis=1)
    loss = np.mean(np.log(total) - S[np.arange(N), y]) + reg * np.sum(W**2)
    dS = E / total[:, None]
    dS[:, y] -= 1
    dW = X.T @ dS / N + 2 * reg * W
    return loss, dW
# %% softmax_loss_and_gradient: gradient divided by N twice
def softmax_loss_and_gradient(W, X, y, reg):
    n = X.shape[0]
    s = X @ W
    z = s - np.max(s, axis=1, keepdims=True)
    logp = z - np.log(np.sum(np.exp(z), axis=1, keepdims=True))
    loss = -logp[np.arange(n), y].mean() + reg * (W * W).sum()
    d = np.exp(logp)
    d[np.arange(n), y] -= 1
    d = d / n
    dW = X.T @ d / n + 2 * reg * W
    return loss, dW
# %% relative_error: divides by the larger of the two, as in the lecture notes
def relative_error(a, b):
    return np.max(np.abs(a - b) / np.maximum(1e-8, np.maximum(np.abs(a), np.abs(b))))
# %% relative_error: largest difference over largest size, not element by element
def relative_error(a, b):
    num = np.max(np.abs(a - b))
    den = np.max(np.abs(a) + np.abs(b))
    return num / max(1e-8, den)
# %% relative_error: adds 1e-8 instead of taking the maximum
def relative_error(a, b):
    a, b = np.asarray(a), np.asarray(b)
    error = np.abs(a - b) / (np.abs(a) + np.abs(b) + 1e-8)
    return error.max()
# %% relative_error: size of the sum in the denominator, and mean instead of maximum
def relative_error(a, b):
    error = np.abs(a - b) / np.maximum(1e-8, np.abs(a + b))
    return np.mean(error)
# %% gradient_check: centered difference, kinks not allowed for, drawn with replacement
def gradient_check(f, grad, x, n_checks, rng, h=1e-5):
    analytic_grad = grad(x)
    worst = 0.0
    for i in range(n_checks):
        ix = tuple([rng.integers(m) for m in x.shape])
        oldval = x[ix]
        x[ix] = oldval + h
        fxph = f(x)
        x[ix] = oldval - h
        fxmh = f(x)
        x[ix] = oldval
        grad_numerical = (fxph - fxmh) / (2 * h)
        grad_analytic = analytic_grad[ix]
        rel_error = abs(grad_numerical - grad_analytic) / max(1e-8, abs(grad_numerical) + abs(grad_analytic))
        worst = max(worst, rel_error)
    return worst
# %% gradient_check: checks the first coordinates, nothing is drawn
def gradient_check(f, grad, x, n_checks, rng, h=1e-5):
    g = grad(x)
    fx = f(x)
    errors = []
    for i in range(n_checks):
        ix = np.unravel_index(i, x.shape)
        old = x[ix]
        x[ix] = old + h
        right = (f(x) - fx) / h
        x[ix] = old - h
        left = (fx - f(x)) / h
        x[ix] = old
        low, high = min(left, right), max(left, right)
        errors.append(relative_error(g[ix], np.clip(g[ix], low, high)))
    return max(errors)
# %% gradient_check: slopes not sorted before clipping
def gradient_check(f, grad, x, n_checks, rng, h=1e-5):
    analytic = grad(x)
    here = f(x)
    worst = 0.0
    for k in rng.choice(x.size, size=n_checks, replace=False):
        ix = np.unravel_index(k, x.shape)
        old = x[ix]
        x[ix] = old - h
        left = (here - f(x)) / h
        x[ix] = old + h
        right = (f(x) - here) / h
        x[ix] = old
        nearest = np.clip(analytic[ix], left, right)
        worst = max(worst, relative_error(analytic[ix], nearest))
    return worst
# %% gradient_check: returns the error of the last coordinate only, and x stays moved
def gradient_check(f, grad, x, n_checks, rng, h=1e-5):
    claimed = grad(x).copy()
    picks = rng.choice(x.size, size=n_checks, replace=False)
    for pick in picks:
        ix = np.unravel_index(pick, x.shape)
        old, middle = x[ix], f(x)
        x[ix] = old + h
        up = (f(x) - middle) / h
        x[ix] = old - h
        down = (middle - f(x)) / h
        low, high = sorted((down, up))
        error = relative_error(claimed[ix], np.clip(claimed[ix], low, high))
    return error
# %% find_the_bug: plain centered check, right subgradients at a kink are accused
def find_the_bug(candidates, f, x, rng):
    wrong = set()
    h = 1e-5
    num = np.zeros_like(x)
    for ix in np.ndindex(x.shape):
        old = x[ix]
        x[ix] = old + h
        fp = f(x)
        x[ix] = old - h
        fm = f(x)
        x[ix] = old
        num[ix] = (fp - fm) / (2 * h)
    for name, grad in candidates.items():
        g = grad(x)
        rel = np.max(np.abs(num - g) / np.maximum(1e-8, np.abs(num) + np.abs(g)))
        if rel > 1e-4:
            wrong.add(name)
    return wrong
# %% find_the_bug: threshold of the table (1e-2) instead of 1e-4
def find_the_bug(candidates, f, x, rng):
    bad = set()
    for name in candidates:
        err = gradient_check(f, candidates[name], x, x.size, rng)
        if err > 1e-2:
            bad.add(name)
    return bad
# %% find_the_bug: only the worst candidate
def find_the_bug(candidates, f, x, rng):
    errors = {name: gradient_check(f, g, x, x.size, rng) for name, g in candidates.items()}
    worst = max(errors, key=errors.get)
    if errors[worst] > 1e-4:
        return {worst}
    return set()
# %% find_the_bug: checks rows only (len of x), and names the right ones
def find_the_bug(candidates, f, x, rng):
    names = set()
    for name, grad in candidates.items():
        if gradient_check(f, grad, x, len(x), rng) < 1e-4:
            names.add(name)
    return names
