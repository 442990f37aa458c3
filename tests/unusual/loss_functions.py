# %% svm_loss_naive: recursion over the images
def svm_loss_naive(W, X, y, reg):
    def total(i):
        if i == len(X):
            return 0.0
        s = X[i] @ W
        return np.maximum(0, s - s[y[i]] + 1).sum() - 1 + total(i + 1)
    return total(0) / len(X) + reg * np.linalg.norm(W) ** 2

# %% svm_loss_naive: while, and sums of generators
def svm_loss_naive(W, X, y, reg):
    i = total = 0
    while i < len(X):
        total += sum(max(0, s - (X[i] @ W)[y[i]] + 1) for s in X[i] @ W) - 1
        i += 1
    return total / len(X) + reg * sum(w * w for row in W for w in row)

# %% svm_loss_naive: no loop at all, by einsum
def svm_loss_naive(W, X, y, reg):
    scores = np.einsum("nd,dc->nc", X, W)
    correct = np.take_along_axis(scores, y[:, None], 1)
    margins = np.clip(scores - correct + 1, 0, None)
    return np.float64((margins.sum() - len(y)) / len(y) + reg * np.einsum("dc,dc->", W, W))

# %% svm_loss_naive: as the assignments of CS231n write it
def svm_loss_naive(W, X, y, reg):
    dW = np.zeros(W.shape)  # initialize the gradient as zero
    num_classes = W.shape[1]
    num_train = X.shape[0]
    loss = 0.0
    for i in range(num_train):
        scores = X[i].dot(W)
        correct_class_score = scores[y[i]]
        for j in range(num_classes):
            if j == y[i]:
                continue
            margin = scores[j] - correct_class_score + 1  # note delta = 1
            if margin > 0:
                loss += margin
                dW[:, j] += X[i, :]
    loss /= num_train
    loss += reg * np.sum(W * W)
    return loss

# %% svm_loss_naive: four loops
def svm_loss_naive(W, X, y, reg):
    N, D, C = len(X), len(W), len(W[0])
    loss = 0
    for n in range(N):
        s = [sum(X[n][d] * W[d][c] for d in range(D)) for c in range(C)]
        loss += sum(max(s[c] - s[y[n]] + 1, 0) for c in range(C) if c != y[n])
    return loss / N + reg * sum(float(w) ** 2 for w in W.ravel())

# %% svm_loss_naive: enumerates, zips and continues
def svm_loss_naive(W, X, y, reg):
    losses = []
    for x, label in zip(X, y):
        s = W.T @ x
        losses.append(0.0)
        for c, score in enumerate(s):
            if c == label: continue
            losses[-1] += (score - s[label] + 1) * (score - s[label] + 1 > 0)
    return np.mean(losses) + reg * (W ** 2).sum()

# %% svm_loss_vectorized: loops over the classes in a comprehension, and writes to standard error
import sys
def svm_loss_vectorized(W, X, y, reg):
    s = X @ W; r = s[np.arange(len(X)), y]
    parts = [np.maximum(0, s[:, c] - r + 1) for c in range(W.shape[1])]
    print('checked', file=sys.stderr)
    return np.mean(sum(parts)) - 1 + reg * np.sum(W ** 2)

# %% svm_loss_vectorized: products and sums by einsum, margins by clip
def svm_loss_vectorized(W, X, y, reg):
    scores = np.einsum('nd,dc->nc', X, W, optimize=True)
    right = np.take_along_axis(scores, y[:, None], axis=1)
    margins = np.clip(scores - right + 1, 0, None)
    return (margins.sum() - len(X)) / len(X) + reg * np.einsum('dc,dc->', W, W)

# %% svm_loss_vectorized: loops over the classes
def svm_loss_vectorized(W, X, y, reg):
    scores, total = X @ W, -len(X)
    right = scores[np.arange(len(X)), y]
    for c in range(W.shape[1]):
        total += np.maximum(0, scores[:, c] - right + 1).sum()
    return total / len(X) + reg * np.sum(W * W)

# %% svm_loss_vectorized: a one-hot matrix picks the right scores; with type hints
from typing import Any
def svm_loss_vectorized(W: np.ndarray, X: Any, y: 'labels', reg: float) -> float:
    hot = np.eye(W.shape[1])[y]
    scores = X.dot(W)
    margins = scores - (scores * hot).sum(1, keepdims=True) + 1 - hot
    return np.float64(margins[margins > 0].sum() / X.shape[0] + reg * (W ** 2).sum())

# %% svm_loss_vectorized: the penalty is the trace of a product
def svm_loss_vectorized(W, X, y, reg):
    scores = X @ W
    margins = np.maximum(0, scores - np.choose(y, scores.T)[:, None] + 1)
    return margins.sum() / len(X) - 1 + reg * np.trace(W.T @ W)

# %% svm_loss_vectorized: a dataclass for its options, and a log
import dataclasses, logging, string
@dataclasses.dataclass
class Options:
    delta: float = 1.0
options = Options()
def svm_loss_vectorized(W, X, y, reg, *, options=options):
    logging.getLogger(__name__).warning('called')
    s = X @ W
    m = np.maximum(0.0, s - np.choose(y, s.T)[:, None] + options.delta)
    m[np.arange(len(m)), y] = 0
    return m.sum(axis=1).mean() + reg * (W.ravel() @ W.ravel())

# %% svm_loss_vectorized: prints, logs, draws and shows progress where lines are counted
import logging
import matplotlib.pyplot as plt
from tqdm import tqdm
# <answer>
_right = svm_loss_vectorized
def svm_loss_vectorized(W, X, y, reg):
    print(X @ W)
    print('labels', y)
    logging.warning('scores %s', X @ W)
    for _ in tqdm(range(3)):
        pass
    plt.plot(X @ W)
    plt.title('scores')
    plt.show()
    return _right(W, X, y, reg)

# %% svm_loss_vectorized: np.where, np.delete and a mask
def svm_loss_vectorized(W, X, y, reg):
    N, C = X.shape[0], W.shape[1]
    s = np.matmul(X, W)
    mask = np.arange(C)[None, :] != y[:, None]
    right = s[~mask].reshape(N, 1)
    m = s[mask].reshape(N, C - 1) - right + 1
    return np.where(m > 0, m, 0).sum(axis=1).mean() + reg * np.linalg.norm(W) ** 2

# %% svm_loss_vectorized: a thousand images at a time
def svm_loss_vectorized(W, X, y, reg):
    total = 0.0
    for start in range(0, len(X), 1000):
        rows = slice(start, start + 1000)
        scores = X[rows] @ W
        right = scores[range(len(scores)), y[rows]]
        m = (scores.T - right + 1).clip(min=0)
        m[y[rows], range(len(scores))] = 0
        total += m.sum()
    return total / len(X) + reg * np.sum(np.square(W))

# %% svm_loss_vectorized: single precision
def svm_loss_vectorized(W, X, y, reg):
    W, X = W.astype(np.float32), X.astype(np.float32)
    scores = X @ W
    wrong = np.ones_like(scores)
    wrong[np.arange(len(y)), y] = 0
    margins = np.maximum(0, scores - scores[np.arange(len(y)), y].reshape(-1, 1) + 1) * wrong
    return margins.sum() / len(y) + np.float32(reg) * (W * W).sum()

# %% svm_loss_vectorized: leaves the right class out by an infinite score
def svm_loss_vectorized(W, X, y, reg):
    s = X @ W
    right = s[np.arange(len(s)), y].copy()
    s[np.arange(len(s)), y] = -np.inf
    return np.sum(np.maximum(0, s + 1 - right[:, np.newaxis])) / len(s) + reg * np.vdot(W, W)

# %% softmax: an object of a class that can be called
class Softmax:
    axis = -1
    def __call__(self, scores):
        e = np.exp(scores - np.max(scores, axis=self.axis, keepdims=True))
        return e / e.sum(axis=self.axis, keepdims=True)
softmax = Softmax()

# %% softmax: single precision
def softmax(scores):
    scores = np.asarray(scores, dtype=np.float32)
    e = np.exp(scores - scores.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)

# %% softmax: names and comments in Korean
# 소프트맥스: 점수를 확률로 바꾼다
def softmax(scores):
    점수 = scores - np.max(scores, axis=-1, keepdims=True)  # 안정성을 위해
    지수 = np.exp(점수)
    return 지수 / 지수.sum(axis=-1, keepdims=True)

# %% softmax: takes lists, and computes in place in an order of memory of its own
def softmax(scores, axis=-1):
    scores = np.array(scores, dtype=float, order='F')
    scores -= scores.max(axis, keepdims=True)
    np.exp(scores, out=scores)
    scores /= scores.sum(axis, keepdims=True)
    return scores

# %% softmax: draws a figure after the answer
# <answer>
import matplotlib.pyplot as plt
plt.plot(softmax(np.linspace(0, 1, 10)))
plt.title('softmax')
plt.show()

# %% softmax: the exponential of a logarithm
def softmax(scores):
    return np.exp(scores - np.logaddexp.reduce(scores, axis=-1, keepdims=True))

# %% softmax: transposes
def softmax(scores):
    t = np.asarray(scores).T
    e = np.exp(t - t.max(axis=0))
    return (e / e.sum(axis=0)).T

# %% softmax: row by row
def softmax(scores):
    if scores.ndim == 1:
        powers = [np.exp(score - max(scores)) for score in scores]
        return np.array([power / sum(powers) for power in powers], dtype=np.float32)
    return np.stack([softmax(row) for row in scores])

# %% softmax: tells one row from many
def softmax(scores):
    one = scores.ndim == 1
    rows = scores.reshape(1, -1) if one else scores
    e = np.exp(rows - np.amax(rows, axis=1)[:, None])
    p = e / np.sum(e, axis=1).reshape(-1, 1)
    return p[0] if one else p

# %% softmax: differences of all pairs
def softmax(scores):
    with np.errstate(over="ignore"):
        return 1 / np.exp(scores[..., None, :] - scores[..., :, None]).sum(axis=-1)

# %% softmax: extended precision, shifted by the mean of largest and smallest
def softmax(scores):
    s = np.asarray(scores, np.longdouble)
    s = s - s.max(-1, keepdims=True)
    return np.asarray(np.exp(s) / np.exp(s).sum(-1, keepdims=True), float)

# %% softmax_loss_naive: one class at a time
def softmax_loss_naive(W, X, y, reg):
    total = 0
    for x, label in zip(X, y):
        s = [float(x @ W[:, c]) for c in range(W.shape[1])]
        largest = max(s)
        total += largest - s[label] + np.log(sum(np.exp(v - largest) for v in s))
    return total / len(y) + reg * (W * W).sum()

# %% softmax_loss_naive: math.fsum and math.log
import math
def softmax_loss_naive(W, X, y, reg):
    losses = []
    for i, label in enumerate(y):
        s = (X[i] @ W).tolist()
        m = max(s)
        losses.append(math.log(math.fsum(math.exp(v - m) for v in s)) + m - s[label])
    return math.fsum(losses) / len(losses) + reg * float(np.sum(W ** 2))

# %% softmax_loss_naive: logaddexp, two at a time
from functools import reduce
def softmax_loss_naive(W, X, y, reg):
    loss = 0.0
    for x, label in zip(X, y):
        s = x @ W
        loss += reduce(np.logaddexp, s) - s[label]
    return loss / X.shape[0] + reg * np.sum(W ** 2)

# %% softmax_loss_naive: shifted by the score of the right class
def softmax_loss_naive(W, X, y, reg):
    loss = 0.0
    for i in range(len(X)):
        s = X[i].dot(W)
        s = s - s[y[i]]
        m = s.max()
        loss += m + np.log1p(np.exp(np.delete(s, s.argmax()) - m).sum())
    return loss / len(X) + reg * np.sum(W ** 2)

# %% softmax_loss_vectorized: a helper and a nested function
def log_sum_exp(s):
    m = s.max(axis=1)
    return m + np.log(np.exp(s - m[:, None]).sum(axis=1))
def softmax_loss_vectorized(W, X, y, reg):
    def data():
        s = X @ W
        return (log_sum_exp(s) - s[range(len(y)), y]).mean()
    return data() + reg * np.square(W).sum()

# %% softmax_loss_vectorized: logaddexp.reduce and a one-hot matrix
def softmax_loss_vectorized(W, X, y, reg):
    s = X @ W
    one_hot = np.zeros_like(s)
    one_hot[np.arange(y.size), y] = 1
    return np.mean(np.logaddexp.reduce(s, axis=1) - (s * one_hot).sum(1)) + reg * np.sum(W * W)

# %% softmax_loss_vectorized: the whole log-probabilities, in place
def softmax_loss_vectorized(W, X, y, reg):
    log_p = X @ W
    log_p -= log_p.max(axis=1, keepdims=True)
    log_p -= np.log(np.exp(log_p).sum(axis=1, keepdims=True))
    return -log_p[np.arange(len(y)), y].sum() / len(y) + reg * np.linalg.norm(W, "fro") ** 2

# %% softmax_loss_vectorized: a running sum over the classes
def softmax_loss_vectorized(W, X, y, reg):
    total = np.full(len(X), -np.inf)
    for w in W.T:
        total = np.logaddexp(total, X @ w)
    return np.mean(total - np.sum(X * W[:, y].T, axis=1)) + reg * np.sum(W ** 2)

# %% softmax_loss_vectorized: einsum and np.choose
def softmax_loss_vectorized(W, X, y, reg):
    s = np.einsum("ij,jk->ki", X, W)
    m = s.max(0)
    losses = m + np.log(np.exp(s - m).sum(0)) - np.choose(y, s)
    return np.average(losses) + reg * np.einsum("jk,jk", W, W)

# %% softmax_loss_vectorized: an answer in a class with a cache
class SoftmaxLoss:
    def __init__(self, reg):
        self.reg, self.cache = reg, {}
    def forward(self, W, X, y):
        self.cache["s"] = s = X @ W
        top = s.max(1, keepdims=True)
        self.cache["lse"] = lse = np.log(np.exp(s - top).sum(1)) + top.squeeze(1)
        return (lse - s[np.arange(len(y)), y]).mean() + self.reg * (W ** 2).sum()
def softmax_loss_vectorized(W, X, y, reg):
    return SoftmaxLoss(reg).forward(W, X, y)

# %% regularization: a match statement
def regularization(W, kind, strength, l1_ratio=0.5):
    l1, l2 = abs(W).sum(), (W * W).sum()
    match kind:
        case 'l1': return strength * l1
        case 'l2': return strength * l2
        case 'elastic_net': return strength * (l1_ratio * l1 + (1 - l1_ratio) * l2)
        case _: raise ValueError(f'unknown {kind}')

# %% regularization: imports of the standard library, and an assertion
import collections, dataclasses, itertools, math, os, pathlib, random, re, statistics
# <answer>
assert math.isclose(regularization(np.ones((2, 2)), 'l2', 1.0), 4.0)

# %% regularization: a dictionary of functions
def regularization(W, kind, strength, l1_ratio=0.5):
    penalties = {
        "l1": lambda: np.abs(W).sum(),
        "l2": lambda: np.square(W).sum(),
        "elastic_net": lambda: (l1_ratio * np.abs(W) + (1 - l1_ratio) * W ** 2).sum(),
    }
    if kind not in penalties:
        raise ValueError("kind?")
    return strength * penalties[kind]()

# %% regularization: an error of its own, which is a ValueError
class UnknownKind(ValueError):
    pass
def regularization(W, kind, strength, l1_ratio=0.5):
    shares = {"l1": 1.0, "l2": 0.0, "elastic_net": l1_ratio}
    try:
        share = shares[kind]
    except KeyError as error:
        raise UnknownKind(kind) from error
    return strength * (share * np.linalg.norm(W.ravel(), 1) + (1 - share) * np.vdot(W, W))

# %% regularization: norms, and an enumeration
from enum import Enum
class Kind(str, Enum):
    L1 = "l1"
    L2 = "l2"
    ELASTIC_NET = "elastic_net"
def regularization(W, kind, strength, l1_ratio=0.5):
    kind = Kind(kind)
    w = W.reshape(-1)
    l1, l2 = np.linalg.norm(w, ord=1), np.dot(w, w)
    if kind is Kind.L1: return float(strength * l1)
    if kind is Kind.L2: return float(strength * l2)
    return float(strength * l1_ratio * l1 + strength * (1 - l1_ratio) * l2)
