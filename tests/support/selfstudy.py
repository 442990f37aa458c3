"""Notebooks in self-study: all cells that are graded, and what comes before them."""

import json
import os
import subprocess
import sys
from tempfile import TemporaryDirectory

from nbformat import NotebookNode

from grading.handout.marks import grade_id, is_experiment, is_judged
from grading.handout.release import PROJECT


def lost_in_self_study(notebooks: list[NotebookNode]) -> list[dict[str, str]]:
    """By exercise, what was said to each answer that did not get all points."""
    cells = [
        [
            [grade_id(cell) if is_judged(cell) else "", cell.source]
            for cell in notebook.cells
            if cell.cell_type == "code" and not is_experiment(cell)
        ]
        for notebook in notebooks
    ]
    with TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-m", "tests.support.kernel"],
            input=json.dumps(cells),
            capture_output=True,
            text=True,
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(PROJECT)},
        )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])
