# %% predict: labels come back as floats
def predict(W, X):
    y_pred = np.zeros(X.shape[0])
    scores = X.dot(W)
    y_pred[:] = np.argmax(scores, axis=1)
    return y_pred
# %% predict: argmax over the images of the transposed scores
def predict(W, X):
    scores = W.T.dot(X.T)
    return np.argmax(scores, axis=1)
# %% predict: highest score instead of its class
def predict(W, X):
    scores = X @ W
    labels = np.max(scores, axis=1)
    return labels.astype(int)
# %% predict: best score starts at 0, so all-negative rows become class 0
def predict(W, X):
    S = X @ W
    labels = np.zeros(len(X), dtype=int)
    best = np.zeros(len(X))
    for c in range(S.shape[1]):
        better = S[:, c] > best
        labels[better] = c
        best[better] = S[better, c]
    return labels
# %% random_search: global random numbers instead of rng
def random_search(loss_fn, shape, n_tries, scale, rng):
    bestloss = float("inf")
    bestW = None
    history = np.zeros(n_tries)
    for num in range(n_tries):
        W = np.random.randn(*shape) * scale
        loss = loss_fn(W)
        if loss < bestloss:
            bestloss = loss
            bestW = W
        history[num] = bestloss
    return bestW, bestloss, history
# %% random_search: history holds the loss of each try
def random_search(loss_fn, shape, n_tries, scale, rng):
    bestloss = float("inf")
    loss_history = []
    for num in range(n_tries):
        W = scale * rng.standard_normal(shape)
        loss = loss_fn(W)
        loss_history.append(loss)
        if loss < bestloss:
            bestloss = loss
            bestW = W
    return bestW, bestloss, np.array(loss_history)
# %% random_search: loss function called twice for improvements
def random_search(loss_fn, shape, n_tries, scale, rng):
    best_W = None
    best = np.inf
    history = np.empty(n_tries)
    for i in range(n_tries):
        W = scale * rng.standard_normal(shape)
        if loss_fn(W) < best:
            best = loss_fn(W)
            best_W = W.copy()
        history[i] = best
    return best_W, best, history
# %% random_search: best weights are the reused buffer, history only grows with improvements
def random_search(loss_fn, shape, n_tries, scale, rng):
    W = np.empty(shape)
    best_W, best_loss = W, np.inf
    history = []
    for _ in range(n_tries):
        W[...] = scale * rng.standard_normal(shape)
        loss = loss_fn(W)
        if loss < best_loss:
            best_W, best_loss = W, loss
            history.append(best_loss)
    return best_W, best_loss, np.array(history)
# %% random_search_batched: (T, D, C) stack reshaped to (D, C * T) mixes the tries
def random_search_batched(X, y, n_tries, scale, rng):
    N, D = X.shape
    C = y.max() + 1
    Ws = scale * rng.standard_normal((n_tries, D, C), dtype=X.dtype)
    wide = Ws.reshape(D, C * n_tries)
    losses = np.zeros(n_tries)
    for start in range(0, N, 1000):
        X_block, y_block = X[start:start + 1000], y[start:start + 1000]
        n = X_block.shape[0]
        scores = X_block.dot(wide).reshape(n, C, n_tries)
        correct = scores[np.arange(n), y_block][:, np.newaxis, :]
        margins = np.maximum(0, scores - correct + 1)
        margins[np.arange(n), y_block] = 0
        losses += margins.sum(axis=(0, 1))
    losses /= N
    best = np.argmin(losses)
    return Ws[best], losses[best], np.minimum.accumulate(losses)
# %% random_search_batched: global float64 random numbers, classes counted by np.unique
def random_search_batched(X, y, n_tries, scale, rng):
    num_train, dim = X.shape
    num_classes = len(np.unique(y))
    W_all = scale * np.random.randn(dim, num_classes, n_tries)
    total = np.zeros(n_tries)
    for i in range(0, num_train, 1000):
        xb, yb = X[i:i + 1000], y[i:i + 1000]
        scores = (xb @ W_all.reshape(dim, -1)).reshape(len(xb), num_classes, n_tries)
        correct = scores[np.arange(len(xb)), yb][:, None]
        margins = np.maximum(0, scores - correct + 1)
        margins[np.arange(len(xb)), yb] = 0
        total += margins.sum(axis=(0, 1))
    total /= num_train
    best = total.argmin()
    return W_all[:, :, best], total[best], np.minimum.accumulate(total)
# %% random_search_batched: the last, shorter block is left out
def random_search_batched(X, y, n_tries, scale, rng):
    N, D = X.shape
    C = int(y.max()) + 1
    size = min(1000, N)
    W = scale * rng.standard_normal((D, C, n_tries), dtype=X.dtype)
    W = W.astype(X.dtype)
    flat = W.reshape(D, C * n_tries)
    losses = np.zeros(n_tries)
    for k in range(N // size):
        block = slice(k * size, (k + 1) * size)
        s = (X[block] @ flat).reshape(size, C, n_tries)
        right = s[np.arange(size), y[block]]
        m = np.maximum(0, s - right[:, None, :] + 1)
        losses += m.sum(axis=(0, 1)) - size
    losses = losses / N
    i = np.argmin(losses)
    return W[..., i], float(losses[i]), np.minimum.accumulate(losses)
# %% random_search_batched: right class pays 1, history not accumulated
def random_search_batched(X, y, n_tries, scale, rng):
    n, d = X.shape
    c = y.max() + 1
    W = rng.standard_normal((d, c, n_tries), dtype=X.dtype) * X.dtype.type(scale)
    losses = 0
    for a in range(0, n, 1000):
        labels = y[a:a + 1000]
        s = (X[a:a + 1000] @ W.reshape(d, -1)).reshape(-1, c, n_tries)
        right = s[np.arange(len(labels)), labels, :][:, None, :]
        losses = losses + np.maximum(0, s - right + 1).sum(axis=1).sum(axis=0)
    losses = losses / n
    best = int(np.argmin(losses))
    return W[:, :, best].copy(), losses[best], losses
# %% random_local_search: best loss starts at infinity, W0 is never evaluated
def random_local_search(loss_fn, W0, n_steps, step, rng):
    W = W0.copy()
    bestloss = float("inf")
    history = np.zeros(n_steps)
    for i in range(n_steps):
        Wtry = W + step * rng.standard_normal(W.shape)
        loss = loss_fn(Wtry)
        if loss < bestloss:
            W = Wtry
            bestloss = loss
        history[i] = bestloss
    return W, bestloss, history
# %% random_local_search: walks on from every try, not from the best
def random_local_search(loss_fn, W0, n_steps, step, rng):
    W = W0
    bestW, bestloss = W0, loss_fn(W0)
    history = []
    for i in range(n_steps):
        W = W + step * rng.standard_normal(W.shape)
        loss = loss_fn(W)
        if loss < bestloss:
            bestW, bestloss = W, loss
        history.append(bestloss)
    return bestW, bestloss, np.array(history)
# %% random_local_search: steps in place on W0
def random_local_search(loss_fn, W0, n_steps, step, rng):
    W = W0
    best = loss_fn(W)
    history = np.zeros(n_steps)
    for i in range(n_steps):
        d = step * rng.standard_normal(W.shape)
        W += d
        loss = loss_fn(W)
        if loss < best:
            best = loss
        else:
            W -= d
        history[i] = best
    return W, best, history
# %% random_local_search: equal losses are accepted, history has one entry too many
def random_local_search(loss_fn, W0, n_steps, step, rng):
    W, loss = W0.copy(), loss_fn(W0)
    history = [loss]
    for _ in range(n_steps):
        candidate = W + step * rng.standard_normal(W.shape)
        new = loss_fn(candidate)
        if new <= loss:
            W, loss = candidate, new
        history.append(loss)
    return W, loss, np.array(history)
