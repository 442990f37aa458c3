"""Nothing right is lost: unusual answers and harmless lines get all points, graded or self-study.

Graded, a cell runs in the sandbox; in self-study, in a shell with an oracle of its own.
"""

from itertools import islice

import pytest

from grading.exercises import EXERCISES
from grading.handout.release import assignments
from tests.support.selfstudy import lost_in_self_study
from tests.support.submissions import graded, solved
from tests.support.unusual import (
    CONVERSIONS,
    FORMS,
    Answer,
    answers_to,
    everyday_notebooks,
    exercises_of,
    notebooks,
)
from tests.support.verdicts import outcomes

ASSIGNMENTS = assignments()
SEARCH = "03-random-search"
ONCE_LOST = 5
"""So many of the first notebooks hold the lines that once cost points."""

Asked = list[tuple[str, dict[str, Answer]]]
"""Assignments, each with answers to its exercises; the others are answered by the references."""


def test_corpus_holds_many_different_answers_to_every_exercise():
    forms = set()
    for exercise in EXERCISES:
        forms |= {answer.form for answer in answers_to(exercise)}
        texts = [answer.text for answer in answers_to(exercise)]
        assert len(set(texts)) == len(texts) >= 23, exercise
    assert forms >= FORMS.keys() | CONVERSIONS.keys()
    assert sum(len(answers_to(exercise)) for exercise in EXERCISES) >= 1_500


def test_every_answer_and_every_line_has_its_turn():
    for assignment in ASSIGNMENTS:
        shown = [answer for turn in notebooks(assignment) for answer in turn.values()]
        own = [answer for name in exercises_of(assignment) for answer in answers_to(name)]
        assert sorted(map(str, shown)) == sorted(map(str, own))
    lines = [answer.form for turn in everyday_notebooks(SEARCH) for answer in turn.values()]
    assert len(set(lines)) == len(lines) >= 120


def everything(assignment: str) -> Asked:
    """All answers to an assignment; with those to 03 also the lines."""
    lines = everyday_notebooks(assignment) if assignment == SEARCH else ()
    return [(assignment, answers) for answers in (*notebooks(assignment), *lines)]


@pytest.fixture(scope="module")
def sample() -> Asked:
    """Some notebooks with different forms, and the lines that once cost points."""
    some = [
        (name, next(islice(notebooks(name), 5 * i, None)))
        for i, name in enumerate(ASSIGNMENTS[1::2])
    ]
    return some + [(SEARCH, answers) for answers in islice(everyday_notebooks(SEARCH), ONCE_LOST)]


def expect_all_points_when_graded(asked: Asked, sandbox) -> None:
    lost = {}
    for assignment, answers in asked:
        result = graded(filled(assignment, answers), sandbox, assignment=assignment)
        assert not result.entry.reason
        assert result.entry.exercises.keys() == set(exercises_of(assignment))
        for verdict in result.entry.verdicts:
            if verdict.points < verdict.max_points:
                lost[str(answers.get(verdict.exercise, verdict.exercise))] = str(verdict)
    assert not lost


def expect_all_points_in_self_study(asked: Asked) -> None:
    said = lost_in_self_study([filled(*notebook) for notebook in asked])
    lost = {}
    for (_, answers), one in zip(asked, said, strict=True):
        lost |= {str(answers.get(exercise, exercise)): why for exercise, why in one.items()}
    assert not lost


def filled(assignment: str, answers: dict[str, Answer]):
    """The notebook with these answers."""
    return solved(assignment, **{exercise: one.text for exercise, one in answers.items()})


def test_some_right_answers_get_all_points_when_graded(sample, sandbox):
    expect_all_points_when_graded(sample, sandbox)


def test_some_right_answers_get_all_points_in_self_study(sample):
    expect_all_points_in_self_study(sample)


@pytest.mark.slow
@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_every_other_right_answer_gets_all_points_when_graded(assignment, sandbox):
    expect_all_points_when_graded(everything(assignment)[::2], sandbox)


@pytest.mark.slow
@pytest.mark.parametrize("first", range(4))
def test_the_other_right_answers_get_all_points_in_self_study(first):
    asked = [notebook for name in ASSIGNMENTS[first::4] for notebook in everything(name)[1::2]]
    expect_all_points_in_self_study(asked)


@pytest.mark.parametrize(
    "every",
    [
        pytest.param(30, id="some"),
        # A group of its own, which therefore begins early.
        pytest.param(1, id="all", marks=[pytest.mark.slow, pytest.mark.xdist_group("verdicts")]),
    ],
)
def test_same_mistake_gets_the_same_verdict(every):
    mistakes = [(name, mistake) for name, e in EXERCISES.items() for mistake in e.mistakes]
    several = {
        f"{name}: {mistake.name}": found
        for name, mistake in mistakes[::every]
        if len(found := outcomes(name, mistake, n_times=3)) > 1
    }
    assert not several
