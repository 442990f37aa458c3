# %% gradient_descent: updates W0 in place
def gradient_descent(loss_and_grad, W0, step_size, n_steps):
    W = W0
    loss_history = []
    for it in range(n_steps):
        loss, grad = loss_and_grad(W)
        loss_history.append(loss)
        W += -step_size * grad
    return W, np.array(loss_history)
# %% gradient_descent: stops when the loss rises
def gradient_descent(loss_and_grad, W0, step_size, n_steps):
    W = W0.copy()
    losses = []
    for i in range(n_steps):
        loss, grad = loss_and_grad(W)
        if losses and loss > losses[-1]:
            break
        losses.append(loss)
        W = W - step_size * grad
    return W, np.array(losses)
# %% gradient_descent: losses after the step, with a second evaluation
def gradient_descent(loss_and_grad, W0, step_size, n_steps):
    W = W0.copy()
    losses = np.zeros(n_steps)
    for i in range(n_steps):
        _, grad = loss_and_grad(W)
        W = W - step_size * grad
        losses[i] = loss_and_grad(W)[0]
    return W, losses
# %% gradient_descent: gradient always taken at W0, one step too few
def gradient_descent(loss_and_grad, W0, step_size, n_steps):
    W = np.array(W0)
    loss, grad = loss_and_grad(W0)
    losses = [loss]
    for _ in range(n_steps - 1):
        W = W - step_size * grad
        loss, _ = loss_and_grad(W)
        losses.append(loss)
    return W, np.array(losses)
# %% sample_minibatch: global np.random
def sample_minibatch(X, y, batch_size, rng):
    num_train = X.shape[0]
    batch_indices = np.random.choice(num_train, batch_size, replace=True)
    X_batch = X[batch_indices]
    y_batch = y[batch_indices]
    return X_batch, y_batch
# %% sample_minibatch: window of neighbors
def sample_minibatch(X, y, batch_size, rng):
    num_train = X.shape[0]
    start = rng.integers(0, num_train - batch_size + 1)
    X_batch = X[start:start + batch_size]
    y_batch = y[start:start + batch_size]
    return X_batch, y_batch
# %% sample_minibatch: labels are drawn apart from the images
def sample_minibatch(X, y, batch_size, rng):
    X_batch = rng.choice(X, size=batch_size, axis=0)
    y_batch = rng.choice(y, size=batch_size)
    return X_batch, y_batch
# %% sample_minibatch: last image never drawn, and label of the next row
def sample_minibatch(X, y, batch_size, rng):
    n = len(X) - 1
    rows = rng.integers(0, n, size=batch_size)
    return X[rows], y[rows + 1]
# %% epoch_batches: incomplete last batch is dropped, and global np.random
def epoch_batches(n, batch_size, rng, shuffle=True):
    indices = np.arange(n)
    if shuffle:
        np.random.shuffle(indices)
    num_batches = max(n // batch_size, 1)
    return [indices[i * batch_size:(i + 1) * batch_size] for i in range(num_batches)]
# %% epoch_batches: array_split makes batches of nearly equal size
def epoch_batches(n, batch_size, rng, shuffle=True):
    order = rng.permutation(n) if shuffle else np.arange(n)
    num_batches = int(np.ceil(n / batch_size))
    return np.array_split(order, num_batches)
# %% epoch_batches: only the order of the batches is random
def epoch_batches(n, batch_size, rng, shuffle=True):
    batches = [np.arange(a, min(a + batch_size, n)) for a in range(0, n, batch_size)]
    if shuffle:
        order = rng.permutation(len(batches))
        batches = [batches[k] for k in order]
    return batches
# %% epoch_batches: draws with replacement
def epoch_batches(n, batch_size, rng, shuffle=True):
    if shuffle:
        order = rng.integers(0, n, n)
    else:
        order = np.arange(n)
    for first in range(0, n, batch_size):
        yield order[first : first + batch_size]
# %% train_sgd: random batches with replacement instead of permutations
def train_sgd(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng):
    num_train = X.shape[0]
    W = W0.copy()
    iterations_per_epoch = max(num_train // batch_size, 1)
    num_iters = n_epochs * iterations_per_epoch
    loss_history = []
    for it in range(num_iters):
        idx = rng.choice(num_train, batch_size)
        loss, grad = loss_and_grad(W, X[idx], y[idx], reg)
        loss_history.append(loss)
        W -= step_size * grad
    return W, np.array(loss_history)
# %% train_sgd: adds the penalty's gradient once more, and W0 changes
def train_sgd(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng):
    W = W0
    losses = []
    for epoch in range(n_epochs):
        for idx in epoch_batches(len(X), batch_size, rng):
            loss, dW = loss_and_grad(W, X[idx], y[idx], reg)
            dW = dW + 2 * reg * W
            W -= step_size * dW
            losses.append(loss)
    return W, np.array(losses)
# %% train_sgd: shuffled once, before the epochs
def train_sgd(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng):
    W = W0.copy()
    losses = []
    batches = list(epoch_batches(X.shape[0], batch_size, rng))
    for _ in range(n_epochs):
        for rows in batches:
            loss, grad = loss_and_grad(W, X[rows], y[rows], reg)
            losses.append(loss)
            W = W - step_size * grad
    return W, np.array(losses)
# %% train_sgd: images are permuted, labels are not
def train_sgd(loss_and_grad, W0, X, y, step_size, reg, batch_size, n_epochs, rng):
    W = np.copy(W0)
    n = len(X)
    losses = []
    for epoch in range(n_epochs):
        X_mixed = X[rng.permutation(n)]
        for a in range(0, n, batch_size):
            loss, g = loss_and_grad(W, X_mixed[a : a + batch_size], y[a : a + batch_size], reg)
            losses.append(loss)
            W = W - step_size * g
    return W, np.array(losses)
# %% search_hyperparameters: best score starts at -1, as for accuracies
import itertools


def search_hyperparameters(train_and_score, grid):
    results = {}
    best_val = -1
    best_setting = None
    for setting in itertools.product(*grid.values()):
        val = train_and_score(*setting)
        results[setting] = val
        if val > best_val:
            best_val = val
            best_setting = setting
    return best_setting, results
# %% search_hyperparameters: max over the dict, NaN in first place wins
import itertools


def search_hyperparameters(train_and_score, grid):
    results = {}
    for params in itertools.product(*grid.values()):
        results[params] = train_and_score(*params)
    best_setting = max(results, key=results.get)
    return best_setting, results
# %% search_hyperparameters: zip pairs the values, no combinations
def search_hyperparameters(train_and_score, grid):
    results = {}
    best, best_score = None, -np.inf
    for setting in zip(*grid.values()):
        score = train_and_score(*setting)
        results[setting] = score
        if score > best_score:
            best, best_score = setting, score
    return best, results
# %% search_hyperparameters: best score not updated, and NaN left out of the results
import itertools


def search_hyperparameters(train_and_score, grid):
    results = {}
    best_score = -float("inf")
    best_setting = None
    for setting in itertools.product(*grid.values()):
        score = train_and_score(*setting)
        if np.isnan(score):
            continue
        results[setting] = score
        if score > best_score:
            best_setting = setting
    return best_setting, results
# %% train_linear_classifier: learning rates and huge regularization strengths from the assignment
def train_linear_classifier(X, y, X_val, y_val, rng):
    learning_rates = [1e-7, 5e-7]
    regularization_strengths = [2.5e4, 5e4]
    best_val = -1
    best_W = None
    num_classes = y.max() + 1
    for lr in learning_rates:
        for reg in regularization_strengths:
            W = 0.001 * rng.standard_normal((X.shape[1], num_classes))
            for it in range(300):
                idx = rng.choice(X.shape[0], 200)
                loss, grad = softmax_loss_and_gradient(W, X[idx], y[idx], reg)
                W -= lr * grad
            val_acc = np.mean(np.argmax(X_val.dot(W), axis=1) == y_val)
            if val_acc > best_val:
                best_val = val_acc
                best_W = W
    return best_W
# %% train_linear_classifier: one fixed step size
def train_linear_classifier(X, y, X_val, y_val, rng):
    num_train, dim = X.shape
    num_classes = np.max(y) + 1
    W = 0.0001 * rng.standard_normal((dim, num_classes))
    for it in range(1500):
        idx = rng.choice(num_train, 200, replace=True)
        loss, grad = softmax_loss_and_gradient(W, X[idx], y[idx], 1e-5)
        W -= 1e-6 * grad
    return W
# %% train_linear_classifier: weights for scaled pixels returned without undoing the scale
def train_linear_classifier(X, y, X_val, y_val, rng):
    scale = X[:, :-1].std()
    Z = X.copy()
    Z[:, :-1] /= scale
    Z_val = X_val.copy()
    Z_val[:, :-1] /= scale
    C = y.max() + 1
    best_loss, best_W = np.inf, None
    for step in (0.01, 0.03, 0.1, 0.3):
        W0 = np.zeros((X.shape[1], C), dtype=np.float32)
        W, _ = train_sgd(softmax_loss_and_gradient, W0, Z, y, step, 0.0, 100, 20, rng)
        loss = softmax_loss_and_gradient(W, Z_val, y_val, 0.0)[0]
        if loss < best_loss:
            best_loss, best_W = loss, W
    return best_W
# %% train_linear_classifier: keeps the highest loss, and the grid ends too early for small pixels
def train_linear_classifier(X, y, X_val, y_val, rng):
    W0 = np.zeros((X.shape[1], y.max() + 1), dtype=X.dtype)
    best_W, best_loss = W0, -1
    for step_size in 10.0 ** np.arange(-8, -4):
        W, _ = train_sgd(softmax_loss_and_gradient, W0, X, y, step_size, 0.0, 100, 10, rng)
        loss, _ = softmax_loss_and_gradient(W, X_val, y_val, 0.0)
        if loss > best_loss:
            best_W, best_loss = W, loss
    return best_W
