"""Scores submissions of an assignment: the ledger's verdicts, marks by hand, and the rules."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from ..handout.marks import is_blank
from ..ledger import Entry
from ..rules.count import Given, Score, count
from ..rules.questions import points_of
from ..rules.rules import Rules
from .recorded import Applied, Recorded

if TYPE_CHECKING:
    from nbgrader.preprocessors import AssignLatePenalties
    from traitlets.config import Config

NEW = Recorded("")
"""What the gradebook has of a submission that is not in it."""


class Scoring:
    """How submissions of an assignment are scored.

    Parameters
    ----------
    assignment : str
    rules : Rules
    config : Config, optional
        nbgrader's settings; a late-penalty plugin of theirs is asked where the course's file
        does not name the assignment.
    """

    def __init__(self, assignment: str, rules: Rules, *, config: "Config | None" = None):
        self.assignment, self.rules, self._config = assignment, rules, config

    @cached_property
    def _penalties(self) -> "AssignLatePenalties":
        from nbgrader.preprocessors import AssignLatePenalties  # takes a second

        penalties = AssignLatePenalties(config=self._config)
        penalties.assignment_id = penalties.notebook_id = self.assignment
        return penalties

    @property
    def possible(self) -> dict[str, float]:
        """By question, what it adds to the points possible."""
        counted = count(self.assignment, self.rules, {}, {}, self.rules.lateness("", None))
        return {name: one.possible for name, one in counted.questions.items()}

    def score(
        self,
        entry: Entry,
        recorded: Recorded = NEW,
        handed_in: datetime | None = None,
    ) -> Score:
        """What a submission gets.

        Parameters
        ----------
        entry : Entry
        recorded : Recorded
            What the gradebook has of it, with the marks by hand.
        handed_in : datetime, optional
            In UTC, without a zone; by default what the gradebook has.
        """
        recorded = replace(recorded, handed_in=handed_in or recorded.handed_in)
        student, moment = entry.student, recorded.handed_in
        verdicts = {verdict.exercise: verdict for verdict in entry.verdicts}
        auto = {name: verdict.points for name, verdict in verdicts.items()}
        by_hand, given = recorded.by_hand, {}
        for name in points_of(self.assignment):
            # Like nbgrader, a written answer that is as released gets nothing.
            empty = is_blank(entry.answers.get(name, ""))
            hand = by_hand.get(name, Given())
            given[name] = Given(auto.get(name, 0.0 if empty else None), hand.manual, hand.extra)
        late = self.rules.lateness(student, moment.replace(tzinfo=UTC) if moment else None)
        score = count(self.assignment, self.rules, given, verdicts, late)
        if self.rules.named:
            return score
        return self._as_the_plugin_says(student, score, recorded.seconds_late)

    def stands(self, entry: Entry, recorded: Recorded, handed_in: datetime | None = None) -> bool:
        """Whether the gradebook has of a submission all that ledger and rules say."""
        score = self.score(entry, recorded, handed_in)
        return (
            self.same_points(score, recorded)
            and recorded.penalty == score.penalty
            and handed_in in (None, recorded.handed_in)
            and (not self.rules.named or recorded.extension == self.extension(entry.student))
            and recorded.applied == self.applied(entry, score, recorded)
        )

    def same_points(self, score: Score, recorded: Recorded) -> bool:
        """Whether the gradebook has the points of a score, penalties aside."""
        return all(
            score.questions[name].given == given
            for name, given in recorded.given.items()
            if name in score.questions
        )

    def extension(self, student: str) -> timedelta | None:
        """A student's extension, as nbgrader keeps it; None without one."""
        rules = self.rules
        if student not in rules.extensions or rules.due is None:
            return None
        return rules.extensions[student] - rules.due

    def applied(self, entry: Entry, score: Score, recorded: Recorded = NEW) -> Applied:
        """What is kept of the rules beside a score."""
        due = self.rules.due_for(entry.student)
        aside = {}
        for name, hand in recorded.by_hand.items():
            counted = score.questions[name].given if name in score.questions else hand
            lost = Given(
                manual=None if counted.manual == hand.manual else hand.manual,
                extra=None if counted.extra == hand.extra else hand.extra,
            )
            if lost.by_hand:
                aside[name] = lost
        return Applied(
            due=due.astimezone(UTC).isoformat() if due else "",
            late=score.late,
            notes=score.notes,
            rubric=entry.rubric.exercises,
            aside=aside,
        )

    def _as_the_plugin_says(self, student: str, score: Score, seconds: float) -> Score:
        if seconds <= 0:
            return score
        penalties = self._penalties
        penalties.student_id = student
        penalties.init_plugin()
        penalty = penalties.plugin_inst.late_submission_penalty(student, score.raw, seconds)
        if not penalty or penalty < 0:
            return score
        return replace(
            score, penalty=float(penalty), late=f"{seconds / 3600:.1f} hours late: -{penalty:g}"
        )
