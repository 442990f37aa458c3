"""The scores of a class: only of those who are asked for, with what is known of people."""

import pytest
from nbgrader.api import Gradebook

from grading.gradebook.marks import read_marks
from grading.gradebook.people import Person
from tests.support.graded_course import ASSIGNMENT, add_gradebook


@pytest.fixture
def gradebook(tmp_path):
    students = {
        "amy": {"grades": {"softmax": {"auto_score": 2.0, "extra_credit": 0.5}}, "penalty": 1.0},
        "bo": {},
    }
    with Gradebook(add_gradebook(tmp_path, students), "a-course") as opened:
        yield opened


def test_marks_of_some_students(gradebook):
    marks = read_marks(gradebook, [ASSIGNMENT], ["amy"], {"amy": Person("amy", "Amy", "Lee")})
    assert marks.people == marks.graded == [Person("amy", "Amy", "Lee")]
    assert marks.score(marks.people[0], ASSIGNMENT) == 1.5
    counted = marks.marks["amy", ASSIGNMENT].score.questions["softmax"]
    assert (counted.given.points, counted.possible) == (2.5, 3.0)


def test_who_handed_nothing_in_has_no_score(gradebook):
    marks = read_marks(gradebook)
    assert [person.id for person in marks.people] == ["amy", "bo"]
    assert marks.score(marks.people[1], ASSIGNMENT) == "" and len(marks.graded) == 1
