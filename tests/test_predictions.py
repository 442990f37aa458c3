"""The predictions that the notebooks ask for, as data: read, and never run."""

import ast
import re
from functools import cache

import pytest

from cs231n_utils.selfstudy.predicting import prediction_from
from cs231n_utils.selfstudy.predictions import Choice
from grading.handout.marks import is_experiment
from grading.handout.release import PROJECT, assignments, read_source, student_version

CALL = "predict_first("
AT_LEAST = {
    "00-start-here": 8,
    "01-loss-functions": 23,
    "02-loss-landscapes": 15,
    "03-random-search": 13,
    "04-numerical-gradient": 18,
    "05-analytic-gradient": 14,
    "06-minibatch-sgd": 19,
    "07-optimizers": 21,
    "08-image-features": 15,
    "09-learned-features": 18,
}
"""So many predictions has a notebook; five is the least."""

INTRODUCTIONS = ("**Predict first", "**Check yourself")


@cache
def cells(assignment):
    return read_source(assignment).cells


def asks(cell):
    return cell.cell_type == "code" and CALL in cell.source


def questions(assignment):
    """Each prediction of a notebook: its place among the cells, and what it says."""
    for place, cell in enumerate(cells(assignment)):
        if asks(cell):
            (statement,) = ast.parse(cell.source).body
            yield place, prediction_in(statement.value)


def prediction_in(call):
    """What a call asks, whose arguments must be data."""
    assert call.func.id == CALL[:-1], "a cell with a prediction holds nothing else"
    named = {keyword.arg: ast.literal_eval(keyword.value) for keyword in call.keywords}
    return prediction_from(*map(ast.literal_eval, call.args), **named)


@pytest.mark.parametrize("assignment", assignments())
def test_prediction_is_valid_folded_and_below_its_question(assignment):
    found = list(questions(assignment))
    assert len(found) >= AT_LEAST[assignment]
    names = [prediction.name for _, prediction in found]
    assert len(set(names)) == len(names)
    for place, prediction in found:
        cell = cells(assignment)[place]
        assert prediction.name[:2] == assignment[:2], prediction.name
        assert is_experiment(cell) and cell.metadata.jupyter.source_hidden, prediction.name
        above = next(c for c in cells(assignment)[place - 1 :: -1] if not asks(c))
        assert any(text in above.source for text in INTRODUCTIONS), prediction.name


@pytest.mark.parametrize("assignment", assignments())
def test_texts_of_a_prediction_are_plain_sentences(assignment):
    for _, prediction in questions(assignment):
        assert prediction.question.endswith((".", "?")), prediction.question
        for text in (prediction.why, *prediction.wrong.values()):
            assert text.endswith((".", ".)")), text
        choices = prediction.choices if isinstance(prediction, Choice) else ()
        for text in (prediction.question, prediction.why, *prediction.wrong.values(), *choices):
            assert not re.search(r"\$|\*\*|`|</|  |\n", text), text


@pytest.mark.parametrize("assignment", assignments())
def test_question_at_the_end_answers_back_or_has_its_answer_folded_away(assignment):
    for place, cell in enumerate(cells(assignment)):
        if "**Check yourself" in cell.source:
            asked = len(re.findall(r"^\d+\. ", cell.source, re.MULTILINE))
            below = cells(assignment)[place + 1 :]
            answering = next(i for i, later in enumerate(below) if not asks(later))
            assert asked == answering + cell.source.count("<details>") > 0


def test_students_get_all_predictions():
    source = read_source("01-loss-functions")
    released = [cell.source for cell in student_version(source).cells if asks(cell)]
    assert released == [cell.source for cell in source.cells if asks(cell)] != []


def test_examples_of_how_to_add_a_prediction_hold():
    guide = (PROJECT / "docs" / "adding-a-prediction.md").read_text(encoding="utf-8")
    examples = re.findall(r"^```python\n(.*?)^```", guide, re.DOTALL | re.MULTILINE)
    kinds = {prediction_in(ast.parse(example).body[0].value).kind for example in examples}
    assert kinds == {"choice", "number", "curve"}
