"""Answer cells filled in."""

import pytest

from grading.exercises import EXERCISES, WRITTEN
from grading.handout.answers import answer_source, fill_answers
from grading.handout.marks import exercise_of, grade_id
from grading.handout.release import assignments, read_source, student_version

ASSIGNMENT = "00-start-here"
CELL = '''def double(a):
    """Twice the number."""
    ### BEGIN SOLUTION
    raise NotImplementedError()
    ### END SOLUTION'''


def double(a):
    twice = 2 * a
    return twice


def test_body_stands_where_the_solution_stood_under_the_words_of_the_cell():
    assert answer_source(CELL, double) == (
        'def double(a):\n    """Twice the number."""\n    twice = 2 * a\n    return twice'
    )


@pytest.mark.parametrize("assignment", assignments())
def test_every_answer_of_an_assignment_is_filled_in_but_those_left_out(assignment):
    ids = [name for name, e in EXERCISES.items() if e.assignment == assignment]
    left_out = ids[0]
    filled = set()
    for cell in fill_answers(read_source(assignment), skip=[left_out]).cells:
        name = exercise_of(grade_id(cell))
        if name in EXERCISES and "BEGIN SOLUTION" not in cell.source:
            compile(cell.source, name, "exec")
            filled.add(name)
    assert filled == set(ids) - {left_out}


def test_solved_notebook_answers_in_words_and_the_released_one_tells_nothing_of_it():
    source = read_source(ASSIGNMENT)
    questions = [one for one in WRITTEN.values() if one.assignment == ASSIGNMENT]
    released = "".join(cell.source for cell in student_version(source).cells)
    solved = {grade_id(cell): cell.source for cell in fill_answers(source).cells}
    for question in questions:
        assert solved[question.id] == question.model
        assert question.model not in released and question.rubric not in released
    assert questions and "BEGIN SOLUTION" not in "".join(solved.values())
