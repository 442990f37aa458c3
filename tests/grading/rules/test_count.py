"""Points, marks by hand and rules make one score."""

import dataclasses

import pytest

from cs231n_utils.checking.verdict import Verdict
from grading.rules.count import Given, count, points_shown
from grading.rules.questions import points_of
from grading.rules.rules import NO_RULES, Lateness, Rules

ASSIGNMENT = "01-loss-functions"
POINTS = points_of(ASSIGNMENT)
POSSIBLE = sum(POINTS.values())
WRITTEN, OTHER = "written-sanity-check", "written-two-losses"
GIVEN = {name: Given(points) for name, points in POINTS.items()} | {
    "softmax": Given(1.0), WRITTEN: Given(None), OTHER: Given(None, 1.5, 0.5)
}  # fmt: skip
VERDICTS = {
    "softmax": Verdict(
        "softmax", parts={"a": True, "b": False, "c": False}, part_points={"a": 1, "b": 1, "c": 1}
    )
}
PUNCTUAL = Lateness()
RAW = POSSIBLE - 2 - 2  # two of softmax, and the written answer that waits


def score(rules=NO_RULES, given=GIVEN, late=PUNCTUAL):
    return count(ASSIGNMENT, rules, given, VERDICTS, late)


def test_without_rules_the_points_count_as_they_were_given():
    found = score()
    assert (found.points, found.possible, found.waiting) == (RAW, POSSIBLE, 1)
    assert found.why == [] and found.shown == f"{RAW:g} of {POSSIBLE:g}"


def test_penalty_is_of_the_points_possible_and_leaves_at_least_nothing():
    late = Lateness(20.0, "2 days late: -20 %")
    found = score(late=late)
    assert found.penalty == pytest.approx(0.2 * POSSIBLE)
    assert found.points == pytest.approx(RAW - 0.2 * POSSIBLE)
    assert found.why == [f"{found.penalty:g} points off for handing in late (2 days late: -20 %)"]
    assert score(given={}, late=late).points == 0.0


def test_penalty_does_not_hang_on_marks_that_come_later():
    late = Lateness(20.0, "2 days late: -20 %")
    marked = GIVEN | {WRITTEN: Given(None, 2.0)}
    assert score(given=marked, late=late).penalty == score(late=late).penalty


def test_dropped_question_counts_for_nobody_marked_or_not():
    found = score(Rules(dropped=frozenset({"softmax", WRITTEN, OTHER})))
    assert (found.points, found.possible, found.waiting) == (POSSIBLE - 7, POSSIBLE - 7, 0)
    assert found.notes == dict.fromkeys(["softmax", WRITTEN, OTHER], "not counted")


def test_extra_credit_adds_points_and_nothing_to_what_is_possible():
    found = score(Rules(extra_credit=frozenset({"regularization", OTHER})))
    assert (found.points, found.possible) == (RAW, POSSIBLE - 5)
    assert found.notes["regularization"] == "extra credit"


def test_full_points_to_all_for_a_part_add_to_what_the_judge_gave():
    found = score(Rules(full_points={"softmax": frozenset({"a", "b"})}))
    assert found.questions["softmax"].given == Given(2.0) and found.points == RAW + 1
    assert found.notes == {"softmax": "full points to all for b"}, "a was passed"


def test_full_points_for_a_whole_question_stand_above_marks_and_need_none():
    found = score(Rules(full_points=dict.fromkeys(["softmax", WRITTEN, OTHER], frozenset())))
    assert (found.points, found.waiting) == (POSSIBLE + 0.5, 0)
    assert set(found.notes) == {"softmax", WRITTEN, OTHER}
    whole = Rules(full_points={"regularization": frozenset()})
    assert score(whole).notes == {}, "it made no difference"


def test_mark_by_hand_stands_when_a_part_is_given_to_all():
    given = GIVEN | {"softmax": Given(1.0, 0.5)}
    found = score(Rules(full_points={"softmax": frozenset({"b"})}), given)
    assert found.questions["softmax"].given.points == 0.5 and not found.notes


@pytest.mark.parametrize(
    ("points", "possible", "shown"),
    [(3.5, 2, "3.5 of 2 (extra credit)"), (2, 0, "2 (extra credit)"), (0, 0, "0 of 0"),
     (17.25, 24, "17.25 of 24")],
)  # fmt: skip
def test_more_points_than_possible_are_extra_credit(points, possible, shown):
    assert points_shown(points, possible) == shown


def test_extra_points_of_a_person_count_where_no_mark_was_given_yet():
    assert Given(None, None, 1.0).points == 1.0 and Given(None, None, 0.0).points is None
    assert not dataclasses.replace(Given(2.0), extra=0.0).by_hand
