"""A case put to an answer, and what is observed of it."""

from dataclasses import replace
from time import thread_time

import numpy as np

from grading.exercises.compare import NotJudged
from grading.exercises.describe import Case, Exercise
from grading.exercises.observation import observation_of
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
    assert not asked.complete and isinstance(asked.reason(exercise(case)), NotJudged)
    assert asked.reason(exercise(case)) == "double was not examined to the end."


def test_interrupted_call_is_called_a_loop_that_never_ends():
    def interrupted(a):
        raise KeyboardInterrupt

    asked, why = ask(Case("value", [(1.0,)]), interrupted)
    assert not asked.complete and "a loop that never ends" in why
    assert "It was stopped in line" in why and why.endswith("`raise KeyboardInterrupt`.")


def test_property_that_cannot_be_computed_says_what_was_got_and_expected():
    case = Case("value", [(1.0,)], answer=None, verify=lambda seen: seen[0].value["missing"])
    got = ask(case, lambda a: (a, "x"))[1]
    assert got == "double returned a tuple of a float and a str, expected a float."
    assert "returned a float with values that cannot be judged" in ask(case, lambda a: a)[1]


def test_property_of_right_values_in_another_container_is_judged():
    case = Case(
        "value",
        [(np.ones(2),)],
        answer=None,
        verify=lambda seen: None if seen[0].value.sum() == 4 else "other sum",
    )
    assert ask(case, lambda a: [2.0, 2])[1] is None
    assert ask(case, lambda a: (2.0, 1.0))[1] == "other sum"


def test_what_is_compared_is_taken_from_values_in_the_container_of_the_reference():
    case = Case("value", [(np.ones(2),)], answer=lambda seen: seen[0].value.sum())
    assert ask(case, lambda a: [2.0, 2])[1] is None
    assert "returned 5, expected 4" in ask(case, lambda a: [2.0, 3.0])[1]
    assert (
        "returned a list of 3 values, each a float, expected" in ask(case, lambda a: [2.0] * 3)[1]
    )


def test_comparison_that_cannot_be_made_names_the_call_that_differs():
    case = Case("value", [(1.0,), (2.0,)], answer=lambda seen: seen[0].value + 1)
    why = ask(case, lambda a: "x" if a == 1.0 else 2.0 * a)[1]
    assert why.startswith("double returned a str, expected a float.")


def test_how_values_are_computed_is_judged_only_of_right_ones():
    def slow(observations):
        return "there is a loop"

    case = Case("value", [(1.0,)], verify=slow, asks_how=True)
    wrong, raised = ask(case, lambda a: a)[1], ask(case, lambda a: 1 / 0)[1]
    for why in (wrong, raised):
        assert isinstance(why, NotJudged) and why.startswith(
            "Not judged until the values are right"
        )
    judged = ask(case, lambda a: 2.0 * a)[1]
    assert judged == "there is a loop" and not isinstance(judged, NotJudged)


def test_changed_argument_does_not_decide_how_values_are_computed():
    def in_place(a):
        a *= 2.0
        return a

    case = Case("value", [(np.ones(3),)])
    assert "changed its argument" in ask(case, in_place)[1]
    assert ask(replace(case, asks_how=True), in_place)[1] is None


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


def test_answers_with_a_gist_differ_in_its_traits_alone():
    def gist(call):
        return {"sign": np.sign(call.value), "size": ("whole", abs(call.value) % 1 == 0)}

    question = Question(Case("value", [(3.0,)], gist=gist))
    twice, minus, half, words = map(
        question.put_to, (lambda a: 2 * a, lambda a: -a, lambda a: -a / 2, lambda a: "words")
    )
    assert twice.alike(question.put_to(lambda a: 4 * a))
    assert twice.differences(minus) == {(0, "sign")}
    assert twice.differences(half) == {(0, "sign"), (0, "size", 1)}
    assert not words.alike(question.put_to(lambda a: "words"))


def test_wrong_numbers_are_counted_that_no_two_mistakes_share_by_chance():
    case = Case("value", [(np.array([1.25, 2.3, 4.4, 4.4]),)])
    counts = {
        lambda a: 3 * a: 3,
        lambda a: 2 * a: 0,
        lambda a: np.ones(4): 0,
        lambda a: 2 * a + [0, 0.1, 0, 0]: 1,
        lambda a: 2.5: 1,
    }
    for function, count in counts.items():
        assert ask(case, function)[0].wrong_floats(exercise(case)) == count


def test_time_allowed_does_not_grow_with_a_slow_first_run_of_the_reference():
    runs = []

    def warms_up(a):
        runs.append(a)
        end = thread_time() + (0.05 if len(runs) == 1 else 0.0)
        while thread_time() < end:
            pass
        return 2.0 * a

    case = Case("value", [(3.0,)], clocked="it loops.")
    described = exercise(case)
    described.reference = warms_up
    asked = Question(case)
    asked.observations = [replace(observation_of(lambda a: 2.0 * a, (3.0,)), seconds=0.4)]
    assert "0.4 s of processor time" in asked.reason(described)
