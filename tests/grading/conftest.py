"""Fixtures of a small class."""

import nbformat
import pytest

from grading.classroom.course import Course
from grading.handout.answers import fill_answers
from grading.handout.release import read_source, student_version
from tests.support.small_class import ASSIGNMENT


@pytest.fixture(scope="module")
def solved():
    return nbformat.writes(fill_answers(read_source(ASSIGNMENT)))


@pytest.fixture(scope="module")
def released():
    return nbformat.writes(student_version(read_source(ASSIGNMENT)))


@pytest.fixture
def course(tmp_path):
    return Course(tmp_path / "course")
