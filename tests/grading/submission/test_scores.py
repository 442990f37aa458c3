"""Third step of grading: where nbgrader reads scores, and what students read with them."""

import html

import pytest

from grading.handout.release import read_source, student_version
from tests.support.submissions import (
    ASSIGNMENT,
    FULL,
    card,
    executed,
    graded,
    solved,
)

TOTAL = sum(FULL.values())


def test_right_answers_get_all_points(sandbox):
    _, points, run = executed(solved(), sandbox)
    assert sum(points.values()) == TOTAL and not run.stopped


def test_released_notebook_gets_none_and_is_told_why(sandbox):
    released = student_version(read_source(ASSIGNMENT))
    notebook, points, _ = executed(released, sandbox)
    assert set(points.values()) == {0.0}
    assert "not written yet" in card(notebook, "softmax")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "its answer cell is empty."),
        ("# nothing yet", "its answer cell defines no function softmax."),
        (
            "def Softmax(s): return s\nclass Helper: pass",
            "its answer cell defines no function softmax; it defines Softmax and Helper.",
        ),
        ("def softmax(s): return s\ndel softmax", "defines softmax and takes it away again."),
        ("softmax = 3", "what its answer cell calls softmax is not a function."),
        (
            "# one\ndef softmax(scores:\n    pass",
            "its answer cell ended in SyntaxError: '(' was never closed "
            "(line 2 of your answer cell: `def softmax(scores:`).",
        ),
        (
            "import math\nx = nump.zeros(3)",
            "its answer cell ended in NameError: name 'nump' is not defined "
            "(line 2 of your answer cell: `x = nump.zeros(3)`).",
        ),
        (
            "def wrong():\n    raise ValueError('no')\nwrong()",
            "ended in ValueError: no (line 2 of your answer cell: `raise ValueError('no')`).",
        ),
        (
            "%nosuch magic\ndef softmax(s): return s",
            "ended in UsageError: Line magic function `%nosuch` not found. "
            "(line 1 of your answer cell: `%nosuch magic`).",
        ),
        (
            "def softmax(s):\n    t = 1\n    return t / 0",
            "softmax raised ZeroDivisionError: division by zero "
            "(line 3 of your answer cell: `return t / 0`)",
        ),
    ],
)
def test_card_says_what_is_seen_of_the_answer_cell(text, said, sandbox):
    notebook, points, _ = executed(solved(softmax=text), sandbox)
    assert points["softmax"] == 0.0 and points["regularization"] == FULL["regularization"]
    assert said in html.unescape(card(notebook, "softmax"))


def test_card_of_a_check_without_a_verdict_repeats_what_the_check_said(sandbox):
    text = "import os\nos.close(int(os.environ['CS231N_ORACLE_FD']))\n# <answer>"
    notebook, _, _ = executed(solved(regularization=text), sandbox)
    assert "its check did not reach the oracle: The oracle did not" in card(
        notebook, "regularization"
    )


@pytest.mark.slow
def test_words_of_a_written_answer_cost_nothing(sandbox):
    notebook = solved("05-analytic-gradient")
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown" and cell["metadata"].get("nbgrader", {}).get("solution"):
            cell["source"] = "The test images and my code: exec, sys.settrace and threading."
    result = graded(notebook, sandbox, assignment="05-analytic-gradient")
    assert all(verdict.passed for verdict in result.entry.verdicts)
