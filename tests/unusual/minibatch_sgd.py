# %% gradient_descent: in place on a copy
def gradient_descent(loss_and_grad, W0, step_size, n_steps):
    W, losses = np.array(W0, copy=True), []
    for _ in range(n_steps):
        loss, dW = loss_and_grad(W)
        losses.append(loss)
        W -= step_size * dW
    return W, np.array(losses)

# %% gradient_descent: recursion
def gradient_descent(loss_and_grad, W0, step_size, n_steps):
    if n_steps == 0:
        return W0, []
    loss, dW = loss_and_grad(W0)
    W, losses = gradient_descent(loss_and_grad, W0 - step_size * dW, step_size, n_steps - 1)
    return W, [loss, *losses]

# %% gradient_descent: a generator
def gradient_descent(loss_and_grad, W0, step_size, n_steps):
    def steps(W):
        while True:
            loss, dW = loss_and_grad(W)
            W = W - step_size * dW
            yield loss, W
    walk = [pair for _, pair in zip(range(n_steps), steps(W0))]
    return walk[-1][1], np.array([loss for loss, _ in walk])

# %% gradient_descent: np.nditer is not needed: a while loop
def gradient_descent(loss_and_grad, W0, step_size, n_steps):
    W, i, losses = W0.copy(), 0, np.empty(n_steps)
    while i < n_steps:
        losses[i], g = loss_and_grad(W)
        W, i = W + -step_size * g, i + 1
    return W, losses

# %% sample_minibatch: with replacement
def sample_minibatch(X, y, batch_size, rng):
    rows = rng.choice(len(X), batch_size)
    return X[rows], y[rows]

# %% sample_minibatch: rng.integers
def sample_minibatch(X, y, batch_size, rng):
    idx = rng.integers(0, X.shape[0], size=batch_size)
    return np.take(X, idx, axis=0), np.take(y, idx)

# %% sample_minibatch: the start of a permutation
def sample_minibatch(X, y, batch_size, rng):
    rows = rng.permutation(len(y))[:batch_size]
    return [X[rows], y[rows]]

# %% sample_minibatch: the order of random numbers
def sample_minibatch(X, y, batch_size, rng):
    rows = np.argsort(rng.random(len(y)))[-batch_size:]
    return X[rows, :], y[rows]

# %% sample_minibatch: row by row
def sample_minibatch(X, y, batch_size, rng):
    X_batch, y_batch = np.zeros((batch_size, X.shape[1]), X.dtype), np.zeros(batch_size, y.dtype)
    for b in range(batch_size):
        i = int(rng.random() * len(X))
        X_batch[b], y_batch[b] = X[i], y[i]
    return X_batch, y_batch

# %% sample_minibatch: shuffles indices in place
def sample_minibatch(X, y, batch_size, rng):
    rows = np.arange(len(X))
    rng.shuffle(rows)
    mask = rows[:batch_size]
    return X[mask].copy(), y[mask].copy()

# %% epoch_batches: yields
def epoch_batches(n, batch_size, rng, shuffle=True):
    order = np.arange(n)
    if shuffle:
        rng.shuffle(order)
    for start in range(0, n, batch_size):
        yield order[start:start + batch_size]

# %% epoch_batches: np.array_split at multiples
def epoch_batches(n, batch_size, rng, shuffle=True):
    order = rng.permutation(n) if shuffle else np.arange(n)
    return np.split(order, np.arange(batch_size, n, batch_size))

# %% epoch_batches: a while loop over a list
def epoch_batches(n, batch_size, rng, shuffle=True):
    left = list(rng.permutation(n)) if shuffle else list(range(n))
    batches = []
    while left:
        batches.append(np.array(left[:batch_size]))
        left = left[batch_size:]
    return batches

# %% epoch_batches: an iterable object
class Batches:
    def __init__(self, n, batch_size, rng, shuffle=True):
        self.order = rng.choice(n, n, replace=False) if shuffle else np.arange(n)
        self.batch_size = batch_size
    def __iter__(self):
        for start in range(0, len(self.order), self.batch_size):
            yield self.order[start:start + self.batch_size]
epoch_batches = Batches

# %% epoch_batches: a generator expression, batches from the end
import math
def epoch_batches(n, batch_size, rng, shuffle=True):
    order = np.argsort(rng.random(n)) if shuffle else np.arange(n)
    return (order[k * batch_size:(k + 1) * batch_size] for k in range(math.ceil(n / batch_size)))

# %% train_sgd: batches of its own
def train_sgd(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng):
    W, losses = W0.copy(), []
    for _ in range(n_epochs):
        order = rng.permutation(len(X))
        for start in range(0, len(X), batch_size):
            rows = order[start:start + batch_size]
            loss, dW = loss_and_grad(W, X[rows], y[rows], reg)
            W -= step_size * dW
            losses.append(loss)
    return W, losses

# %% train_sgd: shuffled copies of the images
def train_sgd(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng):
    W, losses = W0, np.zeros(0)
    for epoch in range(n_epochs):
        order = np.arange(len(y))
        rng.shuffle(order)
        X_now, y_now = X[order], y[order]
        for i in range(-(-len(y) // batch_size)):
            part = slice(i * batch_size, (i + 1) * batch_size)
            loss, dW = loss_and_grad(W, X_now[part], y_now[part], reg)
            losses = np.append(losses, loss)
            W = W - step_size * dW
    return W, losses

# %% train_sgd: one loop over all batches, chained
from itertools import chain
def train_sgd(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng):
    epochs = (rng.permutation(len(X)) for _ in range(n_epochs))
    cuts = range(batch_size, len(X), batch_size)
    W, losses = np.copy(W0), []
    for rows in chain.from_iterable(np.split(order, cuts) for order in epochs):
        loss, gradient = loss_and_grad(W, X.take(rows, axis=0), y.take(rows), reg)
        losses.append(float(loss))
        W = np.subtract(W, step_size * gradient)
    return W, np.asarray(losses)

# %% search_hyperparameters: two comprehensions
import itertools
def search_hyperparameters(train_and_score, grid):
    results = {s: train_and_score(*s) for s in itertools.product(*grid.values())}
    finite = {s: v for s, v in results.items() if not np.isnan(v)}
    return max(finite, key=finite.get), results

# %% search_hyperparameters: recursion over the hyperparameters
def search_hyperparameters(train_and_score, grid):
    lists = list(grid.values())
    def settings(chosen):
        if len(chosen) == len(lists):
            yield chosen
        else:
            for value in lists[len(chosen)]:
                yield from settings((*chosen, value))
    results = {}
    for setting in settings(()):
        results[setting] = train_and_score(*setting)
    best = max(results, key=lambda s: -np.inf if np.isnan(results[s]) else results[s])
    return best, results

# %% search_hyperparameters: np.nanargmax
from itertools import product
def search_hyperparameters(train_and_score, grid):
    settings = list(product(*[grid[name] for name in grid]))
    scores = [float(train_and_score(*setting)) for setting in settings]
    return settings[int(np.nanargmax(scores))], dict(zip(settings, scores))

# %% search_hyperparameters: an ordered dictionary, and a list for the setting
from collections import OrderedDict
import itertools
def search_hyperparameters(train_and_score, grid):
    results, best = OrderedDict(), (-float("inf"), ())
    for setting in itertools.product(*grid.values()):
        score = results[setting] = train_and_score(*setting)
        if score == score and score > best[0]:
            best = score, setting
    return list(best[1]), results

# %% train_linear_classifier: full batches, pixels scaled by their spread
def train_linear_classifier(X, y, X_val, y_val, rng):
    scale = X[:, :-1].std()
    Z = np.hstack([X[:, :-1] / scale, X[:, -1:]])
    hot = np.eye(int(y.max()) + 1)[y]
    W, velocity = np.zeros((X.shape[1], hot.shape[1])), 0
    for _ in range(300):
        s = Z @ W
        p = np.exp(s - s.max(1, keepdims=True))
        p /= p.sum(1, keepdims=True)
        velocity = 0.9 * velocity - 0.02 * (Z.T @ (p - hot) / len(y))
        W = W + velocity
    W[:-1] /= scale
    return W

# %% train_linear_classifier: ridge regression to one-hot labels, scaled to the softmax loss
def train_linear_classifier(X, y, X_val, y_val, rng):
    def loss(W):
        s = X_val @ W
        return np.mean(np.logaddexp.reduce(s, axis=1) - s[np.arange(len(s)), y_val])
    A, B = X.T.astype(float) @ X, X.T @ (np.eye(int(y.max()) + 1)[y] - 0.5)
    ridge = [A + c * np.trace(A) / len(A) * np.eye(len(A)) for c in 10.0 ** np.arange(-4, 3)]
    directions = [np.linalg.solve(R, B) for R in ridge]
    return min((c * W for W in directions for c in 2.0 ** np.arange(-2, 10)), key=loss)
