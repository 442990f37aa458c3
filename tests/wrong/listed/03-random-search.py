# %% predict: best score starts at 0
def predict(W, X):
    labels = []
    for row in X:
        best, label = 0, 0
        for c in range(W.shape[1]):
            s = row @ W[:, c]
            if s > best:
                best, label = s, c
        labels.append(label)
    return np.array(labels)


# %% predict: ignores the bias and counts classes from 1
def predict(W, X):
    scores = X[:, :-1].dot(W[:-1, :])
    return scores.argmax(axis=1) + 1


# %% predict: bias added a second time
def predict(W, X):
    return np.argmax(X @ W + W[-1], axis=1)


# %% random_search: history written at improvements only
def random_search(loss_fn, shape, n_tries, scale, rng):
    bestloss, bestW = float("inf"), None
    history = np.zeros(n_tries)
    for num in range(n_tries):
        W = rng.standard_normal(shape) * scale
        loss = loss_fn(W)
        if loss < bestloss:
            bestloss, bestW = loss, W
            history[num] = bestloss
    return bestW, bestloss, history


# %% random_search: returns the loss of the last try
def random_search(loss_fn, shape, n_tries, scale, rng):
    bestloss = float("inf")
    history = []
    for num in range(n_tries):
        W = rng.standard_normal(shape) * scale
        loss = loss_fn(W)
        if loss < bestloss:
            bestloss, bestW = loss, W
        history.append(bestloss)
    return bestW, loss, np.array(history)


# %% random_local_search: history written at improvements only
def random_local_search(loss_fn, W0, n_steps, step, rng):
    W = W0.copy()
    best = loss_fn(W)
    history = np.zeros(n_steps)
    for i in range(n_steps):
        W_new = W + rng.standard_normal(W.shape) * step
        loss = loss_fn(W_new)
        if loss < best:
            W, best = W_new, loss
            history[i] = best
    return W, best, history


# %% random_local_search: returns the weights of the last try
def random_local_search(loss_fn, W0, n_steps, step, rng):
    W = W0
    best = loss_fn(W)
    history = []
    for _ in range(n_steps):
        W_new = W + step * rng.standard_normal(W.shape)
        loss = loss_fn(W_new)
        if loss < best:
            W, best = W_new, loss
        history.append(best)
    return W_new, best, np.array(history)


# %% random_search_batched: counts the labels that occur
def random_search_batched(X, y, n_tries, scale, rng):
    N, D = X.shape
    C = len(np.unique(y))
    W = (scale * rng.standard_normal((n_tries, D, C))).astype(X.dtype)
    scores = np.einsum("nd,tdc->tnc", X, W)
    correct = scores[:, np.arange(N), y]
    losses = np.maximum(0, scores - correct[:, :, None] + 1).sum(axis=(1, 2)) / N - 1
    k = losses.argmin()
    return W[k], losses[k], np.minimum.accumulate(losses)


# %% random_search_batched: counts the correct class and averages over the classes too
def random_search_batched(X, y, n_tries, scale, rng):
    N, D = X.shape
    C = y.max() + 1
    W = scale * rng.standard_normal((D, C, n_tries), dtype=X.dtype)
    scores = (X @ W.reshape(D, -1)).reshape(N, C, n_tries)
    correct = scores[np.arange(N), y][:, None, :]
    losses = np.maximum(0, scores - correct + 1).mean(axis=(0, 1))
    k = losses.argmin()
    return W[:, :, k], losses[k], np.minimum.accumulate(losses)


# %% random_search: history without the first try
def random_search(loss_fn, shape, n_tries, scale, rng):
    best_W = scale * rng.standard_normal(shape)
    best = loss_fn(best_W)
    history = []
    for _ in range(1, n_tries):
        W = scale * rng.standard_normal(shape)
        loss = loss_fn(W)
        if loss < best:
            best_W, best = W, loss
        history.append(best)
    return best_W, best, np.array(history)


# %% random_local_search: changes W0
def random_local_search(loss_fn, W0, n_steps, step, rng):
    W, best = W0, loss_fn(W0)
    history = np.zeros(n_steps)
    for i in range(n_steps):
        W_try = W
        W_try += step * rng.standard_normal(W.shape)
        loss = loss_fn(W_try)
        if loss < best:
            W, best = W_try, loss
        history[i] = best
    return W, best, history


# %% predict: highest score cut to a whole number
def predict(W, X):
    return np.array([int(max(row)) for row in X @ W])


# %% random_local_search: walks on from every try
def random_local_search(loss_fn, W0, n_steps, step, rng):
    tries, losses = [W0], [loss_fn(W0)]
    for _ in range(n_steps):
        tries.append(tries[-1] + step * rng.standard_normal(W0.shape))
        losses.append(loss_fn(tries[-1]))
    best = int(np.argmin(losses))
    return tries[best], losses[best], np.minimum.accumulate(losses)[1:]


# %% random_search_batched: drops the last block
def random_search_batched(X, y, n_tries, scale, rng):
    n, d = X.shape
    c = int(y.max()) + 1
    W = scale * rng.standard_normal((d, c, n_tries), dtype=X.dtype)
    size, total = min(n, 1000), 0
    for block in range(n // size):
        Xb, yb = X[block * size :][:size], y[block * size :][:size]
        s = (Xb @ W.reshape(d, -1)).reshape(size, c, n_tries)
        m = np.maximum(0, s - s[np.arange(size), yb][:, None] + 1)
        total = total + m.sum(axis=(0, 1)) - size
    losses = total / n
    best = np.argmin(losses)
    return W[:, :, best], float(losses[best]), np.minimum.accumulate(losses)


# %% random_search: last weights with the best loss
def random_search(loss_fn, shape, n_tries, scale, rng):
    smallest, history = np.inf, []
    for _ in range(n_tries):
        W = scale * rng.standard_normal(shape)
        smallest = min(smallest, loss_fn(W))
        history.append(smallest)
    return W, smallest, np.array(history)
