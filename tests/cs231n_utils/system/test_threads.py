"""Threads: as many as there are processors, and they do all of the work."""

import numpy as np
import pytest

from cs231n_utils.system import threads as module
from cs231n_utils.system.threads import in_blocks, threads
from tests.support.blas import blas_threads


@pytest.mark.parametrize(("most", "expected"), [(2, 2), (100, 3)])
def test_threads_are_as_many_as_processors_and_each_multiplies_by_itself(
    monkeypatch, most, expected
):
    monkeypatch.setattr(module, "n_processors", lambda: 3)
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
    monkeypatch.setattr(module, "IN_BROWSER", True)
    monkeypatch.delattr("threading.Thread.start")
    seen = []
    in_blocks(lambda rows: seen.append(rows.start), 11, 5, 2)
    assert seen == [0, 5, 10]
    with threads(2) as pool:
        assert pool.submit(divmod, 7, 2).result() == (3, 1)
        with pytest.raises(ZeroDivisionError):
            pool.submit(divmod, 7, 0).result()
