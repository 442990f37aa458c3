"""Command line of grading: ``python -m grading COMMAND``."""

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

# jsonschema imports rfc3987_syntax, where it is installed, to check URIs, and that takes a second
# at every start. Notebooks hold no URIs to check, so the import is made to fail.
sys.modules.setdefault("rfc3987_syntax", None)

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.callback()
def main() -> None:
    """Exercises, the oracle, and grading."""
    from cs231n_utils.system.processes import end_as_by_ctrl_c

    end_as_by_ctrl_c()


@app.command()
def oracle() -> None:
    """Judge answers that arrive on standard input; `check` in a notebook starts this."""
    from .judge.tutor import serve_standard_streams

    serve_standard_streams()


@app.command("list")
def list_exercises() -> None:
    """Print assignments, exercises, points, parts and known mistakes."""
    from rich.console import Console
    from rich.table import Table

    from .exercises import EXERCISES

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
    Console().print(table)


@app.command()
def learn(
    folder: Annotated[Path, typer.Argument(help="Where your work is kept.")] = Path("work"),
    headless: Annotated[bool, typer.Option(help="Print the address, open no browser.")] = False,
) -> None:
    """Serve the student notebooks in JupyterLab; work that is there already is left alone."""
    from .handout.learn import learn as serve

    with _one_sentence():
        raise typer.Exit(serve(folder, headless=headless))


CourseFolder = Annotated[
    Path | None,
    typer.Option("--course", "--out", help="Folder of the nbgrader course; default: course/."),
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object per line.")]
Database = Annotated[
    str, typer.Option("--db", help="SQLAlchemy URL of the gradebook; default: in the course.")
]


@app.command()
def release(
    assignment: Annotated[str, typer.Argument(help="Name of the assignment.")],
    course: CourseFolder = None,
    db: Database = "",
) -> None:
    """Write the folder that students get: the notebook without answers, and its pictures."""
    from . import commands
    from .classroom.course import Course

    with _one_sentence():
        typer.echo(commands.release(Course(_root(course), db), assignment))


@app.command()
def autograde(
    assignment: Annotated[str, typer.Argument(help="Name of the assignment.")],
    submissions: Annotated[
        Path | None,
        typer.Option(help="Holds STUDENT/ASSIGNMENT.ipynb; default: submitted/ of the course."),
    ] = None,
    course: CourseFolder = None,
    student: Annotated[list[str] | None, typer.Option(help="Only this one; repeatable.")] = None,
    jobs: Annotated[int, typer.Option(help="Processes at a time; 0: one per processor.")] = 0,
    scheduler: Annotated[str, typer.Option(help="Address of a dask scheduler.")] = "",
    db: Database = "",
    resume: Annotated[bool, typer.Option("--resume", help="Keep results that stand.")] = False,
    timeout: Annotated[
        float | None, typer.Option(help="Seconds that one cell may take; default: the course's.")
    ] = None,
    no_sandbox: Annotated[
        bool, typer.Option("--no-sandbox", help="Run submissions with your own rights.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Grade a class: sanitize, execute in a sandbox, record in the gradebook."""
    from . import commands
    from .classroom.course import Course

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
    from . import commands

    with _one_sentence():
        raise typer.Exit(commands.probe(exercise or [], as_json=as_json))


@app.command()
def status(course: CourseFolder = None) -> None:
    """Print what is graded and recorded."""
    from . import commands
    from .classroom.course import Course

    raise typer.Exit(commands.status(Course(_root(course))))


@app.command()
def solve(
    assignment: Annotated[str, typer.Argument(help="Name of the assignment.")],
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
    from .demo import run_demo

    with _one_sentence():
        raise typer.Exit(0 if run_demo() else 1)


@app.command()
def feedback(
    assignment: Annotated[str, typer.Argument(help="Name of the assignment.")],
    course: CourseFolder = None,
    student: Annotated[list[str] | None, typer.Option(help="Only this one; repeatable.")] = None,
    db: Database = "",
    jobs: Annotated[
        int | None, typer.Option(help="Processes; default: several for a large class.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write a feedback page for every student."""
    import json

    from .pages.feedback import write_feedback
    from .printing import printable

    with _one_sentence():
        pages = write_feedback(_root(course), assignment, student, db_url=db or None, jobs=jobs)
    for page in pages:
        if as_json:
            row = {"student": page.student, "path": str(page.path), "reason": page.error}
            typer.echo(json.dumps(row))
        else:
            line = printable(f"{page.student}: {page.error or page.path}")
            typer.echo(line, err=bool(page.error))
    raise typer.Exit(1 if any(page.error for page in pages) else 0)


@app.command()
def report(
    assignment: Annotated[str, typer.Argument(help="Name of the assignment.")],
    course: CourseFolder = None,
) -> None:
    """Write the class report."""
    from rich.console import Console

    from .pages.class_page import write_report

    with _one_sentence():
        with Console(stderr=True).status(f"writing the report of {assignment}"):
            path = write_report(_root(course), assignment)
        typer.echo(path)


@app.command()
def collect(
    assignment: Annotated[str, typer.Argument(help="Name of the assignment.")],
    source: Annotated[Path, typer.Argument(help="Folder or zip of what was handed in.")],
    course: CourseFolder = None,
    pattern: Annotated[
        str | None, typer.Option(help="Regular expression with a group (?P<student>...).")
    ] = None,
    roster: Annotated[
        Path | None, typer.Option(help="Text file with one student id per line.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Copy what was handed in to submitted/; report whose it is not."""
    import dataclasses
    import json

    from .classroom.collect import collect as collect_all
    from .handout.release import require_assignment

    with _one_sentence():
        require_assignment(assignment)
        known = None if roster is None else _ids(roster)
        found = collect_all(source, _root(course), assignment, pattern=pattern, roster=known)
    typer.echo(json.dumps(dataclasses.asdict(found)) if as_json else "\n".join(found.lines()))
    raise typer.Exit(0 if found.clean else 1)


@app.command()
def export(
    target: Annotated[Path, typer.Argument(help="CSV file to write.")],
    course: CourseFolder = None,
    layout: Annotated[str, typer.Option(help="csv, canvas or moodle.")] = "csv",
    assignment: Annotated[list[str] | None, typer.Option(help="Only this; repeatable.")] = None,
    canvas: Annotated[
        Path | None, typer.Option(help="Gradebook exported from Canvas, to fill in.")
    ] = None,
    db: Database = "",
) -> None:
    """Write the gradebook's scores for a spreadsheet, Canvas or Moodle."""
    from .gradebook.export import export as write

    with _one_sentence():
        typer.echo(
            write(
                _root(course),
                target,
                layout,
                assignments=assignment,
                db_url=db or None,
                canvas=canvas,
            )
        )


@contextlib.contextmanager
def _one_sentence() -> Iterator[None]:
    """Turn a mistake of the user into one sentence without a traceback, and exit with 1."""
    from cs231n_utils.cifar10.batches import DataError

    from .errors import Refused

    try:
        yield
    except (DataError, OSError, ValueError, Refused) as error:
        typer.echo(f"Error: {_sentence(error)}", err=True)
        raise typer.Exit(1) from error


def _sentence(error: Exception) -> str:
    if isinstance(error, OSError) and error.filename is not None:
        place = f"{error.filename} cannot be read or written ({error.strerror})"
        return f"{place}: mend that, or name another."
    return f"{str(error).rstrip('.')}."


def _ids(roster: Path) -> list[str]:
    """The student ids of a text file, one per line."""
    try:
        lines = roster.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise ValueError(
            f"{roster} is not a text in UTF-8, expected one student id per line: save it as such."
        ) from error
    return [line.strip() for line in lines if line.strip()]


def _root(course: Path | None) -> Path:
    from .classroom.course import COURSE

    return course or COURSE


if __name__ == "__main__":
    app()
