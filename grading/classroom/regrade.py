"""Old against new: what changes for each student when rules or exercises have changed."""

from dataclasses import dataclass
from datetime import datetime

from ..gradebook.grades import read_recorded
from ..gradebook.recorded import Recorded
from ..gradebook.scoring import NEW, Scoring
from ..ledger import Entry
from ..rules.count import Score
from ..rules.rules import Rules
from .course import Course


@dataclass(frozen=True)
class Change:
    """One student's score before and after.

    Attributes
    ----------
    student : str
    before : Score or None
        What the gradebook has; None if it has nothing.
    after : Score
    why : tuple of str
    """

    student: str
    before: Score | None
    after: Score
    why: tuple[str, ...]

    @property
    def matters(self) -> bool:
        """Whether the student sees other points, or other reasons for them."""
        before = self.before
        return before is None or (before.shown, before.why) != (self.after.shown, self.after.why)


def change_of(
    entry: Entry,
    recorded: Recorded | None,
    scoring: Scoring,
    handed_in: datetime | None,
    *,
    judged_again: bool,
) -> Change:
    """What changes for the student of an entry.

    Parameters
    ----------
    entry : Entry
        As it is now.
    recorded : Recorded or None
        What the gradebook had before.
    scoring : Scoring
    handed_in : datetime or None
    judged_again : bool
        Whether another rubric had judged before.
    """
    after = scoring.score(entry, recorded or NEW, handed_in)
    why = ["the rubric changed"] if judged_again else []
    if recorded is None:
        return Change(entry.student, None, after, (*why, "the gradebook had no score"))
    before = recorded.score
    if before.late != after.late:
        causes = _due(entry.student, recorded, scoring.rules)
        if handed_in not in (None, recorded.handed_in):
            causes.append("the time of handing in changed")
        cause = " and ".join(causes) or "the rule changed"
        why.append(f"{cause}: {after.late or 'no penalty'}")
    why += [
        f"the rule changed: {name}: {after.notes.get(name, 'counts as it was judged')}"
        for name in sorted({*before.notes, *after.notes})
        if before.notes.get(name) != after.notes.get(name)
    ]
    return Change(entry.student, before, after, tuple(why or ["the gradebook had another score"]))


def outdated(course: Course, assignment: str) -> int:
    """How many scores in the gradebook are not what ledger and rules say now.

    Penalties of a plugin of nbgrader's are not asked for.
    """
    recorded = read_recorded(course.db_url, assignment)
    rules = course.rules().of(assignment)
    scoring = Scoring(assignment, rules)
    entries, _ = course.ledger.entries(assignment)
    count = 0
    for entry in (one for one in entries if one.student in recorded):
        known = recorded[entry.student]
        stands = scoring.same_points(scoring.score(entry, known), known)
        count += not (scoring.stands(entry, known) if rules.named else stands)
    return count


def _due(student: str, recorded: Recorded, rules: Rules) -> list[str]:
    """What changed of the time when it was due."""
    now, before = rules.due_for(student), recorded.applied.due
    then = datetime.fromisoformat(before) if before else None
    if now == then:
        return []
    if now is None:
        return ["there is no due date"]
    what = "extension to" if student in rules.extensions else "due date changed to"
    return [f"{what} {rules.shown(now)}"]
