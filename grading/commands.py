"""What the command line does and shows; `__main__` declares it."""

import inspect
import json
import sys
from collections.abc import Callable, Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path

import nbformat
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from cs231n_utils.system.files import write_whole
from cs231n_utils.system.processors import n_processors

from .classroom import pool
from .classroom.autograde import Totals, grade_class, settings_for, still_to_do
from .classroom.course import Course
from .classroom.nbgrader_autograde import GradedNotebook
from .classroom.roster import ROSTER, course_roster, read_roster, write_roster
from .classroom.submissions import find_submissions
from .errors import Refused
from .exercises import EXERCISES
from .exercises.describe import Exercise
from .gradebook.database import COURSE_ID, open_gradebook, shown_url
from .gradebook.grades import read_scores
from .gradebook.people import Person, enter_people
from .gradebook.record import Recorder
from .handout.release import PROJECT, pictures, read_source, student_version
from .judge.probe import EXAMINATIONS, MOST_ACCEPTED, Finding, Tally, unused_reasons
from .judge.probe import probe as probe_references
from .ledger import GRADED, Entry
from .printing import Terminal, printable, progress_bar
from .sandbox.outside import Sandbox
from .submission.grade import Graded
from .submission.read import Task

OK, SOME_UNGRADABLE, REFUSED, INTERRUPTED = 0, 1, 2, 130
SOME_ACCEPTED = 1
JSON_FIELDS = ("student", "status", "score", "max_score", "exercises", "seconds", "reason")


@dataclass(frozen=True)
class Options:
    """How a class is graded.

    Attributes
    ----------
    assignment : str
    students : tuple of str
        Only these; empty for all.
    jobs : int
        Worker processes on this machine; 0 for one per processor.
    scheduler : str
        Address of a dask scheduler; empty to use this machine alone.
    resume : bool
        Keep results of submissions that have not changed.
    timeout : float, optional
        Seconds that one cell may take; by default what the course's nbgrader_config.py says.
    confined : bool
    as_json : bool
        One JSON object per line instead of lines for people.
    """

    assignment: str
    students: tuple[str, ...] = ()
    jobs: int = 0
    scheduler: str = ""
    resume: bool = False
    timeout: float | None = None
    confined: bool = True
    as_json: bool = False


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
        course.create()
        config = course.nbgrader_config()
        asked = GradedNotebook(config=config)
        settings = settings_for(
            options.assignment,
            timeout=asked.timeout if options.timeout is None else options.timeout,
            confined=asked.confined and options.confined,
        )
        tasks = _chosen(find_submissions(submissions, options.assignment), options.students)
        if not tasks:
            raise Refused(f"{submissions} holds no submission of {options.assignment}")
        if not options.scheduler:
            # Without this, a missing sandbox would be reported by every worker instead of once.
            Sandbox(confined=settings.rubric.confined)
        people = _people(course)
        recorder = Recorder(course.db_url, COURSE_ID, options.assignment, config, people)
    if not settings.rubric.confined:
        console.print("[bold yellow]Without a sandbox: submissions can do all that you can.")
    totals = Totals()
    try:
        todo = tasks
        if options.resume:
            with console.status("looking for results that stand"):
                todo = list(still_to_do(tasks, course, settings, recorder, totals))
        with _reporting(len(todo), options.as_json, console) as report:
            grades = _graders(options)(todo, settings)
            for entry in grade_class(todo, grades, course, recorder, totals):
                report(entry)
    finally:
        recorder.close()
    return _conclude(totals, course, console)


def _people(course: Course) -> list[Person]:
    """The people of a course's roster; none without one."""
    try:
        roster = course_roster(course.root)
    except (OSError, ValueError) as error:
        raise Refused(str(error).rstrip(".")) from error
    return roster.people if roster else []


def _graders(options: Options) -> Callable[..., Iterator[Graded]]:
    if options.scheduler:
        from .classroom.cluster import grade_on_cluster

        return lambda tasks, settings: grade_on_cluster(tasks, settings, options.scheduler)
    jobs = options.jobs or n_processors()
    return lambda tasks, settings: pool.grade_all(tasks, settings, min(jobs, len(tasks) or 1))


def _chosen(tasks: list[Task], students: tuple[str, ...]) -> list[Task]:
    if not students:
        return tasks
    unknown = set(students) - {task.student for task in tasks}
    if unknown:
        raise Refused(f"there is no submission of {', '.join(sorted(unknown))}")
    return [task for task in tasks if task.student in students]


@contextmanager
def _reporting(total: int, as_json: bool, console: Console) -> Iterator[Callable[[Entry], None]]:
    """Say what came of each submission: a line, under which a bar moves, or a JSON object."""
    if as_json:

        def tell(entry: Entry) -> None:
            line = {name: getattr(entry, name) for name in JSON_FIELDS}
            print(json.dumps(line), flush=True)

        yield tell
        return
    columns = (
        TextColumn("grading"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(compact=True, elapsed_when_finished=True),
    )
    with Progress(*columns, console=console, disable=not sys.stderr.isatty()) as progress:
        bar = progress.add_task("grading", total=total)

        def show(entry: Entry) -> None:
            console.print(_line(entry), soft_wrap=True, highlight=False)
            progress.advance(bar)

        yield show


def _line(entry: Entry) -> str:
    mistakes = dict.fromkeys(verdict.mistake for verdict in entry.verdicts if verdict.mistake)
    remark = entry.reason or "; ".join(mistakes)
    color = "red" if entry.status != GRADED else "yellow" if entry.reason else "green"
    score = f"{entry.score:5g} of {entry.max_score:g}"
    student, remark = (escape(printable(text)) for text in (entry.student, remark))
    return f"[{color}]{score}[/]  {student:24}  {entry.seconds:6.2f} s  {remark}"


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


def release(course: Course, assignment: str) -> Path:
    """Write what students get of an assignment into ``release/`` of the course.

    Parameters
    ----------
    course : Course
        Created if needed.
    assignment : str

    Returns
    -------
    Path
        Folder with the notebook and its pictures.

    Raises
    ------
    Refused
        If there is no such assignment, or the course cannot be written.
    """
    source = read_source(assignment)
    course.create()
    folder = course.released(assignment)
    with Console(stderr=True).status(f"writing {assignment}"):
        write_whole(
            folder / f"{assignment}.ipynb", nbformat.v4.writes(student_version(source)) + "\n"
        )
        for picture in pictures(assignment):
            write_whole(folder / picture.name, picture.read_bytes())
        Recorder(course.db_url, COURSE_ID, assignment).close()
    return folder


def enter_roster(course: Course, source: Path | None) -> tuple[Path, int]:
    """Make a course's roster from a file, and fill nbgrader's student table.

    Parameters
    ----------
    course : Course
        Created if needed.
    source : Path, optional
        What a platform exports; by default the roster that is there, changed by hand.

    Returns
    -------
    (Path, int)
        The roster, and how many people are on it.

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
    if made is not None:
        write_roster(course.root, made)
    people = _people(course)
    with open_gradebook(course.db_url, COURSE_ID) as gradebook:
        enter_people(gradebook, people)
    return path, len(people)


def status(course: Course, console: Console | None = None) -> int:
    """Print how many are handed in, graded and recorded, assignment by assignment."""
    table = Table()
    for heading in ("assignment", "handed in", "graded", "ungradable", "not recorded", "mean"):
        table.add_column(heading, justify="left" if heading == "assignment" else "right")
    for assignment in course.ledger.assignments():
        entries, damaged = course.ledger.entries(assignment)
        graded = [entry for entry in entries if entry.status == GRADED]
        recorded = read_scores(course.db_url, assignment)
        missing = sum(recorded.get(entry.student) != entry.exercises for entry in entries)
        handed_in = len(list(course.submitted.glob(f"*/{assignment}")))
        mean = sum(entry.score for entry in graded) / len(graded) if graded else 0.0
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
