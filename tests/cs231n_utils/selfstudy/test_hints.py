"""Hints: one at a time, and none in the student package."""

from pathlib import Path

import cs231n_utils
from cs231n_utils import hint
from grading.exercises import EXERCISES
from tests.support.accuracy_answers import attempt, right


def test_hints_come_one_at_a_time_and_then_all(capsys):
    hints = EXERCISES["softmax"].hints
    for number, text in enumerate(hints, 1):
        hint("softmax")
        shown = capsys.readouterr().out
        assert f"softmax: hint {number} of 3" in shown and text in shown
        assert not any(other in shown for other in hints if other != text)
    hint("softmax")
    shown = capsys.readouterr().out
    assert all(text in shown for text in hints)
    assert 'There are no more. solution("softmax") shows a solution after 3 attempts.' in shown


def test_last_hint_names_no_attempts_where_the_solution_is_open(capsys):
    attempt(right)
    for _ in range(len(EXERCISES["accuracy"].hints) + 1):
        hint("accuracy")
    assert 'solution("accuracy") shows a solution.' in capsys.readouterr().out


def test_hint_takes_the_function_too(capsys):
    def softmax(scores):
        raise NotImplementedError

    hint(softmax)
    assert EXERCISES["softmax"].hints[0] in capsys.readouterr().out


def test_student_package_holds_no_hint():
    texts = [
        path.read_text(encoding="utf-8")
        for path in Path(cs231n_utils.__file__).parent.rglob("*.py")
    ]
    for exercise in EXERCISES.values():
        assert not any(sentence in text for sentence in exercise.hints for text in texts)
