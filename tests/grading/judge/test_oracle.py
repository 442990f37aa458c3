"""The oracle: what it refuses, its bounds, and what it believes of what it is told."""

import io
import itertools
import socket
import threading

import numpy as np
import pytest

from cs231n_utils.checking.channel import ChannelError, send
from cs231n_utils.checking.observe import observe
from grading.exercises import EXERCISES
from grading.judge.oracle import MAX_VERDICTS, Oracle, put_questions
from grading.judge.question import questions_of
from grading.judge.recognition import Cause

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
        list(put_questions(exercise, np.random.default_rng(0), replies, io.BytesIO()))


def wrong_in_one_part(scores):
    """A softmax without a shift: right but for large scores."""
    return np.exp(scores) / np.exp(scores).sum(axis=-1, keepdims=True)


@pytest.mark.parametrize("fails", ["recognize", "relation"])
def test_points_stand_though_what_explains_a_mistake_fails(fails, oracle_channel, monkeypatch):
    def fault(*_):
        raise ZeroDivisionError

    monkeypatch.setattr("grading.judge.diagnosis.recognize", lambda *_: Cause())
    monkeypatch.setattr(f"grading.judge.diagnosis.{fails}", fault)
    channel, ledger = oracle_channel()
    verdict = channel.judge(wrong_in_one_part, "softmax")
    assert verdict.parts == {"value": True, "stable": False} and verdict.points == 2
    assert not verdict.mistakes and ledger[0]["points"] == 2


def test_points_stand_though_the_channel_breaks_in_a_call_that_decides_nothing():
    exercise, asked = EXERCISES["softmax"], []
    replies = io.BytesIO()
    for question in questions_of(exercise, np.random.default_rng(0), clocked=False):
        for call in question.case.calls:
            send(replies, observe(lambda scores: 0 * scores, list(call)))
            asked.append(call)
    replies.seek(0)
    turns = put_questions(exercise, np.random.default_rng(0), replies, io.BytesIO())
    with pytest.raises(StopIteration) as ended:
        while True:
            next(turns)
    assert sum(len(question.observations) for question in ended.value.value) == len(asked)


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


def test_function_is_evaluated_here_and_its_record_is_ours(oracle_channel):
    channel, _ = oracle_channel()
    reference = EXERCISES["eval_numerical_gradient"].reference

    def wastes(f, x, h=1e-5):
        f(x), f(x)
        return reference(f, x, h)

    assert channel.judge(reference, "eval_numerical_gradient").passed
    verdict = channel.judge(wastes, "eval_numerical_gradient")
    assert verdict.reasons.keys() == {"evaluations"}


def test_call_that_a_function_cannot_take_is_an_error_of_the_answer(oracle_channel):
    channel, _ = oracle_channel()
    said = []

    def tries(f, x, h=1e-5):
        for point in (object(), np.zeros(1 << 18), np.zeros((7, 7, 7))):
            try:
                f(point)
            except (TypeError, ValueError) as error:
                said.append(str(error))
        return EXERCISES["eval_numerical_gradient"].reference(f, x, h)

    assert channel.judge(tries, "eval_numerical_gradient").passed
    assert said[0] == "got a value of type object, expected an array of numbers"
    assert "far larger than" in said[1] and len(said) % 3 == 0


def test_call_of_a_function_takes_little_memory(oracle_channel):
    channel, _ = oracle_channel()

    def tries(loss_and_grad, *_):
        n = 6_000
        with pytest.raises(ValueError, match="far larger"):
            loss_and_grad(np.ones((1, n)), np.ones((n, 1)), np.zeros(n, int), 0.0)
        raise NotImplementedError

    assert "is not written yet" in channel.judge(tries, "train_sgd").message


@pytest.mark.parametrize(
    ("seconds", "grown", "said"),
    [(0.05, 1e6, ""), (5.0, 1e6, "5 s of processor time"), (0.05, 9e7, "90 MB of memory")],
)
def test_time_and_memory_read_from_outside_decide(seconds, grown, said, oracle_channel):
    readings = itertools.cycle([(0.0, 0.0, 1e8), (seconds, 1e8 + grown, 1e8)])
    channel, _ = oracle_channel(meter=lambda: next(readings))
    verdict = channel.judge(EXERCISES["softmax_vjp"].reference, "softmax_vjp")
    assert said in verdict.message and verdict.passed is (not said)


def test_time_is_read_only_of_an_answer_that_is_right_so_far(oracle_channel):
    def never():
        raise AssertionError

    channel, _ = oracle_channel(meter=never)
    assert not channel.judge(lambda p, v: p, "softmax_vjp").passed
