"""Ledger, marks by hand and rules make the score of a submission."""

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest
from nbgrader.plugins import LateSubmissionPlugin
from traitlets.config import Config

from grading.gradebook.recorded import Applied, Recorded
from grading.gradebook.scoring import Scoring
from grading.handout.release import read_source, student_version
from grading.rules.count import Given
from grading.rules.questions import points_of
from grading.rules.rules import NO_RULES, Rules
from tests.support.graded_course import ASSIGNMENT, WRITTEN, add_student

OTHER = "written-two-losses"
DUE = datetime(2027, 3, 1, 12)
RULES = Rules(
    due=DUE.replace(tzinfo=UTC),
    penalty_per_day=10.0,
    extensions={"amy": DUE.replace(tzinfo=UTC) + timedelta(days=2)},
    dropped=frozenset({OTHER}),
    named=True,
)


@pytest.fixture(scope="module")
def released():
    return student_version(read_source(ASSIGNMENT))


@pytest.fixture
def entry(tmp_path, released):
    empty = {cell.metadata.nbgrader.grade_id: cell.source for cell in released.cells
             if cell.metadata.get("nbgrader", {}).get("solution")}  # fmt: skip
    made = add_student(tmp_path, "amy", notebook=False)
    words = {OTHER: "Because.", WRITTEN: empty[WRITTEN]}
    return dataclasses.replace(made, answers={**made.answers, **words})


def test_written_answer_waits_if_it_says_anything(entry):
    score = Scoring(ASSIGNMENT, NO_RULES).score(entry)
    assert score.questions[WRITTEN].given == Given(0.0)
    assert score.questions[OTHER].given == Given(None) and score.waiting == 1
    assert score.points == entry.score and score.possible == sum(points_of(ASSIGNMENT).values())


def test_marks_by_hand_count_and_those_of_a_dropped_question_are_kept_aside(entry):
    marked = Recorded("1", given={OTHER: Given(None, 1.5, 0.5), "softmax": Given(3.0, 1.0)})
    assert Scoring(ASSIGNMENT, NO_RULES).score(entry, marked).points == entry.score
    scoring = Scoring(ASSIGNMENT, RULES)
    score = scoring.score(entry, marked)
    assert score.points == entry.score - 2
    assert scoring.applied(entry, score, marked).aside == {OTHER: Given(None, 1.5, 0.5)}


def test_marks_kept_aside_count_again_when_the_question_does(entry):
    aside = Applied(aside={OTHER: Given(None, 1.5, 0.5)})
    recorded = Recorded("1", given={OTHER: Given(0.0)}, applied=aside)
    scoring = Scoring(ASSIGNMENT, NO_RULES)
    score = scoring.score(entry, recorded)
    assert score.questions[OTHER].given == Given(None, 1.5, 0.5)
    assert scoring.applied(entry, score, recorded).aside == {}


def test_extension_makes_the_hand_in_punctual(entry):
    scoring = Scoring(ASSIGNMENT, RULES)
    late = DUE + timedelta(days=1, hours=1)
    assert scoring.score(entry, handed_in=late).penalty == 0
    without = Scoring(ASSIGNMENT, Rules(due=RULES.due, penalty_per_day=10.0, named=True))
    assert without.score(entry, handed_in=late).late == "2 days late: -20 %"
    assert scoring.extension("amy") == timedelta(days=2) and scoring.extension("bo") is None


def test_score_stands_until_anything_it_follows_from_changes(entry):
    scoring = Scoring(ASSIGNMENT, RULES)
    score = scoring.score(entry, handed_in=DUE)
    recorded = Recorded(
        "1",
        handed_in=DUE,
        extension=timedelta(days=2),
        given={name: one.given for name, one in score.questions.items()},
        applied=scoring.applied(entry, score),
    )
    assert scoring.stands(entry, recorded) and scoring.stands(entry, recorded, DUE)
    assert not scoring.stands(entry, recorded, DUE + timedelta(days=1))
    assert not Scoring(ASSIGNMENT, NO_RULES).stands(entry, recorded)


class HalfAPoint(LateSubmissionPlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return 0.5


def test_plugin_of_nbgraders_is_asked_where_the_course_says_nothing(entry):
    config = Config(AssignLatePenalties={"plugin_class": HalfAPoint})
    recorded = Recorded("1", due=DUE, handed_in=DUE + timedelta(hours=3))
    score = Scoring(ASSIGNMENT, NO_RULES, config=config).score(entry, recorded)
    assert (score.penalty, score.late) == (0.5, "3.0 hours late: -0.5")
    assert Scoring(ASSIGNMENT, RULES, config=config).score(entry, recorded).penalty == 0
    punctual = Recorded("1", due=DUE, handed_in=DUE)
    assert Scoring(ASSIGNMENT, NO_RULES, config=config).score(entry, punctual).penalty == 0
