# %% gradient_descent: changes W0 and stops when the loss rises
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


# %% gradient_descent: returns after one step, with an array of losses
def gradient_descent(loss_and_grad, W0, step_size, n_steps):
    W = W0.copy()
    losses = np.zeros(n_steps)
    for i in range(n_steps):
        losses[i], dW = loss_and_grad(W)
        W -= step_size * dW
        return W, losses


# %% sample_minibatch: drawn from the first rows only
def sample_minibatch(X, y, batch_size, rng):
    idx = rng.permutation(batch_size)
    return X[idx], y[idx]


# %% epoch_batches: rng.shuffle returns nothing
def epoch_batches(n, batch_size, rng, shuffle=True):
    order = np.arange(n)
    if shuffle:
        order = rng.shuffle(order)
    batches = []
    for i in range(0, n, batch_size):
        batches.append(order[i : i + batch_size])
    return batches


# %% epoch_batches: last batch filled up again
def epoch_batches(n, batch_size, rng, shuffle=True):
    order = np.arange(n)
    if shuffle:
        rng.shuffle(order)
    missing = -n % batch_size
    order = np.concatenate([order, np.resize(order, missing)])
    return np.split(order, len(order) // batch_size)


# %% train_sgd: one epoch only
def train_sgd(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng):
    def batches_of(order):
        for start in range(0, len(order), batch_size):
            yield order[start : start + batch_size]

    W = W0.copy()
    losses = []
    batches = batches_of(rng.permutation(len(X)))
    for epoch in range(n_epochs):
        for rows in batches:
            loss, grad = loss_and_grad(W, X[rows], y[rows], reg)
            losses.append(loss)
            W -= step_size * grad
    return W, np.array(losses)


# %% train_sgd: one epoch only
def train_sgd(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng):
    W, losses = W0.copy(), []
    for epoch in range(n_epochs):
        order = rng.permutation(X.shape[0])
        for start in range(0, X.shape[0], batch_size):
            rows = order[start : start + batch_size]
            loss, grad = loss_and_grad(W, X[rows], y[rows], reg)
            losses.append(loss)
            W -= step_size * grad
        return W, np.array(losses)


# %% train_sgd: returns after one step
def train_sgd(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng):
    W, losses = W0.copy(), []
    for epoch in range(n_epochs):
        order = rng.permutation(X.shape[0])
        for start in range(0, X.shape[0], batch_size):
            rows = order[start : start + batch_size]
            loss, grad = loss_and_grad(W, X[rows], y[rows], reg)
            losses.append(loss)
            W -= step_size * grad
            return W, np.array(losses)


# %% train_sgd: losses of the last epoch only
def train_sgd(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng):
    W = W0.copy()
    for epoch in range(n_epochs):
        losses = []
        order = rng.permutation(len(y))
        for start in range(0, len(y), batch_size):
            rows = order[start : start + batch_size]
            loss, grad = loss_and_grad(W, X[rows], y[rows], reg)
            losses.append(loss)
            W = W - step_size * grad
    return W, np.array(losses)


# %% train_sgd: a new generator in every epoch
def train_sgd(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng):
    W, losses = W0.copy(), []
    for epoch in range(n_epochs):
        rng = np.random.default_rng(231)
        order = rng.permutation(len(y))
        for start in range(0, len(y), batch_size):
            rows = order[start : start + batch_size]
            loss, grad = loss_and_grad(W, X[rows], y[rows], reg)
            losses.append(loss)
            W -= step_size * grad
    return W, np.array(losses)


# %% train_sgd: gradient always at W0
def train_sgd(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng):
    W, losses = W0.copy(), []
    for epoch in range(n_epochs):
        order = rng.permutation(len(y))
        for start in range(0, len(y), batch_size):
            rows = order[start : start + batch_size]
            loss, grad = loss_and_grad(W0, X[rows], y[rows], reg)
            losses.append(loss)
            W -= step_size * grad
    return W, np.array(losses)


# %% train_sgd: changes W0 and labels of other images
def train_sgd(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng):
    W, losses = W0, []
    for epoch in range(n_epochs):
        X_shuffled = X[rng.permutation(len(X))]
        for start in range(0, len(X), batch_size):
            batch = slice(start, start + batch_size)
            loss, dW = loss_and_grad(W, X_shuffled[batch], y[batch], reg)
            W -= step_size * dW
            losses.append(loss)
    return W, np.array(losses)


# %% train_sgd: regularization left out and one loss per epoch
def train_sgd(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng):
    W, losses = W0.copy(), []
    for epoch in range(n_epochs):
        order = rng.permutation(len(X))
        for start in range(0, len(X), batch_size):
            rows = order[start : start + batch_size]
            loss, grad = loss_and_grad(W, X[rows], y[rows], 0.0)
            W = W - step_size * grad
        losses.append(loss)
    return W, np.array(losses)


# %% search_hyperparameters: the star is missing in product
def search_hyperparameters(train_and_score, grid):
    from itertools import product

    results, best, best_score = {}, None, -np.inf
    for setting in product(grid.values()):
        score = train_and_score(*setting)
        results[setting] = score
        if score > best_score:
            best, best_score = setting, score
    return best, results


# %% search_hyperparameters: a list of results
def search_hyperparameters(train_and_score, grid):
    import itertools

    results, best, best_score = [], None, float("-inf")
    for setting in itertools.product(*grid.values()):
        score = train_and_score(*setting)
        results.append((setting, score))
        if score > best_score:
            best, best_score = setting, score
    return best, results


# %% search_hyperparameters: best score starts too high and diverged runs left out
def search_hyperparameters(train_and_score, grid):
    import itertools

    results, best, best_score = {}, None, 0.0
    for setting in itertools.product(*grid.values()):
        score = train_and_score(*setting)
        if np.isnan(score):
            continue
        results[setting] = score
        if score > best_score:
            best, best_score = setting, score
    return best, results


# %% train_linear_classifier: one class too few
def train_linear_classifier(X, y, X_val, y_val, rng):
    from cs231n_utils.losses import softmax_loss_and_gradient

    W = np.zeros((X.shape[1], y.max()))
    for _ in range(300):
        _, dW = softmax_loss_and_gradient(W, X, y, 0.0)
        W -= 1e-3 * dW
    return W


# %% train_linear_classifier: accuracy and weights
def train_linear_classifier(X, y, X_val, y_val, rng):
    W = 1e-3 * rng.standard_normal((X.shape[1], y.max() + 1))
    return np.mean((X_val @ W).argmax(axis=1) == y_val), W


# %% gradient_descent: gradient of W0 for all steps
def gradient_descent(loss_and_grad, W0, step_size, n_steps):
    _, dW = loss_and_grad(W0)
    W = W0.copy()
    history = []
    for step in range(n_steps):
        history.append(loss_and_grad(W)[0])
        W = W - step_size * dW
    return W, np.array(history)


# %% sample_minibatch: labels of the next row
def sample_minibatch(X, y, batch_size, rng):
    idx = rng.choice(X.shape[0] - 1, batch_size)
    return X[idx + 1], y[idx]


# %% train_sgd: random draws instead of epochs
def train_sgd(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng):
    W, history = W0.copy(), []
    for _ in range(n_epochs * (len(X) // batch_size)):
        idx = rng.integers(0, len(X), size=batch_size)
        value, grad = loss_and_grad(W, X[idx], y[idx], reg)
        history.append(value)
        W -= step_size * grad
    return W, history


# %% search_hyperparameters: trains more than once for a setting
def search_hyperparameters(train_and_score, grid):
    best, best_score, results = None, -np.inf, {}
    for setting in itertools.product(*grid.values()):
        results[setting] = train_and_score(*setting)
        if train_and_score(*setting) > best_score:
            best, best_score = setting, train_and_score(*setting)
    return best, results
