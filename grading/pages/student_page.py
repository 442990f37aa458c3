"""The feedback page: one HTML file, no script, no request, nothing of a student's taken as HTML.

This module puts a page's data together; ``templates/student.html.j2`` lays it out.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup
from nbformat import NotebookNode
from nbgrader.utils import is_grade, is_solution

from cs231n_utils.checking.verdict import Verdict

from ..gradebook.grades import Grades
from ..handout.marks import ANSWER_SUFFIX, is_blank
from ..ledger import Entry, stored_verdict
from ..rules.count import NOT_COUNTED, Counted, Score, points_shown
from .markdown import inline_markdown, markdown
from .outputs import Output, shown_outputs
from .python_code import color_style, colored
from .rendering import render

_HEADING = re.compile(r"^(#{1,6})\s+(.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Topic:
    """An exercise or a written question, and where in the notebook it stands.

    Attributes
    ----------
    id : str
        The grade id that carries the points.
    heading : str
        The notebook's heading above it, with that of the section it is in.
    text : list of str
        The course's Markdown from that heading to the answer, without the heading.
    answer : NotebookNode or None
        The answer cell.
    checked : NotebookNode or None
        The graded cell of an exercise, with its verdict; None for a written question.
    points : float
    """

    id: str
    heading: str
    text: list[str]
    answer: NotebookNode | None
    checked: NotebookNode | None
    points: float

    @property
    def answer_id(self) -> str:
        """The grade id of the answer cell."""
        return self.id if self.checked is None else self.id + ANSWER_SUFFIX


@dataclass(frozen=True)
class Answer:
    """What a student handed in: either code with its outputs, or words; None where empty."""

    code: Markup | None = None
    outputs: list[Output] = field(default_factory=list)
    words: Markup | None = None


@dataclass(frozen=True)
class Result:
    """A topic, what was said of it, and its points."""

    topic: Topic
    verdict: Verdict | None
    grade: Counted | None
    comment: str
    reasons: list[str]
    note: str = ""
    """Which of several cells were taken for the answer."""

    words: str | None = None
    """What was handed in, which in the graded notebook has no tags left; None if it is not kept."""

    @property
    def anchor(self) -> str:
        """The id of its element on the page, for links."""
        return "at-" + re.sub(r"[^A-Za-z0-9_-]", "-", self.topic.id)

    @property
    def heading(self) -> Markup:
        """The notebook's heading, as HTML that can stand within a line."""
        return inline_markdown(self.topic.heading)

    @property
    def score(self) -> float | None:
        """Points; None while a written answer waits for its mark."""
        given = self.grade.given.points if self.grade else None
        if given is not None:
            return given
        if self.verdict is not None:
            return self.verdict.points
        return None if self.topic.checked is None else 0.0

    @property
    def replaced(self) -> float | None:
        """The automatic points that a mark given by hand replaced."""
        if self.topic.checked is None or self.grade is None or self.grade.given.manual is None:
            return None
        return self.grade.given.auto or 0.0

    @property
    def points(self) -> float:
        """What it adds to the points possible: nothing, if it is extra credit."""
        return self._most if self.grade is None else self.grade.possible

    @property
    def rule(self) -> str:
        """Which rule of the course made a difference."""
        return self.grade.note if self.grade else ""

    @property
    def shown(self) -> str:
        """Its points in words."""
        if self.rule == NOT_COUNTED:
            return self.rule
        return "not marked yet" if self.score is None else points_shown(self.score, self.points)

    @property
    def full(self) -> bool:
        """Whether it has all points."""
        return self.score is not None and self.score >= self._most

    @property
    def right(self) -> bool:
        """Whether there is nothing to say; a rule or a mark can give all points to a mistake."""
        return self.full and (self.verdict is None or self.verdict.passed)

    @property
    def state(self) -> str:
        """Waiting, passed or failed."""
        if self.score is None or self.rule == NOT_COUNTED:
            return "waiting"
        return "passed" if self.full else "failed"

    @property
    def _most(self) -> float:
        return self.topic.points or (self.verdict.max_points if self.verdict else 0.0)

    @property
    def task(self) -> Markup:
        """The course's text."""
        return Markup("").join(markdown(text, trusted=True) for text in self.topic.text)

    @property
    def answer(self) -> Answer:
        """What was handed in; there must be an answer cell."""
        cell = self.topic.answer
        if cell.cell_type == "code":
            return Answer(colored(cell.source), shown_outputs(cell.get("outputs", [])))
        words = cell.source if self.words is None else self.words
        if is_blank(words):
            return Answer()
        return Answer(words=markdown(words, trusted=False))

    @property
    def remark(self) -> Markup:
        """The grader's comment, which may be Markdown."""
        return markdown(self.comment, trusted=False)


@dataclass(frozen=True)
class Total:
    """The points in all, and what they are made of."""

    got: float
    possible: float
    waiting: int = 0
    details: list[str] = field(default_factory=list)

    @property
    def shown(self) -> str:
        """Such as "17 of 20"."""
        return points_shown(self.got, self.possible)


def render_page(
    assignment: str,
    student: str,
    notebook: NotebookNode,
    entry: Entry | None,
    grades: Grades | None,
) -> str:
    """The feedback page of one submission.

    Parameters
    ----------
    assignment, student : str
    notebook : NotebookNode
        As graded here, never as handed in: see `stored_verdict`. It may be without cells.
    entry : Entry or None
        The ledger's entry.
    grades : Grades or None
        What the gradebook says.

    Returns
    -------
    str
        A whole HTML document.
    """
    results = _results(notebook, entry, grades)
    return render(
        "student.html.j2",
        title=_title(notebook, assignment),
        student=student,
        entry=entry,
        total=_total(results, entry, grades),
        results=results,
        color_style=color_style(),
    )


def topics(notebook: NotebookNode) -> list[Topic]:
    """The exercises and written questions of a graded notebook, in its order."""
    found: list[Topic] = []
    answers: dict[str, tuple[NotebookNode, str, list[str]]] = {}
    section, heading, text = "", "", []
    for cell in notebook.cells:
        about = cell.metadata.get("nbgrader", {})
        name = str(about.get("grade_id", ""))
        if is_solution(cell):
            answers[name] = cell, heading, text
            if is_grade(cell):
                found.append(Topic(name, heading, text, cell, None, _points(about)))
        elif is_grade(cell):
            place = answers.get(name + ANSWER_SUFFIX, (None, heading, text))
            found.append(Topic(name, place[1], place[2], place[0], cell, _points(about)))
        elif cell.cell_type == "markdown":
            for marks, written in _HEADING.findall(cell.source):
                title = " ".join(written.split())
                section = title if len(marks) < 3 else section
                heading = title if len(marks) < 3 else f"{section} › {title}"
                text = []
            text = [*text, _HEADING.split(cell.source)[-1]]
    return found


def _points(about: Mapping[str, Any]) -> float:
    points = about.get("points", 0)
    return float(points) if isinstance(points, int | float) else 0.0


def _results(notebook: NotebookNode, entry: Entry | None, grades: Grades | None) -> list[Result]:
    verdicts = {verdict.exercise: verdict for verdict in entry.verdicts} if entry else {}
    why = entry.unusable if entry else {}
    cells = grades.score.questions if grades else {}
    comments = grades.comments if grades else {}
    found = topics(notebook)
    if not found:
        found = [Topic(name, "", [], None, None, 0.0) for name in verdicts]
    results = []
    for topic in found:
        verdict = verdicts.get(topic.id)
        if verdict is None and topic.checked is not None:
            verdict = stored_verdict(topic.checked)
        answer_id = topic.answer_id
        reasons = list(verdict.paragraphs) if verdict else []
        if answer_id in why and not any(why[answer_id] in reason for reason in reasons):
            reasons.append(why[answer_id])
        comment = comments.get(answer_id) or comments.get(topic.id) or ""
        words = entry.answers.get(answer_id) if entry else None
        note = entry.notes.get(answer_id, "") if entry else ""
        results.append(Result(topic, verdict, cells.get(topic.id), comment, reasons, note, words))
    return results


def _title(notebook: NotebookNode, assignment: str) -> str:
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and (heading := _HEADING.search(cell.source)):
            return heading[2].strip()
    return assignment


def _total(results: list[Result], entry: Entry | None, grades: Grades | None) -> Total:
    exercises = [result for result in results if result.topic.checked is not None]
    written = [result for result in results if result.topic.checked is None]
    if entry and not any(result.topic.answer for result in results):
        return Total(entry.score, entry.max_score)
    score = grades.score if grades else Score({})
    details = [_share("exercises", exercises)]
    if any(result.score is not None for result in written):
        details.append(_share("written answers", written))
    waiting = sum(result.score is None for result in written)
    if waiting:
        answers_wait = "answer waits" if waiting == 1 else "answers wait"
        details.append(f"{waiting} written {answers_wait} for a mark")
    details += score.why
    return Total(
        got=max(0.0, sum(result.score or 0.0 for result in results) - score.penalty),
        possible=sum(result.points for result in results),
        waiting=waiting,
        details=details,
    )


def _share(name: str, results: list[Result]) -> str:
    got = sum(result.score or 0.0 for result in results)
    return f"{name} {points_shown(got, sum(result.points for result in results))}"
