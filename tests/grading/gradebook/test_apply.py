"""Rules reach nbgrader's tables, the same by all commands, and leave nothing when they go."""

import dataclasses
from datetime import UTC, datetime, timedelta

import nbformat
import pytest
from nbgrader.api import Gradebook
from nbgrader.preprocessors import SaveAutoGrades

from grading.gradebook.apply import ApplyRules
from grading.gradebook.database import COURSE_ID, default_url
from grading.gradebook.grades import read_recorded
from grading.gradebook.record import Recorder
from grading.rules.course_file import FILE, read_rules
from grading.rules.rules import NO_RULES
from tests.support.graded_course import ASSIGNMENT, IDS, WRITTEN, add_student

OTHER = "written-two-losses"
LATE = datetime(2027, 3, 2, 13)
RULES = f"""
[{ASSIGNMENT}]
due = 2027-03-01T12:00:00Z
penalty_per_day = 10
extra_credit = ["regularization"]
dropped = ["{OTHER}"]
full_points = ["softmax"]
extensions.bo = "3 days"
"""


@pytest.fixture
def graded(tmp_path):
    """Two students' entries and notebooks; both make a mistake and answer in words."""
    (tmp_path / FILE).write_text(RULES)
    words = {"answers": {WRITTEN: "Because.", OTHER: "So."}}
    entries = [
        add_student(tmp_path, name, {"softmax": "no shift"}, **words) for name in ("amy", "bo")
    ]
    return tmp_path, entries


def notebook_of(course, student):
    path = course / "autograded" / student / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    return nbformat.read(path, as_version=4)


def record(course, entries, rules=None, url=None):
    rules = read_rules(course).of(ASSIGNMENT) if rules is None else rules
    recorder = Recorder(url or default_url(course), COURSE_ID, ASSIGNMENT, rules)
    for entry in entries:
        recorder.record(entry, notebook_of(course, entry.student), LATE)
    recorder.close()
    return read_recorded(url or default_url(course), ASSIGNMENT)


def without_id(recorded):
    return {name: dataclasses.replace(one, notebook_id="") for name, one in recorded.items()}


def test_nbgraders_tables_hold_what_counts(graded):
    course, entries = graded
    recorded = record(course, entries)
    amy, bo = recorded["amy"].score, recorded["bo"].score
    assert amy.late == "2 days late: -20 %" and amy.penalty == pytest.approx(0.2 * 19)
    assert (amy.raw, amy.possible, bo.penalty, bo.late) == (20, 19, 0, "")
    assert amy.notes == {"softmax": "full points to all", "regularization": "extra credit",
                         OTHER: "not counted"}  # fmt: skip
    with Gradebook(default_url(course), COURSE_ID) as gradebook:
        assignment = gradebook.find_assignment(ASSIGNMENT)
        assert (assignment.duedate, assignment.max_score) == (datetime(2027, 3, 1, 12), 19)
        late = gradebook.find_submission(ASSIGNMENT, "amy")
        assert (late.score, late.late_submission_penalty) == (amy.raw, amy.penalty)
        assert late.needs_manual_grade, "one written answer waits"
        extended = gradebook.find_submission(ASSIGNMENT, "bo")
        assert (extended.extension, extended.total_seconds_late) == (timedelta(days=3), 0)


def test_nbgraders_own_steps_give_the_same(graded):
    course, entries = graded
    ours = record(course, entries)
    url = f"sqlite:///{course / 'theirs.db'}"
    Recorder(url, COURSE_ID, ASSIGNMENT).close()
    for entry in entries:
        with Gradebook(url, COURSE_ID) as gradebook:
            gradebook.update_or_create_student(entry.student)
            gradebook.update_or_create_submission(ASSIGNMENT, entry.student, timestamp=LATE)
        about = {"notebook": ASSIGNMENT, "assignment": ASSIGNMENT, "student": entry.student}
        resources = {"nbgrader": about | {"db_url": url, "course": course}}
        for step in (SaveAutoGrades(), ApplyRules()):
            step.preprocess(notebook_of(course, entry.student), resources)
    assert without_id(read_recorded(url, ASSIGNMENT)) == without_id(ours)


def test_penalty_goes_when_an_extension_makes_the_hand_in_punctual(graded):
    course, (amy, _) = graded
    assert record(course, [amy])["amy"].penalty > 0
    (course / FILE).write_text(RULES + 'extensions.amy = "2 days"\n')
    recorder = Recorder(
        default_url(course), COURSE_ID, ASSIGNMENT, read_rules(course).of(ASSIGNMENT)
    )
    before = recorder.recorded()["amy"]
    assert not recorder.scoring.stands(amy, before, LATE)
    assert recorder.renew(amy, LATE).penalty == 0
    assert recorder.recorded()["amy"].penalty == 0
    assert recorder.scoring.stands(amy, recorder.recorded()["amy"], LATE)
    recorder.close()


def test_rules_that_go_leave_points_dates_and_marks_as_they_were(graded):
    course, (amy, _) = graded
    record(course, [amy], NO_RULES)
    with Gradebook(default_url(course), COURSE_ID) as gradebook:
        for name, mark in (("softmax", 0.5), (OTHER, 1.5)):
            grade = gradebook.find_grade(name, ASSIGNMENT, ASSIGNMENT, "amy")
            grade.manual_score, grade.extra_credit = mark, 0.25
        gradebook.db.commit()
    marked = record(course, [amy], NO_RULES)["amy"]
    ruled = record(course, [amy])["amy"]
    assert OTHER in ruled.applied.aside and ruled.given[OTHER].points == 0
    assert ruled.given["softmax"].points == 3.25
    again = record(course, [amy], dataclasses.replace(NO_RULES, named=True))["amy"]
    assert again.given == marked.given and again.possible == marked.possible
    assert (again.penalty, again.due, again.extension) == (0, None, None)
    assert again.score.points == sum(amy.exercises[n] for n in IDS if n != "softmax") + 0.75 + 1.75


def test_marks_kept_aside_survive_being_judged_again(graded):
    course, (amy, _) = graded
    record(course, [amy], NO_RULES)
    with Gradebook(default_url(course), COURSE_ID) as gradebook:
        gradebook.find_grade(OTHER, ASSIGNMENT, ASSIGNMENT, "amy").manual_score = 1.5
        gradebook.db.commit()
    for _ in range(2):
        ruled = record(course, [amy])["amy"]
        assert ruled.by_hand[OTHER].manual == 1.5 and ruled.given[OTHER].manual is None


def test_due_date_set_in_the_formgrader_stays_where_the_course_names_none(graded):
    course, (amy, _) = graded
    record(course, [amy], NO_RULES)
    with Gradebook(default_url(course), COURSE_ID) as gradebook:
        gradebook.update_or_create_assignment(ASSIGNMENT, duedate="2027-03-01 12:00:00 UTC")
        gradebook.grant_extension(ASSIGNMENT, "amy", days=1)
    recorded = record(course, [amy], NO_RULES)["amy"]
    assert recorded.due.replace(tzinfo=UTC).day == 1 and recorded.extension == timedelta(days=1)
