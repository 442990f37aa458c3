"""One exercise, said once: inputs, reference, tolerances, known mistakes, and how to judge.

Everything else (release, oracle, tests, feedback) reads this description.
"""

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from numbers import Real
from typing import Any

import numpy as np

from cs231n_utils.channel import Recipe
from cs231n_utils.checks import UNCOUNTED, Verdict, observe

from .compare import compare, kind_of, same

LOOP_LINES = 60
"""Lines of Python that a vectorized answer may run more on the larger of two inputs."""


MAX_LINES = 2_000
"""Lines of Python that a vectorized answer may run at all."""

MANY_IMAGES = 2_500
"""Images in the larger of two inputs: with one line an image, a loop runs over the bound,
however many lines it wastes on the smaller input to hide how the work grows."""

NOT_COUNTED = (
    "The lines that Python runs could not be counted: do not switch the count off, and leave no "
    "threads running."
)

LOOPS = "there is a Python loop over the images."

MAX_REASON = 1_000
"""Characters of a reason, which may quote what an answer returned."""


@dataclass(frozen=True)
class Observation:
    """One call of a student's function, as it arrives at the oracle.

    Attributes
    ----------
    outcome : str
        "returned", "raised" or "interrupted".
    value : object
        What was returned: plain values and arrays, never code.
    error : dict or None
        ``type``, ``message`` and ``line`` of what was raised.
    after : list
        Array arguments as the call left them; None for other arguments.
    records : dict of str to dict
        By argument position, how a recorded function was used.
    work : int
        Lines of Python run.
    arguments : tuple
        What the function was called with (oracle's copy).
    """

    outcome: str
    value: Any
    error: dict[str, Any] | None
    after: list[Any]
    records: dict[str, dict[str, Any]]
    work: int
    arguments: tuple[Any, ...] = ()

    @classmethod
    def of(cls, message: Mapping[str, Any], arguments: tuple[Any, ...]) -> "Observation":
        """Build from a message; raises KeyError or TypeError when fields are missing."""
        outcome = message["outcome"]
        error = message["error"]
        if outcome not in ("returned", "raised", "interrupted"):
            raise TypeError(f"unknown outcome {outcome!r}")
        if not isinstance(message["after"], list) or not isinstance(message["records"], dict):
            raise TypeError("not an observation")
        return cls(
            outcome,
            message["value"],
            _checked_error(error) if isinstance(error, dict) else None,
            message["after"],
            message["records"],
            _checked_work(message["work"]),
            arguments,
        )


def _checked_work(work: object) -> int:
    return work if isinstance(work, int) and work >= 0 else UNCOUNTED


def _checked_error(error: dict[str, Any]) -> dict[str, Any]:
    """The fields of an error as what they should be, whatever was sent."""

    def text(value: Any, most: int) -> str:
        return value[:most] if isinstance(value, str) else ""

    kinds = error.get("kinds")
    line = error.get("line")
    return {
        "type": text(error.get("type"), 100),
        "kinds": [text(kind, 100) for kind in kinds[:30]] if isinstance(kinds, list) else [],
        "message": text(error.get("message"), 500),
        "line": line if isinstance(line, int) else None,
    }


def returned(observations: list[Observation]) -> Any:
    """The usual answer of a case: what its last call returned."""
    return observations[-1].value


@dataclass(frozen=True)
class Case:
    """One question put to an answer.

    Parameters
    ----------
    part : str
        The part of the exercise that it decides.
    calls : list of tuple
        The positional arguments of each call.
    answer : callable
        From the list of observations to the value that must equal the reference's; None if
        only ``verify`` decides.
    verify : callable, optional
        From the observations to None, or to the reason why they are wrong.
    measures : str
        What ``answer`` compares, in words, where that is not what the function returned.
    raises : str, optional
        The exception that the last call must end in.
    asks_how : bool
        The part is about how the values are computed: each call's must be right before it is
        judged, and the reason says so.
    keeps_arguments : bool
        The calls must leave their array arguments as they were.
    count_work : bool
        Count the lines of Python run.
    trusts_client : bool
        It rests on something that code which goes round the client could forge or find out: a
        count of evaluations, the memory taken, what a recipe is made of.
    rtol, atol : float
        Tolerances: float32 answers must fit, known mistakes must not.
    """

    part: str
    calls: list[tuple[Any, ...]]
    answer: Callable[[list[Observation]], Any] | None = returned
    verify: Callable[[list[Observation]], str | None] | None = None
    measures: str = ""
    raises: str | None = None
    asks_how: bool = False
    keeps_arguments: bool = True
    count_work: bool = False
    trusts_client: bool = False
    rtol: float = 1e-4
    atol: float = 1e-6


def no_loop_over_images(part: str, small: tuple, large: tuple, **options: Any) -> Case:
    """A case that fails when the lines of Python run grow with the number of images.

    Both answers must also be right. ``small`` and ``large`` differ in the number of images;
    ``large`` has ``MANY_IMAGES``.
    """

    def verify(observations: list[Observation]) -> str | None:
        few, many = (observation.work for observation in observations)
        if UNCOUNTED in (few, many):
            return NOT_COUNTED
        ran = f"Python ran {few} lines for the small batch and {many} for the large one, expected"
        if many - few > LOOP_LINES:
            return f"{ran} about the same: {LOOPS}"
        if many > MAX_LINES:
            return f"{ran} at most {MAX_LINES}: is there a long Python loop, not over the images?"
        return None

    return Case(part, [small, large], verify=verify, asks_how=True, count_work=True, **options)


@dataclass(frozen=True)
class Mistake:
    """A wrong answer that students give, with the sentence they should read.

    ``shows`` recognizes it where answers draw random numbers: it takes a list with one list
    of observations a case, and returns whether they show this mistake.
    """

    name: str
    hint: str
    function: Callable[..., Any]
    shows: Callable[[list[list[Observation]]], bool] | None = None

    def __call__(self, *arguments: Any) -> Any:
        return self.function(*arguments)

    def seen_in(self, observations: list[list[Observation]]) -> bool:
        """Whether observations show this mistake; not if they are not of the expected form."""
        try:
            return bool(self.shows(observations))
        except Exception:
            return False


@dataclass(frozen=True)
class Written:
    """A question that is answered in words and marked by hand.

    Parameters
    ----------
    id : str
        The grade id of its cell.
    assignment : str
    points : float
    rubric : str
        What earns the points.
    """

    id: str
    assignment: str
    points: float
    rubric: str


@dataclass
class Exercise:
    """One exercise of an assignment.

    Parameters
    ----------
    id : str
        The name of the function to write.
    assignment : str
    parts : mapping of str to float
        Name of each part and its points.
    hints : tuple of str
        From where to look to almost there; self-study gives them one at a time.

    Examples
    --------
    >>> double = Exercise("double", assignment="demo", parts={"value": 1})
    >>> @double.reference
    ... def _(a):
    ...     return 2 * a
    >>> @double.cases
    ... def _(rng):
    ...     yield Case("value", [(rng.standard_normal(3),)])
    """

    id: str
    assignment: str
    parts: Mapping[str, float]
    hints: tuple[str, ...] = ()
    mistakes: list[Mistake] = field(default_factory=list)

    @property
    def points(self) -> float:
        """The sum over the parts."""
        return sum(self.parts.values())

    def reference(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Decorate the reference solution; from then on ``exercise.reference`` is it."""
        self.reference = function
        return function

    def cases(self, draw: Callable[[np.random.Generator], Iterable[Case]]) -> Callable:
        """Decorate the generator of cases; from then on ``exercise.cases(rng)`` calls it."""
        self.cases = draw
        return draw

    def mistake(
        self,
        name: str,
        hint: str,
        shows: Callable[[list[list[Observation]]], bool] | None = None,
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Decorate a known mistake."""

        def register(function: Callable[..., Any]) -> Callable[..., Any]:
            self.mistakes.append(Mistake(name, hint, function, shows))
            return function

        return register

    def examine(self, rng: np.random.Generator) -> "Iterator[Question]":
        """Draw the questions of one examination, part by part."""
        for case in self.cases(rng):
            if case.part not in self.parts:
                raise ValueError(f"{self.id} has no part {case.part!r}")
            yield Question(case)

    def guarded_parts(self) -> set[str]:
        """The parts that an answer could earn by going round the client."""
        cases = self.cases(np.random.default_rng(0))
        return {case.part for case in cases if case.count_work or case.trusts_client}

    def judge(self, questions: list["Question"]) -> Verdict:
        """The verdict on questions whose observations are complete or were cut short."""
        reasons = [_shortened(question.reason(self)) for question in questions]
        parts = self._parts(questions, reasons)
        by_part: dict[str, str] = {}
        for question, reason in zip(questions, reasons, strict=True):
            if reason:
                by_part.setdefault(question.case.part, reason)
        mistake = None if all(parts.values()) else self._recognize(questions, reasons, parts)
        return Verdict(
            exercise=self.id,
            passed=all(parts.values()),
            points=float(sum(self.parts[part] for part, passed in parts.items() if passed)),
            max_points=float(self.points),
            parts=parts,
            part_points={part: float(points) for part, points in self.parts.items()},
            mistake=mistake.name if mistake else None,
            hint=mistake.hint if mistake else None,
            message=next(iter(by_part.values()), ""),
            reasons=by_part,
        )

    def failed(self, message: str) -> Verdict:
        """A verdict without points, for an answer that could not be examined."""
        return Verdict(
            exercise=self.id,
            max_points=float(self.points),
            parts=dict.fromkeys(self.parts, False),
            part_points={part: float(points) for part, points in self.parts.items()},
            message=message,
        )

    def _parts(self, questions: list["Question"], reasons: list[str | None]) -> dict[str, bool]:
        asked = {question.case.part for question in questions}
        failed = {q.case.part for q, why in zip(questions, reasons, strict=True) if why}
        return {part: part in asked and part not in failed for part in self.parts}

    def _recognize(
        self, questions: list["Question"], reasons: list[str | None], parts: dict[str, bool]
    ) -> Mistake | None:
        if not all(question.complete for question in questions):
            return None
        for mistake in self.mistakes:
            if mistake.shows is not None:
                if mistake.seen_in([question.observations for question in questions]):
                    return mistake
                continue
            twins = _alike_twins(questions, mistake.function)
            theirs = [twin.reason(self) for twin in twins]
            alike = self._parts(twins, theirs) == parts and _looping(theirs) == _looping(reasons)
            if twins and alike:
                return mistake
        return self._recognize_part(questions, parts)

    def _recognize_part(
        self, questions: list["Question"], parts: dict[str, bool]
    ) -> Mistake | None:
        """The one mistake that explains all of a failing part, and shows wherever it would.

        So one of two mistakes is named. Only arrays of floats count, which none shares by chance.
        """
        for part in (name for name, passed in parts.items() if not passed):
            asked = [question for question in questions if question.case.part == part]
            if not any(question.wrong_floats(self) for question in asked):
                continue
            explaining = [
                mistake
                for mistake in self.mistakes
                if mistake.shows is None and _alike_twins(asked, mistake.function)
            ]
            if len(explaining) == 1 and self._shows_throughout(explaining[0], questions):
                return explaining[0]
        return None

    def _shows_throughout(self, mistake: Mistake, questions: list["Question"]) -> bool:
        twins = ((question, question.put_to(mistake.function)) for question in questions)
        return all(twin.reason(self) is None or asked.alike(twin) for asked, twin in twins)


class Question:
    """A case, and what has been observed of it so far."""

    def __init__(self, case: Case):
        self.case = case
        self.observations: list[Observation] = []
        self._reference: Question | None = None

    @property
    def complete(self) -> bool:
        """Whether every call has been observed and none was interrupted."""
        done = len(self.observations) == len(self.case.calls)
        return done and all(o.outcome != "interrupted" for o in self.observations)

    def put_to(self, function: Callable[..., Any]) -> "Question":
        """The same question, asked of a trusted function in this process."""
        twin = Question(self.case)
        twin._reference = self._reference
        for call in self.case.calls:
            message = observe(function, list(call), count_work=self.case.count_work)
            twin.observations.append(Observation.of(message, call))
        return twin

    def twin(self, exercise: Exercise) -> "Question":
        """The same question, asked of the reference; the answer is kept."""
        if self._reference is None:
            self._reference = self.put_to(exercise.reference)
        return self._reference

    def reason(self, exercise: Exercise) -> str | None:
        """Why this question is not answered rightly; None if it is."""
        case, name = self.case, exercise.id
        last = len(case.calls) - 1
        for index in range(len(case.calls)):
            if index >= len(self.observations):
                return f"{name} was not examined to the end."
            observation = self.observations[index]
            expected = case.raises if index == last else None
            why = _outcome_reason(exercise, observation, expected)
            if why:
                return why
        if case.raises:
            return None
        if case.answer is not None:
            why = self._wrong_values(exercise)
            if why:
                return why
        if case.keeps_arguments:
            why = _changed_argument(self.observations, exercise)
            if why:
                return why
        try:
            return case.verify(self.observations) if case.verify else None
        except Exception:
            return f"{name} returned {kind_of(returned(self.observations))}, expected otherwise."

    def wrong_floats(self, exercise: Exercise) -> bool:
        """Whether it was answered by arrays of floats that differ from the reference's."""
        pairs = zip(self.observations, self.twin(exercise).observations, strict=True)
        return any(
            theirs.outcome == mine.outcome == "returned"
            and _has_floats(mine.value)
            and not same(mine.value, theirs.value, rtol=self.case.rtol, atol=self.case.atol)
            for mine, theirs in pairs
        )

    def _wrong_values(self, exercise: Exercise) -> str | None:
        case = self.case
        pairs = list(zip(self.observations, self.twin(exercise).observations, strict=True))
        for asked in [[pair] for pair in pairs] if case.asks_how else [pairs]:
            mine, theirs = map(list, zip(*asked, strict=True))
            why = self._difference(mine, theirs)
            if why:
                first = "Not judged until the values are right: " if case.asks_how else ""
                measures = f" ({case.measures})" if case.measures else ""
                return f"{first}{exercise.id}{measures} {why} {_describe_call(exercise, mine[-1])}"
        return None

    def _difference(self, mine: list[Observation], theirs: list[Observation]) -> str | None:
        answer, tolerance = self.case.answer, {"rtol": self.case.rtol, "atol": self.case.atol}
        for one, other in zip(mine, theirs, strict=True):
            numbers = isinstance(other.value, np.ndarray | Real)
            several = isinstance(other.value, tuple) and len(mine) > 1
            if (numbers or several) and _shape(one.value) != _shape(other.value):
                # An answer made of several values must not broadcast them to a huge one.
                return compare(one.value, other.value, **tolerance)
        try:
            with np.errstate(all="ignore"):
                got = answer(mine)
        except Exception:
            why = compare(returned(mine), returned(theirs), **tolerance)
            return why or f"returned {kind_of(returned(mine))}, expected otherwise."
        return compare(got, answer(theirs), **tolerance)

    def alike(self, other: "Question") -> bool:
        """Whether two functions behaved alike on this question."""
        for mine, theirs in zip(self.observations, other.observations, strict=True):
            if mine.outcome != theirs.outcome:
                return False
            if mine.outcome == "raised" and self._gist(mine) != self._gist(theirs):
                return False
            tolerance = {"rtol": self.case.rtol, "atol": self.case.atol}
            if not same(mine.value, theirs.value, **tolerance):
                return False
            if not same(mine.after, theirs.after, **tolerance):
                return False
        return True

    def _gist(self, observation: Observation) -> tuple[str, str]:
        """Type and message of what was raised; where that is asked for, the type alone."""
        error = observation.error or {}
        message = "" if self.case.raises else str(error.get("message"))
        return str(error.get("type")), message


def _shape(value: Any) -> tuple | None:
    """The shape of an array or a number, a tuple of shapes for several values."""
    if isinstance(value, np.ndarray):
        return value.shape
    if isinstance(value, tuple | list):
        return ("several", *(_shape(item) for item in value))
    return () if isinstance(value, Real) else None


def _has_floats(value: Any) -> bool:
    """Whether it holds several floats that differ: no coincidence if they are another's too."""
    if isinstance(value, tuple | list | dict):
        return any(map(_has_floats, value.values() if isinstance(value, dict) else value))
    return isinstance(value, np.ndarray) and value.dtype.kind == "f" and np.unique(value).size > 2


def _shortened(reason: str | None) -> str | None:
    if reason is None or len(reason) <= MAX_REASON:
        return reason
    return reason[:MAX_REASON] + " ..."


def _alike_twins(questions: list[Question], function: Callable[..., Any]) -> list[Question]:
    """The questions put to a trusted function; empty as soon as it behaves otherwise."""
    twins = []
    for question in questions:
        twins.append(question.put_to(function))
        if not question.alike(twins[-1]):
            return []
    return twins


def _looping(reasons: list[str | None]) -> list[bool]:
    return [LOOPS in (reason or "") for reason in reasons]


def answer_source(cell: str, function: Callable[..., Any]) -> str:
    """Fill an answer cell with the body of a function.

    Parameters
    ----------
    cell : str
        Source of an answer cell: a signature, a docstring, and a solution region.
    function : callable
        The reference or a known mistake.

    Returns
    -------
    str
        The cell as a student who writes that body would hand it in.
    """
    lines = cell.splitlines()
    start = next(i for i, line in enumerate(lines) if line.strip() == "### BEGIN SOLUTION")
    end = next(i for i, line in enumerate(lines) if line.strip() == "### END SOLUTION")
    return "\n".join(lines[:start] + _body(function) + lines[end + 1 :])


def reference_source(function: Callable[..., Any]) -> str:
    """The source of a reference, without its decorator."""
    lines, definition = _parsed(function)
    return "\n".join(lines[definition.lineno - 1 : definition.end_lineno])


def _body(function: Callable[..., Any]) -> list[str]:
    lines, definition = _parsed(function)
    return lines[definition.body[0].lineno - 1 : definition.end_lineno]


def _parsed(function: Callable[..., Any]) -> tuple[list[str], ast.FunctionDef]:
    source = textwrap.dedent(inspect.getsource(function))
    return source.splitlines(), ast.parse(source).body[0]


_SELF_CONTAINED = (
    "Define all that the answer uses inside its cell: cells that only show something are not run "
    "when work is graded."
)


def _outcome_reason(exercise: Exercise, observation: Observation, raises: str | None) -> str | None:
    name = exercise.id
    if observation.outcome == "interrupted":
        return f"{name} did not return in time: is there a loop that never ends?"
    if observation.outcome == "raised":
        error = observation.error or {}
        kind, text = str(error.get("type")), str(error.get("message"))
        if raises in error.get("kinds", []):
            return None
        if kind == "NotImplementedError":
            return f"{name} is not written yet: replace `raise NotImplementedError()` by your code."
        where = f" (line {error['line']} of the cell)" if error.get("line") else ""
        expected = f", expected {raises}" if raises else ""
        call = _describe_call(exercise, observation)
        advice = _SELF_CONTAINED if kind == "NameError" else ""
        if kind == "TypeError" and "NoneType" in text:
            advice = "Is a return statement missing?"
        return f"{name} raised {kind}: {text}{where}{expected} {call} {advice}".strip()
    if raises:
        call = _describe_call(exercise, observation)
        return f"{name} returned a value, expected it to raise {raises} {call}"
    return None


def _changed_argument(observations: list[Observation], exercise: Exercise) -> str | None:
    names = _parameters(exercise)
    for observation in observations:
        for index, before in enumerate(observation.arguments):
            if not isinstance(before, np.ndarray):
                continue
            after = observation.after[index] if index < len(observation.after) else None
            if not (
                isinstance(after, np.ndarray) and np.array_equal(before, after, equal_nan=True)
            ):
                return (
                    f"{exercise.id} changed its argument {names[index]}, expected it left as it "
                    "was: mend it and run the notebook from the top, where it may have changed too."
                )
    return None


def _parameters(exercise: Exercise) -> list[str]:
    return list(inspect.signature(exercise.reference).parameters)


def _describe_call(exercise: Exercise, observation: Observation) -> str:
    def describe(value: Any) -> str:
        if isinstance(value, np.ndarray):
            if value.size <= 6:
                return np.array2string(value, precision=4, separator=", ").replace("\n", "")
            return f"array of shape {value.shape}"
        if isinstance(value, Recipe) and value.name in ("metered", "counted_images"):
            return describe(value.ingredients["values"])
        if isinstance(value, Recipe):
            return value.name
        return f"{value:.4g}" if isinstance(value, float) else repr(value)

    named = zip(_parameters(exercise), observation.arguments, strict=False)
    return f"[called with {', '.join(f'{name}={describe(value)}' for name, value in named)}]"
