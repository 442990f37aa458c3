# %% double_in_place: returns the array instead of None
def double_in_place(a):
    a *= 2
    return a
# %% double_in_place: only rebinds the loop variable, nothing is written
def double_in_place(a):
    for x in np.nditer(a, op_flags=['readwrite']):
        x = x * 2
# %% double_in_place: reshape(-1) copies when the array is not contiguous
def double_in_place(a):
    flat = a.reshape(-1)
    for i in range(flat.size):
        flat[i] = 2 * flat[i]
# %% double_in_place: loops over len(a), fails for 0-d, and returns the array
def double_in_place(a):
    for i in range(len(a)):
        a[i] = a[i] * 2
    return a
# %% linear_scores: shifts the rows by their maximum, as in softmax code
def linear_scores(W, X):
    scores = X.dot(W)
    scores -= np.max(scores, axis=1, keepdims=True)
    return scores
# %% linear_scores: explicit loops over images and classes
def linear_scores(W, X):
    num_train = X.shape[0]
    num_classes = W.shape[1]
    scores = np.zeros((num_train, num_classes))
    for i in range(num_train):
        for j in range(num_classes):
            scores[i, j] = X[i].dot(W[:, j])
    return scores
# %% linear_scores: bias row left out
def linear_scores(W, X):
    weights = W[:-1]
    pixels = X[:, :-1]
    return pixels @ weights
# %% linear_scores: result is transposed
def linear_scores(W, X):
    return W.T @ X.T
# %% accuracy: percentage instead of fraction
def accuracy(scores, y):
    y_pred = np.argmax(scores, axis=1)
    num_correct = np.sum(y_pred == y)
    acc = 100.0 * float(num_correct) / y.shape[0]
    return acc
# %% accuracy: argmax along the wrong axis
def accuracy(scores, y):
    y_pred = np.argmax(scores, axis=0)
    n = min(len(y_pred), len(y))
    return float(np.mean(y_pred[:n] == y[:n]))
# %% accuracy: ties always count for the correct class
def accuracy(scores, y):
    n = len(y)
    right = scores[np.arange(n), y]
    best = scores.max(axis=1)
    return np.mean(right >= best)
# %% accuracy: integer division, and divided by the number of classes
def accuracy(scores, y):
    hits = 0
    for row, label in zip(scores, y):
        if np.argmax(row) == label:
            hits += 1
    return hits // scores.shape[1]
