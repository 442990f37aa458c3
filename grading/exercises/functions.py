"""Functions that answers call: they live in the oracle, which evaluates, counts and remembers.

A case names one as a :class:`~cs231n_utils.checking.channel.Recipe`. The answer gets a function
that sends its arguments to the oracle and returns what comes back.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from cs231n_utils.checking.channel import Recipe

MAX_REMEMBERED = 1_000
"""Evaluations that are remembered; those beyond are counted only."""
MAX_REMEMBERED_ENTRIES = 1 << 18
"""Entries of all remembered arrays of one function."""


class Remembering:
    """A function that counts its evaluations and remembers where they were and their value.

    Attributes
    ----------
    n_calls : int
        Number of evaluations so far.
    """

    def __init__(self, function: Callable[..., Any]):
        self._function = function
        self.n_calls = 0
        self._points: list[np.ndarray] = []
        self._values: list[float] = []
        self._entries = 0

    def __call__(self, point: np.ndarray) -> Any:
        result = self._function(np.asarray(point, dtype=float))
        self._remember(point, result)
        return result

    def _remember(self, point: np.ndarray, result: Any, entries: int = 0) -> bool:
        """Count an evaluation and keep its point and value; returns whether they were kept."""
        self.n_calls += 1
        self._entries += np.size(point) + entries
        kept = self.n_calls <= MAX_REMEMBERED and self._entries <= MAX_REMEMBERED_ENTRIES
        if kept:
            self._points.append(np.array(point, dtype=float))
            self._values.append(float(result[0] if isinstance(result, tuple) else result))
        return kept

    def usage(self) -> dict[str, Any]:
        """Return ``n_calls`` and, where all points have one shape, ``points`` and ``values``."""
        usage: dict[str, Any] = {"n_calls": self.n_calls}
        if self._points and len({point.shape for point in self._points}) == 1:
            usage["points"] = np.array(self._points)
            usage["values"] = np.array(self._values)
        return usage


def _quadratic(center: np.ndarray, curvature: np.ndarray) -> Remembering:
    return Remembering(lambda x: float(0.5 * np.sum(curvature * (x - center) ** 2)))


def _quadratic_l1(center: np.ndarray, curvature: np.ndarray, l2: float, l1: float) -> Remembering:
    """A quadratic with both penalties; it has a kink wherever a coordinate is 0."""

    def value(x: np.ndarray) -> float:
        data = 0.5 * np.sum(curvature * (x - center) ** 2)
        return float(data + l2 * np.sum(x**2) + l1 * np.sum(np.abs(x)))

    return Remembering(value)


def _planted_gradient(
    bug: str, center: np.ndarray, curvature: np.ndarray, l2: float, l1: float
) -> Callable[[np.ndarray], np.ndarray]:
    """A gradient of ``quadratic_l1``, right or with one of the bugs that gradients have."""

    def gradient(x: np.ndarray) -> np.ndarray:
        x = np.asarray(x, dtype=float)
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


def _planted_gradients(bugs: dict[str, str], **function: Any) -> dict[str, Callable[..., Any]]:
    return {name: _planted_gradient(bug, **function) for name, bug in bugs.items()}


def _tanh_net(A: np.ndarray, b: np.ndarray, v: np.ndarray) -> Remembering:
    return Remembering(lambda x: float(v @ np.tanh(A @ x.ravel() + b)))


def _bent_line(kinks: np.ndarray, bends: np.ndarray, slope: float, height: float) -> Remembering:
    """A line of one variable whose slope rises by ``bends[k]`` at ``kinks[k]``."""

    def value(t: np.ndarray) -> float:
        return float(height + slope * t + np.sum(bends * np.maximum(0, t - kinks)))

    return Remembering(value)


def _told_losses(values: np.ndarray) -> Remembering:
    """A loss whose values are told beforehand, whatever the weights."""
    told = iter(values)
    return Remembering(lambda _: float(next(told, values[-1])))


def _valley(center: np.ndarray, hessian: np.ndarray) -> Remembering:
    """A quadratic, ``(x - center) @ hessian @ (x - center) / 2``, with its gradient."""

    def value_and_gradient(x: np.ndarray) -> tuple[float, np.ndarray]:
        gradient = hessian @ (x - center)
        return float(0.5 * gradient @ (x - center)), gradient

    return Remembering(value_and_gradient)


def _quadratic_with_gradient(center: np.ndarray, curvature: np.ndarray) -> Remembering:
    def loss_and_gradient(W: np.ndarray) -> tuple[float, np.ndarray]:
        gradient = curvature * (W - center)
        return float(0.5 * np.sum(gradient * (W - center))), gradient

    return Remembering(loss_and_gradient)


def least_squares(
    W: np.ndarray, X: np.ndarray, y: np.ndarray, reg: float
) -> tuple[float, np.ndarray]:
    """Mean squared distance of the scores ``X @ W`` from one-hot labels plus L2, and gradient."""
    misses = X @ W - np.eye(W.shape[1])[y]
    loss = np.sum(misses**2) / len(y) + reg * np.sum(W**2)
    return float(loss), 2 * X.T @ misses / len(y) + 2 * reg * W


class _Batches(Remembering):
    """`least_squares`, remembering the batch of every evaluation as well."""

    def __init__(self) -> None:
        super().__init__(least_squares)
        self._images: list[np.ndarray] = []
        self._labels: list[np.ndarray] = []
        self._strengths: list[float] = []

    def __call__(
        self, W: np.ndarray, X: np.ndarray, y: np.ndarray, reg: float
    ) -> tuple[float, np.ndarray]:
        X, y = np.asarray(X), np.asarray(y)
        result = least_squares(W, X, y, reg)
        if self._remember(W, result, X.size + y.size):
            self._images.append(np.array(X, dtype=float))
            self._labels.append(np.array(y))
            self._strengths.append(float(reg))
        return result

    def usage(self) -> dict[str, Any]:
        """Return the usual, ``reg``, and all batches: ``sizes``, ``images`` and ``labels``."""
        usage = super().usage()
        if self._images:
            usage["sizes"] = np.array([len(images) for images in self._images])
            usage["images"] = np.concatenate(self._images)
            usage["labels"] = np.concatenate(self._labels)
            usage["reg"] = np.array(self._strengths)
        return usage


class _ScoreTable(Remembering):
    """A score for each setting of a grid, that counts how often it is asked."""

    def __init__(self, names: list[str], settings: np.ndarray, scores: np.ndarray):
        super().__init__(self._look_up)
        rows = (tuple(float(value) for value in setting) for setting in settings)
        self._names = tuple(names)
        self._scores = dict(zip(rows, scores.tolist(), strict=True))

    def __call__(self, *values: float, **named: float) -> float:
        self.n_calls += 1
        return self._look_up(*values, **named)

    def _look_up(self, *values: float, **named: float) -> float:
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


FUNCTIONS: dict[str, Callable[..., Callable[..., Any] | dict[str, Callable[..., Any]]]] = {
    "quadratic": _quadratic,
    "quadratic_l1": _quadratic_l1,
    "planted_gradient": _planted_gradient,
    "planted_gradients": _planted_gradients,
    "tanh_net": _tanh_net,
    "bent_line": _bent_line,
    "told_losses": _told_losses,
    "valley": _valley,
    "quadratic_with_gradient": _quadratic_with_gradient,
    "least_squares": _Batches,
    "score_table": _ScoreTable,
}
"""By the name of a recipe, what builds its function, or a dict of functions, anew."""


class Functions:
    """The functions among the arguments of one call, built for this call alone.

    Parameters
    ----------
    arguments : tuple
        Of a case, with recipes.

    Attributes
    ----------
    built : dict of int to callable or dict
        By argument position, a function or a dict of functions.
    """

    def __init__(self, arguments: tuple[Any, ...]):
        self._arguments = arguments
        self.built = {
            place: FUNCTIONS[argument.name](**argument.ingredients)
            for place, argument in enumerate(arguments)
            if isinstance(argument, Recipe) and argument.name in FUNCTIONS
        }

    @property
    def called(self) -> list[Any]:
        """The arguments with the functions themselves, to call a trusted function with."""
        return [self.built.get(place, value) for place, value in enumerate(self._arguments)]

    @property
    def sent(self) -> list[Any]:
        """The arguments with a recipe of a remote function for each function."""

        def remote(place: int, value: Any) -> Any:
            if place not in self.built:
                return value
            built = self.built[place]
            return Recipe("remote", names=list(built) if isinstance(built, dict) else None)

        return [remote(place, value) for place, value in enumerate(self._arguments)]

    def usage(self) -> dict[str, dict[str, Any]]:
        """By argument position, how the functions were called."""
        remembering = {str(p): f for p, f in self.built.items() if isinstance(f, Remembering)}
        return {place: function.usage() for place, function in remembering.items()}
