# %% double_in_place: reshape(-1) copies non-contiguous arrays, so views such as b.T stay unchanged
def double_in_place(a):
    flat = a.reshape(-1)
    for i in range(flat.size):
        flat[i] = 2 * flat[i]

# %% double_in_place: returns the array instead of None
def double_in_place(a):
    it = np.nditer(a, flags=["multi_index"], op_flags=["readwrite"])
    while not it.finished:
        a[it.multi_index] *= 2
        it.iternext()
    return a

# %% linear_scores: result is transposed, shape (C, N)
def linear_scores(W, X):
    return np.dot(W.T, X.T)

# %% linear_scores: bias row is added a second time, and loops over the images
def linear_scores(W, X):
    N = X.shape[0]
    C = W.shape[1]
    bias = W[-1]
    scores = np.zeros((N, C))
    for i in range(N):
        scores[i] = X[i].dot(W) + bias
    return scores

# %% accuracy: on ties the correct class counts as a hit
def accuracy(scores, y):
    highest = scores.max(axis=1)
    score_of_correct = scores[np.arange(len(y)), y]
    return np.mean(score_of_correct == highest)

# %% accuracy: running maximum starts at 0, so rows of negative scores always give class 0
def accuracy(scores, y):
    n_correct = 0
    for row, label in zip(scores, y):
        best_score = 0.0
        best_class = 0
        for c, s in enumerate(row):
            if s > best_score:
                best_score = s
                best_class = c
        if best_class == label:
            n_correct += 1
    return n_correct / len(y)
