"""Double every entry of the caller's array in place, and return nothing."""

import numpy as np

from ..compare import kind_of
from ..describe import Case, Exercise

exercise = Exercise(
    "double_in_place",
    assignment="00-start-here",
    parts={"every entry doubled": 0.5, "returns None": 0.5},
    hints=(
        "`a = 2 * a` makes a new array and calls it a; the caller's array stays as it was. Which "
        "statements write into an array that exists already?",
        "Reach every entry, whatever the number of dimensions, with np.nditer, and ask it for "
        "entries that can be written: op_flags=['readwrite'].",
        "In the loop over np.nditer, `entry[...] = ` writes into the entry itself. There is no "
        "return statement: a function without one returns None.",
    ),
)


@exercise.solved_by
def double_in_place(a):
    for entry in np.nditer(a, op_flags=["readwrite"]):
        entry[...] = 2 * entry


def _array_afterwards(observations):
    return observations[-1].after[0]


def _returned_something(observations):
    value = observations[-1].value
    return None if value is None else f"double_in_place returned {kind_of(value)}, expected None."


@exercise.examined_by
def cases(rng):
    arrays = [
        rng.integers(-9, 10, size=(2, 3)) * 3 + 1,
        rng.standard_normal((3, 2, 2)) + 4.0,
        rng.standard_normal(5) - 4.0,
        np.array(rng.uniform(1.0, 2.0)),
        (rng.standard_normal((3, 4)) + 4.0).T,
        rng.integers(1, 9, size=(6, 2))[::2],
    ]
    for array in arrays:
        yield Case(
            "every entry doubled",
            [(array,)],
            answer=_array_afterwards,
            measures="the array afterwards",
            keeps_arguments=False,
        )
    yield Case(
        "returns None",
        [(arrays[1],)],
        answer=_array_afterwards,
        verify=_returned_something,
        measures="the array afterwards",
        asks_how=True,
        keeps_arguments=False,
    )


@exercise.twisted_by(
    {
        "works on a new array": "`x = 2 * x`, `a = 2 * a` and `a.flatten()` make a new array and "
        "leave the old one as it was; `x[...] = 2 * x` writes into the entry.",
        "returns a new array": "The caller's array must change: write into each entry and return "
        "nothing.",
        "also returns the array": "A function that works in place returns None, so that nobody "
        "takes its result for a copy.",
        "opens the iterator read-only": "np.nditer gives read-only entries unless it gets "
        "op_flags=['readwrite'].",
        "squares": "Twice an entry is 2 * x; x * x is its square.",
        "adds 2": "Twice an entry is 2 * x, not x + 2.",
        "doubles twice": "Each entry is doubled once; yours comes out times four.",
        "doubles everything for every entry": "In a loop over the entries write into one entry, "
        "`x[...] = 2 * x`: `a *= 2` doubles all of them each time.",
        "stops after the first entry": "`return` ends the whole function: not in the loop.",
        "doubles the first row only": "The loop must reach every entry, in every dimension.",
        "loops over two axes": "The array may have any number of axes: np.nditer visits all "
        "entries.",
        "takes a second axis for granted": "A 1-D array has no a.shape[1], and a 0-d array no "
        "a.shape[0]: np.nditer visits the entries of any array.",
        "takes a first axis for granted": "A 0-d array has no len and no rows: np.nditer visits "
        "the entries of any array.",
        "a[:] of a 0-d array": "A 0-d array has no axis to slice: write `a[...] = 2 * a`, or use "
        "np.nditer.",
        "loops over rows": "`for row in a` gives the rows of a matrix, but plain numbers of a 1-D "
        "array, which do not write into it, and nothing of a 0-d array: use np.nditer.",
        "doubles a copy that ravel made": "`ravel` copies an array whose entries do not lie one "
        "after the other, such as `a.T` or `a[::2]`: double the entries of `a` itself.",
        "doubles a copy that reshape made": "`reshape` copies an array whose entries it cannot "
        "reach in one go, such as `a.T`: double the entries of `a` itself.",
        "multiplies whole numbers by a float": "`*= 2.0` fails on an array of integers: multiply "
        "by 2.",
    }
)
def double_in_place_with(is_, a):
    new = a
    if is_("works on a new array") or is_("returns a new array"):
        new = a.copy()
    if is_("doubles a copy that ravel made"):
        new = a.ravel()
    if is_("doubles a copy that reshape made"):
        new = a.reshape(-1)
    for entry in _entries_with(is_, new):
        if is_("squares"):
            entry[...] = entry * entry
        elif is_("adds 2"):
            entry[...] = entry + 2
        elif is_("doubles everything for every entry"):
            new *= 2
        elif is_("multiplies whole numbers by a float"):
            entry *= 2.0
        else:
            entry[...] = 2 * entry
        if is_("stops after the first entry"):
            break
    if is_("doubles twice"):
        new *= 2
    if is_("returns a new array"):
        return new
    return a if is_("also returns the array") else None


def _entries_with(is_, a):
    """What the loop goes through, each of which can be written into, with slips."""
    if is_("opens the iterator read-only"):
        return np.nditer(a)
    if is_("doubles the first row only"):
        return [a[:1] if a.ndim else a]
    if is_("loops over two axes"):
        rows, columns = a.shape
        return [a[i, j, ...] for i in range(rows) for j in range(columns)]
    if is_("takes a second axis for granted"):
        return [a[i, j, ...] for i in range(a.shape[0]) for j in range(a.shape[1])]
    if is_("takes a first axis for granted"):
        return [a[i, ...] for i in range(len(a))]
    if is_("a[:] of a 0-d array"):
        return [a[:]]
    if is_("loops over rows"):
        return [row for row in a if row.ndim]
    return np.nditer(a, op_flags=["readwrite"])
