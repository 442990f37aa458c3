"""Wrong answers that compute the same have one fingerprint, others and right ones have not."""

from dataclasses import replace

import numpy as np
import pytest

from cs231n_utils.checking.verdict import Verdict
from grading.exercises import EXERCISES
from grading.judge import fingerprint as module
from grading.judge.diagnosis import judge_here
from grading.judge.fingerprint import fingerprint, questions_to_compare

SOFTMAX = EXERCISES["softmax"]
WRONG = Verdict("softmax", parts={"value": False, "stable": False})


def cubes(scores):
    return scores**3 / np.sum(scores**3, axis=-1, keepdims=True)


def cubes_otherwise(scores):
    powers = np.power(np.asarray(scores, float), 3)
    return (powers.T / powers.T.sum(axis=0)).T if powers.ndim == 2 else powers / powers.sum()


def squares(scores):
    return scores**2 / np.sum(scores**2, axis=-1, keepdims=True)


def mark(function, verdict=WRONG):
    asked = questions_to_compare(SOFTMAX, verdict)
    return fingerprint(SOFTMAX, [question.put_to(function) for question in asked])


def test_equal_values_have_one_fingerprint_however_they_are_computed():
    assert mark(cubes) == mark(cubes) == mark(cubes_otherwise) != ""
    by_chance = replace(WRONG, parts={"value": True, "stable": False})
    assert mark(cubes, by_chance) == mark(cubes), "which parts failed does not matter"
    assert len({mark(cubes), mark(squares), mark(lambda scores: None)}) == 3


def test_right_values_tell_nothing():
    assert mark(SOFTMAX.reference) == ""
    assert fingerprint(SOFTMAX, questions_to_compare(SOFTMAX, WRONG)) == "", "not asked to the end"


def test_errors_are_compared_by_their_type_and_message():
    def fails(scores):
        raise ValueError("no")

    def fails_otherwise(scores):
        raise KeyError("no")

    assert mark(fails) == mark(fails) != mark(fails_otherwise)


def test_nothing_is_asked_where_a_verdict_says_enough():
    known = SOFTMAX.mistakes[0]
    for verdict in (
        judge_here(SOFTMAX, SOFTMAX.reference, np.random.default_rng(1)),
        judge_here(SOFTMAX, known.function, np.random.default_rng(1)),
    ):
        assert questions_to_compare(SOFTMAX, verdict) == []


@pytest.mark.parametrize(
    ("value", "equal", "other"),
    [
        (1.0, 1.0 - 1e-15, 1.01),
        (np.array([0.5, 1 / 32, 1.0]), np.array([0.5, 1 / 32 + 1e-12, 1 - 1e-12]), np.ones(3)),
        (np.array([1e-300, np.nan]), np.array([1e-300, -np.nan]), np.array([np.nan, 1e-300])),
        ([0.0, 1], (-0.0, np.array(1.0)), [1.0, 0.0]),
        ({"a": 1, "b": [True]}, {"b": [True], "a": 1.0}, {"a": 1, "b": [False]}),
        (10**25, 10**25, 10**26),
        (np.array([1 + 2j]), np.array([1 + 2j + 1e-15]), np.array([2 + 1j])),
        ("text", "text", "other"),
        (None, None, 0),
    ],
    ids=repr,
)
def test_values_that_differ_by_rounding_are_equal(value, equal, other):
    assert [*module._pieces(value)] == [*module._pieces(equal)] != [*module._pieces(other)]


def test_oracle_finds_it_behind_the_channel_and_no_points_depend_on_it(oracle_channel):
    channel, ledger = oracle_channel()
    for function in (cubes, cubes_otherwise, squares, SOFTMAX.reference):
        channel.judge(function, "softmax")
    first, second, third, right = (verdict["fingerprint"] for verdict in ledger)
    assert first == second == mark(cubes) and third == mark(squares) and right == ""


def test_verdict_stands_if_the_answer_breaks_off_afterwards(oracle_channel, monkeypatch):
    channel, ledger = oracle_channel()
    monkeypatch.setattr("grading.judge.oracle.questions_to_compare", _broken)
    verdict = channel.judge(cubes, "softmax")
    assert verdict.message and verdict.fingerprint == "" and len(ledger) == 1


def _broken(*_):
    raise ConnectionError
