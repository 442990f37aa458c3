# %% two_layer_forward: ReLU on the scores as well
def two_layer_forward(params, X):
    def layer(inputs, W, b):
        return np.maximum(0, inputs @ W + b)

    hidden = layer(X, params["W1"], params["b1"])
    return layer(hidden, params["W2"], params["b2"])

# %% two_layer_forward: the first bias is added after the ReLU
def two_layer_forward(params, X):
    W1, b1, W2, b2 = params["W1"], params["b1"], params["W2"], params["b2"]
    h = np.maximum(0, X.dot(W1)) + b1
    scores = h.dot(W2) + b2
    return scores

# %% two_layer_loss_and_gradient: the mask asks for the sign of dH instead of A
def two_layer_loss_and_gradient(params, X, y, reg):
    W1, b1, W2, b2 = (params[name] for name in ("W1", "b1", "W2", "b2"))
    N = len(X)
    rows = np.arange(N)
    A = X @ W1 + b1
    H = np.maximum(0, A)
    S = H @ W2 + b2
    S = S - S.max(axis=1, keepdims=True)
    log_sum = np.log(np.exp(S).sum(axis=1))
    loss = np.mean(log_sum - S[rows, y]) + reg * (np.sum(W1**2) + np.sum(W2**2))

    dS = np.exp(S - log_sum[:, None])
    dS[rows, y] -= 1
    dS /= N
    dH = dS @ W2.T
    dA = np.maximum(0, dH)
    grads = {
        "W1": X.T @ dA + 2 * reg * W1,
        "b1": dA.sum(axis=0),
        "W2": H.T @ dS + 2 * reg * W2,
        "b2": dS.sum(axis=0),
    }
    return loss, grads

# %% two_layer_loss_and_gradient: penalty's gradient without the 2, and the log of a rounded probability
def two_layer_loss_and_gradient(params, X, y, reg):
    n = X.shape[0]
    W1, W2 = params["W1"], params["W2"]
    hidden = np.maximum(0, X.dot(W1) + params["b1"])
    scores = hidden.dot(W2) + params["b2"]
    exps = np.exp(scores - np.max(scores, axis=1, keepdims=True))
    probs = exps / np.sum(exps, axis=1, keepdims=True)
    loss = np.sum(-np.log(probs[np.arange(n), y])) / n
    loss += reg * (np.sum(W1 * W1) + np.sum(W2 * W2))

    delta = probs.copy()
    delta[np.arange(n), y] -= 1
    delta /= n
    grads = {}
    grads["W2"] = hidden.T.dot(delta) + reg * W2
    grads["b2"] = np.sum(delta, axis=0)
    back = delta.dot(W2.T)
    back[hidden <= 0] = 0
    grads["W1"] = X.T.dot(back) + reg * W1
    grads["b1"] = np.sum(back, axis=0)
    return loss, grads

# %% conv_forward: windows start at i, j instead of i * stride, j * stride
def conv_forward(x, w, b, stride, pad):
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    H_out = 1 + (H + 2 * pad - HH) // stride
    W_out = 1 + (W + 2 * pad - WW) // stride
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    out = np.zeros((N, F, H_out, W_out))
    for i in range(H_out):
        for j in range(W_out):
            window = padded[:, :, i : i + HH, j : j + WW]
            out[:, :, i, j] = np.tensordot(window, w, axes=([1, 2, 3], [1, 2, 3])) + b
    return out

# %% conv_forward: loop over the images, and the maps are taken to be square
def conv_forward(x, w, b, stride, pad):
    n_images, n_filters, size = len(x), len(w), w.shape[2]
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode="constant")
    side = 1 + (x.shape[2] + 2 * pad - size) // stride
    maps = np.zeros((n_images, n_filters, side, side))
    for n in range(n_images):
        for f in range(n_filters):
            for r in range(side):
                for c in range(side):
                    top, left = r * stride, c * stride
                    patch = xp[n, :, top : top + size, left : left + size]
                    maps[n, f, r, c] = np.sum(patch * w[f]) + b[f]
    return maps

# %% conv_backward: overlapping windows overwrite dx instead of adding up
def conv_backward(dout, x, w, b, stride, pad):
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dpadded = np.zeros(padded.shape)
    dw = np.zeros(w.shape)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            rows = slice(i * stride, i * stride + HH)
            cols = slice(j * stride, j * stride + WW)
            d = dout[:, :, i, j]
            dw += np.tensordot(d, padded[:, :, rows, cols], axes=(0, 0))
            dpadded[:, :, rows, cols] = np.tensordot(d, w, axes=(1, 0))
    db = dout.sum(axis=(0, 2, 3))
    return dpadded[:, :, pad : pad + H, pad : pad + W], dw, db

# %% conv_backward: pad:-pad is empty for pad 0, and dw is divided by the number of images
def conv_backward(dout, x, w, b, stride, pad):
    n = x.shape[0]
    height, width = w.shape[2:]
    big = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    d_big = np.zeros_like(big)
    dw, db = np.zeros_like(w), np.zeros_like(b)
    for r in range(dout.shape[2]):
        for c in range(dout.shape[3]):
            top, left = r * stride, c * stride
            window = big[:, :, top : top + height, left : left + width]
            g = dout[:, :, r, c]
            db += g.sum(axis=0)
            dw += np.einsum("nf,nchw->fchw", g, window) / n
            d_big[:, :, top : top + height, left : left + width] += np.einsum(
                "nf,fchw->nchw", g, w
            )
    dx = d_big[:, :, pad:-pad, pad:-pad]
    return dx, dw, db

# %% max_pool_forward: maximum starts at 0, windows of negative numbers give 0
def max_pool_forward(x, size, stride):
    N, C, H, W = x.shape
    h_out, w_out = 1 + (H - size) // stride, 1 + (W - size) // stride
    best = np.zeros((N, C, h_out, w_out))
    for a in range(size):
        for b in range(size):
            shifted = x[:, :, a : a + stride * h_out : stride, b : b + stride * w_out : stride]
            best = np.maximum(best, shifted[:, :, :h_out, :w_out])
    return best

# %% max_pool_forward: reshape ignores the stride, no overlap and no gaps
def max_pool_forward(x, size, stride):
    N, C, H, W = x.shape
    rows, cols = H // size, W // size
    cut = x[:, :, : rows * size, : cols * size]
    blocks = cut.reshape(N, C, rows, size, cols, size)
    return blocks.max(axis=(3, 5))

# %% max_pool_backward: where windows overlap, the last one wins instead of the sum
def max_pool_backward(dout, x, size, stride):
    dx = np.zeros(x.shape)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            r, c = i * stride, j * stride
            window = x[:, :, r : r + size, c : c + size]
            winner = window == window.max(axis=(2, 3), keepdims=True)
            target = dx[:, :, r : r + size, c : c + size]
            target[winner] = np.broadcast_to(dout[:, :, i, j, None, None], window.shape)[winner]
    return dx

# %% max_pool_backward: ravel of zeros_like is a copy for a transposed view, so dx stays 0
def max_pool_backward(dout, x, size, stride):
    N, C, H, W = x.shape
    dx = np.zeros_like(x)
    flat = dx.ravel()
    for n in range(N):
        for c in range(C):
            for i in range(dout.shape[2]):
                for j in range(dout.shape[3]):
                    top, left = i * stride, j * stride
                    window = x[n, c, top : top + size, left : left + size]
                    a, b = np.unravel_index(np.argmax(window), window.shape)
                    place = ((n * C + c) * H + top + a) * W + left + b
                    flat[place] += dout[n, c, i, j]
    return dx
