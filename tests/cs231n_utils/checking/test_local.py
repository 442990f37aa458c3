"""The oracle of self-study: a process, and in a browser this process."""

import subprocess
import sys

import pytest

from cs231n_utils.checking.channel import ChannelError, receive, send
from cs231n_utils.checking.local import InPlace, oracle_process
from grading.exercises import EXERCISES
from grading.handout.release import PROJECT

IN_PLACE = """
import tests.support.as_in_browser

import subprocess
import sys
import threading
from types import SimpleNamespace

from cs231n_utils import check, hint, progress, solution
from cs231n_utils.checking.client import OracleClient
from cs231n_utils.checking.local import InPlace
from cs231n_utils.checks import judge
from grading.exercises import EXERCISES
from grading.judge import oracle

oracle.secrets = SimpleNamespace(randbits=lambda bits: 0)
for start in (threading.Thread(target=print).start, lambda: subprocess.Popen(["true"])):
    try:
        start()
    except (OSError, RuntimeError, NotImplementedError):
        continue
    raise AssertionError("a thread or a process was started")

names = sys.argv[1:] or EXERCISES
for name in names:
    exercise = EXERCISES[name]
    verdict = judge(exercise.reference, name)
    assert verdict.passed and verdict.points == exercise.points, str(verdict)
    mistake = exercise.mistakes[0]
    verdict = judge(mistake, name)
    assert (verdict.passed, verdict.mistake) == (False, mistake.name), str(verdict)

assert isinstance(OracleClient.opened()._reader, InPlace)
assert not {"IPython", "PIL", "matplotlib"} & set(sys.modules), "there a check would wait for them"
check(EXERCISES["accuracy"].reference, "accuracy")
hint("softmax")
solution("softmax", anyway=True)
progress()
"""


A_FEW = ["one_sided_slopes", "fast_svm_slice_2d"]
"""One is handed a function, the other is counted and clocked."""


@pytest.mark.parametrize("names", [A_FEW, pytest.param([], marks=pytest.mark.slow, id="all")])
def test_references_pass_and_mistakes_are_named_in_place(names, progress_path):
    done = subprocess.run(
        [sys.executable, "-c", IN_PLACE, *names],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=900,
    )
    assert done.returncode == 0, done.stderr
    assert "accuracy: 1 of 1 points" in done.stdout
    assert "softmax: hint 1 of 3" in done.stdout and "def softmax" in done.stdout
    assert "exercises passed" in done.stdout
    assert progress_path.is_file() and not done.stderr


def test_installed_oracle_starts_beside_packages_named_like_modules_of_python(tmp_path):
    packages = tmp_path / "site-packages"
    packages.mkdir()
    (packages / "typing.py").write_text("raise AssertionError('an old backport')")
    reader, writer = oracle_process(packages)
    with reader, writer:
        send(writer, {"op": "course"})
        assert len(receive(reader)["exercises"]) == len(EXERCISES)


def test_oracle_in_place_that_has_ended_is_a_closed_channel():
    oracle = InPlace()
    send(oracle, {"op": "course"})
    assert len(receive(oracle)["exercises"]) == len(EXERCISES)
    oracle.close()
    with pytest.raises(ChannelError, match="closed"):
        send(oracle, {"op": "course"})
        receive(oracle)
