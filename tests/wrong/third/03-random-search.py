# %% predict: best score starts at 0, so rows of negative scores get label 0
def predict(W, X):
    scores = X @ W
    labels = np.zeros(len(X), dtype=int)
    for i in range(scores.shape[0]):
        best = 0.0
        for j in range(scores.shape[1]):
            if scores[i, j] > best:
                best = scores[i, j]
                labels[i] = j
    return labels

# %% predict: several labels for an image whose highest scores are equal
def predict(W, X):
    S = X @ W
    return np.where(S == S.max(axis=1, keepdims=True))[1]

# %% predict: argmax down the columns
def predict(W, X):
    scores = np.dot(X, W)
    return np.argmax(scores, axis=0)

# %% predict: bias left out, and highest magnitude
def predict(W, X):
    scores = X[:, :-1] @ W[:-1]
    return np.argmax(np.abs(scores), axis=1)

# %% random_search: history holds the loss of each try, not the best so far
def random_search(loss_fn, shape, n_tries, scale, rng):
    history = np.zeros(n_tries)
    best_loss = np.inf
    best_W = None
    for i in range(n_tries):
        W = scale * rng.standard_normal(shape)
        loss = loss_fn(W)
        if loss < best_loss:
            best_loss = loss
            best_W = W
        history[i] = loss
    return best_W, best_loss, history

# %% random_search: one more evaluation at the end
def random_search(loss_fn, shape, n_tries, scale, rng):
    tries = scale * rng.standard_normal((n_tries, *shape))
    losses = np.array([loss_fn(W) for W in tries])
    W = tries[losses.argmin()]
    return W, loss_fn(W), np.minimum.accumulate(losses)

# %% random_search: the best weights are not kept, the last are returned
def random_search(loss_fn, shape, n_tries, scale, rng):
    bestloss = float("inf")
    history = []
    for num in range(n_tries):
        W = scale * rng.standard_normal(shape)
        loss = loss_fn(W)
        if loss < bestloss:
            bestloss = loss
        history.append(bestloss)
    return W, bestloss, np.array(history)

# %% random_search: draws from np.random, and history only where the loss improves
def random_search(loss_fn, shape, n_tries, scale, rng):
    best_loss, best_W, history = np.inf, None, []
    for _ in range(n_tries):
        W = np.random.randn(*shape) * scale
        loss = loss_fn(W)
        if loss < best_loss:
            best_loss, best_W = loss, W
            history.append(loss)
    return best_W, best_loss, np.array(history)

# %% random_search_batched: the last, shorter block is never looked at
def random_search_batched(X, y, n_tries, scale, rng):
    N, D = X.shape
    C = y.max() + 1
    block = 1000
    tries = X.dtype.type(scale) * rng.standard_normal((D, C, n_tries), dtype=X.dtype)
    wide = tries.reshape(D, C * n_tries)
    total = np.zeros(n_tries)
    for k in range(N // block):
        X_k = X[k * block : (k + 1) * block]
        y_k = y[k * block : (k + 1) * block]
        scores = (X_k @ wide).reshape(len(X_k), C, n_tries)
        rows = np.arange(len(X_k))
        right = scores[rows, y_k][:, None, :]
        margins = np.maximum(0, scores - right + 1)
        margins[rows, y_k] = 0
        total += margins.sum(axis=(0, 1))
    losses = total / N
    best = np.argmin(losses)
    return tries[:, :, best], losses[best], np.minimum.accumulate(losses)

# %% random_search_batched: tries on the first axis, reshaped without moving the axis
def random_search_batched(X, y, n_tries, scale, rng):
    (N, D), C = X.shape, y.max() + 1
    Ws = rng.standard_normal((n_tries, D, C), dtype=X.dtype)
    Ws *= scale
    losses = np.zeros(n_tries)
    for first in range(0, N, 1000):
        x, t = X[first : first + 1000], y[first : first + 1000]
        S = (x @ Ws.reshape(D, -1)).reshape(len(x), C, n_tries)
        at = np.arange(len(x)), t
        S += 1 - S[at][:, None]
        S[at] = 0
        losses += np.maximum(S, 0, out=S).sum(axis=(0, 1), dtype=float)
    losses /= N
    best = losses.argmin()
    return Ws[best], losses[best], np.minimum.accumulate(losses)

# %% random_search_batched: counts only the classes that have an image
def random_search_batched(X, y, n_tries, scale, rng):
    N, D = X.shape
    C = len(np.unique(y))
    W = rng.standard_normal((D, C, n_tries), dtype=X.dtype) * np.array(scale, dtype=X.dtype)
    losses = np.zeros(n_tries)
    for start in range(0, N, 1000):
        Xb = X[start : start + 1000]
        yb = y[start : start + 1000]
        n = len(yb)
        scores = (Xb @ W.reshape(D, C * n_tries)).reshape(n, C, n_tries)
        correct = scores[np.arange(n), yb].reshape(n, 1, n_tries)
        margins = np.maximum(0, scores - correct + 1)
        margins[np.arange(n), yb] = 0
        losses += np.sum(margins, axis=(0, 1))
    losses = losses / N
    history = np.minimum.accumulate(losses)
    i = np.argmin(losses)
    return W[:, :, i], losses[i], history

# %% random_search_batched: the right class pays its 1, and history is not accumulated
def random_search_batched(X, y, n_tries, scale, rng):
    n, d = X.shape
    c = int(y.max()) + 1
    tries = rng.standard_normal((d, c, n_tries), dtype=X.dtype)
    tries *= X.dtype.type(scale)
    losses = np.zeros(n_tries)
    for lo in range(0, n, 1000):
        part, labels = X[lo : lo + 1000], y[lo : lo + 1000]
        scores = (part @ tries.reshape(d, -1)).reshape(len(part), c, n_tries)
        right = scores[np.arange(len(part)), labels]
        losses += np.maximum(0, scores - right[:, np.newaxis] + 1).sum(axis=(0, 1))
    losses /= n
    k = int(np.argmin(losses))
    return tries[..., k].copy(), float(losses[k]), losses

# %% random_local_search: best loss starts at infinity, the first step is always taken
def random_local_search(loss_fn, W0, n_steps, step, rng):
    W = W0.copy()
    best_loss = np.inf
    history = np.zeros(n_steps)
    for i in range(n_steps):
        W_try = W + step * rng.standard_normal(W.shape)
        loss = loss_fn(W_try)
        if loss < best_loss:
            W = W_try
            best_loss = loss
        history[i] = best_loss
    return W, best_loss, history

# %% random_local_search: also takes steps that leave the loss as it is
def random_local_search(loss_fn, W0, n_steps, step, rng):
    W, loss = W0.copy(), loss_fn(W0)
    history = np.empty(n_steps)
    for i in range(n_steps):
        candidate = W + step * rng.standard_normal(W.shape)
        if (new := loss_fn(candidate)) <= loss:
            W, loss = candidate, new
        history[i] = loss
    return W, loss, history

# %% random_local_search: moves W0 itself
def random_local_search(loss_fn, W0, n_steps, step, rng):
    W = W0
    bestloss = loss_fn(W)
    history = []
    for i in range(n_steps):
        dW = step * rng.standard_normal(W.shape)
        W += dW
        loss = loss_fn(W)
        if loss < bestloss:
            bestloss = loss
        else:
            W -= dW
        history.append(bestloss)
    return W, bestloss, np.array(history)

# %% random_local_search: walks on from every try, and history holds the loss of each
def random_local_search(loss_fn, W0, n_steps, step, rng):
    here = W0.copy()
    best_W, best_loss = here, loss_fn(here)
    history = np.zeros(n_steps)
    for i in range(n_steps):
        here = here + step * rng.standard_normal(here.shape)
        history[i] = loss_fn(here)
        if history[i] < best_loss:
            best_W, best_loss = here, history[i]
    return best_W, best_loss, history
