"""First step of grading: what is taken of a submission."""

import copy

import nbformat
import pytest
from nbgrader.utils import is_grade

from grading.exercises import EXERCISES
from grading.handout.marks import grade_id, is_answer
from grading.submission.answer_cells import Written
from grading.submission.sanitize import (
    MAX_ANSWER_CHARACTERS,
    sanitize,
    without_tags,
    written_cells,
)
from tests.support.submissions import (
    ASSIGNMENT,
    FULL,
    card,
    cell_of,
    executed,
    settings_of,
    solved,
)

RELEASED = settings_of(ASSIGNMENT).released
TOTAL = sum(FULL.values())


def test_only_the_text_of_answer_cells_is_taken():
    tampered = solved()
    for cell in tampered.cells:
        cell.metadata["tags"] = ["experiment", "skip-execution"]
        if is_grade(cell) and cell.cell_type == "code":
            cell.source = "print(100)"
            cell.metadata.nbgrader.points = 1000
    tampered.cells.insert(0, nbformat.v4.new_code_cell("import os; os._exit(0)"))
    tampered.metadata["kernelspec"] = {"name": "bash", "display_name": "bash"}
    tampered.cells.append(copy.deepcopy(tampered.cells[5]))
    assert sanitize(RELEASED, tampered) == sanitize(RELEASED, solved())


@pytest.mark.parametrize(
    "damage",
    [
        {},
        {"cells": []},
        {"cells": None},
        {"cells": 5},
        [],
        {"cells": [None, 3, "text", []]},
        {"cells": [{"metadata": []}, {"metadata": {"nbgrader": 5}, "source": "x"}]},
        {"cells": [{"metadata": {"nbgrader": {"grade_id": "softmax-answer"}}, "source": 9}]},
        {"cells": [{"metadata": {"nbgrader": {"grade_id": ["softmax-answer"]}}, "source": ""}]},
    ],
)
def test_damaged_notebook_leaves_reasons_for_every_answer(damage):
    clean, reasons, notes = sanitize(RELEASED, damage)
    assert clean == RELEASED and not notes
    assert set(reasons) == {grade_id(cell) for cell in clean["cells"] if is_answer(cell)}


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["a", "b"], "a\nb"),
        (["a\n", "b"], "a\nb"),
        (["a\r\n", "b\r\n"], "a\nb\n"),
        (["", "b"], "\nb"),
        ([], ""),
        ("a\nb", "a\nb"),
    ],
)
@pytest.mark.parametrize("key", ["source", "input"])
def test_lines_are_joined_whether_they_come_with_their_ends_or_without(key, lines, text):
    assert written_cells({"cells": [{key: lines}]}) == [Written("", text)]


def test_what_was_chosen_of_several_cells_is_noted():
    submission = solved()
    later = copy.deepcopy(cell_of(submission, "softmax-answer"))
    later.source = "def softmax(scores):\n    return 1"
    submission.cells.append(later)
    clean, reasons, notes = sanitize(RELEASED, submission)
    assert cell_of(clean, "softmax-answer")["source"] == later.source and not reasons
    assert notes.keys() == {"softmax-answer"} and "the last that defines" in notes["softmax-answer"]


def test_missing_and_oversized_answers_are_named_and_the_rest_is_graded(sandbox):
    damaged = solved(softmax="#" * (MAX_ANSWER_CHARACTERS + 1))
    damaged.cells.remove(cell_of(damaged, "regularization-answer"))
    notebook, points, _ = executed(damaged, sandbox)
    lost = EXERCISES["softmax"].points + EXERCISES["regularization"].points
    assert sum(points.values()) == TOTAL - lost
    assert "expected at most" in card(notebook, "softmax")
    assert "missing from the notebook" in card(notebook, "regularization")


@pytest.mark.parametrize(
    "tag", ["<script>", "</p>", "<img onerror=x>", "<!-- x", "<?php", "<svg/x>"]
)
def test_written_answer_keeps_no_tag_and_code_keeps_all(tag):
    def cell(kind, name):
        marks = {"grade_id": name, "solution": True, "grade": True}
        return {"cell_type": kind, "metadata": {"nbgrader": marks}, "source": f"a < b, {tag} 1 <2"}

    notebook = {"cells": [cell("markdown", "written"), cell("code", "softmax-answer")]}
    without_tags(notebook)
    written, code = (cell["source"] for cell in notebook["cells"])
    assert written == f"a < b, &lt;{tag[1:]} 1 <2" and code == f"a < b, {tag} 1 <2"
