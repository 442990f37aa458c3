"""nbgrader's marks, compared with what nbgrader makes of them."""

import pytest
from nbgrader import utils

from grading.handout import marks
from grading.handout.release import assignments, read_source


@pytest.mark.parametrize("assignment", assignments())
def test_marks_are_read_as_nbgrader_reads_them(assignment):
    for cell in read_source(assignment).cells:
        graded, solution = utils.is_grade(cell), utils.is_solution(cell)
        assert marks.is_answer(cell) == solution
        assert marks.is_judged(cell) == (cell.cell_type == "code" and graded and not solution)
        assert marks.grade_id(cell) == cell.metadata.get("nbgrader", {}).get("grade_id", "")
        assert marks.points_of(cell) == (cell.metadata.nbgrader.points if graded else 0)


def test_answer_is_named_after_its_exercise():
    assert marks.exercise_of("softmax-answer") == "softmax"
    assert marks.exercise_of("written-sanity-check") == ""


def test_cell_without_any_metadata_has_no_marks():
    assert marks.grade_id({}) == "" and not marks.is_answer({"metadata": {}})


def test_experiment_is_what_is_tagged_so():
    assert marks.is_experiment({"metadata": {"tags": ["experiment"]}})
    assert not marks.is_experiment({"metadata": {"tags": ["skip-execution"]}})


def test_written_answer_is_blank_as_released_and_as_in_the_source():
    for text in ("", " \n", marks.UNANSWERED, "### BEGIN SOLUTION\n### END SOLUTION\n"):
        assert marks.is_blank(text)
    assert not marks.is_blank("### BEGIN SOLUTION\nThe same.\n### END SOLUTION")
    for cell in read_source("00-start-here").cells:
        if marks.grade_id(cell).startswith("written"):
            assert marks.is_blank(cell.source)
