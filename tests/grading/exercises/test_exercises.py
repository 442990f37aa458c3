"""Every exercise: the reference passes, each known mistake is rejected by its own name."""

import inspect
import itertools
from collections import deque
from importlib import import_module
from types import SimpleNamespace

import numpy as np
import pytest

from grading.exercises import EXERCISES
from grading.judge.diagnosis import judge_here, verdict_on
from grading.judge.question import questions_of
from tests.support.unusual import answers_to, function_of
from tests.support.verdicts import outcomes

FIRST = [
    pytest.param(exercise, exercise.mistakes[0], id=exercise.id) for exercise in EXERCISES.values()
]
"""The channel is the same for all mistakes."""


@pytest.mark.parametrize("n_seeds", [3, pytest.param(30, marks=pytest.mark.slow)])
@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES)
def test_reference_passes_under_many_seeds(exercise, n_seeds):
    for seed in range(n_seeds):
        verdict = judge_here(exercise, exercise.reference, np.random.default_rng(seed))
        assert verdict.passed and verdict.points == exercise.points, (seed, str(verdict))


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES)
def test_exercise_has_a_file_of_its_name_in_the_package_of_its_assignment(exercise):
    _, _, words = exercise.assignment.partition("-")
    package = import_module(f"grading.exercises.{words.replace('-', '_')}")
    assert exercise.assignment == package.ASSIGNMENT and exercise.id in package.EXERCISES
    assert {question.assignment for question in package.WRITTEN} <= {exercise.assignment}
    module = import_module(f"{package.__name__}.{exercise.id}")
    assert module.exercise is exercise
    assert getattr(module, exercise.id) is exercise.reference


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
    parts = {question.case.part for question in questions_of(exercise, np.random.default_rng(0))}
    assert parts == set(exercise.parts)


@pytest.mark.parametrize("every", [18, pytest.param(1, marks=pytest.mark.slow)])
@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES)
def test_mistakes_are_recognized_by_their_own_names(exercise, every):
    for place, mistake in enumerate(exercise.mistakes[::every]):
        verdict = judge_here(exercise, mistake, np.random.default_rng(place % 5))
        assert not verdict.passed and verdict.message
        assert verdict.mistakes == {mistake.name: mistake.hint}, (place % 5, str(verdict))


@pytest.fixture
def fixed_seed(monkeypatch):
    """The oracle draws the same inputs in every run; other tests go through many seeds."""
    monkeypatch.setattr("grading.judge.oracle.secrets", SimpleNamespace(randbits=lambda bits: 0))


@pytest.mark.usefixtures("fixed_seed")
@pytest.mark.parametrize(("exercise", "mistake"), FIRST)
def test_mistake_is_recognized_over_the_channel(exercise, mistake, oracle_channel):
    channel, ledger = oracle_channel(assignment=exercise.assignment)
    verdict = channel.judge(mistake, exercise.id)
    assert (verdict.passed, verdict.mistake) == (False, mistake.name)
    assert ledger[0]["mistakes"] == {mistake.name: mistake.hint}


@pytest.mark.usefixtures("fixed_seed")
@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES)
def test_reference_passes_over_the_channel(exercise, oracle_channel):
    channel, ledger = oracle_channel(assignment=exercise.assignment)
    assert channel.judge(exercise.reference, exercise.id).passed
    assert ledger[0]["points"] == exercise.points


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES)
def test_unwritten_answer_is_called_unwritten(exercise):
    def unwritten(*_):
        raise NotImplementedError

    questions = questions_of(exercise, np.random.default_rng(0))
    verdict = verdict_on(exercise, [question.put_to(unwritten) for question in questions])
    assert verdict.points == 0 and "not written yet" in verdict.message


def raises(*_):
    raise ValueError("no")


TRIVIAL = {
    "nothing": lambda *_: None,
    "zero": lambda *_: 0.0,
    "nan": lambda *_: float("nan"),
    "True": lambda *_: True,
    "False": lambda *_: False,
    "an empty set": lambda *_: set(),
    "an empty list": lambda *_: [],
    "the first array": lambda *arguments: _arrays(arguments)[0],
    "the last array": lambda *arguments: _arrays(arguments)[-1],
    "zeros": lambda *arguments: np.zeros_like(_arrays(arguments)[0]),
    "loss and gradient of zeros": lambda *arguments: (0.0, np.zeros_like(_arrays(arguments)[-1])),
    "a ValueError": raises,
}


def _arrays(arguments):
    return [a for a in arguments if isinstance(a, np.ndarray)] or [np.zeros(1)]


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES)
def test_trivial_answers_earn_nothing(exercise):
    lost = {name: outcomes(exercise.id, answer, 1) for name, answer in TRIVIAL.items()}
    assert all(one == {tuple(exercise.parts): 1} for one in lost.values()), lost


def in_turn(*answers):
    turns = itertools.cycle(answers)
    return lambda ts, tol: next(turns)


def without_looking(choose):
    def is_midpoint_convex(f, ts, tol):
        return bool(choose(ts, tol))

    return is_midpoint_convex


@pytest.mark.parametrize(
    "choose",
    [
        lambda ts, tol: tol > 0.72 if len(ts) == 2 else ts[0] > 1.5,
        in_turn(True, False),
        in_turn(True, True, False, False),
        lambda ts, tol: np.ptp(ts) > 6,
        lambda ts, tol: ts.sum() % 1 > 0.5,
    ],
)
@pytest.mark.parametrize("n_seeds", [1, pytest.param(8, marks=pytest.mark.slow)])
def test_convexity_cannot_be_told_without_looking_at_the_function(choose, n_seeds):
    for seed in range(n_seeds):
        verdict = judge_here(
            EXERCISES["is_midpoint_convex"], without_looking(choose), np.random.default_rng(seed)
        )
        assert verdict.points == 0, (seed, verdict)


def evaluates_and_keeps_the_slopes(n_calls):
    def answer(f, x, *_):
        for _ in range(n_calls(x)):
            f(x + 0.1)

    return answer


@pytest.mark.parametrize(
    ("exercise", "n_calls"),
    [
        ("eval_numerical_gradient", lambda x: x.size + 1),
        ("eval_numerical_gradient_centered", lambda x: 2 * x.size),
        ("numerical_gradient_sparse", lambda x: 12),
        ("step_size_sweep", lambda x: 5),
    ],
)
def test_evaluating_as_often_as_asked_is_no_answer(exercise, n_calls):
    for seed in range(5):
        answer = evaluates_and_keeps_the_slopes(n_calls)
        assert judge_here(EXERCISES[exercise], answer, np.random.default_rng(seed)).points == 0


def one_try(X, y, scale, rng):
    W = scale * rng.standard_normal((X.shape[1], int(y.max()) + 1)).astype(X.dtype)
    return W, _hinge_and_slope(W, X, y)[0]


def _hinge_and_slope(W, X, y):
    images, scores = np.arange(len(y)), X @ W
    margins = np.maximum(0, scores - scores[images, y][:, np.newaxis] + 1)
    above = (margins > 0).astype(float)
    above[images, y] -= above.sum(axis=1)
    return float(margins.sum() / len(y) - 1), (X.T @ above / len(y)).astype(W.dtype)


def one_try_of_made_up_loss(X, y, n_tries, scale, rng):
    return one_try(X, y, scale, rng)[0], 1.0, np.linspace(2, 1, n_tries)


def one_try_and_made_up_history(X, y, n_tries, scale, rng):
    W, loss = one_try(X, y, scale, rng)
    return W, loss, loss + 0.1 * (np.arange(n_tries) < 1)


def descent_and_made_up_history(X, y, n_tries, scale, rng):
    W, _ = one_try(X, y, scale, rng)
    for _ in range(100):
        W = W - 0.05 * _hinge_and_slope(W, X, y)[1]
    loss, _ = _hinge_and_slope(W, X, y)
    return W, loss, loss + 0.5 * np.maximum(0, 6 - np.arange(n_tries))


@pytest.mark.parametrize(
    "answer", [one_try_of_made_up_loss, one_try_and_made_up_history, descent_and_made_up_history]
)
@pytest.mark.parametrize("n_seeds", [1, pytest.param(4, marks=pytest.mark.slow)])
def test_batched_search_without_a_search_earns_at_most_its_draws(answer, n_seeds):
    for seed in range(n_seeds):
        verdict = judge_here(
            EXERCISES["random_search_batched"], answer, np.random.default_rng(seed)
        )
        assert {part for part, passed in verdict.parts.items() if passed} <= {"draws"}, verdict


def search_from_a_number(loss_fn, shape, n_tries, scale, rng):
    best, history = 1e5, []
    for _ in range(n_tries):
        W = scale * rng.standard_normal(shape)
        loss = loss_fn(W)
        if loss < best:
            best, best_W = loss, W
        history.append(best)
    return best_W, best, history


def test_search_from_a_number_is_named_where_its_weights_never_got_a_value():
    for seed in range(10):
        verdict = judge_here(
            EXERCISES["random_search"], search_from_a_number, np.random.default_rng(seed)
        )
        assert "UnboundLocalError" in verdict.reasons["best"] and len(verdict.reasons) == 1
        assert verdict.mistake == "best loss starts at a number"


def test_mistakes_take_the_arguments_of_the_reference():
    for exercise in EXERCISES.values():
        wanted = list(inspect.signature(exercise.reference).parameters)
        for mistake in exercise.mistakes:
            got = list(inspect.signature(mistake.function).parameters)
            assert got == wanted, (exercise.id, mistake.name)


@pytest.mark.parametrize(
    ("exercise", "method"),
    [
        ("svm_loss_vectorized", "products and sums by einsum, margins by clip"),
        ("svm_loss_vectorized", "single precision"),
        ("svm_loss_vectorized", "loops over the classes"),
        ("svm_loss_naive", "no loop at all, by einsum"),
        ("svm_gradient_naive", "single precision"),
        ("softmax_loss_and_gradient", "single precision"),
        ("softmax", "row by row"),
        ("softmax", "single precision"),
        ("accuracy", "writes to standard error and divides by zero"),
        ("double_in_place", "indices from nditer, until it is finished"),
        ("linear_scores", "one class after another, stacked in columns"),
    ],
)
@pytest.mark.parametrize("n_seeds", [5, pytest.param(20, marks=pytest.mark.slow)])
def test_right_answers_of_other_methods_pass_under_many_seeds(exercise, method, n_seeds):
    (answer,) = (answer for answer in answers_to(exercise) if answer.form == method)
    assert outcomes(exercise, function_of(answer), n_seeds) == {(): n_seeds}


def hue_not_closed(images, bins):
    """Negative hues fall out of all bins."""
    red, green, blue = np.moveaxis(images.astype(float), -1, 0)
    high, low = images.max(axis=-1).astype(float), images.min(axis=-1)
    spread = np.where(high > low, high - low, 1)
    sixths = np.where(high == green, 2 + (blue - red) / spread, 4 + (red - green) / spread)
    hues = np.where(high == red, (green - blue) / spread, sixths) / 6
    return np.array([np.histogram(h, bins, range=(0, 1))[0] / h.size for h in hues])


def hog(images, cell, bins, bucket_of, border=0):
    gray = images @ np.array([0.299, 0.587, 0.114])
    down, right = (border * np.gradient(gray, axis=axis) for axis in (1, 2))
    down[:, 1:-1] = gray[:, 2:] - gray[:, :-2]
    right[:, :, 1:-1] = gray[:, :, 2:] - gray[:, :, :-2]
    bucket, strength = bucket_of(np.degrees(np.arctan2(down, right)), bins), np.hypot(down, right)
    features = np.zeros((len(gray), gray.shape[1] // cell, gray.shape[2] // cell, bins))
    for n, y, x in np.ndindex(gray.shape):
        if bucket[n, y, x] < bins:
            features[n, y // cell, x // cell, int(bucket[n, y, x])] += strength[n, y, x] / cell**2
    return features.reshape(len(gray), -1)


def hog_of_absolute_angles(images, cell=8, bins=9):
    return hog(images, cell, bins, lambda a, n: np.minimum(np.abs(a) * n / 180, n - 1))


def hog_in_twenties(images, cell=8, bins=9):
    return hog(images, cell, bins, lambda a, n: (a % 180 // 20) % n)


def hog_in_radians(images, cell=8, bins=9):
    return hog(images, cell, bins, lambda a, n: np.radians(a) % np.pi * n / 180)


def hog_with_border(images, cell=8, bins=9):
    return hog(images, cell, bins, lambda a, n: (a % 180 * n / 180) % n, border=2)


def hog_alone(images):
    return EXERCISES["hog_features"].reference(images, 4, 8)


def hue_alone(images):
    return EXERCISES["hue_histogram"].reference(images, 20)


def largest_is_one(images):
    features = EXERCISES["describe"].reference(images)
    return features / features.max(axis=0)


def one_patch_an_image(images, size, n_patches, rng):
    patches = np.zeros((n_patches, size * size * 3))
    for p, i in enumerate(rng.choice(len(images), n_patches, replace=False)):
        patches[p] = images[i, :size, :size].ravel()
    return patches


def places_over_the_border(images, size, n_patches, rng):
    n, height, width, _ = images.shape
    i, row, col = (rng.integers(end, size=(n_patches, 1, 1)) for end in (n, height, width))
    rows, cols = row + np.arange(size)[:, np.newaxis], col + np.arange(size)
    return images[i, rows, cols].reshape(n_patches, -1)


def log_of_clipped(params, X, y, reg):
    W1, b1, W2, b2 = (params[name] for name in ("W1", "b1", "W2", "b2"))
    scores = np.maximum(0, X @ W1 + b1) @ W2 + b2
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = p[np.arange(len(y)), y] / p.sum(axis=1)
    loss = -np.mean(np.log(np.clip(p, 1e-8, 1))) + reg * (np.sum(W1**2) + np.sum(W2**2))
    _, grads = EXERCISES["two_layer_loss_and_gradient"].reference(params, X, y, reg)
    return loss, grads


@pytest.mark.parametrize(
    ("function", "exercise", "mistake"),
    [
        (hue_not_closed, "hue_histogram", "negative hues"),
        (hog_of_absolute_angles, "hog_features", "angles mirrored"),
        (hog_in_twenties, "hog_features", "buckets of 20 degrees"),
        (hog_in_radians, "hog_features", "angles in radians"),
        (hog_with_border, "hog_features", "doubled difference at the border"),
        (hog_alone, "describe", "edges alone"),
        (hue_alone, "describe", "hues alone"),
        (largest_is_one, "describe", "rows that depend on their neighbors"),
        (one_patch_an_image, "extract_patches", "each image once"),
        (places_over_the_border, "extract_patches", "over the border"),
        (log_of_clipped, "two_layer_loss_and_gradient", "a constant inside the log"),
    ],
)
def test_mistake_written_otherwise_has_the_same_name(function, exercise, mistake):
    for seed in range(5):
        verdict = judge_here(EXERCISES[exercise], function, np.random.default_rng(seed))
        assert (verdict.passed, verdict.mistake) == (False, mistake), (seed, str(verdict))


@pytest.mark.parametrize(
    ("exercise", "mistake", "lost"),
    [
        (
            "two_layer_loss_and_gradient",
            "no gradient of the ReLU",
            {"gradients", "no loop over the weights"},
        ),
        (
            "two_layer_loss_and_gradient",
            "sum instead of mean",
            {"loss", "gradients", "no loop over the weights"},
        ),
        ("two_layer_loss_and_gradient", "half of the penalty", {"regularization"}),
        ("two_layer_loss_and_gradient", "changes params", {"params unchanged"}),
        ("conv_backward", "mean in db", {"db"}),
    ],
)
def test_mistake_costs_the_parts_that_it_is_about(exercise, mistake, lost):
    known = {mistake.name: mistake for mistake in EXERCISES[exercise].mistakes}
    for seed in range(5):
        verdict = judge_here(EXERCISES[exercise], known[mistake], np.random.default_rng(seed))
        assert {part for part, passed in verdict.parts.items() if not passed} == lost


def test_answer_that_yields_is_judged_by_what_it_yields():
    exercise = EXERCISES["epoch_batches"]

    def epoch_batches(n, batch_size, rng, shuffle=True):
        yield from exercise.reference(n, batch_size, rng, shuffle)

    def without_end(n, batch_size, rng, shuffle=True):
        while True:
            yield np.arange(n)

    class Loader:
        def __init__(self, *arguments):
            self.arguments = arguments

        def __iter__(self):
            return epoch_batches(*self.arguments)

    for answer in (epoch_batches, Loader, lambda *arguments: deque(epoch_batches(*arguments))):
        assert judge_here(exercise, answer, np.random.default_rng(231)).passed
    assert not judge_here(exercise, without_end, np.random.default_rng(231)).passed


def test_one_evaluation_more_at_the_end_costs_the_count_but_not_the_history():
    exercise = EXERCISES["random_search"]

    def random_search(loss_fn, *arguments):
        W, loss, history = exercise.reference(loss_fn, *arguments)
        loss_fn(W)
        return W, loss, history

    assert judge_here(exercise, random_search, np.random.default_rng(0)).parts == {
        "best": False,
        "history": True,
        "draws": True,
    }
