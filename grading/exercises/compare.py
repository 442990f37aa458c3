"""Comparing an answer with the reference, and saying what is wrong with it.

Reasons come in a fixed order: None, type, shape, not finite, inaccurate.
"""

from math import isfinite
from numbers import Real
from typing import Any

import numpy as np

from cs231n_utils.checking.channel import Opaque

SHOWN_ITEMS = 4
"""Of a longer tuple or list, a sentence describes the first item alone."""

LARGEST_WHOLE = 2.0**53
"""Below it, every whole number is a float."""


class NotJudged(str):
    """A reason that leaves a part open: what it asks about shows only once something else is right.

    Such a part earns no points, and is shown as not judged instead of as wrong.
    """


def compare(got: Any, expected: Any, *, rtol: float, atol: float) -> str | None:
    """Say how an answer differs from the reference.

    Parameters
    ----------
    got, expected : object
        Plain values: numbers, arrays, text, None, tuples, lists, dicts, sets of these.
    rtol, atol : float
        Tolerances as in :func:`numpy.isclose`, relative to ``expected``. ``rtol`` does not
        count for whole numbers.

    Returns
    -------
    str or None
        A sentence that follows the function's name, such as "returned None, expected a
        float ..."; None if the answer is right, in whatever container (see :func:`fitted`).
    """
    if expected is None:
        return None if got is None else f"returned {kind_of(got)}, expected None."
    if got is None:
        return f"returned None, expected {kind_of(expected)}: is the return statement missing?"
    got = fitted(got, expected)
    if isinstance(expected, tuple | list):
        return _compare_several(got, expected, rtol=rtol, atol=atol)
    if isinstance(expected, dict):
        return _compare_dict(got, expected, rtol=rtol, atol=atol)
    if isinstance(expected, set):
        return _compare_set(got, expected)
    if isinstance(expected, bool | np.bool_ | str):
        return _compare_exactly(got, expected)
    if isinstance(expected, np.ndarray):
        return _compare_array(got, expected, rtol=rtol, atol=atol)
    return _compare_number(got, expected, rtol=rtol, atol=atol)


def fitted(got: Any, expected: Any) -> Any:
    """The same values in the container that the reference uses; as they are if they do not fit.

    A list or tuple of numbers becomes an array with one axis, an array becomes a pair if it has
    two entries, an array without axes a number, a whole number given as a float an int, a list
    without repetition a set.
    """
    if isinstance(got, np.ndarray) and got.ndim == 0 and not isinstance(expected, np.ndarray):
        got = got[()]
    if isinstance(expected, tuple | list):
        if isinstance(got, np.ndarray) and got.ndim:
            got = list(got) if len(got) == len(expected) else got
        if isinstance(got, tuple | list) and len(got) == len(expected):
            return type(expected)(map(fitted, got, expected))
    elif isinstance(expected, dict):
        if isinstance(got, dict) and got.keys() == expected.keys():
            return {key: fitted(got[key], theirs) for key, theirs in expected.items()}
    elif isinstance(expected, set):
        if isinstance(got, tuple | list) and all(isinstance(item, str | Real) for item in got):
            return set(got) if len(set(got)) == len(got) else got
    elif isinstance(expected, np.ndarray):
        return _fitted_array(got, expected)
    elif isinstance(got, np.bool_):
        return bool(got)
    elif _is_number(got) and _is_whole(expected) and np.isfinite(got) and got == int(got):
        return int(got)
    return got


def same(a: Any, b: Any, *, rtol: float, atol: float) -> bool:
    """Whether two plain values agree in whatever containers, NaN equal to NaN."""
    a = fitted(a, b)
    b = fitted(b, a)
    if isinstance(a, tuple | list) and isinstance(b, tuple | list):
        return len(a) == len(b) and all(
            same(x, y, rtol=rtol, atol=atol) for x, y in zip(a, b, strict=True)
        )
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same(a[k], b[k], rtol=rtol, atol=atol) for k in a)
    if isinstance(a, Opaque) and isinstance(b, Opaque):
        return a.type_name == b.type_name
    if a is None or b is None or isinstance(a, str | set) or isinstance(b, str | set):
        return type(a) is type(b) and a == b
    if isinstance(a, tuple | list | dict | Opaque) or isinstance(b, tuple | list | dict | Opaque):
        return False
    if np.shape(a) != np.shape(b):
        return False
    return bool(_close(a, b, rtol=rtol, atol=atol).all())


def _close(a: Any, b: Any, *, rtol: float, atol: float) -> np.ndarray:
    """What `numpy.isclose` says, NaN equal to NaN, in a third of its time."""
    a, b = np.asarray(a), np.asarray(b)
    if b.dtype.kind not in "fc":
        b = b.astype(float)
    with np.errstate(all="ignore"):
        near = (abs(a - b) <= atol + rtol * abs(b)) & np.isfinite(b)
        return near | (a == b) | ((a != a) & (b != b))


def kind_of(value: Any) -> str:
    """What a value is, in words: "a float", "an array of shape (3, 10)"."""
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}"
    if isinstance(value, Opaque):
        return _with_article(value.type_name)
    if value is None:
        return "None"
    if isinstance(value, bool | np.bool_):
        return "a bool"
    if isinstance(value, int | np.integer):
        return "an int"
    if isinstance(value, float | np.floating):
        return "a float"
    return _with_article(type(value).__name__)


def described(value: Any) -> str:
    """What a value is, and what is in it: "a tuple of a float and an array of shape (3, 10)"."""
    if not isinstance(value, tuple | list) or not value:
        return kind_of(value)
    kinds = list(map(described, value))
    if len(set(kinds)) == 1 and len(kinds) > 1:
        return f"{kind_of(value)} of {len(kinds)} values, each {kinds[0]}"
    if len(kinds) > SHOWN_ITEMS:
        return f"{kind_of(value)} of {len(kinds)} values, the first {kinds[0]}"
    listed = ", ".join(kinds[:-1])
    return f"{kind_of(value)} of {listed}{' and ' if listed else ''}{kinds[-1]}"


def _with_article(name: str) -> str:
    return f"{'an' if name[:1] in tuple('aeiouAEIOU') else 'a'} {name}"


def _is_number(value: Any) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool | np.bool_)


def _is_whole(value: Any) -> bool:
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


def _fitted_array(got: Any, expected: np.ndarray) -> Any:
    if isinstance(got, tuple | list) and expected.ndim == 1 and len(got) == len(expected):
        items = [item[()] if isinstance(item, np.ndarray) else item for item in got]
        if all(map(_is_number, items)):
            got = np.array(items) if items else np.zeros(0, expected.dtype)
    elif expected.ndim == 0 and isinstance(got, Real | np.generic):
        got = np.asarray(got)
    whole = isinstance(got, np.ndarray) and expected.dtype.kind in "iu" and got.dtype.kind == "f"
    if whole and (np.abs(got) < LARGEST_WHOLE).all() and (got == np.rint(got)).all():
        return got.astype(np.int64)
    return got


def _compare_several(got: Any, expected: tuple | list, **tolerance: float) -> str | None:
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
        mine, theirs = (sorted(map(str, keys)) for keys in (got, expected))
        return f"returned a dict with keys {mine}, expected {theirs}."
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
    if not _is_number(got):
        return f"returned {kind_of(got)}, expected {kind_of(expected)}."
    if np.isfinite(expected) and not np.isfinite(got):
        return f"returned {float(got)}, expected the finite number {float(expected):.6g}."
    whole = _is_whole(expected)
    mine, theirs = float(got), float(expected)
    room = atol + (0.0 if whole else rtol * abs(theirs))
    if mine == theirs or (isfinite(theirs) and abs(mine - theirs) <= room):
        return None
    if whole:
        return f"returned {got}, expected the whole number {expected}."
    return f"returned {float(got):.6g}, expected {float(expected):.6g}."


def _compare_array(got: Any, expected: np.ndarray, *, rtol: float, atol: float) -> str | None:
    if not isinstance(got, np.ndarray):
        return f"returned {described(got)}, expected {kind_of(expected)}."
    whole = expected.dtype.kind in "iu"
    if whole and got.dtype.kind not in "iu":
        return f"returned an array of dtype {got.dtype}, expected integers."
    if expected.dtype.kind == "f" and got.dtype.kind not in "fiu":
        return f"returned an array of dtype {got.dtype}, expected floats."
    if got.shape != expected.shape:
        return f"returned an array of shape {got.shape}, expected {expected.shape}."
    if np.isfinite(expected).all() and not np.isfinite(got).all():
        bad = int(np.size(got) - np.isfinite(got).sum())
        return f"returned {bad} of {got.size} entries that are nan or inf, expected finite numbers."
    rtol = 0.0 if whole else rtol
    wrong = ~_close(got, expected, rtol=rtol, atol=atol)
    if not wrong.any():
        return None
    where = tuple(int(i) for i in np.argwhere(wrong)[0])
    place = f" at {list(where)}" if where else ""
    return (
        f"returned wrong values in {int(wrong.sum())} of {wrong.size} entries: first{place} "
        f"{got[where]:.6g}, expected {expected[where]:.6g}."
    )
