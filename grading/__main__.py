"""Command line of grading: ``python -m grading COMMAND``."""

from pathlib import Path
from typing import Annotated

import typer

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
