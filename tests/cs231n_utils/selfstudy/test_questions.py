"""Whom self-study asks, and the one sentence where there is nobody to ask."""

import matplotlib.pyplot as plt
import pytest

from cs231n_utils import data, hint, progress, solution
from cs231n_utils.checking import client
from cs231n_utils.checking.client import OracleClient
from cs231n_utils.checks import check
from cs231n_utils.ladder import ladder
from tests.support.accuracy_answers import always_half, attempt, right

REFUSAL = "belong to self-study"


@pytest.mark.parametrize("ask", [hint, solution])
def test_wrong_name_is_answered_in_one_sentence(ask, capsys):
    ask("sofmax")
    assert capsys.readouterr().out == ("There is no exercise 'sofmax': did you mean 'softmax'?\n")


@pytest.mark.parametrize(
    "ask", [progress, lambda: hint("softmax"), lambda: solution("softmax", anyway=True)]
)
def test_graded_kernel_gets_one_sentence_and_its_channel_stays_whole(
    ask, graded_kernel, capsys, progress_path
):
    ask()
    assert REFUSAL in capsys.readouterr().out
    assert check(right, exercise="accuracy").passed and len(graded_kernel) == 1
    assert not progress_path.exists()


def test_graded_card_and_ladder_keep_nothing(graded_kernel, capsys, progress_path, monkeypatch):
    monkeypatch.setattr(data, "_current_source", "official")
    plt.close(ladder({"chance": 0.1}))
    attempt(always_half)
    assert "Stuck?" not in capsys.readouterr().out
    assert not progress_path.exists()


@pytest.mark.parametrize(
    "ask", [progress, lambda: hint("softmax"), lambda: solution("softmax", anyway=True)]
)
def test_without_a_clone_there_is_one_sentence(ask, monkeypatch, capsys):
    monkeypatch.setattr(OracleClient, "_current", None)
    monkeypatch.setattr(client, "course_root", lambda: None)
    ask()
    assert capsys.readouterr().out.count("\n") == 1
