"""A case put to an answer, and what is observed of it."""

import numpy as np

from grading.exercises.describe import Case, Exercise
from grading.judge.question import Question, questions_of


def exercise(case):
    described = Exercise("double", assignment="test", parts={"value": 1})
    described.solved_by(lambda a: 2.0 * np.asarray(a))
    described.examined_by(lambda rng: [case])
    return described


def ask(case, answer):
    """The question with an answer's observations, and why it is wrong."""
    (question,) = questions_of(exercise(case), np.random.default_rng(0))
    asked = question.put_to(answer)
    return asked, asked.reason(exercise(case))


def test_question_is_complete_when_every_call_was_observed():
    case = Case("value", [(1.0,), (2.0,)])
    asked, why = ask(case, lambda a: 2.0 * a)
    assert asked.complete and why is None
    asked.observations.pop()
    assert not asked.complete
    assert asked.reason(exercise(case)) == "double was not examined to the end."


def test_interrupted_call_is_called_a_loop_that_never_ends():
    def interrupted(a):
        raise KeyboardInterrupt

    asked, why = ask(Case("value", [(1.0,)]), interrupted)
    assert not asked.complete and "a loop that never ends" in why


def test_property_that_fails_to_be_computed_is_a_reason_and_no_error():
    case = Case("value", [(1.0,)], answer=None, verify=lambda seen: seen[0].value["missing"])
    assert ask(case, lambda a: a)[1] == "double returned a float, expected otherwise."


def test_two_answers_are_alike_if_values_errors_and_arguments_are():
    def raising(kind, text="no"):
        def answer(a):
            raise kind(text)

        return answer

    def in_place(a):
        a *= 2
        return a

    question = Question(Case("value", [(np.ones(3),)]))
    twice = question.put_to(lambda a: 2 * a)
    assert twice.alike(question.put_to(lambda a: a + a))
    assert not twice.alike(question.put_to(in_place))
    assert not twice.alike(question.put_to(raising(ValueError)))
    failed = question.put_to(raising(ValueError))
    assert failed.alike(question.put_to(raising(ValueError)))
    assert not failed.alike(question.put_to(raising(ValueError, "another reason")))


def test_arrays_of_floats_that_differ_from_the_references_are_told_apart():
    case = Case("value", [(np.array([1.0, 2.0, 4.0]),)])
    assert ask(case, lambda a: 3 * a)[0].wrong_floats(exercise(case))
    assert not ask(case, lambda a: 2 * a)[0].wrong_floats(exercise(case))
    assert not ask(case, lambda a: np.ones(3))[0].wrong_floats(exercise(case))
