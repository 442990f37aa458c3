"""Feedback pages are written for everybody, by our command and by nbgrader's."""

from pathlib import Path

import nbformat
import pytest
from nbconvert import HTMLExporter
from nbformat.v4 import new_output
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import (
    CheckCellMetadata,
    LimitOutput,
    SaveAutoGrades,
)
from traitlets.config import Config

from grading.exercises import EXERCISES
from grading.gradebook.apply import ApplyRules
from grading.gradebook.grades import read_grades
from grading.handout.marks import grade_id, is_judged
from grading.ledger import VERDICT_TYPE, stored_verdict
from grading.pages import feedback as module
from grading.pages.feedback import write_feedback
from tests.support.graded_course import (
    ASSIGNMENT,
    IDS,
    Elements,
    add_gradebook,
    add_student,
    verdict_on,
)
from tests.support.pages import EVIL
from tests.support.pages import feedback_page as page_of


def graded_notebook(course, student):
    return course / "autograded" / student / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"


def judged_cells(path):
    """By exercise, the graded cells of a notebook."""
    notebook = nbformat.read(path, as_version=4)
    return {grade_id(cell): cell for cell in filter(is_judged, notebook.cells)}


def test_page_needs_no_ledger(tmp_path):
    """As `nbgrader autograde` leaves it."""
    add_student(tmp_path, "amy", {"softmax": "no shift", "svm_loss_naive": "no margin"})
    write_feedback(tmp_path, ASSIGNMENT)
    with_ledger = page_of(tmp_path, "amy")
    (tmp_path / "ledger" / ASSIGNMENT / "amy.json").unlink()
    write_feedback(tmp_path, ASSIGNMENT)
    assert page_of(tmp_path, "amy") == with_ledger


@pytest.mark.parametrize("name", IDS)
def test_stored_verdict_is_the_verdict(tmp_path, name):
    for mistake in [None, *(mistake.name for mistake in EXERCISES[name].mistakes[::16])]:
        student = f"student-{mistake}"
        add_student(tmp_path, student, {name: mistake})
        cell = judged_cells(graded_notebook(tmp_path, student))[name]
        read, verdict = stored_verdict(cell), verdict_on(name, mistake)
        assert read == verdict and read.card() == verdict.card()
        assert list(read.parts) == list(verdict.parts), "the order of the parts is lost"


@pytest.mark.slow
def test_stored_verdict_survives_nbgraders_own_steps(tmp_path):
    """As `nbgrader autograde` runs them after ours, and as the formgrader shows the notebook."""
    add_student(tmp_path, "amy", {"softmax": "no shift"})
    url = add_gradebook(tmp_path, {"amy": {"grades": {}}})
    path = graded_notebook(tmp_path, "amy")
    notebook = nbformat.read(path, as_version=4)
    notebook.cells = [cell for cell in notebook.cells if grade_id(cell) != "written-two-losses"]
    resources = {"nbgrader": {"notebook": ASSIGNMENT, "assignment": ASSIGNMENT, "student": "amy",
                              "db_url": url, "course": tmp_path},
                 "unique_key": ASSIGNMENT}  # fmt: skip
    for step in (LimitOutput, SaveAutoGrades, ApplyRules, CheckCellMetadata):
        notebook, resources = step().preprocess(notebook, resources)
    nbformat.validate(notebook)
    nbformat.write(notebook, path)
    cells = judged_cells(path)
    assert {name: stored_verdict(cell) for name, cell in cells.items()} == {
        name: verdict_on(name, "no shift" if name == "softmax" else None) for name in IDS
    }
    questions = read_grades(url, ASSIGNMENT, "amy").score.questions
    assert {name: questions[name].given.auto for name in IDS} == {
        name: stored_verdict(cell).points for name, cell in cells.items()
    }
    shown, _ = HTMLExporter().from_notebook_node(notebook)
    assert "Likely cause: no shift." in shown and "part_points" not in shown


def test_verdict_that_is_not_whole_asks_to_grade_again(tmp_path):
    add_student(tmp_path, "amy", notebook=True)
    (tmp_path / "ledger" / ASSIGNMENT / "amy.json").unlink()
    path = graded_notebook(tmp_path, "amy")
    notebook = nbformat.read(path, as_version=4)
    for junk in ({"exercise": "softmax"}, ["softmax"], "softmax"):
        cell = next(cell for cell in notebook.cells if grade_id(cell) == "softmax")
        cell.outputs[0].data[VERDICT_TYPE] = junk
        nbformat.write(notebook, path)
        (page,) = write_feedback(tmp_path, ASSIGNMENT)
        assert "softmax" in page.error and "grade this submission again" in page.error


def test_notebook_without_stored_verdicts_shows_what_the_gradebook_says(tmp_path):
    """As an earlier version left it."""
    add_student(tmp_path, "amy")
    (tmp_path / "ledger" / ASSIGNMENT / "amy.json").unlink()
    path = graded_notebook(tmp_path, "amy")
    notebook = nbformat.read(path, as_version=4)
    for cell in filter(is_judged, notebook.cells):
        del cell.outputs[0].data[VERDICT_TYPE]
    nbformat.write(notebook, path)
    add_gradebook(tmp_path, {"amy": {"grades": {"softmax": {"auto_score": 2.0}}}})
    (page,) = write_feedback(tmp_path, ASSIGNMENT)
    assert not page.error
    assert "2 of 3" in Elements(page_of(tmp_path, "amy")).text


def test_answer_cell_cannot_bring_a_verdict(tmp_path):
    claimed = {key: value for key, value in vars(verdict_on("softmax", None)).items()}
    output = new_output("display_data", data={VERDICT_TYPE: claimed, "text/plain": "mine"})
    mistakes = {"softmax": "no shift"}
    add_student(tmp_path, "amy", mistakes, outputs={"softmax-answer": [output]})
    (tmp_path / "ledger" / ASSIGNMENT / "amy.json").unlink()
    write_feedback(tmp_path, ASSIGNMENT)
    assert "softmax: 2 of 3 points" in Elements(page_of(tmp_path, "amy")).text


def test_notebook_that_could_not_be_graded_gets_a_page_from_the_ledger(tmp_path):
    add_student(
        tmp_path,
        "amy",
        notebook=False,
        status="ungradable",
        reason=f"The file is not JSON {EVIL}.",
        verdicts=(),
    )
    (page,) = write_feedback(tmp_path, ASSIGNMENT)
    assert not page.error
    text = Elements(page_of(tmp_path, "amy")).text
    assert "could not be graded" in text and "The file is not JSON <script>" in text


def test_bad_records_do_not_stop_the_others(tmp_path):
    for student in ("amy", "bob", "cy", "di"):
        add_student(tmp_path, student)
    write_feedback(tmp_path, ASSIGNMENT)
    (tmp_path / "ledger" / ASSIGNMENT / "amy.json").write_text("{half")
    (tmp_path / "ledger" / ASSIGNMENT / "bob.json").write_text("[]")
    graded = tmp_path / "autograded" / "cy" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    graded.write_text("no notebook")
    pages = {page.student: page for page in write_feedback(tmp_path, ASSIGNMENT)}
    assert "grade this submission again" in pages["amy"].error
    assert "not an entry of the ledger" in pages["bob"].error
    assert pages["cy"].error and not pages["di"].error
    assert not pages["amy"].path.exists(), "an earlier page would be taken for this one"
    assert pages["di"].path.is_file()


def test_student_who_was_not_graded_is_told(tmp_path):
    add_student(tmp_path, "amy")
    (page,) = write_feedback(tmp_path, ASSIGNMENT, ["nobody"])
    assert "run autograde first" in page.error
    with pytest.raises(FileNotFoundError, match="run autograde first"):
        write_feedback(tmp_path, "02-loss-landscapes")


def test_ledger_is_enough_and_no_gradebook_is_made(tmp_path):
    add_student(tmp_path, "amy")
    write_feedback(tmp_path, ASSIGNMENT)
    assert not (tmp_path / "gradebook.db").exists()


def test_nbgrader_writes_the_same_page(tmp_path):
    add_student(tmp_path, "amy", {"softmax": "no shift"})
    add_gradebook(tmp_path, {"amy": {"grades": {"softmax": {"auto_score": 2.0}}}})
    write_feedback(tmp_path, ASSIGNMENT)
    ours = page_of(tmp_path, "amy")
    config = Config(
        CourseDirectory={"root": str(tmp_path)},
        GenerateFeedback={
            "exporter_class": "grading.pages.feedback.FeedbackPage",
            "preprocessors": [module.ExplainGrades],
        },
    )
    nbgrader = NbGraderAPI(CourseDirectory(config=config), config=config, log_level="ERROR")
    result = nbgrader.generate_feedback(ASSIGNMENT)
    assert result["success"], result
    assert page_of(tmp_path, "amy") == ours


def test_failure_while_writing_leaves_no_half_page(tmp_path, monkeypatch):
    add_student(tmp_path, "amy")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    (page,) = write_feedback(tmp_path, ASSIGNMENT)
    assert "No space left" in page.error
    assert not list((tmp_path / "feedback" / "amy" / ASSIGNMENT).iterdir())


@pytest.mark.slow
def test_processes_write_the_same_pages(tmp_path, monkeypatch):
    for student in ("amy", "bob"):
        add_student(tmp_path, student, {"softmax": "no shift"})
    write_feedback(tmp_path, ASSIGNMENT, jobs=1)
    alone = [page_of(tmp_path, student) for student in ("amy", "bob")]
    monkeypatch.setattr(module, "CHUNK", 1)
    pages = write_feedback(tmp_path, ASSIGNMENT, jobs=2)
    assert [page.student for page in pages] == ["amy", "bob"]
    assert [Path(page.path).read_text(encoding="utf-8") for page in pages] == alone
