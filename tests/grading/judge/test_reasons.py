"""Why an answer is wrong, in a sentence for the student."""

import numpy as np
import pytest

from cs231n_utils.checking.channel import Recipe
from cs231n_utils.checking.observe import observe
from grading.exercises import EXERCISES
from grading.exercises.observation import Observation, observation_of
from grading.judge.diagnosis import judge_here
from grading.judge.reasons import changed_argument, describe_call, outcome_reason


def seen(function, *arguments):
    return observation_of(function, arguments)


def missing_return(scores, y):
    return len(None)


@pytest.mark.parametrize(
    ("function", "raises", "said"),
    [
        (lambda s, y: 1 / 0, None, "accuracy raised ZeroDivisionError: division by zero"),
        (lambda s, y: 1 / 0, "ValueError", ", expected ValueError [called with"),
        (lambda s, y: 1.0, "ValueError", "returned a value, expected it to raise ValueError"),
        (missing_return, None, "Is a return statement missing?"),
    ],
)
def test_outcome_that_was_not_asked_for_is_said(function, raises, said):
    observation = seen(function, np.zeros((2, 3)), np.array([0, 1]))
    assert said in outcome_reason(EXERCISES["accuracy"], observation, raises)


def test_none_that_was_handed_in_is_no_missing_return():
    observation = seen(lambda scores, y: len(y), np.zeros((2, 3)), None)
    said = outcome_reason(EXERCISES["accuracy"], observation, None)
    assert "NoneType" in said and "return statement" not in said


def test_line_that_raised_is_said_with_its_code():
    message = observe(missing_return, [np.zeros((2, 3)), np.array([0, 1])])
    why = outcome_reason(EXERCISES["accuracy"], Observation.of(message, ()), None)
    line = missing_return.__code__.co_firstlineno + 1
    assert f"(line {line} of your answer cell: `return len(None)`)" in why


def test_outcome_that_was_asked_for_needs_no_reason():
    exercise = EXERCISES["accuracy"]
    assert outcome_reason(exercise, seen(lambda s, y: 1.0, np.zeros((1, 2)), None), None) is None

    def refuses(scores, y):
        raise UnicodeError("a kind of ValueError")

    assert outcome_reason(exercise, seen(refuses, np.zeros((1, 2)), None), "ValueError") is None


def test_call_is_described_by_names_small_arrays_and_shapes_of_large_ones():
    observation = seen(lambda s, y: 1.0, np.zeros((20, 3)), np.array([0, 1]))
    assert describe_call(EXERCISES["accuracy"], observation) == (
        "[called with scores=array of shape (20, 3), y=np.array([0, 1])]"
    )
    recipe = Recipe("counted_images", values=np.arange(3.0))
    described = describe_call(EXERCISES["softmax_vjp"], seen(lambda p, v: 1.0, recipe, 0.25))
    assert described == "[called with p=np.array([0., 1., 2.]), v=0.25]"


def test_argument_that_was_changed_is_named():
    def shuffles(scores, y):
        y += 1

    def keeps(scores, y):
        return scores

    exercise = EXERCISES["accuracy"]
    before = np.full((2, 3), np.nan), np.array([0, 1])
    assert "changed its argument y" in changed_argument([seen(shuffles, *before)], exercise)
    assert changed_argument([seen(keeps, *before)], exercise) is None


def test_argument_that_was_rounded_is_not_said_to_become_what_it_was():
    def steps_there_and_back(scores, y):
        scores += 0.1
        scores -= 0.1

    reason = changed_argument(
        [seen(steps_there_and_back, np.array([1e-3]), np.array([0]))], EXERCISES["accuracy"]
    )
    assert "first at [0] 0.001 in its last digits." in reason


def test_a_changed_argument_is_named_before_the_wrong_values_that_it_leads_to():
    def eval_numerical_gradient(f, x, h=1e-5):
        fx, grad = f(x), np.zeros(x.shape)
        for ix in np.ndindex(x.shape):
            x[ix] += h
            grad[ix] = (f(x) - fx) / h
        return grad

    verdict = judge_here(
        EXERCISES["eval_numerical_gradient"], eval_numerical_gradient, np.random.default_rng(0)
    )
    assert "changed its argument x" in verdict.reasons["x restored"]


def test_name_from_another_cell_is_advised_into_the_answer():
    def accuracy(scores, y):
        return helper_from_another_cell(scores, y)  # noqa: F821

    verdict = judge_here(EXERCISES["accuracy"], accuracy, np.random.default_rng(0))
    assert "helper_from_another_cell" in verdict.message
    assert "inside its cell" in verdict.message


def test_forgotten_return_of_a_function_that_calls_itself_is_asked_for():
    def forgets(edges, source, target):
        if source == target:
            return 1.0
        for (start, end), slope in edges.items():
            if start == source:
                slope * forgets(edges, end, target)

    verdict = judge_here(EXERCISES["chain_rule_paths"], forgets, np.random.default_rng(0))
    assert verdict.message.endswith("Is a return statement missing?")
