"""A whole class in a temporary course: release, hand in, grade, give feedback, compare.

Every submission has a score that it deserves; a difference is an error.
"""

import html
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from rich.console import Console
from rich.table import Table

from .classroom import pool
from .classroom.autograde import Settled, Totals, grade_class, settings_for
from .classroom.course import Course
from .classroom.submissions import find_submissions
from .exercises import EXERCISES, exercises_of
from .exercises.describe import Exercise
from .gradebook.database import COURSE_ID
from .gradebook.record import Recorder
from .handout.answers import fill_answers
from .handout.marks import exercise_of, grade_id
from .handout.release import assignments, read_source, student_version
from .pages.class_page import write_report
from .pages.feedback import write_feedback
from .printing import progress_bar

DETAILED = "01-loss-functions"
"""The assignment that the whole class of ten hands in; three students hand in each other one."""

WIDTH = 34
"""The description before the progress bar is padded to this many characters, so that the bar does
not move when the description changes."""


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
    """One student's notebook.

    Parameters
    ----------
    student : str
    assignment : str
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
    assignment: str = DETAILED
    slips: Mapping[str, Slip] = field(default_factory=dict)
    broken: Mapping[str, str] = field(default_factory=dict)
    unusual: Mapping[str, str] = field(default_factory=dict)
    says: tuple[str, ...] = ()
    untouched: bool = False

    @property
    def named(self) -> list[str]:
        """What the feedback must say."""
        return list(dict.fromkeys([*(slip.name for slip in self.slips.values()), *self.says]))

    @property
    def deserved(self) -> float:
        """The points that this submission must get."""
        exercises = exercises_of(self.assignment).values()
        return 0.0 if self.untouched else sum(map(self._deserved, exercises))

    def _deserved(self, exercise: Exercise) -> float:
        if exercise.id in self.broken:
            return 0.0
        slip = self.slips.get(exercise.id)
        return exercise.points - sum(exercise.parts[part] for part in (slip.loses if slip else ()))


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

TYPICAL = {
    "00-start-here": {
        "accuracy": Slip("percent", "np.mean(", "100 * np.mean(", ("value",)),
    },
    "02-loss-landscapes": {
        "loss_slice_1d": Slip(
            "leaves out W", "W + alpha * W1", "alpha * W1", ("values", "any steps")
        ),
    },
    "03-random-search": {
        "predict": Slip("best image of each class", "axis=1", "axis=0", ("labels",)),
        "random_search": Slip("scale left out", "scale * rng", "rng", ("draws",)),
    },
    "04-numerical-gradient": {
        "eval_numerical_gradient": Slip(
            "not divided by the step", " - fx) / h", " - fx)", ("slopes",)
        ),
    },
    "05-analytic-gradient": {
        "softmax_jacobian": Slip(
            "adds the outer product", "np.diag(p) - np", "np.diag(p) + np", ("value",)
        ),
    },
    "06-minibatch-sgd": {
        "gradient_descent": Slip("climbs", "W - step_size", "W + step_size", ("weights", "losses")),
    },
    "07-optimizers": {
        "rmsprop": Slip(
            "climbs", "w - ", "w + ", ("update", "first step", "float32", "config filled in")
        ),
    },
    "08-image-features": {
        "to_polar": Slip(
            "arctan2 arguments exchanged", "np.arctan2(y, x)", "np.arctan2(x, y)", ("angle",)
        ),
    },
    "09-learned-features": {
        "two_layer_forward": Slip(
            "no ReLU",
            'np.maximum(0, X @ params["W1"] + params["b1"])',
            'X @ params["W1"] + params["b1"]',
            ("scores", "params unchanged"),
        ),
    },
}
"""By assignment, what the student with a typical mistake gets wrong."""

CLASS_OF_TEN = (
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
                "infinite when the correct class is far behind",
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


def run_demo(root: Path | None = None, console: Console | None = None) -> bool:
    """Grade the demo class.

    Parameters
    ----------
    root : Path, optional
        Where to put the course; by default a new temporary folder, which is kept.
    console : rich.console.Console, optional

    Returns
    -------
    bool
        Whether every submission got the score it deserves and feedback that names its mistake.
    """
    console = console or Console()
    course = Course(root or Path(tempfile.mkdtemp(prefix="cs231n-demo-")))
    confined = shutil.which("bwrap") is not None
    if not confined:
        console.print(
            "bubblewrap is not installed: these submissions are ours and run without a sandbox."
        )
    pool.warm_up()
    submissions = [one for assignment in assignments() for one in _hand_in(assignment, course)]
    outcomes: list[Outcome] = []
    with progress_bar(console) as progress:
        task = progress.add_task("", total=2 * len(submissions))
        for assignment in assignments():
            progress.update(task, description=f"grading {assignment}".ljust(WIDTH))
            for _ in _grade(assignment, course, confined):
                progress.advance(task)
            progress.update(task, description=f"feedback on {assignment}".ljust(WIDTH))
            write_feedback(course.root, assignment, console=Console(quiet=True))
            report = write_report(course.root, assignment)
            those = [one for one in submissions if one.assignment == assignment]
            outcomes += _outcomes(those, course)
            progress.advance(task, len(those))
    console.print(_table(outcomes))
    console.print(f"Feedback pages: {course.root / 'feedback'}", soft_wrap=True)
    console.print(f"Class reports: {report.parent}", soft_wrap=True)
    console.print(f"Gradebook: {course.root / 'gradebook.db'}", soft_wrap=True)
    for outcome in outcomes:
        for fault in outcome.faults:
            one = outcome.submission
            console.print(f"[bold red]{one.assignment}, {one.student}: {fault}")
    return not any(outcome.faults for outcome in outcomes)


def _grade(assignment: str, course: Course, confined: bool) -> Iterator[Settled]:
    settings = settings_for(assignment, confined=confined)
    tasks = find_submissions(course.submitted, assignment)
    recorder = Recorder(course.db_url, COURSE_ID, assignment)
    try:
        yield from grade_class(
            tasks, pool.grade_all(tasks, settings, jobs=2), course, recorder, Totals()
        )
    finally:
        recorder.close()


def _hand_in(assignment: str, course: Course) -> list[Submission]:
    """Write what the class hands in of an assignment."""
    source = read_source(assignment)
    released = student_version(source)
    solved = fill_answers(read_source(assignment))
    submissions = _class_for(assignment)
    for submission in submissions:
        notebook = nbformat.from_dict(released)
        if not submission.untouched:
            put_answers(notebook, submission, solved)
        folder = course.submitted / submission.student / assignment
        folder.mkdir(parents=True)
        nbformat.write(notebook, folder / f"{assignment}.ipynb")
    return submissions


def _class_for(assignment: str) -> list[Submission]:
    if assignment == DETAILED:
        return list(CLASS_OF_TEN)
    return [
        Submission("perfect", assignment),
        Submission("typical-mistake", assignment, slips=TYPICAL[assignment]),
        Submission("untouched", assignment, untouched=True, says=("is not written yet",)),
    ]


def put_answers(notebook: NotebookNode, submission: Submission, solved: NotebookNode) -> None:
    """Put the submission's answers into a released notebook, in place."""
    right = {grade_id(cell): cell.source for cell in solved.cells}
    for cell in notebook.cells:
        name = exercise_of(grade_id(cell))
        if name not in EXERCISES:
            continue
        cell.source = right[grade_id(cell)]
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


def _outcomes(submissions: list[Submission], course: Course) -> list[Outcome]:
    outcomes = []
    with Gradebook(course.db_url, COURSE_ID) as gradebook:
        for submission in submissions:
            name, student = submission.assignment, submission.student
            graded = gradebook.find_submission(name, student)
            score = sum(
                grade.auto_score or 0.0
                for notebook in graded.notebooks
                for grade in notebook.grades
            )
            page = course.root / "feedback" / student / name / f"{name}.html"
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


def _table(outcomes: list[Outcome]) -> Table:
    table = Table(title="Gradebook (written answers are marked by hand)")
    for heading, justify in (
        ("assignment", "left"),
        ("student", "left"),
        ("score", "right"),
        ("deserves", "right"),
        ("mistakes named in the feedback", "left"),
    ):
        table.add_column(heading, justify=justify)
    for outcome in outcomes:
        submission = outcome.submission
        table.add_row(
            submission.assignment,
            submission.student,
            f"{outcome.score:g}",
            f"{submission.deserved:g}",
            "; ".join(submission.named),
            style="red" if outcome.faults else None,
        )
    return table
