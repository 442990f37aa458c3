# %% double_in_place: works on a new array and also returns the array
def double_in_place(a):
    for x in np.nditer(a, op_flags=["readwrite"]):
        x = 2 * x
    return a


# %% double_in_place: works on a new array
def double_in_place(a):
    flat = a.flatten()
    for i in range(len(flat)):
        flat[i] *= 2


# %% double_in_place: doubles a copy that reshape made
def double_in_place(a):
    flat = a.reshape(-1)
    for i in range(flat.size):
        flat[i] *= 2


# %% double_in_place: doubles everything for every entry
def double_in_place(a):
    for x in np.nditer(a, op_flags=["readwrite"]):
        a *= 2


# %% double_in_place: also returns the array and loops over two axes
def double_in_place(a):
    n, m = a.shape
    for i in range(n):
        for j in range(m):
            a[i][j] = a[i][j] * 2
    return a


# %% linear_scores: bias added a second time
def linear_scores(W, X):
    return X @ W + W[-1]


# %% linear_scores: bias added a second time and images in columns
def linear_scores(W, X):
    bias = W[-1, :]
    return np.dot(W.T, X.T) + bias[:, None]


# %% linear_scores: bias added a second time and leaves out the last column
def linear_scores(W, X):
    W_only, b = W[:-1], W[-1]
    return X[:, :-1].dot(W_only) + b


# %% accuracy: percent and lowest score
def accuracy(scores, y):
    predictions = scores.argmin(axis=1)
    return 100 * (predictions == y).mean()


# %% accuracy: best score starts at 0
def accuracy(scores, y):
    correct = 0
    for i in range(len(y)):
        best, label = 0, 0
        for j in range(scores.shape[1]):
            if scores[i, j] > best:
                best, label = scores[i, j], j
        correct += label == y[i]
    return correct / len(y)


# %% accuracy: counts and counts classes from 1
def accuracy(scores, y):
    predicted = np.argmax(scores, axis=1) + 1
    return float(np.sum(predicted == y))


# %% double_in_place: a[:] of a 0-d array
def double_in_place(a):
    a[:] = a * 2


# %% linear_scores: multiplies in the wrong order and transposes X
def linear_scores(W, X):
    return np.dot(W, X.T)


# %% linear_scores: shifts by the largest score
def linear_scores(W, X):
    rows = X @ W
    return rows - rows.max(axis=1)[:, None]


# %% linear_scores: no score below 0
def linear_scores(W, X):
    return np.clip(np.dot(X, W), 0, None)


# %% accuracy: wrong axis, cut to one length
def accuracy(scores, y):
    pairs = list(zip(scores.argmax(0), y))
    return sum(int(guess == label) for guess, label in pairs) / len(pairs)
