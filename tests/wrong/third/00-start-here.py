# %% double_in_place: returns the array instead of None
def double_in_place(a):
    # visit every index of the array, whatever its number of axes
    for index in np.ndindex(a.shape):
        old_value = a[index]
        a[index] = 2 * old_value
    return a

# %% double_in_place: reshape(-1) copies where entries lie apart, so views stay as they were
def double_in_place(a):
    flat = a.reshape(-1)
    flat *= 2

# %% double_in_place: rebinds the loop name, nothing is written
def double_in_place(a):
    for x in np.nditer(a, op_flags=["readwrite"]):
        x = 2 * x

# %% double_in_place: squares instead of doubling, and returns the array
def double_in_place(a):
    for x in np.nditer(a, op_flags=["readwrite"]):
        x[...] = x**2
    return a

# %% linear_scores: leaves the bias out of the sum, and uses loops
def linear_scores(W, X):
    n_images, n_columns = X.shape
    n_classes = W.shape[1]
    scores = np.zeros((n_images, n_classes))
    for i in range(n_images):
        for c in range(n_classes):
            total = 0.0
            for d in range(n_columns - 1):
                total += X[i, d] * W[d, c]
            scores[i, c] = total
    return scores

# %% linear_scores: reshapes the transposed product, which scrambles the entries
def linear_scores(W, X):
    return np.einsum("dc,nd->cn", W, X).reshape(len(X), -1)

# %% linear_scores: adds the bias a second time
def linear_scores(W, X):
    b = W[-1]
    scores = np.dot(X, W) + b
    return scores

# %% linear_scores: integer result cuts the decimals, and loops over the images
def linear_scores(W, X):
    scores = np.zeros((X.shape[0], W.shape[1]), dtype=int)
    for i, x in enumerate(X):
        scores[i] = x @ W
    return scores

# %% accuracy: a tie counts as a hit because the correct class is among the highest
def accuracy(scores, y):
    hits = 0
    for i in range(len(y)):
        highest = max(scores[i])
        if scores[i, y[i]] >= highest:
            hits += 1
    return hits / len(y)

# %% accuracy: divides by the number of scores, not of images
def accuracy(scores, y):
    return np.count_nonzero(scores.argmax(axis=1) == y) / scores.size

# %% accuracy: a percentage
def accuracy(scores, y):
    answer = np.argmax(scores, axis=1)
    right = answer == y
    return 100 * np.sum(right) / len(y)

# %% accuracy: highest magnitude instead of highest score, and integer division
def accuracy(scores, y):
    predicted = np.argmax(np.abs(scores), axis=1)
    return float(np.sum(predicted == y) // len(y))
