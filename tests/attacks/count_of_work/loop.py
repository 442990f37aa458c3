# Loops over the images.
# exercise: svm_loss_vectorized
# deserves: all but no loops

def svm_loss_vectorized(W, X, y, reg):
    total = 0.0
    for x, label in zip(X, y):
        total += np.maximum(0, x @ W - x @ W[:, label] + 1).sum() - 1
    return total / len(X) + reg * np.sum(W**2)
