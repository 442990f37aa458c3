"""Layers of small networks in NumPy, forward and backward, fast enough to train on CIFAR-10.

Images are (N, C, H, W) to look at, and lie in memory with the images last, as (C, H, W, N): a
shifted window over a row of pixels is then one long run of numbers. A layer takes arrays in any
order and returns them in this one, so that a chain of layers copies nothing but its first input.
Each convolution unrolls its windows a few rows at a time, into columns that a processor's cache
holds, and leaves the arithmetic to one matrix product a block ("im2col").
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from cs231n_utils.losses import softmax_loss_and_dscores
from cs231n_utils.system.processors import n_processors
from cs231n_utils.system.threads import threads
from cs231n_utils.validation import (
    refuse,
    require_channels_first,
    require_same_shape,
    require_windows,
)

__all__ = [
    "ConvNet",
    "FullyConnectedNet",
    "accuracy",
    "affine_backward",
    "affine_forward",
    "conv_backward",
    "conv_forward",
    "flip_half",
    "images_last",
    "max_pool_backward",
    "max_pool_forward",
    "relu_backward",
    "relu_forward",
]

BYTES_OF_COLUMNS = 2**20
"""Size of the columns of one block of windows, which a core's own cache must hold."""

MAX_THREADS = 4

FIRST_LAYER_SCALE = 0.05
"""Factor by which the first filters start smaller than usual.

Their pictures then show what they learned, and not the noise of the start, which training keeps.
"""

Params = dict[str, NDArray]


def images_last(x: NDArray) -> NDArray:
    """The same images (N, C, H, W), in memory with the images last.

    Parameters
    ----------
    x : ndarray of shape (N, C, H, W)

    Returns
    -------
    ndarray of shape (N, C, H, W)
        `x` itself if it lies so already, else a copy.
    """
    require_channels_first("images_last", "x", x)
    return np.ascontiguousarray(x.transpose(1, 2, 3, 0)).transpose(3, 0, 1, 2)


def affine_forward(x: NDArray, w: NDArray, b: NDArray) -> NDArray:
    """Scores ``x @ w + b`` of rows, or of images that are flattened to rows.

    Parameters
    ----------
    x : float ndarray of shape (N, D), or (N, C, H, W) with C * H * W = D
    w : float ndarray of shape (D, M)
    b : float ndarray of shape (M,)

    Returns
    -------
    ndarray of shape (N, M)

    Raises
    ------
    ValueError
        If the shapes do not fit together.
    """
    rows = _rows(x)
    if rows.shape[1] != w.shape[0] or b.shape != w.shape[1:]:
        got = f"x {x.shape}, w {w.shape} and b {b.shape}"
        advice = "check the sizes of this layer"
        refuse("affine_forward", got, "(N, D), (D, M) and (M,)", advice)
    out = rows @ w
    out += b
    return out


def affine_backward(
    dout: NDArray, x: NDArray, w: NDArray, need_dx: bool = True
) -> tuple[NDArray | None, NDArray, NDArray]:
    """Gradients of `affine_forward`.

    Parameters
    ----------
    dout : float ndarray of shape (N, M)
        Gradient of the loss with respect to the output.
    x, w
        As they were in the forward pass.
    need_dx : bool
        The first layer has no use for ``dx``.

    Returns
    -------
    dx, dw, db : ndarrays of the shapes of ``x``, ``w`` and ``b``
        ``dx`` is None if it is not needed.
    """
    dw, db = _rows(x).T @ dout, dout.sum(axis=0)
    if not need_dx:
        return None, dw, db
    if x.ndim == 2:
        return dout @ w.T, dw, db
    return np.moveaxis((w @ dout.T).reshape(*x.shape[1:], len(x)), -1, 0), dw, db


def relu_forward(x: NDArray) -> NDArray:
    """``max(0, x)``, number by number, in the memory order of ``x``."""
    return np.maximum(x, 0)


def relu_backward(dout: NDArray, x: NDArray) -> NDArray:
    """Gradient of `relu_forward`: ``dout`` where ``x`` is positive, else 0.

    Either the input or the output of the forward pass will do for ``x``.
    """
    return dout * (x > 0)


# --------------------------------------------------------------------------------- convolution


def conv_forward(
    x: NDArray, w: NDArray, b: NDArray | None, stride: int = 1, pad: int = 0
) -> NDArray:
    """Slide filters over images: at each place the dot product of filter and window, plus bias.

    Filters are not turned around (what signal processing calls cross-correlation).

    Parameters
    ----------
    x : float32 or float64 ndarray of shape (N, C, H, W)
    w : ndarray of shape (F, C, HH, WW) and the dtype of ``x``
        Filters.
    b : ndarray of shape (F,), or None
        Biases, if there are any.
    stride : int
        Pixels between two windows.
    pad : int
        Zeros around each image, on all four sides.

    Returns
    -------
    ndarray of shape (N, F, H', W')
        ``H' = 1 + (H + 2 * pad - HH) // stride`` and likewise W'; images last in memory.

    Raises
    ------
    ValueError
        If the shapes do not fit together.
    """
    height, width = _output_size("conv_forward", x, w, stride, pad)
    pixels = _padded(x, pad)
    out = np.empty((len(w), height * width * len(x)), x.dtype)
    for block, columns in _blocks_of_windows(pixels, w.shape[2:], stride):
        np.matmul(w.reshape(len(w), -1), columns, out=out[:, block])
        if b is not None:
            out[:, block] += b[:, np.newaxis]
    return out.reshape(len(w), height, width, len(x)).transpose(3, 0, 1, 2)


def conv_backward(
    dout: NDArray, x: NDArray, w: NDArray, stride: int = 1, pad: int = 0, need_dx: bool = True
) -> tuple[NDArray | None, NDArray, NDArray]:
    """Gradients of `conv_forward`.

    Parameters
    ----------
    dout : float ndarray of shape (N, F, H', W')
        Gradient of the loss with respect to the output.
    x, w, stride, pad
        As they were in the forward pass.
    need_dx : bool
        Without ``dx``, which the first layer has no use for, it takes half the time.

    Returns
    -------
    dx : ndarray of the shape of ``x``, or None
    dw : ndarray of the shape of ``w``
    db : ndarray of shape (F,)

    Raises
    ------
    ValueError
        If the shapes do not fit together.
    """
    output_shape = (len(x), len(w), *_output_size("conv_backward", x, w, stride, pad))
    require_same_shape("conv_backward", "dout", dout, "the output", output_shape)
    slopes = images_last(dout).transpose(1, 2, 3, 0).reshape(len(w), -1)
    dw = np.zeros((math.prod(w.shape[1:]), len(w)), w.dtype)
    for block, columns in _blocks_of_windows(_padded(x, pad), w.shape[2:], stride):
        dw += columns @ slopes[:, block].T  # BLAS is slower at slopes @ columns.T
    dx = _gradient_by_pixels(dout, x.shape, w, stride, pad) if need_dx else None
    return dx, dw.T.reshape(w.shape), slopes.sum(axis=1)


def _gradient_by_pixels(
    dout: NDArray, x_shape: tuple[int, ...], w: NDArray, stride: int, pad: int
) -> NDArray:
    """A pixel's gradient gathers all windows that it was in: again a convolution.

    Its images are ``dout``, spread out by the stride, and its filters ``w``, turned by 180 degrees.
    """
    n_images, _, height, width = x_shape
    (n_filters, _, *size), outputs = w.shape, dout.shape[2:]
    spread = np.zeros((n_filters, height + size[0] - 1, width + size[1] - 1, n_images), dout.dtype)
    kept, places = zip(
        *(
            _inside(side - 1 - pad, stride, n_outputs, length)
            for side, n_outputs, length in zip(size, outputs, spread.shape[1:3], strict=True)
        ),
        strict=True,
    )
    spread[:, *places] = dout.transpose(1, 2, 3, 0)[:, *kept]
    turned = w[:, :, ::-1, ::-1].swapaxes(0, 1)
    return conv_forward(spread.transpose(3, 0, 1, 2), np.ascontiguousarray(turned), None)


def _inside(first: int, stride: int, count: int, length: int) -> tuple[slice, slice]:
    """Which of ``first, first + stride, ...`` (``count`` of them) are in 0..length-1, and those."""
    start = max(0, -(first // stride))
    stop = min(count, (length - 1 - first) // stride + 1)
    at = first + start * stride
    return slice(start, stop), slice(at, at + max(0, stop - start) * stride, stride)


def _blocks_of_windows(
    pixels: NDArray, size: tuple[int, ...], stride: int
) -> Iterator[tuple[slice, NDArray]]:
    """The windows of images (C, H, W, N) as columns (C * HH * WW, places), some rows at a time.

    Yields which of all places they are at, and the columns, which the next block overwrites.
    """
    n_channels, height, width, n_images = pixels.shape
    down, across = 1 + (height - size[0]) // stride, 1 + (width - size[1]) // stride
    window_length, row_length = n_channels * math.prod(size), across * n_images
    row_bytes = window_length * row_length * pixels.itemsize
    n_rows = min(down, max(1, BYTES_OF_COLUMNS // row_bytes))
    room = np.empty(window_length * n_rows * row_length, pixels.dtype)
    by_channel, by_row, by_pixel, by_image = pixels.strides
    strides = (by_channel, by_row, by_pixel, by_row * stride, by_pixel * stride, by_image)
    for first in range(0, down, n_rows):
        last = min(first + n_rows, down)
        shape = (n_channels, *size, last - first, across, n_images)
        windows = as_strided(pixels[:, first * stride :], shape, strides, writeable=False)
        columns = room[: math.prod(shape)].reshape(shape)
        columns[...] = windows
        block = slice(first * row_length, last * row_length)
        yield block, columns.reshape(window_length, -1)


def _padded(x: NDArray, pad: int) -> NDArray:
    """Images as (C, H, W, N), with zeros around."""
    pixels = x.transpose(1, 2, 3, 0)
    if not pad:
        return np.ascontiguousarray(pixels)
    n_channels, height, width, n_images = pixels.shape
    padded = np.zeros((n_channels, height + 2 * pad, width + 2 * pad, n_images), x.dtype)
    padded[:, pad:-pad, pad:-pad] = pixels
    return padded


def _output_size(function: str, x: NDArray, w: NDArray, stride: int, pad: int) -> tuple[int, int]:
    require_channels_first(function, "x", x)
    if w.ndim != 4 or w.shape[1] != x.shape[1] or w.dtype != x.dtype:
        got = f"images {x.shape} of {x.dtype} and filters {w.shape} of {w.dtype}"
        expected = "(N, C, H, W) and (F, C, HH, WW) of one dtype"
        refuse(function, got, expected, "transpose or convert one")
    return _places(function, [side + 2 * pad for side in x.shape[2:]], w.shape[2:], stride)


def _places(
    function: str, lengths: Sequence[int], sizes: Sequence[int], stride: int
) -> tuple[int, int]:
    """How many windows fit, down and across."""
    require_windows(function, lengths, sizes, stride)
    down, across = ((n - size) // stride for n, size in zip(lengths, sizes, strict=True))
    return 1 + down, 1 + across


# ------------------------------------------------------------------------------------- pooling


def max_pool_forward(x: NDArray, size: int = 2, stride: int = 2) -> tuple[NDArray, NDArray]:
    """Keep the largest number of each window.

    Parameters
    ----------
    x : float ndarray of shape (N, C, H, W)
    size : int
        Side of the square windows.
    stride : int
        Pixels between two windows; windows that would not fit are left out.

    Returns
    -------
    out : ndarray of shape (N, C, H', W')
        Images last in memory.
    winners : uint8 ndarray of shape (N, C, H', W')
        Which pixel of the window was the largest, row by row; the first of equals.

    Raises
    ------
    ValueError
        If no window fits into the images, or one has more than 255 pixels.
    """
    require_channels_first("max_pool_forward", "x", x)
    if size * size > np.iinfo(np.uint8).max:
        refuse("max_pool_forward", f"size={size}", "at most 15", "pool twice")
    pixels = x.transpose(1, 2, 3, 0)
    views = _pooled_pixels("max_pool_forward", pixels.shape, size, stride)
    out = np.array(pixels[views[0]], order="C")
    winners = np.zeros(out.shape, np.uint8)
    for k, view in enumerate(views[1:], start=1):
        candidate = pixels[view]
        larger = candidate > out
        np.maximum(out, candidate, out=out)
        # k rises, so the maximum keeps the last k whose pixel was larger than all before it.
        np.maximum(winners, larger * np.uint8(k), out=winners)
    return out.transpose(3, 0, 1, 2), winners.transpose(3, 0, 1, 2)


def max_pool_backward(
    dout: NDArray, winners: NDArray, x_shape: tuple[int, ...], size: int = 2, stride: int = 2
) -> NDArray:
    """Gradient of `max_pool_forward`: each number of ``dout`` goes to its window's winner.

    Parameters
    ----------
    dout : float ndarray of shape (N, C, H', W')
    winners : uint8 ndarray of shape (N, C, H', W')
        From the forward pass.
    x_shape : tuple
        (N, C, H, W) of the input.
    size, stride : int
        As in the forward pass.

    Returns
    -------
    ndarray of shape (N, C, H, W)
    """
    slopes, places = dout.transpose(1, 2, 3, 0), winners.transpose(1, 2, 3, 0)
    dx = np.zeros((*x_shape[1:], x_shape[0]), dout.dtype)
    for k, view in enumerate(_pooled_pixels("max_pool_backward", dx.shape, size, stride)):
        if stride < size:
            dx[view] += slopes * (places == k)
        else:
            np.multiply(slopes, places == k, out=dx[view])
    return dx.transpose(3, 0, 1, 2)


def _pooled_pixels(
    function: str, shape: tuple[int, ...], size: int, stride: int
) -> list[tuple[slice, slice, slice]]:
    """For each pixel of a window, where all windows have it, in images of (C, H, W, N)."""
    down, across = _places(function, shape[1:3], (size, size), stride)
    return [
        (
            slice(None),
            slice(i, i + stride * (down - 1) + 1, stride),
            slice(j, j + stride * (across - 1) + 1, stride),
        )
        for i in range(size)
        for j in range(size)
    ]


# ------------------------------------------------------------------------------------- networks


class FullyConnectedNet:
    """Affine layers with ReLU between them, and softmax at the end.

    Parameters
    ----------
    rng : Generator
        Draws the weights, of the size that He et al. give ("Delving deep into rectifiers", ICCV
        2015). A linear classifier starts at zero.
    sizes : sequence of int
        Numbers in the input, in each hidden layer, and in the scores: (D, C) is a linear
        classifier, (D, H, C) a two-layer network.
    dtype : data type
        float32 to run, float64 to check.

    Attributes
    ----------
    params : dict of str to ndarray
        Where to start: W1, b1, W2, b2 and so on.
    """

    def __init__(
        self,
        rng: np.random.Generator,
        sizes: Sequence[int],
        dtype: np.typing.DTypeLike = np.float32,
    ):
        self.params: Params = {}
        for layer, (n_inputs, n_outputs) in enumerate(pairwise(sizes), start=1):
            scale = math.sqrt(2 / n_inputs) if len(sizes) > 2 else 0.0
            weights = scale * rng.standard_normal((n_inputs, n_outputs))
            self.params[f"W{layer}"] = weights.astype(dtype)
            self.params[f"b{layer}"] = np.zeros(n_outputs, dtype)

    def scores(self, params: Mapping[str, NDArray], x: NDArray) -> NDArray:
        """Scores (N, C) of rows (N, D)."""
        return self._forward(params, x)[-1]

    def loss_and_gradients(
        self, params: Mapping[str, NDArray], x: NDArray, y: NDArray, reg: float = 0.0
    ) -> tuple[float, Params]:
        """Mean cross-entropy plus ``reg`` times all squared weights (no biases), and gradients.

        Parameters
        ----------
        params : mapping
            Weights and biases, named as in the attribute ``params``.
        x : ndarray of shape (N, D) and the dtype of the weights
        y : int ndarray of shape (N,)
        reg : float

        Returns
        -------
        loss : float
        gradients : dict
            The keys of ``params``.
        """
        *inputs, scores = self._forward(params, x)
        loss, slopes = softmax_loss_and_dscores(scores, y)
        gradients: Params = {}
        for layer in range(len(inputs), 0, -1):
            slopes, gradients[f"W{layer}"], gradients[f"b{layer}"] = affine_backward(
                slopes, inputs[layer - 1], params[f"W{layer}"], need_dx=layer > 1
            )
            if layer > 1:
                slopes = relu_backward(slopes, inputs[layer - 1])
        return loss + _add_penalty(params, gradients, reg), gradients

    def _forward(self, params: Mapping[str, NDArray], x: NDArray) -> list[NDArray]:
        """What enters each layer, and the scores."""
        n_layers = len(self.params) // 2
        kept = [x]
        for layer in range(1, n_layers + 1):
            outputs = affine_forward(kept[-1], params[f"W{layer}"], params[f"b{layer}"])
            if layer < n_layers:
                np.maximum(outputs, 0, out=outputs)
            kept.append(outputs)
        return kept


class ConvNet:
    """Two convolutions with pooling and ReLU, then a linear softmax classifier.

    ``conv - max pool 2 x 2 - ReLU``, twice, then affine. Images keep their size in a convolution
    (odd filters, zeros around) and halve it in a pooling layer.

    Parameters
    ----------
    rng : Generator
        Draws the weights: of the size that He et al. give ("Delving deep into rectifiers", ICCV
        2015), but for the first filters, which start smaller.
    image_shape : tuple
        (C, H, W); H and W divisible by 4.
    n_filters : tuple of two int
        Of the first and of the second convolution.
    filter_sizes : tuple of two int
        Sides of their filters, odd.
    n_classes : int
    dtype : data type
        float32 to run, float64 to check.

    Attributes
    ----------
    params : dict of str to ndarray
        Where to start: W1, b1, W2, b2 of the convolutions, W3, b3 of the classifier.
    """

    def __init__(
        self,
        rng: np.random.Generator,
        image_shape: tuple[int, int, int] = (3, 32, 32),
        n_filters: tuple[int, int] = (32, 32),
        filter_sizes: tuple[int, int] = (5, 3),
        n_classes: int = 10,
        dtype: np.typing.DTypeLike = np.float32,
    ):
        channels, height, width = image_shape
        (first, second), (size_1, size_2) = n_filters, filter_sizes
        n_last = second * (height // 4) * (width // 4)
        shapes = {
            "1": (first, channels, size_1, size_1),
            "2": (second, first, size_2, size_2),
            "3": (n_last, n_classes),
        }
        self.params: Params = {}
        for layer, shape in shapes.items():
            n_inputs = shape[0] if layer == "3" else math.prod(shape[1:])
            scale = FIRST_LAYER_SCALE if layer == "1" else 1.0
            weights = rng.standard_normal(shape) * scale * math.sqrt(2 / n_inputs)
            self.params[f"W{layer}"] = weights.astype(dtype)
            self.params[f"b{layer}"] = np.zeros(shape[-1] if layer == "3" else shape[0], dtype)

    def scores(self, params: Mapping[str, NDArray], x: NDArray, batch_size: int = 32) -> NDArray:
        """Scores (N, C) of images (N, C, H, W), so many of them at a time."""
        batches = [x[at : at + batch_size] for at in range(0, len(x), batch_size)]
        with threads(MAX_THREADS) as pool:
            scores = pool.map(lambda batch: self._forward(params, batch)[-1], batches)
            return np.concatenate(list(scores))

    def loss_and_gradients(
        self, params: Mapping[str, NDArray], x: NDArray, y: NDArray, reg: float = 0.0
    ) -> tuple[float, Params]:
        """Mean cross-entropy plus ``reg`` times all squared weights (no biases), and gradients.

        Each processor takes its part of the images; the results are added up.

        Parameters
        ----------
        params : mapping
            Weights and biases, named as in the attribute ``params``.
        x : ndarray of shape (N, C, H, W) and the dtype of the weights
        y : int ndarray of shape (N,)
        reg : float

        Returns
        -------
        loss : float
        gradients : dict
            The keys of ``params``.
        """
        n_parts = min(MAX_THREADS, n_processors(), len(x))
        parts = list(zip(np.array_split(x, n_parts), np.array_split(y, n_parts), strict=True))
        with threads(MAX_THREADS) as pool:
            results = list(pool.map(lambda part: self._of_part(params, *part), parts))
        shares = [len(labels) / len(y) for _, labels in parts]
        loss = sum(share * of_part for share, (of_part, _) in zip(shares, results, strict=True))
        gradients = {
            name: sum(
                params[name].dtype.type(share) * slopes[name]
                for share, (_, slopes) in zip(shares, results, strict=True)
            )
            for name in params
        }
        return loss + _add_penalty(params, gradients, reg), gradients

    def _of_part(
        self, params: Mapping[str, NDArray], x: NDArray, y: NDArray
    ) -> tuple[float, Params]:
        x = images_last(x)
        hidden_1, winners_1, hidden_2, winners_2, scores = self._forward(params, x)
        loss, dscores = softmax_loss_and_dscores(scores, y)
        gradients: Params = {}
        slopes, gradients["W3"], gradients["b3"] = affine_backward(dscores, hidden_2, params["W3"])
        for layer, inputs, hidden, winners in (
            ("2", hidden_1, hidden_2, winners_2),
            ("1", x, hidden_1, winners_1),
        ):
            w = params[f"W{layer}"]
            slopes = relu_backward(slopes, hidden)
            shape = (len(x), len(w), *inputs.shape[2:])
            slopes = max_pool_backward(slopes, winners, shape)
            slopes, gradients[f"W{layer}"], gradients[f"b{layer}"] = conv_backward(
                slopes, inputs, w, pad=w.shape[-1] // 2, need_dx=layer != "1"
            )
        return loss, gradients

    @staticmethod
    def _forward(params: Mapping[str, NDArray], x: NDArray) -> tuple[NDArray, ...]:
        """Both hidden layers, each with its winners in pooling, and the scores."""
        kept = []
        for layer in "12":
            w, b = params[f"W{layer}"], params[f"b{layer}"]
            pooled, winners = max_pool_forward(conv_forward(x, w, None, pad=w.shape[-1] // 2))
            # Biases and ReLU come after pooling: the result is the same, from a quarter of the
            # numbers.
            pooled += b[:, np.newaxis, np.newaxis]
            x = relu_forward(pooled)
            kept += [x, winners]
        return (*kept, affine_forward(x, params["W3"], params["b3"]))


def _add_penalty(params: Mapping[str, NDArray], gradients: Params, reg: float) -> float:
    """``reg`` times the squared weights, without biases; its gradient is added to the others."""
    if not reg:
        return 0.0
    weights = {name: value for name, value in params.items() if name.startswith("W")}
    for name, value in weights.items():
        gradients[name] += 2 * reg * value
    return sum(reg * float(np.square(w).sum(dtype=np.float64)) for w in weights.values())


# --------------------------------------------------------------------------- images and scores


def flip_half(x: NDArray, rng: np.random.Generator) -> NDArray:
    """Mirror about half of the images, left to right.

    Parameters
    ----------
    x : ndarray of shape (N, ..., W)
    rng : Generator

    Returns
    -------
    ndarray of the shape of ``x``
    """
    mirrored = rng.random(len(x)) < 0.5
    flipped = x.copy()
    flipped[mirrored] = x[mirrored][..., ::-1]
    return flipped


def accuracy(scores: NDArray, y: NDArray) -> float:
    """Fraction of the rows whose highest score is that of their label."""
    right = scores.argmax(axis=1) == y
    return float(right.mean())


def _rows(x: NDArray) -> NDArray:
    """(N, ...) as (N, D), without a copy where the images are last in memory."""
    return np.moveaxis(x, 0, -1).reshape(-1, len(x)).T
