# %% two_layer_forward: probabilities instead of scores
def two_layer_forward(params, X):
    A = X @ params["W1"] + params["b1"]
    H = np.where(A > 0, A, 0)
    S = H @ params["W2"] + params["b2"]
    P = np.zeros_like(S)
    for i in range(len(S)):
        e = np.exp(S[i] - S[i].max())
        P[i] = e / e.sum()
    return P

# %% two_layer_forward: first bias added behind the ReLU
def two_layer_forward(params, X):
    W1, b1, W2, b2 = (params[k] for k in ("W1", "b1", "W2", "b2"))
    return (np.maximum(0, X @ W1) + b1) @ W2 + b2

# %% two_layer_forward: second bias forgotten
def two_layer_forward(params, X):
    hidden = X.dot(params["W1"]) + params["b1"]
    hidden[hidden < 0] = 0
    scores = hidden.dot(params["W2"])
    return scores

# %% two_layer_forward: ReLU behind the scores too, and no first bias
def two_layer_forward(params, X):
    out = X
    for k in ("1", "2"):
        out = out @ params["W" + k]
        if k == "2":
            out = out + params["b" + k]
        out = np.maximum(0, out)
    return out

# %% two_layer_loss_and_gradient: biases penalized
def two_layer_loss_and_gradient(params, X, y, reg):
    N = len(X)
    A = X @ params["W1"] + params["b1"]
    H = np.maximum(0, A)
    S = H @ params["W2"] + params["b2"]
    S = S - S.max(axis=1, keepdims=True)
    log_sum = np.log(np.exp(S).sum(axis=1))
    loss = np.mean(log_sum - S[np.arange(N), y])
    dS = np.exp(S - log_sum[:, None])
    dS[np.arange(N), y] -= 1
    dS /= N
    dA = (dS @ params["W2"].T) * (A > 0)
    grads = {
        "W1": X.T @ dA,
        "b1": dA.sum(axis=0),
        "W2": H.T @ dS,
        "b2": dS.sum(axis=0),
    }
    for name in params:
        loss += reg * np.sum(params[name] ** 2)
        grads[name] = grads[name] + 2 * reg * params[name]
    return loss, grads

# %% two_layer_loss_and_gradient: the mask lets zeros through, so it masks nothing
def two_layer_loss_and_gradient(params, X, y, reg):
    W1, b1, W2, b2 = (params[k] for k in ("W1", "b1", "W2", "b2"))
    H = np.maximum(0, X @ W1 + b1)
    S = H @ W2 + b2
    S -= S.max(1, keepdims=True)
    lse, at = np.log(np.exp(S).sum(1)), (np.arange(len(y)), y)
    loss = (lse - S[at]).mean() + reg * (np.vdot(W1, W1) + np.vdot(W2, W2))
    dS = np.exp(S - lse[:, None])
    dS[at] -= 1
    dS /= len(y)
    dA = np.where(H >= 0, dS @ W2.T, 0)
    return loss, {
        "W1": X.T @ dA + 2 * reg * W1,
        "b1": dA.sum(0),
        "W2": H.T @ dS + 2 * reg * W2,
        "b2": dS.sum(0),
    }

# %% two_layer_loss_and_gradient: mean of the rows for the first bias
def two_layer_loss_and_gradient(params, X, y, reg):
    N = X.shape[0]
    W1 = params["W1"]
    W2 = params["W2"]
    A = X.dot(W1) + params["b1"]
    H = np.maximum(0, A)
    scores = H.dot(W2) + params["b2"]
    shifted = scores - np.max(scores, axis=1, keepdims=True)
    sums = np.sum(np.exp(shifted), axis=1, keepdims=True)
    log_probs = shifted - np.log(sums)
    loss = -np.sum(log_probs[np.arange(N), y]) / N
    loss += reg * (np.sum(W1**2) + np.sum(W2**2))
    dscores = np.exp(log_probs)
    dscores[np.arange(N), y] -= 1
    dscores /= N
    grads = {}
    grads["W2"] = H.T.dot(dscores) + 2 * reg * W2
    grads["b2"] = np.sum(dscores, axis=0)
    dA = dscores.dot(W2.T)
    dA[A <= 0] = 0
    grads["W1"] = X.T.dot(dA) + 2 * reg * W1
    grads["b1"] = np.mean(dA, axis=0)
    return loss, grads

# %% two_layer_loss_and_gradient: scores not shifted, and penalty gradients without the 2
def two_layer_loss_and_gradient(params, X, y, reg):
    hidden = np.maximum(0, X @ params["W1"] + params["b1"])
    e = np.exp(hidden @ params["W2"] + params["b2"])
    p = e / e.sum(axis=1, keepdims=True)
    n = np.arange(len(y))
    loss = -np.log(p[n, y]).mean()
    loss += reg * (np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2))
    p[n, y] -= 1
    p /= len(y)
    d_hidden = p @ params["W2"].T * (hidden > 0)
    grads = {"W2": hidden.T @ p + reg * params["W2"], "b2": p.sum(axis=0)}
    grads["W1"] = X.T @ d_hidden + reg * params["W1"]
    grads["b1"] = d_hidden.sum(axis=0)
    return loss, grads

# %% conv_forward: filters flipped, a true convolution
def conv_forward(x, w, b, stride, pad):
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    H_out = 1 + (H + 2 * pad - HH) // stride
    W_out = 1 + (W + 2 * pad - WW) // stride
    padded = np.zeros((N, C, H + 2 * pad, W + 2 * pad))
    padded[:, :, pad : pad + H, pad : pad + W] = x
    kernel = w[:, :, ::-1, ::-1]
    out = np.zeros((N, F, H_out, W_out))
    for f in range(F):
        for i in range(H_out):
            for j in range(W_out):
                top, left = i * stride, j * stride
                window = padded[:, :, top : top + HH, left : left + WW]
                out[:, f, i, j] = np.sum(window * kernel[f], axis=(1, 2, 3)) + b[f]
    return out

# %% conv_forward: windows flattened with the channel last, filters with the channel first
def conv_forward(x, w, b, stride, pad):
    F, C, HH, WW = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    win = np.lib.stride_tricks.sliding_window_view(xp, (HH, WW), axis=(2, 3))
    win = win[:, :, ::stride, ::stride]
    N, _, Ho, Wo = win.shape[:4]
    columns = win.transpose(0, 2, 3, 4, 5, 1).reshape(N * Ho * Wo, -1)
    out = columns @ w.reshape(F, -1).T + b
    return out.reshape(N, Ho, Wo, F).transpose(0, 3, 1, 2)

# %% conv_forward: windows start one pixel apart whatever the stride
def conv_forward(x, w, b, stride, pad):
    N, C, H, W = x.shape
    F, C, HH, WW = w.shape
    Hout = 1 + (H + 2 * pad - HH) // stride
    Wout = 1 + (W + 2 * pad - WW) // stride
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode="constant")
    out = np.zeros((N, F, Hout, Wout))
    for i in range(Hout):
        for j in range(Wout):
            window = x_pad[:, :, i : i + HH, j : j + WW]
            for f in range(F):
                out[:, f, i, j] = np.sum(window * w[f], axis=(1, 2, 3)) + b[f]
    return out

# %% conv_forward: all zeros on one side, and no bias
def conv_forward(x, w, b, stride, pad):
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (0, 2 * pad), (0, 2 * pad)))
    h_out, w_out = 1 + (H + 2 * pad - HH) // stride, 1 + (W + 2 * pad - WW) // stride
    out = np.empty((N, F, h_out, w_out))
    for i in range(h_out):
        for j in range(w_out):
            r, c = i * stride, j * stride
            out[:, :, i, j] = np.tensordot(xp[:, :, r : r + HH, c : c + WW], w, ((1, 2, 3), (1, 2, 3)))
    return out

# %% conv_backward: dx overwritten where windows overlap
def conv_backward(dout, x, w, b, stride, pad):
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    _, _, H_out, W_out = dout.shape
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    d_padded = np.zeros(padded.shape)
    dw = np.zeros(w.shape)
    db = np.zeros(F)
    for i in range(H_out):
        for j in range(W_out):
            rows = slice(i * stride, i * stride + HH)
            cols = slice(j * stride, j * stride + WW)
            window = padded[:, :, rows, cols]
            d_window = np.zeros(window.shape)
            for f in range(F):
                d = dout[:, f, i, j]
                db[f] += np.sum(d)
                dw[f] += np.sum(d[:, None, None, None] * window, axis=0)
                d_window += d[:, None, None, None] * w[f]
            d_padded[:, :, rows, cols] = d_window
    return d_padded[:, :, pad : pad + H, pad : pad + W], dw, db

# %% conv_backward: cutting off a padding of 0 leaves nothing
def conv_backward(dout, x, w, b, stride, pad):
    HH, WW = w.shape[2:]
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dxp, dw = np.zeros(xp.shape), np.zeros(w.shape)
    for i, j in np.ndindex(*dout.shape[2:]):
        at = np.s_[:, :, i * stride : i * stride + HH, j * stride : j * stride + WW]
        d = dout[:, :, i, j]
        dw += np.einsum("nf,nchw->fchw", d, xp[at])
        dxp[at] += np.einsum("nf,fchw->nchw", d, w)
    return dxp[:, :, pad:-pad, pad:-pad], dw, dout.sum(axis=(0, 2, 3))

# %% conv_backward: mean over the images for the biases
def conv_backward(dout, x, w, b, stride, pad):
    N, C, H, W = x.shape
    F, C, HH, WW = w.shape
    N, F, Hout, Wout = dout.shape
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode="constant")
    dx_pad = np.zeros(x_pad.shape)
    dw = np.zeros(w.shape)
    db = dout.sum(axis=(2, 3)).mean(axis=0)
    for i in range(Hout):
        for j in range(Wout):
            r = i * stride
            c = j * stride
            for f in range(F):
                d = dout[:, f, i, j].reshape(N, 1, 1, 1)
                dw[f] += np.sum(x_pad[:, :, r : r + HH, c : c + WW] * d, axis=0)
                dx_pad[:, :, r : r + HH, c : c + WW] += w[f] * d
    dx = dx_pad[:, :, pad : pad + H, pad : pad + W]
    return dx, dw, db

# %% conv_backward: dx cut from the corner of the padding, and dw divided by the images
def conv_backward(dout, x, w, b, stride, pad):
    n, _, height, width = x.shape
    hh, ww = w.shape[2], w.shape[3]
    xp = np.pad(x, [(0, 0), (0, 0), (pad, pad), (pad, pad)])
    dxp = np.zeros_like(xp)
    dw = np.zeros_like(w)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            r, c = stride * i, stride * j
            d = dout[:, :, i, j]
            dw += np.tensordot(d, xp[:, :, r : r + hh, c : c + ww], axes=(0, 0)) / n
            dxp[:, :, r : r + hh, c : c + ww] += np.tensordot(d, w, axes=(1, 0))
    return dxp[:, :, :height, :width], dw, dout.sum(axis=(0, 2, 3))

# %% max_pool_forward: maximum starts at 0, negative windows give 0
def max_pool_forward(x, size, stride):
    N, C, H, W = x.shape
    H_out = 1 + (H - size) // stride
    W_out = 1 + (W - size) // stride
    out = np.zeros((N, C, H_out, W_out))
    for i in range(H_out):
        for j in range(W_out):
            for a in range(size):
                for b in range(size):
                    pixel = x[:, :, i * stride + a, j * stride + b]
                    out[:, :, i, j] = np.maximum(out[:, :, i, j], pixel)
    return out

# %% max_pool_forward: tiles of the window's size, the stride is not used
def max_pool_forward(x, size, stride):
    N, C, H, W = x.shape
    h, w = H // size, W // size
    tiles = x[:, :, : h * size, : w * size].reshape(N, C, h, size, w, size)
    return tiles.max(axis=(3, 5))

# %% max_pool_forward: output square, width taken from the height
def max_pool_forward(x, size, stride):
    N, C, H, W = x.shape
    Hout = 1 + (H - size) // stride
    out = np.zeros((N, C, Hout, Hout))
    for i in range(Hout):
        for j in range(Hout):
            window = x[:, :, i * stride : i * stride + size, j * stride : j * stride + size]
            out[:, :, i, j] = np.max(window, axis=(2, 3))
    return out

# %% max_pool_forward: windows start size pixels apart down the rows, and results cut to integers
def max_pool_forward(x, size, stride):
    n, c, h, w = x.shape
    out = np.zeros((n, c, 1 + (h - size) // stride, 1 + (w - size) // stride), dtype=int)
    for i in range(out.shape[2]):
        for j in range(out.shape[3]):
            part = x[:, :, i * size : i * size + size, j * stride : j * stride + size]
            if part.size:
                out[:, :, i, j] = part.max(axis=(2, 3))
    return out

# %% max_pool_backward: a pixel that wins several times gets the last number only
def max_pool_backward(dout, x, size, stride):
    N, C, H_out, W_out = dout.shape
    dx = np.zeros(x.shape)
    for n in range(N):
        for c in range(C):
            for i in range(H_out):
                for j in range(W_out):
                    top, left = i * stride, j * stride
                    window = x[n, c, top : top + size, left : left + size]
                    a, b = np.unravel_index(np.argmax(window), window.shape)
                    dx[n, c, top + a, left + b] = dout[n, c, i, j]
    return dx

# %% max_pool_backward: writes into a copy when x is a transposed view
def max_pool_backward(dout, x, size, stride):
    N, C, H, W = x.shape
    _, _, Ho, Wo = dout.shape
    win = np.lib.stride_tricks.sliding_window_view(x, (size, size), axis=(2, 3))
    win = win[:, :, ::stride, ::stride][:, :, :Ho, :Wo]
    a, b = np.divmod(win.reshape(N, C, Ho, Wo, -1).argmax(axis=-1), size)
    n, c, i, j = np.indices(dout.shape)
    flat = np.ravel_multi_index((n, c, i * stride + a, j * stride + b), x.shape)
    dx = np.zeros_like(x)
    np.add.at(dx.ravel(), flat.ravel(), dout.ravel())
    return dx

# %% max_pool_backward: place within the window taken as place within the image
def max_pool_backward(dout, x, size, stride):
    N, C, Hout, Wout = dout.shape
    dx = np.zeros(x.shape)
    for n in range(N):
        for c in range(C):
            for i in range(Hout):
                for j in range(Wout):
                    window = x[n, c, i * stride : i * stride + size, j * stride : j * stride + size]
                    k = np.argmax(window)
                    row = k // size
                    col = k % size
                    dx[n, c, row, col] += dout[n, c, i, j]
    return dx

# %% max_pool_backward: one maximum for all images and channels, and divided by the window's pixels
def max_pool_backward(dout, x, size, stride):
    dx = np.zeros(x.shape)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            at = np.s_[:, :, i * stride : i * stride + size, j * stride : j * stride + size]
            winner = x[at] == x[at].max()
            dx[at] += winner * dout[:, :, i, j][:, :, None, None] / size**2
    return dx
