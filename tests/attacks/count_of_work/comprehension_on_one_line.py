# Loops in a comprehension, in one line of code.
# exercise: svm_loss_vectorized
# deserves: all but no loops

def svm_loss_vectorized(W, X, y, reg):
    return sum([np.maximum(0, x @ W - x @ W[:, c] + 1).sum() - 1 for x, c in zip(X, y)]) / len(X) + reg * np.sum(W**2)
