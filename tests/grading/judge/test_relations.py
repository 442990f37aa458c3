"""What wrong values have in common with right ones: true sentences, and none without need."""

import numpy as np
import pytest

from grading.exercises import EXERCISES
from grading.exercises.describe import Case, Exercise
from grading.judge.diagnosis import judge_here
from grading.judge.question import questions_of
from grading.judge.relations import DETECTORS, Pair, values_of


def scaled(X, s, n):
    """Rows summed, times s, plus n."""
    return s * X.sum(axis=1) + n


@pytest.fixture
def exercise():
    """Arrays of several shapes, and numbers that change from call to call."""
    exercise = Exercise("scaled", assignment="test", parts={"value": 1})
    exercise.solved_by(scaled)

    @exercise.examined_by
    def _(rng):
        for shape in ((1, 3), (1, 4), (4, 3), (5, 5), (6, 2)):
            X = rng.standard_normal(shape)
            yield Case("value", [(X, rng.uniform(1, 3), float(rng.uniform(1, 2)))])

    return exercise


WHAT = "what you returned"
ALL = f"in all 5 calls {WHAT} is"
SAID = {
    "double": (lambda X, s, n: 2 * scaled(X, s, n), f"{ALL} 2 times what is expected."),
    "third": (lambda X, s, n: scaled(X, s, n) / 3, f"{ALL} what is expected divided by 3."),
    "minus": (lambda X, s, n: -scaled(X, s, n), f"{ALL} minus what is expected."),
    "columns": (
        lambda X, s, n: scaled(X, s, n) * X.shape[1],
        f"{ALL} X.shape[1] times what is expected.",
    ),
    "rows": (
        lambda X, s, n: scaled(X, s, n) / len(X),
        f"{ALL} what is expected divided by len(X).",
    ),
    "more": (lambda X, s, n: scaled(X, s, n) + 1, f"{ALL} what is expected plus 1."),
    "n missing": (lambda X, s, n: s * X.sum(axis=1), f"{ALL} what is expected minus n."),
    "reversed": (
        lambda X, s, n: scaled(X, s, n)[::-1],
        f"{ALL} what is expected in reversed order.",
    ),
    "moved": (
        lambda X, s, n: np.roll(scaled(X, s, n), 1),
        f"{ALL} what is expected moved by one.",
    ),
    "whole": (
        lambda X, s, n: scaled(X, s, n).astype(int),
        f"{ALL} what is expected, cut to whole numbers.",
    ),
    "decimals": (
        lambda X, s, n: np.round(scaled(X, s, n), 2),
        f"{ALL} what is expected, rounded to 2 decimals.",
    ),
    "half precision": (
        lambda X, s, n: scaled(X, s, n).astype(np.float16),
        f"{ALL} what is expected, in float16.",
    ),
    "square": (lambda X, s, n: scaled(X, s, n) ** 2, f"{ALL} the square of what is expected."),
    "mean": (
        lambda X, s, n: np.mean(scaled(X, s, n)),
        f"{ALL} only the mean of what is expected.",
    ),
    "not summed": (
        lambda X, s, n: s * X + n / X.shape[1],
        f"{ALL} not what is expected, but its sum over axis 1 is.",
    ),
    "column": (
        lambda X, s, n: scaled(X, s, n)[:, np.newaxis],
        f"{ALL} right in its numbers, but of shape (1, 1) instead of (1,).",
    ),
    "constant": (
        lambda X, s, n: scaled(X, 1, n),
        f"{WHAT} is that for s = 1, whatever s is.",
    ),
    "exchanged": (lambda X, s, n: scaled(X, n, s), f"{WHAT} is that for s and n exchanged."),
    "absolute": (
        lambda X, s, n: scaled(np.abs(X), s, n),
        f"{WHAT} is that for the absolute values of X.",
    ),
    "last column": (
        lambda X, s, n: scaled(X[:, :-1], s, n),
        f"{WHAT} is that for X without its last column.",
    ),
    "first row": (
        lambda X, s, n: np.where(np.arange(len(X)) == 0, 1, 1.5) * scaled(X, s, n),
        f"{WHAT} is right only in the first entry; all other entries are wrong.",
    ),
    "one image": (
        lambda X, s, n: scaled(X, s, n) + X.var(axis=0).sum(),
        f"{WHAT} is right in the 2 calls where len(X) is 1, wrong in the other 3.",
    ),
}


@pytest.mark.parametrize("answer", SAID)
def test_what_is_said_of_wrong_values(answer, exercise):
    function, sentence = SAID[answer]
    for seed in range(3):
        verdict = judge_here(exercise, function, np.random.default_rng(seed))
        assert verdict.measured == sentence
    assert sentence in str(verdict) and sentence in verdict.card()


@pytest.mark.parametrize("answer", ["double", "constant", "first row", "one image"])
def test_part_is_named_where_others_fail_as_well(answer, exercise, rng):
    exercise.parts["none"] = 1
    ask = exercise.cases

    @exercise.examined_by
    def _(rng):
        yield from ask(rng)
        yield Case("none", [(rng.standard_normal((3, 2)), 1.0, 1.0)])

    function, sentence = SAID[answer]
    other = np.zeros(3)
    verdict = judge_here(exercise, lambda X, s, n: other if n == 1 else function(X, s, n), rng)
    within = sentence.replace("in all 5 calls", 'in all 5 calls of "value"')
    assert verdict.measured == (within if within != sentence else f'in "value" {sentence}')


def test_nothing_is_said_of_values_that_have_nothing_in_common(exercise, rng):
    verdict = judge_here(exercise, lambda X, s, n: np.sin(37 * X.sum(axis=1) + s * n), rng)
    assert verdict.measured == "" and "Measured" not in str(verdict)


def test_answer_that_keeps_something_from_call_to_call_is_told(exercise, rng):
    calls = iter(range(100))
    verdict = judge_here(exercise, lambda X, s, n: scaled(X, s, n) + next(calls), rng)
    assert verdict.measured.startswith("scaled returned another value when it was called a second")


def test_result_that_never_changes_is_told_where_another_one_is_expected(rng):
    exercise = Exercise("total", assignment="test", parts={"value": 1})
    exercise.solved_by(lambda a: float(a.sum()))
    exercise.examined_by(lambda rng: [Case("value", [(rng.random(4),)]) for _ in range(4)])
    said = f"in all 4 calls {WHAT} is 0, whatever the arguments are."
    assert judge_here(exercise, lambda a: 0.0, rng).measured == said


def test_answer_of_another_exercise_is_told(rng):
    verdict = judge_here(
        EXERCISES["eval_numerical_gradient"],
        EXERCISES["eval_numerical_gradient_centered"].reference,
        rng,
    )
    assert verdict.mistakes or "eval_numerical_gradient_centered returns" in verdict.measured


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES)
def test_no_detector_finds_anything_in_right_values(exercise, rng):
    questions = [q.put_to(exercise.reference) for q in questions_of(exercise, rng)]
    compared = [q for q in questions if q.case.answer is not None and not q.case.asks_how]
    for subject, pairs in values_of(exercise, compared):
        near = [
            Pair(p.arguments, p.got.astype(float) * (1 + 1e-6), p.expected, p.rtol, p.atol)
            for p in pairs
        ]
        assert not [found for detect in DETECTORS if (found := detect(near))], subject
