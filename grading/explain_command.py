"""What the command `explain` does: from failures that nothing explains to a slip that does."""

import runpy
import textwrap
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from rich.markup import escape
from rich.progress import track

from cs231n_utils.system.files import write_whole

from .classroom.autograde import settings_for
from .classroom.course import Course
from .exercises import EXERCISES
from .exercises.describe import Exercise, Mistake
from .handout.release import require_assignment
from .judge.diagnosis import judge_here
from .ledger import Entry
from .pages.findings import Unexplained, unexplained
from .pages.standing import read_class
from .printing import Terminal, printable
from .sandbox.outside import Sandbox
from .submission.execute import execute
from .submission.sanitize import sanitize

OK, NOT_YET, REFUSED = 0, 1, 2
EXAMINATIONS = 3
MOST_JUDGED = 20
"""Of a larger group, so many answers are judged."""

TEMPLATE = '''"""A slip of {exercise}: do what the answers below do, and say what to do instead.

    python -m grading explain {assignment} {number}

says whether it names them. Then move the function to {file}.
"""

import numpy as np

from {module} import exercise


@exercise.mistake(
    "{placeholder}",
    "What to do instead, in a sentence.",
)
def slip({parameters}):
    raise NotImplementedError


# {students} answered so:
#
{answer}
'''
PLACEHOLDER = "name of the slip"


def explain(course: Course, assignment: str, number: int | None) -> int:
    """List the groups of unexplained failures, or try a new slip for one of them.

    Parameters
    ----------
    course : Course
    assignment : str
    number : int, optional
        Of a group, as listed.

    Returns
    -------
    int
        0 if there is nothing to explain, or the slip names the group.
    """
    require_assignment(assignment)
    console = Terminal(highlight=False, soft_wrap=True)
    groups = unexplained(read_class(course.root, assignment, course.db_url))
    if number is None:
        for place, group in enumerate(groups, 1):
            reason = escape(printable(group.reason))
            console.print(f"[bold]{place}[/] {group.exercise}: {_students(group)}. {reason}")
        if not groups:
            console.print("Every failure is explained.")
        return NOT_YET if groups else OK
    if not 1 <= number <= len(groups):
        console.print(f"There is no group {number}, expected one of 1 to {len(groups)}.")
        return REFUSED
    group = groups[number - 1]
    path = course.root / "slips" / f"{assignment}-{number}.py"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, _template(group, assignment, number))
        console.print(f"{escape(str(path))}: write the slip there, then run this again.")
        return NOT_YET
    return _tried(console, course, assignment, group, path)


def _students(group: Unexplained) -> str:
    many = len(group.students)
    return f"{many} students" if many > 1 else "1 student"


def _template(group: Unexplained, assignment: str, number: int) -> str:
    exercise = EXERCISES[group.exercise]
    module = exercise.reference.__module__
    code = exercise.reference.__code__
    return TEMPLATE.format(
        exercise=exercise.id,
        assignment=assignment,
        number=number,
        file=f"{module.replace('.', '/')}.py",
        module=module,
        placeholder=PLACEHOLDER,
        parameters=", ".join(code.co_varnames[: code.co_argcount]),
        students=_students(group),
        answer=textwrap.indent(printable(group.answer), "# ", lambda line: True),
    )


def _tried(
    console: Terminal, course: Course, assignment: str, group: Unexplained, path: Path
) -> int:
    exercise = EXERCISES[group.exercise]
    before = list(exercise.mistakes)
    try:
        runpy.run_path(str(path))
        added = exercise.mistakes[len(before) :]
        wrong = list(_faults(exercise, before, added))
        named = 0 if wrong else _named(course, assignment, group, added, console)
    finally:
        exercise.mistakes[:] = before
    for sentence in wrong:
        console.print(f"[bold red]{escape(sentence)}")
    if wrong:
        return NOT_YET
    judged = len(group.students[:MOST_JUDGED])
    console.print(f"{', '.join(one.name for one in added)}: named in {named} of {judged} answers.")
    if named < judged:
        return NOT_YET
    console.print(
        f"No known mistake is called otherwise by it. Move it to {escape(_file(exercise))}, and "
        f"grade {assignment} again."
    )
    return OK


def _file(exercise: Exercise) -> str:
    return f"{exercise.reference.__module__.replace('.', '/')}.py"


def _faults(exercise: Exercise, before: list[Mistake], added: list[Mistake]) -> Iterator[str]:
    """What speaks against new mistakes: one is right, or something is called by another name."""
    if not added:
        yield f"The file adds no mistake to {exercise.id}."
    for mistake in added:
        if mistake.name == PLACEHOLDER:
            yield "The slip has no name yet."
        if mistake.name in [other.name for other in before]:
            yield f"{exercise.id} has a mistake {mistake.name!r} already: give it another name."
    for mistake in track([*added, *before], "trying all mistakes", transient=True):
        for seed in range(EXAMINATIONS):
            verdict = judge_here(exercise, mistake, np.random.default_rng(seed))
            if verdict.passed:
                yield f"{mistake.name!r} gets all points, so it is no mistake."
                break
            if verdict.mistake != mistake.name:
                yield f"{mistake.name!r} is called {verdict.mistake!r}."
                break


def _named(
    course: Course, assignment: str, group: Unexplained, added: list[Mistake], console: Terminal
) -> int:
    """How many answers of a group are called by the new names."""
    settings, names = settings_for(assignment), {mistake.name for mistake in added}
    count = 0
    with Sandbox(confined=settings.rubric.confined) as sandbox:
        for student in track(group.students[:MOST_JUDGED], "judging answers", transient=True):
            entry = course.ledger.read(assignment, student)
            notebook, _, _ = sanitize(settings.released, _cells(entry, group.exercise))
            run = execute(notebook, assignment, sandbox, timeout=settings.rubric.timeout)
            count += any(
                names & verdict.mistakes.keys()
                for verdict in run.verdicts
                if verdict.exercise == group.exercise
            )
    return count


def _cells(entry: Entry, exercise: str) -> dict:
    """A notebook with the answers of an entry up to this exercise's; later ones take time only."""
    answers = {}
    for name, text in entry.answers.items():
        answers[name] = text
        if name == f"{exercise}-answer":
            break
    return {
        "cells": [
            {"metadata": {"nbgrader": {"grade_id": name}}, "source": text}
            for name, text in answers.items()
        ]
    }
