# %% svm_loss_naive: bias row left out of the penalty
def svm_loss_naive(W, X, y, reg):
    N, D = X.shape
    C = W.shape[1]
    total = 0.0
    for i in range(N):
        s = [sum(X[i, d] * W[d, c] for d in range(D)) for c in range(C)]
        for j in range(C):
            if j == y[i]:
                continue
            margin = s[j] - s[y[i]] + 1
            if margin > 0:
                total += margin
    penalty = 0.0
    for d in range(D - 1):
        for c in range(C):
            penalty += W[d, c] ** 2
    return total / N + reg * penalty

# %% svm_loss_naive: leaves out every class whose score equals the right one
def svm_loss_naive(W, X, y, reg):
    loss = 0.0
    for x, label in zip(X, y):
        s = x @ W
        loss += np.maximum(0, s - s[label] + 1)[s != s[label]].sum()
    return loss / len(X) + reg * np.sum(W * W)

# %% svm_loss_naive: square of the sum instead of sum of squares
def svm_loss_naive(W, X, y, reg):
    loss = 0
    num_train = X.shape[0]
    num_classes = W.shape[1]
    for i in range(num_train):
        scores = X[i].dot(W)
        correct = scores[y[i]]
        for j in range(num_classes):
            if j == y[i]:
                continue
            loss += max(0, scores[j] - correct + 1)
    loss = loss / num_train
    loss = loss + reg * np.sum(W) ** 2
    return loss

# %% svm_loss_naive: margin with the wrong sign, and half the penalty
def svm_loss_naive(W, X, y, reg):
    S = X @ W
    L = 0.0
    for i in range(S.shape[0]):
        for j in range(S.shape[1]):
            if j != y[i]:
                L += max(0.0, S[i, y[i]] - S[i, j] + 1.0)
    return L / S.shape[0] + 0.5 * reg * np.sum(W**2)

# %% svm_loss_vectorized: penalty divided by N as well
def svm_loss_vectorized(W, X, y, reg):
    S = X @ W
    N, C = S.shape
    right = S[np.arange(N), y]
    total = 0.0
    for j in range(C):
        margin = S[:, j] - right + 1.0
        margin[y == j] = 0.0
        total += np.sum(np.where(margin > 0, margin, 0.0))
    total += reg * np.sum(W**2)
    return total / N

# %% svm_loss_vectorized: picks the right scores from an N x N array
def svm_loss_vectorized(W, X, y, reg):
    S = X @ W
    margins = np.maximum(0, S - np.diag(S[:, y])[:, None] + 1)
    margins[np.arange(len(y)), y] = 0
    return margins.sum() / len(y) + reg * np.einsum("dc,dc->", W, W)

# %% svm_loss_vectorized: takes off the 1 of the right class once, not for each image
def svm_loss_vectorized(W, X, y, reg):
    num_train = X.shape[0]
    scores = X.dot(W)
    correct = scores[range(num_train), y].reshape(-1, 1)
    margins = np.maximum(0, scores - correct + 1)
    loss = (np.sum(margins) - 1) / num_train
    loss += reg * np.sum(W * W)
    return loss

# %% svm_loss_vectorized: only the worst margin of an image, and norm not squared
def svm_loss_vectorized(W, X, y, reg):
    scores = X @ W
    rows = np.arange(scores.shape[0])
    margins = scores - scores[rows, y][:, np.newaxis] + 1
    margins[rows, y] = 0
    hinge = np.maximum(margins, 0).max(axis=1)
    return np.mean(hinge) + reg * np.linalg.norm(W)

# %% softmax: one maximum for all rows, so low rows become 0/0
def softmax(scores):
    largest = np.max(scores)
    shifted = scores - largest
    if scores.ndim == 1:
        powers = np.exp(shifted)
        return powers / np.sum(powers)
    probabilities = np.zeros(scores.shape)
    for i in range(scores.shape[0]):
        powers = np.exp(shifted[i])
        probabilities[i] = powers / np.sum(powers)
    return probabilities

# %% softmax: changes its argument
def softmax(scores):
    scores -= scores.max(axis=-1, keepdims=True)
    p = np.exp(scores)
    p /= p.sum(axis=-1, keepdims=True)
    return p

# %% softmax: sums down the columns
def softmax(scores):
    shifted = scores - np.max(scores, axis=-1, keepdims=True)
    exp_scores = np.exp(shifted)
    probs = exp_scores / np.sum(exp_scores, axis=0)
    return probs

# %% softmax: cuts large scores off, and one sum for all rows
def softmax(scores):
    safe = np.clip(scores, -700, 700)
    e = np.exp(safe)
    return e / e.sum()

# %% softmax_loss_naive: in bits instead of nats
def softmax_loss_naive(W, X, y, reg):
    N = X.shape[0]
    total = 0.0
    for i in range(N):
        s = X[i] @ W
        s = s - np.max(s)
        partition = 0.0
        for s_j in s:
            partition += np.exp(s_j)
        log_p = s[y[i]] * np.log2(np.e) - np.log2(partition)
        total -= log_p
    return total / N + reg * np.sum(W**2)

# %% softmax_loss_naive: logarithm of a probability that underflows to 0
def softmax_loss_naive(W, X, y, reg):
    losses = []
    for row, label in zip(X @ W, y):
        p = np.exp(row - row.max())
        losses.append(-np.log(p[label] / p.sum()))
    return np.mean(losses) + reg * np.square(W).sum()

# %% softmax_loss_naive: shift taken off in the exponent only, never put back
def softmax_loss_naive(W, X, y, reg):
    loss = 0.0
    num_train = X.shape[0]
    for i in range(num_train):
        scores = X[i].dot(W)
        m = np.max(scores)
        log_sum = np.log(np.sum(np.exp(scores - m)))
        loss += -scores[y[i]] + log_sum
    loss /= num_train
    loss += reg * np.sum(W * W)
    return loss

# %% softmax_loss_naive: mean over the classes, and half the penalty
def softmax_loss_naive(W, X, y, reg):
    total = 0.0
    for i in range(len(X)):
        s = X[i] @ W
        m = s.max()
        total += m + np.log(np.exp(s - m).sum()) - s[y[i]]
    return total / W.shape[1] + 0.5 * reg * np.sum(W**2)

# %% softmax_loss_vectorized: a loop over the images
def softmax_loss_vectorized(W, X, y, reg):
    S = X @ W
    S = S - S.max(axis=1, keepdims=True)
    data_loss = 0.0
    for i in range(S.shape[0]):
        data_loss += np.log(np.sum(np.exp(S[i]))) - S[i, y[i]]
    return data_loss / S.shape[0] + reg * np.sum(W**2)

# %% softmax_loss_vectorized: one maximum for all rows, so ln 0 in rows far below
def softmax_loss_vectorized(W, X, y, reg):
    S = X @ W
    S -= S.max()
    lse = np.log(np.einsum("ij->i", np.exp(S)))
    return (lse - np.take_along_axis(S, y[:, None], axis=1)[:, 0]).mean() + reg * (W * W).sum()

# %% softmax_loss_vectorized: subtracts the maximum of each column
def softmax_loss_vectorized(W, X, y, reg):
    N = X.shape[0]
    scores = X.dot(W)
    scores = scores - np.max(scores, axis=0)
    correct = scores[np.arange(N), y]
    losses = -correct + np.log(np.sum(np.exp(scores), axis=1))
    loss = np.sum(losses) / N
    loss += reg * np.sum(W**2)
    return loss

# %% softmax_loss_vectorized: a small number inside the logarithm caps the loss, and an L1 penalty
def softmax_loss_vectorized(W, X, y, reg):
    p = softmax(X @ W)
    p_right = p[np.arange(len(y)), y]
    return -np.mean(np.log(p_right + 1e-12)) + reg * np.sum(np.abs(W))

# %% regularization: shares of L1 and L2 swapped in the elastic net
def regularization(W, kind, strength, l1_ratio=0.5):
    sum_abs, sum_squares = 0.0, 0.0
    for w in W.flat:
        sum_abs += abs(w)
        sum_squares += w * w
    if kind == "l2":
        return strength * sum_squares
    elif kind == "l1":
        return strength * sum_abs
    elif kind == "elastic_net":
        return strength * (l1_ratio * sum_squares + (1 - l1_ratio) * sum_abs)
    raise ValueError(f"unknown kind of penalty: {kind}")

# %% regularization: KeyError instead of ValueError for an unknown kind
def regularization(W, kind, strength, l1_ratio=0.5):
    share = {"l2": 0.0, "l1": 1.0, "elastic_net": l1_ratio}[kind]
    return strength * (share * np.abs(W).sum() + (1 - share) * np.square(W).sum())

# %% regularization: magnitude of the sum instead of sum of magnitudes
def regularization(W, kind, strength, l1_ratio=0.5):
    l1 = abs(np.sum(W))
    l2 = np.sum(W**2)
    if kind == "l2":
        return strength * l2
    if kind == "l1":
        return strength * l1
    if kind == "elastic_net":
        return strength * (l1_ratio * l1 + (1 - l1_ratio) * l2)
    raise ValueError("kind must be l2, l1 or elastic_net, not " + str(kind))

# %% regularization: L2 as a norm with its root, and an unknown kind passes as 0
def regularization(W, kind, strength, l1_ratio=0.5):
    l1 = np.sum(np.abs(W))
    l2 = np.sqrt(np.sum(W**2))
    penalty = 0.0
    if kind == "l1":
        penalty = l1
    elif kind == "l2":
        penalty = l2
    elif kind == "elastic_net":
        penalty = l1_ratio * l1 + (1 - l1_ratio) * l2
    return strength * penalty
