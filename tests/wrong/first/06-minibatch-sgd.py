# %% gradient_descent: the loss after the step is kept, with a second evaluation per step
def gradient_descent(loss_and_grad, W0, step_size, n_steps):
    W = W0.copy()
    losses = np.zeros(n_steps)
    for i in range(n_steps):
        _, grad = loss_and_grad(W)
        W = W - step_size * grad
        losses[i], _ = loss_and_grad(W)
    return W, losses

# %% gradient_descent: W0 is changed in place, and it stops when the loss rises
def gradient_descent(loss_and_grad, W0, step_size, n_steps):
    W = W0
    losses = []
    for step in range(n_steps):
        loss, dW = loss_and_grad(W)
        if losses and loss > losses[-1]:
            break
        losses.append(loss)
        W += -step_size * dW
    return W, np.array(losses)

# %% sample_minibatch: images and labels are drawn apart
def sample_minibatch(X, y, batch_size, rng):
    X_batch = rng.choice(X, batch_size, replace=False)
    y_batch = rng.choice(y, batch_size, replace=False)
    return X_batch, y_batch

# %% sample_minibatch: the last row can never be drawn
def sample_minibatch(X, y, batch_size, rng):
    N = X.shape[0]
    rows = rng.integers(0, N - 1, size=batch_size)
    return X[rows], y[rows]

# %% epoch_batches: the shorter last batch is dropped
def epoch_batches(n, batch_size, rng, shuffle=True):
    order = rng.permutation(n) if shuffle else np.arange(n)
    n_batches = n // batch_size
    for k in range(n_batches):
        yield order[k * batch_size : (k + 1) * batch_size]

# %% epoch_batches: array_split makes batches of equal size instead of full ones and a rest
def epoch_batches(n, batch_size, rng, shuffle=True):
    rows = np.arange(n)
    if shuffle:
        rng.shuffle(rows)
    count = -(-n // batch_size)
    return np.array_split(rows, count)

# %% train_sgd: one permutation for all epochs
def train_sgd(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng):
    W = W0.copy()
    losses = []
    batches = list(epoch_batches(len(X), batch_size, rng))
    for epoch in range(n_epochs):
        for rows in batches:
            loss, grad = loss_and_grad(W, X[rows], y[rows], reg)
            losses.append(loss)
            W -= step_size * grad
    return W, np.array(losses)

# %% train_sgd: the labels are not shuffled with the images, and W0 is changed
def train_sgd(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng):
    W = W0
    history = []
    N = X.shape[0]
    for _ in range(n_epochs):
        X_shuffled = X[rng.permutation(N)]
        for start in range(0, N, batch_size):
            X_batch = X_shuffled[start : start + batch_size]
            y_batch = y[start : start + batch_size]
            loss, dW = loss_and_grad(W, X_batch, y_batch, reg)
            W -= step_size * dW
            history.append(loss)
    return W, np.array(history)

# %% search_hyperparameters: max is fooled by NaN
def search_hyperparameters(train_and_score, grid):
    import itertools

    results = {}
    for setting in itertools.product(*grid.values()):
        results[setting] = train_and_score(*setting)
    best_setting = max(results, key=results.get)
    return best_setting, results

# %% search_hyperparameters: best score starts at 0 so negative scores never win, and NaN is left out of the results
import itertools
import math


def search_hyperparameters(train_and_score, grid):
    best_score, best_setting = 0, None
    results = {}
    for setting in itertools.product(*grid.values()):
        score = train_and_score(*setting)
        if math.isnan(score):
            continue
        results[setting] = score
        if score > best_score:
            best_score, best_setting = score, setting
    return best_setting, results

# %% train_linear_classifier: only short step sizes are tried (no training at all for pixels from 0 to 1), and chosen by accuracy
def train_linear_classifier(X, y, X_val, y_val, rng):
    C = int(y.max()) + 1
    best_W, best_accuracy = None, -1.0
    for step_size in (1e-8, 1e-7, 1e-6, 1e-5):
        W = np.zeros((X.shape[1], C), dtype=X.dtype)
        W, _ = train_sgd(softmax_loss_and_gradient, W, X, y, step_size, 0.0, 100, 10, rng)
        acc = np.mean(np.argmax(X_val @ W, axis=1) == y_val)
        if acc > best_accuracy:
            best_accuracy, best_W = acc, W
    return best_W

# %% train_linear_classifier: pixels are scaled for training, but the weights are not scaled back
def train_linear_classifier(X, y, X_val, y_val, rng):
    n_classes = y.max() + 1
    scale = np.abs(X[:, :-1]).max()
    A, A_val = X.copy(), X_val.copy()
    A[:, :-1] /= scale
    A_val[:, :-1] /= scale

    def run(step_size):
        start = np.zeros((X.shape[1], n_classes), dtype=X.dtype)
        W, _ = train_sgd(softmax_loss_and_gradient, start, A, y, step_size, 0.0, 50, 20, rng)
        return W

    candidates = [run(s) for s in (0.01, 0.03, 0.1, 0.3, 1.0, 3.0)]
    val_losses = [softmax_loss_and_gradient(W, A_val, y_val, 0.0)[0] for W in candidates]
    return candidates[int(np.nanargmin(val_losses))]
