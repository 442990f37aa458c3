"""What the command `status` does; `command_line` declares it.

It is asked often, so nothing that it imports needs nbgrader.
"""

from rich.console import Console
from rich.table import Table

from .classroom.course import Course
from .gradebook.grades import read_recorded
from .gradebook.scoring import NEW, Scoring
from .ledger import GRADED
from .printing import Terminal

OK = 0


def status(course: Course, console: Console | None = None) -> int:
    """Print how many are handed in, graded and recorded, assignment by assignment."""
    table = Table()
    for heading in ("assignment", "handed in", "graded", "ungradable", "not recorded", "mean"):
        table.add_column(heading, justify="left" if heading == "assignment" else "right")
    rules = course.rules()
    for assignment in course.ledger.assignments():
        entries, damaged = course.ledger.entries(assignment)
        graded = [entry for entry in entries if entry.status == GRADED]
        recorded = read_recorded(course.db_url, assignment)
        scoring = Scoring(assignment, rules.of(assignment))
        scores = {
            entry.student: scoring.score(entry, recorded.get(entry.student, NEW))
            for entry in entries
        }
        missing = sum(
            student not in recorded or not scoring.same_points(score, recorded[student])
            for student, score in scores.items()
        )
        handed_in = len(list(course.submitted.glob(f"*/{assignment}")))
        mean = sum(scores[entry.student].points for entry in graded) / len(graded) if graded else 0
        table.add_row(
            assignment,
            str(handed_in or len(entries) + len(damaged)),
            str(len(graded)),
            str(len(entries) - len(graded)),
            str(missing + len(damaged)),
            f"{mean:.2f}",
        )
    (console or Terminal()).print(table)
    return OK
