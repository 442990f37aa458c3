"""What a student uses on Windows and macOS, as far as Linux shows it: without what only it has."""

import os
import subprocess
import sys

import pytest

from cs231n_utils.selfstudy.progress_file import PROGRESS_FILE
from grading.handout.release import PROJECT

HIDING = PROJECT / "tests" / "support" / "other_system"

STUDENT = """
import importlib
import pkgutil

import cs231n_utils
from cs231n_utils import checks, load_cifar10
from cs231n_utils.selfstudy import progress_file
from cs231n_utils.system.processors import n_processors
from grading.exercises import EXERCISES

for module in pkgutil.walk_packages(cs231n_utils.__path__, "cs231n_utils."):
    importlib.import_module(module.name)
assert load_cifar10(size="small").size == "small"
exercise = EXERCISES["softmax"]
wrong = checks.judge(exercise.mistakes[0], "softmax")
assert (wrong.passed, wrong.mistake) == (False, exercise.mistakes[0].name)
checks.check(exercise.reference, "softmax")
assert progress_file.read().exercises["softmax"].passed_on
print(n_processors())
"""

GONE = """
import os, signal
assert not any(hasattr(os, name) for name in ("fork", "sched_getaffinity"))
for name in ("fcntl", "resource"):
    try:
        __import__(name)
    except ModuleNotFoundError:
        continue
    raise AssertionError(name)
"""


@pytest.mark.slow
def test_student_needs_nothing_that_only_linux_has(tmp_path):
    """The oracle's process, which `check` starts, does without as well."""
    environment = os.environ | {
        "PYTHONPATH": str(HIDING),
        PROGRESS_FILE: str(tmp_path / "work" / "progress.json"),
    }
    done = subprocess.run(
        [sys.executable, "-c", GONE + STUDENT],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert "softmax: 3 of 3 points" in done.stdout
    assert done.stdout.splitlines()[-1] == str(os.cpu_count())
