# %% two_layer_forward: returns probabilities
def two_layer_forward(params, X):
    W1, b1 = params['W1'], params['b1']
    W2, b2 = params['W2'], params['b2']
    hidden = np.maximum(0, X.dot(W1) + b1)
    scores = hidden.dot(W2) + b2
    exp_scores = np.exp(scores - np.max(scores, axis=1, keepdims=True))
    probs = exp_scores / np.sum(exp_scores, axis=1, keepdims=True)
    return probs
# %% two_layer_forward: ReLU after the second layer too
def two_layer_forward(params, X):
    affine_relu = lambda x, w, b: np.maximum(0, x.reshape(x.shape[0], -1).dot(w) + b)
    h = affine_relu(X, params['W1'], params['b1'])
    scores = affine_relu(h, params['W2'], params['b2'])
    return scores
# %% two_layer_forward: bias added after the ReLU
def two_layer_forward(params, X):
    A = X @ params["W1"]
    H = np.maximum(0, A) + params["b1"]
    return H @ params["W2"] + params["b2"]
# %% two_layer_forward: result of the ReLU is thrown away, and b2 forgotten
def two_layer_forward(params, X):
    W1, b1, W2, b2 = params["W1"], params["b1"], params["W2"], params["b2"]
    h = X @ W1 + b1
    np.maximum(h, 0)
    return h @ W2
# %% two_layer_loss_and_gradient: penalty with factor 0.5 and gradient reg * W
def two_layer_loss_and_gradient(params, X, y, reg):
    W1, b1 = params['W1'], params['b1']
    W2, b2 = params['W2'], params['b2']
    N = X.shape[0]
    h1 = np.maximum(0, X.dot(W1) + b1)
    scores = h1.dot(W2) + b2
    shifted = scores - np.max(scores, axis=1, keepdims=True)
    Z = np.sum(np.exp(shifted), axis=1, keepdims=True)
    log_probs = shifted - np.log(Z)
    loss = -np.sum(log_probs[np.arange(N), y]) / N
    loss += 0.5 * reg * (np.sum(W1 * W1) + np.sum(W2 * W2))
    dscores = np.exp(log_probs)
    dscores[np.arange(N), y] -= 1
    dscores /= N
    grads = {}
    grads['W2'] = h1.T.dot(dscores) + reg * W2
    grads['b2'] = np.sum(dscores, axis=0)
    dh1 = dscores.dot(W2.T)
    dh1[h1 <= 0] = 0
    grads['W1'] = X.T.dot(dh1) + reg * W1
    grads['b1'] = np.sum(dh1, axis=0)
    return loss, grads
# %% two_layer_loss_and_gradient: biases penalized, and log of rounded probabilities
def two_layer_loss_and_gradient(params, X, y, reg):
    N = X.shape[0]
    a1 = X.dot(params['W1']) + params['b1']
    h1 = a1 * (a1 > 0)
    scores = h1.dot(params['W2']) + params['b2']
    exp_scores = np.exp(scores - np.max(scores, axis=1, keepdims=True))
    probs = exp_scores / np.sum(exp_scores, axis=1, keepdims=True)
    loss = np.mean(-np.log(probs[range(N), y]))
    dscores = probs
    dscores[range(N), y] -= 1
    dscores /= N
    dh = dscores.dot(params['W2'].T) * (a1 > 0)
    grads = {
        'W1': X.T.dot(dh),
        'b1': dh.sum(axis=0),
        'W2': h1.T.dot(dscores),
        'b2': dscores.sum(axis=0),
    }
    for name in params:
        loss += reg * np.sum(params[name] ** 2)
        grads[name] += 2 * reg * params[name]
    return loss, grads
# %% two_layer_loss_and_gradient: mask taken from dH instead of A
def two_layer_loss_and_gradient(params, X, y, reg):
    W1, b1, W2, b2 = (params[k] for k in ("W1", "b1", "W2", "b2"))
    n = len(y)
    A = X @ W1 + b1
    H = np.maximum(0, A)
    S = H @ W2 + b2
    S = S - S.max(axis=1, keepdims=True)
    log_p = S - np.log(np.exp(S).sum(axis=1, keepdims=True))
    loss = -log_p[np.arange(n), y].mean() + reg * ((W1**2).sum() + (W2**2).sum())
    dS = np.exp(log_p)
    dS[np.arange(n), y] -= 1
    dS /= n
    dH = dS @ W2.T
    dA = np.where(dH > 0, dH, 0)
    grads = {
        "W2": H.T @ dS + 2 * reg * W2,
        "b2": dS.sum(axis=0),
        "W1": X.T @ dA + 2 * reg * W1,
        "b1": dA.sum(axis=0),
    }
    return loss, grads
# %% two_layer_loss_and_gradient: biases get means instead of sums
def two_layer_loss_and_gradient(params, X, y, reg):
    W1, W2 = params["W1"], params["W2"]
    rows = np.arange(len(X))
    A = X @ W1 + params["b1"]
    H = np.maximum(A, 0)
    S = H @ W2 + params["b2"]
    m = S.max(axis=1, keepdims=True)
    E = np.exp(S - m)
    total = E.sum(axis=1, keepdims=True)
    losses = np.log(total[:, 0]) - (S - m)[rows, y]
    loss = losses.mean() + reg * (np.sum(W1**2) + np.sum(W2**2))
    dS = E / total
    dS[rows, y] -= 1
    dS = dS / len(X)
    dA = (dS @ W2.T) * (A > 0)
    grads = dict(
        W1=X.T @ dA + 2 * reg * W1,
        b1=dA.mean(axis=0),
        W2=H.T @ dS + 2 * reg * W2,
        b2=dS.mean(axis=0),
    )
    return loss, grads
# %% conv_forward: Python loop over the images
def conv_forward(x, w, b, stride, pad):
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    H_out = 1 + (H + 2 * pad - HH) // stride
    W_out = 1 + (W + 2 * pad - WW) // stride
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), 'constant')
    out = np.zeros((N, F, H_out, W_out))
    for n in range(N):
        for f in range(F):
            for i in range(H_out):
                for j in range(W_out):
                    window = x_pad[n, :, i * stride:i * stride + HH, j * stride:j * stride + WW]
                    out[n, f, i, j] = np.sum(window * w[f]) + b[f]
    return out
# %% conv_forward: filters flipped as in a signal processor's convolution, and stride forgotten in columns
def conv_forward(x, w, b, stride, pad):
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode='constant')
    H_out = 1 + (H + 2 * pad - HH) // stride
    W_out = 1 + (W + 2 * pad - WW) // stride
    w_flip = w[:, :, ::-1, ::-1]
    out = np.zeros((N, F, H_out, W_out))
    for i in range(H_out):
        for j in range(W_out):
            window = x_pad[:, :, i * stride:i * stride + HH, j:j + WW]
            for f in range(F):
                out[:, f, i, j] = np.sum(window * w_flip[f], axis=(1, 2, 3)) + b[f]
    return out
# %% conv_forward: padding only at the top and on the left
def conv_forward(x, w, b, stride, pad):
    n, c, h, wd = x.shape
    f, _, fh, fw = w.shape
    padded = np.zeros((n, c, h + 2 * pad, wd + 2 * pad))
    padded[:, :, 2 * pad :, 2 * pad :] = x
    rows = 1 + (h + 2 * pad - fh) // stride
    cols = 1 + (wd + 2 * pad - fw) // stride
    out = np.empty((n, f, rows, cols))
    for i in range(rows):
        for j in range(cols):
            a, e = i * stride, j * stride
            window = padded[:, :, a : a + fh, e : e + fw]
            out[:, :, i, j] = np.tensordot(window, w, axes=([1, 2, 3], [1, 2, 3])) + b
    return out
# %% conv_forward: bias added once for every channel
def conv_forward(x, w, b, stride, pad):
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    Ho = 1 + (H + 2 * pad - HH) // stride
    Wo = 1 + (W + 2 * pad - WW) // stride
    out = np.zeros((N, F, Ho, Wo))
    for c in range(C):
        for i in range(Ho):
            for j in range(Wo):
                win = xp[:, c, i * stride : i * stride + HH, j * stride : j * stride + WW]
                out[:, :, i, j] += np.einsum("nhw,fhw->nf", win, w[:, c]) + b
    return out
# %% conv_backward: slice pad:-pad is empty without padding
def conv_backward(dout, x, w, b, stride, pad):
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    _, _, H_out, W_out = dout.shape
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), 'constant')
    dx_pad = np.zeros_like(x_pad)
    dw = np.zeros_like(w)
    db = np.sum(dout, axis=(0, 2, 3))
    for n in range(N):
        for f in range(F):
            for i in range(H_out):
                for j in range(W_out):
                    hs, ws = i * stride, j * stride
                    dw[f] += dout[n, f, i, j] * x_pad[n, :, hs:hs + HH, ws:ws + WW]
                    dx_pad[n, :, hs:hs + HH, ws:ws + WW] += dout[n, f, i, j] * w[f]
    dx = dx_pad[:, :, pad:-pad, pad:-pad]
    return dx, dw, db
# %% conv_backward: averages dw and db over the images
def conv_backward(dout, x, w, b, stride, pad):
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode='constant')
    dx_pad = np.zeros(x_pad.shape)
    dw = np.zeros(w.shape)
    db = np.zeros(b.shape)
    for f in range(F):
        db[f] = np.sum(dout[:, f, :, :]) / N
        for i in range(dout.shape[2]):
            for j in range(dout.shape[3]):
                window = x_pad[:, :, i * stride:i * stride + HH, j * stride:j * stride + WW]
                d = dout[:, f, i, j][:, None, None, None]
                dw[f] += np.sum(window * d, axis=0) / N
                dx_pad[:, :, i * stride:i * stride + HH, j * stride:j * stride + WW] += w[f] * d
    return dx_pad[:, :, pad:pad + H, pad:pad + W], dw, db
# %% conv_backward: overlapping windows overwrite each other in dx
def conv_backward(dout, x, w, b, stride, pad):
    n, c, h, wd = x.shape
    fh, fw = w.shape[2:]
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dxp, dw = np.zeros(xp.shape), np.zeros(w.shape)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            rows = slice(i * stride, i * stride + fh)
            cols = slice(j * stride, j * stride + fw)
            d = dout[:, :, i, j]
            dw += np.tensordot(d, xp[:, :, rows, cols], axes=(0, 0))
            dxp[:, :, rows, cols] = np.tensordot(d, w, axes=(1, 0))
    db = dout.sum(axis=(0, 2, 3))
    return dxp[:, :, pad : pad + h, pad : pad + wd], dw, db
# %% conv_backward: dx cut from the corner instead of the middle, db keeps the columns
def conv_backward(dout, x, w, b, stride, pad):
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dxp = np.zeros_like(xp)
    dw = np.zeros_like(w)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            a, c = i * stride, j * stride
            d = dout[:, :, i, j]
            dw += np.einsum("nf,nchw->fchw", d, xp[:, :, a : a + HH, c : c + WW])
            dxp[:, :, a : a + HH, c : c + WW] += np.einsum("nf,fchw->nchw", d, w)
    dx = dxp[:, :, :H, :W]
    db = dout.sum(axis=0).sum(axis=1)
    return dx, dw, db
# %% max_pool_forward: reshape trick, right only if windows tile the map
def max_pool_forward(x, size, stride):
    N, C, H, W = x.shape
    H_out = H // size
    W_out = W // size
    x = x[:, :, :H_out * size, :W_out * size]
    x_reshaped = x.reshape(N, C, H_out, size, W_out, size)
    out = x_reshaped.max(axis=3).max(axis=4)
    return out
# %% max_pool_forward: starts from zeros, negative windows give 0
def max_pool_forward(x, size, stride):
    N, C, H, W = x.shape
    H_out = 1 + (H - size) // stride
    W_out = 1 + (W - size) // stride
    out = np.zeros((N, C, H_out, W_out))
    for i in range(size):
        for j in range(size):
            part = x[:, :, i:i + H_out * stride:stride, j:j + W_out * stride:stride][:, :, :H_out, :W_out]
            out = np.maximum(out, part)
    return out
# %% max_pool_forward: maximum over the channels as well
def max_pool_forward(x, size, stride):
    n, c, h, w = x.shape
    rows, cols = 1 + (h - size) // stride, 1 + (w - size) // stride
    out = np.empty((n, c, rows, cols))
    for i in range(rows):
        for j in range(cols):
            window = x[:, :, i * stride : i * stride + size, j * stride : j * stride + size]
            out[:, :, i, j] = window.max(axis=(1, 2, 3))[:, None]
    return out
# %% max_pool_forward: windows start one pixel apart, and partial windows are kept
def max_pool_forward(x, size, stride):
    N, C, H, W = x.shape
    Ho = int(np.ceil(H / stride))
    Wo = int(np.ceil(W / stride))
    out = np.zeros((N, C, Ho, Wo))
    for i in range(Ho):
        for j in range(Wo):
            out[:, :, i, j] = x[:, :, i : i + size, j : j + size].max(axis=(2, 3))
    return out
# %% max_pool_backward: assigns instead of adding where windows overlap
def max_pool_backward(dout, x, size, stride):
    N, C, H, W = x.shape
    _, _, H_out, W_out = dout.shape
    dx = np.zeros_like(x)
    for n in range(N):
        for c in range(C):
            for i in range(H_out):
                for j in range(W_out):
                    window = x[n, c, i * stride:i * stride + size, j * stride:j * stride + size]
                    ind = np.unravel_index(np.argmax(window), window.shape)
                    dx[n, c, i * stride + ind[0], j * stride + ind[1]] = dout[n, c, i, j]
    return dx
# %% max_pool_backward: reshape trick from the fast layers, right only if windows tile the map
def max_pool_backward(dout, x, size, stride):
    N, C, H, W = x.shape
    h, w = H // size, W // size
    x_reshaped = np.ascontiguousarray(x[:, :, :h * size, :w * size]).reshape(N, C, h, size, w, size)
    out = x_reshaped.max(axis=(3, 5))
    mask = x_reshaped == out[:, :, :, np.newaxis, :, np.newaxis]
    d = dout[:, :, :h, :w]
    dx = np.zeros(x.shape)
    dx[:, :, :h * size, :w * size] = (mask * d[:, :, :, None, :, None]).reshape(N, C, h * size, w * size)
    return dx
# %% max_pool_backward: writes into dx.ravel(), a copy for transposed views
def max_pool_backward(dout, x, size, stride):
    n, c, h, w = x.shape
    dx = np.zeros_like(x)
    flat = dx.ravel()
    for a in range(n):
        for k in range(c):
            for i in range(dout.shape[2]):
                for j in range(dout.shape[3]):
                    top, left = i * stride, j * stride
                    win = x[a, k, top : top + size, left : left + size]
                    r, s = divmod(int(np.argmax(win)), size)
                    flat[((a * c + k) * h + top + r) * w + left + s] += dout[a, k, i, j]
    return dx
# %% max_pool_backward: winner over all channels, and overlapping windows overwrite each other
def max_pool_backward(dout, x, size, stride):
    dx = np.zeros(x.shape)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            rows = slice(i * stride, i * stride + size)
            cols = slice(j * stride, j * stride + size)
            win = x[:, :, rows, cols]
            mask = win == win.max(axis=(1, 2, 3), keepdims=True)
            dx[:, :, rows, cols] = mask * dout[:, :, i, j][:, :, None, None]
    return dx
