"""A whole class in a temporary course: release, hand in, grade, give feedback, compare.

Every submission has a score that it deserves; a difference is an error.
"""

import html
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from traitlets.config import Config, PyFileConfigLoader

from .exercises import EXERCISES
from .release import ANSWER_SUFFIX, fill_answers, read_source

ASSIGNMENT = "01-loss-functions"


@dataclass(frozen=True)
class Slip:
    """A mistake in an otherwise right answer.

    Parameters
    ----------
    name : str
        The known mistake that feedback must name.
    old, new : str
        The edit of the right answer's text that makes it.
    loses : tuple of str
        The parts that it costs.
    """

    name: str
    old: str
    new: str
    loses: tuple[str, ...]


@dataclass(frozen=True)
class Submission:
    """One student of the demo.

    Parameters
    ----------
    student : str
    slips : mapping of str to Slip
        By exercise.
    broken : mapping of str to str
        By exercise, an answer cell that earns nothing.
    unusual : mapping of str to str
        By exercise, a right answer in another form; ``{answer}`` is the plain one.
    says : tuple of str
        What the feedback page must say besides the names of the slips.
    untouched : bool
        Hand in the notebook as released.
    """

    student: str
    slips: Mapping[str, Slip] = field(default_factory=dict)
    broken: Mapping[str, str] = field(default_factory=dict)
    unusual: Mapping[str, str] = field(default_factory=dict)
    says: tuple[str, ...] = ()
    untouched: bool = False

    @property
    def named(self) -> list[str]:
        """What the feedback must say."""
        names = [slip.name for slip in self.slips.values()]
        return list(dict.fromkeys([*names, *self.says]))

    @property
    def deserved(self) -> float:
        """The points that this submission must get."""
        score = 0.0
        for exercise in EXERCISES.values():
            if exercise.assignment != ASSIGNMENT or self.untouched or exercise.id in self.broken:
                continue
            slip = self.slips.get(exercise.id)
            lost = slip.loses if slip else ()
            score += exercise.points - sum(exercise.parts[part] for part in lost)
        return score


NOISY = """import sys, warnings
print("loading " * 200)
{answer}
_quiet = {name}
def {name}(*arguments):
    print("called with", len(arguments), "arguments")
    print("note: on standard error", file=sys.stderr)
    warnings.warn("this is only a warning")
    return _quiet(*arguments)
"""

SUBMISSIONS = (
    Submission("perfect"),
    Submission(
        "no-mean",
        slips={
            "svm_loss_naive": Slip("no mean over the images", " / len(X)", "", ("data loss",)),
            "svm_loss_vectorized": Slip(
                "no mean over the images", " / len(X)", "", ("data loss", "no loops")
            ),
        },
    ),
    Submission(
        "correct-class-counted",
        slips={
            "svm_loss_vectorized": Slip(
                "counts the correct class",
                "    margins[images, y] = 0\n",
                "",
                ("data loss", "no loops"),
            )
        },
    ),
    Submission(
        "half-regularization",
        slips={
            "softmax_loss_naive": Slip(
                "half the regularization", "+ reg *", "+ 0.5 * reg *", ("regularization",)
            ),
            "regularization": Slip(
                "half the squares", "np.sum(W**2)", "np.sum(W**2) / 2", ("l2", "elastic net")
            ),
        },
    ),
    Submission(
        "overflow",
        slips={
            "softmax": Slip(
                "no shift",
                "shifted = scores - np.max(scores, axis=-1, keepdims=True)",
                "shifted = scores",
                ("stable",),
            ),
            "softmax_loss_vectorized": Slip(
                "infinite when the right class is far behind",
                "losses = np.log(np.sum(np.exp(scores), axis=1)) - scores[np.arange(len(X)), y]",
                "p = np.exp(scores) / np.sum(np.exp(scores), axis=1, keepdims=True)\n"
                "    losses = -np.log(p[np.arange(len(X)), y])",
                ("stable",),
            ),
        },
    ),
    Submission(
        "loops",
        slips={
            "svm_loss_vectorized": Slip(
                "loops over the images",
                "    images = np.arange(len(X))\n",
                "    return svm_loss_naive(W, X, y, reg)\n    images = np.arange(len(X))\n",
                ("no loops",),
            )
        },
    ),
    Submission(
        "syntax-error",
        broken={"softmax": "def softmax(scores):\n    return np.exp(scores\n"},
        says=("SyntaxError",),
    ),
    Submission(
        "infinite-loop",
        broken={
            "regularization": "def regularization(*arguments):\n    while True:\n        pass\n"
        },
        says=("is there a loop that never ends?",),
    ),
    Submission("noisy-but-correct", unusual=dict.fromkeys(["softmax", "svm_loss_naive"], NOISY)),
    Submission("untouched", untouched=True, says=("is not written yet",)),
)


@dataclass(frozen=True)
class Outcome:
    """A submission and what grading made of it; ``faults`` is empty if all is as deserved."""

    submission: Submission
    score: float
    page: Path
    faults: list[str]


def run_demo(course: Path | None = None, console: Console | None = None) -> bool:
    """Grade the demo class.

    Parameters
    ----------
    course : Path, optional
        Where to put the course; by default a new temporary folder, which is kept.
    console : rich.console.Console, optional

    Returns
    -------
    bool
        Whether every submission got the score it deserves and feedback that names its mistake.
    """
    console = console or Console()
    course = course or Path(tempfile.mkdtemp(prefix="cs231n-demo-"))
    api = open_course(course)
    _succeed(api.generate_assignment(ASSIGNMENT))
    for submission in SUBMISSIONS:
        _hand_in(submission, course)
    columns = (
        TextColumn("{task.description:<34}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("grading", total=len(SUBMISSIONS) + 1)
        for submission in SUBMISSIONS:
            progress.update(task, description=f"grading {submission.student}")
            _succeed(api.autograde(ASSIGNMENT, submission.student))
            progress.advance(task)
        progress.update(task, description="writing feedback")
        _succeed(api.generate_feedback(ASSIGNMENT))
        progress.advance(task)
    outcomes = _outcomes(api, course)
    console.print(_gradebook(outcomes))
    console.print(f"Feedback pages: {course / 'feedback'}", soft_wrap=True)
    console.print(f"Gradebook: {course / 'gradebook.db'}", soft_wrap=True)
    for outcome in outcomes:
        for fault in outcome.faults:
            console.print(f"[bold red]{outcome.submission.student}: {fault}")
    return not any(outcome.faults for outcome in outcomes)


def open_course(course: Path) -> NbGraderAPI:
    """nbgrader's own interface on a course in another folder, with this course's settings."""
    here = Path(__file__).parent
    config = PyFileConfigLoader("nbgrader_config.py", path=str(here)).load_config()
    config.merge(
        Config(
            CourseDirectory={"root": str(course)},
            NbGrader={"logfile": str(course / "nbgrader.log")},
        )
    )
    return NbGraderAPI(coursedir=CourseDirectory(config=config), config=config, log_level="ERROR")


def _hand_in(submission: Submission, course: Path) -> None:
    folder = course / "submitted" / submission.student / ASSIGNMENT
    folder.mkdir(parents=True)
    name = f"{ASSIGNMENT}.ipynb"
    notebook = nbformat.read(course / "release" / ASSIGNMENT / name, as_version=4)
    if not submission.untouched:
        _answer(notebook, submission)
    nbformat.write(notebook, folder / name)


def _answer(notebook: NotebookNode, submission: Submission) -> None:
    """Put the submission's answers into a released notebook, in place."""
    solved = {_grade_id(cell): cell.source for cell in fill_answers(read_source(ASSIGNMENT)).cells}
    for cell in notebook.cells:
        name = _grade_id(cell).removesuffix(ANSWER_SUFFIX)
        if name == _grade_id(cell) or name not in EXERCISES:
            continue
        cell.source = solved[_grade_id(cell)]
        if name in submission.slips:
            slip = submission.slips[name]
            if slip.old not in cell.source:
                raise ValueError(f"{name}: {slip.old!r} is not in the right answer")
            cell.source = cell.source.replace(slip.old, slip.new)
        elif name in submission.broken:
            cell.source = submission.broken[name]
        elif name in submission.unusual:
            text = submission.unusual[name]
            cell.source = text.replace("{answer}", cell.source).replace("{name}", name)


def _outcomes(api: NbGraderAPI, course: Path) -> list[Outcome]:
    outcomes = []
    with Gradebook(api.coursedir.db_url, api.coursedir.course_id) as gradebook:
        for submission in SUBMISSIONS:
            graded = gradebook.find_submission(ASSIGNMENT, submission.student)
            score = sum(
                grade.auto_score or 0.0
                for notebook in graded.notebooks
                for grade in notebook.grades
            )
            page = course / "feedback" / submission.student / ASSIGNMENT / f"{ASSIGNMENT}.html"
            text = html.unescape(page.read_text(encoding="utf-8")) if page.is_file() else ""
            faults = [
                f"feedback does not say {wanted!r}"
                for wanted in submission.named
                if wanted not in text
            ]
            if score != submission.deserved:
                faults.append(f"got {score:g} points, deserves {submission.deserved:g}")
            outcomes.append(Outcome(submission, score, page, faults))
    return outcomes


def _gradebook(outcomes: list[Outcome]) -> Table:
    table = Table(title=f"Gradebook of {ASSIGNMENT} (written answers are marked by hand)")
    for heading, justify in (
        ("student", "left"),
        ("score", "right"),
        ("deserves", "right"),
        ("mistakes named in the feedback", "left"),
    ):
        table.add_column(heading, justify=justify)
    for outcome in outcomes:
        table.add_row(
            outcome.submission.student,
            f"{outcome.score:g}",
            f"{outcome.submission.deserved:g}",
            "; ".join(outcome.submission.named),
            style="red" if outcome.faults else None,
        )
    return table


def _grade_id(cell: NotebookNode) -> str:
    return cell.metadata.get("nbgrader", {}).get("grade_id", "")


def _succeed(result: dict) -> None:
    if not result["success"]:
        raise RuntimeError(result["log"] or result["error"])
