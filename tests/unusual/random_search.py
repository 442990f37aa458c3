# %% predict: np.argmax of np.dot
def predict(W, X):
    return np.argmax(np.dot(X, W), 1)

# %% predict: the transpose
def predict(W, X):
    return (W.T @ X.T).argmax(axis=0)

# %% predict: one image at a time
def predict(W, X):
    labels = np.zeros(len(X), dtype=int)
    for i, x in enumerate(X):
        labels[i] = int(np.argmax(x @ W))
    return labels

# %% predict: small integers
def predict(W, X):
    return np.argmax(X @ W, axis=1).astype(np.uint8)

# %% predict: sorts
def predict(W, X):
    return np.argsort(-(X @ W), axis=1, kind="stable")[:, 0]

# %% predict: a thousand images at a time
def predict(W, X):
    return np.concatenate([(X[i:i + 1000] @ W).argmax(1) for i in range(0, len(X), 1000)])

# %% random_search: all draws at once
def random_search(loss_fn, shape, n_tries, scale, rng):
    tries = scale * rng.standard_normal((n_tries, *shape))
    losses = np.array([loss_fn(W) for W in tries])
    best = losses.argmin()
    return tries[best], losses[best], np.minimum.accumulate(losses)

# %% random_search: rng.normal
def random_search(loss_fn, shape, n_tries, scale, rng):
    best, history = (np.inf, None), []
    for _ in range(n_tries):
        W = rng.normal(0.0, scale, size=shape)
        loss = loss_fn(W)
        if loss < best[0]:
            best = loss, W
        history.append(best[0])
    return best[1], best[0], np.array(history)

# %% random_search: rng.normal with unit scale and a minimum by key
def random_search(loss_fn, shape, n_tries, scale, rng):
    tries = [rng.normal(size=shape) * scale for _ in range(n_tries)]
    losses = [float(loss_fn(W)) for W in tries]
    i = min(range(n_tries), key=losses.__getitem__)
    return tries[i], losses[i], [min(losses[: k + 1]) for k in range(n_tries)]

# %% random_search: single precision
def random_search(loss_fn, shape, n_tries, scale, rng):
    bestloss, bestW, history = float("inf"), None, np.empty(n_tries)
    for num in range(n_tries):
        W = np.float32(scale) * rng.standard_normal(shape, dtype=np.float32)
        loss = loss_fn(W)
        if loss <= bestloss:
            bestloss, bestW = loss, W.copy()
        history[num] = bestloss
    return bestW, bestloss, history

# %% random_search: draws one array into another, which it copies
def random_search(loss_fn, shape, n_tries, scale, rng):
    W, best_W, best = np.empty(shape), np.empty(shape), float("inf")
    history = np.full(n_tries, np.nan)
    for i in range(n_tries):
        rng.standard_normal(out=W)
        W *= scale
        loss = loss_fn(W)
        if loss < best:
            best_W[...] = W
            best = loss
        history[i] = best
    return best_W, best, history

# %% random_search: the class has a loop, the function calls it
class Search:
    def __init__(self, loss_fn):
        self.loss_fn, self.best, self.loss, self.history = loss_fn, None, np.inf, []
    def try_out(self, W):
        loss = self.loss_fn(W)
        if loss < self.loss:
            self.best, self.loss = W, loss
        self.history.append(self.loss)
def random_search(loss_fn, shape, n_tries, scale, rng):
    search = Search(loss_fn)
    for _ in range(n_tries):
        search.try_out(rng.standard_normal(shape) * scale)
    return search.best, search.loss, np.array(search.history)

# %% random_search_batched: the tries come first
def random_search_batched(X, y, n_tries, scale, rng):
    D, C = X.shape[1], y.max() + 1
    W = (scale * rng.standard_normal((n_tries, D, C))).astype(X.dtype)
    scores = np.einsum("nd,tdc->tnc", X, W, optimize=True)
    right = scores[:, np.arange(len(y)), y][:, :, None]
    losses = np.maximum(0, scores - right + 1).sum(axis=(1, 2)) / len(y) - 1
    best = losses.argmin()
    return W[best], losses[best], np.minimum.accumulate(losses)

# %% random_search_batched: the tries come first, by matmul
def random_search_batched(X, y, n_tries, scale, rng):
    C = int(np.max(y)) + 1
    W = rng.normal(scale=scale, size=(n_tries, X.shape[1], C)).astype(X.dtype)
    scores = X @ W
    right = np.take_along_axis(scores, np.tile(y[None, :, None], (n_tries, 1, 1)), axis=2)
    margins = np.clip(scores - right + 1, 0, None)
    losses = margins.sum((1, 2), dtype=float) / len(X) - 1
    i = int(np.argmin(losses))
    return W[i], float(losses[i]), np.minimum.accumulate(losses)

# %% random_search_batched: one wide matrix, columns side by side
def random_search_batched(X, y, n_tries, scale, rng):
    N, D = X.shape
    C = int(y.max()) + 1
    wide = rng.standard_normal((D, n_tries * C)).astype(X.dtype) * X.dtype.type(scale)
    scores = (X @ wide).reshape(N, n_tries, C)
    margins = scores - scores[np.arange(N), :, y][:, :, None] + 1
    margins[np.arange(N), :, y] = 0
    losses = (margins * (margins > 0)).sum(axis=2).mean(axis=0)
    best = np.argmin(losses)
    W = wide.reshape(D, n_tries, C)[:, best]
    return W, losses[best], np.minimum.accumulate(losses)

# %% random_search_batched: loops over the classes
def random_search_batched(X, y, n_tries, scale, rng):
    C = int(y.max()) + 1
    W = (scale * rng.standard_normal((C, X.shape[1], n_tries))).astype(X.dtype)
    scores = [X @ W[c] for c in range(C)]
    right = np.choose(y[:, None], scores) if C <= 32 else np.stack(scores)[y, np.arange(len(y))]
    losses = sum(np.maximum(0, s - right + 1).mean(axis=0) for s in scores) - 1
    best = losses.argmin()
    return W[:, :, best].T, losses[best], np.minimum.accumulate(losses)

# %% random_local_search: as the notes write it
def random_local_search(loss_fn, W0, n_steps, step, rng):
    W = W0.copy()
    bestloss = loss_fn(W)
    history = []
    for i in range(n_steps):
        Wtry = W + rng.standard_normal(W.shape) * step
        loss = loss_fn(Wtry)
        if loss < bestloss:
            W = Wtry
            bestloss = loss
        history.append(bestloss)
    return W, bestloss, np.array(history)

# %% random_local_search: all noise at once, by rng.normal
def random_local_search(loss_fn, W0, n_steps, step, rng):
    noise = rng.normal(0, step, (n_steps,) + W0.shape)
    W, best = W0, loss_fn(W0)
    history = np.empty(n_steps)
    for i, d in enumerate(noise):
        loss = loss_fn(W + d)
        if loss < best:
            W, best = W + d, loss
        history[i] = best
    return W, best, history

# %% random_local_search: steps back where the loss has not fallen
def random_local_search(loss_fn, W0, n_steps, step, rng):
    W, loss, history = np.array(W0), loss_fn(W0), np.zeros(n_steps)
    for i in range(n_steps):
        before = W.copy()
        W += step * rng.standard_normal(W.shape)
        new = loss_fn(W)
        if not new < loss:
            W = before
        loss = min(loss, new)
        history[i] = loss
    return W, loss, history

# %% random_local_search: a generator of states
def random_local_search(loss_fn, W0, n_steps, step, rng):
    def walk():
        state = (loss_fn(W0), W0)
        for _ in range(n_steps):
            candidate = state[1] + step * rng.standard_normal(np.shape(W0))
            state = min(state, (loss_fn(candidate), candidate), key=lambda pair: pair[0])
            yield state
    states = list(walk())
    return states[-1][1], states[-1][0], [loss for loss, _ in states]

# %% random_local_search: recursion
def random_local_search(loss_fn, W0, n_steps, step, rng):
    def go(W, loss, left, history):
        if left == 0:
            return W, loss, np.array(history)
        other = W + step * rng.standard_normal(W.shape)
        value = loss_fn(other)
        if value < loss:
            W, loss = other, value
        return go(W, loss, left - 1, [*history, loss])
    return go(W0, loss_fn(W0), n_steps, [])
