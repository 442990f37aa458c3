"""Tells equal wrong answers: a digest of what they return for inputs that are everybody's.

The inputs that points depend on are drawn anew for each submission, so what was returned for them
cannot be compared between students.
"""

import hashlib
from collections.abc import Iterator
from typing import Any

import numpy as np

from cs231n_utils.checking.channel import Opaque
from cs231n_utils.checking.verdict import Verdict

from ..exercises.describe import Exercise
from .question import Question, questions_of

SEED = 231
MOST_QUESTIONS = 3
"""Of each part."""

TOLERANCE = 1e-4
"""Values that differ by less of the largest one are rarely different mistakes, and rounding of
float32 leaves most of them in one step."""

NO_ROUND_NUMBER = 0.7390851332151607
"""Steps of this many units begin and end where values that people compute with hardly lie, so that
rounding does not put two equal values into different steps."""


def questions_to_compare(exercise: Exercise, verdict: Verdict) -> list[Question]:
    """Questions with the same inputs for everybody; none where a verdict says enough."""
    if verdict.passed or verdict.mistake:
        return []
    # Which parts failed may depend on what was drawn, so it does not decide what is asked here.
    found: dict[str, list[Question]] = {}
    for question in questions_of(exercise, np.random.default_rng(SEED)):
        of_part = found.setdefault(question.case.part, [])
        if len(of_part) < MOST_QUESTIONS and not question.case.asks_how:
            of_part.append(question)
    return [question for of_part in found.values() for question in of_part]


def fingerprint(exercise: Exercise, questions: list[Question]) -> str:
    """A digest of what was observed; empty where it is incomplete, or all of it is right.

    Parameters
    ----------
    exercise : Exercise
    questions : list of Question
        Those of :func:`questions_to_compare`, after they were put.
    """
    if not all(question.complete for question in questions):
        return ""
    if not any(question.reason(exercise) for question in questions):
        return ""
    digest = hashlib.sha256()
    for question in questions:
        for seen in question.observations:
            error = seen.error or {}
            raised = (seen.outcome, error.get("type"), error.get("message"))
            for piece in (repr(raised).encode(), *_pieces(seen.value), *_pieces(seen.after)):
                digest.update(piece + b"\0")
    return digest.hexdigest()[:16]


def _pieces(value: Any) -> Iterator[bytes]:
    """A plain value in pieces that are equal for values that differ by rounding alone."""
    if isinstance(value, dict):
        yield b"dict"
        for key in sorted(value, key=str):
            yield str(key).encode(errors="replace")
            yield from _pieces(value[key])
    elif isinstance(value, tuple | list):
        yield b"several %d" % len(value)
        for one in value:
            yield from _pieces(one)
    elif isinstance(value, np.ndarray | bool | int | float | complex):
        yield from _of_numbers(np.asarray(value))
    elif isinstance(value, Opaque):
        yield value.type_name.encode(errors="replace")
    else:
        yield f"{type(value).__name__} {value}"[:200].encode(errors="replace")


def _of_numbers(values: np.ndarray) -> Iterator[bytes]:
    yield repr(values.shape).encode()
    if values.dtype.kind == "c":
        values = np.stack([values.real, values.imag])
    if values.dtype.kind not in "biuf":
        yield repr(values.tolist())[:200].encode(errors="replace")
        return
    values = values.astype(np.float64)
    with np.errstate(all="ignore"):
        largest = np.abs(values[np.isfinite(values)]).max(initial=0.0)
        # The step grows by powers of ten, at values that nothing is likely to have either.
        unit = 10.0 ** np.floor(np.log10(largest / NO_ROUND_NUMBER)) if largest else 1.0
        steps = np.round(values / (unit * TOLERANCE * NO_ROUND_NUMBER))
    # There are several forms of nan, and two of zero.
    yield (np.where(np.isnan(steps), np.nan, steps) + 0.0).tobytes()
