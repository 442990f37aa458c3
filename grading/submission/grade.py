"""Grades one submission, for our command as for nbgrader's and the formgrader's button.

A submission never makes it raise: whatever is wrong with it becomes a graded notebook with a
reason. Only a sandbox that is not available is an error.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ..ledger import GRADED, UNGRADABLE, Entry, Rubric
from ..sandbox.outside import Sandbox
from .execute import execute
from .read import Unreadable, digest, read_notebook
from .sanitize import answers_of, sanitize, without_tags
from .scores import verdicts_of, write_scores


@dataclass(frozen=True)
class Settings:
    """What all submissions of a run share.

    Attributes
    ----------
    assignment : str
    released : mapping
        The notebook as students received it.
    rubric : Rubric
        What answers are judged by.
    """

    assignment: str
    released: Mapping[str, Any]
    rubric: Rubric


@dataclass(frozen=True)
class Graded:
    """A graded submission: its entry in the ledger, and the notebook with verdicts and outputs."""

    entry: Entry
    notebook: dict[str, Any]


def grade(
    student: str, data: bytes | Unreadable, settings: Settings, sandbox: Sandbox | None
) -> Graded:
    """Grade one submission.

    Parameters
    ----------
    student : str
    data : bytes or Unreadable
        The file handed in, or why there is none.
    settings : Settings
    sandbox : Sandbox or None
        May be None if there is no file to be graded.
    """
    started = time.monotonic()
    status, reason, peak_mb, spent = GRADED, "", 0, {}
    try:
        if isinstance(data, Unreadable):
            raise data
        notebook, unusable, notes = sanitize(settings.released, read_notebook(data))
        spent["sanitize"] = time.monotonic() - started
        run = execute(notebook, settings.assignment, sandbox, timeout=settings.rubric.timeout)
        for index, outputs in run.outputs.items():
            notebook["cells"][index]["outputs"] = outputs
        verdicts, reason, peak_mb = run.verdicts, run.stopped, run.peak_mb
        spent |= run.spent
        if unusable and len(unusable) == len(answers_of(notebook)):
            status, reason = UNGRADABLE, "No answer cell was found in the notebook handed in."
    except Unreadable as error:
        status, reason, verdicts = UNGRADABLE, str(error), []
        notebook, unusable, notes = sanitize(settings.released, {})
        unusable = dict.fromkeys(unusable, reason)
    final = verdicts_of(notebook, verdicts, stopped=reason, unusable=unusable)
    write_scores(notebook, final)
    seconds = time.monotonic() - started
    spent["scores"] = seconds - sum(spent.values())
    entry = Entry(
        student=student,
        assignment=settings.assignment,
        status=status,
        reason=reason,
        verdicts=tuple(final.values()),
        answers=answers_of(notebook),
        unusable=unusable,
        notes=notes,
        submission=digest(data),
        rubric=settings.rubric,
        graded_at=datetime.now(UTC).isoformat(timespec="seconds"),
        seconds=round(seconds, 3),
        spent={step: round(value, 4) for step, value in spent.items()},
        peak_mb=peak_mb,
    )
    without_tags(notebook)
    return Graded(entry, notebook)


def rebuilt(released: Mapping[str, Any], entry: Entry) -> dict[str, Any]:
    """The graded notebook of an entry, without the outputs of the answers, which are not kept."""
    cells = [
        {"metadata": {"nbgrader": {"grade_id": name}}, "source": text}
        for name, text in entry.answers.items()
    ]
    notebook, _, _ = sanitize(released, {"cells": cells})
    write_scores(notebook, {verdict.exercise: verdict for verdict in entry.verdicts})
    without_tags(notebook)
    return notebook
