"""Observing a call: what is kept of its value, arguments and errors, and what is counted."""

import collections
import tracemalloc
import warnings

import numpy as np

from cs231n_utils.checking.observe import observe


def test_containers_of_all_kinds_are_taken_for_what_they_hold():
    pair = collections.namedtuple("Pair", "loss gradient")(1.5, np.ones(2))
    loss, gradient = observe(lambda: pair, [])["value"]
    assert loss == 1.5 and gradient.tolist() == [1, 1]
    counts = collections.Counter("aab"), collections.OrderedDict(a=1)
    assert observe(lambda: counts, [])["value"] == ({"a": 2, "b": 1}, {"a": 1})
    names = observe(lambda: set(np.array(["twice", "no l1"])), [])["value"]
    assert names == {"twice", "no l1"} and set(map(type, names)) == {str}


def test_function_gets_a_copy_of_each_array_that_lies_in_memory_alike():
    got = []
    drawn = [np.ones((3, 2)).T, np.ones((4, 6))[:, ::2]]
    observe(lambda *arrays: got.extend(arrays), drawn)
    assert got[0].flags.f_contiguous and not got[1].flags.forc
    assert all(map(np.array_equal, got, drawn)) and not any(map(np.shares_memory, got, drawn))


def test_value_is_an_independent_copy_and_copying_costs_no_lines():
    mine = np.zeros(3)
    observed = observe(lambda: (mine, [0.5] * 900, {"a": [{1, 2}] * 50}), [], count_work=True)
    mine += 1
    assert observed["value"][0].tolist() == [0, 0, 0] and observed["work"] < 20


def test_warnings_are_no_errors_whatever_the_notebook_has_set():
    def warns():
        warnings.warn("a warning", stacklevel=1)
        return float(np.exp(np.array(-1e4)))

    with np.errstate(all="raise"), warnings.catch_warnings():
        warnings.simplefilter("error")
        assert observe(warns, [])["value"] == 0
        assert np.geterr()["under"] == "raise"


def test_memory_is_counted_beside_the_lines_and_leaves_no_trace():
    def takes(n):
        return np.ones(n).sum()

    assert 8e6 < observe(takes, [1_000_000], count_work=True)["memory"] < 9e6
    assert observe(takes, [1_000_000])["memory"] == 0
    assert not tracemalloc.is_tracing()
    tracemalloc.start()
    try:
        np.ones(2_000_000)
        assert observe(takes, [1_000], count_work=True)["memory"] < 1e6
        assert tracemalloc.is_tracing()
    finally:
        tracemalloc.stop()


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
