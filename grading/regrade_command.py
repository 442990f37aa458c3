"""What the command `regrade` does and shows; `command_line` declares it."""

from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from .classroom import pool
from .classroom.autograde import Totals, grade_class, renew
from .classroom.course import Course
from .classroom.moments import time_stamp
from .classroom.preparing import Options, Prepared, graders, prepare
from .classroom.regrade import Change, change_of
from .classroom.submissions import find_submissions
from .errors import Refused
from .gradebook.grades import read_recorded
from .gradebook.scoring import Scoring
from .ledger import Entry
from .printing import Terminal, printable
from .submission.read import Task

OK, SOME_LEFT, REFUSED, INTERRUPTED = 0, 1, 2, 130


def regrade(course: Course, submissions: Path, options: Options, *, dry_run: bool) -> int:
    """Show whose score changes, and why, then record it.

    Parameters
    ----------
    course : Course
    submissions : Path
        Holds one folder per student; read where an answer has to be judged again.
    options : Options
    dry_run : bool
        Only show.

    Returns
    -------
    int
        0 if every score could be renewed.
    """
    console = Terminal(highlight=False, soft_wrap=True)
    try:
        with course.locked():
            return _regrade(course, submissions, options, dry_run, console)
    except Refused as error:
        console.print(f"[bold red]Not regraded:[/] {escape(str(error))}.")
        return REFUSED
    except KeyboardInterrupt:
        console.print("Stopped. What was regraded is kept: run the command again.")
        return INTERRUPTED


def _regrade(
    course: Course, submissions: Path, options: Options, dry_run: bool, console: Console
) -> int:
    prepared = prepare(course, options)
    settings = prepared.settings
    entries, damaged = course.ledger.entries(options.assignment)
    chosen = [one for one in entries if not options.students or one.student in options.students]
    if not chosen:
        raise Refused(f"{course.root} holds no entry of {options.assignment}: run autograde first")
    tasks = {}
    if submissions.is_dir():
        tasks = {task.student: task for task in find_submissions(submissions, options.assignment)}
    stale = [entry for entry in chosen if entry.rubric != settings.rubric]
    again = [tasks[entry.student] for entry in stale if entry.student in tasks]
    kept = [entry for entry in chosen if entry not in stale or entry.student not in tasks]
    if again and not options.scheduler:
        pool.warm_up()
    totals = Totals()
    shown = 0
    for change in _changes(prepared, kept, again, tasks, options, totals, dry_run):
        if change.matters:
            shown += 1
            console.print(_line(change))
    unwritten = ", and nothing is written: --dry-run" if dry_run else ""
    console.print(f"{shown} of {len(chosen)} change{unwritten}.")
    if late := prepared.untimed:
        console.print(escape(printable(late)))
    lost = [entry.student for entry in stale if entry.student not in tasks]
    if lost:
        console.print(
            f"[bold red]Judged by an older rubric, and {escape(str(submissions))} does not hold "
            f"what they handed in: {escape(printable(', '.join(lost)))}."
        )
    for error in damaged:
        console.print(f"[bold red]{escape(printable(str(error)))}.")
    if totals.unrecorded:
        console.print(
            f"[bold red]The gradebook could not be written for {len(totals.unrecorded)} "
            "submissions: run the command again."
        )
    return SOME_LEFT if lost or damaged or totals.unrecorded else OK


def _changes(
    prepared: Prepared,
    kept: list[Entry],
    again: list[Task],
    tasks: dict[str, Task],
    options: Options,
    totals: Totals,
    dry_run: bool,
) -> Iterator[Change]:
    """Whose score changes; without a dry run each is recorded before it is passed on."""
    course, settings = prepared.course, prepared.settings
    before = read_recorded(course.db_url, options.assignment)
    scoring = Scoring(options.assignment, prepared.rules, config=prepared.config)
    paths = {student: task.path for student, task in tasks.items()}

    def change(entry: Entry, *, judged_again: bool) -> Change:
        stamp = time_stamp(paths.get(entry.student, ""))
        recorded = before.get(entry.student)
        return change_of(entry, recorded, scoring, stamp, judged_again=judged_again)

    results = graders(options, settings)(again) if again else iter(())
    if dry_run:
        yield from (change(entry, judged_again=False) for entry in kept)
        yield from (change(result.entry, judged_again=True) for result in results)
        return
    recorder = prepared.recorder()
    try:
        for entry in kept:
            path = paths.get(entry.student, "")
            found = change(entry, judged_again=False)
            renew(entry, before.get(entry.student), course, settings, recorder, path, totals)
            yield found
        for settled in grade_class(again, results, course, recorder, totals):
            yield change(settled.entry, judged_again=True)
    finally:
        recorder.close()


def _line(change: Change) -> str:
    before = change.before.shown if change.before else "nothing"
    why = escape(printable("; ".join(change.why)))
    return (
        f"{before:>12} -> {change.after.shown:<12}  {escape(printable(change.student)):24}  {why}"
    )
