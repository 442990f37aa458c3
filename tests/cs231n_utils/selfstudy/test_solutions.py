"""Solutions: when they open, and that they open early on request."""

from cs231n_utils import solution
from tests.support.accuracy_answers import (
    always_half,
    always_one,
    always_two,
    attempt,
    right,
    unwritten,
)

REFERENCE_LINE = "np.argmax(scores, axis=1) == y"


def test_solution_opens_after_three_different_answers(capsys):
    attempt(unwritten, always_half, always_half, always_one)
    solution("accuracy")
    shown = capsys.readouterr().out
    assert REFERENCE_LINE not in shown and "you have made 2." in shown
    attempt(always_two)
    assert 'solution("accuracy") shows a solution' in capsys.readouterr().out
    solution("accuracy")
    shown = capsys.readouterr().out
    assert REFERENCE_LINE in shown and "early" not in shown


def test_solution_opens_once_passed(capsys):
    attempt(right)
    solution("accuracy")
    assert REFERENCE_LINE in capsys.readouterr().out


def test_solution_on_request_comes_with_a_warning(capsys):
    solution("accuracy", anyway=True)
    shown = capsys.readouterr().out
    assert REFERENCE_LINE in shown and "You asked for it early: 0 attempts" in shown
