# %% chain_rule_paths: from the target back
def chain_rule_paths(edges, source, target):
    if source == target:
        return 1.0
    return float(sum(
        chain_rule_paths(edges, source, before) * slope
        for (before, after), slope in edges.items() if after == target
    ))

# %% chain_rule_paths: a stack of paths
def chain_rule_paths(edges, source, target):
    total, stack = 0.0, [(source, 1.0)]
    while stack:
        here, product = stack.pop()
        if here == target:
            total += product
        else:
            stack += [(v, product * d) for (u, v), d in edges.items() if u == here]
    return total

# %% chain_rule_paths: powers of a matrix
def chain_rule_paths(edges, source, target):
    names = sorted({source, target}.union(*edges))
    A = np.zeros((len(names), len(names)))
    for (u, v), d in edges.items():
        A[names.index(u), names.index(v)] = d
    return np.linalg.inv(np.eye(len(names)) - A)[names.index(source), names.index(target)]

# %% chain_rule_paths: backpropagation with a cache
from functools import lru_cache
def chain_rule_paths(edges, source, target):
    children = {}
    for (u, v), slope in edges.items():
        children.setdefault(u, []).append((v, slope))

    @lru_cache(maxsize=None)
    def slope_of(u):
        if u == target:
            return 1.0
        return sum((d * slope_of(v) for v, d in children.get(u, [])), 0.0)

    return slope_of(source)

# %% chain_rule_paths: forward, over and over until nothing is left
from collections import defaultdict
def chain_rule_paths(edges, source, target):
    wave, total = {source: 1.0}, 0.0
    while wave:
        total += wave.pop(target, 0.0)
        following = defaultdict(float)
        for (u, v), slope in edges.items():
            if u in wave:
                following[v] += wave[u] * slope
        wave = following
    return total

# %% softmax_jacobian: a Kronecker delta
def softmax_jacobian(p):
    C = len(p)
    J = np.empty((C, C))
    for i in range(C):
        for j in range(C):
            J[i, j] = p[i] * ((i == j) - p[j])
    return J

# %% softmax_jacobian: broadcasts
def softmax_jacobian(p):
    return p[:, None] * (np.eye(p.size) - p[None, :])

# %% softmax_jacobian: einsum, and the diagonal filled
def softmax_jacobian(p):
    J = -np.einsum("i,j->ij", p, p)
    J[np.diag_indices(len(p))] += p
    return J

# %% softmax_jacobian: a column times a row
def softmax_jacobian(p):
    s = p.reshape(-1, 1)
    return np.diagflat(s) - s @ s.T

# %% softmax_vjp: np.dot
def softmax_vjp(p, v):
    return p * v - p * np.dot(p, v)

# %% softmax_vjp: an inner product by @, in place
def softmax_vjp(p, v):
    out = v - v @ p
    out *= p
    return out

# %% softmax_vjp: a loop
def softmax_vjp(p, v):
    mean = sum(a * b for a, b in zip(p, v))
    return np.array([a * (b - mean) for a, b in zip(p, v)])

# %% softmax_vjp: np.average with weights
def softmax_vjp(p, v):
    centered = v - np.einsum("i,i", p, v)
    return np.multiply(p, centered)

# %% svm_gradient_naive: as the assignments of CS231n write it
def svm_gradient_naive(W, X, y, reg):
    dW = np.zeros(W.shape)
    num_classes, num_train = W.shape[1], X.shape[0]
    loss = 0.0
    for i in range(num_train):
        scores = X[i].dot(W)
        correct_class_score = scores[y[i]]
        for j in range(num_classes):
            if j == y[i]:
                continue
            margin = scores[j] - correct_class_score + 1
            if margin > 0:
                loss += margin
                dW[:, y[i]] += -X[i, :]
                dW[:, j] += X[i, :].T
    dW /= num_train
    dW += 2 * reg * W
    return dW

# %% svm_gradient_naive: outer products
def svm_gradient_naive(W, X, y, reg):
    total = 0
    for x, label in zip(X, y):
        s = x @ W
        slope = (s - s[label] + 1 > 0).astype(float)
        slope[label] = 0
        slope[label] = -slope.sum()
        total = total + np.outer(x, slope)
    return total / len(y) + reg * (W + W)

# %% svm_gradient_naive: single precision
def svm_gradient_naive(W, X, y, reg):
    W, X = W.astype(np.float32), X.astype(np.float32)
    dW = np.zeros_like(W)
    for x, label in zip(X, y, strict=True):
        scores = x @ W
        violated = (scores - scores[label] + 1 > 0).astype(np.float32)
        violated[label] -= violated.sum()
        dW += np.outer(x, violated)
    return dW / len(X) + 2 * np.float32(reg) * W

# %% svm_gradient_naive: no loop
def svm_gradient_naive(W, X, y, reg):
    s = X @ W
    hot = np.eye(W.shape[1])[y]
    over = (s - (s * hot).sum(1, keepdims=True) + 1 > 0) * (1 - hot)
    return X.T @ (over - hot * over.sum(1, keepdims=True)) / len(X) + 2 * reg * W

# %% svm_loss_and_gradient: a one-hot matrix
def svm_loss_and_gradient(W, X, y, reg):
    N = X.shape[0]
    hot = np.zeros((N, W.shape[1]))
    hot[range(N), y] = 1
    s = X.dot(W)
    m = np.maximum(0, s - np.sum(s * hot, axis=1, keepdims=True) + 1) * (1 - hot)
    ds = np.sign(m)
    ds -= hot * ds.sum(axis=1, keepdims=True)
    return m.sum() / N + reg * np.sum(W * W), X.T.dot(ds) / N + 2 * reg * W

# %% svm_loss_and_gradient: np.add.at
def svm_loss_and_gradient(W, X, y, reg):
    n = np.arange(len(y))
    s = X @ W
    m = s - s[n, y][:, None] + 1
    m[n, y] = 0
    over = m > 0
    dW = X.T @ over
    right = np.zeros((W.shape[1], W.shape[0]))
    np.add.at(right, y, X * over.sum(axis=1)[:, None])
    return m[over].sum() / len(y) + reg * (W ** 2).sum(), (dW - right.T) / len(y) + 2 * reg * W

# %% svm_loss_and_gradient: one class after another
def svm_loss_and_gradient(W, X, y, reg):
    s = X @ W
    right = np.take_along_axis(s, y[:, None], 1)[:, 0]
    loss, ds = 0.0, np.zeros_like(s)
    for c in range(W.shape[1]):
        m = (s[:, c] - right + 1) * (y != c)
        loss += np.maximum(m, 0).sum()
        ds[:, c] += m > 0
        ds[np.arange(len(y)), y] -= m > 0
    return [loss / len(y) + reg * np.vdot(W, W), np.einsum("nd,nc->dc", X, ds) / len(y) + 2 * reg * W]

# %% svm_loss_and_gradient: the raw margins with >=
def svm_loss_and_gradient(W, X, y, reg):
    n, N = np.arange(len(y)), len(y)
    s = X @ W
    m = s - s[n, y, None] + 1
    ds = (m >= 0).astype(float)
    ds[n, y] = 0
    ds[n, y] = -ds.sum(1)
    loss = np.maximum(m, 0).sum() / N - 1
    return loss + reg * (W * W).sum(), X.T @ ds / N + 2 * reg * W

# %% softmax_loss_and_gradient: single precision
def softmax_loss_and_gradient(W, X, y, reg):
    W, X = W.astype(np.float32), X.astype(np.float32)
    one_hot = np.eye(W.shape[1], dtype=np.float32)[y]
    log_p = X @ W - np.logaddexp.reduce(X @ W, axis=1, keepdims=True)
    loss = -np.sum(one_hot * log_p) / len(y) + np.float32(reg) * np.vdot(W, W)
    return loss, X.T @ (np.exp(log_p) - one_hot) / len(y) + 2 * np.float32(reg) * W

# %% softmax_loss_and_gradient: a class with a forward and a backward pass
class SoftmaxLayer:
    def forward(self, scores, y):
        scores = scores - scores.max(axis=1, keepdims=True)
        self.y, self.log_p = y, scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
        return -np.take_along_axis(self.log_p, y[:, None], axis=1).mean()
    def backward(self):
        d = np.exp(self.log_p)
        np.subtract.at(d, (np.arange(len(self.y)), self.y), 1)
        return d / len(self.y)
def softmax_loss_and_gradient(W, X, y, reg):
    layer = SoftmaxLayer()
    loss = layer.forward(X @ W, y) + reg * np.sum(np.square(W))
    return loss, np.matmul(X.T, layer.backward()) + 2 * reg * W

# %% softmax_loss_and_gradient: the transpose, classes in rows
def softmax_loss_and_gradient(W, X, y, reg):
    N = len(X)
    S = W.T @ X.T
    S = S - S.max(0)
    E = np.exp(S)
    P = E / E.sum(0)
    loss = (np.log(E.sum(0)) - S[y, np.arange(N)]).sum() / N
    P[y, np.arange(N)] -= 1
    return float(loss + reg * np.trace(W.T @ W)), (P @ X).T / N + reg * 2 * W

# %% softmax_loss_and_gradient: the sums of the images by bincount
def softmax_loss_and_gradient(W, X, y, reg):
    s = X @ W
    lse = np.logaddexp.reduce(s, axis=1)
    p = np.exp(s - lse[:, None])
    means = np.stack([np.bincount(y, x, minlength=W.shape[1]) for x in X.T]) / len(y)
    return np.mean(lse - s[range(len(y)), y]) + reg * (W ** 2).sum(), X.T @ p / len(y) - means + 2 * reg * W

# %% relative_error: as CS231n writes it
def rel_error(x, y):
    """Returns relative error."""
    return np.max(np.abs(x - y) / (np.maximum(1e-8, np.abs(x) + np.abs(y))))
relative_error = rel_error

# %% relative_error: np.where
def relative_error(a, b):
    total = np.abs(a) + np.abs(b)
    return float((np.abs(np.subtract(a, b)) / np.where(total > 1e-8, total, 1e-8)).max())

# %% relative_error: one by one
def relative_error(a, b):
    pairs = zip(np.ravel(a), np.ravel(b))
    return max(abs(p - q) / max(1e-8, abs(p) + abs(q)) for p, q in pairs)

# %% relative_error: the norm of infinity
def relative_error(a, b):
    a, b = np.atleast_1d(a), np.atleast_1d(b)
    return np.linalg.norm(((a - b) / np.fmax(abs(a) + abs(b), 1e-8)).ravel(), np.inf)

# %% gradient_check: in place, and restored
def gradient_check(f, grad, x, n_checks, rng, h=1e-5):
    g, fx = grad(x), f(x)
    errors = []
    for flat in rng.permutation(x.size)[:n_checks]:
        ix = np.unravel_index(flat, x.shape)
        old = x[ix]
        x[ix] = old + h
        right = (f(x) - fx) / h
        x[ix] = old - h
        left = (fx - f(x)) / h
        x[ix] = old
        low, high = sorted([left, right])
        if low <= g[ix] <= high:
            errors.append(0.0)
        else:
            near = low if g[ix] < low else high
            errors.append(abs(g[ix] - near) / max(1e-8, abs(g[ix]) + abs(near)))
    return max(errors)

# %% gradient_check: a shuffled list of indices
def gradient_check(f, grad, x, n_checks, rng, h=1e-5):
    indices = list(np.ndindex(x.shape))
    rng.shuffle(indices)
    analytic = np.array(grad(x.copy()))
    worst, middle = 0, f(x.copy())
    for index in indices[:n_checks]:
        up, down = x.copy(), x.copy()
        up[tuple(index)] += h
        down[tuple(index)] -= h
        slopes = (middle - f(down)) / h, (f(up) - middle) / h
        a = analytic[tuple(index)]
        n = min(max(a, min(slopes)), max(slopes))
        worst = max(worst, abs(a - n) / max(1e-8, abs(a) + abs(n)))
    return worst

# %% gradient_check: arrays of slopes
def gradient_check(f, grad, x, n_checks, rng, h=1e-5):
    chosen = rng.choice(x.size, n_checks, replace=False, shuffle=False)
    steps = h * np.eye(x.size)[chosen].reshape(n_checks, *x.shape)
    middle = f(x)
    left = np.array([middle - f(x - step) for step in steps]) / h
    right = np.array([f(x + step) - middle for step in steps]) / h
    g = grad(x).ravel()[chosen]
    near = np.clip(g, np.minimum(left, right), np.maximum(left, right))
    return np.max(np.abs(g - near) / np.maximum(1e-8, np.abs(g) + np.abs(near)))

# %% find_the_bug: a set comprehension over all coordinates
def find_the_bug(candidates, f, x, rng):
    h, middle = 1e-5, f(x)
    sides = []
    for sign in (-1, 1):
        moved = [f(x + sign * h * e.reshape(x.shape)) for e in np.eye(x.size)]
        sides.append(sign * (np.array(moved) - middle).reshape(x.shape) / h)
    low, high = np.minimum(*sides), np.maximum(*sides)
    slack = 1e-4 * np.maximum(1, np.abs(low) + np.abs(high))
    return {
        name for name, grad in candidates.items()
        if np.any((grad(x) < low - slack) | (grad(x) > high + slack))
    }

# %% find_the_bug: filters
def find_the_bug(candidates, f, x, rng):
    def is_wrong(name):
        return gradient_check(f, candidates[name], x.copy(), x.size, rng) > 1e-4
    return set(filter(is_wrong, candidates))

# %% find_the_bug: a frozen set
def find_the_bug(candidates, f, x, rng):
    right = [n for n, g in candidates.items() if gradient_check(f, g, x, x.size, rng) < 1e-3]
    return frozenset(candidates) - set(right)
