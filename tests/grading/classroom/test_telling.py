"""The teacher's line: the score that counts, and why points are missing."""

import json

import pytest

from cs231n_utils.checking.verdict import Verdict
from grading.classroom.autograde import Settled
from grading.classroom.telling import UNTOUCHED, json_of, line_of, reason_of
from grading.handout.marks import grade_id, is_answer
from grading.handout.release import read_source, student_version
from grading.ledger import UNGRADABLE
from grading.rules.count import Counted, Given, Score
from grading.submission.scores import verdicts_of
from tests.support.graded_course import ASSIGNMENT, IDS, add_student


@pytest.fixture(scope="module")
def released():
    return student_version(read_source(ASSIGNMENT))


SCORE = Score(
    {"softmax": Counted(Given(20.0), 20.0), "written": Counted(Given(None), 4.0)},
    4.8,
    "2 days late: -20 %",
)


def test_score_is_of_all_points_and_says_what_waits_and_what_is_off(tmp_path, released):
    settled = Settled(add_student(tmp_path, "amy", notebook=False), SCORE)
    line = line_of(settled, released)
    assert "15.2 of 24" in line and "amy" in line and "20 of 20" not in line
    assert "4.8 points off for handing in late (2 days late: -20 %)" in line
    assert "1 written answer waits for a mark" in line
    told = json.loads(json.dumps(json_of(settled, released)))
    assert (told["score"], told["max_score"], told["penalty"], told["waiting"]) == (
        pytest.approx(15.2), 24, 4.8, 1,
    )  # fmt: skip
    assert told["kept"] is False and told["why"] == SCORE.why


def ended(name, error, value):
    """What counts of an assignment whose answer cell ended in an error."""
    outputs = [{"output_type": "error", "ename": error, "evalue": value}]
    answer = {"nbgrader": {"grade_id": f"{name}-answer", "solution": True}}
    check = {"nbgrader": {"grade_id": name, "grade": True, "points": 3}}
    cells = [
        {"cell_type": "code", "source": "x", "metadata": answer, "outputs": outputs},
        {"cell_type": "code", "source": "", "metadata": check, "outputs": []},
    ]
    return tuple(verdicts_of({"cells": cells}, []).values())


@pytest.mark.parametrize(
    ("error", "value"),
    [("SyntaxError", "invalid syntax"), ("OutOfTime", "took longer than 10 seconds")],
)
def test_answer_cell_that_failed_is_told(tmp_path, released, error, value):
    verdicts = ended("softmax", error, value)
    entry = add_student(tmp_path, "amy", notebook=False, verdicts=verdicts)
    assert value in reason_of(entry, released) and "softmax" in reason_of(entry, released)


def test_untouched_notebook_is_told(tmp_path, released):
    answers = {grade_id(cell): cell.source for cell in released.cells if is_answer(cell)}
    entry = add_student(tmp_path, "amy", notebook=False, answers=answers)
    assert reason_of(entry, released) == UNTOUCHED


def test_mistakes_are_named_once_and_the_rest_is_counted(tmp_path, released):
    verdicts = [
        Verdict(name, mistakes={f"slip {min(at, 4)}": "Mend it."}) for at, name in enumerate(IDS)
    ]
    entry = add_student(tmp_path, "amy", notebook=False, verdicts=tuple(verdicts))
    assert reason_of(entry, released) == "slip 0; slip 1; slip 2; and 2 more"


def test_reason_without_a_known_mistake_is_told_without_its_arguments(tmp_path, released):
    verdict = Verdict("softmax", message="softmax returned None. [called with scores=array]")
    entry = add_student(tmp_path, "amy", notebook=False, verdicts=(verdict,))
    assert reason_of(entry, released) == "softmax returned None"


def test_what_stopped_the_run_comes_first(tmp_path, released):
    entry = add_student(tmp_path, "amy", {"softmax": "no shift"}, notebook=False,
                        reason="It is not a notebook.", status=UNGRADABLE)  # fmt: skip
    assert reason_of(entry, released) == "It is not a notebook."
    assert line_of(Settled(entry, SCORE), released).startswith("[red]")


def test_points_without_a_fault_need_no_reason(tmp_path, released):
    assert reason_of(add_student(tmp_path, "amy", notebook=False), released) == ""
