# Calls the answer with loops.
# exercise: svm_loss_vectorized
# deserves: all but no loops

def svm_loss_vectorized(W, X, y, reg):
    return svm_loss_naive(W, X, y, reg)
