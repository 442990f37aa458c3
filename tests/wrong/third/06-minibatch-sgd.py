# %% gradient_descent: losses after each step, with one evaluation more
def gradient_descent(loss_and_grad, W0, step_size, n_steps):
    W = W0.copy()
    losses = np.zeros(n_steps)
    loss, gradient = loss_and_grad(W)
    for i in range(n_steps):
        W = W - step_size * gradient
        loss, gradient = loss_and_grad(W)
        losses[i] = loss
    return W, losses

# %% gradient_descent: steps in W0 itself
def gradient_descent(loss_and_grad, W0, step_size, n_steps):
    W, losses = np.asarray(W0), np.empty(n_steps)
    for i in range(n_steps):
        losses[i], g = loss_and_grad(W)
        W -= step_size * g
    return W, losses

# %% gradient_descent: every step starts from W0
def gradient_descent(loss_and_grad, W0, step_size, n_steps):
    W = W0.copy()
    losses = []
    for i in range(n_steps):
        loss, grad = loss_and_grad(W)
        losses.append(loss)
        W = W0 - step_size * grad
    return W, np.array(losses)

# %% gradient_descent: stops when the loss rises, and steps along the unit gradient
def gradient_descent(loss_and_grad, W0, step_size, n_steps):
    W = W0.copy()
    losses = []
    for _ in range(n_steps):
        loss, g = loss_and_grad(W)
        if losses and loss > losses[-1]:
            break
        losses.append(loss)
        W = W - step_size * g / np.linalg.norm(g)
    return W, np.array(losses)

# %% sample_minibatch: a window of neighbors from a random start
def sample_minibatch(X, y, batch_size, rng):
    N = X.shape[0]
    first = rng.integers(0, N)
    rows = []
    for k in range(batch_size):
        rows.append((first + k) % N)
    return X[rows], y[rows]

# %% sample_minibatch: images and labels drawn apart
def sample_minibatch(X, y, batch_size, rng):
    return rng.choice(X, batch_size, replace=False), rng.choice(y, batch_size, replace=False)

# %% sample_minibatch: the last row is never drawn
def sample_minibatch(X, y, batch_size, rng):
    N = len(X)
    idx = rng.integers(0, N - 1, size=batch_size)
    X_batch = X[idx]
    y_batch = y[idx]
    return X_batch, y_batch

# %% sample_minibatch: draws from np.random, and never the first row
def sample_minibatch(X, y, batch_size, rng):
    rows = np.random.randint(1, X.shape[0], batch_size)
    return X[rows, :], y[rows]

# %% epoch_batches: drops the last, shorter batch
def epoch_batches(n, batch_size, rng, shuffle=True):
    if shuffle:
        order = rng.permutation(n)
    else:
        order = np.arange(n)
    batches = []
    for k in range(n // batch_size):
        batches.append(order[k * batch_size : (k + 1) * batch_size])
    return batches

# %% epoch_batches: array_split makes batches of nearly equal size
def epoch_batches(n, batch_size, rng, shuffle=True):
    order = rng.permutation(n) if shuffle else np.arange(n)
    return np.array_split(order, -(-n // batch_size))

# %% epoch_batches: shuffles within each batch only
def epoch_batches(n, batch_size, rng, shuffle=True):
    index = np.arange(n)
    batches = []
    for start in range(0, n, batch_size):
        batch = index[start : start + batch_size]
        if shuffle:
            rng.shuffle(batch)
        batches.append(batch)
    return batches

# %% epoch_batches: uses rng without shuffle too, and loses the last batch
def epoch_batches(n, batch_size, rng, shuffle=True):
    order = rng.permutation(n)
    if not shuffle:
        order = np.sort(order)
    for start in range(0, n - batch_size, batch_size):
        yield order[start : start + batch_size]

# %% train_sgd: one permutation for all epochs
def train_sgd(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng):
    W = W0.copy()
    losses = []
    batches = list(epoch_batches(len(X), batch_size, rng))
    for _ in range(n_epochs):
        for rows in batches:
            loss, gradient = loss_and_grad(W, X[rows], y[rows], reg)
            losses.append(loss)
            W = W - step_size * gradient
    return W, np.array(losses)

# %% train_sgd: labels are not shuffled with the images
def train_sgd(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng):
    W, losses = np.array(W0), []
    for _ in range(n_epochs):
        Xs = X[rng.permutation(len(X))]
        for k in range(0, len(X), batch_size):
            s = slice(k, k + batch_size)
            loss, g = loss_and_grad(W, Xs[s], y[s], reg)
            losses.append(loss)
            W = W - step_size * g
    return W, np.asarray(losses)

# %% train_sgd: one loss per epoch
def train_sgd(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng):
    W = W0.copy()
    losses = []
    for epoch in range(n_epochs):
        for batch in epoch_batches(X.shape[0], batch_size, rng):
            X_batch = X[batch]
            y_batch = y[batch]
            loss, grad = loss_and_grad(W, X_batch, y_batch, reg)
            W = W - step_size * grad
        losses.append(loss)
    return W, np.array(losses)

# %% train_sgd: penalty counted twice, and the last batch of an epoch left out
def train_sgd(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng):
    W = W0.copy()
    losses = []
    n_batches = len(X) // batch_size
    for _ in range(n_epochs):
        order = rng.permutation(len(X))
        for b in range(n_batches):
            rows = order[b * batch_size : (b + 1) * batch_size]
            loss, dW = loss_and_grad(W, X[rows], y[rows], reg)
            losses.append(loss)
            W = W - step_size * (dW + 2 * reg * W)
    return W, np.array(losses)

# %% search_hyperparameters: best score starts at -1, lower scores are never the best
import itertools


def search_hyperparameters(train_and_score, grid):
    results = {}
    best_setting = None
    best_score = -1.0
    for setting in itertools.product(*grid.values()):
        score = train_and_score(*setting)
        results[setting] = score
        if not np.isnan(score) and score > best_score:
            best_score = score
            best_setting = setting
    return best_setting, results

# %% search_hyperparameters: argmax picks NaN
import itertools


def search_hyperparameters(train_and_score, grid):
    settings = list(itertools.product(*grid.values()))
    scores = np.array([train_and_score(*s) for s in settings])
    return settings[scores.argmax()], dict(zip(settings, scores.tolist()))

# %% search_hyperparameters: zip instead of every combination
def search_hyperparameters(train_and_score, grid):
    results = {}
    best = None
    best_score = float("-inf")
    for setting in zip(*grid.values()):
        score = train_and_score(*setting)
        results[setting] = score
        if score > best_score:
            best_score = score
            best = setting
    return best, results

# %% search_hyperparameters: scores each setting twice, and NaN is missing in results
import itertools


def search_hyperparameters(train_and_score, grid):
    results = {}
    for setting in itertools.product(*grid.values()):
        if np.isnan(train_and_score(*setting)):
            continue
        results[setting] = train_and_score(*setting)
    best_setting = max(results, key=results.get)
    return best_setting, results

# %% train_linear_classifier: one step size for all scales of pixels
from cs231n_utils.losses import softmax_loss_and_gradient


def train_linear_classifier(X, y, X_val, y_val, rng):
    C = y.max() + 1
    W = np.zeros((X.shape[1], C), dtype=X.dtype)
    best_W, best_loss = W, np.inf
    for epoch in range(20):
        for rows in epoch_batches(len(X), 50, rng):
            _, gradient = softmax_loss_and_gradient(W, X[rows], y[rows], 0.0)
            W = W - np.float32(1e-6) * gradient
        val_loss, _ = softmax_loss_and_gradient(W, X_val, y_val, 0.0)
        if val_loss < best_loss:
            best_W, best_loss = W, val_loss
    return best_W

# %% train_linear_classifier: trains on scaled pixels, and does not scale the weights back
from cs231n_utils.losses import softmax_loss_and_gradient


def train_linear_classifier(X, y, X_val, y_val, rng):
    scale = np.ones(X.shape[1], dtype=X.dtype)
    scale[:-1] = X[:, :-1].std(axis=0) + 1e-12
    Z, Z_val = X / scale, X_val / scale
    W0 = np.zeros((X.shape[1], y.max() + 1), dtype=X.dtype)
    runs = [
        train_sgd(softmax_loss_and_gradient, W0, Z, y, np.float32(s), 1e-4, 50, 20, rng)[0]
        for s in (0.003, 0.01, 0.03, 0.1)
    ]
    losses = [softmax_loss_and_gradient(W, Z_val, y_val, 0.0)[0] for W in runs]
    return runs[int(np.nanargmin(losses))]

# %% train_linear_classifier: returns the weights of the last step size, not the best
from cs231n_utils.losses import softmax_loss_and_gradient


def train_linear_classifier(X, y, X_val, y_val, rng):
    W0 = np.zeros((X.shape[1], y.max() + 1), dtype=np.float32)
    best_loss = np.inf
    best_step = None
    for step in 10.0 ** np.arange(-8, 2):
        W, losses = train_sgd(
            softmax_loss_and_gradient, W0, X, y, np.float32(step), 0.0, 100, 10, rng
        )
        val_loss, _ = softmax_loss_and_gradient(W, X_val, y_val, 0.0)
        if val_loss < best_loss:
            best_loss = val_loss
            best_step = step
    return W

# %% train_linear_classifier: highest validation loss wins, and the grid holds small steps only
from cs231n_utils.losses import softmax_loss_and_gradient


def train_linear_classifier(X, y, X_val, y_val, rng):
    W0 = np.zeros((X.shape[1], y.max() + 1), dtype=np.float32)

    def run(step_size, reg):
        step_size = np.float32(step_size)
        return train_sgd(softmax_loss_and_gradient, W0, X, y, step_size, reg, 100, 8, rng)[0]

    def score(step_size, reg):
        return float(softmax_loss_and_gradient(run(step_size, reg), X_val, y_val, 0.0)[0])

    grid = {"step_size": [1e-9, 1e-8, 1e-7, 1e-6, 1e-5], "reg": [0.0, 1e-3]}
    best, _ = search_hyperparameters(score, grid)
    return run(*best)
