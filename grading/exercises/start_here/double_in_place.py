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


@exercise.mistake(
    "gives the name to a new array",
    "`x = 2 * x` or `a = 2 * a` gives the name to a new array and leaves the old one as it was; "
    "`x[...] = 2 * x` writes into the entry.",
)
def _(a):
    for x in np.nditer(a, op_flags=["readwrite"]):
        x = 2 * x


@exercise.mistake(
    "returns a new array",
    "The caller's array must change: write into each entry and return nothing.",
)
def _(a):
    return 2 * a


@exercise.mistake("squares", "Twice an entry is 2 * x; x * x is its square.")
def _(a):
    for x in np.nditer(a, op_flags=["readwrite"]):
        x[...] = x * x


@exercise.mistake("doubles twice", "Each entry is doubled once; yours comes out times four.")
def _(a):
    for x in np.nditer(a, op_flags=["readwrite"]):
        x[...] = 2 * x
    a *= 2


@exercise.mistake(
    "also returns the array",
    "A function that works in place returns None, so that nobody takes its result for a copy.",
)
def _(a):
    for x in np.nditer(a, op_flags=["readwrite"]):
        x[...] = 2 * x
    return a


@exercise.mistake(
    "opens the iterator read-only",
    "np.nditer gives read-only entries unless it gets op_flags=['readwrite'].",
)
def _(a):
    for x in np.nditer(a):
        x[...] = 2 * x


@exercise.mistake(
    "doubles the first row only", "The loop must reach every entry, in every dimension."
)
def _(a):
    if a.ndim:
        a[0] *= 2
    else:
        a *= 2


@exercise.mistake(
    "doubles a copy that ravel made",
    "`ravel`, `flatten` and `reshape` copy an array whose entries do not lie one after the other, "
    "such as `a.T` or `a[::2]`: double the entries of `a` itself.",
)
def doubles_what_ravel_returns(a):
    flat = a.ravel()
    flat *= 2


@exercise.mistake(
    "loops over two axes", "The array may have any number of axes: np.nditer visits all entries."
)
def doubles_rows_and_columns(a):
    rows, columns = a.shape
    for i in range(rows):
        for j in range(columns):
            a[i, j] *= 2
