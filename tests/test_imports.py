"""What a start imports, since somebody waits for it: a kernel, the oracle, each light command."""

import json
import os
import subprocess
import sys

import pytest

from grading.handout.release import PROJECT

KERNEL, ORACLE = "import cs231n_utils", "import grading.judge.tutor"
FIRST_ANSWER = "from grading.exercises import EXERCISES; EXERCISES['softmax']"
NUMPY = "import numpy.random"
OF_OTHERS = {"numpy", "platformdirs"}
"""The packages of others that a kernel and the oracle start with, of NumPy what it needs itself."""
SLOW_OF_PYTHON = {"asyncio", "concurrent", "email", "http", "multiprocessing", "tarfile"}


def imported_by(code):
    """The modules that a fresh Python has imported after some code."""
    program = f"{code}\nimport json, sys; print(json.dumps(sorted(sys.modules)))"
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout))


@pytest.mark.parametrize("start", [KERNEL, ORACLE])
def test_kernel_and_oracle_start_with_few_packages(start):
    tops = {name.partition(".")[0] for name in imported_by(start) - imported_by(NUMPY)}
    ours = {"cs231n_utils", "grading"}
    assert tops - sys.stdlib_module_names - ours <= OF_OTHERS
    assert not tops & SLOW_OF_PYTHON


def test_oracle_imports_the_exercise_that_it_is_asked_for_and_no_other():
    asked = {name for name in imported_by(FIRST_ANSWER) if name.startswith("grading.exercises.")}
    assert "grading.exercises.loss_functions.softmax" in asked
    assert not [name for name in asked if name.endswith((".softmax_loss_naive", ".kmeans"))]


LIGHT = {
    "--help": "",
    "list": "",
    "learn --lay-out work": "nbformat traitlets",
    "solve 00-start-here solved.ipynb": "nbformat traitlets",
    "status --course course": "sqlalchemy yaml",
    "course 00-start-here --course course": "sqlalchemy yaml",
    "collect 00-start-here empty --course course": "sqlalchemy yaml",
    "backup out.zip --course course": "sqlalchemy yaml",
}
"""Commands that are typed often, and which modules that are slow to import each may import."""

SLOW = {
    "IPython", "distributed", "jupyter_server", "matplotlib", "nbconvert", "nbformat", "nbgrader",
    "psycopg", "requests", "sqlalchemy", "tornado", "traitlets", "yaml",
}  # fmt: skip


@pytest.mark.parametrize("command", LIGHT)
def test_command_imports_nothing_slow_that_it_does_not_need(command, tmp_path):
    (tmp_path / "empty").mkdir()
    # Windows has no such modules, and these commands need none.
    code = f"""
import json, sys
sys.modules |= dict.fromkeys(["fcntl", "resource"])
from grading.command_line import app
try:
    app({command.split()})
except SystemExit as end:
    print(json.dumps([end.code, sorted(sys.modules)]))
"""
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    exit_code, modules = json.loads(done.stdout.splitlines()[-1])
    assert "Traceback" not in done.stderr and exit_code in (0, 1), done.stderr
    assert SLOW & set(modules) <= set(LIGHT[command].split())
