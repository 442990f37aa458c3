"""Known mistakes: told by how an answer behaves, together, part by part, or either of two."""

from functools import partial

import numpy as np
import pytest

from grading.exercises import EXERCISES
from grading.exercises.describe import Case, Exercise
from grading.judge import recognition
from grading.judge.diagnosis import judge_here
from grading.judge.question import questions_of
from tests.support.turns import in_turns
from tests.support.unusual import function_of
from tests.support.wrong import wrong_answers

MEASURED = "measured: "


@pytest.fixture(autouse=True)
def _patience(monkeypatch):
    """What is found must not depend on how fast this machine is today."""
    monkeypatch.setattr(recognition, "SECONDS_FOR_PAIRS", 60)


@pytest.mark.parametrize("answer", in_turns(list(wrong_answers("listed")), 3))
def test_listed_slip_is_told(answer):
    seed = len(answer.text) % 5
    verdict = judge_here(
        EXERCISES[answer.exercise], function_of(answer), np.random.default_rng(seed)
    )
    if answer.form.startswith(MEASURED):
        assert answer.form.removeprefix(MEASURED) in verdict.measured, (seed, str(verdict))
    else:
        assert verdict.mistake == answer.form, (seed, str(verdict))


TWISTED = [
    pytest.param(twisted, exercise, id=exercise.id)
    for exercise in EXERCISES.values()
    for twisted in exercise.twisted
]


@pytest.mark.parametrize(("twisted", "exercise"), TWISTED)
def test_reference_with_switches_is_right_and_asks_for_every_slip(twisted, exercise):
    asked = set()

    def is_(name):
        asked.add(name)
        return False

    for question in questions_of(exercise, np.random.default_rng(0)):
        twin = question.put_to(partial(twisted.function, is_))
        assert question.case.asks_how or twin.reason(exercise) is None
        assert question.case.gist is None or twin.alike(question.twin(exercise))
    assert set(twisted.slips) <= asked


@pytest.fixture
def mean_square():
    """An exercise with slips, two of which show in the same way where numbers are positive."""
    exercise = Exercise("mean_square", assignment="test", parts={"value": 1, "scaled": 1})

    @exercise.solved_by
    def mean_square(a, scale):
        return scale * np.mean(a**2)

    @exercise.examined_by
    def _(rng):
        for _ in range(4):
            yield Case("value", [(rng.uniform(1, 2, 5), 1.0)])
            yield Case("scaled", [(rng.uniform(1, 2, 5), rng.uniform(2, 3))])

    @exercise.twisted_by(
        {
            "no mean": "Divide by n.",
            "no square": "Square each number.",
            "absolute values": "Square each number, whatever its sign.",
            "no scale": "Multiply by scale.",
        }
    )
    def twisted(is_, a, scale):
        squares = a if is_("no square") else np.abs(a) if is_("absolute values") else a**2
        total = np.sum(squares) if is_("no mean") else np.mean(squares)
        return total if is_("no scale") else scale * total

    return exercise


def told(exercise, answer):
    return judge_here(exercise, answer, np.random.default_rng(0))


def test_two_slips_are_told_together_the_more_basic_first(mean_square):
    verdict = told(mean_square, lambda a, scale: sum(a**2))
    assert verdict.mistakes == {"no mean": "Divide by n.", "no scale": "Multiply by scale."}
    assert verdict.causes[0] == ("Likely cause, 1 of 2: no mean", "Divide by n.")
    assert verdict.mistake == "no mean and no scale" and not verdict.either


def test_of_two_slips_that_show_in_the_same_way_both_are_told(mean_square):
    verdict = told(mean_square, lambda a, scale: scale * np.mean(a))
    assert verdict.mistake == "no square or absolute values" and verdict.either
    assert [cause for cause, _ in verdict.causes] == [
        "Likely cause: no square",
        "Or else: absolute values",
    ]


def test_slip_of_one_part_is_told_whatever_goes_wrong_in_another(mean_square):
    verdict = told(mean_square, lambda a, scale: np.sum(a**2) * np.exp(scale - 1))
    assert verdict.mistake == "no mean"


def test_slip_is_not_told_where_the_answer_is_right_in_what_the_slip_makes_wrong(mean_square):
    verdict = told(mean_square, lambda a, scale: scale * (np.mean if scale == 1 else np.sum)(a**2))
    assert verdict.mistakes == {}


def test_two_slips_are_told_from_whole_numbers_only_if_no_other_two_explain_them():
    exercise = Exercise("count", assignment="test", parts={"value": 1})
    exercise.solved_by(len)
    exercise.examined_by(lambda rng: [Case("value", [(rng.uniform(size=3),)])])
    more = {"1 more": "Take off 1.", "2 more": "Take off 2.", "3 more": "Take off 3."}
    exercise.twisted_by(more | {"4 more": "Take off 4."})(
        lambda is_, a: len(a) + sum(k * is_(f"{k} more") for k in range(1, 5))
    )
    assert told(exercise, lambda a: len(a) + 6).mistake == "2 more and 4 more"
    assert told(exercise, lambda a: len(a) + 5).mistake is None


@pytest.fixture
def total_and_slope():
    """An exercise that returns two values, each asked about by a part of its own."""
    exercise = Exercise("total_and_slope", assignment="test", parts={"total": 1, "slope": 1})

    @exercise.solved_by
    def total_and_slope(a):
        return np.mean(a**2), 2 * a / len(a)

    @exercise.examined_by
    def _(rng):
        for place, part in enumerate(exercise.parts):
            for _ in range(4):
                yield Case(
                    part,
                    [(rng.uniform(1, 2, 5),)],
                    answer=lambda seen, place=place: seen[0].value[place],
                )

    @exercise.twisted_by({"no mean in both": "Divide both.", "no mean": "Divide the total."})
    def twisted(is_, a):
        n = 1 if is_("no mean in both") else len(a)
        return np.sum(a**2) / (1 if is_("no mean") else n), 2 * a / n

    return exercise


def test_slip_of_one_value_is_told_whatever_else_is_returned(total_and_slope):
    verdict = told(total_and_slope, lambda a: (np.sum(a**2), np.sin(a)))
    assert verdict.mistake == "no mean" and not verdict.either
