# %% svm_loss_naive: stops at the correct class
def svm_loss_naive(W, X, y, reg):
    loss = 0.0
    for i in range(X.shape[0]):
        scores = X[i].dot(W)
        for j in range(W.shape[1]):
            if j == y[i]:
                break
            loss += max(0, scores[j] - scores[y[i]] + 1)
    return loss / X.shape[0] + reg * np.sum(W * W)


# %% svm_loss_naive: only the last image
def svm_loss_naive(W, X, y, reg):
    for i in range(X.shape[0]):
        loss = 0.0
        scores = X[i].dot(W)
        for j in range(W.shape[1]):
            if j != y[i]:
                loss += max(0, scores[j] - scores[y[i]] + 1)
    return loss / X.shape[0] + reg * np.sum(W * W)


# %% svm_loss_vectorized: zeroes whole rows and half the regularization
def svm_loss_vectorized(W, X, y, reg):
    num_train = X.shape[0]
    scores = X.dot(W)
    margins = np.maximum(0, scores - scores[np.arange(num_train), y].reshape(-1, 1) + 1)
    margins[y] = 0
    return margins.sum() / num_train + 0.5 * reg * np.sum(W * W)


# %% svm_loss_vectorized: scores of the correct classes set to 0
def svm_loss_vectorized(W, X, y, reg):
    scores = X @ W
    scores[np.arange(len(y)), y] = 0
    margins = np.maximum(0, scores - scores[np.arange(len(y)), y].reshape(-1, 1) + 1)
    margins[np.arange(len(y)), y] = 0
    return margins.sum() / len(y) + reg * np.sum(W * W)


# %% softmax_loss_naive: infinite when the correct class is far behind and half the regularization
def softmax_loss_naive(W, X, y, reg):
    loss = 0.0
    for i in range(X.shape[0]):
        f = X[i].dot(W)
        f -= np.max(f)
        p = np.exp(f) / np.sum(np.exp(f))
        loss += -np.log(p[y[i]])
    return loss / X.shape[0] + 0.5 * reg * np.sum(W * W)


# %% svm_loss_naive: bias added twice
def svm_loss_naive(W, X, y, reg):
    b = W[-1]
    loss = 0.0
    for i in range(len(y)):
        s = W.T.dot(X[i]) + b
        for j in range(len(s)):
            if j != y[i]:
                loss += max(0, s[j] - s[y[i]] + 1)
    return loss / len(y) + reg * np.sum(W * W)


# %% svm_loss_vectorized: np.max instead of np.maximum
def svm_loss_vectorized(W, X, y, reg):
    N = X.shape[0]
    scores = X @ W
    margins = np.max(0, scores - scores[np.arange(N), y][:, None] + 1)
    margins[np.arange(N), y] = 0
    return np.sum(margins) / N + reg * np.sum(W**2)


# %% svm_loss_vectorized: counts the correct class and penalty not multiplied by reg
def svm_loss_vectorized(W, X, y, reg):
    S = X @ W
    M = S - S[np.arange(len(y)), y].reshape(-1, 1) + 1
    M[M < 0] = 0
    return M.sum(axis=1).mean() + np.square(W).sum()


# %% softmax: sums over all images and shifts by the largest score of all
def softmax(scores):
    e = np.exp(scores - scores.max())
    return e / e.sum()


# %% softmax: no shift and exp taken twice
def softmax(scores):
    e = np.exp(np.exp(scores))
    return e / np.sum(e, axis=-1, keepdims=True)


# %% softmax_loss_naive: 1e-12 added to p and half the regularization
def softmax_loss_naive(W, X, y, reg):
    loss = 0
    for i in range(X.shape[0]):
        f = X[i] @ W
        e = np.exp(f - f.max())
        loss -= np.log(e[y[i]] / e.sum() + 1e-12)
    return loss / X.shape[0] + 0.5 * reg * np.sum(W * W)


# %% softmax_loss_naive: no shift and infinite when the correct class is far behind
def softmax_loss_naive(W, X, y, reg):
    loss = 0
    for x, label in zip(X, y):
        e = np.exp(x @ W)
        loss += -np.log(e[label] / np.sum(e))
    return loss / len(X) + reg * np.sum(W**2)


# %% softmax_loss_vectorized: one-hot array times log p
def softmax_loss_vectorized(W, X, y, reg):
    scores = X @ W
    scores -= scores.max(axis=1, keepdims=True)
    probs = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    onehot = np.zeros_like(probs)
    onehot[np.arange(len(y)), y] = 1
    return -np.sum(onehot * np.log(probs)) / len(y) + reg * np.sum(W * W)


# %% softmax_loss_vectorized: 1e-10 added to p
def softmax_loss_vectorized(W, X, y, reg):
    P = softmax(X @ W)
    p = np.clip(P[np.arange(len(y)), y], 1e-10, 1.0)
    return np.mean(-np.log(p)) + reg * np.sum(W**2)


# %% softmax_loss_vectorized: exp taken twice
def softmax_loss_vectorized(W, X, y, reg):
    N = X.shape[0]
    scores = X @ W
    scores = np.exp(scores - scores.max(axis=1).reshape(N, 1))
    probs = np.exp(scores) / np.sum(np.exp(scores), axis=1).reshape(N, 1)
    return -np.log(probs[np.arange(N), y]).sum() / N + reg * np.sum(W * W)


# %% softmax_loss_vectorized: rows lose their axis in -=
def softmax_loss_vectorized(W, X, y, reg):
    f = X.dot(W)
    f -= np.max(f, axis=1)
    p = np.exp(f) / np.sum(np.exp(f), axis=1)
    return -np.mean(np.log(p[range(len(y)), y])) + reg * np.sum(W * W)


# %% regularization: L2 for any other kind and L1 without absolute values
def regularization(W, kind, strength, l1_ratio=0.5):
    if kind == "l1":
        return strength * W.sum()
    elif kind == "elastic_net":
        return strength * (l1_ratio * W.sum() + (1 - l1_ratio) * (W * W).sum())
    else:
        return strength * (W * W).sum()


# %% regularization: strength on L1 alone
def regularization(W, kind, strength, l1_ratio=0.5):
    l1, l2 = np.abs(W).sum(), (W**2).sum()
    if kind == "l1":
        return strength * l1
    if kind == "l2":
        return strength * l2
    if kind == "elastic_net":
        return strength * l1_ratio * l1 + (1 - l1_ratio) * l2
    raise ValueError("unknown kind")


# %% softmax: scores cut off on both sides
def softmax(scores):
    e = np.exp(np.clip(scores, -700, 700))
    return e / np.sum(e, axis=-1, keepdims=True)


# %% softmax: large scores cut off
def softmax(scores):
    e = np.exp(np.minimum(scores, 700.0))
    return e / e.sum(-1, keepdims=True)


# %% softmax: no shift, and nan replaced by 0
def softmax(scores):
    e = np.exp(scores)
    p = e / e.sum(axis=-1, keepdims=True)
    p[np.isnan(p)] = 0
    return p


# %% softmax: no shift, and a small number added to the sum
def softmax(scores):
    e = np.exp(scores)
    return e / (np.sum(e, axis=-1, keepdims=True) + 1e-12)


# %% svm_loss_naive: each class costs 1 at least
def svm_loss_naive(W, X, y, reg):
    loss = 0.0
    for x, k in zip(X, y):
        s = x @ W
        for j in range(W.shape[1]):
            if j != k:
                loss += 1 + max(0, s[j] - s[k])
    return loss / len(X) + reg * np.sum(W**2)


# %% softmax_loss_vectorized: mean of columns instead of entries
def softmax_loss_vectorized(W, X, y, reg):
    s = X @ W
    s -= s.max(axis=1, keepdims=True)
    losses = np.log(np.exp(s).sum(axis=1)) - s[:, y]
    return np.mean(losses) + reg * np.sum(W * W)
