"""Arguments that cannot be sent as arrays, built on the student's side from plain values.

A recipe can record how the student's code uses it; the record goes back to the oracle with
the answer. Of a recorded function the student's code gets only the call.
"""

import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np

MAX_RECORDED_CALLS = 5_000

PRODUCTS = (np.dot, np.einsum, np.inner, np.tensordot, np.vdot)
MATMUL = np.matmul
"""As they were before an answer could patch NumPy."""


class Recorded:
    """An argument that tells afterwards how it was used."""

    def record(self) -> dict[str, Any]:
        """What goes back to the oracle."""
        raise NotImplementedError


class RecordedFunction(Recorded):
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

    def __init__(self, function: Callable[[np.ndarray], float]):
        self._function = function
        self.n_calls = 0
        self.points: list[np.ndarray] = []
        self.values: list[float] = []

    def __call__(self, point: np.ndarray) -> float:
        value = float(self._function(np.asarray(point, dtype=np.float64)))
        self.n_calls += 1
        if len(self.points) < MAX_RECORDED_CALLS:
            self.points.append(np.array(point, dtype=np.float64))
            self.values.append(value)
        return value

    def record(self) -> dict[str, Any]:
        """Return ``n_calls`` and, where all points have one shape, ``points`` and ``values``."""
        record: dict[str, Any] = {"n_calls": self.n_calls}
        if self.points and len({point.shape for point in self.points}) == 1:
            record["points"] = np.stack(self.points)
            record["values"] = np.array(self.values)
        return record


def _rng(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


def _quadratic(center: np.ndarray, curvature: np.ndarray) -> RecordedFunction:
    return RecordedFunction(lambda x: 0.5 * np.sum(curvature * (x - center) ** 2))


class MeteredArray(np.ndarray, Recorded):
    """An array that remembers how much memory was taken since it was built."""

    def record(self) -> dict[str, Any]:
        """Return ``peak_bytes``, the most memory in use at once since this array was built."""
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return {"peak_bytes": peak}


def _metered(values: np.ndarray) -> MeteredArray:
    metered = values.copy().view(MeteredArray)
    tracemalloc.start()
    return metered


def _quadratic_l1(
    center: np.ndarray, curvature: np.ndarray, l2: float, l1: float
) -> RecordedFunction:
    """A quadratic with both penalties; it has a kink wherever a coordinate is 0."""

    def value(x: np.ndarray) -> float:
        data = 0.5 * np.sum(curvature * (x - center) ** 2)
        return data + l2 * np.sum(x**2) + l1 * np.sum(np.abs(x))

    return RecordedFunction(value)


def _planted_gradient(
    bug: str, center: np.ndarray, curvature: np.ndarray, l2: float, l1: float
) -> Callable[[np.ndarray], np.ndarray]:
    """A gradient of ``quadratic_l1``, right or with one of the bugs that gradients have."""

    def gradient(x: np.ndarray) -> np.ndarray:
        data, ridge, lasso = curvature * (x - center), 2 * l2 * x, l1 * np.sign(x)
        right = data + ridge + lasso
        places = np.arange(x.size).reshape(x.shape)
        if bug.startswith("no l2 at "):
            return right - ridge * (places == int(bug.removeprefix("no l2 at ")))
        variants = {
            "right": right,
            "right, another subgradient": right + 0.6 * l1 * (x == 0),
            "right, a smaller subgradient": right - 0.6 * l1 * (x == 0),
            "beyond the kink": right + 3 * l1 * (x == 0),
            "twice": 2 * right,
            "first half twice": np.where(places < (x.size + 1) // 2, 2 * right, right),
            "four times the l2 gradient": right + 3 * ridge,
            "half the l2 gradient": right - ridge / 2,
            "no l1": right - lasso,
            "sign of the data term": right - 2 * data,
            "one coordinate off": np.roll(right, 1),
        }
        return variants[bug]

    return gradient


def _planted_gradients(bugs: dict[str, str], **function: Any) -> dict[str, Callable]:
    return {name: _planted_gradient(bug, **function) for name, bug in bugs.items()}


def _tanh_net(A: np.ndarray, b: np.ndarray, v: np.ndarray) -> RecordedFunction:
    return RecordedFunction(lambda x: v @ np.tanh(A @ x.ravel() + b))


class CountedImages(np.ndarray, Recorded):
    """Images as rows that count the dot products taken with them, in whatever form."""

    def __array_finalize__(self, origin: Any) -> None:
        self._products = getattr(origin, "_products", None) or [0]

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
        result = getattr(ufunc, method)(*map(_plain, inputs), **options)
        if ufunc is MATMUL:
            self._products[0] += getattr(result, "size", 1)
        return result

    def __array_function__(self, function: Any, types: Any, inputs: Any, options: Any) -> Any:
        result = function(*map(_plain, inputs), **options)
        if function in PRODUCTS:
            self._products[0] += getattr(result, "size", 1)
        return result

    def dot(self, other: np.ndarray) -> np.ndarray:
        """Count as `numpy.dot` does."""
        return np.dot(self, other)

    def record(self) -> dict[str, Any]:
        """Return ``dot_products``, the entries of all products, and ``n_images``."""
        return {"n_images": len(self), "dot_products": self._products[0]}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return type(value)(map(_plain, value))
    return value.view(np.ndarray) if isinstance(value, CountedImages) else value


def _counted_images(values: np.ndarray) -> CountedImages:
    return values.copy().view(CountedImages)


def _bent_line(
    kinks: np.ndarray, bends: np.ndarray, slope: float, height: float
) -> RecordedFunction:
    """A line of one variable whose slope rises by ``bends[k]`` at ``kinks[k]``."""

    def value(t: np.ndarray) -> float:
        return height + slope * t + np.sum(bends * np.maximum(0, t - kinks))

    return RecordedFunction(value)


def _settings(**entries: Any) -> dict[str, Any]:
    """A new dict, so that an answer may write in it."""
    return {k: v.copy() if isinstance(v, np.ndarray) else v for k, v in entries.items()}


class RecordedGradient(RecordedFunction):
    """A function that returns a loss and its gradient, and remembers where and what."""

    def __call__(self, W: np.ndarray) -> tuple[float, np.ndarray]:
        loss, gradient = self._function(np.asarray(W, dtype=np.float64))
        self.remember(W, loss)
        return loss, gradient

    def remember(self, W: np.ndarray, loss: float) -> None:
        """Count an evaluation and keep its point and loss."""
        self.n_calls += 1
        if len(self.points) < MAX_RECORDED_CALLS:
            self.points.append(np.array(W, dtype=np.float64))
            self.values.append(float(loss))


def _valley(center: np.ndarray, hessian: np.ndarray) -> RecordedGradient:
    """A quadratic, ``(x - center) @ hessian @ (x - center) / 2``, with its gradient."""

    def value_and_gradient(x: np.ndarray) -> tuple[float, np.ndarray]:
        gradient = hessian @ (x - center)
        return float(0.5 * gradient @ (x - center)), gradient

    return RecordedGradient(value_and_gradient)


class WatchedParams(dict, Recorded):
    """A dict of arrays that tells what a call left in it."""

    def record(self) -> dict[str, Any]:
        """Return ``params``, the dict as it now is."""
        return {"params": dict(self)}


def _params(**arrays: np.ndarray) -> WatchedParams:
    return WatchedParams({name: array.copy() for name, array in arrays.items()})


def _quadratic_with_gradient(center: np.ndarray, curvature: np.ndarray) -> RecordedGradient:
    def loss_and_gradient(W: np.ndarray) -> tuple[float, np.ndarray]:
        gradient = curvature * (W - center)
        return float(0.5 * np.sum(gradient * (W - center))), gradient

    return RecordedGradient(loss_and_gradient)


def least_squares(
    W: np.ndarray, X: np.ndarray, y: np.ndarray, reg: float
) -> tuple[float, np.ndarray]:
    """Mean squared distance of the scores ``X @ W`` from one-hot labels plus L2, and gradient."""
    misses = X @ W - np.eye(W.shape[1])[y]
    loss = np.sum(misses**2) / len(y) + reg * np.sum(W**2)
    return float(loss), 2 * X.T @ misses / len(y) + 2 * reg * W


class RecordedBatches(RecordedGradient):
    """`least_squares`, remembering the weights, the batch and the loss of every evaluation."""

    def __init__(self) -> None:
        super().__init__(least_squares)
        self._images: list[np.ndarray] = []
        self._labels: list[np.ndarray] = []

    def __call__(
        self, W: np.ndarray, X: np.ndarray, y: np.ndarray, reg: float
    ) -> tuple[float, np.ndarray]:
        loss, gradient = least_squares(W, X, y, reg)
        self.remember(W, loss)
        if len(self._images) < MAX_RECORDED_CALLS:
            self._images.append(np.array(X, dtype=np.float64))
            self._labels.append(np.array(y))
        return loss, gradient

    def record(self) -> dict[str, Any]:
        """Return the usual, and all batches end to end: ``sizes``, ``images``, ``labels``."""
        record = super().record()
        if self._images:
            record["sizes"] = np.array([len(images) for images in self._images])
            record["images"] = np.concatenate(self._images)
            record["labels"] = np.concatenate(self._labels)
        return record


class ScoreTable(RecordedFunction):
    """A score for each setting of a grid, that counts how often it is asked."""

    def __init__(self, names: list[str], settings: np.ndarray, scores: np.ndarray):
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

    def record(self) -> dict[str, Any]:
        """Return ``n_calls``."""
        return {"n_calls": self.n_calls}


def _told_losses(values: np.ndarray) -> RecordedFunction:
    """A loss whose values are told beforehand, whatever the weights."""
    told = iter(values)
    return RecordedFunction(lambda _: float(next(told, values[-1])))


RECIPES: dict[str, Callable[..., Any]] = {
    "rng": _rng,
    "quadratic": _quadratic,
    "metered": _metered,
    "quadratic_l1": _quadratic_l1,
    "planted_gradient": _planted_gradient,
    "planted_gradients": _planted_gradients,
    "tanh_net": _tanh_net,
    "counted_images": _counted_images,
    "bent_line": _bent_line,
    "told_losses": _told_losses,
    "settings": _settings,
    "valley": _valley,
    "params": _params,
    "quadratic_with_gradient": _quadratic_with_gradient,
    "least_squares": RecordedBatches,
    "score_table": ScoreTable,
}
