"""Processors: how many there are, and that BLAS uses as many as it is told."""

import os

import numpy as np
from threadpoolctl import threadpool_limits

from cs231n_utils.system import processors
from cs231n_utils.system.processors import n_processors
from tests.support.blas import blas_threads


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
