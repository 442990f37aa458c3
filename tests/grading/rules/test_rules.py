"""What a hand-in loses because of its time."""

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from grading.rules.rules import NO_RULES, CourseRules, Lateness, Rules

BERLIN = ZoneInfo("Europe/Berlin")
DUE = datetime(2027, 3, 1, 23, 59, tzinfo=BERLIN)
RULES = Rules(
    due=DUE,
    grace=timedelta(minutes=15),
    penalty_per_day=10.0,
    penalty_cap=25.0,
    extensions={"amy": DUE + timedelta(days=3)},
    zone=BERLIN,
)


@pytest.mark.parametrize(
    ("after", "lateness"),
    [
        (timedelta(days=-1), Lateness()),
        (timedelta(), Lateness()),
        (timedelta(minutes=15), Lateness()),
        (timedelta(minutes=16), Lateness(10.0, "1 day late: -10 %")),
        (timedelta(days=1), Lateness(10.0, "1 day late: -10 %")),
        (timedelta(days=1, seconds=1), Lateness(20.0, "2 days late: -20 %")),
        (timedelta(days=9), Lateness(25.0, "9 days late: -25 %")),
    ],
)
def test_each_day_that_has_begun_costs_up_to_the_cap(after, lateness):
    assert RULES.lateness("bo", DUE + after) == lateness


def test_time_is_compared_whatever_its_zone():
    elsewhere = (DUE + timedelta(hours=2)).astimezone(timezone(timedelta(hours=-8)))
    assert RULES.lateness("bo", elsewhere).percent == 10.0


def test_extension_makes_punctual_and_counts_from_its_own_time():
    assert RULES.lateness("amy", DUE + timedelta(days=3)) == Lateness()
    assert RULES.lateness("amy", DUE + timedelta(days=3, hours=1)).why == "1 day late: -10 %"


def test_nothing_is_late_without_a_due_date_or_a_time_and_lateness_may_cost_nothing():
    assert NO_RULES.lateness("bo", DUE) == RULES.lateness("bo", None) == Lateness()
    assert Rules(due=DUE).lateness("bo", DUE + timedelta(days=2)) == Lateness(0.0, "2 days late")


def test_times_are_shown_in_the_zone_of_the_course():
    assert RULES.shown(DUE) == "2027-03-01 23:59 CET"


def test_assignment_that_is_not_named_has_the_defaults():
    rules = CourseRules({"00-start-here": RULES}, Rules(penalty_per_day=5.0))
    assert rules.of("00-start-here") is RULES and rules.of("other").penalty_per_day == 5.0
