"""The oracle of self-study: it judges as the one that grades does, and teaches.

It gives hints and solutions, and the arguments of a call that failed.

Only ``cs231n_utils.check`` starts it, on a student's own machine. What grades imports nothing of
this module, so it has no way to send a hint or a reference.
"""

import os
from collections.abc import Mapping
from typing import Any

from ..exercises import EXERCISES, WRITTEN
from ..exercises.compare import NotJudged
from ..exercises.describe import Exercise
from ..exercises.functions import Functions
from ..exercises.source import reference_source
from .oracle import Oracle, evaluated
from .question import Question


def serve_standard_streams() -> None:
    """Serve one kernel over standard input and output."""
    reader = os.fdopen(os.dup(0), "rb")
    writer = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    own_oracle().serve(reader, writer)


def own_oracle() -> Oracle:
    """An oracle that judges as often as it is asked, keeps nothing, and teaches."""
    tutor = Tutor()
    return Oracle(lambda verdict: None, max_verdicts=None, teach=tutor.teach, learn=tutor.learn)


class Tutor:
    """Answers what is not a request to judge."""

    def __init__(self) -> None:
        self._failed: dict[str, Functions] = {}

    def learn(self, exercise: Exercise, questions: list[Question]) -> None:
        """Remember the first call that was answered wrongly; forget it once none is."""
        self._failed.pop(exercise.id, None)
        wrong = (question for question in questions if _is_wrong(question.reason(exercise)))
        for question in wrong:
            calls = question.observations or question.case.calls
            self._failed[exercise.id] = Functions(question.case.calls[len(calls) - 1])
            return

    def teach(self, request: Mapping[str, Any]) -> dict[str, Any] | None:
        """Answer a request for the list of exercises, hints, a solution, or a call that failed.

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
            no_call = {"arguments": None}
            return {"hints": {"hints": []}, "solution": model, "failed call": no_call}.get(op)
        if exercise is None:
            return None
        if op == "hints":
            return {"hints": list(exercise.hints)}
        if op == "solution":
            return {"solution": reference_source(exercise.reference)}
        failed = self._failed.get(exercise.id)
        if op == "failed call":
            return {"arguments": failed.sent if failed else None}
        if op == "evaluate failed" and failed:
            return evaluated(failed, request)
        return None


def _is_wrong(reason: str | None) -> bool:
    return reason is not None and not isinstance(reason, NotJudged)
