"""What wrong values have in common with the right ones, where no known mistake explains them.

Each detector looks at all values that one part compares, and says a sentence that is true of every
one of them, or nothing.
"""

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from numbers import Real
from typing import Any

import numpy as np

from cs231n_utils.checking.channel import Recipe
from cs231n_utils.system.processors import thread_time

from ..exercises import EXERCISES
from ..exercises.compare import fitted
from ..exercises.describe import Exercise
from ..exercises.observation import returned
from .question import Question

SECONDS = 1.0
"""Processor time after which no more functions are tried."""
ENOUGH = 3
"""So many wrong numbers hardly agree with another value by chance."""


@dataclass(frozen=True)
class Pair:
    """One value that a case compares, and what is expected.

    Attributes
    ----------
    arguments : dict of str to object
        Of the last call.
    got, expected : ndarray
        Of any shape, not necessarily the same one.
    rtol, atol : float
    """

    arguments: Mapping[str, Any]
    got: np.ndarray
    expected: np.ndarray
    rtol: float
    atol: float

    def near(self, value: Any) -> bool:
        """Whether it is this value, within the tolerances."""
        with np.errstate(all="ignore"):
            return np.shape(value) == self.got.shape and np.allclose(
                self.got, value, rtol=self.rtol, atol=self.atol, equal_nan=True
            )

    @property
    def right(self) -> np.ndarray:
        """By entry, whether it is as expected; shapes must be the same."""
        with np.errstate(all="ignore"):
            return np.isclose(
                self.got, self.expected, rtol=self.rtol, atol=self.atol, equal_nan=True
            )

    def arrays(self) -> Iterator[tuple[str, np.ndarray]]:
        """The arguments that are arrays of numbers, by name."""
        for name, value in self.arguments.items():
            if isinstance(value, np.ndarray) and value.dtype.kind in "fiu":
                yield name, value

    def numbers(self) -> Iterator[tuple[str, float]]:
        """The arguments that are numbers, by name."""
        for name, value in self.arguments.items():
            if isinstance(value, Real) and not isinstance(value, bool | np.bool_):
                yield name, float(value)


Detector = Callable[[Sequence[Pair]], str | None]
"""From the values of one part to what they are, or None: "2 times what is expected"."""


def relation(exercise: Exercise, questions: list[Question], reasons: list[str | None]) -> str:
    """What is true of the wrong values of a part.

    Parameters
    ----------
    exercise : Exercise
    questions : list of Question
        With what was observed.
    reasons : list of str or None
        Why each is not answered rightly.

    Returns
    -------
    str
        A sentence about the first failing part that has one; empty if none has.
    """
    *others, last = questions
    first = next((question for question in others if question.case is last.case), None)
    if first is not None:
        questions = others
        if last.complete and not first.alike(last):
            return (
                f"{exercise.id} returned another value when it was called a second time with the "
                "same arguments: something is kept from call to call."
            )
    asks = list(zip(questions, reasons, strict=False))
    failed = {question.case.part for question, why in asks if why}
    for part in exercise.parts:
        asked = [
            (question, why)
            for question, why in asks
            if question.case.part == part and _compares_values(question)
        ]
        if any(why for _, why in asked):
            # Of the other parts it may not be true.
            named = f'"{part}"' if len(failed) > 1 else ""
            sentence = _of_part(exercise, [question for question, _ in asked], named)
            if sentence:
                return sentence
    return ""


def _compares_values(question: Question) -> bool:
    case = question.case
    return (
        question.complete
        and case.answer is not None
        and not (case.asks_how or case.raises or case.gist)
    )


def _of_part(exercise: Exercise, questions: list[Question], named: str) -> str:
    values = list(values_of(exercise, questions))
    here = f"in {named} " if named else ""
    for subject, pairs in values:
        if any(pair.got.shape != pair.expected.shape for pair in pairs):
            wrong = pairs
        else:
            wrong = [pair for pair in pairs if not pair.right.all()]
        if sum(np.unique(pair.got).size for pair in wrong) < ENOUGH:
            continue
        for detect in DETECTORS:
            found = detect(pairs)
            if found:
                if len(pairs) > 1:
                    here = f"in all {len(pairs)} calls " + (f"of {named} " if named else "")
                return f"{here}{subject} is {found}."
    sentence = _as_if(exercise, questions) or _where(values)
    return sentence and here + sentence


def values_of(
    exercise: Exercise, questions: Sequence[Question]
) -> Iterator[tuple[str, list[Pair]]]:
    """The values at each place of what is compared, over all calls, with a name for them."""
    names = list(inspect.signature(exercise.reference).parameters)
    places: dict[str, list[Pair]] = {}
    for question in questions:
        compared = _compared(exercise, question)
        if compared is None:
            continue
        arguments = dict(zip(names, question.case.calls[-1], strict=False))
        subject = question.case.measures or _name_of(question.case.answer)
        for place, got, expected in _leaves(*compared, subject):
            pair = Pair(arguments, got, expected, question.case.rtol, question.case.atol)
            places.setdefault(place, []).append(pair)
    yield from places.items()


def _name_of(answer: Callable[..., Any]) -> str:
    name = getattr(answer, "__name__", "").strip("_").replace("_", " ")
    named = answer is not returned and name and "lambda" not in name
    return f"the {name}" if named else "what you returned"


def _compared(exercise: Exercise, question: Question) -> tuple[Any, Any] | None:
    """What the case compares: of the answer, and of the reference."""
    theirs = question.twin(exercise).observations
    outcomes = {seen.outcome for seen in (*question.observations, *theirs)}
    if outcomes != {"returned"} or len(question.observations) != len(theirs):
        return None
    try:
        got, expected = map(question.case.answer, (question.observations, theirs))
    except Exception:
        return None
    return fitted(got, expected), expected


def _leaves(got: Any, expected: Any, place: str) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    """The arrays and numbers in two values, with the name of their place."""
    if isinstance(expected, tuple | list) and isinstance(got, tuple | list):
        for index, (one, other) in enumerate(zip(got, expected, strict=False)):
            yield from _leaves(one, other, f"value {index + 1} of {len(expected)}")
    elif isinstance(expected, dict) and isinstance(got, dict):
        for key in (key for key in expected if key in got):
            yield from _leaves(got[key], expected[key], f"the entry {key!r}")
    elif all(isinstance(value, np.ndarray | Real) for value in (got, expected)):
        one, other = np.asarray(got), np.asarray(expected)
        if one.dtype.kind in "fiub" and other.size and one.size:
            yield place, one, other


def the_same_always(pairs: Sequence[Pair]) -> str | None:
    """One value whatever the arguments are."""
    first = pairs[0].got
    if len(pairs) < ENOUGH or first.size > 1 or all(p.near(p.expected) for p in pairs):
        return None
    expected = {pair.expected.tobytes() for pair in pairs}
    if len(expected) == 1 or not all(pair.near(first) for pair in pairs):
        return None
    shown = bool(first) if first.dtype.kind == "b" else f"{first.item():.6g}"
    return f"{shown}, whatever the arguments are"


def constant_factor(pairs: Sequence[Pair]) -> str | None:
    """The same multiple of what is expected."""
    factors = _factors(pairs)
    if factors is None or np.ptp(factors) > 1e-3 * abs(factors[0]):
        return None
    factor = float(np.mean(factors))
    if factor == 0 or abs(factor - 1) < 1e-3:
        return None
    sizes = [name for name, size in _sizes(pairs) if np.allclose(factors, size)]
    sizes += [f"1 / {name}" for name, size in _sizes(pairs) if np.allclose(factors, 1 / size)]
    also = f" (here {sizes[0]})" if len(pairs) > 1 and sizes else ""
    if abs(factor + 1) < 1e-3:
        return "minus what is expected"
    if abs(factor) < 1 and abs(1 / factor - round(1 / factor)) < 1e-3:
        return f"what is expected divided by {1 / factor:.0f}{also}"
    return f"{factor:.4g} times what is expected{also}"


def factor_of_a_size(pairs: Sequence[Pair]) -> str | None:
    """A multiple of what is expected that is the length of an axis, or an argument."""
    factors = _factors(pairs)
    if factors is None or np.ptp(factors) <= 1e-3 * abs(factors[0]):
        return None
    for name, size in _sizes(pairs):
        if np.allclose(factors, size, rtol=1e-3):
            return f"{name} times what is expected"
        if np.allclose(factors * size, 1, rtol=1e-3):
            return f"what is expected divided by {name}"
    return None


def _factors(pairs: Sequence[Pair]) -> np.ndarray | None:
    """By call, what the expected values are multiplied by; None if that is no one number."""
    factors = []
    for pair in pairs:
        if pair.got.shape != pair.expected.shape or pair.got.dtype.kind == "b":
            return None
        expected = pair.expected.astype(float)
        largest = np.argmax(np.abs(expected))
        if not np.isfinite(expected).all() or expected.flat[largest] == 0:
            return None
        factors.append(float(pair.got.flat[largest]) / expected.flat[largest])
        if not (np.isfinite(factors[-1]) and pair.near(factors[-1] * expected)):
            return None
    return np.array(factors)


def _sizes(pairs: Sequence[Pair]) -> Iterator[tuple[str, np.ndarray]]:
    """Lengths of axes and numbers among the arguments: their name, and by call their value."""
    found: dict[str, list[float]] = {}
    for pair in pairs:
        for name, array in pair.arrays():
            for axis, length in enumerate(array.shape):
                where = f"len({name})" if axis == 0 else f"{name}.shape[{axis}]"
                found.setdefault(where, []).append(length)
            found.setdefault(f"{name}.size", []).append(array.size)
        for name, number in pair.numbers():
            found.setdefault(name, []).append(number)
    for name, sizes in found.items():
        if len(sizes) == len(pairs) and 0 not in sizes and set(sizes) != {1}:
            yield name, np.array(sizes, float)


def constant_difference(pairs: Sequence[Pair]) -> str | None:
    """Off by the same number everywhere, or by a multiple of something in the arguments."""
    for pair in pairs:
        both = np.concatenate([pair.got.ravel(), pair.expected.ravel()])
        if pair.got.shape != pair.expected.shape or "b" in (pair.got.dtype.kind,):
            return None
        if not np.isfinite(both.astype(float)).all():
            return None
    differences = [pair.got.astype(float) - pair.expected for pair in pairs]
    if all(pair.near(pair.expected) for pair in pairs):
        return None
    for name, terms in _terms(pairs):
        whole = np.concatenate([np.ravel(term) for term in terms])
        if not np.isfinite(whole).all() or not whole.any():
            continue
        errors = np.concatenate([np.ravel(difference) for difference in differences])
        times = float(errors @ whole / (whole @ whole))
        both = zip(pairs, terms, strict=True)
        # In a single call any number would do.
        simple = len(pairs) > 1 or name == "1" or np.isclose(abs(times), (0.5, 1, 2)).any()
        fits = all(pair.near(pair.expected + times * term) for pair, term in both)
        if simple and fits and abs(times) > 1e-6:
            much = f"{abs(times):.4g}" if name == "1" else _multiple(abs(times), name)
            return f"what is expected {'plus' if times > 0 else 'minus'} {much}"
    return None


def _multiple(times: float, name: str) -> str:
    return name if abs(times - 1) < 1e-3 else f"{times:.4g} * {name}"


def _terms(pairs: Sequence[Pair]) -> Iterator[tuple[str, list[np.ndarray]]]:
    """What may have been added: by call an array of the shape of its value."""
    found: dict[str, list[np.ndarray]] = {"1": [np.ones(pair.got.shape) for pair in pairs]}
    for pair in pairs:
        shape = pair.got.shape
        numbers = {name: number for name, number in pair.numbers()}
        terms = {name: np.full(shape, number) for name, number in numbers.items()}
        for name, array in pair.arrays():
            array = array.astype(float)
            if array.shape == shape and shape:
                terms |= {name: array, f"{name}**2": array**2}
            if not shape:
                terms |= {f"sum({name}**2)": np.sum(array**2), f"sum({name})": np.sum(array)}
                terms |= {f"sum(abs({name}))": np.sum(np.abs(array))}
        for name, number in numbers.items():
            terms |= {
                f"{name} * {term}": number * array
                for term, array in list(terms.items())
                if term not in numbers
            }
        for name, term in terms.items():
            found.setdefault(name, []).append(np.asarray(term))
    for name, terms in found.items():
        if len(terms) == len(pairs):
            yield name, terms


def rearranged(pairs: Sequence[Pair]) -> str | None:
    """The expected numbers in another order or shape."""
    most = max(pair.expected.ndim for pair in pairs)
    if all(pair.got.size < 2 for pair in pairs):
        return None
    orders: dict[str, Callable[[np.ndarray], np.ndarray]] = {
        "what is expected, transposed": np.transpose
    }
    for axis in range(most):
        along = f" along axis {axis}" if most > 1 else ""
        orders |= {
            f"what is expected in reversed order{along}": partial(np.flip, axis=axis),
            f"what is expected moved by one{along}": partial(np.roll, shift=1, axis=axis),
            f"what is expected moved back by one{along}": partial(np.roll, shift=-1, axis=axis),
        }
    orders["what is expected, sorted"] = partial(np.sort, axis=-1)
    found = _first(orders, pairs)
    if found:
        return found
    if not all(pair.got.size == pair.expected.size for pair in pairs):
        return None
    if all(pair.near(pair.expected.reshape(pair.got.shape)) for pair in pairs):
        shapes = {pair.got.shape: pair.expected.shape for pair in pairs}
        got = next((shape for shape, expected in shapes.items() if shape != expected), None)
        return got and f"right in its numbers, but of shape {got} instead of {shapes[got]}"
    return None


def rounded(pairs: Sequence[Pair]) -> str | None:
    """The expected numbers with fewer digits."""
    if any(pair.expected.dtype.kind != "f" for pair in pairs):
        return None
    ways: dict[str, Callable[[np.ndarray], np.ndarray]] = {
        "what is expected, cut to whole numbers": np.trunc,
        "what is expected, rounded to whole numbers": np.rint,
        "what is expected, rounded down": np.floor,
        "what is expected, rounded up": np.ceil,
        "what is expected, in float16": lambda a: a.astype(np.float16).astype(float),
    }
    ways |= {
        f"what is expected, rounded to {digits} decimals": partial(np.round, decimals=digits)
        for digits in range(1, 5)
    }
    return _first(ways, pairs)


def function_of_expected(pairs: Sequence[Pair]) -> str | None:
    """A function of the expected number, entry by entry."""
    ways: dict[str, Callable[[np.ndarray], np.ndarray]] = {
        "the absolute value of what is expected": np.abs,
        "1 minus what is expected": lambda a: 1 - a,
        "1 over what is expected": lambda a: 1 / a,
        "the square of what is expected": np.square,
        "the square root of what is expected": np.sqrt,
        "the exponential of what is expected": np.exp,
        "the logarithm of what is expected": np.log,
        "the larger of 0 and what is expected": partial(np.maximum, 0),
        "the running sum of what is expected": partial(np.cumsum, axis=-1),
        "what is expected in degrees": np.degrees,
        "what is expected in radians": np.radians,
    }
    if any(pair.expected.dtype.kind == "b" for pair in pairs):
        return _first({"the opposite of what is expected": np.logical_not}, pairs)
    return _first({k: f for k, f in ways.items() if "running" not in k or _axes(pairs)}, pairs)


def _axes(pairs: Sequence[Pair]) -> int:
    return min(pair.expected.ndim for pair in pairs)


def reduced(pairs: Sequence[Pair]) -> str | None:
    """Expected before a sum or a mean, or after it."""
    if all(pair.got.size == pair.expected.size for pair in pairs):
        return None
    kinds = (("sum", np.sum), ("mean", np.mean), ("largest", np.max), ("smallest", np.min))
    for name, reduce in kinds:
        for axis in (None, 0, 1, -1):
            over = "" if axis is None else f" over axis {axis}"
            if all(
                _near(pair, partial(reduce, axis=axis), pair.got, pair.expected) for pair in pairs
            ):
                return f"not what is expected, but its {name}{over} is"
            if all(
                _near(pair, partial(reduce, axis=axis), pair.expected, pair.got) for pair in pairs
            ):
                return f"only the {name}{over} of what is expected"
    return None


def _near(pair: Pair, reduce: Callable, whole: np.ndarray, part: np.ndarray) -> bool:
    if whole.ndim <= part.ndim:
        return False
    try:
        value = reduce(whole)
    except np.exceptions.AxisError:
        return False
    return value.shape == part.shape and np.allclose(value, part, rtol=pair.rtol, atol=pair.atol)


def _first(ways: Mapping[str, Callable[..., Any]], pairs: Sequence[Pair]) -> str | None:
    """The first way that leads from what is expected to every value, and changes some."""
    for name, way in ways.items():
        changed = False
        for pair in pairs:
            try:
                with np.errstate(all="ignore"):
                    value = np.asarray(way(pair.expected))
            except (ValueError, IndexError, TypeError):
                break
            if not pair.near(value):
                break
            changed = changed or value.shape != pair.expected.shape or not pair.near(pair.expected)
        else:
            if changed:
                return name
    return None


DETECTORS: tuple[Detector, ...] = (
    the_same_always,
    constant_factor,
    factor_of_a_size,
    constant_difference,
    rearranged,
    rounded,
    function_of_expected,
    reduced,
)
"""In the order in which they are asked."""


Change = Callable[[tuple[Any, ...]], tuple[Any, ...]]


def _as_if(exercise: Exercise, questions: list[Question]) -> str:
    """The answer is that of the reference to other arguments, or that of another exercise."""
    wrong = [q for q in questions if q.reason(exercise) is not None]
    if sum(question.wrong_floats(exercise) for question in wrong) < ENOUGH:
        return ""
    end = thread_time() + SECONDS
    for words, function in _other_functions(exercise, questions):
        if thread_time() > end:
            break
        if all(_agrees(q, function) for q in wrong) and all(
            _agrees(q, function) for q in questions
        ):
            return f"what you returned is {words}."
    return ""


def _agrees(question: Question, function: Callable[..., Any]) -> bool:
    with np.errstate(all="ignore"):
        twin = question.put_to(function)
    return question.alike(twin)


def _other_functions(
    exercise: Exercise, questions: list[Question]
) -> Iterator[tuple[str, Callable[..., Any]]]:
    names = list(inspect.signature(exercise.reference).parameters)
    for words, change in _changes(names, questions):
        yield words, lambda *called, change=change: exercise.reference(*change(called))
    for other in EXERCISES.values():
        theirs = list(inspect.signature(other.reference).parameters)
        near = other.assignment == exercise.assignment and len(theirs) == len(names)
        if other is not exercise and (near or theirs == names):
            yield f"what {other.id} returns", other.reference


def _changes(names: list[str], questions: list[Question]) -> Iterator[tuple[str, Change]]:
    calls = [call for question in questions for call in question.case.calls]
    shared = range(min(map(len, calls)))
    for place in shared:
        name, values = names[place], [call[place] for call in calls]
        if all(isinstance(value, Real) for value in values) and len(set(values)) > 1:
            defaults = (0, 1, 2, 0.5, 1e-3, 1e-5, 1e-8, *values)
            for constant in dict.fromkeys(defaults):
                yield (
                    f"that for {name} = {constant:.4g}, whatever {name} is",
                    partial(_with, place, lambda value, constant=constant: constant),
                )
            for words, change in (
                (f"half of {name}", lambda a: a / 2),
                (f"twice {name}", lambda a: 2 * a),
                (f"the square of {name}", lambda a: a * a),
                (f"minus {name}", lambda a: -a),
                (f"{name} + 1", lambda a: a + 1),
                (f"{name} - 1", lambda a: a - 1),
            ):
                yield f"that for {words} instead of {name}", partial(_with, place, change)
        if all(isinstance(value, np.ndarray) for value in values):
            for words, change in _ARRAYS.items():
                yield f"that for {words.format(name)}", partial(_with, place, change)
    for one, other in combinations(shared, 2):
        kinds = {(_kind(call[one]) == _kind(call[other])) for call in calls}
        if kinds == {True} and not isinstance(calls[0][one], Recipe):
            words = f"that for {names[one]} and {names[other]} exchanged"
            yield words, partial(_exchanged, one, other)


_ARRAYS: Mapping[str, Callable[[np.ndarray], np.ndarray]] = {
    "-{0} instead of {0}": lambda a: -a,
    "the transpose of {0}": lambda a: a.T,
    "{0} in reversed order": lambda a: a[::-1],
    "{0} without its last row": lambda a: a[:-1],
    "{0} without its first row": lambda a: a[1:],
    "the first row of {0} alone": lambda a: a[:1],
    "the last row of {0} alone": lambda a: a[-1:],
    "{0} without its last column": lambda a: a[..., :-1],
    "{0} with its last column set to 0": lambda a: _last_set_to(a, -1, 0),
    "{0} with its last row set to 0": lambda a: _last_set_to(a, 0, 0),
    "the absolute values of {0}": np.abs,
    "the squares of {0}": np.square,
    "{0} + 1": lambda a: a + 1,
    "{0} - 1": lambda a: a - 1,
    "twice {0}": lambda a: 2 * a,
    "half of {0}": lambda a: a / 2,
    "zeros instead of {0}": np.zeros_like,
    "ones instead of {0}": np.ones_like,
    "{0} cut to whole numbers": np.trunc,
    "{0} sorted": partial(np.sort, axis=0),
}
"""Changes of an array, by their names."""


def _last_set_to(array: np.ndarray, axis: int, value: float) -> np.ndarray:
    changed = np.array(array)
    np.moveaxis(changed, axis, 0)[-1] = value
    return changed


def _with(place: int, change: Callable[[Any], Any], called: tuple[Any, ...]) -> tuple[Any, ...]:
    return (*called[:place], change(called[place]), *called[place + 1 :])


def _exchanged(one: int, other: int, called: tuple[Any, ...]) -> tuple[Any, ...]:
    swapped = list(called)
    swapped[one], swapped[other] = called[other], called[one]
    return tuple(swapped)


def _kind(value: Any) -> tuple:
    return (np.shape(value), type(value)) if isinstance(value, np.ndarray | Real) else (id(value),)


def _where(values: Sequence[tuple[str, list[Pair]]]) -> str:
    """Which entries are wrong, or in which calls."""
    for subject, pairs in values:
        if all(pair.got.shape == pair.expected.shape for pair in pairs):
            found = _wrong_entries(subject, pairs) or _wrong_calls(subject, pairs)
            if found:
                return found
    return ""


def _wrong_entries(subject: str, pairs: Sequence[Pair]) -> str:
    wrong = [pair for pair in pairs if not pair.right.all()]
    if sum(pair.right.size for pair in wrong) < 2 * ENOUGH or not wrong:
        return ""
    masks = [dict(_regions(pair)) for pair in wrong]
    named = [name for name in masks[0] if all(name in mask for mask in masks)]
    for name in named:
        regions = [mask[name] for mask in masks]
        if all(region.any() and not region.all() for region in regions):
            both = list(zip(wrong, regions, strict=True))
            if all(pair.right[~region].all() for pair, region in both):
                return f"{subject} is wrong only {name}; all other entries are right."
            alone = all((pair.right == region).all() for pair, region in both)
            if alone and len(wrong) > 1 and not name.startswith("where"):
                return f"{subject} is right only {name}; all other entries are wrong."
    return ""


def _regions(pair: Pair) -> Iterator[tuple[str, np.ndarray]]:
    """Parts of an array, as masks, by names that follow "wrong only"."""
    shape, indices = pair.got.shape, np.indices(pair.got.shape)
    if len(shape) == 2 and shape[0] == shape[1]:
        yield "on the diagonal", indices[0] == indices[1]
    for name, labels in pair.arrays():
        if len(shape) == 2 and labels.shape == shape[:1] and labels.dtype.kind in "iu":
            yield f"at [i, {name}[i]]", indices[1] == labels[:, np.newaxis]
    for axis in range(len(shape)):
        what = f"part along axis {axis}"
        if len(shape) < 3:
            what = "entry" if len(shape) == 1 else ("row", "column")[axis]
        yield f"in the first {what}", indices[axis] == 0
        yield f"in the last {what}", indices[axis] == shape[axis] - 1
    if len(shape) > 1:
        inside = [(i > 0) & (i < n - 1) for i, n in zip(indices[-2:], shape[-2:], strict=True)]
        yield "on the border", ~(inside[0] & inside[1])
    yield "where 0 is expected", pair.expected == 0
    yield "where a negative number is expected", pair.expected < 0
    for name, array in pair.arrays():
        if array.shape == shape:
            yield f"where {name} is 0", array == 0
            yield f"where {name} is negative", array < 0


def _wrong_calls(subject: str, pairs: Sequence[Pair]) -> str:
    """What holds of the arguments in all wrong calls and in no right one, or the reverse."""
    right = [pair for pair in pairs if pair.right.all()]
    wrong = [pair for pair in pairs if not pair.right.all()]
    if len(right) < 2 or len(wrong) < 2:
        return ""
    for one, other, words in (
        (wrong, right, ("wrong", "right")),
        (right, wrong, ("right", "wrong")),
    ):
        here, elsewhere = ([dict(_properties(pair)) for pair in side] for side in (one, other))
        for phrase in here[0]:
            if all(of.get(phrase) is True for of in here) and all(
                of.get(phrase) is False for of in elsewhere
            ):
                return (
                    f"{subject} is {words[0]} in the {len(one)} calls where {phrase}, {words[1]} "
                    f"in the other {len(other)}."
                )
    return ""


def _properties(pair: Pair) -> Iterator[tuple[str, bool]]:
    """What may or may not hold of the arguments."""
    for name, number in pair.numbers():
        yield f"{name} is 0", number == 0
        yield f"{name} is 1", number == 1
        yield f"{name} is negative", number < 0
    for name, array in pair.arrays():
        for axis, length in enumerate(array.shape):
            yield f"{f'len({name})' if axis == 0 else f'{name}.shape[{axis}]'} is 1", length == 1
        yield f"{name} has one axis", array.ndim == 1
        yield f"{name} has two axes", array.ndim == 2
        yield f"{name} is square", array.ndim > 1 and len(set(array.shape)) == 1
        yield f"{name} is a view, not in the order of memory", not array.flags.c_contiguous
        yield f"{name} holds whole numbers", array.dtype.kind in "iu"
        yield f"{name} is of dtype float32", array.dtype == np.float32
        yield f"{name} holds a 0", bool((array == 0).any())
        yield f"{name} holds a negative number", bool((array < 0).any())
