"""Draws of every wrong kind are told from standard normal ones, and right ones never are."""

import numpy as np
import pytest

from grading.exercises.random_search.normality import why_not_normal

N, SHAPE = 80, (5, 4)

WRONG = {
    "uniform": lambda rng: rng.random((N, *SHAPE)),
    "uniform from -1 to 1": lambda rng: rng.uniform(-1, 1, (N, *SHAPE)),
    "uniform from -2 to 2": lambda rng: rng.uniform(-2, 2, (N, *SHAPE)),
    "uniform of variance 1": lambda rng: np.sqrt(3) * rng.uniform(-1, 1, (N, *SHAPE)),
    "signs": lambda rng: rng.choice([-1.0, 1.0], (N, *SHAPE)),
    "magnitudes": lambda rng: np.abs(rng.standard_normal((N, *SHAPE))),
    "one number": lambda rng: rng.standard_normal((N, 1, 1)) * np.ones(SHAPE),
    "one row": lambda rng: rng.standard_normal((N, 1, 4)) * np.ones(SHAPE),
    "one column": lambda rng: rng.standard_normal((N, 5, 1)) * np.ones(SHAPE),
    "one try": lambda rng: rng.standard_normal((1, *SHAPE)) * np.ones((N, 1, 1)),
    "each twice": lambda rng: np.repeat(rng.standard_normal((N // 2, *SHAPE)), 2, axis=0),
    "each and its negative": lambda rng: np.concatenate(
        [half := rng.standard_normal((N // 2, *SHAPE)), -half]
    ),
    "windows of one series": lambda rng: np.lib.stride_tricks.sliding_window_view(
        rng.standard_normal(N + 19), 20
    ).reshape(N, *SHAPE),
    "a walk": lambda rng: np.cumsum(rng.standard_normal((N, *SHAPE)), axis=0),
    "variance for standard deviation": lambda rng: 0.7 * rng.standard_normal((N, *SHAPE)),
}


@pytest.mark.parametrize("draw", WRONG.values(), ids=WRONG)
@pytest.mark.parametrize("n_runs", [100, pytest.param(3_000, marks=pytest.mark.slow)])
def test_wrong_draws_are_rejected(draw, n_runs):
    rng = np.random.default_rng(231)
    assert all(why_not_normal(draw(rng)) for _ in range(n_runs))


@pytest.mark.parametrize("n_runs", [1_000, pytest.param(30_000, marks=pytest.mark.slow)])
def test_normal_draws_pass_in_both_precisions(n_runs):
    rng = np.random.default_rng(231)
    for i in range(n_runs):
        draws = rng.standard_normal((N, *SHAPE), dtype=np.float32 if i % 2 else np.float64)
        assert why_not_normal(draws) is None
