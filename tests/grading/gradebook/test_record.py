"""Scores in the gradebook: written whole, never over marks given by hand."""

import dataclasses
from datetime import datetime

import nbformat
import pytest
from nbgrader.api import Gradebook

from grading import commands
from grading.classroom.roster import Roster, write_roster
from grading.gradebook.database import COURSE_ID
from grading.gradebook.people import Person
from grading.gradebook.record import Recorder
from tests.support.small_class import ASSIGNMENT, TOTAL, hand_in, options, run

pytestmark = pytest.mark.usefixtures("graders")


def test_marks_and_comments_given_by_hand_survive_regrading(tmp_path, course, capsys, solved):
    hand_in(tmp_path / "in", "ada", solved)
    run(course, tmp_path / "in", capsys)
    with Gradebook(course.db_url, COURSE_ID) as gradebook:
        grade = gradebook.find_grade("accuracy", ASSIGNMENT, ASSIGNMENT, "ada")
        grade.manual_score = 0.5
        comment = gradebook.find_comment("accuracy-answer", ASSIGNMENT, ASSIGNMENT, "ada")
        comment.manual_comment = "see me"
        gradebook.db.commit()
    run(course, tmp_path / "in", capsys)
    with Gradebook(course.db_url, COURSE_ID) as gradebook:
        grade = gradebook.find_grade("accuracy", ASSIGNMENT, ASSIGNMENT, "ada")
        assert (grade.manual_score, grade.score) == (0.5, 0.5)
        comment = gradebook.find_comment("accuracy-answer", ASSIGNMENT, ASSIGNMENT, "ada")
        assert comment.comment == "see me"


def test_grading_enters_the_names_of_the_roster(tmp_path, course, capsys, solved):
    hand_in(tmp_path / "in", "ada", solved)
    write_roster(course.root, Roster([Person("ada", "Ada", "King"), Person("bo", "Bo", "Kim")]))
    run(course, tmp_path / "in", capsys)
    with Gradebook(course.db_url, COURSE_ID) as gradebook:
        names = [(one["id"], one["last_name"]) for one in gradebook.student_dicts()]
    assert sorted(names) == [("ada", "King"), ("bo", "Kim")]


def test_late_hand_in_keeps_its_time(tmp_path, course, capsys, solved):
    place = hand_in(tmp_path / "in", "ada", solved)
    (place.parent / "timestamp.txt").write_text("2026-03-04 05:06:07 UTC")
    run(course, tmp_path / "in", capsys)
    with Gradebook(course.db_url, COURSE_ID) as gradebook:
        when = gradebook.find_submission(ASSIGNMENT, "ada").timestamp
    assert when.isoformat() == "2026-03-04T05:06:07"


def test_gradebook_of_another_version_with_submissions_is_refused(tmp_path, course, capsys, solved):
    hand_in(tmp_path / "in", "ada", solved)
    run(course, tmp_path / "in", capsys)
    with Gradebook(course.db_url, COURSE_ID) as gradebook:
        gradebook.add_grade_cell("dropped", ASSIGNMENT, ASSIGNMENT, max_score=1, cell_type="code")
    code = commands.autograde(course, tmp_path / "in", options())
    assert code == commands.REFUSED
    assert "another version of 00-start-here" in capsys.readouterr().err


@pytest.fixture
def recorder(course, capsys):
    commands.release(course, ASSIGNMENT)
    recorder = Recorder(course.db_url, COURSE_ID, ASSIGNMENT)
    yield recorder
    recorder.close()


@pytest.fixture
def graded(tmp_path, course, capsys, solved):
    hand_in(tmp_path / "in", "ada", solved)
    run(course, tmp_path / "in", capsys)
    return nbformat.read(course.autograded(ASSIGNMENT, "ada"), as_version=4)


def test_scores_are_those_that_were_recorded(recorder, course, graded):
    entry = course.ledger.read(ASSIGNMENT, "ada")
    score = recorder.record(dataclasses.replace(entry, student="bo"), graded)
    recorded = recorder.recorded()
    assert recorded["ada"].score == recorded["bo"].score == score
    assert recorded["bo"].handed_in is None
    assert sum(entry.exercises.values()) == TOTAL == score.points


def test_submission_is_recorded_as_a_whole_or_not_at_all(recorder, course, graded):
    known = recorder.recorded()
    entry = dataclasses.replace(course.ledger.read(ASSIGNMENT, "ada"), student="bo")
    torn = nbformat.from_dict(graded)
    cells = [c for c in torn.cells if c.metadata.get("nbgrader", {}).get("grade")]
    cells[-1].metadata.nbgrader.grade_id = "unheard-of"
    with pytest.raises(Exception, match="unheard-of"):
        recorder.record(entry, torn)
    assert recorder.recorded() == known
    recorder.record(entry, graded)
    assert set(recorder.recorded()) == {"ada", "bo"}


def test_renewing_asks_nobody_to_look_at_marks_again(recorder, course, graded):
    entry = course.ledger.read(ASSIGNMENT, "ada")
    with Gradebook(course.db_url, COURSE_ID) as gradebook:
        grade = gradebook.find_grade("accuracy", ASSIGNMENT, ASSIGNMENT, "ada")
        grade.manual_score, grade.needs_manual_grade = 0.5, False
        gradebook.db.commit()
    assert recorder.renew(entry, datetime(2027, 3, 1)).points == TOTAL - 0.5
    recorded = recorder.recorded()["ada"]
    assert recorded.handed_in == datetime(2027, 3, 1)
    with Gradebook(course.db_url, COURSE_ID) as gradebook:
        grade = gradebook.find_grade("accuracy", ASSIGNMENT, ASSIGNMENT, "ada")
        assert not grade.needs_manual_grade
