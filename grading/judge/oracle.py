"""The oracle: draws secret inputs, holds the references, and judges.

It never runs a student's code and never unpickles. All it knows of an answer is what comes
through the channel, and it bounds how much of that it reads.
"""

import contextlib
import secrets
from collections import Counter
from collections.abc import Callable, Generator, Mapping
from dataclasses import asdict, replace
from math import prod
from typing import Any, BinaryIO, TypeVar

import numpy as np

from cs231n_utils.checking.channel import ChannelError, Opaque, Recipe, receive, send
from cs231n_utils.checking.recipes import WATCHED
from cs231n_utils.checking.verdict import Verdict

from ..exercises import EXERCISES, exercises_of
from ..exercises.describe import Exercise
from ..exercises.functions import Functions
from ..exercises.observation import Observation
from .diagnosis import explained, no_points, verdict_on
from .fingerprint import fingerprint, questions_to_compare
from .question import Question, questions_of, repeated

MAX_VERDICTS = 20
"""One submission may ask for this many verdicts on one exercise."""
MAX_ANSWER_BYTES = 16 << 20
"""An examination ends once its answers have taken this many bytes; right answers take a hundredth
of that."""
MAX_TIMES = 4
MAX_MORE = 1 << 15
"""A value may have at most ``MAX_TIMES`` the entries of the arguments and of the reference's value
together, plus ``MAX_MORE``. Judging may broadcast a value against others and compares it with each
known mistake, so a larger one would take the oracle's memory and time."""
QUICK_SECONDS = 0.003
"""A call whose work is counted and that takes less processor time hides no loop: one over its
images takes twice as long."""
MAX_USAGE = 1 << 18
"""The usage of one call may have at most this many entries."""


T = TypeVar("T")
Turns = Generator[None, None, T]
"""A conversation that pauses whenever it is about to read, so that whoever answers in the same
thread can write first; in the end it returns a value."""

Meter = Callable[[], tuple[float, float, float]]
"""Reads from outside what the process that answers has used: processor seconds, the most bytes of
memory since the last reading, and those it has now."""


class Oracle:
    """Judges the answers of one session.

    Parameters
    ----------
    keep : callable
        Receives each verdict that counts.
    assignment : str, optional
        Judge only this assignment's exercises.
    max_verdicts : int or None
        Bound on the verdicts for one exercise; None for self-study.
    teach : callable, optional
        Answers requests other than to judge, or returns None. Only self-study passes it: without
        it the oracle can send nothing but verdicts and inputs.
    learn : callable
        Receives each exercise with the questions put, as they were answered.
    meter : callable, optional
        See :func:`put_questions`.
    """

    def __init__(
        self,
        keep: Callable[[Verdict], None],
        *,
        assignment: str | None = None,
        max_verdicts: int | None = MAX_VERDICTS,
        teach: Callable[[Mapping[str, Any]], dict[str, Any] | None] | None = None,
        learn: Callable[[Exercise, list[Question]], None] = lambda exercise, questions: None,
        meter: Meter | None = None,
    ):
        self._keep = keep
        self._meter = meter
        self._teach = teach
        self._learn = learn
        self._exercises = EXERCISES if assignment is None else exercises_of(assignment)
        self._max_verdicts = max_verdicts
        self._max_requests = MAX_VERDICTS * (len(self._exercises) + 1)
        self._asked: Counter[str] = Counter()

    def serve(self, reader: BinaryIO, writer: BinaryIO) -> None:
        """Answer requests until the channel closes or breaks."""
        for _ in self.turns(reader, writer):
            pass

    def turns(self, reader: BinaryIO, writer: BinaryIO) -> Turns[None]:
        """Answer requests as `serve` does, and pause whenever the next message must be there."""
        try:
            while True:
                yield
                request = receive(reader)
                lesson = self._teach(request) if self._teach else None
                if lesson is not None:
                    send(writer, lesson)
                    continue
                if not isinstance(request.get("op"), str) or request["op"] != "judge":
                    raise ChannelError("expected a request to judge")
                name = request.get("exercise")
                if not isinstance(name, str):
                    raise ChannelError("expected the name of an exercise")
                name = name[:100]
                self._asked[name] += 1
                if self._max_verdicts and sum(self._asked.values()) > self._max_requests:
                    raise ChannelError("too many requests")
                verdict = yield from self._judge(name, reader, writer)
                if name in self._exercises and self._may_ask(name):
                    self._keep(verdict)
                send(writer, {"op": "verdict", "verdict": asdict(verdict)})
        except (ChannelError, OSError):
            return

    def _judge(self, name: str, reader: BinaryIO, writer: BinaryIO) -> Turns[Verdict]:
        exercise = self._exercises.get(name)
        if exercise is None:
            known = ", ".join(sorted(self._exercises))
            return Verdict(
                name, message=f"There is no exercise {name[:60]!r}, expected one of {known}."
            )
        if not self._may_ask(name):
            return no_points(
                exercise,
                f"{name} was checked more than {self._max_verdicts} times in one run: "
                "check it once.",
            )
        rng = np.random.default_rng(secrets.randbits(128))
        try:
            questions = yield from put_questions(exercise, rng, reader, writer, self._meter)
            self._learn(exercise, questions)
            verdict = verdict_on(exercise, questions)
        except (ChannelError, OSError):
            raise
        except Exception:
            return no_points(exercise, f"{name} returned something that cannot be compared.")
        # What is said of a mistake gives and takes no points: the verdict stands without it.
        with contextlib.suppress(Exception):
            verdict = explained(verdict, exercise, questions)
            if not self._teach:
                verdict = yield from _with_fingerprint(verdict, exercise, reader, writer)
        return verdict

    def _may_ask(self, name: str) -> bool:
        return self._max_verdicts is None or self._asked[name] <= self._max_verdicts


def put_questions(
    exercise: Exercise,
    rng: np.random.Generator,
    reader: BinaryIO,
    writer: BinaryIO,
    meter: Meter | None = None,
) -> Turns[list[Question]]:
    """Put an exercise's questions through a channel.

    It pauses whenever it is about to read.

    Parameters
    ----------
    meter : callable, optional
        Without it, questions that need it are not asked.

    Raises
    ------
    ChannelError
        If the other side closes the channel or breaks the protocol.
    """
    questions = list(questions_of(exercise, rng, clocked=meter is not None))
    clocked = [question for question in questions if question.case.clocked]
    asked = [question for question in questions if not question.case.clocked]
    counted = _CountedReader(reader)
    for question in asked:
        if not (yield from _put(question, exercise, counted, writer, meter)):
            return asked
    for question in clocked:
        before = [other for other in asked if other.case.part == question.case.part]
        if _slow(before) and all(other.reason(exercise) is None for other in before):
            asked.append(question)
            if not (yield from _put(question, exercise, counted, writer, meter)):
                break
    again = repeated(exercise, asked)
    # No points depend on it: the others stand if the channel breaks.
    with contextlib.suppress(ChannelError, OSError):
        if again and (yield from _put(again, exercise, counted, writer, None)):
            asked.append(again)
    return asked


def _with_fingerprint(
    verdict: Verdict, exercise: Exercise, reader: BinaryIO, writer: BinaryIO
) -> Turns[Verdict]:
    """The verdict, with what tells equal wrong answers of several students."""
    same, counted = questions_to_compare(exercise, verdict), _CountedReader(reader)
    for question in same:
        if not (yield from _put(question, exercise, counted, writer, None)):
            return verdict
    return replace(verdict, fingerprint=fingerprint(exercise, same))


def _put(
    question: Question,
    exercise: Exercise,
    reader: "_CountedReader",
    writer: BinaryIO,
    meter: Meter | None,
) -> Turns[bool]:
    """Put one question; returns False where more of them are useless."""
    if not (question.case.count_work or question.case.clocked):
        meter = None
    for call in question.case.calls:
        functions = Functions(call)
        count_work = question.case.count_work
        before = meter() if meter else None
        send(writer, {"op": "call", "arguments": functions.sent, "count_work": count_work})
        message = yield from _follow(functions, call, reader, writer)
        try:
            observation = Observation.of(message, call)
        except (KeyError, TypeError, ValueError) as error:
            raise ChannelError("expected an observation") from error
        if meter and before is not None:
            seconds, peak, _ = meter()
            observation = replace(
                observation, seconds=seconds - before[0], grown=int(peak - before[2])
            )
        question.observations.append(_bounded(observation, functions, question, exercise))
        if _stops(observation, question.case.raises) or reader.bytes > MAX_ANSWER_BYTES:
            return False
    return True


def _follow(
    functions: Functions, call: tuple[Any, ...], reader: "_CountedReader", writer: BinaryIO
) -> Turns[dict[str, Any]]:
    """Evaluate functions for an answer until what comes is an observation of it."""
    most = MAX_TIMES * _entries(call)
    while True:
        read_before = reader.bytes
        yield
        message = receive(reader)
        if message.get("op") != "evaluate":
            return message
        reader.bytes = read_before
        send(writer, evaluated(functions, message, most))


def evaluated(
    functions: Functions, request: Mapping[str, Any], most: int = MAX_MORE
) -> dict[str, Any]:
    """What a function returned, or the type and message of the error that it raised.

    Parameters
    ----------
    functions : Functions
    request : mapping
        ``function`` (its place among the arguments, and its name in a dict), ``arguments`` and
        ``named``.
    most : int
        Entries that its arguments may have.

    Raises
    ------
    ChannelError
        If it is no request for a call of one of these functions.
    """
    try:
        asked = request["function"]
        place, *name = asked if isinstance(asked, list) else [asked]
        function = functions.built[place]
        for key in name:
            function = function[key]
        arguments, named = list(request["arguments"]), dict(request.get("named", {}))
    except (KeyError, TypeError, ValueError) as error:
        raise ChannelError("expected a call of a function") from error
    try:
        given = [*arguments, *named.values()]
        for value in given:
            if isinstance(value, Opaque):
                raise TypeError(
                    f"got a value of type {value.type_name}, expected an array of numbers"
                )
        if _entries(given) > most:
            raise ValueError("got an argument far larger than those of the call")
        with np.errstate(all="ignore"):
            return {"value": function(*arguments, **named)}
    except Exception as error:
        builtin = next(kind for kind in type(error).__mro__ if kind.__module__ == "builtins")
        return {"error": {"type": builtin.__name__, "message": str(error)[:500]}}


def _slow(questions: list[Question]) -> bool:
    """Whether calls took so long that more of their kind can tell why; so too if nobody knows."""
    seconds = [o.seconds for question in questions for o in question.observations if o.seconds]
    return not seconds or max(seconds) > QUICK_SECONDS


def _bounded(
    observation: Observation, functions: Functions, question: Question, exercise: Exercise
) -> Observation:
    """The observation without values so large that judging them could take any time or memory.

    Of how functions were called, the oracle's own record stands in it.
    """
    value, after = observation.value, observation.after
    if _entries(value) > MAX_MORE:
        expected = question.twin(exercise).observations[len(question.observations)].value
        if _exceeds(value, (expected, observation.arguments)):
            value = Opaque(_outline(value))
    if _exceeds(after, observation.arguments):
        after = []
    watched = {
        str(place): observation.usage.get(str(place))
        for place, argument in enumerate(observation.arguments)
        if isinstance(argument, Recipe) and argument.name in WATCHED
    }
    usage = {} if _entries(watched) > MAX_USAGE else watched
    return replace(observation, value=value, after=after, usage={**usage, **functions.usage()})


def _exceeds(value: Any, expected: Any) -> bool:
    return _entries(value) > MAX_TIMES * _entries(expected) + MAX_MORE


def _entries(value: Any) -> int:
    """How many single values a plain value holds; an axis of length 0 counts as one of length 1."""
    if isinstance(value, np.ndarray):
        return prod(max(1, length) for length in value.shape)
    if isinstance(value, Recipe):
        return _entries(value.ingredients)
    if isinstance(value, dict):
        return _entries([*value, *value.values()])
    return sum(map(_entries, value)) if isinstance(value, tuple | list | set) else 1


def _outline(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return f"NumPy array of shape {value.shape}"
    return f"{type(value).__name__} of {_entries(value):,} entries"


class _CountedReader:
    """A stream that counts what is read from it."""

    def __init__(self, stream: BinaryIO):
        self._stream = stream
        self.bytes = 0

    def read(self, count: int) -> bytes:
        data = self._stream.read(count)
        self.bytes += len(data)
        return data


def _stops(observation: Observation, raises: str | None) -> bool:
    """Whether more calls are useless, since there is no answer yet or it did not return in time."""
    if observation.outcome == "interrupted":
        return True
    error = (observation.error or {}).get("type")
    return error == "NotImplementedError" and error != raises
