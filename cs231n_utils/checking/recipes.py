"""Arguments that cannot be sent as arrays, built on the student's side from plain values.

A recipe can watch how the student's code uses it; what it saw goes back to the oracle with
the answer. Of a watched function the student's code gets only the call. What is called here is
bound when this module is imported, before an answer could patch NumPy.
"""

from collections.abc import Callable
from functools import _lru_cache_wrapper
from itertools import islice
from tracemalloc import get_traced_memory
from tracemalloc import start as start_tracing
from tracemalloc import stop as stop_tracing
from typing import Any

from numpy import (
    absolute,
    add,
    arange,
    array,
    asarray,
    concatenate,
    dot,
    einsum,
    eye,
    float64,
    inner,
    matmul,
    maximum,
    ndarray,
    roll,
    sign,
    tanh,
    tensordot,
    ufunc,
    vdot,
    where,
)
from numpy.random import Generator, default_rng

MAX_WATCHED_CALLS = 5_000
MAX_REPLAYED_SCORES = 1 << 18
"""Bound on the scores, and on the one-hot labels, of the batch of one replayed evaluation."""

PRODUCTS = (dot, einsum, inner, tensordot, vdot)


def sealed(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function that can be called and shows nothing of what it is made of.

    What holds the function is C code, a cache of size 0: no closure and no attribute lead to it,
    and its errors come without the frames that they passed.
    """

    def without_frames(*arguments: Any, **named: Any) -> Any:
        try:
            return function(*arguments, **named)
        except BaseException as error:
            bare = error.with_traceback(None)
            bare.__context__ = None
        raise bare

    call = _lru_cache_wrapper(without_frames, 0, False, tuple)
    call.__name__ = function.__name__
    return call


def _sum(values: ndarray) -> float64:
    return add.reduce(values, axis=None)


class Watched:
    """An argument that tells afterwards how it was used."""

    def usage(self) -> dict[str, Any]:
        """What goes back to the oracle."""
        raise NotImplementedError


class WatchedFunction(Watched):
    """A function that remembers the points it was evaluated at and what it returned.

    Attributes
    ----------
    n_calls : int
        Number of evaluations so far.
    points : list of ndarray
        Copies of the arguments of the first 5,000 evaluations.
    values : list of float
        What each of them returned.
    """

    def __init__(self, function: Callable[[ndarray], float]):
        self._function = function
        self.n_calls = 0
        self.points: list[ndarray] = []
        self.values: list[float] = []

    def __call__(self, point: ndarray) -> float:
        value = float(self._function(asarray(point, dtype=float64)))
        self.n_calls += 1
        if len(self.points) < MAX_WATCHED_CALLS:
            self.points.append(array(point, dtype=float64))
            self.values.append(value)
        return value

    def usage(self) -> dict[str, Any]:
        """Return ``n_calls`` and, where all points have one shape, ``points`` and ``values``."""
        usage: dict[str, Any] = {"n_calls": self.n_calls}
        if self.points and len({point.shape for point in self.points}) == 1:
            usage["points"] = array(self.points)
            usage["values"] = array(self.values)
        return usage

    def replay(self, usage: dict[str, Any]) -> dict[str, Any]:
        """The usage of this function, just built, after the evaluations that another one saw.

        Where the evaluations were made is taken from that usage, and so is their number beyond
        the first 5,000; what they returned is computed anew.

        Raises
        ------
        Exception
            If it cannot be the usage of this function.
        """
        self._repeat(usage)
        n_calls = usage["n_calls"]
        if type(n_calls) is not int or (
            "points" in usage and self.n_calls != min(n_calls, MAX_WATCHED_CALLS)
        ):
            raise ValueError("the usage does not fit the number of calls")
        return {**self.usage(), "n_calls": n_calls}

    def _repeat(self, usage: dict[str, Any]) -> None:
        for point in usage.get("points", ())[:MAX_WATCHED_CALLS]:
            self(point)


def _rng(seed: int) -> Generator:
    return default_rng(seed)


def _quadratic(center: ndarray, curvature: ndarray) -> WatchedFunction:
    return WatchedFunction(lambda x: 0.5 * _sum(curvature * (x - center) ** 2))


class MeteredArray(ndarray, Watched):
    """An array that remembers how much memory was taken since it was built."""

    def usage(self) -> dict[str, Any]:
        """Return ``peak_bytes``, the most memory in use at once since this array was built."""
        _, peak = get_traced_memory()
        stop_tracing()
        return {"peak_bytes": peak}


def _metered(values: ndarray) -> MeteredArray:
    metered = values.copy().view(MeteredArray)
    start_tracing()
    return metered


def _quadratic_l1(center: ndarray, curvature: ndarray, l2: float, l1: float) -> WatchedFunction:
    """A quadratic with both penalties; it has a kink wherever a coordinate is 0."""

    def value(x: ndarray) -> float:
        data = 0.5 * _sum(curvature * (x - center) ** 2)
        return data + l2 * _sum(x**2) + l1 * _sum(absolute(x))

    return WatchedFunction(value)


def _planted_gradient(
    bug: str, center: ndarray, curvature: ndarray, l2: float, l1: float
) -> Callable[[ndarray], ndarray]:
    """A gradient of ``quadratic_l1``, right or with one of the bugs that gradients have."""

    def gradient(x: ndarray) -> ndarray:
        x = asarray(x, dtype=float64)
        data, ridge, lasso = curvature * (x - center), 2 * l2 * x, l1 * sign(x)
        right = data + ridge + lasso
        places = arange(x.size).reshape(x.shape)
        if bug.startswith("no l2 at "):
            return right - ridge * (places == int(bug.removeprefix("no l2 at ")))
        variants = {
            "right": right,
            "right, another subgradient": right + 0.6 * l1 * (x == 0),
            "right, a smaller subgradient": right - 0.6 * l1 * (x == 0),
            "beyond the kink": right + 3 * l1 * (x == 0),
            "twice": 2 * right,
            "first half twice": where(places < (x.size + 1) // 2, 2 * right, right),
            "four times the l2 gradient": right + 3 * ridge,
            "half the l2 gradient": right - ridge / 2,
            "no l1": right - lasso,
            "sign of the data term": right - 2 * data,
            "one coordinate off": roll(right, 1),
        }
        return variants[bug]

    return sealed(gradient)


def _planted_gradients(bugs: dict[str, str], **function: Any) -> dict[str, Callable]:
    return {name: _planted_gradient(bug, **function) for name, bug in bugs.items()}


def _tanh_net(A: ndarray, b: ndarray, v: ndarray) -> WatchedFunction:
    return WatchedFunction(lambda x: v @ tanh(A @ x.ravel() + b))


class CountedImages(ndarray, Watched):
    """Images as rows that count the dot products taken with them, in whatever form."""

    def __array_finalize__(self, origin: Any) -> None:
        self._products = getattr(origin, "_products", None) or [0]

    def __array_ufunc__(self, ufunc: ufunc, method: str, *inputs: Any, **options: Any) -> Any:
        out = options.get("out", ())
        result = getattr(ufunc, method)(*map(_plain, inputs), **_plain(options))
        if ufunc is matmul:
            self._products[0] += getattr(result, "size", 1)
        return out[0] if len(out) == 1 else result

    def __array_function__(self, function: Any, types: Any, inputs: Any, options: Any) -> Any:
        result = function(*map(_plain, inputs), **_plain(options))
        if function in PRODUCTS:
            self._products[0] += getattr(result, "size", 1)
        return result

    def dot(self, other: ndarray) -> ndarray:
        """Count as `numpy.dot` does."""
        return dot(self, other)

    def usage(self) -> dict[str, Any]:
        """Return ``dot_products``, the entries of all products, and ``n_images``."""
        return {"n_images": len(self), "dot_products": self._products[0]}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return type(value)(map(_plain, value))
    return value.view(ndarray) if isinstance(value, CountedImages) else value


def _counted_images(values: ndarray) -> CountedImages:
    return values.copy().view(CountedImages)


def _bent_line(kinks: ndarray, bends: ndarray, slope: float, height: float) -> WatchedFunction:
    """A line of one variable whose slope rises by ``bends[k]`` at ``kinks[k]``."""

    def value(t: ndarray) -> float:
        return height + slope * t + _sum(bends * maximum(0, t - kinks))

    return WatchedFunction(value)


def _settings(**entries: Any) -> dict[str, Any]:
    """A new dict, so that an answer may write in it."""
    return {k: v.copy() if isinstance(v, ndarray) else v for k, v in entries.items()}


class WatchedGradient(WatchedFunction):
    """A function that returns a loss and its gradient, and remembers where and what."""

    def __call__(self, W: ndarray) -> tuple[float, ndarray]:
        loss, gradient = self._function(asarray(W, dtype=float64))
        self.remember(W, loss)
        return loss, gradient

    def remember(self, W: ndarray, loss: float) -> None:
        """Count an evaluation and keep its point and loss."""
        self.n_calls += 1
        if len(self.points) < MAX_WATCHED_CALLS:
            self.points.append(array(W, dtype=float64))
            self.values.append(float(loss))


def _valley(center: ndarray, hessian: ndarray) -> WatchedGradient:
    """A quadratic, ``(x - center) @ hessian @ (x - center) / 2``, with its gradient."""

    def value_and_gradient(x: ndarray) -> tuple[float, ndarray]:
        gradient = hessian @ (x - center)
        return float(0.5 * gradient @ (x - center)), gradient

    return WatchedGradient(value_and_gradient)


class WatchedParams(dict, Watched):
    """A dict of arrays that tells what a call left in it."""

    def usage(self) -> dict[str, Any]:
        """Return ``params``, the dict as it now is."""
        return {"params": dict(self)}


def _params(**arrays: ndarray) -> WatchedParams:
    return WatchedParams({name: array.copy() for name, array in arrays.items()})


def _quadratic_with_gradient(center: ndarray, curvature: ndarray) -> WatchedGradient:
    def loss_and_gradient(W: ndarray) -> tuple[float, ndarray]:
        gradient = curvature * (W - center)
        return float(0.5 * _sum(gradient * (W - center))), gradient

    return WatchedGradient(loss_and_gradient)


def least_squares(W: ndarray, X: ndarray, y: ndarray, reg: float) -> tuple[float, ndarray]:
    """Mean squared distance of the scores ``X @ W`` from one-hot labels plus L2, and gradient."""
    misses = X @ W - eye(W.shape[1])[y]
    loss = _sum(misses**2) / len(y) + reg * _sum(W**2)
    return float(loss), 2 * X.T @ misses / len(y) + 2 * reg * W


class WatchedBatches(WatchedGradient):
    """`least_squares`, remembering the weights, the batch and the loss of every evaluation."""

    def __init__(self) -> None:
        super().__init__(least_squares)
        self._images: list[ndarray] = []
        self._labels: list[ndarray] = []
        self._strengths: list[float] = []

    def __call__(self, W: ndarray, X: ndarray, y: ndarray, reg: float) -> tuple[float, ndarray]:
        loss, gradient = least_squares(W, X, y, reg)
        self.remember(W, loss)
        if len(self._images) < MAX_WATCHED_CALLS:
            self._images.append(array(X, dtype=float64))
            self._labels.append(array(y))
            self._strengths.append(float(reg))
        return loss, gradient

    def usage(self) -> dict[str, Any]:
        """Return the usual, ``reg``, and all batches: ``sizes``, ``images`` and ``labels``."""
        usage = super().usage()
        if self._images:
            usage["sizes"] = array([len(images) for images in self._images])
            usage["images"] = concatenate(self._images)
            usage["labels"] = concatenate(self._labels)
            usage["reg"] = array(self._strengths)
        return usage

    def _repeat(self, usage: dict[str, Any]) -> None:
        sizes, classes = usage["sizes"].tolist(), usage["points"].shape[2]
        if min(sizes) < 0 or sum(sizes) != len(usage["images"]):
            raise ValueError("the batches are not the images cut up")
        if max(*sizes, classes) * classes > MAX_REPLAYED_SCORES:
            raise ValueError("the batches are too large")
        start = 0
        evaluations = zip(usage["points"], usage["sizes"], usage["reg"], strict=True)
        for W, size, reg in islice(evaluations, MAX_WATCHED_CALLS):
            batch = slice(start, start + size)
            self(W, usage["images"][batch], usage["labels"][batch], reg)
            start += size


class ScoreTable(WatchedFunction):
    """A score for each setting of a grid, that counts how often it is asked."""

    def __init__(self, names: list[str], settings: ndarray, scores: ndarray):
        rows = (tuple(float(value) for value in setting) for setting in settings)
        self._names = tuple(names)
        self._scores = dict(zip(rows, scores.tolist(), strict=True))
        self.n_calls = 0

    def __call__(self, *values: float, **named: float) -> float:
        self.n_calls += 1
        names = self._names[: len(values)] + tuple(named)
        if sorted(names) != sorted(self._names) or len(values) + len(named) != len(self._names):
            raise TypeError(
                f"train_and_score got {len(values) + len(named)} values, expected "
                f"{', '.join(self._names)}: call train_and_score(*setting)."
            )
        setting = (*values, *(named[name] for name in self._names[len(values) :]))
        if setting not in self._scores:
            raise ValueError(f"{setting} is not a setting of the grid.")
        return self._scores[setting]

    def usage(self) -> dict[str, Any]:
        """Return ``n_calls``."""
        return {"n_calls": self.n_calls}


def _told_losses(values: ndarray) -> WatchedFunction:
    """A loss whose values are told beforehand, whatever the weights."""
    told = iter(values)
    return WatchedFunction(lambda _: float(next(told, values[-1])))


FUNCTIONS: dict[str, Callable[..., WatchedFunction]] = {
    "quadratic": _quadratic,
    "quadratic_l1": _quadratic_l1,
    "tanh_net": _tanh_net,
    "bent_line": _bent_line,
    "told_losses": _told_losses,
    "valley": _valley,
    "quadratic_with_gradient": _quadratic_with_gradient,
    "least_squares": WatchedBatches,
}
"""Recipes of functions whose usage tells where they were evaluated."""

RECIPES: dict[str, Callable[..., Any]] = {
    **FUNCTIONS,
    "rng": _rng,
    "metered": _metered,
    "planted_gradient": _planted_gradient,
    "planted_gradients": _planted_gradients,
    "counted_images": _counted_images,
    "settings": _settings,
    "params": _params,
    "score_table": ScoreTable,
}
