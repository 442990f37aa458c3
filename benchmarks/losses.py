"""What the fast losses cost beside their own matrix products, textbook NumPy and PyTorch.

    python benchmarks/losses.py

Loss and gradient, float32, C = 10, D = 3,073, for all of CIFAR-10 and for a minibatch. Every
repeat times all contenders in a new random order and gives one ratio for each pair; the table
shows the median ratio and the range of the middle half. The bare products are `X @ W` and the
fastest of the natural forms of `X.T @ dS`. NumPy and PyTorch use as many threads as the machine
has cores; set OMP_NUM_THREADS to change it for both. Without PyTorch, its columns are left out.
"""

import os
import time
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from tqdm import tqdm

from cs231n_utils.losses import softmax_loss_and_gradient, svm_loss_and_gradient

try:
    import torch
    import torch.nn.functional as F
except ImportError:
    torch = None

N_PIXELS, N_CLASSES, REG = 3_073, 10, 1e-3
GRADIENT_FORMS = ("X.T @ dS", "(dS.T @ X).T")
GOALS = {"products": 1.15, "textbook": 1.0, "PyTorch": 1.0}

Call = Callable[[], object]


class Size(NamedTuple):
    """How many images, and how long to measure."""

    n_images: int
    n_repeats: int
    calls_a_repeat: int


SIZES = (Size(50_000, n_repeats=15, calls_a_repeat=1), Size(256, n_repeats=60, calls_a_repeat=30))


def main() -> None:
    """Print a table for each size."""
    if torch is None:
        print("PyTorch is not installed: its columns are left out (pip install torch).\n")
    else:
        torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", os.cpu_count() or 1)))
        print(f"{torch.get_num_threads()} threads, NumPy {np.__version__}, {torch.__version__=}\n")
    for size in SIZES:
        report(size, np.random.default_rng(231))


def report(size: Size, rng: np.random.Generator) -> None:
    """Measure one size and print its table."""
    X = rng.standard_normal((size.n_images, N_PIXELS), dtype=np.float32)
    W = rng.standard_normal((N_PIXELS, N_CLASSES), dtype=np.float32) * np.float32(0.01)
    y = rng.integers(0, N_CLASSES, size.n_images)

    calls = product_calls(W, X, rng)
    for loss in ("svm", "softmax"):
        contenders = loss_calls(loss, W, X, y)
        assert_agree(contenders)
        calls |= {f"{loss} {name}": call for name, call in contenders.items()}
    times = measure(calls, size, rng)

    form = min(GRADIENT_FORMS, key=lambda name: np.median(times[name]))
    times["products"] = times["X @ W"] + times[form]
    print(f"N = {size.n_images:,}: X @ W and {form} take {spread(1e3 * times['products'])} ms")
    print(f"{'':8} {'ours, ms':>22} " + " ".join(f"{'/ ' + name:>22}" for name in GOALS))
    for loss in ("svm", "softmax"):
        ours = times[f"{loss} ours"]
        columns = [spread(1e3 * ours)]
        for rival in GOALS:
            rival_times = times.get(rival, times.get(f"{loss} {rival}"))
            columns.append("-" if rival_times is None else spread(ours / rival_times))
        print(f"{loss:8} " + " ".join(f"{column:>22}" for column in columns))
    print()


def product_calls(W: np.ndarray, X: np.ndarray, rng: np.random.Generator) -> dict[str, Call]:
    """The product for the scores, and the natural forms of the one for the gradient."""
    dS = rng.standard_normal((len(X), N_CLASSES), dtype=np.float32)
    return {
        "X @ W": lambda: X @ W,
        "X.T @ dS": lambda: X.T @ dS,
        "(dS.T @ X).T": lambda: (dS.T @ X).T,
    }


def loss_calls(loss: str, W: np.ndarray, X: np.ndarray, y: np.ndarray) -> dict[str, Call]:
    """Loss and gradient of every contender on the same arrays."""
    ours, textbook, pytorch = {
        "svm": (svm_loss_and_gradient, textbook_svm, pytorch_svm),
        "softmax": (softmax_loss_and_gradient, textbook_softmax, pytorch_softmax),
    }[loss]
    calls: dict[str, Call] = {
        "ours": lambda: ours(W, X, y, REG),
        "textbook": lambda: textbook(W, X, y),
    }
    if torch is not None:
        weights = torch.from_numpy(W.copy()).requires_grad_()
        images, labels = torch.from_numpy(X), torch.from_numpy(y)
        calls["PyTorch"] = lambda: pytorch(weights, images, labels)
    return calls


def textbook_svm(W: np.ndarray, X: np.ndarray, y: np.ndarray) -> tuple[float, np.ndarray]:
    """The vectorized hinge loss as courses write it, in float32 throughout."""
    rows = np.arange(len(X))
    scores = X @ W
    margins = np.maximum(0, scores - scores[rows, y][:, np.newaxis] + 1)
    margins[rows, y] = 0
    dscores = (margins > 0).astype(X.dtype)
    dscores[rows, y] = -dscores.sum(axis=1)
    loss = margins.sum() / len(X) + REG * np.sum(W * W)
    return loss, X.T @ dscores / len(X) + 2 * REG * W


def textbook_softmax(W: np.ndarray, X: np.ndarray, y: np.ndarray) -> tuple[float, np.ndarray]:
    """The vectorized cross-entropy as courses write it, in float32 throughout."""
    rows = np.arange(len(X))
    scores = X @ W
    exponentials = np.exp(scores - scores.max(axis=1, keepdims=True))
    probabilities = exponentials / exponentials.sum(axis=1, keepdims=True)
    loss = -np.log(probabilities[rows, y]).mean() + REG * np.sum(W * W)
    probabilities[rows, y] -= 1
    return loss, X.T @ probabilities / len(X) + 2 * REG * W


def pytorch_svm(W: "torch.Tensor", X: "torch.Tensor", y: "torch.Tensor"):
    """Hinge loss and gradient by autograd; PyTorch's is divided by the number of classes."""
    data_loss = F.multi_margin_loss(X @ W, y, reduction="sum") * (N_CLASSES / len(X))
    # `multi_margin_loss` gives the mean over classes of each image's margins.
    return backward(data_loss, W)


def pytorch_softmax(W: "torch.Tensor", X: "torch.Tensor", y: "torch.Tensor"):
    """Cross-entropy and gradient by autograd."""
    return backward(F.cross_entropy(X @ W, y), W)


def backward(data_loss: "torch.Tensor", W: "torch.Tensor"):
    """Loss with L2 and its gradient."""
    W.grad = None
    loss = data_loss + REG * (W * W).sum()
    loss.backward()
    return loss.item(), W.grad.numpy()


def assert_agree(contenders: dict[str, Call]) -> None:
    """Stop if a contender computes something else, since its time would mean nothing."""
    (loss, gradient), *rivals = (call() for call in contenders.values())
    for rival_loss, rival_gradient in rivals:
        np.testing.assert_allclose(rival_loss, loss, rtol=1e-4)
        np.testing.assert_allclose(rival_gradient, gradient, rtol=1e-3, atol=1e-4)


def measure(calls: dict[str, Call], size: Size, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Seconds per call, one figure per repeat."""
    times = {name: np.empty(size.n_repeats) for name in calls}
    for repeat in tqdm(range(size.n_repeats), desc=f"N = {size.n_images:,}", leave=False):
        for name in rng.permutation(list(calls)):
            times[name][repeat] = seconds_a_call(calls[name], size.calls_a_repeat)
    return times


def seconds_a_call(call: Call, n_calls: int) -> float:
    """Median wall time of some calls, after a pause and a call that warms up."""
    # The threads of NumPy's BLAS and of PyTorch's spin for a while after their last work.
    time.sleep(0.02)
    call()
    times = []
    for _ in range(n_calls):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return float(np.median(times))


def spread(values: np.ndarray) -> str:
    """Median and the range of the middle half."""
    low, median, high = np.percentile(values, (25, 50, 75))
    return f"{median:.2f} ({low:.2f} - {high:.2f})"


if __name__ == "__main__":
    main()
