"""Interrupts: they end an answer's call, and never come in the middle of a message."""

import contextlib
import signal
import threading

import pytest

from cs231n_utils.checking.interrupts import Interrupts


def interrupt():
    signal.raise_signal(signal.SIGINT)


def test_interrupt_of_a_call_is_raised_in_it_and_goes_no_further():
    reached = []

    def call():
        interrupt()
        reached.append("rest of the call")

    with Interrupts() as interrupts:
        assert interrupts.allowed(call) is None
        assert interrupts.any and interrupts.raised and not reached
    with pytest.raises(KeyboardInterrupt):
        interrupt()


def test_interrupt_that_an_answer_catches_is_known():
    def call():
        with contextlib.suppress(BaseException):
            interrupt()
        return 3

    with Interrupts() as interrupts:
        assert interrupts.allowed(call) == 3
        assert interrupts.any and interrupts.raised


def test_interrupt_in_a_message_waits_for_its_end():
    events = []

    def message():
        interrupt()
        events.append("whole message")

    def call():
        interrupts.postponed(message)
        events.append("rest of the call")

    with Interrupts() as interrupts:
        interrupts.allowed(call)
        assert interrupts.raised and events == ["whole message"]


def test_interrupt_in_a_message_is_not_raised_in_another_thread():
    sent, interrupted, events = threading.Event(), threading.Event(), []

    def message():
        sent.set()
        interrupted.wait()

    def other():
        interrupts.postponed(message)
        events.append("rest of the other thread")

    with Interrupts() as interrupts:
        thread = threading.Thread(target=other)
        thread.start()
        sent.wait()
        interrupt()
        interrupted.set()
        thread.join()
        assert interrupts.any and not interrupts.raised and events


def test_second_interrupt_does_not_wait():
    with Interrupts(), pytest.raises(KeyboardInterrupt):
        interrupt()
        interrupt()
