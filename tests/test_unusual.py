"""Nothing right is lost: unusual answers and harmless lines get all points, graded or self-study.

Graded, a cell runs in the sandbox; in self-study, in a shell with an oracle of its own.
"""

import pytest

from grading.exercises import EXERCISES
from grading.handout.release import assignments
from tests.support.attacks import ANSWER
from tests.support.selfstudy import lost_in_self_study
from tests.support.submissions import graded, solved
from tests.support.unusual import CONVERSIONS, FORMS, Answer, answers_to, everyday_lines, notebooks

ASSIGNMENTS = assignments()
SEARCH = "03-random-search"
IN_SEARCH = [name for name, exercise in EXERCISES.items() if exercise.assignment == SEARCH]
N_ONCE_FLAGGED = 20


def test_corpus_holds_many_different_answers_to_every_exercise():
    texts = {exercise: [answer.text for answer in answers_to(exercise)] for exercise in EXERCISES}
    assert sum(map(len, texts.values())) >= 1_500
    for exercise, own in texts.items():
        assert len(set(own)) == len(own) >= 23, exercise
    used = {answer.form for exercise in EXERCISES for answer in answers_to(exercise)}
    assert used >= FORMS.keys() | CONVERSIONS.keys()


def test_every_answer_has_its_turn_in_some_notebook():
    for assignment in ASSIGNMENTS:
        shown = [str(answer) for turn in notebooks(assignment) for answer in turn.values()]
        own = [name for name, e in EXERCISES.items() if e.assignment == assignment]
        assert sorted(shown) == sorted(str(a) for name in own for a in answers_to(name))


def lost_when_graded(assignment: str, texts: dict[str, str], sandbox) -> dict[str, str]:
    """By exercise, the verdict where not all points were given."""
    result = graded(solved(assignment, **texts), sandbox, assignment=assignment)
    assert not result.entry.reason and len(result.entry.verdicts) >= len(result.entry.exercises)
    return {v.exercise: str(v) for v in result.entry.verdicts if v.points < v.max_points}


def texts_of(answers: dict[str, Answer]) -> dict[str, str]:
    return {exercise: answer.text for exercise, answer in answers.items()}


def named(answers: dict[str, Answer], lost: dict[str, str]) -> dict[str, str]:
    return {str(answers.get(exercise, exercise)): why for exercise, why in lost.items()}


@pytest.mark.slow
@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_right_answers_get_all_points_when_graded(assignment, sandbox):
    lost = {}
    for answers in notebooks(assignment):
        lost |= named(answers, lost_when_graded(assignment, texts_of(answers), sandbox))
    assert not lost


@pytest.mark.slow
@pytest.mark.parametrize("few", [ASSIGNMENTS[i::4] for i in range(4)], ids=lambda few: few[0])
def test_right_answers_get_all_points_in_self_study(few):
    asked = [(assignment, answers) for assignment in few for answers in notebooks(assignment)]
    said = lost_in_self_study([solved(name, **texts_of(answers)) for name, answers in asked])
    lost = {}
    for (_, answers), one in zip(asked, said, strict=True):
        lost |= named(answers, one)
    assert not lost


@pytest.fixture(scope="module")
def sample():
    """One notebook of each assignment, with other forms in each."""
    turns = {name: list(notebooks(name)) for name in ASSIGNMENTS}
    return {name: turns[name][3 * i] for i, name in enumerate(ASSIGNMENTS)}


def test_some_right_answers_get_all_points_when_graded(sample, sandbox):
    lost = {}
    for assignment, answers in sample.items():
        lost |= named(answers, lost_when_graded(assignment, texts_of(answers), sandbox))
    assert not lost


def test_some_right_answers_get_all_points_in_self_study(sample):
    said = lost_in_self_study([solved(name, **texts_of(a)) for name, a in sample.items()])
    lost = {}
    for answers, one in zip(sample.values(), said, strict=True):
        lost |= named(answers, one)
    assert not lost


def with_lines() -> list[dict[str, str]]:
    """Answers to the exercises of 03, each below one of the harmless lines."""
    lines = everyday_lines()
    assert len(set(lines)) == len(lines) >= 120 and len(lines) % len(IN_SEARCH) == 0
    return [
        {
            exercise: f"{line}\n{ANSWER}\n"
            for exercise, line in zip(IN_SEARCH, lines[start:], strict=False)
        }
        for start in range(0, len(lines), len(IN_SEARCH))
    ]


@pytest.mark.parametrize(
    "part",
    [
        pytest.param(slice(N_ONCE_FLAGGED // 4), id="once flagged"),
        pytest.param(slice(N_ONCE_FLAGGED // 4, None), id="others", marks=pytest.mark.slow),
    ],
)
def test_harmless_line_costs_nothing(part, sandbox):
    asked = with_lines()[part]
    for texts in asked:
        assert not lost_when_graded(SEARCH, texts, sandbox), texts
    said = lost_in_self_study([solved(SEARCH, **texts) for texts in asked])
    assert not [(texts, lost) for texts, lost in zip(asked, said, strict=True) if lost]
