"""What the networks of notebook 09 reach on CIFAR-10, and how their layers compare with PyTorch's.

    python benchmarks/layers.py [--speed] [--epochs N] [FOLDER]

FOLDER holds ``cifar-10-batches-py/``; without it, CS231N_DATASETS or ``datasets/``. ``--speed``
leaves the training out. Times of layers are ratios within one run, the medians of several taken
in turns, on as many threads as OPENBLAS_NUM_THREADS says (by default all cores). About four
minutes on two cores. Exit code 1 if an accuracy is below its target.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable

import numpy as np
from timing import seconds

from cs231n_utils import as_matrix, layers, load_cifar10, mean_image
from cs231n_utils.optimizers import adam, cosine_schedule
from cs231n_utils.training import train
from grading.exercises.learned_features.two_layer_forward import two_layer_forward
from grading.exercises.learned_features.two_layer_loss_and_gradient import (
    two_layer_loss_and_gradient,
)

BATCH = 64
LEAST_PIXELS, LEAST_CONVNET, MOST_SECONDS = 0.52, 0.60, 300


def main() -> int:
    """Print the figures; 0 if both accuracies reach their targets, else 1."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--speed", action="store_true", help="compare with PyTorch only")
    parser.add_argument("--epochs", type=int, default=3, help="of the ConvNet (default 3)")
    parser.add_argument("folder", nargs="?", help="folder of cifar-10-batches-py")
    arguments = parser.parse_args()

    report_speed()
    if arguments.speed:
        return 0
    data = load_cifar10(arguments.folder)
    print(data, "\n")
    mean = mean_image(data.X_train)
    X, X_test = (as_matrix(part, mean)[:, :-1] for part in (data.X_train, data.X_test))
    X /= 64
    X_test /= 64

    start = time.perf_counter()
    pixels = train_on_pixels(X, data.y_train, X_test, data.y_test)
    print(f"two-layer network on pixels  {pixels:.3f} test, {time.perf_counter() - start:.0f} s")
    start = time.perf_counter()
    convnet = train_convnet(X, data.y_train, X_test, data.y_test, arguments.epochs)
    seconds_taken = time.perf_counter() - start
    print(
        f"ConvNet, {arguments.epochs} epochs            {convnet:.3f} test, {seconds_taken:.0f} s "
        f"(target: under {MOST_SECONDS} s on two cores)"
    )
    return 0 if pixels >= LEAST_PIXELS and convnet >= LEAST_CONVNET else 1


def train_on_pixels(X: np.ndarray, y: np.ndarray, X_test: np.ndarray, y_test: np.ndarray) -> float:
    """Test accuracy of 200 hidden units, trained as in the notebook."""
    rng = np.random.default_rng(231)
    params = {
        "W1": rng.standard_normal((X.shape[1], 200)) * np.sqrt(2 / X.shape[1]),
        "b1": np.zeros(200),
        "W2": rng.standard_normal((200, 10)) * np.sqrt(1 / 200),
        "b2": np.zeros(10),
    }
    params = {name: value.astype(np.float32) for name, value in params.items()}
    params, _ = train(
        two_layer_loss_and_gradient,
        params,
        X,
        y,
        step_size=1e-3,
        reg=3e-4,
        rng=rng,
        n_epochs=8,
        batch_size=128,
        rule=adam,
        schedule=cosine_schedule,
        show="bar",
    )
    return layers.accuracy(two_layer_forward(params, X_test), y_test)


def train_convnet(
    X: np.ndarray, y: np.ndarray, X_test: np.ndarray, y_test: np.ndarray, n_epochs: int
) -> float:
    """Test accuracy of the notebook's convolutional network."""
    rng = np.random.default_rng(231)
    network = layers.ConvNet(rng)
    params, _ = train(
        network.loss_and_gradients,
        network.params,
        as_images(X),
        y,
        step_size=2e-3,
        rng=rng,
        n_epochs=n_epochs,
        batch_size=BATCH,
        rule=adam,
        schedule=cosine_schedule,
        augment=layers.flip_half,
        show="bar",
    )
    return layers.accuracy(network.scores(params, as_images(X_test)), y_test)


def as_images(rows: np.ndarray) -> np.ndarray:
    """Rows (N, 3072) as images (N, 3, 32, 32), without a copy."""
    return rows.reshape(-1, 32, 32, 3).transpose(0, 3, 1, 2)


def report_speed() -> None:
    """Time forward and backward passes beside PyTorch's, if PyTorch is there."""
    try:
        import torch
    except ImportError:
        print("PyTorch is not installed: no comparison of speed.")
        return
    torch.set_num_threads(int(os.environ.get("OPENBLAS_NUM_THREADS", os.cpu_count() or 1)))
    rng = np.random.default_rng(0)
    x = rng.standard_normal((BATCH, 3, 32, 32), dtype=np.float32)
    y = rng.integers(0, 10, BATCH)
    network = layers.ConvNet(rng)
    params = {name: torch.tensor(value) for name, value in network.params.items()}
    images, labels = torch.tensor(x), torch.tensor(y)
    hidden = rng.standard_normal((BATCH, 32, 16, 16), dtype=np.float32)
    cases = {
        "5 x 5 convolution, 3 to 32 maps of 32 x 32": convolution_pair(
            torch, x, network.params["W1"], 2, first_layer=True
        ),
        "3 x 3 convolution, 32 to 32 maps of 16 x 16": convolution_pair(
            torch, hidden, network.params["W2"], 1, first_layer=False
        ),
        "the whole network, loss and gradients": (
            lambda: network.loss_and_gradients(network.params, x, y),
            lambda: torch_loss_and_gradients(torch, params, images, labels),
        ),
    }
    print(f"forward and backward, float32, {BATCH} images, {torch.get_num_threads()} threads")
    for name, (ours, theirs) in cases.items():
        mine, peer = seconds(ours, theirs)
        print(
            f"  {name:45} {1000 * mine / BATCH:6.3f} ms per image, "
            f"{mine / peer:4.1f} x PyTorch's time"
        )
    print()


def convolution_pair(
    torch, x: np.ndarray, w: np.ndarray, pad: int, first_layer: bool
) -> tuple[Callable[[], object], Callable[[], object]]:
    """Forward and backward of one convolution, ours and PyTorch's."""
    x, b = layers.images_last(x), np.zeros(len(w), w.dtype)
    images = torch.tensor(np.ascontiguousarray(x), requires_grad=not first_layer)
    filters, biases = torch.tensor(w, requires_grad=True), torch.tensor(b, requires_grad=True)

    def ours() -> None:
        out = layers.conv_forward(x, w, b, pad=pad)
        layers.conv_backward(out, x, w, pad=pad, need_dx=not first_layer)

    def theirs() -> None:
        out = torch.nn.functional.conv2d(images, filters, biases, padding=pad)
        wanted = (filters, biases) if first_layer else (images, filters, biases)
        torch.autograd.grad(out, wanted, out.detach())

    return ours, theirs


def torch_loss_and_gradients(torch, params: dict, images, labels) -> None:
    """The network of `layers.ConvNet` in PyTorch."""
    leaves = {name: value.detach().requires_grad_() for name, value in params.items()}
    hidden = images
    for layer in "12":
        w, b = leaves[f"W{layer}"], leaves[f"b{layer}"]
        hidden = torch.nn.functional.conv2d(hidden, w, b, padding=w.shape[-1] // 2)
        hidden = torch.relu(torch.nn.functional.max_pool2d(hidden, 2))
    scores = hidden.flatten(1) @ leaves["W3"] + leaves["b3"]
    torch.nn.functional.cross_entropy(scores, labels).backward()


if __name__ == "__main__":
    sys.exit(main())
