# %% svm_loss_naive: the penalty is divided by N too
def svm_loss_naive(W, X, y, reg):
    loss = 0.0
    N, C = X.shape[0], W.shape[1]
    for i in range(N):
        scores = X[i] @ W
        for j in range(C):
            if j == y[i]:
                continue
            margin = scores[j] - scores[y[i]] + 1
            if margin > 0:
                loss += margin
    loss += reg * np.sum(W * W)
    return loss / N

# %% svm_loss_naive: classes with an equal score are skipped, and half the penalty
def svm_loss_naive(W, X, y, reg):
    total = 0.0
    for x, label in zip(X, y):
        s = x.dot(W)
        right = s[label]
        for score in s:
            if score != right:
                total += max(0, score - right + 1)
    total /= len(X)
    return total + 0.5 * reg * np.sum(W**2)

# %% svm_loss_vectorized: margins[:, y] = 0 clears whole columns
def svm_loss_vectorized(W, X, y, reg):
    N = X.shape[0]
    scores = X @ W
    correct = scores[np.arange(N), y].reshape(N, 1)
    margins = np.maximum(0, scores - correct + 1)
    margins[:, y] = 0
    return margins.sum() / N + reg * np.sum(W**2)

# %% svm_loss_vectorized: ties with the right class are left out, and the penalty is the norm, not its square
def svm_loss_vectorized(W, X, y, reg):
    S = np.matmul(X, W)
    s_y = np.take_along_axis(S, y[:, None], axis=1)
    wrong = S != s_y
    hinge = np.clip(S - s_y + 1, 0, None) * wrong
    data_loss = hinge.sum(axis=1).mean()
    penalty = reg * np.linalg.norm(W)
    return data_loss + penalty

# %% softmax: one maximum for all rows, small rows underflow to 0/0
def softmax(scores):
    shifted = scores - np.max(scores)
    e = np.exp(shifted)
    return e / e.sum(axis=-1, keepdims=True)

# %% softmax: the argument is changed by -=
def softmax(scores):
    scores -= scores.max(axis=-1, keepdims=True)
    unnormalized = np.exp(scores)
    probs = unnormalized / np.sum(unnormalized, axis=-1, keepdims=True)
    return probs

# %% softmax_loss_naive: logarithm of a rounded probability, infinite for far scores
def softmax_loss_naive(W, X, y, reg):
    N = len(X)
    loss = 0.0
    for i in range(N):
        s = X[i] @ W
        p = np.exp(s - s.max())
        p /= p.sum()
        loss -= np.log(p[y[i]])
    return loss / N + reg * np.sum(W**2)

# %% softmax_loss_naive: shifted log-sum-exp with the unshifted right score, and half the penalty
def softmax_loss_naive(W, X, y, reg):
    num_train = X.shape[0]
    loss = 0.0
    for i in range(num_train):
        scores = X[i].dot(W)
        m = np.max(scores)
        log_sum = np.log(np.sum(np.exp(scores - m)))
        loss += -scores[y[i]] + log_sum
    loss /= num_train
    loss += 0.5 * reg * np.sum(W * W)
    return loss

# %% softmax_loss_vectorized: log(p + 1e-12) cuts off large losses
def softmax_loss_vectorized(W, X, y, reg):
    P = softmax(X @ W)
    p_right = P[np.arange(len(y)), y]
    return -np.mean(np.log(p_right + 1e-12)) + reg * np.sum(W**2)

# %% softmax_loss_vectorized: maximum over the wrong axis, and the bias row is not penalized
def softmax_loss_vectorized(W, X, y, reg):
    N = X.shape[0]
    scores = X @ W
    scores = scores - scores.max(axis=0)
    lse = np.log(np.exp(scores).sum(axis=1))
    losses = lse - scores[np.arange(N), y]
    return losses.sum() / N + reg * np.sum(W[:-1] ** 2)

# %% regularization: l1_ratio and 1 - l1_ratio are swapped in the elastic net
def regularization(W, kind, strength, l1_ratio=0.5):
    l2 = np.sum(W**2)
    l1 = np.sum(np.abs(W))
    if kind == "l2":
        return strength * l2
    elif kind == "l1":
        return strength * l1
    elif kind == "elastic_net":
        return strength * (l1_ratio * l2 + (1 - l1_ratio) * l1)
    else:
        raise ValueError(f"unknown kind of regularization: {kind!r}")

# %% regularization: strength only multiplies the first term of the elastic net, and unknown kinds raise KeyError
def regularization(W, kind, strength, l1_ratio=0.5):
    abs_sum = np.abs(W).sum()
    square_sum = np.square(W).sum()
    penalties = {
        "l2": strength * square_sum,
        "l1": strength * abs_sum,
        "elastic_net": strength * l1_ratio * abs_sum + (1 - l1_ratio) * square_sum,
    }
    return penalties[kind]
