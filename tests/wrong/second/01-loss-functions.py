# %% svm_loss_naive: penalty with factor 0.5
def svm_loss_naive(W, X, y, reg):
    num_classes = W.shape[1]
    num_train = X.shape[0]
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
    loss /= num_train
    loss += 0.5 * reg * np.sum(W * W)
    return loss
# %% svm_loss_naive: skips every class that ties with the right one, by score instead of number
def svm_loss_naive(W, X, y, reg):
    num_train, num_classes = X.shape[0], W.shape[1]
    loss = 0.0
    for i in range(num_train):
        scores = X[i].dot(W)
        correct = scores[y[i]]
        for j in range(num_classes):
            if scores[j] != correct:
                loss += max(0, scores[j] - correct + 1)
    return loss / num_train + reg * np.sum(W * W)
# %% svm_loss_naive: the margin is added outside of the maximum
def svm_loss_naive(W, X, y, reg):
    total = 0.0
    for x, label in zip(X, y):
        s = x @ W
        for j in range(len(s)):
            if j != label:
                total += max(0, s[j] - s[label]) + 1
    return total / len(X) + reg * (W**2).sum()
# %% svm_loss_naive: penalty divided by N too, and last row not penalized
def svm_loss_naive(W, X, y, reg):
    N = X.shape[0]
    C = W.shape[1]
    L = 0
    for i in range(N):
        s = X[i] @ W
        for j in range(C):
            if j == y[i]:
                continue
            L += max(0.0, s[j] - s[y[i]] + 1.0)
    L += reg * np.sum(W[:-1] ** 2)
    return L / N
# %% svm_loss_vectorized: mean over all entries divides by N * C
def svm_loss_vectorized(W, X, y, reg):
    num_train = X.shape[0]
    scores = X.dot(W)
    correct_class_scores = scores[np.arange(num_train), y].reshape(-1, 1)
    margins = np.maximum(0, scores - correct_class_scores + 1)
    margins[np.arange(num_train), y] = 0
    loss = np.mean(margins)
    loss += reg * np.sum(W * W)
    return loss
# %% svm_loss_vectorized: half penalty, and ties with the right class are zeroed too
def svm_loss_vectorized(W, X, y, reg):
    num_train = X.shape[0]
    scores = X.dot(W)
    correct = np.choose(y, scores.T)[:, np.newaxis]
    mask = scores != correct
    margins = np.maximum(0, scores - correct + 1) * mask
    loss = margins.sum() / num_train
    loss += 0.5 * reg * np.sum(W ** 2)
    return loss
# %% svm_loss_vectorized: zeroes whole columns instead of one entry per row
def svm_loss_vectorized(W, X, y, reg):
    S = X @ W
    right = S[np.arange(len(y)), y][:, None]
    M = np.maximum(0, S - right + 1)
    M[:, y] = 0
    return M.sum() / len(y) + reg * np.sum(W**2)
# %% svm_loss_vectorized: the right class pays its margin of 1
def svm_loss_vectorized(W, X, y, reg):
    n = X.shape[0]
    s = X @ W
    sy = s[range(n), y].reshape(n, 1)
    hinge = np.maximum(0, s - sy + 1)
    return hinge.sum(axis=1).mean() + reg * np.sum(np.square(W))
# %% softmax: changes the scores in place, and fails for one image because of axis=1
def softmax(scores):
    scores -= np.max(scores, axis=1, keepdims=True)
    exp_scores = np.exp(scores)
    probs = exp_scores / np.sum(exp_scores, axis=1, keepdims=True)
    return probs
# %% softmax: one global maximum, rows far below it become nan
def softmax(scores):
    shift = scores - np.max(scores)
    exps = np.exp(shift)
    return exps / np.sum(exps, axis=-1, keepdims=True)
# %% softmax: sums over all rows
def softmax(scores):
    m = scores.max(axis=-1, keepdims=True)
    e = np.exp(scores - m)
    return e / e.sum()
# %% softmax: clips the scores instead of shifting them
def softmax(scores):
    safe = np.clip(scores, -500, 500)
    e = np.exp(safe)
    total = np.sum(e, axis=-1, keepdims=True)
    return e / total
# %% softmax_loss_naive: log of probability plus 1e-8, and half penalty
def softmax_loss_naive(W, X, y, reg):
    loss = 0.0
    num_train = X.shape[0]
    for i in range(num_train):
        f = X[i].dot(W)
        f -= np.max(f)
        p = np.exp(f) / np.sum(np.exp(f))
        loss += -np.log(p[y[i]] + 1e-8)
    loss /= num_train
    loss += 0.5 * reg * np.sum(W * W)
    return loss
# %% softmax_loss_naive: unshifted score of the right class with the shifted log-sum
def softmax_loss_naive(W, X, y, reg):
    num_train = X.shape[0]
    loss = 0.0
    for i in range(num_train):
        scores = X[i].dot(W)
        shift_scores = scores - max(scores)
        loss_i = -scores[y[i]] + np.log(np.sum(np.exp(shift_scores)))
        loss += loss_i
    loss = loss / num_train + reg * np.sum(W * W)
    return loss
# %% softmax_loss_naive: return inside the loop
def softmax_loss_naive(W, X, y, reg):
    N = len(X)
    total = 0.0
    for i in range(N):
        s = X[i] @ W
        m = s.max()
        total += -(s[y[i]] - m) + np.log(np.exp(s - m).sum())
        return total / N + reg * (W**2).sum()
# %% softmax_loss_naive: maximum of the whole data set, not of the image
def softmax_loss_naive(W, X, y, reg):
    S = X @ W
    m = np.max(S)
    losses = []
    for s, k in zip(S, y):
        losses.append(-(s[k] - m) + np.log(np.sum(np.exp(s - m))))
    return np.mean(losses) + reg * np.sum(W**2)
# %% softmax_loss_vectorized: log of rounded probabilities gives inf, and half penalty
def softmax_loss_vectorized(W, X, y, reg):
    num_train = X.shape[0]
    scores = X.dot(W)
    scores -= np.max(scores, axis=1, keepdims=True)
    exp_scores = np.exp(scores)
    probs = exp_scores / np.sum(exp_scores, axis=1, keepdims=True)
    correct_logprobs = -np.log(probs[range(num_train), y])
    data_loss = np.sum(correct_logprobs) / num_train
    reg_loss = 0.5 * reg * np.sum(W * W)
    return data_loss + reg_loss
# %% softmax_loss_vectorized: maximum per class (axis 0)
def softmax_loss_vectorized(W, X, y, reg):
    num_train = X.shape[0]
    f = X.dot(W)
    f -= np.max(f, axis=0)
    sum_f = np.sum(np.exp(f), axis=1)
    loss = np.mean(-f[np.arange(num_train), y] + np.log(sum_f))
    loss += reg * np.sum(W * W)
    return loss
# %% softmax_loss_vectorized: scores of all labels for all images, N x N
def softmax_loss_vectorized(W, X, y, reg):
    S = X @ W
    S = S - S.max(axis=1, keepdims=True)
    lse = np.log(np.exp(S).sum(axis=1))
    return (lse - S[:, y]).mean() + reg * (W**2).sum()
# %% softmax_loss_vectorized: sum of exponentials over all rows
def softmax_loss_vectorized(W, X, y, reg):
    n = len(y)
    s = X @ W
    z = s - s.max(axis=1)[:, None]
    log_sum = np.log(np.sum(np.exp(z)))
    L = -z[np.arange(n), y] + log_sum
    return L.mean() + reg * np.sum(W**2)
# %% regularization: factor 0.5 in L2 and in the elastic net
def regularization(W, kind, strength, l1_ratio=0.5):
    if kind == "l2":
        return 0.5 * strength * np.sum(W * W)
    elif kind == "l1":
        return strength * np.sum(np.abs(W))
    elif kind == "elastic_net":
        return strength * (l1_ratio * np.sum(np.abs(W)) + 0.5 * (1 - l1_ratio) * np.sum(W * W))
    else:
        raise ValueError("unknown kind: %s" % kind)
# %% regularization: last row is taken for a bias and left out
def regularization(W, kind, strength, l1_ratio=0.5):
    weights = W[:-1]
    l2 = np.sum(weights ** 2)
    l1 = np.sum(np.abs(weights))
    if kind == 'l2':
        return strength * l2
    if kind == 'l1':
        return strength * l1
    if kind == 'elastic_net':
        return strength * (l1_ratio * l1 + (1 - l1_ratio) * l2)
    raise ValueError(f"no such regularization: {kind}")
# %% regularization: KeyError for an unknown kind, and magnitude of the sum in L1
def regularization(W, kind, strength, l1_ratio=0.5):
    l1 = np.abs(W.sum())
    l2 = (W**2).sum()
    penalties = {
        "l1": l1,
        "l2": l2,
        "elastic_net": l1_ratio * l1 + (1 - l1_ratio) * l2,
    }
    return strength * penalties[kind]
# %% regularization: l1_ratio weighs L2, strength multiplies only the first term
def regularization(W, kind, strength, l1_ratio=0.5):
    squares = np.sum(W**2)
    sizes = np.sum(np.abs(W))
    if kind == "l2":
        penalty = strength * squares
    elif kind == "l1":
        penalty = strength * sizes
    elif kind == "elastic_net":
        penalty = strength * l1_ratio * squares + (1 - l1_ratio) * sizes
    else:
        raise ValueError(kind)
    return penalty
