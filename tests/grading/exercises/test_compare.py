"""Comparing with the reference: the order of reasons, and the words for what was got."""

from collections.abc import Iterator
from numbers import Real

import numpy as np
import pytest

from cs231n_utils.checking.channel import Opaque
from grading.exercises import EXERCISES
from grading.exercises.compare import compare, described, fitted, same
from grading.judge.diagnosis import judge_here

INF, NAN = float("inf"), float("nan")


@pytest.mark.parametrize(
    ("got", "expected", "reason"),
    [
        (1.0, None, "returned a float, expected None."),
        (1, True, "returned an int, expected a bool."),
        (True, 1.0, "returned a bool, expected a float."),
        (2.5, 2, "returned 2.5, expected the whole number 2."),
        (20_001, 20_000, "returned 20001, expected the whole number 20000."),
        (np.array(2.5), 2.0, "returned 2.5, expected 2."),
        (5.0, INF, "returned 5, expected inf."),
        (
            np.array([INF, 5.0]),
            np.array([INF, INF]),
            "returned wrong values in 1 of 2 entries: first at [1] 5, expected inf.",
        ),
        ("l1", "l2", "returned l1, expected l2."),
        (3.0, (1.0, 2.0), "returned a float, expected 2 values."),
        ((1.0,), (1.0, 2.0), "returned 1 values, expected 2."),
        ((1.0, 3.0), (1.0, 2.0), "(value 2 of 2) returned 3, expected 2."),
        ([], {"a": 1}, "returned a list, expected a dict."),
        ({"b": 1}, {"a": 1}, "returned a dict with keys ['b'], expected ['a']."),
        ({"a": 2.0}, {"a": 1.0}, "(key 'a') returned 2, expected 1."),
        ({Opaque("Name")}, {"twice"}, "returned {a Name}, expected {'twice'}."),
        (
            np.array([1.0, 2.0, 3.0]),
            (1.0, 2.0),
            "returned an array of shape (3,), expected 2 values.",
        ),
        ([1.0, 2.0], 1.0, "returned a list, expected a float."),
        (
            [1.0, 2.0],
            np.zeros(3),
            "returned a list of 2 values, each a float, expected an array of shape (3,).",
        ),
        (
            ["a", None],
            np.zeros(2),
            "returned a list of a str and None, expected an array of shape (2,).",
        ),
        (["a", "a"], {"a"}, "returned a list, expected a set."),
        (
            np.array([0.5, 1.0]),
            np.zeros(2, int),
            "returned an array of dtype float64, expected integers.",
        ),
        (
            np.array([10_001, 2]),
            np.array([10_000, 2]),
            "returned wrong values in 1 of 2 entries: first at [0] 10001, expected 10000.",
        ),
        (np.zeros(2, bool), np.zeros(2), "returned an array of dtype bool, expected floats."),
        (np.zeros((2, 1)), np.zeros(2), "returned an array of shape (2, 1), expected (2,)."),
        (
            np.array([NAN, 5.0]),
            np.zeros(2),
            "returned 1 of 2 entries that are nan or inf, expected finite numbers.",
        ),
        (
            np.array([[0.0, 1.0], [2.0, 0.0]]),
            np.zeros((2, 2)),
            "returned wrong values in 2 of 4 entries: first at [0, 1] 1, expected 0.",
        ),
    ],
)
def test_reason_says_what_differs_first(got, expected, reason):
    assert compare(got, expected, rtol=1e-4, atol=1e-6) == reason


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (None, None),
        (1, 1.0),
        (np.float32(0.1), 0.1),
        ([1.0, np.ones(2)], (1.0, np.ones(2, np.float32))),
        ({"a": {1, 2}}, {"a": {2, 1}}),
        (np.array([NAN, INF]), np.array([NAN, INF])),
        (np.ones(2, int), np.ones(2)),
        (np.float64(3.0), 3),
        (np.int64(3), 3),
        (np.array(3.0), 3),
        (np.bool_(True), True),
        (np.array(True), True),
        ([1, 2.5, np.float32(3.0)], np.array([1.0, 2.5, 3.0])),
        ((np.array(1.0), 2), np.array([1.0, 2.0])),
        ([], np.zeros(0)),
        (np.array([1.0, 2.0]), np.array([1, 2])),
        ([1, 2], np.array([1, 2])),
        (np.array([1.0, 2.0]), (1.0, 2)),
        (np.ones((2, 3)), ([1.0] * 3, np.ones(3))),
        (([1.0, 1.0], [2]), (np.ones(2), np.array([2.0]))),
        ((np.ones(2), [1]), [np.ones(2), np.array([1])]),
        (["a", "b"], {"a", "b"}),
        ({"a": [1, 2]}, {"a": np.array([1.0, 2.0])}),
    ],
)
def test_right_values_in_other_containers_are_right_and_recognized(got, expected):
    assert compare(got, expected, rtol=1e-4, atol=1e-6) is None
    assert same(got, expected, rtol=1e-4, atol=1e-6) and same(expected, got, rtol=1e-4, atol=1e-6)
    assert compare(fitted(got, expected), expected, rtol=1e-4, atol=1e-6) is None


def as_lists(value):
    """The same values in lists, and numbers as arrays without axes."""
    if isinstance(value, bool | Real):
        return np.array(value)
    if isinstance(value, tuple | list):
        return list(map(as_lists, value))
    if isinstance(value, dict):
        return {key: as_lists(item) for key, item in value.items()}
    if isinstance(value, set):
        return list(value)
    return value.tolist() if isinstance(value, np.ndarray) and value.ndim == 1 else value


def as_tuples(value):
    """The same values in tuples, several numbers as an array, and numbers as NumPy's floats."""
    if isinstance(value, bool):
        return np.bool_(value)
    if isinstance(value, Real):
        return np.float64(value)
    if isinstance(value, tuple | list):
        numbers = all(isinstance(item, Real) for item in value)
        return np.array(value, dtype=float) if numbers else tuple(map(as_tuples, value))
    if isinstance(value, dict):
        return {key: as_tuples(item) for key, item in value.items()}
    if isinstance(value, set):
        return frozenset(value)
    return tuple(value) if isinstance(value, np.ndarray) and value.ndim == 1 else value


@pytest.mark.parametrize("form", [as_lists, as_tuples])
@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES)
def test_right_values_in_other_containers_are_right_in_every_exercise(exercise, form):
    def answer(*arguments):
        value = exercise.reference(*arguments)
        return form(list(value) if isinstance(value, Iterator) else value)

    verdict = judge_here(exercise, answer, np.random.default_rng(0))
    assert verdict.passed, verdict.reasons


def test_a_value_is_described_with_what_is_in_it():
    assert described((1.0, np.ones((2, 3)))) == "a tuple of a float and an array of shape (2, 3)"
    assert described([1, None, "x"]) == "a list of an int, None and a str"
    assert described([1, "x"] * 3) == "a list of 6 values, the first an int"
    assert described((Opaque("Tensor"),)) == "a tuple of a Tensor" and described([]) == "a list"


def test_two_values_are_the_same_only_with_one_form():
    def alike(a, b):
        return same(a, b, rtol=1e-4, atol=1e-6)

    assert alike((1.0, [NAN]), [1.0, (NAN,)]) and alike(Opaque("Name"), Opaque("Name"))
    assert not alike(np.ones(2), np.ones((2, 1))) and not alike(INF, -INF)
    assert not alike(None, 0.0) and not alike({"a": 1}, {"b": 1}) and not alike([1.0], 1.0)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, "returned None, expected a float: is the return statement missing?"),
        ("nine", "returned a str, expected a float"),
        ([1.0], "returned a list, expected a float"),
        (np.zeros(3), "returned an array of shape (3,), expected a float"),
        (float("nan"), "returned nan, expected the finite number"),
        (1e9, "returned 1e+09, expected"),
        (1 + 2j, "returned a complex, expected a float"),
        (object(), "returned an object, expected a float"),
    ],
)
def test_reason_names_what_was_got_and_expected(value, reason, oracle_channel):
    channel, _ = oracle_channel()
    verdict = channel.judge(lambda *_: value, "svm_loss_naive")
    assert reason in verdict.message


def test_list_too_large_to_be_sent_is_called_a_list(oracle_channel):
    channel, _ = oracle_channel(assignment="08-image-features")
    verdict = channel.judge(lambda images: [[0.0] * 100 for _ in images], "describe")
    assert "describe returned a list" in verdict.message and verdict.mistake is None


def test_none_among_several_values_is_not_taken_for_a_missing_return():
    verdict = judge_here(
        EXERCISES["search_hyperparameters"],
        lambda train_and_score, grid: (None, {}),
        np.random.default_rng(0),
    )
    assert "best_setting is None, expected a tuple" in verdict.message
