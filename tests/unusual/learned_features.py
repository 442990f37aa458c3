# %% two_layer_forward: np.clip and np.dot
def two_layer_forward(params, X):
    h = np.clip(X.dot(params["W1"]) + params["b1"], 0, None)
    return h.dot(params["W2"]) + params["b2"]

# %% two_layer_forward: a mask, in place on its own array
def two_layer_forward(params, X):
    W1, b1, W2, b2 = params["W1"], params["b1"], params["W2"], params["b2"]
    h = X @ W1
    h += b1
    h[h < 0] = 0
    return np.add(h @ W2, b2)

# %% two_layer_forward: the bias trick
def two_layer_forward(params, X):
    ones = np.ones((len(X), 1))
    h = np.hstack([X, ones]) @ np.vstack([params["W1"], params["b1"]])
    return np.hstack([h * (h > 0), ones]) @ np.vstack([params["W2"], params["b2"]])

# %% two_layer_forward: layers in a class
class Affine:
    def __init__(self, W, b):
        self.W, self.b = W, b
    def __call__(self, x):
        return np.einsum("ni,ij->nj", x, self.W) + self.b
class ReLU:
    def __call__(self, x):
        return (np.abs(x) + x) / 2
def two_layer_forward(params, X):
    for layer in (Affine(params["W1"], params["b1"]), ReLU(), Affine(params["W2"], params["b2"])):
        X = layer(X)
    return X

# %% two_layer_loss_and_gradient: as CS231n writes it
def two_layer_loss_and_gradient(params, X, y, reg):
    W1, b1 = params["W1"], params["b1"]
    W2, b2 = params["W2"], params["b2"]
    N, D = X.shape
    z1 = X.dot(W1) + b1
    a1 = np.maximum(0, z1)
    scores = a1.dot(W2) + b2
    shifted = scores - np.max(scores, axis=1, keepdims=True)
    logp = shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))
    loss = -np.sum(logp[np.arange(N), y]) / N
    loss += reg * (np.sum(W1 * W1) + np.sum(W2 * W2))
    grads = {}
    dscores = np.exp(logp)
    dscores[np.arange(N), y] -= 1
    dscores /= N
    grads["W2"] = a1.T.dot(dscores) + 2 * reg * W2
    grads["b2"] = np.sum(dscores, axis=0)
    da1 = dscores.dot(W2.T)
    dz1 = da1 * (z1 > 0)
    grads["W1"] = X.T.dot(dz1) + 2 * reg * W1
    grads["b1"] = np.sum(dz1, axis=0)
    return loss, grads

# %% two_layer_loss_and_gradient: one-hot labels and logaddexp, other order of keys
def two_layer_loss_and_gradient(params, X, y, reg):
    h = np.maximum(X @ params["W1"] + params["b1"], 0)
    s = h @ params["W2"] + params["b2"]
    lse = np.logaddexp.reduce(s, axis=1, keepdims=True)
    hot = np.eye(s.shape[1])[y]
    g = (np.exp(s - lse) - hot) / len(y)
    penalty = sum(np.vdot(params[k], params[k]) for k in ("W1", "W2"))
    back = g @ params["W2"].T
    back[h == 0] = 0
    grads = dict(b2=g.sum(0), b1=back.sum(0), W2=h.T @ g, W1=X.T @ back)
    for k in ("W1", "W2"):
        grads[k] = grads[k] + 2 * reg * params[k]
    return [(lse - (s * hot).sum(1, keepdims=True)).mean() + reg * penalty, grads]

# %% two_layer_loss_and_gradient: np.where and einsum
def two_layer_loss_and_gradient(params, X, y, reg):
    pre = np.einsum("nd,dh->nh", X, params["W1"]) + params["b1"]
    h = np.where(pre > 0, pre, 0.0)
    s = np.einsum("nh,hc->nc", h, params["W2"]) + params["b2"]
    s = s - s.max(1)[:, None]
    p = np.exp(s) / np.exp(s).sum(1)[:, None]
    n = np.arange(len(X))
    loss = np.mean(np.log(np.exp(s).sum(1)) - s[n, y])
    loss = loss + reg * (np.linalg.norm(params["W1"]) ** 2 + np.linalg.norm(params["W2"]) ** 2)
    p[n, y] -= 1
    p /= len(X)
    d = np.where(pre > 0, np.einsum("nc,hc->nh", p, params["W2"]), 0)
    return loss, {
        "W1": np.einsum("nd,nh->dh", X, d) + 2 * reg * params["W1"], "b1": np.einsum("nh->h", d),
        "W2": np.einsum("nh,nc->hc", h, p) + 2 * reg * params["W2"], "b2": np.einsum("nc->c", p),
    }

# %% conv_forward: sliding windows and einsum
from numpy.lib.stride_tricks import sliding_window_view
def conv_forward(x, w, b, stride, pad):
    padded = np.pad(x, [(0, 0), (0, 0), (pad, pad), (pad, pad)])
    windows = sliding_window_view(padded, w.shape[2:], axis=(2, 3))[:, :, ::stride, ::stride]
    return np.einsum("nchwij,fcij->nfhw", windows, w, optimize=True) + b[:, None, None]

# %% conv_forward: a loop over the pixels of the filters
def conv_forward(x, w, b, stride, pad):
    (N, C, H, W), (F, _, HH, WW) = x.shape, w.shape
    xp = np.zeros((N, C, H + 2 * pad, W + 2 * pad))
    xp[:, :, pad:pad + H, pad:pad + W] = x
    h, v = 1 + (H + 2 * pad - HH) // stride, 1 + (W + 2 * pad - WW) // stride
    out = np.zeros((N, F, h, v)) + b.reshape(1, F, 1, 1)
    for i in range(HH):
        for j in range(WW):
            part = xp[:, :, i:i + stride * h:stride, j:j + stride * v:stride]
            out += np.tensordot(part[:, :, :h, :v], w[:, :, i, j], axes=(1, 1)).transpose(0, 3, 1, 2)
    return out

# %% conv_forward: loops over filters, rows and columns
def conv_forward(x, w, b, stride, pad):
    padded = np.pad(x, ((0,), (0,), (pad,), (pad,)), mode="constant")
    rows = 1 + (padded.shape[2] - w.shape[2]) // stride
    cols = 1 + (padded.shape[3] - w.shape[3]) // stride
    out = np.zeros((len(x), len(w), rows, cols))
    for f in range(len(w)):
        for i in range(rows):
            for j in range(cols):
                window = padded[:, :, i * stride:i * stride + w.shape[2], j * stride:j * stride + w.shape[3]]
                out[:, f, i, j] = (window * w[f]).sum(axis=(1, 2, 3)) + b[f]
    return out

# %% conv_forward: columns of patches, one product
def im2col(x, hh, ww, stride):
    n, c, h, w = x.shape
    rows, cols = (h - hh) // stride + 1, (w - ww) // stride + 1
    s0, s1, s2, s3 = x.strides
    view = np.lib.stride_tricks.as_strided(
        x, (n, rows, cols, c, hh, ww), (s0, s2 * stride, s3 * stride, s1, s2, s3), writeable=False
    )
    return view.reshape(n * rows * cols, -1), rows, cols
def conv_forward(x, w, b, stride, pad):
    padded = np.ascontiguousarray(np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad))))
    columns, rows, cols = im2col(padded, *w.shape[2:], stride)
    out = columns @ w.reshape(len(w), -1).T + b
    return out.reshape(len(x), rows, cols, len(w)).transpose(0, 3, 1, 2)

# %% conv_backward: image by image
def conv_backward(dout, x, w, b, stride, pad):
    N, F, Ho, Wo = dout.shape
    HH, WW = w.shape[2:]
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), "constant")
    dxp, dw, db = np.zeros_like(xp), np.zeros_like(w), np.zeros_like(b)
    for n in range(N):
        for f in range(F):
            for i in range(Ho):
                for j in range(Wo):
                    r, c = slice(i * stride, i * stride + HH), slice(j * stride, j * stride + WW)
                    dw[f] += dout[n, f, i, j] * xp[n, :, r, c]
                    dxp[n, :, r, c] += dout[n, f, i, j] * w[f]
                    db[f] += dout[n, f, i, j]
    dx = dxp[:, :, pad:xp.shape[2] - pad, pad:xp.shape[3] - pad]
    return dx, dw, db

# %% conv_backward: einsum over sliding windows
from numpy.lib.stride_tricks import sliding_window_view
def conv_backward(dout, x, w, b, stride, pad):
    xp = np.pad(x, [(0, 0), (0, 0), (pad, pad), (pad, pad)])
    win = sliding_window_view(xp, w.shape[2:], axis=(2, 3))[:, :, ::stride, ::stride]
    dw = np.einsum("nchwij,nfhw->fcij", win, dout, optimize=True)
    dxp = np.zeros(xp.shape)
    rows, cols = dout.shape[2:]
    for i in range(w.shape[2]):
        for j in range(w.shape[3]):
            part = np.einsum("nfhw,fc->nchw", dout, w[:, :, i, j])
            dxp[:, :, i:i + stride * rows:stride, j:j + stride * cols:stride][:, :, :rows, :cols] += part
    H, W = x.shape[2:]
    return [dxp[:, :, pad:pad + H, pad:pad + W], dw, np.einsum("nfhw->f", dout)]

# %% conv_backward: np.add.at on indices
def conv_backward(dout, x, w, b, stride, pad):
    (N, C, H, W), (F, _, HH, WW) = x.shape, w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    i = np.arange(dout.shape[2])[:, None, None, None] * stride + np.arange(HH)[None, None, :, None]
    j = np.arange(dout.shape[3])[None, :, None, None] * stride + np.arange(WW)[None, None, None, :]
    windows = xp[:, :, i, j]
    dw = np.tensordot(dout, windows, axes=([0, 2, 3], [0, 2, 3]))
    dxp = np.zeros_like(xp)
    np.add.at(dxp, (slice(None), slice(None), i, j), np.einsum("nfhw,fcij->nchwij", dout, w))
    return dxp[:, :, pad:pad + H, pad:pad + W], dw, dout.transpose(1, 0, 2, 3).reshape(F, -1).sum(1)

# %% max_pool_forward: sliding windows
from numpy.lib.stride_tricks import sliding_window_view
def max_pool_forward(x, size, stride):
    return sliding_window_view(x, (size, size), axis=(2, 3))[:, :, ::stride, ::stride].max(axis=(4, 5))

# %% max_pool_forward: a running maximum over the places in a window
def max_pool_forward(x, size, stride):
    H, W = (1 + (n - size) // stride for n in x.shape[2:])
    out = np.full((*x.shape[:2], H, W), -np.inf)
    for i in range(size):
        for j in range(size):
            part = x[:, :, i:i + stride * (H - 1) + 1:stride, j:j + stride * (W - 1) + 1:stride]
            out = np.maximum(out, part)
    return out

# %% max_pool_forward: loops over everything
def max_pool_forward(x, size, stride):
    N, C, H, W = x.shape
    out = np.zeros((N, C, (H - size) // stride + 1, (W - size) // stride + 1))
    for n, c, i, j in np.ndindex(*out.shape):
        out[n, c, i, j] = np.max(x[n, c, i * stride:i * stride + size, j * stride:j * stride + size])
    return out

# %% max_pool_forward: first rows, then columns
def max_pool_forward(x, size, stride):
    starts = [range(0, n - size + 1, stride) for n in x.shape[2:]]
    rows = np.stack([x[:, :, i:i + size].max(axis=2) for i in starts[0]], axis=2)
    return np.stack([rows[..., j:j + size].max(axis=3) for j in starts[1]], axis=3)

# %% max_pool_backward: argmax, image by image
def max_pool_backward(dout, x, size, stride):
    dx = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(*dout.shape):
        window = x[n, c, i * stride:i * stride + size, j * stride:j * stride + size]
        r, s = np.unravel_index(window.argmax(), window.shape)
        dx[n, c, i * stride + r, j * stride + s] += dout[n, c, i, j]
    return dx

# %% max_pool_backward: np.add.at
def max_pool_backward(dout, x, size, stride):
    N, C, Ho, Wo = dout.shape
    dx = np.zeros_like(x)
    n, c = np.ogrid[:N, :C]
    for i in range(Ho):
        for j in range(Wo):
            window = x[:, :, i * stride:i * stride + size, j * stride:j * stride + size]
            r, s = np.divmod(window.reshape(N, C, -1).argmax(axis=2), size)
            np.add.at(dx, (n, c, i * stride + r, j * stride + s), dout[:, :, i, j])
    return dx

# %% max_pool_backward: a mask for each place in a window
def max_pool_backward(dout, x, size, stride):
    Ho, Wo = dout.shape[2:]
    places = [
        np.s_[:, :, i:i + stride * (Ho - 1) + 1:stride, j:j + stride * (Wo - 1) + 1:stride]
        for i in range(size) for j in range(size)
    ]
    best = np.max([x[place] for place in places], axis=0)
    dx = np.zeros(x.shape, x.dtype)
    for place in places:
        dx[place] += np.where(x[place] == best, dout, 0)
    return dx
