"""The picture and the table of a student's progress through the course."""

import html
from collections.abc import Iterable, Mapping, Sequence

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle

from ..ladder import draw_rungs
from ..plots import COLORS, headline
from .predictions import made
from .progress_file import Listed, Progress, Work

_PASSED, _PARTLY, _EDGE = COLORS[0], COLORS[1], "#888888"
_SIDE = 0.78
"""Side of a tile, where the distance of two tiles is 1."""

Notebooks = Mapping[str, Sequence[Listed]]


def draw(course: Sequence[Listed], progress: Progress) -> Figure:
    """Every exercise as a tile, one row for each notebook, above the ladder.

    Parameters
    ----------
    course : sequence of Listed
        The exercises, in the order of the course.
    progress : Progress

    Returns
    -------
    Figure
    """
    notebooks = _by_notebook(course)
    heights = [0.31 * len(notebooks) + 0.7, 3.9]
    fig, (tiles, rungs) = plt.subplots(
        2, 1, figsize=(9, sum(heights)), height_ratios=heights, layout="constrained"
    )
    headline(fig, _message(course, progress))
    _draw_tiles(tiles, notebooks, progress)
    draw_rungs(rungs, progress.ladder.get("CIFAR-10", {}), stand_in=progress.ladder.get("stand-in"))
    return fig


def summary(course: Sequence[Listed], progress: Progress) -> str:
    """What the picture says, for readers who cannot see it."""
    texts = [_message(course, progress) + "."]
    for notebook, exercises in _by_notebook(course).items():
        texts.append(f"{notebook}: {_passed(exercises, progress)} of {len(exercises)} passed.")
    return " ".join([*texts, *_ladders(progress), *_predictions(course, progress)])


def table(course: Sequence[Listed], progress: Progress) -> str:
    """The progress as plain text: one line for each notebook, exercise and ladder."""
    lines = []
    for notebook, exercises in _by_notebook(course).items():
        lines.append(_heading(notebook, exercises, progress))
        for exercise in exercises:
            points, attempts, passed = _cells(exercise, progress)
            lines.append(f"    {exercise.id:<33}{points:>10}  {attempts:<12}  {passed}".rstrip())
    return "\n".join([*lines, *_ladders(progress), *_predictions(course, progress)])


def table_as_html(course: Sequence[Listed], progress: Progress) -> str:
    """The progress as HTML: a notebook's exercises show when its line is clicked."""
    exercises = "".join(
        _folded(_heading(notebook, exercises, progress), _rows(exercises, progress))
        for notebook, exercises in _by_notebook(course).items()
    )
    headline, *lines = _predictions(course, progress) or [""]
    inner = "".join(f"<p style='margin:0 0 0 16px'>{html.escape(line)}</p>" for line in lines)
    return exercises + (_folded(headline, inner) if headline else "")


def _folded(headline: str, inner: str) -> str:
    return (
        "<details style='font-family:sans-serif;line-height:1.6'>"
        f"<summary>{html.escape(headline)}</summary>{inner}</details>"
    )


def _predictions(course: Sequence[Listed], progress: Progress) -> list[str]:
    """What came of the predictions: a sentence for all, and one for each notebook."""
    by_notebook = made(progress.predictions)
    if not by_notebook:
        return []
    names = {notebook[:2]: notebook for notebook in _by_notebook(course)}
    lines = [f"{names.get(n, n)}: {_came_true(*count)}." for n, count in by_notebook.items()]
    n_made, n_true = (sum(counts) for counts in zip(*by_notebook.values(), strict=True))
    headline = f"Predictions, which count for nothing but insight: {_came_true(n_made, n_true)}."
    return [headline, *lines]


def _came_true(n_made: int, n_true: int) -> str:
    surprises = n_made - n_true
    return f"{n_made} made, {n_true} came true, {surprises} surprise{'s' * (surprises != 1)}"


def _ladders(progress: Progress) -> list[str]:
    """The ladder of each data set as a sentence."""
    return [
        f"Ladder on {data_set}: "
        + ", ".join(f"{rung} {accuracy:.1%}" for rung, accuracy in rungs.items())
        + "."
        for data_set, rungs in progress.ladder.items()
    ]


def _rows(exercises: Iterable[Listed], progress: Progress) -> str:
    names = ("exercise", "points", "attempts", "passed")
    head = "".join(f"<th scope='col' style='text-align:left'>{name}</th>" for name in names)
    rows = ""
    for exercise in exercises:
        cells = (f"<code>{html.escape(exercise.id)}</code>", *_cells(exercise, progress))
        rows += "<tr>" + "".join(f"<td style='text-align:left'>{c}</td>" for c in cells) + "</tr>"
    return f"<table style='margin:0 0 8px 16px'><tr>{head}</tr>{rows}</table>"


def _cells(exercise: Listed, progress: Progress) -> tuple[str, str, str]:
    work = progress.exercises.get(exercise.id, Work())
    attempts = "1 attempt" if work.attempts == 1 else f"{work.attempts} attempts"
    points = f"{work.points:g} of {exercise.points:g}"
    return points, attempts if work.attempts else "", work.passed_on


def _heading(notebook: str, exercises: Sequence[Listed], progress: Progress) -> str:
    return (
        f"{notebook}: {_passed(exercises, progress)} of {len(exercises)} exercises passed, "
        f"{_points(exercises, progress):g} of {sum(e.points for e in exercises):g} points"
    )


def _message(course: Sequence[Listed], progress: Progress) -> str:
    passed, total = _passed(course, progress), sum(exercise.points for exercise in course)
    if passed == len(course):
        return f"You have passed all {len(course)} exercises of the course: {total:g} points"
    if not progress.exercises:
        return f"The course lies ahead: {len(course)} exercises, {total:g} points"
    return (
        f"You have passed {passed} of {len(course)} exercises: "
        f"{_points(course, progress):g} of {total:g} points"
    )


def _passed(exercises: Iterable[Listed], progress: Progress) -> int:
    return sum(bool(progress.exercises.get(e.id, Work()).passed_on) for e in exercises)


def _points(exercises: Iterable[Listed], progress: Progress) -> float:
    return sum(progress.exercises.get(e.id, Work()).points for e in exercises)


def _by_notebook(course: Sequence[Listed]) -> Notebooks:
    notebooks: dict[str, list[Listed]] = {}
    for exercise in course:
        notebooks.setdefault(exercise.assignment, []).append(exercise)
    return notebooks


def _draw_tiles(ax: Axes, notebooks: Notebooks, progress: Progress) -> None:
    widest = max(map(len, notebooks.values()))
    for row, exercises in enumerate(notebooks.values()):
        for column, exercise in enumerate(exercises):
            work = progress.exercises.get(exercise.id, Work())
            _draw_tile(ax, column, row, work, work.points / exercise.points)
        got, total = _points(exercises, progress), sum(e.points for e in exercises)
        ax.text(widest, row, f"{got:g} of {total:g} points", va="center")
    ax.set(xlim=(-0.6, widest + 2.4), ylim=(len(notebooks) - 0.4, -0.6), xticks=[])
    ax.set_yticks(range(len(notebooks)), list(notebooks))
    ax.tick_params(axis="y", length=0)
    ax.spines[:].set_visible(False)
    ax.grid(False)
    ax.legend(
        handles=[
            Patch(facecolor=_PASSED, edgecolor=_EDGE, label="✓ passed"),
            Patch(facecolor=_PARTLY, edgecolor=_EDGE, label="some points"),
            Patch(facecolor="none", edgecolor="black", label="• tried"),
            Patch(facecolor="none", edgecolor=_EDGE, label="not tried"),
        ],
        ncols=4,
        loc="upper left",
        bbox_to_anchor=(0, 0),
    )


def _draw_tile(ax: Axes, column: int, row: int, work: Work, share: float) -> None:
    """A square, filled from below by the share of the points; passed ones are checked."""
    corner = column - _SIDE / 2, row - _SIDE / 2
    edge = "black" if work.attempts else _EDGE
    if share:
        color = _PASSED if work.passed_on else _PARTLY
        filled = column - _SIDE / 2, row + _SIDE / 2 - share * _SIDE
        ax.add_patch(Rectangle(filled, _SIDE, share * _SIDE, color=color, linewidth=0))
    ax.add_patch(Rectangle(corner, _SIDE, _SIDE, fill=False, edgecolor=edge, linewidth=1))
    mark = "✓" if work.passed_on else "•" if work.attempts and not share else ""
    ax.text(
        column, row, mark, ha="center", va="center", color="white" if work.passed_on else "black"
    )
