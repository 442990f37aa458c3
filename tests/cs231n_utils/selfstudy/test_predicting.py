"""Predictions as a notebook poses them, and as they are answered without a widget."""

import subprocess
import sys

import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from cs231n_utils import predict_first
from cs231n_utils.selfstudy import predicting

ASKED = {
    "right": "ln 10",
    "wrong": {"9 & more": "That is the <hinge> loss."},
    "why": "Each class has probability 1/10.",
}


@pytest.fixture(autouse=True)
def _nothing_posed(monkeypatch):
    monkeypatch.setattr(predicting, "_POSED", {})


def pose(name="01-start", **changed):
    predict_first(name, "What is the loss?", **{**ASKED, **changed})


def test_plain_question_is_answered_by_name_and_shown_with_its_answer_ever_after(capsys):
    pose()
    shown = capsys.readouterr().out
    assert "1  ln 10" in shown or "2  ln 10" in shown
    assert shown.endswith('answer so: predict_first.answer("01-start", 1)\n')
    assert "probability" not in shown
    predict_first.answer("01-start", "9 & more")
    answered = "Your prediction: 9 & more\nThe result: ln 10\nThat is the <hinge> loss.\nEach class"
    assert capsys.readouterr().out.startswith(answered)
    pose()
    assert answered in capsys.readouterr().out


def test_name_or_answer_that_does_not_exist_is_said_in_one_sentence(capsys):
    predict_first.answer("01-start", 1)
    assert capsys.readouterr().out == (
        "There is no question '01-start' yet: run its predict_first(...) cell first.\n"
    )
    pose()
    capsys.readouterr()
    predict_first.answer("01-start", 3)
    assert capsys.readouterr().out == "Got 3, expected one of the choices, or 1 to 2.\n"


@pytest.mark.parametrize("right", [None, True, float("nan"), [1, 2, 3]])
def test_right_answer_that_is_none_is_refused(right):
    with pytest.raises(ValueError, match="expected a text"):
        pose(right=right)


def test_arrays_make_it_a_curve_that_can_be_said_in_words(capsys):
    pose(
        right=(np.arange(3), np.array([5, 2, 1])),
        wrong={"rises": "It cannot.", (5, 3, 1): "Not so straight."},
        axes=("step", "loss"),
    )
    shown = capsys.readouterr().out
    assert "  2  falls\n" in shown and shown.endswith('predict_first.answer("01-start", 1)\n')
    predict_first.answer("01-start", 1)
    answered = "Your prediction: rises\nThe result: falls from 5 to 1\nIt cannot.\nEach class"
    assert capsys.readouterr().out.startswith(answered)
    predict_first.answer("01-start", [5, 2, 1])
    assert "This time: falls from 5 to 1\nThe result: falls" in capsys.readouterr().out


class Shell(InteractiveShell):
    """A shell that says which cell runs, as JupyterLab does."""

    cell = "a"

    def get_parent(self):
        return {"metadata": {"cellId": self.cell}}


@pytest.fixture
def shell(monkeypatch):
    shell = Shell.instance()
    yield shell
    Shell.clear_instance()


def test_name_that_another_cell_has_is_refused(shell, monkeypatch):
    monkeypatch.setattr(predicting, "find_spec", lambda name: None)
    with capture_output():
        pose()
        pose(why="An author changes a word.")
        shell.cell = "b"
        pose(why="An author changes a word.")  # moved to another cell
        shell.cell = "c"
        with pytest.raises(ValueError, match="a name that another cell has"):
            pose(why="Another question.")


def test_html_folds_the_answer_away_until_there_is_one(shell, monkeypatch):
    monkeypatch.setattr(predicting, "find_spec", lambda name: None)
    with capture_output() as output:
        pose()
        predict_first.answer("01-start", "9 & more")
        pose()
    before, answered, after = (shown.data["text/html"] for shown in output.outputs)
    folded = "<details><summary>Answer</summary>ln 10. Each class has probability 1/10.</details>"
    assert folded in before and "<li>9 &amp; more</li>" in before
    assert after == answered
    assert "<details>" not in after and "&lt;hinge&gt;" in after


def test_without_anywidget_a_question_is_asked_all_the_same():
    program = """
import sys
sys.modules["anywidget"] = None
from IPython.core.interactiveshell import InteractiveShell
InteractiveShell.instance()
from cs231n_utils import predict_first
predict_first("01-start", "What?", right=2.3, wrong={9: "Hinge."}, why="So.")
"""
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    assert 'predict_first.answer("01-start", 7)' in ran.stdout
