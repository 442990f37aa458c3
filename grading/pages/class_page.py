"""The class report: one HTML file with figures, for the instructor."""

import base64
import html
import io
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from nbgrader.utils import is_solution

from cs231n_utils.checking.verdict import Verdict
from cs231n_utils.plots import COLORS
from cs231n_utils.system.files import write_whole

from ..exercises import EXERCISES
from ..handout.answers import fill_answers
from ..handout.marks import ANSWER_SUFFIX
from ..handout.release import read_source, student_version
from ..ledger import UNGRADABLE, Entry, Ledger
from .look_alikes import MIN_OVERLAP, MIN_SHARED, Pair, alike

BLUE, ORANGE, GREEN, _, VERMILLION = COLORS[:5]
MAX_MISTAKES = 15
"""Mistakes and other reasons that are listed."""


@dataclass(frozen=True)
class Result:
    """One submission's entry, and its verdicts by exercise."""

    entry: Entry

    @property
    def student(self) -> str:
        return self.entry.student

    @property
    def verdicts(self) -> dict[str, Verdict]:
        return {verdict.exercise: verdict for verdict in self.entry.verdicts}


@dataclass(frozen=True)
class Class:
    """All that the ledger says of an assignment.

    Attributes
    ----------
    assignment : str
    graded : list of Result
    ungradable : list of tuple of str
        Student and reason.
    """

    assignment: str
    graded: list[Result] = field(default_factory=list)
    ungradable: list[tuple[str, str]] = field(default_factory=list)

    @property
    def max_score(self) -> float:
        """The most points that the exercises give; 0 if nothing was graded."""
        return max((result.entry.max_score for result in self.graded), default=0.0)

    def values(self, key: str) -> np.ndarray:
        """A number of every graded submission, float64 of shape (N,)."""
        return np.array([float(getattr(result.entry, key)) for result in self.graded])


def write_report(course: Path, assignment: str) -> Path:
    """Write the class report of an assignment.

    Parameters
    ----------
    course : Path
        Root of an nbgrader course that has a ledger.
    assignment : str

    Returns
    -------
    Path
        ``reports/ASSIGNMENT.html`` in the course.

    Raises
    ------
    FileNotFoundError
        If nothing was graded.
    """
    everybody = read_class(Path(course), assignment)
    folder = Path(course) / "reports"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{assignment}.html"
    write_whole(path, _render(everybody))
    return path


def read_class(course: Path, assignment: str) -> Class:
    """Read the ledger of an assignment; an entry that cannot be read counts as ungradable.

    Raises
    ------
    FileNotFoundError
        If there is no entry.
    """
    entries, damaged = Ledger(course).entries(assignment)
    if not entries and not damaged:
        raise FileNotFoundError(
            f"{course} holds no entry of {assignment}, expected one per submission: run autograde "
            "first."
        )
    found = Class(assignment)
    for entry in entries:
        if entry.status == UNGRADABLE:
            found.ungradable.append((entry.student, entry.reason))
        else:
            found.graded.append(Result(entry))
    found.ungradable += [(error.student, str(error)) for error in damaged]
    return found


def part_rates(everybody: Class) -> list[tuple[str, str, float]]:
    """Exercise, part and the share of the graded submissions that passed it."""
    rates = []
    for exercise in EXERCISES.values():
        if exercise.assignment != everybody.assignment:
            continue
        verdicts = [result.verdicts.get(exercise.id) for result in everybody.graded]
        for part in exercise.parts:
            passed = sum(bool(v and v.parts.get(part)) for v in verdicts)
            rates.append((exercise.id, part, passed / max(1, len(verdicts))))
    return rates


def mistakes(everybody: Class) -> list[tuple[int, str, str, str]]:
    """Count, exercise, name and hint of every known mistake made, commonest first."""
    made = Counter(
        (verdict.exercise, verdict.mistake, verdict.hint or "")
        for result in everybody.graded
        for verdict in result.verdicts.values()
        if verdict.mistake and not verdict.passed
    )
    return [(count, *what) for what, count in made.most_common()]


def other_reasons(everybody: Class) -> list[tuple[int, str, str]]:
    """Count, exercise and an example of failures that no known mistake explains."""
    examples: dict[tuple[str, str], list[str]] = {}
    for result in everybody.graded:
        for verdict in result.verdicts.values():
            if verdict.passed or verdict.mistake or not verdict.message:
                continue
            gist = re.sub(r"\[.*|[-+]?\d[\d.e+-]*", "#", verdict.message, flags=re.DOTALL)[:200]
            examples.setdefault((verdict.exercise, gist), []).append(verdict.message)
    rows = [(len(texts), name, texts[0]) for (name, _), texts in examples.items()]
    return sorted(rows, key=lambda row: -row[0])


def look_alike(everybody: Class) -> list[Pair]:
    """Pairs of submissions to read side by side."""
    answers = {
        result.student: {
            str(name).removesuffix(ANSWER_SUFFIX): str(text)
            for name, text in result.entry.answers.items()
            if str(name).endswith(ANSWER_SUFFIX)
        }
        for result in everybody.graded
    }
    source = read_source(everybody.assignment)
    given = [_answers_of(student_version(source)), _answers_of(fill_answers(source))]
    return alike(answers, given)


def _answers_of(notebook: Any) -> dict[str, str]:
    return {
        cell.metadata.nbgrader.grade_id.removesuffix(ANSWER_SUFFIX): cell.source
        for cell in notebook.cells
        if is_solution(cell)
    }


def _render(everybody: Class) -> str:
    n = len(everybody.graded)
    parts = [
        f"<h1>{_escape(everybody.assignment)}: class report</h1>"
        f"<p>{n} graded, {len(everybody.ungradable)} could not be graded. "
        f"Written {datetime.now():%Y-%m-%d %H:%M}. Scores are those of the exercises; written "
        "answers are marked by hand.</p>",
        _unconfined(everybody),
    ]
    if n:
        parts += [_scores(everybody), _rates(everybody), _mistakes(everybody), _costs(everybody)]
    parts.append(_ungradable(everybody))
    if n:
        parts.append(_alike(everybody))
    return (
        "<!DOCTYPE html>\n<html lang='en'><head><meta charset='utf-8'>"
        "<meta http-equiv='Content-Security-Policy' "
        "content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">"
        f"<title>{_escape(everybody.assignment)}: class report</title>"
        f"<style>{_STYLE}</style></head>\n<body><main>{''.join(parts)}</main></body></html>\n"
    )


def _unconfined(everybody: Class) -> str:
    without = sum(not result.entry.rubric.confined for result in everybody.graded)
    if not without:
        return ""
    return (
        f"<p class='notice'><b>{without} of {len(everybody.graded)} were graded without a "
        "sandbox.</b> Nothing kept those answers from tampering with their scores.</p>"
    )


def _scores(everybody: Class) -> str:
    scores, top = everybody.values("score"), everybody.max_score
    median = float(np.median(scores))
    title = f"Half of the class has {median:g} of {top:g} points or more"
    figure, axes = _axes(8, 3.2)
    step = max(1.0, round(top / 25))
    edges = np.arange(-0.5 * step, top + step, step)
    counts, _, _ = axes.hist(scores, bins=edges, color=BLUE, edgecolor="white")
    axes.axvline(median, color=VERMILLION, linestyle="--", label=f"median {median:g}")
    axes.set_title(title, fontweight="bold")
    axes.set(xlabel="points for the exercises", ylabel="submissions")
    axes.legend(frameon=False)
    alt = (
        f"Histogram of {len(scores)} scores from {scores.min():g} to {scores.max():g} of {top:g} "
        f"points; mean {scores.mean():.1f}, median {median:g}. The tallest bar holds "
        f"{int(counts.max())}."
    )
    return _section(
        "Scores",
        _image(figure, alt),
        f"<p>Mean {scores.mean():.1f}, median {median:g}, standard deviation {scores.std():.1f}; "
        f"{int(np.sum(scores >= top))} have all points, {int(np.sum(scores == 0))} have none.</p>",
    )


def _rates(everybody: Class) -> str:
    rates = part_rates(everybody)
    if not rates:
        return ""
    exercise, part, lowest = min(rates, key=lambda rate: rate[2])
    title = f"Hardest: {exercise}, {part}: {_percent(lowest)} passed"
    if lowest == 1:
        title = "Every part was passed by everybody"
    figure, axes = _axes(8, 0.9 + 0.3 * len(rates))
    names = list(dict.fromkeys(rate[0] for rate in rates))
    places = [row + 0.7 * names.index(name) for row, (name, _, _) in enumerate(rates)]
    shares = [100 * rate[2] for rate in rates]
    colors = [VERMILLION if rate[2] == lowest < 1 else BLUE for rate in rates]
    axes.barh(places, shares, color=colors, height=0.75)
    for place, share in zip(places, shares, strict=True):
        axes.text(share + 1, place, f"{share:.0f} %", va="center", fontsize=9)
    labels = [
        f"{name}: {part}" if index == 0 or rates[index - 1][0] != name else part
        for index, (name, part, _) in enumerate(rates)
    ]
    axes.set_yticks(places, labels, fontsize=9)
    axes.invert_yaxis()
    axes.set_title(title, fontweight="bold")
    axes.set(xlabel="submissions that passed (%)", xlim=(0, 109))
    listed = "; ".join(f"{name}, {part}: {_percent(share)}" for name, part, share in rates)
    return _section("Parts", _image(figure, f"Bar chart of pass rates. {listed}."))


def _mistakes(everybody: Class) -> str:
    made, n = mistakes(everybody), len(everybody.graded)
    known = "<p>No known mistake was made.</p>"
    if made:
        rows = [
            (f"{count} ({_percent(count / n)})", f"<code>{_escape(name)}</code>", _escape(mistake),
             _escape(hint))
            for count, name, mistake, hint in made
        ]  # fmt: skip
        known = _table(
            ("submissions", "exercise", "mistake", "hint that they read"), rows, MAX_MISTAKES
        )
    other = other_reasons(everybody)
    more = ""
    if other:
        rows = [(str(c), f"<code>{_escape(n)}</code>", _escape(t[:400])) for c, n, t in other]
        more = "<h3>Failures that no known mistake explains</h3>" + _table(
            ("submissions", "exercise", "one of the reasons"), rows, MAX_MISTAKES
        )
    return _section("Commonest mistakes", known, more)


def _costs(everybody: Class) -> str:
    seconds, memory = everybody.values("seconds"), everybody.values("peak_mb")
    late, large = np.percentile(seconds, 95), np.percentile(memory, 95)
    figure, (left, right) = _axes(8, 2.8, columns=2)
    figure.suptitle(f"95 % ran in under {late:.1f} s and {large:.0f} MB", fontweight="bold")
    left.hist(seconds, bins=25, color=BLUE, edgecolor="white")
    left.set(xlabel="time (s)", ylabel="submissions")
    right.hist(memory, bins=25, color=GREEN, edgecolor="white")
    right.set(xlabel="peak memory (MB)")
    alt = (
        f"Two histograms. Time: median {np.median(seconds):.1f} s, longest {seconds.max():.1f} s. "
        f"Memory: median {np.median(memory):.0f} MB, largest {memory.max():.0f} MB."
    )
    slowest = sorted(everybody.graded, key=lambda result: -result.entry.seconds)[:5]
    listed = ", ".join(
        f"{_escape(result.student)} ({result.entry.seconds:.1f} s)" for result in slowest
    )
    return _section("Time and memory", _image(figure, alt), f"<p>Slowest: {listed}.</p>")


def _ungradable(everybody: Class) -> str:
    if not everybody.ungradable:
        return _section("Could not be graded", "<p>None.</p>")
    rows = [(_escape(student), _escape(why[:500])) for student, why in everybody.ungradable]
    return _section("Could not be graded", _table(("student", "reason"), rows))


def _alike(everybody: Class) -> str:
    pairs = look_alike(everybody)
    warning = (
        "<p><b>Candidates only: read both before you say anything.</b> These pairs share code "
        "that few others have, after names and numbers are made equal and what was given, the "
        "standard answer and common answers are left out. Short exercises have few solutions, "
        "so likeness alone proves nothing. Listed are pairs with at least "
        f"{MIN_SHARED} shared fingerprints, {_percent(MIN_OVERLAP)} of the smaller set.</p>"
    )
    if not pairs:
        return _section("Submissions that look alike", warning, "<p>None.</p>")
    rows = [
        (
            f"{_escape(pair.first)}, {_escape(pair.second)}",
            f"{pair.shared} ({_percent(pair.overlap)})",
            f"{_percent(pair.verbatim)}",
            _escape(", ".join(pair.exercises)),
        )
        for pair in pairs
    ]
    headings = ("candidates", "shared fingerprints", "lines word for word", "where")
    return _section("Submissions that look alike", warning, _table(headings, rows))


def _section(title: str, *blocks: str) -> str:
    return f"<section><h2>{title}</h2>{''.join(blocks)}</section>"


def _table(headings: Sequence[str], rows: Sequence[Iterable[str]], most: int = 30) -> str:
    """A table of cells that are HTML already."""
    head = "".join(f"<th scope='col'>{heading}</th>" for heading in headings)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows[:most])
    more = f"<p>And {len(rows) - most} more.</p>" if len(rows) > most else ""
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}"


def _axes(width: float, height: float, columns: int = 1) -> tuple[Figure, Any]:
    # Not pyplot: its figures stay in memory, and its settings belong to the caller.
    figure = Figure(figsize=(width, height), layout="constrained")
    axes = figure.subplots(1, columns)
    for ax in np.atleast_1d(axes):
        ax.spines[["top", "right"]].set_visible(False)
    return figure, axes


def _image(figure: Figure, alt: str) -> str:
    content = io.BytesIO()
    figure.savefig(content, format="png", dpi=130)
    encoded = base64.b64encode(content.getvalue()).decode()
    return f"<img alt='{_escape(alt)}' src='data:image/png;base64,{encoded}'>"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _escape(text: object) -> str:
    return html.escape(re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", "�", str(text)))


_STYLE = """
:root{color-scheme:light}
body{margin:0;background:#f6f7f8;color:#1b1f23;font:16px/1.55 system-ui,sans-serif}
main{max-width:62em;margin:0 auto;padding:24px 20px 60px}
section{background:#fff;border:1px solid #d9dde1;border-radius:8px;padding:6px 20px 18px;
margin-top:16px;overflow-x:auto}
img{max-width:100%}code{white-space:nowrap}
table{border-collapse:collapse;width:100%;font-size:.93em}
th,td{border-bottom:1px solid #e4e7ea;padding:7px 10px;text-align:left;vertical-align:top;
overflow-wrap:anywhere}
th{white-space:nowrap}td:first-child{min-width:6em}
.notice{border:2px solid #d55e00;border-radius:6px;background:#fff6f0;padding:10px 14px}
@media print{body{background:#fff}section{break-inside:avoid}}
"""
