"""Threads and processes: how many there are, and that they do all of the work."""

import os

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from cs231n_utils.system import processors
from cs231n_utils.system.processors import in_blocks, n_processors, threads


def blas_threads():
    """Of NumPy's library; SciPy brings another of its own, should a test before have loaded it."""
    known = processors._blas().info()
    return {pool["num_threads"] for pool in known if pool["user_api"] == "blas"}


def test_number_of_processors_is_that_of_this_process():
    assert 1 <= n_processors() <= (os.cpu_count() or 1)


def test_number_of_processors_is_known_where_a_process_has_no_affinity(monkeypatch):
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    assert n_processors() == os.cpu_count()


def test_products_stay_in_one_thread_from_when_a_notebook_says_so():
    with threadpool_limits(n_processors(), "blas"):
        processors.keep_blas_in_one_thread()
        np.ones((300, 300)) @ np.ones((300, 300))
        assert blas_threads() == {1}


def test_browser_lends_one_processor_however_many_there_are(monkeypatch):
    monkeypatch.setattr(processors, "IN_BROWSER", True)
    assert n_processors() == 1


@pytest.mark.parametrize(("most", "expected"), [(2, 2), (100, 3)])
def test_threads_are_as_many_as_processors_and_each_multiplies_by_itself(
    monkeypatch, most, expected
):
    monkeypatch.setattr(processors, "n_processors", lambda: 3)
    before = blas_threads()
    with threads(most) as pool:
        assert pool._max_workers == expected
        assert blas_threads() == {1}
    assert blas_threads() == before


@pytest.mark.parametrize("n", [0, 1, 10, 11])
def test_blocks_cover_every_row_once_and_the_last_may_be_short(n):
    seen = np.zeros(n, int)

    def count(rows):
        assert rows.stop - rows.start <= 5
        seen[rows] += 1

    in_blocks(count, n, 5, 2)
    assert (seen == 1).all()


def test_error_in_a_block_is_raised():
    def fail(rows):
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        in_blocks(fail, 10, 5, 2)


def test_bar_is_shown_under_its_name_on_standard_output(capsys):
    in_blocks(lambda rows: None, 10, 5, 2, shown_as="colors")
    in_blocks(lambda rows: None, 10, 5, 2)
    in_blocks(lambda rows: None, 10, 5, 2, shown_as="shapes", delay=60.0)
    shown = capsys.readouterr()
    assert "colors: 100%" in shown.out and "10/10" in shown.out
    assert shown.out.count("100%") == 1 and not shown.err  # the third was quicker than its delay


def test_without_threads_tasks_are_done_in_turn(monkeypatch):
    monkeypatch.setattr(processors, "IN_BROWSER", True)
    monkeypatch.delattr("threading.Thread.start")
    seen = []
    in_blocks(lambda rows: seen.append(rows.start), 11, 5, 2)
    assert seen == [0, 5, 10]
    with threads(2) as pool:
        assert pool.submit(divmod, 7, 2).result() == (3, 1)
        with pytest.raises(ZeroDivisionError):
            pool.submit(divmod, 7, 0).result()
