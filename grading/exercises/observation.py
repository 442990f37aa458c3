"""What the oracle is told of one call of an answer, with every field checked."""

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import wraps
from typing import Any

from cs231n_utils.checking.observe import UNCOUNTED, observe
from cs231n_utils.system.processors import thread_time

from .compare import same
from .functions import Functions


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
        ``type``, ``message``, ``line`` and its ``code`` of what was raised.
    after : list
        Array arguments as the call left them; None for other arguments.
    usage : dict of str to dict
        By argument position, how a function was called, or a watched argument used.
    work : int
        Lines of Python run, if they were counted.
    memory : int
        Most bytes taken at once, if they were counted.
    arguments : tuple
        What the function was called with (oracle's copy).
    seconds : float or None
        Processor time, if somebody read it from outside the process that answers.
    grown : int or None
        The most bytes by which that process grew meanwhile, read likewise.
    """

    outcome: str
    value: Any
    error: dict[str, Any] | None
    after: list[Any]
    usage: dict[str, dict[str, Any]]
    work: int
    memory: int
    arguments: tuple[Any, ...] = ()
    seconds: float | None = None
    grown: int | None = None

    @classmethod
    def of(
        cls,
        message: Mapping[str, Any],
        arguments: tuple[Any, ...],
        seconds: float | None = None,
    ) -> "Observation":
        """Build from a message; raises KeyError or TypeError when fields are missing."""
        outcome = message["outcome"]
        error = message["error"]
        if outcome not in ("returned", "raised", "interrupted"):
            raise TypeError(f"unknown outcome {outcome!r}")
        if not isinstance(message["after"], list) or not isinstance(message["usage"], dict):
            raise TypeError("not an observation")
        return cls(
            outcome,
            message["value"],
            _checked_error(error) if isinstance(error, dict) else None,
            message["after"],
            message["usage"],
            _checked_count(message["work"]),
            _checked_count(message["memory"]),
            arguments,
            seconds,
        )


def _checked_count(count: object) -> int:
    return count if isinstance(count, int) and count >= 0 else UNCOUNTED


def _checked_error(error: dict[str, Any]) -> dict[str, Any]:
    """The fields of an error, each with the right type, whatever was sent."""

    def text(value: Any, most: int) -> str:
        return value[:most] if isinstance(value, str) else ""

    kinds = error.get("kinds")
    line = error.get("line")
    return {
        "type": text(error.get("type"), 100),
        "kinds": [text(kind, 100) for kind in kinds[:30]] if isinstance(kinds, list) else [],
        "message": text(error.get("message"), 500),
        "line": line if isinstance(line, int) else None,
        "code": text(error.get("code"), 200),
    }


def returned(observations: list[Observation]) -> Any:
    """The usual answer of a case: what its last call returned."""
    return observations[-1].value


def observation_of(
    function: Callable[..., Any], arguments: tuple[Any, ...], *, count_work: bool = False
) -> Observation:
    """Call a trusted function in this process."""
    functions = Functions(arguments)
    seconds = 0.0

    @wraps(function)
    def timed(*called: Any) -> Any:
        nonlocal seconds
        before = thread_time()
        try:
            return function(*called)
        finally:
            seconds = thread_time() - before

    # As behind a channel, what it does to a dict or list does not reach the original.
    handed = [
        deepcopy(value) if isinstance(value, dict | list) else value for value in functions.called
    ]
    observed = observe(timed, handed, count_work=count_work)
    observed["usage"] |= functions.usage()
    return Observation.of(observed, arguments, seconds)


def ends_like_one_of(
    *functions: Callable[..., Any],
) -> Callable[[Sequence[Sequence[Observation]]], bool]:
    """A `shows` that holds if every call ends as a function's does, whatever its error says."""

    def alike(function: Callable[..., Any], call: Observation) -> bool:
        twin = observation_of(function, call.arguments)
        values_differ = not same(call.value, twin.value, rtol=1e-4, atol=1e-4)
        return call.outcome == twin.outcome and not values_differ

    return lambda cases: any(
        all(alike(function, call) for calls in cases for call in calls) for function in functions
    )
