"""Random rows are told from rows that lie together, and from some of the rows only."""

import numpy as np
import pytest

from grading.exercises.sampling import gaps, left_out, patterned, staying

SIZES = {"sample_minibatch": (40, 10, 20), "gradient_check": (36, 12, 10)}
"""Rows, rows of a draw, and draws, as the exercises ask for them."""


def window(rng, n, m):
    return (rng.integers(n) + np.arange(m)) % n


def shuffled_window(rng, n, m):
    return rng.permutation(window(rng, n, m))


def two_windows(rng, n, m):
    return np.concatenate([window(rng, n, m // 2), window(rng, n, m // 2)])


def stride(rng, n, m):
    return (rng.integers(n) + rng.integers(2, n // 2) * np.arange(m)) % n


def every_third(rng, n, m):
    return np.sort((rng.integers(n) + 3 * np.arange(m)) % n)


def different(rng, n, m):
    return rng.choice(n, m, replace=False)


def independent(rng, n, m):
    return rng.integers(n, size=m)


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
@pytest.mark.parametrize("draw", [window, shuffled_window, two_windows, stride, every_third])
def test_rows_that_lie_together_are_always_found(draw, size):
    n, m, n_draws = size
    rng = np.random.default_rng(231)
    for _ in range(50):
        assert patterned([draw(rng, n, m) for _ in range(n_draws)], n)


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
@pytest.mark.parametrize("draw", [different, independent])
def test_random_rows_are_far_from_every_bound(draw, size):
    """One draw in a hundred looks spaced, so not even one in 10**20 examinations has only such;
    and the share of neighbors lies nine standard errors below its bound."""
    n, m, n_draws = size
    rng = np.random.default_rng(231)
    each = [gaps(draw(rng, n, m), n) for _ in range(4_000)]
    spaced = np.mean([len(np.unique(gap)) <= 3 for gap in each])
    assert spaced**n_draws < 1e-20
    share = np.array([np.mean(gap == 1) for gap in each])
    excess = np.mean([(n - len(gap)) / (n - 1) / 2 for gap in each])
    assert excess / (share.std() / np.sqrt(n_draws)) > 9
    assert patterned([draw(rng, n, m) for _ in range(n_draws)], n) is None


def test_order_of_the_rows_and_where_they_begin_do_not_matter():
    assert gaps(np.array([7, 1, 3, 3]), 10).tolist() == [2, 4, 4]
    assert gaps(np.array([8, 2, 4, 4]), 10).tolist() == [2, 4, 4]


def test_rows_in_no_draw_are_left_out():
    assert left_out([np.array([0, 3]), np.array([3, 1])], 5).tolist() == [2, 4]


def test_row_that_is_never_shuffled_stays():
    first = [np.array([0, 1]), np.array([2, 3])]
    second = [np.array([1, 2]), np.array([0, 3])]
    assert staying([first, first, second], 4).tolist() == [1, 3]
    assert staying([first, second[::-1]], 4).tolist() == [0, 2]
    assert staying([first[:1], first[:1]], 4).tolist() == [0, 1]
