"""Old against new: what changed for a student, and why."""

from datetime import UTC, datetime, timedelta

import pytest

from grading.classroom.regrade import change_of
from grading.gradebook.recorded import Recorded
from grading.gradebook.scoring import Scoring
from grading.rules.rules import NO_RULES, Rules
from tests.support.graded_course import ASSIGNMENT, add_student

DUE = datetime(2027, 3, 1, 12, tzinfo=UTC)
LATE = datetime(2027, 3, 3, 11)
RULES = {"due": DUE, "penalty_per_day": 10.0, "named": True}


@pytest.fixture
def entry(tmp_path):
    return add_student(tmp_path, "amy", {"softmax": "no shift"}, notebook=False)


@pytest.fixture
def change(entry):
    """From rules before and after to what changes of a hand-in that is two days late."""

    def changed(before, after, handed_in=None, judged_again=False):
        scoring = Scoring(ASSIGNMENT, before)
        score = scoring.score(entry, handed_in=LATE)
        given = {name: one.given for name, one in score.questions.items()}
        possible = {name: one.possible for name, one in score.questions.items()}
        recorded = Recorded(
            "1", LATE, penalty=score.penalty, given=given, possible=possible,
            applied=scoring.applied(entry, score),
        )  # fmt: skip
        now = Scoring(ASSIGNMENT, after)
        return change_of(entry, recorded, now, handed_in, judged_again=judged_again)

    return changed


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        ({}, {"extensions": {"amy": DUE + timedelta(days=2)}},
         "extension to 2027-03-03 12:00 UTC: no penalty"),
        ({}, {"due": DUE + timedelta(days=9)},
         "due date changed to 2027-03-10 12:00 UTC: no penalty"),
        ({}, {"due": None}, "there is no due date: no penalty"),
        ({}, {"penalty_per_day": 5.0}, "the rule changed: 2 days late: -10 %"),
        ({}, {"penalty_per_day": 0.0}, "the rule changed: 2 days late"),
        ({}, {"grace": timedelta(days=3)}, "the rule changed: no penalty"),
        ({}, {"dropped": frozenset({"softmax"})}, "the rule changed: softmax: not counted"),
        ({"full_points": {"softmax": frozenset()}}, {},
         "the rule changed: softmax: counts as it was judged"),
    ],
)  # fmt: skip
def test_change_of_a_rule_says_which(change, before, after, why):
    found = change(Rules(**RULES | before), Rules(**RULES | after))
    assert found.matters and found.why == (why,)
    assert found.before.shown != found.after.shown or found.before.late != found.after.late


def test_what_does_not_change_does_not_matter(change):
    assert not change(Rules(**RULES), Rules(**RULES)).matters
    earlier = Rules(**RULES | {"extensions": {"bo": DUE + timedelta(days=1)}})
    assert not change(Rules(**RULES), earlier).matters
    punctual = Rules(**RULES | {"due": DUE + timedelta(days=5)})
    later = Rules(**RULES | {"due": DUE + timedelta(days=6), "dropped": frozenset({"softmax"})})
    why = change(punctual, later).why
    assert why == ("the rule changed: softmax: not counted",), "the due date made no difference"


def test_rubric_and_time_of_handing_in_are_told(change):
    rules = Rules(**RULES)
    assert change(rules, rules, judged_again=True).why == ("the rubric changed",)
    assert change(rules, rules, handed_in=datetime(2027, 3, 1)).why == (
        "the time of handing in changed: no penalty",
    )


def test_who_is_not_in_the_gradebook_gets_a_score(entry):
    found = change_of(entry, None, Scoring(ASSIGNMENT, NO_RULES), None,
                      judged_again=False)  # fmt: skip
    assert found.matters and found.before is None and found.why == ("the gradebook had no score",)
