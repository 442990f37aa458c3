"""Verdicts: the points of each part, their reasons, and which known mistake is named."""

import numpy as np
import pytest

from grading.exercises import EXERCISES
from grading.exercises.describe import Case, Exercise
from grading.judge.diagnosis import MAX_REASON, judge_here, no_points, verdict_on
from grading.judge.question import questions_of


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.fixture
def double():
    """An exercise with a part for each call, and one known mistake."""
    exercise = Exercise("double", assignment="test", parts={"small": 1, "large": 2})

    @exercise.solved_by
    def double(a):
        return 2.0 * a

    @exercise.examined_by
    def _(rng):
        yield Case("small", [(rng.uniform(1, 2),)])
        yield Case("large", [(rng.uniform(100, 200),)])

    @exercise.mistake("squares", "Add the number to itself.")
    def _(a):
        return a * a

    return exercise


def test_right_parts_earn_their_points_and_the_first_reason_is_the_message(double, rng):
    verdict = judge_here(double, lambda a: 2.0 * a if a < 50 else 0.0, rng)
    assert (verdict.points, verdict.max_points, verdict.passed) == (1.0, 3.0, False)
    assert verdict.parts == {"small": True, "large": False}
    assert verdict.part_points == {"small": 1.0, "large": 2.0}
    assert verdict.reasons == {"large": verdict.message} and verdict.mistake is None
    assert "returned 0, expected" in verdict.message


def test_known_mistake_is_named_with_its_hint(double, rng):
    verdict = judge_here(double, lambda a: a**2, rng)
    assert verdict.mistakes == {"squares": "Add the number to itself."}
    assert judge_here(double, lambda a: 2 * a, rng).mistake is None


def test_part_that_nothing_asks_for_is_not_earned(double, rng):
    double.parts = {**double.parts, "speed": 1}
    verdict = judge_here(double, double.reference, rng)
    assert not verdict.parts["speed"] and not verdict.passed and verdict.points == 3.0


def test_part_that_shows_only_in_right_values_is_open_and_the_part_that_is_wrong_comes_first(rng):
    exercise = Exercise("double", assignment="test", parts={"no loops": 1, "value": 2, "sign": 1})
    exercise.solved_by(lambda a: 2.0 * a)

    @exercise.examined_by
    def _(rng):
        yield Case("no loops", [(2.0,)], asks_how=True, verify=lambda seen: None)
        yield Case("value", [(3.0,)])
        yield Case("sign", [(3.0,)], asks_how=True, verify=lambda seen: None)
        yield Case("sign", [(4.0,)], answer=lambda seen: seen[0].value > 0)

    verdict = judge_here(exercise, lambda a: -a, rng)
    assert verdict.unjudged == ["no loops"] and not any(verdict.parts.values())
    assert list(verdict.reasons) == ["value", "sign", "no loops"]
    assert verdict.message == verdict.reasons["value"]
    assert verdict.reasons["sign"].startswith("double returned False, expected True")


def test_what_comes_after_a_call_that_never_ends_is_open(double, rng):
    def answer(a):
        raise KeyboardInterrupt

    questions = list(questions_of(double, rng))
    questions[0] = questions[0].put_to(answer)
    verdict = verdict_on(double, questions)
    assert "a loop that never ends" in verdict.message and verdict.unjudged == ["large"]
    assert verdict.paragraphs == [verdict.message] and "large" not in verdict.reasons


def test_long_reason_is_cut(double, rng):
    def answer(a):
        raise ValueError("x" * 500 + "y" * 10_000)

    def verbose(observations):
        return "x" * 2 * MAX_REASON

    assert len(judge_here(double, answer, rng).message) <= MAX_REASON + len(" ...")
    double.examined_by(lambda rng: [Case("small", [(1.0,)], answer=None, verify=verbose)])
    assert judge_here(double, answer, rng).message.startswith("double raised ValueError: xxx")
    message = judge_here(double, double.reference, rng).message
    assert message == "x" * MAX_REASON + " ..."


def test_answer_that_could_not_be_examined_gets_no_points_and_a_reason(double):
    verdict = no_points(double, "There was no answer.")
    assert (verdict.points, verdict.max_points, verdict.passed) == (0.0, 3.0, False)
    assert verdict.parts == {"small": False, "large": False}
    assert verdict.message == "There was no answer." and verdict.unjudged == ["small", "large"]


def test_unknown_mistake_is_not_given_the_name_of_one_that_agrees_with_it_in_one_part(monkeypatch):
    exercise = EXERCISES["hog_features"]
    unknown = next(mistake for mistake in exercise.mistakes if mistake.name == "counts pixels")
    # In cells that sum to 1 all that the part on magnitudes compares is the same.
    same = (unknown.name, "cells sum to 1")
    others = [mistake for mistake in exercise.mistakes if mistake.name not in same]
    monkeypatch.setattr(exercise, "mistakes", others)
    monkeypatch.setattr(exercise, "twisted", [])
    for seed in range(3):
        assert judge_here(exercise, unknown, np.random.default_rng(seed)).mistake is None
