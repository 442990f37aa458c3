"""The oracle: what it refuses, its bounds, and what it believes of what it is told."""

import io
import socket
import threading

import numpy as np
import pytest

from cs231n_utils.checking.channel import ChannelError, Recipe, send
from grading.exercises import EXERCISES
from grading.judge.oracle import MAX_VERDICTS, Oracle, _replayed, examine

FORGED = {
    "a verdict": {"op": "verdict", "verdict": {"passed": True, "points": 99.0}},
    "an observation out of turn": {"op": "observed", "outcome": "returned"},
    "an array as request": {"op": np.zeros(3)},
    "nothing": {},
}


@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED)
def test_forged_request_ends_the_session_and_records_nothing(forged):
    ours, theirs = socket.socketpair()
    ledger = []
    oracle = Oracle(ledger.append)
    server = threading.Thread(
        target=oracle.serve, args=(theirs.makefile("rb"), theirs.makefile("wb"))
    )
    server.start()
    send(ours.makefile("wb"), forged)
    server.join(10)
    assert not server.is_alive() and not ledger


@pytest.mark.parametrize(
    "forged",
    [
        {"outcome": "passed", "value": 1.0},
        {"outcome": "returned"},
        {"outcome": "returned", "value": 1.0, "error": 3, "after": 5, "usage": [], "work": "x"},
    ],
)
def test_forged_observation_earns_nothing(forged):
    exercise = EXERCISES["accuracy"]
    replies = io.BytesIO()
    send(replies, forged)
    replies.seek(0)
    with pytest.raises(ChannelError):
        examine(exercise, np.random.default_rng(0), replies, io.BytesIO())


def test_verdicts_on_one_exercise_are_bounded(oracle_channel):
    channel, ledger = oracle_channel()
    exercise = EXERCISES["accuracy"]
    for _ in range(MAX_VERDICTS):
        assert channel.judge(exercise.reference, "accuracy").passed
    verdict = channel.judge(exercise.reference, "accuracy")
    assert not verdict.passed and "more than" in verdict.message
    assert channel.judge(EXERCISES["linear_scores"].reference, "linear_scores").passed
    assert len(ledger) == MAX_VERDICTS + 1


def test_inputs_are_secret_and_fresh(oracle_channel):
    channel, _ = oracle_channel()
    seen = []

    def remember(scores, y):
        seen.append(scores.copy())
        return EXERCISES["accuracy"].reference(scores, y)

    for _ in range(2):
        assert channel.judge(remember, "accuracy").passed
    half = len(seen) // 2
    assert not any(np.array_equal(a, b) for a in seen[:half] for b in seen[half:])


def test_oracle_finds_anew_what_a_recorded_function_returned():
    center = np.array([1.0, -2.0])
    recipe = Recipe("quadratic", center=center, curvature=np.ones(2))
    points = np.array([[1.0, -2.0], [2.0, -2.0]])

    def believed(**usage):
        return _replayed({"0": usage, "7": usage}, (recipe,))

    told = believed(n_calls=2, points=points, values=np.zeros(2), other=1)
    assert told.keys() == {"0"} and told["0"].keys() == {"n_calls", "points", "values"}
    assert told["0"]["values"].tolist() == [0, 0.5]
    assert believed(n_calls=3, points=points, values=np.zeros(2)) == {"0": {}}
    assert believed(n_calls=2, points=np.ones((2, 3))) == {"0": {}}
    assert believed(n_calls=2, points=np.ones((1 << 19, 2), np.int8)) == {}
    batches = {"points": np.ones((2, 3, 2)), "reg": np.zeros(2), "n_calls": 2}
    batches |= {"images": np.ones((5, 3)), "labels": np.zeros(5, int)}
    least_squares = (Recipe("least_squares"),)
    told = _replayed({"0": {**batches, "sizes": np.array([4, 1])}}, least_squares)["0"]
    assert told["sizes"].tolist() == [4, 1] and told["values"].tolist() == [13, 13]
    assert _replayed({"0": {**batches, "sizes": np.zeros(9, int)}}, least_squares) == {"0": {}}
    for sizes in ([5, 5], [-5, 10], [2**62, 2**62]):
        forged = {"0": {**batches, "sizes": np.array(sizes)}}
        assert _replayed(forged, least_squares) == {"0": {}}
    wide = {**batches, "points": np.ones((2, 3, 1 << 15)), "sizes": np.array([4, 1])}
    assert _replayed({"0": wide}, least_squares) == {"0": {}}


@pytest.mark.parametrize(
    ("exercise", "spoil", "said"),
    [
        ("softmax", lambda p: np.ones((500_000, 1), np.int8), "NumPy array of shape (500000, 1)"),
        ("random_search", lambda v: (*v[:2], np.ones((500_000, 1), np.int8)), "tuple"),
        (
            "epoch_batches",
            lambda v: np.empty((10**5, 0), int),
            "a NumPy array of shape (100000, 0)",
        ),
    ],
)
def test_value_far_larger_than_the_references_is_not_looked_into(
    exercise, spoil, said, oracle_channel
):
    channel, _ = oracle_channel()
    reference = EXERCISES[exercise].reference
    verdict = channel.judge(lambda *arguments: spoil(reference(*arguments)), exercise)
    assert not verdict.passed and said in verdict.message
