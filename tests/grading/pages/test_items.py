"""Difficulty and discrimination of questions and parts."""

import numpy as np
import pytest

from grading.exercises import EXERCISES
from grading.pages.items import ENOUGH, Item, discrimination, items
from grading.pages.standing import read_class
from tests.support.graded_course import ASSIGNMENT, IDS, WRITTEN, add_gradebook, add_student


def test_discrimination_is_the_difference_of_upper_and_lower_27_percent():
    totals = np.arange(100.0)
    assert discrimination((totals >= 50).astype(float), totals) == pytest.approx(1)
    assert discrimination((totals < 27).astype(float), totals) == pytest.approx(-1)
    assert discrimination((totals >= 90).astype(float), totals) == pytest.approx(10 / 27)
    assert discrimination(np.ones(100), totals) == pytest.approx(0)


def test_order_of_students_with_equal_points_decides_nothing():
    rng = np.random.default_rng(0)
    totals = rng.integers(0, 4, 60).astype(float)
    shares = rng.random(60)
    for _ in range(5):
        order = rng.permutation(60)
        assert discrimination(shares[order], totals[order]) == pytest.approx(
            discrimination(shares, totals)
        )
    assert discrimination(shares, np.zeros(60)) == pytest.approx(0)


def test_few_and_those_without_a_mark_say_nothing():
    few = np.ones(ENOUGH - 1)
    assert discrimination(few, few) is None
    shares = np.r_[np.full(5, np.nan), np.ones(6), np.zeros(6)]
    assert discrimination(shares, np.r_[np.full(5, 99.0), np.arange(12.0)[::-1]]) == pytest.approx(
        1
    )


def test_parts_and_written_questions_are_listed(tmp_path):
    add_student(tmp_path, "amy", {"softmax": "no shift"})
    add_student(tmp_path, "bob", unjudged=("softmax",))
    waits = {WRITTEN: {"needs_manual_grade": True}}
    add_gradebook(
        tmp_path,
        {
            "amy": {"grades": {WRITTEN: {"manual_score": 1.5}, "softmax": {"manual_score": 3.0}}},
            "bob": {"grades": waits},
        },
    )
    found = {(one.question, one.part): one for one in items(read_class(tmp_path, ASSIGNMENT))}
    assert len(found) == sum(1 + len(EXERCISES[name].parts) for name in IDS) + 2
    assert found["softmax", "value"].share == 0.5 and found["softmax", "stable"].share == 0
    written = found[WRITTEN, ""]
    assert (written.share, written.count, written.possible) == (0.75, 1, 2)
    assert found["softmax", ""].share == 1, "with the mark given by hand"
    assert found["written-two-losses", ""].share is None


def test_item_that_tells_nobody_apart_is_to_be_looked_at():
    def doubt(share, discrimination):
        return Item("softmax", "value", 1.0, share, discrimination, 50).doubt

    assert "fewer points got it more often" in doubt(0.5, -0.1)
    assert "nearly alike" in doubt(0.5, 0.1)
    assert not doubt(0.95, 0.1) and not doubt(0.5, 0.4) and not doubt(0.5, None)
