"""Third step of grading: where nbgrader reads scores, and what students read with them."""

from grading.exercises import EXERCISES
from grading.handout.release import read_source, student_version
from tests.support.submissions import (
    ASSIGNMENT,
    FULL,
    card,
    executed,
    graded,
    solved,
)

TOTAL = sum(FULL.values())


def test_right_answers_get_all_points(sandbox):
    _, points, run = executed(solved(), sandbox)
    assert sum(points.values()) == TOTAL and not run.stopped


def test_released_notebook_gets_none_and_is_told_why(sandbox):
    released = student_version(read_source(ASSIGNMENT))
    notebook, points, _ = executed(released, sandbox)
    assert set(points.values()) == {0.0}
    assert "not written yet" in card(notebook, "softmax")


def test_syntax_error_is_named_in_the_card(sandbox):
    notebook, points, _ = executed(solved(softmax="def softmax(scores:\n    pass"), sandbox)
    assert sum(points.values()) == TOTAL - EXERCISES["softmax"].points
    assert "SyntaxError" in card(notebook, "softmax")


def test_words_of_a_written_answer_cost_nothing(sandbox):
    notebook = solved("05-analytic-gradient")
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown" and cell["metadata"].get("nbgrader", {}).get("solution"):
            cell["source"] = "The test images and my code: exec, sys.settrace and threading."
    result = graded(notebook, sandbox, assignment="05-analytic-gradient")
    assert all(verdict.passed for verdict in result.entry.verdicts)
