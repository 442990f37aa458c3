"""04 to 06: unusual answers that are right pass in every examination, and parts are lost apart."""

import numpy as np
import pytest

from grading.exercises import EXERCISES
from grading.judge.diagnosis import judge_here


def relative_error(a, b):
    return abs(a - b) / max(1e-8, abs(a) + abs(b))


def check_in_place(f, grad, x, n_checks, rng, h=1e-5):
    """Steps are taken and taken back in x, which rounding changes a little."""
    analytic, here, worst = grad(x), f(x), 0.0
    for flat in rng.permutation(x.size)[:n_checks]:
        index = np.unravel_index(flat, x.shape)
        x[index] += h
        above = f(x)
        x[index] -= 2 * h
        low, high = sorted([(here - f(x)) / h, (above - here) / h])
        x[index] += h
        worst = max(worst, relative_error(analytic[index], np.clip(analytic[index], low, high)))
    return worst


def find_in_place(candidates, f, x, rng):
    return [n for n, grad in candidates.items() if check_in_place(f, grad, x, x.size, rng) > 1e-4]


def hinge_gradient_by_four_loops(W, X, y, reg):
    dW = np.zeros(W.shape)
    for x, label in zip(X, y, strict=True):
        scores = [0.0] * W.shape[1]
        for j in range(W.shape[1]):
            for d in range(len(x)):
                scores[j] += x[d] * W[d, j]
        for j in range(W.shape[1]):
            if j != label and scores[j] - scores[label] + 1 >= 0:
                for d in range(len(x)):
                    dW[d, j] += x[d] / len(X)
                    dW[d, label] -= x[d] / len(X)
    for d, j in np.ndindex(*W.shape):
        dW[d, j] += 2 * reg * W[d, j]
    return dW


def batch_with_replacement(X, y, batch_size, rng):
    rows = np.sort(rng.integers(0, len(X), size=batch_size))
    return [X[rows], y[rows].tolist()]


def sorted_batches(n, batch_size, rng, shuffle=True):
    order = rng.permuted(np.arange(n)) if shuffle else range(n)
    for start in range(0, n, batch_size):
        yield sorted(int(row) for row in order[start : start + batch_size])


def last_of_the_best(train_and_score, grid):
    import itertools

    names = list(grid)
    results = {
        setting: train_and_score(**dict(zip(names, setting, strict=True)))
        for setting in itertools.product(*grid.values())
    }
    best = max((score, setting) for setting, score in results.items() if score == score)
    return list(best[1]), results


@pytest.mark.parametrize(
    ("exercise", "answer"),
    [
        ("gradient_check", check_in_place),
        ("svm_gradient_naive", hinge_gradient_by_four_loops),
        ("sample_minibatch", batch_with_replacement),
        ("epoch_batches", sorted_batches),
        ("search_hyperparameters", last_of_the_best),
    ],
)
@pytest.mark.parametrize("n_seeds", [3, pytest.param(40, marks=pytest.mark.slow)])
def test_right_answers_pass_in_every_examination(exercise, answer, n_seeds):
    for seed in range(n_seeds):
        verdict = judge_here(EXERCISES[exercise], answer, np.random.default_rng(seed))
        assert verdict.passed, (seed, str(verdict))


def test_steps_that_are_taken_back_in_x_do_not_cost_the_culprits():
    for seed in range(3):
        exercise = EXERCISES["find_the_bug"]
        verdict = judge_here(
            exercise, lambda *call: set(find_in_place(*call)), np.random.default_rng(seed)
        )
        assert verdict.passed, (seed, str(verdict))


def by_complex_step(W, X, y, reg):
    def loss(W):
        scores = X @ W
        scores = scores - scores.real.max(axis=1, keepdims=True)
        sums = np.sum(np.exp(scores), axis=1)
        data = np.mean(np.log(sums) - scores[np.arange(len(X)), y])
        return data + reg * np.sum(W**2)

    dW = np.zeros(W.shape)
    for index in np.ndindex(*W.shape):
        stepped = W.astype(complex)
        stepped[index] += 1e-30j
        dW[index] = loss(stepped).imag / 1e-30
    return loss(W), dW


def test_exact_gradient_of_a_loss_for_every_weight_costs_the_gradient_alone():
    exercise = EXERCISES["softmax_loss_and_gradient"]
    verdict = judge_here(exercise, by_complex_step, np.random.default_rng(0))
    assert [part for part, passed in verdict.parts.items() if not passed] == ["gradient"]
    assert verdict.mistake == "numerical gradient"


@pytest.mark.parametrize(
    ("exercise", "mistake", "lost"),
    [
        ("eval_numerical_gradient_centered", "divides by h", {"slopes"}),
        ("eval_numerical_gradient", "sign turned around", {"slopes"}),
        ("eval_numerical_gradient", "adds h and subtracts it again", {"x restored"}),
        ("eval_numerical_gradient", "f(x) anew for every coordinate", {"evaluations"}),
        ("numerical_gradient_sparse", "computes the whole gradient", {"evaluations"}),
        ("step_size_sweep", "walks uphill", {"losses"}),
        ("epoch_batches", "last batch filled up again", {"every index once"}),
        ("gradient_check", "draws with replacement", {"random coordinates"}),
        ("gradient_check", "last instead of the largest", {"error"}),
        ("find_the_bug", "majority vote", {"culprits", "kinks"}),
    ],
)
def test_mistake_costs_the_parts_that_it_is_about(exercise, mistake, lost):
    known = {mistake.name: mistake for mistake in EXERCISES[exercise].mistakes}
    for seed in range(3):
        verdict = judge_here(EXERCISES[exercise], known[mistake], np.random.default_rng(seed))
        assert {part for part, passed in verdict.parts.items() if not passed} == lost, verdict
