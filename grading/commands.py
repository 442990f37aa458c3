"""What the command line does and shows; `command_line` declares it."""

import inspect
import json
import sys
from collections.abc import Callable, Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import asdict
from itertools import groupby
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from cs231n_utils.system.processors import n_processors

from .classroom import pool
from .classroom.autograde import Settled, Totals, grade_class, still_to_do
from .classroom.course import Course
from .classroom.preparing import Options, graders, prepare, tasks_of
from .classroom.roster import ROSTER, read_roster, write_roster
from .classroom.telling import json_of, line_of
from .errors import Refused
from .exercises import EXERCISES
from .exercises.describe import Exercise
from .gradebook.database import COURSE_ID, open_gradebook, shown_url
from .gradebook.people import enter_people
from .gradebook.record import Recorder
from .handout.packed import pack
from .handout.release import PROJECT, require_assignment, write_student_version
from .judge.probe import EXAMINATIONS, MOST_ACCEPTED, Finding, Tally, unused_reasons
from .judge.probe import probe as probe_references
from .printing import Terminal, printable, progress_bar
from .submission.grade import Settings

OK, SOME_UNGRADABLE, REFUSED, INTERRUPTED = 0, 1, 2, 130
SOME_ACCEPTED = 1
UNCONFINED = "[bold yellow]Without a sandbox: submissions can do all that you can."


def autograde(course: Course, submissions: Path, options: Options) -> int:
    """Grade a class and say how it went; the exit code is 0 if every submission was graded.

    Parameters
    ----------
    course : Course
        Where results go.
    submissions : Path
        Holds one folder per student.
    options : Options
    """
    console = Terminal(stderr=options.as_json)
    try:
        with course.locked():
            return _autograde(course, submissions, options, console)
    except Refused as error:
        console.print(f"[bold red]Not graded:[/] {escape(str(error))}.", soft_wrap=True)
        return REFUSED
    except KeyboardInterrupt:
        console.print("Stopped. What was graded is kept: go on with --resume.")
        return INTERRUPTED


def _autograde(course: Course, submissions: Path, options: Options, console: Console) -> int:
    if not options.scheduler:
        pool.warm_up()
    with console.status(f"preparing to grade {escape(options.assignment)}"):
        prepared = prepare(course, options)
        settings = prepared.settings
        tasks = tasks_of(submissions, options)
        grades = graders(options, settings)
        recorder = prepared.recorder()
    if not settings.rubric.confined:
        console.print(UNCONFINED)
    totals, kept = Totals(), []
    try:
        if options.resume:
            with console.status("looking for results that stand"):
                tasks, kept = still_to_do(tasks, course, settings, recorder, totals)
        with _reporting(len(tasks), options.as_json, settings, console) as report:
            for outcome in kept if options.as_json else ():
                report(outcome)
            for outcome in grade_class(tasks, grades(tasks), course, recorder, totals):
                report(outcome)
    finally:
        recorder.close()
    if late := prepared.untimed:
        console.print(escape(printable(late)), soft_wrap=True, highlight=False)
    return _conclude(totals, course, console)


@contextmanager
def _reporting(
    total: int, as_json: bool, settings: Settings, console: Console
) -> Iterator[Callable[[Settled], None]]:
    """Say what came of each submission: a line, under which a bar moves, or a JSON object."""
    if as_json:
        yield lambda outcome: print(json.dumps(json_of(outcome, settings.released)), flush=True)
        return
    columns = (
        TextColumn("grading"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(compact=True, elapsed_when_finished=True),
    )
    with Progress(*columns, console=console, disable=not sys.stderr.isatty()) as progress:
        bar = progress.add_task("grading", total=total)

        def show(outcome: Settled) -> None:
            line = line_of(outcome, settings.released)
            console.print(line, soft_wrap=True, highlight=False)
            progress.advance(bar)

        yield show


def _conclude(totals: Totals, course: Course, console: Console) -> int:
    kept = f", {totals.kept} kept from before" if totals.kept else ""
    if totals.stale:
        console.print(
            f"{totals.stale} were judged again: the exercises, the release or the settings have "
            "changed since.",
            soft_wrap=True,
        )
    if totals.restored:
        console.print(
            f"{totals.restored} of those kept were missing in the gradebook and are recorded anew.",
            soft_wrap=True,
        )
    if totals.renewed:
        console.print(
            f"{totals.renewed} of those kept had another score in the gradebook than the rules "
            "give now, and are recorded anew.",
            soft_wrap=True,
        )
    console.print(
        f"{totals.graded} graded, {totals.ungradable} could not be graded{kept}. "
        f"Gradebook: {escape(shown_url(course.db_url))}",
        soft_wrap=True,
        highlight=False,
    )
    if totals.unrecorded:
        console.print(
            f"[bold red]The gradebook could not be written for {len(totals.unrecorded)} "
            "submissions; their results are kept: run again with --resume.",
            soft_wrap=True,
        )
    return SOME_UNGRADABLE if totals.ungradable or totals.unrecorded else OK


def release(course: Course, assignment: str, *, as_zip: bool = False) -> Path:
    """Write what students get of an assignment into ``release/`` of the course.

    Parameters
    ----------
    course : Course
        Created if needed.
    assignment : str
    as_zip : bool
        Also write one file with all that a student needs.

    Returns
    -------
    Path
        Folder with the notebook and its pictures, or the zip; the glossary is put beside it.

    Raises
    ------
    Refused
        If there is no such assignment, or the course cannot be written.
    """
    require_assignment(assignment)
    course.create()
    folder = course.released(assignment)
    with Console(stderr=True).status(f"writing {assignment}"):
        write_student_version(assignment, folder)
        Recorder(course.db_url, COURSE_ID, assignment, course.rules().of(assignment)).close()
        return pack(folder) if as_zip else folder


def enter_roster(course: Course, source: Path | None) -> tuple[Path, int, list[str]]:
    """Make a course's roster from a file, and fill nbgrader's student table.

    Parameters
    ----------
    course : Course
        Created if needed.
    source : Path, optional
        What a platform exports; by default the roster that is there, changed by hand.

    Returns
    -------
    (Path, int, list of str)
        The roster, how many people are on it, and who was on it and is not any more.

    Raises
    ------
    OSError, ValueError, Refused
        If it cannot be read or written.
    """
    if source is None and not (course.root / ROSTER).exists():
        raise Refused(f"{course.root / ROSTER} does not exist: name a file to make it from")
    made = None if source is None else read_roster(source)
    course.create()
    path = course.root / ROSTER
    gone = write_roster(course.root, made) if made is not None else []
    roster = course.roster()
    people = roster.people if roster else []
    with open_gradebook(course.db_url, COURSE_ID) as gradebook:
        enter_people(gradebook, people)
    return path, len(people), gone


def probe(names: list[str], *, as_json: bool) -> int:
    """Put mistakes into references, and print those that the cases accept.

    Parameters
    ----------
    names : list of str
        Ids of exercises; empty for all.
    as_json : bool
        One JSON object per exercise instead of lines for people.

    Returns
    -------
    int
        0 if few enough are accepted and each justification holds.

    Raises
    ------
    Refused
        If there is no such exercise, or if a worker process was killed.
    """
    unknown = set(names) - EXERCISES.keys()
    if unknown:
        raise Refused(
            f"there is no exercise {', '.join(sorted(unknown))}: `python -m grading list` names all"
        )
    exercises = [EXERCISES[name] for name in dict.fromkeys(names) or EXERCISES]
    console = Terminal(quiet=as_json)
    findings: dict[str, list[Finding]] = {}
    mistaken: list[str] = []
    with progress_bar(console) as progress:
        bar = progress.add_task("making mutants", total=None)

        def tell(done: int, total: int) -> None:
            progress.update(bar, description="examining mutants", completed=done, total=total)

        try:
            for exercise, found in probe_references(exercises, n_processors(), tell):
                findings[exercise.id] = found
                unused = unused_reasons(exercise, found)
                mistaken += [f"{text!r} of {exercise.id}" for text in unused]
                if as_json:
                    print(json.dumps(_summary(exercise.id, found, unused)), flush=True)
                _print_survivors(exercise, found, console)
        except BrokenProcessPool as error:
            raise Refused(
                "a process that examined mutants was killed, perhaps because memory ran out: free "
                "some, or name fewer exercises"
            ) from error
    total = Tally.of([finding for found in findings.values() for finding in found])
    console.print()
    console.print(_tallies(findings, total))
    console.print()
    enough = total.survived <= total.may_survive
    advice = "." if enough else ": draw inputs that find out, or say why a mutant is as right."
    console.print(
        f"{total.survived} of {total.wrong} wrong mutants were accepted, expected at most "
        f"{total.may_survive} ({100 * MOST_ACCEPTED:g} %){advice}",
        style="green" if enough else "red",
        soft_wrap=True,
        highlight=False,
    )
    for statement in mistaken:
        console.print(
            f"No accepted mutant has the statement {statement}: take it out of as_right.",
            style="red",
            markup=False,
            soft_wrap=True,
            highlight=False,
        )
    return OK if enough and not mistaken else SOME_ACCEPTED


def _print_survivors(exercise: Exercise, findings: list[Finding], console: Console) -> None:
    """Print statements of the reference, and below each the mutants that are accepted."""

    def show(margin: str, statement: str, color: str) -> None:
        line = f"{margin:24}[{color}]{escape(statement)}"
        console.print(line, soft_wrap=True, highlight=False)

    survivors = [finding for finding in findings if finding.survived]
    if survivors:
        path = Path(inspect.getfile(exercise.reference)).relative_to(PROJECT)
        console.print(f"[bold]{escape(str(path))}", soft_wrap=True, highlight=False)
    for (line, before), group in groupby(survivors, lambda f: (f.mutant.line, f.mutant.before)):
        show(f"  line {line}", before, "green")
        for finding in group:
            sure = finding.passed == EXAMINATIONS
            often = "" if sure else f", {finding.passed} of {EXAMINATIONS}"
            show(f"    {finding.mutant.kinds[0]}{often}  ", finding.mutant.after, "red")


def _tallies(findings: dict[str, list[Finding]], total: Tally) -> Table:
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    for heading in ("exercise", "mutants", "raise", "as right", "accepted", "rejected"):
        left = heading == "exercise"
        table.add_column(heading, justify="left" if left else "right", no_wrap=True)
    rows = {name: Tally.of(found) for name, found in findings.items()}
    for name, tally in (rows | {"all": total}).items() if len(rows) > 1 else rows.items():
        table.add_row(
            name,
            str(tally.mutants),
            str(tally.failed_at_once),
            str(tally.equivalent),
            str(tally.survived),
            f"{100 * tally.rejected:.1f} %",
            style="bold" if name == "all" else "",
        )
    return table


def _summary(name: str, findings: list[Finding], unused: list[str]) -> dict[str, object]:
    tally = Tally.of(findings)
    accepted = [
        {
            "line": finding.mutant.line,
            "kind": finding.mutant.kinds[0],
            "before": finding.mutant.before,
            "after": finding.mutant.after,
            "passed": finding.passed,
        }
        for finding in findings
        if finding.survived
    ]
    counts = {"exercise": name, **asdict(tally), "rejected": tally.rejected}
    return counts | {"accepted": accepted, "unused_reasons": unused}
