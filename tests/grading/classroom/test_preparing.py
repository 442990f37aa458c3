"""Before a class is graded: what the course says is read, and what cannot be is refused."""

import pytest

from grading.classroom import pool
from grading.classroom.course import Course
from grading.classroom.preparing import Options, graders, prepare, tasks_of
from grading.classroom.roster import Roster, write_roster
from grading.errors import Refused
from grading.gradebook.people import Person
from grading.rules.course_file import FILE
from tests.support.small_class import ASSIGNMENT, hand_in

OPTIONS = Options(ASSIGNMENT, confined=False)


def test_settings_rules_and_people_are_those_of_the_course(tmp_path):
    course = Course(tmp_path)
    course.create()
    with open(tmp_path / "nbgrader_config.py", "a") as config:
        config.write("\nc.GradedNotebook.timeout = 3.0\n")
    (tmp_path / FILE).write_text(f"[{ASSIGNMENT}]\ndue = 2027-03-01T12:00:00Z\n")
    write_roster(tmp_path, Roster([Person("amy", "Amy")]))
    prepared = prepare(course, OPTIONS)
    assert prepared.rules.due.year == 2027 and prepared.untimed == ""
    assert prepared.people == [Person("amy", "Amy")]
    assert prepared.settings.rubric.timeout == 3.0 and not prepared.settings.rubric.confined
    assert prepare(course, Options(ASSIGNMENT, timeout=5.0)).settings.rubric.timeout == 5.0


def test_students_who_are_named_are_chosen_and_strangers_refused(tmp_path):
    for student in ("amy", "bo"):
        hand_in(tmp_path, student, "{}")
    assert [task.student for task in tasks_of(tmp_path, OPTIONS)] == ["amy", "bo"]
    chosen = tasks_of(tmp_path, Options(ASSIGNMENT, students=("bo",)))
    assert [task.student for task in chosen] == ["bo"]
    with pytest.raises(Refused, match="no submission of cy"):
        tasks_of(tmp_path, Options(ASSIGNMENT, students=("bo", "cy")))


def test_as_many_processes_grade_as_there_is_work_for(tmp_path, monkeypatch):
    hand_in(tmp_path, "amy", "{}")
    prepared = prepare(Course(tmp_path / "course"), OPTIONS)
    monkeypatch.setattr(pool, "grade_all", lambda tasks, settings, jobs: iter([jobs]))
    options = Options(ASSIGNMENT, confined=False, jobs=8)
    grades = graders(options, prepared.settings)
    assert list(grades(tasks_of(tmp_path, options))) == [1]
