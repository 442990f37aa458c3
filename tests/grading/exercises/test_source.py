"""Sources of references, and of what they become when some of their switches are set."""

import pytest

from grading.exercises import EXERCISES
from grading.exercises.describe import Twisted
from grading.exercises.source import body, reference_source


def twisted(is_, a, n):
    total = sum(abs(x) if is_("signs lost") else x for x in a)
    if is_("no mean") and not is_("nothing"):
        return total
    elif is_("counts one more") or n < 0:
        n = n + 1
    return total / n


@pytest.mark.parametrize(
    ("made", "lines"),
    [
        ((), ["total = sum((x for x in a))", "if n < 0:", "    n = n + 1", "return total / n"]),
        (("no mean",), ["total = sum((x for x in a))", "return total", "return total / n"]),
        (
            ("signs lost", "counts one more"),
            ["total = sum((abs(x) for x in a))", "n = n + 1", "return total / n"],
        ),
    ],
)
def test_only_what_the_switches_choose_is_left(made, lines):
    slips = dict.fromkeys(("signs lost", "no mean", "nothing", "counts one more"), "Mend it.")
    assert body(Twisted(twisted, slips).making(*made)) == [f"    {line}" for line in lines]


def test_source_of_a_reference_is_without_its_decorator():
    source = reference_source(EXERCISES["accuracy"].reference)
    assert source.startswith("def accuracy(scores, y):\n") and source.splitlines()[1:] == body(
        EXERCISES["accuracy"].reference
    )
