"""The conversation of a kernel with its oracle."""

import io
import os
import signal
import socket
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from cs231n_utils.checking import client
from cs231n_utils.checking.channel import CAUGHT, Opaque, Recipe, receive, send
from cs231n_utils.checking.client import ORACLE_FD, OracleClient, course_root
from grading.exercises import EXERCISES

if os.name == "nt":
    pytest.skip("an inherited channel is a Unix socket", allow_module_level=True)


@pytest.fixture
def oracle(monkeypatch):
    """The other end of a channel that this process has inherited."""
    ours, theirs = socket.socketpair()
    monkeypatch.setenv(ORACLE_FD, str(theirs.fileno()))
    monkeypatch.setattr(OracleClient, "_current", None)
    with ours, theirs, ours.makefile("rwb") as stream:
        yield stream


def ask(stream, *arguments, count_work=False):
    send(stream, {"op": "call", "arguments": list(arguments), "count_work": count_work})
    stream.flush()


def end(stream):
    send(stream, {"op": "verdict", "verdict": {"exercise": "double", "points": 1.0}})
    stream.flush()


def test_inherited_channel_is_taken_kept_and_not_for_self_study(oracle):
    channel = OracleClient.current()
    assert OracleClient.current() is channel and not channel.local
    OracleClient.forget()
    assert OracleClient.current() is channel, "in grading there is one channel only"
    assert course_root() is None


@pytest.mark.parametrize("in_notebook", [True, False])
def test_oracle_starts_ahead_in_a_notebook_alone(monkeypatch, in_notebook):
    opened = []
    monkeypatch.setattr(OracleClient, "current", classmethod(lambda cls: opened.append(1)))
    monkeypatch.delitem(sys.modules, "ipykernel", raising=False)
    if in_notebook:
        monkeypatch.setitem(sys.modules, "ipykernel", sys)
    OracleClient.open_ahead()
    assert len(opened) == in_notebook


def test_oracle_that_does_not_start_ahead_breaks_no_import(monkeypatch):
    def refuse(cls):
        raise OSError("no more processes")

    monkeypatch.setattr(OracleClient, "current", classmethod(refuse))
    monkeypatch.setitem(sys.modules, "ipykernel", sys)
    OracleClient.open_ahead()


def test_function_is_called_as_asked_until_the_verdict_comes(oracle):
    ask(oracle, 2.0)
    ask(oracle, np.ones(2))
    end(oracle)
    verdict = OracleClient.current().judge(lambda a: 2 * a, "double")
    assert (verdict.exercise, verdict.points) == ("double", 1.0)
    assert receive(oracle) == {"op": "judge", "exercise": "double"}
    first, second = receive(oracle), receive(oracle)
    assert (first["op"], first["outcome"], first["value"]) == ("observed", "returned", 4.0)
    assert second["value"].tolist() == [2, 2]


def test_value_too_large_to_be_sent_is_sent_as_its_type(oracle):
    ask(oracle, 1.0)
    end(oracle)
    OracleClient.current().judge(lambda a: [np.zeros(1 << 19)] * 3, "double")
    receive(oracle)
    observed = receive(oracle)
    assert observed["outcome"] == "returned"
    assert isinstance(observed["value"], Opaque) and observed["value"].type_name == "list"


def test_function_argument_is_evaluated_by_the_oracle(oracle):
    ask(oracle, 2.0, Recipe("remote", names=None), Recipe("remote", names=["twice", "right"]))
    for reply in ({"value": 7.5}, {"value": (1.0, np.ones(2))}):
        send(oracle, reply)
    send(oracle, {"error": {"type": "ValueError", "message": "no such setting"}})
    end(oracle)
    kept = []

    def answer(x, f, gradients):
        kept.append(f)
        assert f(x, reg=0.5) == 7.5 and gradients["right"](np.zeros(3))[1].tolist() == [1, 1]
        with pytest.raises(ValueError, match="no such setting"):
            f([1])
        return 3

    assert OracleClient.current().judge(answer, "double").points == 1.0
    assert receive(oracle)["op"] == "judge"
    first, second, third, observed = (receive(oracle) for _ in range(4))
    assert first == {"op": "evaluate", "function": 1, "arguments": [2.0], "named": {"reg": 0.5}}
    assert second["function"] == [2, "right"] and third["arguments"] == [[1]]
    assert observed["value"] == 3
    with pytest.raises(RuntimeError, match="is over"):
        kept[0](1.0)


def test_check_within_a_check_and_beside_one_is_a_sentence(oracle):
    ask(oracle, 1.0)
    end(oracle)
    messages = []

    def checks(a):
        def elsewhere():
            messages.append(OracleClient.current().judge(checks, "double").message)

        elsewhere()
        thread = threading.Thread(target=elsewhere)
        thread.start()
        thread.join()

    assert OracleClient.current().judge(checks, "double").judged
    assert "called check while it was checked" in messages[0]
    assert "another check is running" in messages[1]


def test_interrupt_is_observed_also_if_it_was_caught(oracle):
    def interrupted(a):
        signal.raise_signal(signal.SIGINT)

    def catches(a):
        try:
            interrupted(a)
        except BaseException:
            return 1.0

    for answer, caught in ((interrupted, False), (catches, True)):
        ask(oracle, 1.0)
        ask(oracle, 1.0)
        end(oracle)
        OracleClient.current().judge(answer, "double")
        receive(oracle)
        observed, rest = receive(oracle), receive(oracle)
        assert observed["outcome"] == rest["outcome"] == "interrupted"
        assert (observed["error"]["message"] == CAUGHT) == caught
        assert caught or observed["error"]["code"] == "signal.raise_signal(signal.SIGINT)"


def test_interrupt_at_any_moment_leaves_the_channel_in_step(oracle_channel):
    channel, _ = oracle_channel(max_verdicts=None)
    reference, shown = EXERCISES["one_sided_slopes"].reference, sys.stdout

    def interrupted_at(moment):
        """Whether a check is over before that many functions have been called in it."""
        left = moment

        def step(frame, event, argument):
            nonlocal left
            left -= 1
            if not left:
                sys.settrace(None)
                signal.raise_signal(signal.SIGINT)

        sys.settrace(step)
        try:
            channel.judge(reference, "one_sided_slopes")
        except KeyboardInterrupt:
            return False
        finally:
            sys.settrace(None)
        return left > 0

    moments = range(1, 100_000, 29)
    assert next(moment for moment in moments if interrupted_at(moment)) > 1_000
    assert channel.judge(reference, "one_sided_slopes").passed
    assert sys.stdout is shown


def test_function_argument_is_called_from_threads_but_not_from_other_processes(oracle):
    ask(oracle, Recipe("remote", names=None))
    for value in range(40):
        send(oracle, {"value": value})
    end(oracle)

    def answer(f):
        with ThreadPoolExecutor(4) as pool:
            found = sorted(pool.map(f, range(40)))
        child = os.fork()
        if not child:
            try:
                f(1.0)
            except RuntimeError:
                os._exit(3)
            os._exit(0)
        return found, os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

    OracleClient.current().judge(answer, "double")
    *_, observed = [receive(oracle) for _ in range(42)]
    assert observed["value"] == (list(range(40)), 3)


def test_call_from_a_thread_is_over_before_the_answer_is_sent(oracle):
    ask(oracle, Recipe("remote", names=None))
    threads, found = [], []

    def answer(f):
        threads.append(threading.Thread(target=lambda: found.append(f(1.0))))
        threads[0].start()
        assert receive(oracle)["op"] == "judge" and receive(oracle)["op"] == "evaluate"
        threads.append(threading.Timer(0.2, lambda: (send(oracle, {"value": 2.0}), end(oracle))))
        threads[1].start()

    assert OracleClient.current().judge(answer, "double").points == 1.0
    threads[0].join(10)
    assert found == [2.0]


def test_answer_that_is_not_written_did_not_run(oracle):
    def unwritten(a):
        raise NotImplementedError

    for function, ran in ((unwritten, False), (lambda a: a, True)):
        ask(oracle, 1.0)
        end(oracle)
        channel = OracleClient.current()
        channel.judge(function, "double")
        assert channel.answer_ran is ran


def test_clone_is_found_where_the_oracle_lies(monkeypatch):
    monkeypatch.delenv(ORACLE_FD, raising=False)
    assert (course_root() / "grading" / "judge" / "oracle.py").is_file()


def test_broken_local_channel_is_dropped(monkeypatch):
    monkeypatch.delenv(ORACLE_FD, raising=False)
    streams = io.BytesIO(), io.BytesIO()
    monkeypatch.setattr(OracleClient, "_current", OracleClient(*streams, local=True))
    OracleClient.forget()
    assert OracleClient._current is None and all(stream.closed for stream in streams)


def test_environment_variable_is_the_one_that_the_sandbox_sets():
    from grading.sandbox import inside

    server = os.path.join(os.path.dirname(inside.__file__), "server.py")
    with open(server, encoding="utf-8") as file:
        assert f'"{client.ORACLE_FD}"' in file.read()
