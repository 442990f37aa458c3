# %% svm_loss_naive: stops at the correct class
def svm_loss_naive(W, X, y, reg):
    loss = 0.0
    for i in range(X.shape[0]):
        scores = X[i].dot(W)
        for j in range(W.shape[1]):
            if j == y[i]:
                break
            loss += max(0, scores[j] - scores[y[i]] + 1)
    return loss / X.shape[0] + reg * np.sum(W * W)


# %% svm_loss_naive: only the last image
def svm_loss_naive(W, X, y, reg):
    for i in range(X.shape[0]):
        loss = 0.0
        scores = X[i].dot(W)
        for j in range(W.shape[1]):
            if j != y[i]:
                loss += max(0, scores[j] - scores[y[i]] + 1)
    return loss / X.shape[0] + reg * np.sum(W * W)


# %% svm_loss_vectorized: zeroes whole rows and half the regularization
def svm_loss_vectorized(W, X, y, reg):
    num_train = X.shape[0]
    scores = X.dot(W)
    margins = np.maximum(0, scores - scores[np.arange(num_train), y].reshape(-1, 1) + 1)
    margins[y] = 0
    return margins.sum() / num_train + 0.5 * reg * np.sum(W * W)


# %% svm_loss_vectorized: scores of the correct classes set to 0
def svm_loss_vectorized(W, X, y, reg):
    scores = X @ W
    scores[np.arange(len(y)), y] = 0
    margins = np.maximum(0, scores - scores[np.arange(len(y)), y].reshape(-1, 1) + 1)
    margins[np.arange(len(y)), y] = 0
    return margins.sum() / len(y) + reg * np.sum(W * W)


# %% softmax_loss_naive: infinite when the correct class is far behind and half the regularization
def softmax_loss_naive(W, X, y, reg):
    loss = 0.0
    for i in range(X.shape[0]):
        f = X[i].dot(W)
        f -= np.max(f)
        p = np.exp(f) / np.sum(np.exp(f))
        loss += -np.log(p[y[i]])
    return loss / X.shape[0] + 0.5 * reg * np.sum(W * W)
