"""Grading: what is taken of a submission, how it is run, where scores come from."""

import copy
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbgrader.utils import determine_grade, is_grade, is_solution

from grading import commands
from grading.classroom.autograde import settings_for
from grading.classroom.course import Course
from grading.exercises import EXERCISES
from grading.handout.answers import fill_answers
from grading.handout.marks import grade_id, is_answer
from grading.handout.release import PROJECT, assignments, read_source, student_version
from grading.sandbox.outside import Sandbox
from grading.submission.execute import execute
from grading.submission.sanitize import MAX_ANSWER_CHARACTERS, sanitize
from grading.submission.scores import verdicts_of, write_scores
from tests.support.reference_lines import solution_lines

ASSIGNMENT = "01-loss-functions"
TOTAL = sum(e.points for e in EXERCISES.values() if e.assignment == ASSIGNMENT)


@pytest.fixture(scope="module")
def released():
    return student_version(read_source(ASSIGNMENT))


@pytest.fixture(scope="module")
def solved():
    return fill_answers(read_source(ASSIGNMENT))


@pytest.fixture(scope="module", autouse=True)
def sandbox():
    """One warm sandbox for all tests; without bubblewrap they run unconfined."""
    with Sandbox(confined=shutil.which("bwrap") is not None) as warm:
        graded.sandbox = warm
        yield warm


RELEASED = settings_for(ASSIGNMENT).released


def by_id(notebook, grade_id):
    return next(
        cell
        for cell in notebook.cells
        if cell.metadata.get("nbgrader", {}).get("grade_id") == grade_id
    )


def scores(notebook):
    """The points that nbgrader reads off a graded notebook."""
    return {
        cell.metadata.nbgrader.grade_id: determine_grade(cell)[0]
        for cell in notebook.cells
        if cell.cell_type == "code" and is_grade(cell) and not is_solution(cell)
    }


def graded(submission, timeout=10.0):
    """Sanitize, run and score a submission; the notebook, its scores and the run."""
    notebook, unusable = sanitize(RELEASED, submission)
    run = execute(notebook, ASSIGNMENT, graded.sandbox, timeout=timeout)
    for index, outputs in run.outputs.items():
        notebook["cells"][index]["outputs"] = outputs
    write_scores(
        notebook, verdicts_of(notebook, run.verdicts, stopped=run.stopped, unusable=unusable)
    )
    notebook = nbformat.from_dict(notebook)
    nbformat.validate(notebook)
    return notebook, scores(notebook), run


def with_answer(solved, **answers):
    """The solved notebook with other answer cells; ``{answer}`` is the right one."""
    notebook = copy.deepcopy(solved)
    for name, text in answers.items():
        cell = by_id(notebook, f"{name}-answer")
        cell.source = text.replace("{answer}", cell.source)
    return notebook


def card(notebook, name):
    return by_id(notebook, name).outputs[0].data["text/html"]


def test_right_answers_get_all_points(solved):
    _, points, run = graded(solved)
    assert sum(points.values()) == TOTAL and not run.stopped


def test_released_notebook_gets_none_and_is_told_why(released):
    notebook, points, _ = graded(released)
    assert set(points.values()) == {0.0}
    assert "not written yet" in card(notebook, "softmax")


def test_only_the_text_of_answer_cells_is_taken(solved):
    tampered = copy.deepcopy(solved)
    for cell in tampered.cells:
        cell.metadata["tags"] = ["experiment", "skip-execution"]
        if is_grade(cell) and cell.cell_type == "code":
            cell.source = "print(100)"
            cell.metadata.nbgrader.points = 1000
    tampered.cells.insert(0, nbformat.v4.new_code_cell("import os; os._exit(0)"))
    tampered.metadata["kernelspec"] = {"name": "bash", "display_name": "bash"}
    tampered.cells.append(copy.deepcopy(tampered.cells[5]))
    assert sanitize(RELEASED, tampered) == sanitize(RELEASED, solved)


@pytest.mark.parametrize(
    "damage",
    [
        {},
        {"cells": []},
        {"cells": None},
        {"cells": 5},
        [],
        {"cells": [None, 3, "text", []]},
        {"cells": [{"metadata": []}, {"metadata": {"nbgrader": 5}, "source": "x"}]},
        {"cells": [{"metadata": {"nbgrader": {"grade_id": "softmax-answer"}}, "source": 9}]},
        {"cells": [{"metadata": {"nbgrader": {"grade_id": ["softmax-answer"]}}, "source": ""}]},
    ],
)
def test_damaged_notebook_leaves_reasons_for_every_answer(damage):
    clean, reasons = sanitize(RELEASED, damage)
    assert clean == RELEASED
    assert set(reasons) == {grade_id(cell) for cell in clean["cells"] if is_answer(cell)}


def test_missing_and_oversized_answers_are_named_and_the_rest_is_graded(solved):
    damaged = with_answer(solved, softmax="#" * (MAX_ANSWER_CHARACTERS + 1))
    damaged.cells.remove(by_id(damaged, "regularization-answer"))
    notebook, points, _ = graded(damaged)
    lost = EXERCISES["softmax"].points + EXERCISES["regularization"].points
    assert sum(points.values()) == TOTAL - lost
    assert "expected at most" in card(notebook, "softmax")
    assert "missing from the notebook" in card(notebook, "regularization")


def test_embargoed_import_fails_with_a_sentence_that_says_why(solved):
    text = "from cs231n_utils.losses import svm_loss\nsvm_loss_naive = svm_loss"
    notebook, points, _ = graded(with_answer(solved, svm_loss_naive=text))
    assert points["svm_loss_naive"] == 0.0
    assert "asks you to write: write it here instead of importing it" in card(
        notebook, "svm_loss_naive"
    )


def test_infinite_loop_costs_its_own_exercise_only(solved):
    text = "def softmax(scores):\n    while True:\n        pass"
    notebook, points, run = graded(with_answer(solved, softmax=text), timeout=6.0)
    assert sum(points.values()) == TOTAL - EXERCISES["softmax"].points
    assert "is there a loop that never ends?" in card(notebook, "softmax")
    assert not run.stopped


def test_loop_that_cannot_be_interrupted_is_killed_and_keeps_what_was_earned(solved):
    text = (
        "def softmax(scores):\n    while True:\n        try:\n            while True:\n"
        "                pass\n        except BaseException:\n            pass"
    )
    notebook, points, run = graded(with_answer(solved, softmax=text), timeout=6.0)
    assert points["svm_loss_vectorized"] == EXERCISES["svm_loss_vectorized"].points
    assert points["softmax"] == points["regularization"] == 0.0
    assert "could not be interrupted" in run.stopped
    assert "could not be interrupted" in card(notebook, "regularization")


@pytest.mark.parametrize("exit_code", [0, 1])
def test_early_exit_keeps_what_was_earned_before_it(solved, exit_code):
    text = f"import os\nos._exit({exit_code})"
    _, points, _ = graded(with_answer(solved, softmax=text))
    assert points["svm_loss_vectorized"] == EXERCISES["svm_loss_vectorized"].points
    assert points["softmax"] == points["regularization"] == 0.0


def test_lone_surrogates_do_not_break_the_graded_notebook(solved):
    text = "print('\\ud800')\ndef softmax(scores):\n    raise ValueError('\\ud800')"
    notebook, points, _ = graded(with_answer(solved, softmax=text))
    assert sum(points.values()) == TOTAL - EXERCISES["softmax"].points
    nbformat.writes(notebook).encode("utf-8")


@pytest.mark.parametrize(
    "text",
    [
        "{answer}\n_right = softmax\nsoftmax = lambda scores: _right(scores)",
        "{answer}\nimport functools\nsoftmax = functools.partial(softmax)",
        "{answer}\nfrom IPython.display import display\ndisplay({'image/png': b'x'}, raw=True)",
    ],
)
def test_right_answer_under_another_name_or_with_odd_output_gets_all_points(solved, text):
    _, points, _ = graded(with_answer(solved, softmax=text))
    assert sum(points.values()) == TOTAL


def test_many_requests_do_not_fill_the_ledger(solved):
    text = (
        "from cs231n_utils.checks import judge\nfor _ in range(400):\n"
        "    judge(len, exercise='x' * 1000)\n    judge(len, exercise='softmax')"
    )
    _, _, run = graded(with_answer(solved, softmax=text))
    assert len(run.verdicts) < 40


def test_syntax_error_is_named_in_the_card(solved):
    notebook, points, _ = graded(with_answer(solved, softmax="def softmax(scores:\n    pass"))
    assert sum(points.values()) == TOTAL - EXERCISES["softmax"].points
    assert "SyntaxError" in card(notebook, "softmax")


def test_noise_costs_nothing_and_is_cut(solved):
    text = (
        "{answer}\nimport sys, warnings\nprint('x' * 10**6)\nprint('e', file=sys.stderr)\n"
        "warnings.warn('careful')\nprint(open)"
    )
    notebook, points, _ = graded(with_answer(solved, softmax=text))
    assert sum(points.values()) == TOTAL
    outputs = by_id(notebook, "softmax-answer").outputs
    assert all(len(output.text) < 25_000 for output in outputs)
    assert any("[output cut here]" in output.text for output in outputs)


def test_html_and_script_of_a_submission_are_not_kept(solved):
    text = (
        "{answer}\nfrom IPython.display import HTML, display\ndisplay(HTML('<script>x</script>'))"
    )
    notebook, points, _ = graded(with_answer(solved, softmax=text))
    assert points["softmax"] == EXERCISES["softmax"].points
    shown = [cell.get("outputs") for cell in notebook.cells]
    assert "script" not in str(shown)


def test_cells_that_no_mark_depends_on_are_not_run(solved):
    notebook, _, run = graded(solved)
    experiments = [
        index
        for index, cell in enumerate(notebook.cells)
        if "experiment" in cell.metadata.get("tags", [])
    ]
    assert experiments and not set(experiments) & set(run.outputs)


@pytest.mark.parametrize("assignment", assignments())
def test_release_holds_no_line_of_any_solution(assignment):
    cells = student_version(read_source(assignment)).cells
    squeezed = "".join("".join(cell.source for cell in cells).split())
    assert not [line for line in solution_lines() if line in squeezed]
    assert "BEGINSOLUTION" not in squeezed


def test_student_package_holds_no_line_of_any_solution():
    for path in (PROJECT / "cs231n_utils").rglob("*.py"):
        squeezed = "".join(path.read_text(encoding="utf-8").split())
        assert not [line for line in solution_lines() if line in squeezed], path
        assert "importgrading" not in squeezed and "fromgrading" not in squeezed, path


@pytest.mark.slow
def test_wheel_holds_the_student_package_alone(tmp_path):
    import zipfile

    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--wheel-dir", str(tmp_path)]
    subprocess.run([*command, str(PROJECT)], check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        folders = {name.split("/")[0] for name in archive.namelist()}
    assert {f for f in folders if not f.endswith(".dist-info")} == {"cs231n_utils"}


@pytest.mark.slow
def test_stock_commands_release_grade_and_export(tmp_path, solved):
    Course(tmp_path).create()
    environment = {**os.environ, "HOME": str(tmp_path)}
    nbgrader = Path(sys.executable).with_name("nbgrader")

    def run(*arguments):
        command = [str(nbgrader), *arguments]
        done = subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr

    released = commands.release(Course(tmp_path), ASSIGNMENT) / f"{ASSIGNMENT}.ipynb"
    assert nbformat.read(released, 4) == student_version(read_source(ASSIGNMENT))
    folder = tmp_path / "submitted" / "ada" / ASSIGNMENT
    folder.mkdir(parents=True)
    nbformat.write(solved, folder / f"{ASSIGNMENT}.ipynb")
    run("autograde", ASSIGNMENT)
    run("generate_feedback", ASSIGNMENT)
    run("export")
    page = tmp_path / "feedback" / "ada" / ASSIGNMENT / f"{ASSIGNMENT}.html"
    assert "svm_loss_naive: 3 of 3 points" in page.read_text(encoding="utf-8")
    assert f",{TOTAL:g}," in (tmp_path / "grades.csv").read_text().replace(".0,", ",")
