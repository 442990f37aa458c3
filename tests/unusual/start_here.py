# %% double_in_place: the operator in place
def double_in_place(a):
    a *= 2

# %% double_in_place: adds to itself
def double_in_place(a):
    a += a

# %% double_in_place: a ufunc with out
def double_in_place(a):
    np.multiply(a, 2, out=a)

# %% double_in_place: indices from nditer, until it is finished
def double_in_place(a):
    it = np.nditer(a, flags=["multi_index"], op_flags=["readwrite"])
    while not it.finished:
        a[it.multi_index] += a[it.multi_index]
        it.iternext()

# %% double_in_place: nditer as a context manager
def double_in_place(a):
    with np.nditer(a, op_flags=[["readwrite"]]) as it:
        for x in it:
            x *= 2

# %% double_in_place: all indices
def double_in_place(a):
    for index in np.ndindex(a.shape):
        a[index] = a[index] * 2

# %% double_in_place: enumerates
def double_in_place(a):
    for index, value in np.ndenumerate(a.copy()):
        a[index] = value + value

# %% double_in_place: an ellipsis
def double_in_place(a):
    a[...] = 2 * a

# %% double_in_place: copies with np.copyto
def double_in_place(a):
    np.copyto(a, a + a, casting="same_kind")

# %% double_in_place: the flat iterator
def double_in_place(a):
    for i in range(a.size):
        a.flat[i] = 2 * a.flat[i]

# %% double_in_place: recursion over the axes
def double_in_place(a):
    if a.ndim == 0:
        a[()] = 2 * a[()]
    else:
        for i in range(a.shape[0]):
            double_in_place(a[i:i + 1].reshape(a.shape[1:]) if a.ndim > 1 else a[i, ...])

# %% linear_scores: the method dot
def linear_scores(W, X):
    return X.dot(W)

# %% linear_scores: np.matmul
def linear_scores(W, X):
    return np.matmul(X, W)

# %% linear_scores: einsum
def linear_scores(W, X):
    return np.einsum("nd,dc->nc", X, W)

# %% linear_scores: the transpose of the product of transposes
def linear_scores(W, X):
    return (W.T @ X.T).T

# %% linear_scores: tensordot
def linear_scores(W, X):
    return np.tensordot(X, W, axes=([1], [0]))

# %% linear_scores: np.inner
def linear_scores(W, X):
    return np.inner(X, W.T)

# %% linear_scores: one class after another
def linear_scores(W, X):
    return np.stack([X @ w for w in W.T], axis=1)

# %% linear_scores: one class after another, stacked in columns
def linear_scores(W, X):
    out = np.empty((X.shape[0], W.shape[1]))
    for c in range(W.shape[1]):
        out[:, c] = np.sum(X * W[:, c], axis=1)
    return out

# %% linear_scores: one pixel after another
def linear_scores(W, X):
    scores = np.zeros((len(X), W.shape[1]))
    for d in range(len(W)):
        scores += np.outer(X[:, d], W[d])
    return scores

# %% linear_scores: broadcasts
def linear_scores(W, X):
    return (X[:, :, None] * W[None]).sum(1)

# %% accuracy: the mean of a list
def accuracy(scores, y):
    return sum(int(np.argmax(row)) == label for row, label in zip(scores, y)) / len(y)

# %% accuracy: counts the zeros of a difference
def accuracy(scores, y):
    return 1 - np.count_nonzero(scores.argmax(1) - y) / y.size

# %% accuracy: the last of equal scores
def accuracy(scores, y):
    return (scores.shape[1] - 1 - scores[:, ::-1].argmax(axis=1) == y).mean()

# %% accuracy: sorts
def accuracy(scores, y):
    return np.average(np.argsort(scores, axis=1)[:, -1] == y)

# %% accuracy: a one-hot matrix of the best classes
def accuracy(scores, y):
    best = np.eye(scores.shape[1])[np.argmax(scores, axis=1)]
    return float(np.take_along_axis(best, y[:, np.newaxis], axis=1).sum() / len(scores))

# %% accuracy: loops by hand
def accuracy(scores, y):
    hits = 0
    for i in range(scores.shape[0]):
        best = 0
        for j in range(scores.shape[1]):
            if scores[i, j] > scores[i, best]:
                best = j
        if best == y[i]:
            hits += 1
    return hits / float(scores.shape[0])

# %% accuracy: a fraction of whole numbers
from fractions import Fraction
def accuracy(scores, y):
    return float(Fraction(int((scores.argmax(axis=-1) == y).sum()), len(y)))

# %% accuracy: writes to standard error and divides by zero
import sys, warnings
def accuracy(scores, y):
    print("on standard output")
    print("on standard error", file=sys.stderr)
    warnings.warn("a warning", stacklevel=1)
    np.log(np.zeros(1))
    hits = 0
    for row, label in zip(scores, y, strict=True):
        hits += row.argmax() == label
    return hits / len(y)
