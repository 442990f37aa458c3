"""Observing a call: what is kept of its value, arguments and errors, and what is counted."""

import collections
import threading
from traceback import TracebackException

import numpy as np

from cs231n_utils.checking.channel import Recipe
from cs231n_utils.checking.observe import UNCOUNTED, observe


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
