# Loops by `while`, where loops are allowed.
# exercise: svm_loss_naive
# deserves: all points

def svm_loss_naive(W, X, y, reg):
    i = total = 0
    while i < len(X):
        total += sum(max(0, s - (X[i] @ W)[y[i]] + 1) for s in X[i] @ W) - 1
        i += 1
    return total / len(X) + reg * sum(w * w for row in W for w in row)
