"""Why a question is not answered rightly, in a sentence for the student."""

import inspect
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import numpy as np

from cs231n_utils.checking.channel import CAUGHT, Recipe

from ..exercises.describe import Exercise
from ..exercises.observation import Observation

SHOWN_ENTRIES = 12
"""An array of so many entries is shown whole, as code that makes it."""

_SELF_CONTAINED = (
    "Define all that the answer uses inside its cell: cells that only show something are not run "
    "when work is graded."
)
_LEFT_ALONE = "Leave it as it was, then restart and run all cells: your arrays may be changed too."


def outcome_reason(exercise: Exercise, observation: Observation, raises: str | None) -> str | None:
    name = exercise.id
    if observation.outcome == "interrupted":
        error = observation.error or {}
        if error.get("message") == CAUGHT:
            return (
                f"{name} did not return in time and caught the interrupt that ends it: write "
                "`except Exception`, which lets it through."
            )
        at = f" It was stopped in {_line(error)}." if error.get("line") else ""
        return f"{name} did not return in time: is there a loop that never ends?{at}"
    if observation.outcome == "raised":
        error = observation.error or {}
        kind, text = str(error.get("type")), str(error.get("message"))
        if raises in error.get("kinds", []):
            return None
        if kind == "NotImplementedError":
            return (
                f"{name} is not written yet: replace `raise NotImplementedError()` with your code."
            )
        where = f" ({_line(error)})" if error.get("line") else ""
        expected = f", expected {raises}" if raises else ""
        call = describe_call(exercise, observation)
        advice = _SELF_CONTAINED if kind == "NameError" else ""
        given_none = any(argument is None for argument in observation.arguments)
        if kind == "TypeError" and "NoneType" in text and not given_none:
            advice = "Is a return statement missing?"
        return f"{name} raised {kind}: {text}{where}{expected} {call} {advice}".strip()
    if raises:
        call = describe_call(exercise, observation)
        return f"{name} returned a value, expected it to raise {raises} {call}"
    return None


def _line(error: Mapping[str, Any]) -> str:
    code = f": `{error['code']}`" if error.get("code") else ""
    return f"line {error['line']} of your answer cell{code}"


def changed_argument(observations: list[Observation], exercise: Exercise) -> str | None:
    names = _parameters(exercise.reference)
    for observation in observations:
        for index, before in enumerate(observation.arguments):
            if not isinstance(before, np.ndarray):
                continue
            after = observation.after[index] if index < len(observation.after) else None
            if not isinstance(after, np.ndarray) or after.shape != before.shape:
                return f"{exercise.id} changed its argument {names[index]}. {_LEFT_ALONE}"
            changed = ~((before == after) | ((before != before) & (after != after)))
            if changed.any():
                where = tuple(int(i) for i in np.argwhere(changed)[0])
                old, new = f"{before[where]:.6g}", f"{after[where]:.6g}"
                became = f"{old} became {new}" if old != new else f"{old} in its last digits"
                return (
                    f"{exercise.id} changed its argument {names[index]} in {int(changed.sum())} of "
                    f"{changed.size} entries: first at {list(where)} {became}. {_LEFT_ALONE}"
                )
    return None


@cache
def _parameters(reference: Callable[..., Any]) -> list[str]:
    return list(inspect.signature(reference).parameters)


def describe_call(exercise: Exercise, observation: Observation) -> str:
    def describe(value: Any) -> str:
        if isinstance(value, np.ndarray):
            if value.size <= SHOWN_ENTRIES:
                text = np.array2string(value, precision=4, separator=", ", max_line_width=1_000)
                return f"np.array({' '.join(text.split())})"
            return f"array of shape {value.shape}"
        if isinstance(value, Recipe) and value.name in ("metered", "counted_images"):
            return describe(value.ingredients["values"])
        if isinstance(value, Recipe):
            return value.name
        return f"{value:.4g}" if isinstance(value, float) else repr(value)

    named = zip(_parameters(exercise.reference), observation.arguments, strict=False)
    return f"[called with {', '.join(f'{name}={describe(value)}' for name, value in named)}]"
