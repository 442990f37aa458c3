# Loops in np.apply_along_axis.
# exercise: svm_loss_vectorized
# deserves: all but no loops

def svm_loss_vectorized(W, X, y, reg):
    rows = np.column_stack([X @ W, y])
    one = lambda r: np.maximum(0, r[:-1] - r[int(r[-1])] + 1).sum() - 1
    return np.apply_along_axis(one, 1, rows).mean() + reg * np.sum(W**2)
