"""Command line of grading: ``python -m grading COMMAND``."""

import sys
from pathlib import Path
from typing import Annotated

import typer

# jsonschema checks URIs with it where it is installed, and builds its grammar for a second at
# every start; notebooks have no URI to be checked.
sys.modules.setdefault("rfc3987_syntax", None)

app = typer.Typer(
    help="Exercises, the oracle, and grading.", no_args_is_help=True, add_completion=False
)


@app.command()
def oracle(
    ledger: Annotated[Path | None, typer.Option(help="Where verdicts are recorded.")] = None,
) -> None:
    """Judge answers that arrive on standard input; `check` in a notebook starts this."""
    from platformdirs import user_data_path

    from .oracle import serve_standard_streams

    serve_standard_streams(ledger or user_data_path("cs231n") / "ledger.jsonl")


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
    from .learn import learn as serve

    raise typer.Exit(serve(folder, headless=headless))


CourseFolder = Annotated[
    Path | None, typer.Option("--out", help="nbgrader course for the results; default: grading/.")
]
Database = Annotated[
    str, typer.Option("--db", help="SQLAlchemy URL of the gradebook; default: in the course.")
]


@app.command()
def autograde(
    assignment: Annotated[str, typer.Argument(help="Name of the assignment.")],
    submissions: Annotated[
        Path | None,
        typer.Option(help="Holds STUDENT/ASSIGNMENT.ipynb; default: submitted/ of the course."),
    ] = None,
    out: CourseFolder = None,
    student: Annotated[list[str] | None, typer.Option(help="Only this student.")] = None,
    jobs: Annotated[int, typer.Option(help="Processes at a time; 0: one a core.")] = 0,
    scheduler: Annotated[str, typer.Option(help="Address of a dask scheduler.")] = "",
    db: Database = "",
    resume: Annotated[bool, typer.Option("--resume", help="Keep results that stand.")] = False,
    timeout: Annotated[float, typer.Option(help="Seconds that one cell may take.")] = 10.0,
    no_sandbox: Annotated[
        bool, typer.Option("--no-sandbox", help="Run submissions with your own rights.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Grade a class: sanitize, execute in a sandbox, record in the gradebook."""
    from . import commands
    from .autograde import COURSE, Course

    course = Course(out or COURSE, db)
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
    raise typer.Exit(commands.autograde(course, submissions or course.submitted, options))


@app.command()
def bundle(
    target: Annotated[Path, typer.Argument(help="Zip to write.")] = Path("bundle.zip"),
) -> None:
    """Write what the workers of a cluster need: unpack it there, put it on PYTHONPATH."""
    from .cluster import write_bundle

    typer.echo(f"wrote {write_bundle(target)}")


@app.command()
def doctor() -> None:
    """Try what a submission must not be able to do, and print what came of it."""
    from .doctor import examine

    raise typer.Exit(examine())


@app.command()
def status(out: CourseFolder = None, db: Database = "") -> None:
    """Print what is graded and recorded."""
    from . import commands
    from .autograde import COURSE, Course

    raise typer.Exit(commands.status(Course(out or COURSE, db)))


@app.command()
def solve(
    assignment: Annotated[str, typer.Argument(help="Name of the assignment.")],
    output: Annotated[Path, typer.Argument(help="Notebook to write.")],
) -> None:
    """Write an assignment with the reference solutions filled in."""
    import nbformat

    from .release import fill_answers, read_source

    nbformat.write(fill_answers(read_source(assignment)), output)


@app.command()
def demo() -> None:
    """Grade a class of typical submissions in a temporary course."""
    from .demo import run_demo

    raise typer.Exit(0 if run_demo() else 1)


if __name__ == "__main__":
    app()
