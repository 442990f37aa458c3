"""``check`` in a notebook, and ``judge`` below it: with an oracle, and without."""

import numpy as np
import pytest
from IPython.core.formatters import DisplayFormatter

from cs231n_utils import checks
from cs231n_utils.checking.verdict import CheckFailed, Verdict
from cs231n_utils.checks import check, judge


def test_check_starts_an_oracle_of_its_own_and_raises_when_something_fails(capsys):
    def accuracy(scores, y):
        return float(np.mean(np.argmax(scores, axis=1) == y))

    verdict = check(accuracy)
    assert verdict.passed and "1 of 1 points" in capsys.readouterr().out
    assert DisplayFormatter().format(verdict) == ({}, {})  # where a cell ends in check(accuracy)
    with pytest.raises(CheckFailed, match="0 of 3 points"):
        check(accuracy, exercise="softmax")
    assert issubclass(CheckFailed, AssertionError)


FORMS = {
    "an object": "class Accuracy:\n    __call__ = staticmethod(accuracy)\naccuracy = Accuracy()",
    "a partial": "import functools\naccuracy = functools.partial(accuracy)",
    "a lambda": "mine = accuracy\naccuracy = lambda scores, y: mine(scores, y)",
    "another name": "def my_accuracy(*both):\n    return mine(*both)\nmine, accuracy = accuracy, "
    "my_accuracy",
}


@pytest.mark.parametrize("form", FORMS)
def test_an_answer_goes_by_the_name_that_the_cell_calls_it_by(form, monkeypatch):
    judged = []
    monkeypatch.setattr(checks, "judge", lambda _, name: judged.append(name) or Verdict("", True))
    cell = {"accuracy": lambda scores, y: 1.0, "check": check}
    exec(FORMS[form], cell)
    exec("verdict = check(accuracy)", cell)
    assert judged == ["accuracy"]


def test_judge_raises_nothing_and_says_how_to_call_it():
    assert "write check(softmax)" in judge(3.0).message
    assert "There is no exercise" in judge(lambda: None, exercise="nonsense").message


def test_without_a_clone_check_says_that_grading_happens_on_hand_in(monkeypatch, capsys):
    monkeypatch.setattr(checks.OracleClient, "_current", None)
    monkeypatch.setattr(checks.OracleClient, "_local", classmethod(lambda cls: None))
    verdict = check(len, exercise="accuracy")
    assert not verdict.judged and "when you hand in" in capsys.readouterr().out
