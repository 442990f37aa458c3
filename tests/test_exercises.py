"""Every exercise: the reference passes, each known mistake is rejected by its own name."""

import inspect
from dataclasses import replace

import numpy as np
import pytest

from grading.exercises import EMBARGOED, EXERCISES

MISTAKES = [
    pytest.param(exercise, mistake, id=f"{exercise.id}-{mistake.name.replace(' ', '_')}")
    for exercise in EXERCISES.values()
    for mistake in exercise.mistakes
]


def judge(exercise, function, seed):
    questions = exercise.examine(np.random.default_rng(seed))
    return exercise.judge([question.put_to(function) for question in questions])


@pytest.mark.parametrize("n_seeds", [10, pytest.param(1000, marks=pytest.mark.slow)])
@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES)
def test_reference_passes_under_many_seeds(exercise, n_seeds):
    for seed in range(n_seeds):
        verdict = judge(exercise, exercise.reference, seed)
        assert verdict.passed and verdict.points == exercise.points, (seed, str(verdict))


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES)
def test_at_least_four_mistakes_with_names_and_hints_of_their_own(exercise):
    names = [mistake.name for mistake in exercise.mistakes]
    assert len(names) >= 4 and len(set(names)) == len(names)
    assert all(mistake.hint.endswith(".") for mistake in exercise.mistakes)


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES)
def test_hints_come_in_three_and_none_is_the_solution(exercise):
    assert len(set(exercise.hints)) == 3
    body = {line.strip() for line in inspect.getsource(exercise.reference).splitlines()[2:]}
    for hint in exercise.hints:
        assert hint.endswith((".", "?"))
        assert not any(len(line) > 25 and line in hint for line in body)


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES)
def test_every_part_is_examined_and_every_mistake_fails_some_part(exercise):
    parts = {question.case.part for question in exercise.examine(np.random.default_rng(0))}
    assert parts == set(exercise.parts)


@pytest.mark.parametrize("n_seeds", [2, pytest.param(20, marks=pytest.mark.slow)])
@pytest.mark.parametrize(("exercise", "mistake"), MISTAKES)
def test_mistake_is_recognized_by_its_own_name(exercise, mistake, n_seeds):
    for seed in range(n_seeds):
        verdict = judge(exercise, mistake, seed)
        assert not verdict.passed
        assert verdict.mistake == mistake.name, (seed, str(verdict))
        assert verdict.hint == mistake.hint
        assert verdict.message


@pytest.mark.parametrize(("exercise", "mistake"), MISTAKES)
def test_mistake_is_recognized_over_the_channel(exercise, mistake, oracle_channel):
    channel, ledger = oracle_channel(assignment=exercise.assignment)
    verdict = channel.judge(mistake, exercise.id)
    assert (verdict.passed, verdict.mistake) == (False, mistake.name)
    assert ledger[0]["mistake"] == mistake.name


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES)
def test_reference_passes_over_the_channel(exercise, oracle_channel):
    channel, ledger = oracle_channel(assignment=exercise.assignment)
    assert channel.judge(exercise.reference, exercise.id).passed
    assert ledger[0]["points"] == exercise.points


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES)
def test_unwritten_answer_is_called_unwritten(exercise):
    def unwritten(*_):
        raise NotImplementedError

    verdict = judge(exercise, unwritten, 0)
    assert verdict.points == 0 and "not written yet" in verdict.message


class Watched(dict):
    """Records that tell whether they were looked at."""

    def __init__(self, records):
        super().__init__(records)
        self.read = False

    def __getitem__(self, place):
        self.read = True
        return super().__getitem__(place)


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES)
def test_part_that_rests_on_records_is_lost_where_the_client_is_evaded(exercise):
    for question in exercise.examine(np.random.default_rng(0)):
        twin = question.put_to(exercise.reference)
        twin.observations = [replace(o, records=Watched(o.records)) for o in twin.observations]
        assert twin.reason(exercise) is None
        if any(observation.records.read for observation in twin.observations):
            assert question.case.part in exercise.guarded_parts()


def test_embargoed_modules_belong_to_assignments_of_the_course():
    assert set(EMBARGOED) <= {exercise.assignment for exercise in EXERCISES.values()}


def test_mistakes_take_the_arguments_of_the_reference():
    for exercise in EXERCISES.values():
        wanted = list(inspect.signature(exercise.reference).parameters)
        for mistake in exercise.mistakes:
            got = list(inspect.signature(mistake.function).parameters)
            assert got == wanted, (exercise.id, mistake.name)


def hinge_by_einsum(W, X, y, reg):
    scores = np.einsum("nd,dc->nc", X, W)
    correct = np.take_along_axis(scores, y[:, None], 1)
    margins = np.clip(scores - correct + 1, 0, None)
    return np.float64((margins.sum() - len(y)) / len(y) + reg * np.einsum("dc,dc->", W, W))


def hinge_in_float32(W, X, y, reg):
    W, X = W.astype(np.float32), X.astype(np.float32)
    scores = X @ W
    wrong = np.ones_like(scores)
    wrong[np.arange(len(y)), y] = 0
    margins = np.maximum(0, scores - scores[np.arange(len(y)), y].reshape(-1, 1) + 1) * wrong
    return margins.sum() / len(y) + np.float32(reg) * (W * W).sum()


def hinge_over_classes(W, X, y, reg):
    scores, total = X @ W, 0.0
    correct = scores[range(len(y)), y]
    for j in range(W.shape[1]):
        margins = np.maximum(0, scores[:, j] - correct + 1)
        total += margins[y != j].sum()
    return np.array(total / len(y) + reg * np.linalg.norm(W) ** 2)


def softmax_one_by_one(scores):
    if scores.ndim == 1:
        powers = [np.exp(score - max(scores)) for score in scores]
        return np.array([power / sum(powers) for power in powers], dtype=np.float32)
    return np.stack([softmax_one_by_one(row) for row in scores])


def noisy_accuracy(scores, y):
    import sys
    import warnings

    print("on standard output")
    print("on standard error", file=sys.stderr)
    warnings.warn("a warning", stacklevel=1)
    np.log(np.zeros(1))
    hits = 0
    for row, label in zip(scores, y, strict=True):
        hits += row.argmax() == label
    return hits / len(y)


def double_by_index(a):
    it = np.nditer(a, flags=["multi_index"], op_flags=["readwrite"])
    while not it.finished:
        a[it.multi_index] += a[it.multi_index]
        it.iternext()


@pytest.mark.parametrize(
    ("function", "exercise"),
    [
        (hinge_by_einsum, "svm_loss_vectorized"),
        (hinge_in_float32, "svm_loss_vectorized"),
        (hinge_over_classes, "svm_loss_vectorized"),
        (hinge_by_einsum, "svm_loss_naive"),
        (softmax_one_by_one, "softmax"),
        (noisy_accuracy, "accuracy"),
        (double_by_index, "double_in_place"),
        (lambda W, X: np.stack([X @ w for w in W.T], axis=1).astype(np.float32), "linear_scores"),
    ],
)
def test_correct_answers_in_other_forms_pass(function, exercise):
    for seed in range(50):
        verdict = judge(EXERCISES[exercise], function, seed)
        assert verdict.passed, str(verdict)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, "returned None, expected a float: is the return statement missing?"),
        ("nine", "returned a str, expected a float"),
        ([1.0], "returned a list, expected a float"),
        (np.zeros(3), "returned an array of shape (3,), expected a float"),
        (float("nan"), "returned nan, expected the finite number"),
        (1e9, "returned 1e+09, expected"),
        (1 + 2j, "returned a complex, expected a float"),
        (object(), "returned a object, expected a float"),
    ],
)
def test_reason_names_what_was_got_and_expected(value, reason, oracle_channel):
    channel, _ = oracle_channel()
    verdict = channel.judge(lambda *_: value, "svm_loss_naive")
    assert reason in verdict.message


def test_answer_that_yields_is_judged_by_what_it_yields():
    exercise = EXERCISES["epoch_batches"]

    def epoch_batches(n, batch_size, rng, shuffle=True):
        yield from exercise.reference(n, batch_size, rng, shuffle)

    def without_end(n, batch_size, rng, shuffle=True):
        while True:
            yield np.arange(n)

    rng = np.random.default_rng(231)
    assert exercise.judge([q.put_to(epoch_batches) for q in exercise.examine(rng)]).passed
    assert not exercise.judge([q.put_to(without_end) for q in exercise.examine(rng)]).passed


def test_name_from_another_cell_is_advised_into_the_answer():
    def accuracy(scores, y):
        return helper_from_another_cell(scores, y)  # noqa: F821

    verdict = judge(EXERCISES["accuracy"], accuracy, 0)
    assert "helper_from_another_cell" in verdict.message
    assert "inside its cell" in verdict.message
