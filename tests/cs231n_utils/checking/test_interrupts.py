"""Interrupts: they end an answer's call, and never come in the middle of a message."""

import contextlib
import signal
import threading

import pytest

from cs231n_utils.checking.interrupts import Interrupts, interruptible


def interrupt():
    signal.raise_signal(signal.SIGINT)


def test_interrupt_is_raised_in_an_answer_and_waits_elsewhere():
    reached = []

    @interruptible
    def answer():
        interrupt()
        reached.append("rest of the answer")

    with Interrupts() as interrupts:
        interrupt()
        assert interrupts.any and not interrupts.raised
    with Interrupts() as interrupts:
        with pytest.raises(KeyboardInterrupt):
            answer()
        assert interrupts.any and interrupts.raised and not reached
    with pytest.raises(KeyboardInterrupt):
        interrupt()


def test_interrupt_that_an_answer_catches_is_known():
    @interruptible
    def answer():
        with contextlib.suppress(BaseException):
            interrupt()

    with Interrupts() as interrupts:
        answer()
        assert interrupts.any and interrupts.raised


def test_interrupt_in_a_message_waits_for_its_end():
    events = []

    def message():
        interrupt()
        events.append("whole message")

    @interruptible
    def answer():
        interrupts.postponed(message)
        events.append("rest of the answer")

    with Interrupts() as interrupts:
        with pytest.raises(KeyboardInterrupt):
            answer()
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
