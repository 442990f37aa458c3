# %% max_pool_backward: only the last window counts where a pixel wins in several
def max_pool_backward(dout, x, size, stride):
    N, C, H, W = x.shape
    dx = np.zeros(x.shape)
    for n in range(N):
        for c in range(C):
            for i in range(dout.shape[2]):
                for j in range(dout.shape[3]):
                    win = x[n, c, i * stride : i * stride + size, j * stride : j * stride + size]
                    a, b = np.unravel_index(win.argmax(), win.shape)
                    dx[n, c, i * stride + a, j * stride + b] = dout[n, c, i, j]
    return dx


# %% max_pool_backward: overwritten where windows overlap
def max_pool_backward(dout, x, size, stride):
    dx = np.zeros_like(x)
    _, _, rows, cols = dout.shape
    for i in range(rows):
        for j in range(cols):
            r, c = i * stride, j * stride
            window = x[:, :, r : r + size, c : c + size]
            mask = window == np.max(window, axis=(2, 3), keepdims=True)
            dx[:, :, r : r + size, c : c + size] = mask * dout[:, :, i, j][:, :, None, None]
    return dx


# %% max_pool_backward: place in the window taken for the place in the image
def max_pool_backward(dout, x, size, stride):
    N, C, H, W = x.shape
    dx = np.zeros(x.shape)
    for n in range(N):
        for c in range(C):
            for i in range(dout.shape[2]):
                for j in range(dout.shape[3]):
                    win = x[n, c, i * stride : i * stride + size, j * stride : j * stride + size]
                    a, b = divmod(win.argmax(), size)
                    dx[n, c, a, b] += dout[n, c, i, j]
    return dx


# %% max_pool_forward: / instead of //
def max_pool_forward(x, size, stride):
    N, C, H, W = x.shape
    out = np.zeros((N, C, 1 + (H - size) / stride, 1 + (W - size) / stride))
    for i in range(out.shape[2]):
        for j in range(out.shape[3]):
            r, c = i * stride, j * stride
            out[:, :, i, j] = np.max(x[:, :, r : r + size, c : c + size], axis=(2, 3))
    return out


# %% max_pool_forward: mean instead of maximum and windows not moved by the stride
def max_pool_forward(x, size, stride):
    N, C, H, W = x.shape
    rows, cols = 1 + (H - size) // stride, 1 + (W - size) // stride
    out = np.zeros((N, C, rows, cols))
    for i in range(rows):
        for j in range(cols):
            out[:, :, i, j] = x[:, :, i : i + size, j : j + size].mean(axis=(2, 3))
    return out


# %% conv_forward: pads by 1, whatever pad is
def conv_forward(x, w, b, stride, pad):
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
    Ho, Wo = 1 + (H + 2 * pad - HH) // stride, 1 + (W + 2 * pad - WW) // stride
    out = np.zeros((N, F, Ho, Wo))
    for i in range(Ho):
        for j in range(Wo):
            r, c = i * stride, j * stride
            patch = xp[:, :, r : r + HH, c : c + WW]
            for f in range(F):
                out[:, f, i, j] = np.sum(patch * w[f], axis=(1, 2, 3)) + b[f]
    return out


# %% conv_forward: / instead of //
def conv_forward(x, w, b, stride, pad):
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode="constant")
    Ho = 1 + (H + 2 * pad - HH) / stride
    Wo = 1 + (W + 2 * pad - WW) / stride
    out = np.zeros((N, F, Ho, Wo))
    return out


# %% conv_forward: forgets the bias and turns the filter around
def conv_forward(x, w, b, stride, pad):
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    w = w[:, :, ::-1, ::-1]
    Ho, Wo = (H + 2 * pad - HH) // stride + 1, (W + 2 * pad - WW) // stride + 1
    out = np.zeros((N, F, Ho, Wo))
    for i in range(Ho):
        for j in range(Wo):
            patch = xp[:, :, i * stride : i * stride + HH, j * stride : j * stride + WW]
            out[:, :, i, j] = np.einsum("nchw,fchw->nf", patch, w)
    return out


# %% conv_forward: bias added for every product
def conv_forward(x, w, b, stride, pad):
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    Ho, Wo = (H + 2 * pad - HH) // stride + 1, (W + 2 * pad - WW) // stride + 1
    out = np.zeros((N, F, Ho, Wo))
    for i in range(Ho):
        for j in range(Wo):
            patch = xp[:, :, i * stride : i * stride + HH, j * stride : j * stride + WW]
            for f in range(F):
                out[:, f, i, j] = np.sum(patch * w[f] + b[f], axis=(1, 2, 3))
    return out


# %% conv_backward: dw divided by the images and db of the images only
def conv_backward(dout, x, w, b, stride, pad):
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dxp, dw = np.zeros_like(xp), np.zeros_like(w)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            r, c = i * stride, j * stride
            for f in range(F):
                d = dout[:, f, i, j].reshape(N, 1, 1, 1)
                dw[f] += np.sum(d * xp[:, :, r : r + HH, c : c + WW], axis=0) / N
                dxp[:, :, r : r + HH, c : c + WW] += d * w[f]
    db = np.sum(dout, axis=0)
    return dxp[:, :, pad : pad + H, pad : pad + W], dw, db


# %% conv_backward: dx of the last filter only
def conv_backward(dout, x, w, b, stride, pad):
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dxp, dw, db = np.zeros(xp.shape), np.zeros(w.shape), np.zeros(F)
    for n in range(N):
        for f in range(F):
            for i in range(dout.shape[2]):
                for j in range(dout.shape[3]):
                    r, c = i * stride, j * stride
                    d = dout[n, f, i, j]
                    db[f] += d
                    dw[f] += d * xp[n, :, r : r + HH, c : c + WW]
                    dxp[n, :, r : r + HH, c : c + WW] = d * w[f]
    return dxp[:, :, pad : H + pad, pad : W + pad], dw, db


# %% two_layer_forward: forgets b1 and forgets b2
def two_layer_forward(params, X):
    h = X.dot(params["W1"])
    h[h < 0] = 0
    return h.dot(params["W2"])


# %% two_layer_loss_and_gradient: log of a probability that rounds to 0 and half of the penalty
def two_layer_loss_and_gradient(params, X, y, reg):
    W1, b1, W2, b2 = params["W1"], params["b1"], params["W2"], params["b2"]
    N = X.shape[0]
    h = np.maximum(0, X.dot(W1) + b1)
    f = h.dot(W2) + b2
    f = f - f.max(axis=1, keepdims=True)
    p = np.exp(f) / np.exp(f).sum(axis=1, keepdims=True)
    loss = -np.log(p[range(N), y]).sum() / N + 0.5 * reg * (np.sum(W1 * W1) + np.sum(W2 * W2))
    d = p.copy()
    d[range(N), y] -= 1
    d /= N
    dh = d.dot(W2.T)
    dh[h <= 0] = 0
    grads = {"W2": h.T.dot(d) + reg * W2, "b2": d.sum(axis=0)}
    grads["W1"] = X.T.dot(dh) + reg * W1
    grads["b1"] = dh.sum(axis=0)
    return loss, grads


# %% two_layer_loss_and_gradient: no gradient of the ReLU and bias gradients not summed
def two_layer_loss_and_gradient(params, X, y, reg):
    W1, b1, W2, b2 = params["W1"], params["b1"], params["W2"], params["b2"]
    N = len(X)
    h = np.maximum(0, X @ W1 + b1)
    s = h @ W2 + b2
    s -= s.max(axis=1, keepdims=True)
    lse = np.log(np.exp(s).sum(axis=1))
    loss = (lse - s[np.arange(N), y]).mean() + reg * ((W1**2).sum() + (W2**2).sum())
    d = np.exp(s - lse[:, None])
    d[np.arange(N), y] -= 1
    d /= N
    dh = d @ W2.T
    return loss, {
        "W1": X.T @ dh + 2 * reg * W1,
        "b1": dh,
        "W2": h.T @ d + 2 * reg * W2,
        "b2": d,
    }


# %% two_layer_loss_and_gradient: masks without the bias
def two_layer_loss_and_gradient(params, X, y, reg):
    W1, b1, W2, b2 = params["W1"], params["b1"], params["W2"], params["b2"]
    N = len(X)
    z = X @ W1
    h = np.maximum(0, z + b1)
    s = h @ W2 + b2
    s -= s.max(axis=1, keepdims=True)
    lse = np.log(np.exp(s).sum(axis=1))
    loss = (lse - s[np.arange(N), y]).mean() + reg * ((W1**2).sum() + (W2**2).sum())
    d = np.exp(s - lse[:, None])
    d[np.arange(N), y] -= 1
    d /= N
    dz = (d @ W2.T) * (z > 0)
    return loss, {
        "W1": X.T @ dz + 2 * reg * W1,
        "b1": dz.sum(axis=0),
        "W2": h.T @ d + 2 * reg * W2,
        "b2": d.sum(axis=0),
    }


# %% max_pool_backward: cuts the image into blocks
def max_pool_backward(dout, x, size, stride):
    N, C, H, W = x.shape
    tiles = x.reshape(N, C, H // size, size, W // size, size)
    best = tiles.max(axis=3, keepdims=True).max(axis=5, keepdims=True)
    dtiles = (tiles == best) * dout[:, :, :, None, :, None]
    return dtiles.reshape(N, C, H, W)


# %% conv_forward: all of the padding at the top and left
def conv_forward(x, w, b, stride, pad):
    xp = np.pad(x, [(0, 0), (0, 0), (2 * pad, 0), (2 * pad, 0)])
    H = (xp.shape[2] - w.shape[2]) // stride + 1
    W = (xp.shape[3] - w.shape[3]) // stride + 1
    out = np.zeros((len(x), len(w), H, W))
    for i in range(H):
        for j in range(W):
            patch = xp[:, :, i * stride :, j * stride :][:, :, : w.shape[2], : w.shape[3]]
            out[:, :, i, j] = np.einsum("nchw,fchw->nf", patch, w) + b
    return out
