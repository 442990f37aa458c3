"""Answers in words: where they are read, and when a good one is shown."""

import nbformat
import pytest

from cs231n_utils import hint, solution
from cs231n_utils.selfstudy.written import UNANSWERED, own_answer
from grading.exercises import WRITTEN
from grading.handout import marks

NAME = "written-mean-image"


@pytest.fixture
def save(tmp_path, monkeypatch):
    """Saves a notebook with an answer, and makes it that of this kernel."""
    path = tmp_path / "notebook.ipynb"
    monkeypatch.setenv("JPY_SESSION_NAME", str(path))

    def save_answer(text):
        cell = nbformat.v4.new_markdown_cell(text, metadata={"nbgrader": {"grade_id": NAME}})
        nbformat.write(nbformat.v4.new_notebook(cells=[cell]), path)

    return save_answer


def test_good_answer_is_shown_once_an_own_one_is_saved(save, capsys):
    for unanswered in (UNANSWERED, " \n"):
        save(unanswered)
        solution(NAME)
        shown = capsys.readouterr().out
        assert "no answer yet" in shown and shown.count("\n") == 1
    save("The test images\nare for testing.")
    assert own_answer(NAME) == "The test images\nare for testing."
    solution(NAME)
    shown = capsys.readouterr().out
    assert WRITTEN[NAME].model in shown and WRITTEN[NAME].rubric in shown


def test_where_the_cell_is_not_found_the_good_answer_is_shown_on_request(save, capsys, tmp_path):
    assert own_answer(NAME) is None
    (tmp_path / "notebook.ipynb").write_text("{")
    assert own_answer(NAME) is None
    solution(NAME)
    assert "was not found" in capsys.readouterr().out
    solution(NAME, anyway=True)
    assert WRITTEN[NAME].model in capsys.readouterr().out


def test_there_are_no_hints_for_an_answer_in_words(capsys):
    hint(NAME)
    assert "has no hints" in capsys.readouterr().out


def test_unanswered_is_what_the_release_puts_there():
    assert UNANSWERED == marks.UNANSWERED
