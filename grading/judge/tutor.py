"""The oracle of self-study: it judges as the one that grades does, and gives hints and solutions.

Only ``cs231n_utils.check`` starts it, from a student's own clone. What grades imports nothing of
this module, so it has no way to send a hint or a reference.
"""

import os
from collections.abc import Mapping
from typing import Any

from ..exercises import EXERCISES, WRITTEN
from ..exercises.source import reference_source
from .oracle import Oracle


def serve_standard_streams() -> None:
    """Serve one kernel over standard input and output."""
    reader = os.fdopen(os.dup(0), "rb")
    writer = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    Oracle(lambda verdict: None, max_verdicts=None, teach=teach).serve(reader, writer)


def teach(request: Mapping[str, Any]) -> dict[str, Any] | None:
    """Answer a request for the list of exercises, for hints, or for a solution.

    A question that is answered in words has no hints; its solution comes with what earns the
    points.

    Returns
    -------
    dict or None
        None if the request is for something else.
    """
    op = str(request.get("op"))
    if op == "course":
        rows = [[e.id, e.assignment, float(e.points)] for e in EXERCISES.values()]
        return {"exercises": rows, "written": list(WRITTEN)}
    name = str(request.get("exercise"))
    exercise, question = EXERCISES.get(name), WRITTEN.get(name)
    if question is not None:
        model = {"solution": question.model, "earns": question.rubric}
        return {"hints": {"hints": []}, "solution": model}.get(op)
    if exercise is None:
        return None
    if op == "hints":
        return {"hints": list(exercise.hints)}
    if op == "solution":
        return {"solution": reference_source(exercise.reference)}
    return None
