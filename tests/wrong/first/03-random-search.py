# %% predict: several labels for an image whose highest score is shared
def predict(W, X):
    scores = X @ W
    best = scores.max(axis=1, keepdims=True)
    rows, classes = np.where(scores == best)
    return classes

# %% predict: the bias row is left out, and the labels are floats
def predict(W, X):
    labels = np.zeros(X.shape[0])
    for i in range(X.shape[0]):
        scores = X[i, :-1] @ W[:-1]
        labels[i] = np.argmax(scores)
    return labels

# %% random_search: history holds each loss, not the best so far
def random_search(loss_fn, shape, n_tries, scale, rng):
    best_loss = float("inf")
    best_W = None
    history = np.zeros(n_tries)
    for i in range(n_tries):
        W = scale * rng.standard_normal(shape)
        loss = loss_fn(W)
        if loss < best_loss:
            best_loss = loss
            best_W = W
        history[i] = loss
    return best_W, best_loss, history

# %% random_search: the buffer is kept without a copy and overwritten, and the loss is evaluated again for each record
def random_search(loss_fn, shape, n_tries, scale, rng):
    W = np.empty(shape)
    W_best, bestloss, history = W, np.inf, []
    for _ in range(n_tries):
        W[...] = scale * rng.standard_normal(shape)
        if loss_fn(W) < bestloss:
            bestloss = loss_fn(W)
            W_best = W
        history.append(bestloss)
    return W_best, bestloss, np.array(history)

# %% random_search_batched: mean of the block means, wrong when the last block is shorter
def random_search_batched(X, y, n_tries, scale, rng):
    N, D = X.shape
    C = int(y.max()) + 1
    tries = rng.standard_normal((D, C, n_tries), dtype=X.dtype)
    tries *= scale
    wide = tries.reshape(D, C * n_tries)
    losses = np.zeros(n_tries)
    n_blocks = 0
    for start in range(0, N, 1000):
        X_block, y_block = X[start : start + 1000], y[start : start + 1000]
        n = len(y_block)
        scores = (X_block @ wide).reshape(n, C, n_tries)
        correct = scores[np.arange(n), y_block][:, None, :]
        margins = np.maximum(0, scores - correct + 1)
        margins[np.arange(n), y_block] = 0
        losses += margins.sum(axis=1).mean(axis=0)
        n_blocks += 1
    losses /= n_blocks
    best = np.argmin(losses)
    return tries[:, :, best].copy(), losses[best], np.minimum.accumulate(losses)

# %% random_search_batched: classes counted with unique although a class may be missing, and weights drawn in float64
def random_search_batched(X, y, n_tries, scale, rng):
    num_classes = len(np.unique(y))
    Ws = scale * rng.standard_normal((n_tries, X.shape[1], num_classes))
    total = np.zeros(n_tries)
    for begin in range(0, len(X), 500):
        xb = X[begin : begin + 500]
        yb = y[begin : begin + 500]
        s = np.matmul(xb, Ws)
        right = s[:, np.arange(len(yb)), yb][:, :, np.newaxis]
        hinge = np.maximum(0, s - right + 1)
        total += hinge.sum(axis=(1, 2)) - len(yb)
    mean_loss = total / len(X)
    history = np.minimum.accumulate(mean_loss)
    k = mean_loss.argmin()
    return Ws[k], mean_loss[k], history

# %% random_local_search: steps that leave the loss as it is are taken
def random_local_search(loss_fn, W0, n_steps, step, rng):
    W = W0.copy()
    best = loss_fn(W)
    history = np.empty(n_steps)
    for i in range(n_steps):
        W_new = W + step * rng.standard_normal(W.shape)
        new_loss = loss_fn(W_new)
        if new_loss <= best:
            W, best = W_new, new_loss
        history[i] = best
    return W, best, history

# %% random_local_search: best loss starts at infinity, and history only grows with an improvement
def random_local_search(loss_fn, W0, n_steps, step, rng):
    W = W0.copy()
    bestloss = float("inf")
    history = []
    for i in range(n_steps):
        Wtry = W + rng.standard_normal(W.shape) * step
        loss = loss_fn(Wtry)
        if loss < bestloss:
            W = Wtry
            bestloss = loss
            history.append(bestloss)
    return W, bestloss, np.array(history)
