"""The oracle and its channel: properties, bounds, and hostile messages."""

import collections
import io
import json
import multiprocessing
import socket
import struct
import threading
from traceback import TracebackException

import numpy as np
import pytest

from cs231n_utils.checking.channel import ChannelError, Opaque, Recipe, _read_head, receive, send
from cs231n_utils.checking.observe import UNCOUNTED, observe
from cs231n_utils.checking.recipes import RECIPES
from cs231n_utils.checking.verdict import CheckFailed
from cs231n_utils.checks import check, judge
from grading.classroom import pool
from grading.exercises import EXERCISES
from grading.judge.oracle import MAX_VERDICTS, Oracle, _replayed, examine
from grading.submission.execute import JUDGE
from grading.submission.grade import Settings
from grading.submission.read import Task


def through_the_channel(value):
    stream = io.BytesIO()
    send(stream, {"value": value})
    stream.seek(0)
    return receive(stream)["value"]


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        3,
        -1.5,
        float("inf"),
        "text",
        [1, 2.0],
        (1, (2, "a")),
        {"a": 1, ("b", 2): 0.5},
        {"x", "y"},
    ],
)
def test_plain_values_arrive_as_they_were_sent(value):
    assert through_the_channel(value) == value


@pytest.mark.parametrize("dtype", ["?", "i1", "u8", ">i4", "f2", "f4", "f8", "c16"])
def test_arrays_arrive_with_dtype_and_shape(dtype):
    array = np.arange(6).reshape(2, 3).astype(dtype)
    arrived = through_the_channel(array)
    assert arrived.dtype == array.dtype and np.array_equal(arrived, array)


def test_what_cannot_be_sent_arrives_as_the_name_of_its_type():
    class Forged(np.ndarray):
        def __array_ufunc__(self, *_, **__):
            return True

    assert isinstance(through_the_channel(len), Opaque)
    assert isinstance(through_the_channel(np.array([object()])), Opaque)
    assert isinstance(through_the_channel(np.zeros(1, dtype=[("a", "f4")])), Opaque)
    assert type(through_the_channel(np.zeros(3).view(Forged))) is np.ndarray
    nested = value = []
    for _ in range(50):
        value.append([])
        value = value[0]
    assert isinstance(through_the_channel(nested), list)


def test_values_beyond_the_bounds_are_refused_by_the_sender():
    with pytest.raises(ChannelError, match="too large"):
        send(io.BytesIO(), {"value": [np.zeros(1 << 19), np.zeros(1 << 19), np.zeros(1)]})


def test_an_array_beyond_the_bound_is_described_without_being_copied():
    seen = through_the_channel(np.broadcast_to(1.0, (10**6, 10**6)))
    assert isinstance(seen, Opaque) and "1,000,000,000,000 entries" in seen.type_name


def message(header, *arrays):
    data = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack(">I", len(data)) + data + b"".join(arrays)


def npy(array, **options):
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, array, **options)
    return buffer.getvalue()


OBJECTS = npy(np.array([{}], dtype=object), allow_pickle=True)
LYING = npy(np.zeros(4))[:-8]
HUGE = npy(np.zeros(1)).replace(b"(1,)", b"(1000000000000,)").replace(b"            ", b"", 1)
STRUCTURED = npy(np.zeros(2, dtype=[("a", "f8")]))

HOSTILE = {
    "not json": message(b"\x80\x04not json"),
    "header too long": struct.pack(">I", 1 << 31) + b"x" * 100,
    "cut short": struct.pack(">I", 50) + b"{",
    "no body": message({"arrays": []}),
    "a list": message([1, 2]),
    "negative size": message({"body": {"dict": []}, "arrays": [-1]}),
    "too many bytes": message({"body": {"dict": []}, "arrays": [1 << 40]}),
    "too many arrays": message({"body": {"dict": []}, "arrays": [0] * 5000}),
    "array index out of range": message({"body": {"dict": [["op", {"array": 7}]]}, "arrays": []}),
    "unhashable key": message({"body": {"dict": [[[1], 2]]}, "arrays": []}),
    "deep": message(b'{"arrays": [], "body": ' + b"[" * 5000 + b"]" * 5000 + b"}"),
    "bad float": message({"body": {"dict": [["op", {"float": "x"}]]}, "arrays": []}),
    "pickled objects": message({"body": {"array": 0}, "arrays": [len(OBJECTS)]}, OBJECTS),
    "less data than said": message({"body": {"array": 0}, "arrays": [len(LYING)]}, LYING),
    "more data than there is": message({"body": {"array": 0}, "arrays": [len(HUGE)]}, HUGE),
    "structured": message({"body": {"array": 0}, "arrays": [len(STRUCTURED)]}, STRUCTURED),
    "not npy": message({"body": {"array": 0}, "arrays": [4]}, b"\x93NUM"),
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_hostile_message_is_a_channel_error(data):
    with pytest.raises(ChannelError):
        receive(io.BytesIO(data))


def test_shape_of_long_numbers_is_not_multiplied():
    long = npy(np.zeros(1)).replace(b"(1,)", b"(" + 400 * (4_000 * b"9" + b", ") + b")")
    assert _read_head(npy(np.zeros(1))) and _read_head(long) is None


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
        {"outcome": "returned", "value": 1.0, "error": 3, "after": 5, "records": [], "work": "x"},
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


def test_containers_of_all_kinds_are_taken_for_what_they_hold():
    pair = collections.namedtuple("Pair", "loss gradient")(1.5, np.ones(2))
    loss, gradient = observe(lambda: pair, [])["value"]
    assert loss == 1.5 and gradient.tolist() == [1, 1]
    counts = collections.Counter("aab"), collections.OrderedDict(a=1)
    assert observe(lambda: counts, [])["value"] == ({"a": 2, "b": 1}, {"a": 1})
    names = observe(lambda: set(np.array(["twice", "no l1"])), [])["value"]
    assert names == {"twice", "no l1"} and set(map(type, names)) == {str}


def test_value_is_an_independent_copy_and_copying_costs_no_lines():
    mine = np.zeros(3)
    observed = observe(lambda: (mine, [0.5] * 900, {"a": [{1, 2}] * 50}), [], count_work=True)
    mine += 1
    assert observed["value"][0].tolist() == [0, 0, 0] and observed["work"] < 20


def test_lines_are_not_counted_where_they_could_run_in_another_thread():
    end = threading.Event()
    companion = threading.Thread(target=end.wait)
    companion.start()
    try:
        assert observe(np.ones, [2], count_work=True, alone=True)["work"] == UNCOUNTED
        assert observe(np.ones, [2], count_work=True)["work"] < 20
    finally:
        end.set()
        companion.join()


def test_oracle_finds_anew_what_a_recorded_function_returned():
    center = np.array([1.0, -2.0])
    recipe = Recipe("quadratic", center=center, curvature=np.ones(2))
    points = np.array([[1.0, -2.0], [2.0, -2.0]])

    def believed(**record):
        return _replayed({"0": record, "7": record}, (recipe,))

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


def test_function_that_is_handed_over_shows_nothing_of_itself():
    recipe = Recipe("quadratic", center=np.zeros(2), curvature=np.ones(2))

    def look(f, gradient):
        assert f(np.ones(2)) == 1.0 and gradient(np.ones(2)).shape == (2,)
        found = [getattr(g, name, None) for g in (f, gradient) for name in dir(g)]
        return [str(thing) for thing in found if "ecorded" in str(thing) or "clos" in str(thing)]

    planted = {"bug": "twice", "l2": 1.0, "l1": 1.0, **recipe.ingredients}
    assert observe(look, [recipe, Recipe("planted_gradient", **planted)])["value"] == []

    class Stop(BaseException):
        pass

    class Nosy:
        def __array__(self, *_, **__):
            raise Stop

        def __sub__(self, center):
            seen.append(center)

    def locals_seen(*functions):
        for function in functions:
            for point in (np.ones((7, 11, 5)), Nosy()):
                try:
                    function(point)
                except BaseException as error:
                    frames = TracebackException.from_exception(error, capture_locals=True).stack
                    seen.extend({"bug", "center"}.intersection(f.locals or ()) for f in frames)
        return any(map(len, seen))

    seen = []
    assert observe(locals_seen, [recipe, Recipe("planted_gradient", **planted)])["value"] is False


def test_products_are_counted_however_they_are_written():
    images = RECIPES["counted_images"](values=np.ones((4, 3)))
    images *= 1.0
    assert np.shape(a=images) == (4, 3)
    np.dot(a=images, b=np.ones(3))
    np.matmul(images, np.ones(3), out=np.empty(4))
    assert images.record() == {"n_images": 4, "dot_products": 8}


def test_worker_in_which_a_judge_goes_on_is_replaced(monkeypatch):
    end = threading.Event()

    def grade(*_):
        threading.Thread(target=end.wait, name=JUDGE).start()
        return "graded"

    monkeypatch.setattr(pool, "Sandbox", lambda confined: None)
    monkeypatch.setattr(pool, "fetch", lambda task: b"")
    monkeypatch.setattr(pool, "grade", grade)
    ours, theirs = multiprocessing.Pipe()
    worker = threading.Thread(target=pool._work, args=(theirs, Settings("test", {})))
    worker.start()
    ours.send(Task("ada", ""))
    assert ours.recv() == ("graded", True)
    end.set()
    ours.close()
    worker.join()


def test_arguments_are_the_students_own_copies():
    array = np.ones(3)
    observed = observe(lambda a: a.fill(0), [array])
    assert array.sum() == 3 and observed["after"][0].sum() == 0


def test_error_is_reported_with_type_message_and_line():
    def broken(a):
        raise KeyError("no such label")

    error = observe(broken, [np.ones(1)])["error"]
    assert error["type"] == "KeyError" and "no such label" in error["message"]
    assert error["line"] == broken.__code__.co_firstlineno + 1


def test_exit_and_interrupt_do_not_escape():
    def leave(a):
        raise SystemExit

    def interrupt(a):
        raise KeyboardInterrupt

    assert observe(leave, [1])["outcome"] == "raised"
    assert observe(interrupt, [1])["outcome"] == "interrupted"


def test_check_starts_an_oracle_of_its_own_and_raises_when_something_fails(capsys):
    def accuracy(scores, y):
        return float(np.mean(np.argmax(scores, axis=1) == y))

    verdict = check(accuracy)
    assert verdict.passed and "1 of 1 points" in capsys.readouterr().out
    with pytest.raises(CheckFailed, match="0 of 3 points"):
        check(accuracy, exercise="softmax")
    assert issubclass(CheckFailed, AssertionError)


def test_judge_raises_nothing_and_says_how_to_call_it():
    assert "write check(softmax)" in judge(3.0).message
    assert "There is no exercise" in judge(lambda: None, exercise="nonsense").message


def test_without_a_clone_check_says_that_grading_happens_on_hand_in(monkeypatch, capsys):
    from cs231n_utils import checks

    monkeypatch.setattr(checks.OracleClient, "_current", None)
    monkeypatch.setattr(checks.OracleClient, "_local", classmethod(lambda cls: None))
    verdict = check(len, exercise="accuracy")
    assert not verdict.judged and "when you hand in" in capsys.readouterr().out


def test_card_escapes_what_the_student_controls():
    verdict = judge(lambda: None, exercise="<script>alert(1)</script>")
    assert "<script>" not in verdict._repr_html_()
