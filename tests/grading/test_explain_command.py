"""``explain``: failures that nothing explains, and a new slip that is tried on them."""

from dataclasses import replace

import numpy as np
import pytest
from typer.testing import CliRunner

from grading.command_line import app
from grading.exercises import EXERCISES
from grading.judge.diagnosis import judge_here
from grading.ledger import Ledger
from tests.support.graded_course import ASSIGNMENT, add_student

ANSWER = """def softmax(scores):
    shifted = scores - np.max(scores, axis=-1, keepdims=True)
    p = np.exp(shifted) / np.sum(np.exp(shifted), axis=-1, keepdims=True)
    return p ** 1.5 + 0.01 * np.sin(scores)
"""
SLIP = """
    exponentials = np.exp(scores - np.max(scores, axis=-1, keepdims=True))
    p = exponentials / np.sum(exponentials, axis=-1, keepdims=True)
    return p ** 1.5 + 0.01 * np.sin(scores)
"""


def run(course, *arguments):
    done = CliRunner().invoke(app, ["explain", ASSIGNMENT, *arguments, "--course", str(course)])
    return done.exit_code, done.stdout


@pytest.fixture
def course(tmp_path, monkeypatch):
    monkeypatch.setattr("grading.explain_command.EXAMINATIONS", 1)
    monkeypatch.setattr(EXERCISES["softmax"], "mistakes", EXERCISES["softmax"].mistakes[:6])
    names = {}
    exec(f"import numpy as np\n{ANSWER}", names)
    for student in ("amy", "bob"):
        entry = add_student(tmp_path, student, answers={"softmax-answer": ANSWER})
        verdict = judge_here(EXERCISES["softmax"], names["softmax"], np.random.default_rng(0))
        others = [verdict if one.exercise == "softmax" else one for one in entry.verdicts]
        Ledger(tmp_path).write(replace(entry, verdicts=tuple(others)))
    return tmp_path


@pytest.mark.slow
def test_group_is_listed_gets_a_template_and_a_slip_that_names_it(course):
    known = len(EXERCISES["softmax"].mistakes)
    code, told = run(course)
    assert code == 1 and told.startswith("1 softmax: 2 students. softmax returned wrong values")

    code, told = run(course, "1")
    path = course / "slips" / f"{ASSIGNMENT}-1.py"
    assert code == 1 and str(path) in told and "# def softmax(scores):" in path.read_text()
    code, told = run(course, "1")
    assert code == 1 and "The slip has no name yet." in told

    text = path.read_text().replace("name of the slip", "a power of p")
    path.write_text(text.replace("\n    raise NotImplementedError\n", SLIP))
    code, told = run(course, "1")
    assert code == 0 and "a power of p: named in 2 of 2 answers." in told
    assert "grading/exercises/loss_functions/softmax.py" in told
    assert len(EXERCISES["softmax"].mistakes) == known


def test_slip_that_is_right_or_known_already_is_refused(course):
    run(course, "1")
    path = course / "slips" / f"{ASSIGNMENT}-1.py"
    template = path.read_text().replace("name of the slip", "as it should be")
    body = "    return exercise.reference(scores)"
    path.write_text(template.replace("    raise NotImplementedError", body))
    code, told = run(course, "1")
    assert code == 1 and "'as it should be' gets all points" in told
    path.write_text(template.replace("as it should be", "no shift"))
    assert "has a mistake 'no shift' already" in run(course, "1")[1]


def test_group_that_there_is_not(course):
    code, told = run(course, "7")
    assert code == 2 and "There is no group 7, expected one of 1 to 1." in told
