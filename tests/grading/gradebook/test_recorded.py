"""What the gradebook has, read with a few queries, whoever wrote it."""

from datetime import datetime, timedelta

from nbgrader.api import Gradebook
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from grading.gradebook.grades import read_recorded
from grading.gradebook.recorded import (
    APPLIED,
    Applied,
    Recorded,
    drop_orphans,
    keep_applied,
    make_room,
)
from grading.rules.count import Given
from tests.support.graded_course import ASSIGNMENT, WRITTEN, add_gradebook

STUDENTS = {
    "amy": {
        "grades": {"softmax": {"auto_score": 2.0, "extra_credit": 0.5},
                   WRITTEN: {"needs_manual_grade": True}},
        "timestamp": "2027-03-03 12:00:00",
        "penalty": 1.0,
    },
    "bo": {"grades": {}},
}  # fmt: skip


def test_gradebook_that_only_nbgrader_wrote_is_read(tmp_path):
    url = add_gradebook(tmp_path, STUDENTS, duedate="2027-03-01 12:00:00 UTC")
    amy, bo = read_recorded(url, ASSIGNMENT).values()
    assert amy.given["softmax"] == Given(2.0, None, 0.5) and amy.possible["softmax"] == 3.0
    assert amy.penalty == 1.0 and amy.waits
    assert (amy.due, amy.handed_in) == (datetime(2027, 3, 1, 12), datetime(2027, 3, 3, 12))
    assert (amy.seconds_late, bo.seconds_late) == (2 * 86400, 0)
    assert amy.score.points == 1.5 and amy.applied == Applied()
    assert amy.score.why == ["1 point off for handing in late"]


def test_extension_makes_less_late():
    moments = {"due": datetime(2027, 3, 1), "handed_in": datetime(2027, 3, 3)}
    assert Recorded("1", extension=timedelta(days=1), **moments).seconds_late == 86400
    assert Recorded("1", extension=timedelta(days=9), **moments).seconds_late == 0


def test_what_rules_did_is_kept_and_goes_with_the_student(tmp_path):
    url = add_gradebook(tmp_path, STUDENTS)
    applied = Applied(
        "2027", "late", {"softmax": "note"}, "digest", {WRITTEN: Given(None, 1.0, 2.0)}
    )
    ids = {name: one.notebook_id for name, one in read_recorded(url, ASSIGNMENT).items()}
    with Session(create_engine(url)) as session:
        make_room(session)
        for name in ids:
            keep_applied(session, ids[name], Applied())
            keep_applied(session, ids[name], applied)
        session.commit()
    recorded = read_recorded(url, ASSIGNMENT)["amy"]
    assert recorded.applied == applied
    assert recorded.by_hand[WRITTEN] == Given(None, 1.0, 2.0)
    with Gradebook(url, "a-course") as gradebook:
        gradebook.remove_student("amy")
        drop_orphans(gradebook.db)
        assert list(gradebook.db.scalars(select(APPLIED.c.notebook_id))) == [ids["bo"]]


def test_mark_given_since_stands_above_the_one_kept_aside():
    applied = Applied(aside={WRITTEN: Given(None, 1.0, 2.0)})
    recorded = Recorded("1", given={WRITTEN: Given(0.0, 1.5)}, applied=applied)
    assert recorded.by_hand == {WRITTEN: Given(None, 1.5, 2.0)}
