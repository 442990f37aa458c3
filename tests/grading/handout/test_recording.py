"""Recording: a notebook's own experiment is run on the small data, and kept."""

import nbformat
import numpy as np
import pytest

from grading.handout.recording import record_results

CELL = """
import os
from cs231n_utils import load_cifar10, recorded
data = load_cifar10()
found = recorded.results("00-test", data, lambda: {"sizes": [len(data.y_train)], "loss": [0.5]})
assert found["loss"] == [0.5]
"""


@pytest.mark.slow
def test_experiment_of_a_notebook_is_run_and_kept(tmp_path):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL)])
    record_results(notebook, tmp_path)
    with np.load(tmp_path / "00-test.npz") as kept:
        assert kept["sizes"].tolist() == [5000] and kept["loss"].tolist() == [0.5]
        assert '"seconds"' in str(kept["source"])
