"""Comparing values: what is said of those that differ."""

from cs231n_utils.checking.channel import Opaque
from grading.exercises.compare import compare


def test_items_that_cannot_be_sent_are_described_by_their_type():
    reason = compare({Opaque("Name")}, {"twice"}, rtol=0, atol=0)
    assert reason == "returned {a Name}, expected {'twice'}."
