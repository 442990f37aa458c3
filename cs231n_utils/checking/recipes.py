"""Arguments that cannot be sent as arrays, built on the student's side from plain values.

A recipe can watch how the student's code uses it; what it saw goes back to the oracle with
the answer. What is called here is bound when this module is imported, before an answer could patch
NumPy.
"""

from collections.abc import Callable
from typing import Any

from numpy import concatenate, dot, einsum, inner, matmul, ndarray, tensordot, ufunc, vdot
from numpy.random import Generator, default_rng

PRODUCTS = (dot, einsum, inner, tensordot, vdot)


class Watched:
    """An argument that tells afterwards how it was used."""

    def usage(self) -> dict[str, Any]:
        """What goes back to the oracle."""
        raise NotImplementedError


def _rng(seed: int) -> Generator:
    return default_rng(seed)


def _repeated(values: ndarray, times: int) -> ndarray:
    """Rows again and again, so that many of them need not be sent."""
    return concatenate([values] * times)


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


def _settings(**entries: Any) -> dict[str, Any]:
    """A new dict, so that an answer may write in it."""
    return {k: v.copy() if isinstance(v, ndarray) else v for k, v in entries.items()}


class WatchedParams(dict, Watched):
    """A dict of arrays that tells what a call left in it."""

    def usage(self) -> dict[str, Any]:
        """Return ``params``, the dict as it now is."""
        return {"params": dict(self)}


def _params(**arrays: ndarray) -> WatchedParams:
    return WatchedParams({name: array.copy() for name, array in arrays.items()})


RECIPES: dict[str, Callable[..., Any]] = {
    "rng": _rng,
    "repeated": _repeated,
    "counted_images": _counted_images,
    "settings": _settings,
    "params": _params,
}

WATCHED = {"counted_images", "params"}
"""Recipes whose usage goes back to the oracle."""
