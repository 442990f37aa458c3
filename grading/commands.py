"""What the command line does and shows; `__main__` declares it."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from cs231n_utils.system.processors import n_processors

from .classroom import pool
from .classroom.autograde import (
    Totals,
    grade_class,
    settings_for,
    still_to_do,
    write_nbgrader_config,
)
from .classroom.course import Course
from .classroom.submissions import find_submissions
from .errors import Refused
from .gradebook.database import COURSE_ID, shown_url
from .gradebook.record import Recorder
from .handout.release import require_assignment
from .printing import printable
from .sandbox.outside import Sandbox
from .submission.grade import Task

OK, SOME_UNGRADABLE, REFUSED, INTERRUPTED = 0, 1, 2, 130
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
        Worker processes on this machine; 0 for one a processor.
    scheduler : str
        Address of a dask scheduler; empty to use this machine alone.
    resume : bool
        Keep results of submissions that have not changed.
    timeout : float
        Seconds that one cell may take.
    confined : bool
    as_json : bool
        One JSON object a line in place of a table for people.
    """

    assignment: str
    students: tuple[str, ...] = ()
    jobs: int = 0
    scheduler: str = ""
    resume: bool = False
    timeout: float = 10.0
    confined: bool = True
    as_json: bool = False


def autograde(course: Course, submissions: Path, options: Options) -> int:
    """Grade a class and say how it went; the exit code is 0 if every submission was graded.

    Parameters
    ----------
    course : Course
        Where results go.
    submissions : Path
        Holds one folder a student.
    options : Options
    """
    console = Console(stderr=options.as_json)
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
        Sandbox(confined=options.confined)  # refuses now, not in every worker
        pool.warm_up()
    if not options.confined:
        console.print("[bold yellow]Without a sandbox: submissions can do all that you can.")
    with console.status(f"preparing to grade {escape(options.assignment)}"):
        settings = settings_for(
            options.assignment, timeout=options.timeout, confined=options.confined
        )
        tasks = _chosen(find_submissions(submissions, options.assignment), options.students)
        if not tasks:
            raise Refused(f"{submissions} holds no submission of {options.assignment}")
        recorder = Recorder(course.db_url, COURSE_ID, options.assignment)
        write_nbgrader_config(course)
    totals = Totals()
    try:
        todo = tasks
        if options.resume:
            with console.status("looking for results that stand"):
                todo = list(still_to_do(tasks, course, settings, recorder, totals))
        with _reporting(len(todo), options.as_json, console) as report:
            grades = _graders(options)(todo, settings)
            for result in grade_class(todo, grades, course, recorder, totals):
                report(result)
    finally:
        recorder.close()
    return _conclude(totals, course, console)


def _graders(options: Options) -> Callable[..., Iterator[dict[str, Any]]]:
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
def _reporting(
    total: int, as_json: bool, console: Console
) -> Iterator[Callable[[dict[str, Any]], None]]:
    """Say what came of each submission: a line, under which a bar moves, or a JSON object."""
    if as_json:

        def tell(result: dict[str, Any]) -> None:
            line = {name: result[name] for name in JSON_FIELDS}
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

        def show(result: dict[str, Any]) -> None:
            console.print(_line(result), soft_wrap=True, highlight=False)
            progress.advance(bar)

        yield show


def _line(result: dict[str, Any]) -> str:
    mistakes = dict.fromkeys(v["mistake"] for v in result["verdicts"] if v["mistake"])
    remark = result["reason"] or "; ".join(mistakes)
    color = "red" if result["status"] != "graded" else "yellow" if result["reason"] else "green"
    score = f"{result['score']:5g} of {result['max_score']:g}"
    student, remark = (escape(printable(text)) for text in (result["student"], remark))
    return f"[{color}]{score}[/]  {student:24}  {result['seconds']:6.2f} s  {remark}"


def _conclude(totals: Totals, course: Course, console: Console) -> int:
    kept = f", {totals.kept} kept from before" if totals.kept else ""
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
    """Write what students get of an assignment into ``release/`` of the course, by nbgrader.

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
        If there is no such assignment, or nbgrader did not write it; the message is nbgrader's.
    """
    require_assignment(assignment)
    course.root.mkdir(parents=True, exist_ok=True)
    write_nbgrader_config(course)
    command = [sys.executable, "-m", "nbgrader", "generate_assignment", assignment, "--force"]
    with Console(stderr=True).status(f"writing {assignment}"):
        done = subprocess.run(command, cwd=course.root, capture_output=True, text=True)
    if done.returncode:
        raise Refused(f"nbgrader did not release {assignment}: {done.stderr.strip()[-500:]}")
    return course.root / "release" / assignment


def status(course: Course, console: Console | None = None) -> int:
    """Print how many are handed in, graded and recorded, assignment by assignment."""
    table = Table()
    for heading in ("assignment", "handed in", "graded", "ungradable", "not recorded", "mean"):
        table.add_column(heading, justify="left" if heading == "assignment" else "right")
    for folder in sorted((course.root / "ledger").glob("*")):
        results = course.results(folder.name)
        graded = [result for result in results if result["status"] == "graded"]
        handed_in = len(list(course.submitted.glob(f"*/{folder.name}")))
        mean = sum(result["score"] for result in graded) / len(graded) if graded else 0.0
        table.add_row(
            folder.name,
            str(handed_in or len(results)),
            str(len(graded)),
            str(len(results) - len(graded)),
            str(sum(not result.get("recorded") for result in results)),
            f"{mean:.2f}",
        )
    (console or Console()).print(table)
    return OK
