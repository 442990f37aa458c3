"""Interrupts: they end an answer's call, and never come in the middle of a message."""

import contextlib
import signal

import pytest

from cs231n_utils.checking.interrupts import Interrupts


def interrupt():
    signal.raise_signal(signal.SIGINT)


def test_interrupt_of_a_call_is_raised_in_it_and_goes_no_further():
    reached = []
    with Interrupts() as interrupts:
        with interrupts.allowed():
            interrupt()
            reached.append("rest of the call")
        assert interrupts.any and not reached
    with pytest.raises(KeyboardInterrupt):
        interrupt()


def test_interrupt_that_an_answer_catches_is_known():
    with Interrupts() as interrupts:
        with interrupts.allowed(), contextlib.suppress(BaseException):
            interrupt()
        assert interrupts.any


def test_interrupt_in_a_message_waits_for_its_end():
    events = []
    with Interrupts() as interrupts:
        with interrupts.allowed():
            with Interrupts.postponed():
                interrupt()
                events.append("whole message")
            events.append("rest of the call")
        assert interrupts.any and events == ["whole message"]


def test_second_interrupt_does_not_wait():
    with Interrupts(), pytest.raises(KeyboardInterrupt):
        interrupt()
        interrupt()


def test_outside_of_a_check_nothing_changes():
    with Interrupts.postponed(), pytest.raises(KeyboardInterrupt):
        interrupt()
