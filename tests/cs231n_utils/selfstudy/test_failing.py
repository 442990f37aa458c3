"""The arguments of a call that failed: they make the same call again, functions included."""

import numpy as np
import pytest

from cs231n_utils import check, failing_case
from cs231n_utils.checking.verdict import CheckFailed


def fails(answer, exercise):
    with pytest.raises(CheckFailed) as failed:
        check(answer, exercise)
    return failed.value.verdict


def test_arguments_of_the_first_wrong_call_are_those_of_the_message():
    verdict = fails(lambda scores: scores, "softmax")
    (scores,) = failing_case("softmax")
    assert f"{scores.shape}"[1:-1] or scores.size
    shown = np.array2string(scores, precision=4, separator=", ", max_line_width=1_000)
    assert f"[called with scores=np.array({' '.join(shown.split())})]" in verdict.message


def test_functions_among_the_arguments_are_evaluated_by_the_oracle():
    fails(lambda f, x, h=1e-5: np.zeros_like(x), "eval_numerical_gradient")
    f, x, *_ = failing_case("eval_numerical_gradient")
    assert isinstance(f(x), float) and f(x) != f(x + 1)
    with pytest.raises(TypeError):
        f(object())


def test_without_a_call_that_failed_a_sentence_says_what_to_do():
    from grading.exercises import EXERCISES

    assert check(EXERCISES["accuracy"].reference).passed
    with pytest.raises(LookupError, match=r"No call of accuracy has failed .* run check"):
        failing_case("accuracy")
    with pytest.raises(LookupError, match="There is no exercise 'nothing'"):
        failing_case("nothing")
