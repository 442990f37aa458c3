"""Fixtures of a small class."""

from functools import cache

import nbformat
import pytest
from nbgrader import api

from grading.classroom import pool
from grading.classroom.course import Course
from grading.handout.answers import fill_answers
from grading.handout.release import read_source, student_version
from tests.support.small_class import ASSIGNMENT, WORKERS, grade_in


@pytest.fixture(scope="session", autouse=True)
def _version_of_new_gradebooks():
    """nbgrader starts a program to learn it, for each gradebook; here for the first one alone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(api, "get_alembic_version", cache(api.get_alembic_version))
        yield


@pytest.fixture(scope="module")
def solved():
    return nbformat.writes(fill_answers(read_source(ASSIGNMENT)))


@pytest.fixture(scope="module")
def released():
    return nbformat.writes(student_version(read_source(ASSIGNMENT)))


@pytest.fixture
def course(tmp_path):
    return Course(tmp_path / "course")


@pytest.fixture(params=["this process", pytest.param(WORKERS, marks=pytest.mark.slow)])
def graders(request, monkeypatch, sandbox):
    """What grades a class: worker processes, or faster, this one in the sandbox that is warm."""
    if request.param != WORKERS:
        monkeypatch.setattr(pool, "warm_up", lambda: None)
        monkeypatch.setattr(pool, "grade_all", grade_in(sandbox))
