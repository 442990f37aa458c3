"""The oracle of self-study, and that the one which grades gives nothing of what it gives."""

import ast
import io
import re
import subprocess
import sys

import pytest

from cs231n_utils.checking.channel import send
from grading.exercises import EXERCISES, WRITTEN
from grading.handout.release import PROJECT
from grading.judge.oracle import Oracle
from grading.judge.tutor import Tutor


@pytest.mark.parametrize("exercise", EXERCISES)
def test_solution_defines_the_function_and_passes_the_parser(exercise):
    (definition,) = ast.parse(
        Tutor().teach({"op": "solution", "exercise": exercise})["solution"]
    ).body
    assert definition.name == exercise and not definition.decorator_list


def test_question_in_words_has_a_good_answer_with_what_earns_its_points_and_no_hints():
    teach = Tutor().teach
    assert teach({"op": "course"})["written"] == list(WRITTEN)
    for name, question in WRITTEN.items():
        told = teach({"op": "solution", "exercise": name})
        assert told == {"solution": question.model, "earns": question.rubric}
        assert all(part in question.model for part in ("(a)", "(b)") if part in question.rubric)
        assert teach({"op": "hints", "exercise": name}) == {"hints": []}
        assert teach({"op": "failed call", "exercise": name}) == {"arguments": None}
        assert teach({"op": "judge", "exercise": name}) is None


@pytest.mark.parametrize("op", ["course", "hints", "solution", "failed call"])
def test_oracle_that_grades_ends_the_session_of_whoever_asks_it_to_teach(op):
    requests, replies, ledger = io.BytesIO(), io.BytesIO(), []
    send(requests, {"op": op, "exercise": "softmax"})
    send(requests, {"op": "judge", "exercise": "softmax"})
    requests.seek(0)
    Oracle(ledger.append).serve(requests, replies)
    assert replies.getvalue() == b"" and not ledger


def test_what_grades_does_not_even_import_what_teaches():
    program = (
        "import sys, grading.submission.execute, grading.submission.grade\n"
        "print([name for name in sys.modules if 'tutor' in name], "
        "'grading.judge.oracle' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=PROJECT
    )
    assert done.stdout.strip() == "[] True"
    users = [
        path.name
        for path in (PROJECT / "grading").rglob("*.py")
        if re.search(r"\btutor\b|teach=", path.read_text(encoding="utf-8"))
    ]
    assert sorted(users) == ["__main__.py", "tutor.py"]
