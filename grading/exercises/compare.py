"""Comparing an answer with the reference, and saying what is wrong with it.

Reasons come in a fixed order: None, type, shape, not finite, inaccurate.
"""

from numbers import Real
from typing import Any

import numpy as np

from cs231n_utils.checking.channel import Opaque


def compare(got: Any, expected: Any, *, rtol: float, atol: float) -> str | None:
    """Say how an answer differs from the reference.

    Parameters
    ----------
    got, expected : object
        Plain values: numbers, arrays, text, None, tuples, lists, dicts of these.
    rtol, atol : float
        Tolerances as in :func:`numpy.isclose`, relative to ``expected``.

    Returns
    -------
    str or None
        A sentence that follows the function's name, such as "returned None, expected a
        float ..."; None if the answer is right.
    """
    if expected is None:
        return None if got is None else f"returned {kind_of(got)}, expected None."
    if got is None:
        return f"returned None, expected {kind_of(expected)}: is the return statement missing?"
    if isinstance(expected, tuple):
        return _compare_tuple(got, expected, rtol=rtol, atol=atol)
    if isinstance(expected, dict):
        return _compare_dict(got, expected, rtol=rtol, atol=atol)
    if isinstance(expected, set):
        return _compare_set(got, expected)
    if isinstance(expected, bool | np.bool_ | str):
        return _compare_exactly(got, expected)
    if isinstance(expected, np.ndarray):
        return _compare_array(got, expected, rtol=rtol, atol=atol)
    return _compare_number(got, expected, rtol=rtol, atol=atol)


def same(a: Any, b: Any, *, rtol: float, atol: float) -> bool:
    """Whether two plain values agree, NaN equal to NaN and infinities by sign."""
    if isinstance(a, tuple | list) and isinstance(b, tuple | list):
        return len(a) == len(b) and all(
            same(x, y, rtol=rtol, atol=atol) for x, y in zip(a, b, strict=True)
        )
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same(a[k], b[k], rtol=rtol, atol=atol) for k in a)
    if isinstance(a, Opaque) and isinstance(b, Opaque):
        return a.type_name == b.type_name
    if a is None or b is None or isinstance(a, str) or isinstance(b, str):
        return type(a) is type(b) and a == b
    if isinstance(a, set) or isinstance(b, set):
        return type(a) is type(b) and a == b
    if isinstance(a, tuple | list | dict | Opaque) or isinstance(b, tuple | list | dict | Opaque):
        return False
    if np.shape(a) != np.shape(b):
        return False
    with np.errstate(all="ignore"):
        return bool(np.allclose(a, b, rtol=rtol, atol=atol, equal_nan=True))


def kind_of(value: Any) -> str:
    """What a value is, in words: "a float", "an array of shape (3, 10)"."""
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}"
    if isinstance(value, Opaque):
        return f"a {value.type_name}"
    names = {int: "an int", bool: "a bool", float: "a float", type(None): "None"}
    if isinstance(value, np.integer):
        return "an int"
    if isinstance(value, np.floating):
        return "a float"
    return names.get(type(value), f"a {type(value).__name__}")


def _compare_tuple(got: Any, expected: tuple, **tolerance: float) -> str | None:
    if not isinstance(got, tuple | list):
        return f"returned {kind_of(got)}, expected {len(expected)} values."
    if len(got) != len(expected):
        return f"returned {len(got)} values, expected {len(expected)}."
    for index, (mine, theirs) in enumerate(zip(got, expected, strict=True)):
        if mine is None and theirs is not None:
            why = f"returned None, expected {kind_of(theirs)}."
        else:
            why = compare(mine, theirs, **tolerance)
        if why:
            return f"(value {index + 1} of {len(expected)}) {why}"
    return None


def _compare_dict(got: Any, expected: dict, **tolerance: float) -> str | None:
    if not isinstance(got, dict):
        return f"returned {kind_of(got)}, expected a dict."
    if got.keys() != expected.keys():
        return f"returned a dict with keys {sorted(map(str, got))}, expected {sorted(expected)}."
    for key, theirs in expected.items():
        why = compare(got[key], theirs, **tolerance)
        if why:
            return f"(key {key!r}) {why}"
    return None


def _compare_set(got: Any, expected: set) -> str | None:
    if not isinstance(got, set):
        return f"returned {kind_of(got)}, expected a set."
    if got == expected:
        return None
    return f"returned {_listed(got)}, expected {_listed(expected)}."


def _listed(items: set) -> str:
    shown = (kind_of(item) if isinstance(item, Opaque) else repr(item) for item in items)
    return "{" + ", ".join(sorted(shown)) + "}"


def _compare_exactly(got: Any, expected: Any) -> str | None:
    if isinstance(expected, str):
        right_type = isinstance(got, str)
    else:
        right_type = isinstance(got, bool | np.bool_)
    if not right_type:
        return f"returned {kind_of(got)}, expected {kind_of(expected)}."
    return None if got == expected else f"returned {got}, expected {expected}."


def _compare_number(got: Any, expected: Real, *, rtol: float, atol: float) -> str | None:
    number = got[()] if isinstance(got, np.ndarray) and got.ndim == 0 else got
    if isinstance(number, bool | np.bool_) or not isinstance(number, Real):
        return f"returned {kind_of(got)}, expected {kind_of(expected)}."
    if isinstance(expected, int | np.integer) and not isinstance(number, int | np.integer):
        return f"returned {kind_of(got)}, expected {kind_of(expected)}."
    if np.isfinite(expected) and not np.isfinite(number):
        return f"returned {float(number)}, expected the finite number {float(expected):.6g}."
    if np.isclose(float(number), float(expected), rtol=rtol, atol=atol):
        return None
    return f"returned {float(number):.6g}, expected {float(expected):.6g}."


def _compare_array(got: Any, expected: np.ndarray, *, rtol: float, atol: float) -> str | None:
    if not isinstance(got, np.ndarray):
        if expected.ndim or not isinstance(got, Real | np.generic):
            return f"returned {kind_of(got)}, expected {kind_of(expected)}."
        got = np.asarray(got)
    if expected.dtype.kind in "iu" and got.dtype.kind not in "iu":
        return f"returned an array of dtype {got.dtype}, expected integers."
    if expected.dtype.kind == "f" and got.dtype.kind not in "fiu":
        return f"returned an array of dtype {got.dtype}, expected floats."
    if got.shape != expected.shape:
        return f"returned an array of shape {got.shape}, expected {expected.shape}."
    if np.isfinite(expected).all() and not np.isfinite(got).all():
        bad = int(np.size(got) - np.isfinite(got).sum())
        return f"returned {bad} of {got.size} entries that are nan or inf, expected finite numbers."
    wrong = ~np.isclose(got, expected, rtol=rtol, atol=atol, equal_nan=True)
    if not wrong.any():
        return None
    where = tuple(int(i) for i in np.argwhere(wrong)[0])
    place = f" at {list(where)}" if where else ""
    return (
        f"returned wrong values in {int(wrong.sum())} of {wrong.size} entries: first{place} "
        f"{got[where]:.6g}, expected {expected[where]:.6g}."
    )
