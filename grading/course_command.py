"""What the command `course` does; `command_line` declares it.

It is asked often, so nothing that it imports needs nbgrader.
"""

from collections.abc import Iterator

from rich.markup import escape

from .classroom.course import Course
from .handout.release import assignments, require_assignment
from .printing import Terminal, printable
from .rules.count import EXTRA, FULL, NOT_COUNTED
from .rules.course_file import FILE, Mistaken
from .rules.questions import points_of
from .rules.rules import Rules

OK, MISTAKEN = 0, 1


def show_rules(course: Course, assignment: str | None) -> int:
    """Check the course's rules and print them; 1 if the file holds a mistake.

    Parameters
    ----------
    course : Course
    assignment : str, optional
        Only this one; by default all that the file names.
    """
    if assignment is not None:
        require_assignment(assignment)
    console = Terminal(highlight=False, soft_wrap=True)
    try:
        rules = course.rules()
    except Mistaken as mistaken:
        errors = Terminal(stderr=True, highlight=False, soft_wrap=True)
        for sentence in mistaken.sentences:
            errors.print(f"[bold red]Error:[/] {escape(printable(sentence))}.")
        return MISTAKEN
    path = course.root / FILE
    if not path.exists():
        console.print(f"{escape(str(path))} does not exist: nothing is ever late.")
        return OK
    named = [name for name in assignments() if rules.of(name).named]
    for name in [assignment] if assignment else named:
        console.print("\n  ".join(escape(printable(line)) for line in _said(name, rules.of(name))))
    return OK


def _said(assignment: str, rules: Rules) -> Iterator[str]:
    """The rules of an assignment, a line for each."""
    rest = rules.dropped | rules.extra_credit
    possible = sum(points for name, points in points_of(assignment).items() if name not in rest)
    due = rules.shown(rules.due) if rules.due else "never"
    yield f"{assignment}: {possible:g} points, due {due}"
    if rules.penalty_per_day:
        grace = f", after {rules.grace} of grace" if rules.grace else ""
        yield f"late: -{rules.penalty_per_day:g} % a day, at most -{rules.penalty_cap:g} %{grace}"
    for student, due in sorted(rules.extensions.items()):
        yield f"{student}: due {rules.shown(due)}"
    for name in sorted(rules.extra_credit):
        yield f"{name}: {EXTRA}"
    for name in sorted(rules.dropped):
        yield f"{name}: {NOT_COUNTED}"
    for name, parts in sorted(rules.full_points.items()):
        which = f" for {', '.join(sorted(parts))}" if parts else ""
        yield f"{name}: {FULL}{which}"
