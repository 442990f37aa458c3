"""All commands of ``python -m grading`` but the oracle."""

import contextlib
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

# jsonschema imports rfc3987_syntax, where it is installed, to check URIs, and that takes a second
# at every start. Notebooks hold no URIs to check, so the import is made to fail.
sys.modules.setdefault("rfc3987_syntax", None)

PIPE_CLOSED = 141
"""The exit code of a program that nobody reads any more, as shells know it."""


class _Commands(TyperGroup):
    """All commands; click ends with 1 on a closed pipe, which would say what a command found."""

    def invoke(self, ctx: typer.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            # What is still buffered must not fail again when Python ends.
            with contextlib.suppress(OSError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(PIPE_CLOSED) from None


app = typer.Typer(cls=_Commands, no_args_is_help=True)


@app.callback()
def main() -> None:
    """Exercises and grading."""
    from cs231n_utils.system.processes import end_as_by_ctrl_c

    end_as_by_ctrl_c()


@app.command("list")
def list_exercises() -> None:
    """Print assignments, exercises, points, parts and known mistakes."""
    from rich.table import Table

    from .exercises import EXERCISES
    from .printing import Terminal

    table = Table(show_lines=True)
    for heading in ("assignment", "exercise", "points", "parts", "known mistakes"):
        table.add_column(heading, justify="right" if heading == "points" else "left")
    for exercise in EXERCISES.values():
        table.add_row(
            exercise.assignment,
            exercise.id,
            f"{exercise.points:g}",
            "\n".join(f"{part} ({points:g})" for part, points in exercise.parts.items()),
            "\n".join(mistake.name for mistake in exercise.mistakes),
        )
    Terminal().print(table)


@app.command()
def learn(
    folder: Annotated[Path, typer.Argument(help="Where your work is kept.")] = Path("work"),
    headless: Annotated[bool, typer.Option(help="Print the address, open no browser.")] = False,
    lay_out: Annotated[
        bool, typer.Option("--lay-out", help="Only put the notebooks into the folder.")
    ] = False,
) -> None:
    """Serve the student notebooks in JupyterLab; work that is there already is left alone."""
    from .handout import learn as self_study

    with _one_sentence():
        if lay_out:
            typer.echo("\n".join([*self_study.lay_out(folder), str(folder)]))
            return
        self_study.learn(folder, headless=headless)


CourseFolder = Annotated[
    Path | None,
    typer.Option("--course", "--out", help="Folder of the nbgrader course; default: course/."),
]
Assignment = Annotated[str, typer.Argument(help="Name of the assignment.")]
Submissions = Annotated[
    Path | None,
    typer.Option(help="Holds STUDENT/ASSIGNMENT.ipynb; default: submitted/ of the course."),
]
Students = Annotated[list[str] | None, typer.Option(help="Only this one; repeatable.")]
Jobs = Annotated[int, typer.Option(help="Processes at a time; 0: one per processor.")]
Scheduler = Annotated[str, typer.Option(help="Address of a dask scheduler.")]
NoSandbox = Annotated[
    bool, typer.Option("--no-sandbox", help="Run submissions with your own rights.")
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object per line.")]
Database = Annotated[
    str, typer.Option("--db", help="SQLAlchemy URL of the gradebook; the course remembers it.")
]


@app.command()
def release(
    assignment: Assignment,
    course: CourseFolder = None,
    db: Database = "",
    as_zip: Annotated[
        bool, typer.Option("--zip", help="Also one file with all that a student installs.")
    ] = False,
) -> None:
    """Write the folder that students get: the notebook without answers, and its pictures."""
    from . import commands
    from .classroom.course import Course

    with _one_sentence():
        typer.echo(commands.release(Course(_root(course), db), assignment, as_zip=as_zip))


@app.command()
def autograde(
    assignment: Assignment,
    submissions: Submissions = None,
    course: CourseFolder = None,
    student: Students = None,
    jobs: Jobs = 0,
    scheduler: Scheduler = "",
    db: Database = "",
    resume: Annotated[bool, typer.Option("--resume", help="Keep results that stand.")] = False,
    timeout: Annotated[
        float | None, typer.Option(help="Seconds that one cell may take; default: the course's.")
    ] = None,
    no_sandbox: NoSandbox = False,
    as_json: AsJson = False,
) -> None:
    """Grade a class: sanitize, execute in a sandbox, record in the gradebook."""
    _require_linux()
    from . import commands
    from .classroom.course import Course

    with _one_sentence():
        place = Course(_root(course), db)
    options = commands.Options(
        assignment=assignment,
        students=tuple(student or ()),
        jobs=jobs,
        scheduler=scheduler,
        resume=resume,
        timeout=timeout,
        confined=not no_sandbox,
        as_json=as_json,
    )
    raise typer.Exit(commands.autograde(place, submissions or place.submitted, options))


@app.command("course")
def show_course(
    assignment: Annotated[
        str | None, typer.Argument(help="Only this assignment; default: all that it names.")
    ] = None,
    course: CourseFolder = None,
) -> None:
    """Check course.toml (due dates, penalties, extensions, dropped questions) and print it."""
    from .classroom.course import Course
    from .course_command import show_rules

    with _one_sentence():
        raise typer.Exit(show_rules(Course(_root(course)), assignment))


@app.command()
def regrade(
    assignment: Assignment,
    submissions: Submissions = None,
    course: CourseFolder = None,
    student: Students = None,
    jobs: Jobs = 0,
    scheduler: Scheduler = "",
    db: Database = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show it, write nothing.")] = False,
    no_sandbox: NoSandbox = False,
) -> None:
    """Show old against new scores after a change of rules or exercises, and record them."""
    _require_linux()
    from . import regrade_command
    from .classroom.course import Course
    from .classroom.preparing import Options

    with _one_sentence():
        place = Course(_root(course), db)
    options = Options(
        assignment=assignment,
        students=tuple(student or ()),
        jobs=jobs,
        scheduler=scheduler,
        confined=not no_sandbox,
    )
    code = regrade_command.regrade(place, submissions or place.submitted, options, dry_run=dry_run)
    raise typer.Exit(code)


@app.command()
def gradescope(
    assignment: Assignment,
    course: CourseFolder = None,
    visibility: Annotated[
        str,
        typer.Option(
            help="When students see it: visible, hidden, after_due_date or after_published."
        ),
    ] = "visible",
    timeout: Annotated[
        float, typer.Option(help="Seconds per cell; Gradescope gives half a processor.")
    ] = 20.0,
) -> None:
    """Write an autograder for Gradescope: a zip in gradescope/ of the course."""
    from . import hosted_commands
    from .classroom.course import Course

    with _one_sentence():
        typer.echo(
            hosted_commands.gradescope(Course(_root(course)), assignment, visibility, timeout)
        )


@app.command()
def github(
    assignment: Assignment,
    repository: Annotated[str, typer.Argument(help="OWNER/NAME of your clone on GitHub.")],
    course: CourseFolder = None,
) -> None:
    """Write a template repository for GitHub Classroom, with a workflow that grades each push."""
    from . import hosted_commands
    from .classroom.course import Course

    with _one_sentence():
        typer.echo(hosted_commands.github(Course(_root(course)), assignment, repository))


@app.command()
def grade(
    assignment: Assignment,
    folder: Annotated[Path, typer.Argument(help="Holds the notebook.")],
    timeout: Annotated[float, typer.Option(help="Seconds that one cell may take.")] = 10.0,
    no_sandbox: Annotated[
        bool, typer.Option("--no-sandbox", help="Run it with your own rights.")
    ] = False,
) -> None:
    """Grade one notebook and print what came of it; in a workflow of GitHub, for its summary."""
    _require_linux()
    from . import hosted_commands

    with _one_sentence():
        code = hosted_commands.grade_one(
            assignment, folder, timeout=timeout, confined=not no_sandbox
        )
        raise typer.Exit(code)


@app.command()
def bundle(
    target: Annotated[Path, typer.Argument(help="Zip to write.")] = Path("bundle.zip"),
) -> None:
    """Write what the workers of a cluster need: unpack it there, put it on PYTHONPATH."""
    from .classroom.cluster import write_bundle

    with _one_sentence():
        typer.echo(f"wrote {write_bundle(target)}")


@app.command()
def doctor() -> None:
    """Try what a submission must not be able to do, and print what came of it."""
    _require_linux()
    from .sandbox.doctor import examine

    raise typer.Exit(examine())


@app.command()
def probe(
    exercise: Annotated[
        list[str] | None, typer.Argument(help="Names of exercises; default: all, in some minutes.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Put small mistakes into references, and print those that the cases accept.

    The exit code is 0 if at most 2 % are accepted that no reason in the exercise's file covers.
    """
    _require_linux()
    from . import commands

    with _one_sentence():
        raise typer.Exit(commands.probe(exercise or [], as_json=as_json))


@app.command()
def status(course: CourseFolder = None, db: Database = "") -> None:
    """Print what is graded and recorded."""
    from .classroom.course import Course
    from .status_command import status as print_status

    with _one_sentence():
        raise typer.Exit(print_status(Course(_root(course), db)))


@app.command()
def solve(
    assignment: Assignment,
    output: Annotated[Path, typer.Argument(help="Notebook to write.")],
) -> None:
    """Write an assignment with the reference solutions filled in."""
    import nbformat

    from cs231n_utils.system.files import write_whole

    from .handout.answers import fill_answers
    from .handout.release import read_source

    with _one_sentence():
        write_whole(output, nbformat.writes(fill_answers(read_source(assignment))) + "\n")
    typer.echo(f"wrote {output}")


@app.command()
def demo() -> None:
    """Grade a class of typical submissions in a temporary course."""
    _require_linux()
    from .demo import run_demo

    with _one_sentence():
        raise typer.Exit(0 if run_demo() else 1)


@app.command()
def site(
    target: Annotated[Path, typer.Argument(help="Folder to write.")],
    pyodide: Annotated[
        Path | None,
        typer.Option(help="Folder with Pyodide and its packages; default: npm, and Pyodide's CDN."),
    ] = None,
) -> None:
    """Write the course as a site on which notebooks run in the browser: see docs/instructors.md."""
    from .handout.site import build_site

    with _one_sentence():
        built = build_site(target, pyodide)
        if built.lacks:
            typer.echo(
                f"the site lacks {', '.join(built.lacks)}, which {pyodide} does not have: what "
                "imports them fails there"
            )
        typer.echo(built.page)


@app.command()
def places(
    repository: Annotated[str, typer.Argument(help="OWNER/NAME of your clone on GitHub.")],
    folder: Annotated[Path, typer.Argument(help="Folder to write.")],
) -> None:
    """Write the notebooks as Colab and Kaggle open them, with a first cell that installs."""
    from .handout.places import write_places

    with _one_sentence():
        typer.echo(write_places(repository, folder))


@app.command()
def feedback(
    assignment: Assignment,
    course: CourseFolder = None,
    student: Students = None,
    db: Database = "",
    jobs: Annotated[
        int | None, typer.Option(help="Processes; default: several for a large class.")
    ] = None,
    layout: Annotated[
        str, typer.Option(help="Also pack the pages for canvas or moodle to hand back.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Write a feedback page for every student."""
    import json

    from .classroom.course import Course
    from .classroom.give_back import pack
    from .pages.feedback import write_feedback
    from .printing import printable

    packed = None
    with _one_sentence():
        _tell_outdated(course, db, [assignment])
        url = Course(_root(course), db).db_url
        pages = write_feedback(_root(course), assignment, student, db_url=url, jobs=jobs)
        if layout:
            packed = pack(_root(course), assignment, layout)
    for page in pages:
        if as_json:
            row = {"student": page.student, "path": str(page.path), "reason": page.error}
            typer.echo(json.dumps(row))
        else:
            line = printable(f"{page.student}: {page.error or page.path}")
            typer.echo(line, err=bool(page.error))
    if packed is not None:
        typer.echo(packed.path, err=as_json)
        _tell_left_out(packed.left_out)
    complete = not (packed and packed.left_out) and not any(page.error for page in pages)
    raise typer.Exit(0 if complete else 1)


@app.command()
def report(
    assignment: Annotated[
        str | None, typer.Argument(help="Name of the assignment; default: the whole term.")
    ] = None,
    course: CourseFolder = None,
    db: Database = "",
    anonymous: Annotated[
        bool, typer.Option("--anonymous", help="Write what can be shown in class, without names.")
    ] = False,
) -> None:
    """Write the class report of an assignment, or of all: who has what, what is hard, and why."""
    from rich.console import Console

    from .classroom.course import Course
    from .classroom.hand_in import hand_ins
    from .classroom.roster import known_people
    from .pages.class_page import write_report
    from .pages.term_page import write_term_report

    with _one_sentence():
        place = _root(course)
        url = Course(place, db).db_url
        about: dict[str, Any] = {"db_url": url, "people": known_people(place)}
        _tell_outdated(course, db, [assignment] if assignment else None)
        with Console(stderr=True).status(f"writing the report of {assignment or 'the term'}"):
            if assignment is None:
                path = write_term_report(place, **about, nameless=anonymous)
            else:
                said = hand_ins(place, assignment).items()
                late = {student for (student, _), hand_in in said if hand_in.late}
                path = write_report(
                    place, assignment, **about, marked_late=late, nameless=anonymous
                )
        typer.echo(path)


@app.command()
def explain(
    assignment: Assignment,
    group: Annotated[
        int | None, typer.Argument(help="Number of a group; default: list them all.")
    ] = None,
    course: CourseFolder = None,
    db: Database = "",
) -> None:
    """List failures that no known mistake explains; write and try a new slip for a group of them.

    With a group, the first run writes a template in slips/ of the course, and later runs try what
    stands in it: does it name the group, and nothing else?
    """
    _require_linux()
    from .classroom.course import Course
    from .explain_command import explain as explain_failures

    with _one_sentence():
        raise typer.Exit(explain_failures(Course(_root(course), db), assignment, group))


@app.command()
def mark(
    assignment: Assignment,
    course: CourseFolder = None,
    db: Database = "",
    headless: Annotated[bool, typer.Option(help="Print the address, open no browser.")] = False,
) -> None:
    """Mark written answers on a page in the browser, one question at a time for everybody."""
    from .classroom.course import Course
    from .classroom.roster import known_people
    from .marking.server import serve
    from .marking.written import marking_of

    with _one_sentence():
        place = _root(course).resolve()
        url = Course(place, db).db_url
        with marking_of(place, assignment, url, known_people(place)) as marking:
            blank = marking.preset()
            if blank:
                typer.echo(f"Blank answers that have 0 points now: {blank}.")
            typer.echo("The marking page, until Ctrl-C:")
            serve(marking, typer.echo, headless=headless)
            left = sum(marking.waiting().values())
    wait = "1 answer waits" if left == 1 else f"{left} answers wait"
    typer.echo(f"{wait} for a mark. Write the feedback anew to show the marks.")


@app.command()
def roster(
    source: Annotated[
        Path | None, typer.Argument(help="Gradebook from Canvas or participants from Moodle.")
    ] = None,
    course: CourseFolder = None,
    db: Database = "",
) -> None:
    """Make course/roster.csv from a platform's file; enter its people in the gradebook."""
    from . import commands
    from .classroom.course import Course
    from .printing import printable

    with _one_sentence():
        path, people, gone = commands.enter_roster(Course(_root(course), db), source)
    typer.echo(f"{path}: {people} people")
    if gone:
        typer.echo(f"not on it any more: {printable(', '.join(gone))}")


@app.command()
def collect(
    assignment: Assignment,
    source: Annotated[Path, typer.Argument(help="Folder or zip of what was handed in.")],
    course: CourseFolder = None,
    pattern: Annotated[
        str | None, typer.Option(help="Regular expression with a group (?P<student>...).")
    ] = None,
    roster: Annotated[
        Path | None,
        typer.Option(help="Roster, or one student id per line; default: roster.csv of the course."),
    ] = None,
    worksheet: Annotated[
        Path | None, typer.Option(help="Moodle's grading worksheet, to tell namesakes apart.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Copy what was handed in to submitted/; report whose it is not."""
    import dataclasses
    import json

    from .classroom.collect import collect as collect_all
    from .classroom.roster import course_roster, participants_of, read_roster
    from .handout.release import require_assignment

    with _one_sentence():
        require_assignment(assignment)
        known = read_roster(roster) if roster else course_roster(_root(course))
        if worksheet and known is None:
            raise ValueError("a worksheet needs a roster: make one with python -m grading roster.")
        found = collect_all(
            source,
            _root(course),
            assignment,
            pattern=pattern,
            roster=known,
            participants=participants_of(worksheet, known) if worksheet and known else None,
        )
    typer.echo(json.dumps(dataclasses.asdict(found)) if as_json else "\n".join(found.lines()))
    raise typer.Exit(0 if found.clean else 1)


@app.command()
def export(
    target: Annotated[Path, typer.Argument(help="File to write.")],
    course: CourseFolder = None,
    layout: Annotated[str, typer.Option(help="csv, parts, canvas, moodle or blackboard.")] = "csv",
    assignment: Annotated[list[str] | None, typer.Option(help="Only this; repeatable.")] = None,
    fill: Annotated[
        Path | None, typer.Option(help="File exported by the platform, to fill in.")
    ] = None,
    column: Annotated[
        list[str] | None,
        typer.Option(help="What the platform calls the assignment; one per --assignment."),
    ] = None,
    db: Database = "",
) -> None:
    """Write the gradebook's scores for a spreadsheet, Canvas, Moodle or Blackboard."""
    from .classroom.course import Course
    from .classroom.roster import known_people, participants
    from .gradebook.export import export as write

    with _one_sentence():
        written = write(
            _root(course),
            target,
            layout,
            assignments=assignment,
            db_url=Course(_root(course), db).db_url,
            fill=fill,
            columns=column or (),
            people=known_people(_root(course)),
            numbers=participants(_root(course)),
        )
        _tell_outdated(course, db, assignment)
    typer.echo(written.path)
    for line in written.differing:
        typer.echo(line, err=True)
    _tell_left_out(written.left_out)
    raise typer.Exit(1 if written.left_out else 0)


@app.command()
def forget(
    student: Annotated[str, typer.Argument(help="Id of the student.")],
    course: CourseFolder = None,
    db: Database = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Delete all that the course holds of a student: files, ledger, gradebook, roster."""
    from .classroom.course import Course
    from .classroom.keeping import forget as forget_all
    from .errors import Refused
    from .rules.course_file import FILE, read_rules

    with _one_sentence():
        place = Course(_root(course), db)
    if not yes:
        typer.confirm(f"Delete all that {place.root} holds of {student}?", abort=True)
    with _one_sentence():
        deleted = forget_all(place, student)
    typer.echo("\n".join(f"deleted {what}" for what in deleted))
    typer.echo(
        "Reports and exports are of the whole class: write them anew. Backups keep what they held."
    )
    with contextlib.suppress(Refused):
        rules = read_rules(place.root).assignments.values()
        if any(student in one.extensions for one in rules):
            typer.echo(f"{FILE} still names {student}: delete the extension there.")


@app.command()
def backup(
    target: Annotated[Path, typer.Argument(help="Zip to write.")],
    course: CourseFolder = None,
) -> None:
    """Write a zip of the course, with its gradebook as it is at one moment."""
    from .classroom.course import Course
    from .classroom.keeping import backup as write
    from .gradebook.database import default_url, shown_url

    with _one_sentence():
        place = Course(_root(course))
        typer.echo(write(place, target))
    if place.db_url != default_url(place.root):
        typer.echo(
            f"The gradebook {shown_url(place.db_url)} is not in the zip: keep it with its own "
            "program (of PostgreSQL, pg_dump).",
            err=True,
        )


def _tell_outdated(course: Path | None, db: str, assignments: Iterable[str] | None = None) -> None:
    """Say where grades that go out are not what ledger and rules say."""
    from .classroom.course import Course
    from .classroom.regrade import outdated

    place = Course(_root(course), db)
    for name in assignments or place.ledger.assignments():
        if count := outdated(place, name):
            older = "1 score is" if count == 1 else f"{count} scores are"
            typer.echo(
                f"{name}: {older} older than the rules or the ledger: see "
                f"python -m grading regrade {name} --dry-run",
                err=True,
            )


def _tell_left_out(lines: Iterable[str]) -> None:
    from .printing import printable

    for line in lines:
        typer.echo(f"left out: {printable(line)}", err=True)


@contextlib.contextmanager
def _one_sentence() -> Iterator[None]:
    """Turn a mistake of the user into one sentence without a traceback, and exit with 1."""
    from cs231n_utils.cifar10.batches import DataError

    from .errors import Refused

    try:
        yield
    except BrokenPipeError:
        raise
    except (DataError, OSError, ValueError, Refused) as error:
        typer.echo(f"Error: {_sentence(error)}", err=True)
        raise typer.Exit(1) from error


def _sentence(error: Exception) -> str:
    if isinstance(error, OSError) and error.filename is not None:
        place = f"{error.filename} cannot be read or written ({error.strerror})"
        return f"{place}: mend that, or name another."
    return f"{str(error).rstrip('.')}."


def _root(course: Path | None) -> Path:
    from .classroom.course import COURSE

    return course or COURSE


def _require_linux() -> None:
    """Say it in one sentence where submissions cannot be run; elsewhere imports would fail."""
    if not sys.platform.startswith("linux"):
        typer.echo(
            f"Error: submissions are graded on Linux, this is {sys.platform}: use a container, a "
            "virtual machine, or on Windows WSL.",
            err=True,
        )
        raise typer.Exit(2)
