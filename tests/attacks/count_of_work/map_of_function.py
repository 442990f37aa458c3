# Loops in map.
# exercise: svm_loss_vectorized
# deserves: all but no loops

def svm_loss_vectorized(W, X, y, reg):
    one = lambda x, c: np.maximum(0, x @ W - x @ W[:, c] + 1).sum() - 1
    return sum(map(one, X, y)) / len(X) + reg * np.sum(W**2)
