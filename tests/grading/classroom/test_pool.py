"""Worker processes that die."""

import json
import os
import signal
import subprocess
import time

import psutil

from grading.exercises import EXERCISES
from grading.handout.release import PROJECT
from tests.support.small_class import TOTAL, command, hand_in, sleeping


def runs(process, program):
    """Whether a process was started with this program; one that has just ended was not."""
    try:
        return program in " ".join(process.cmdline())
    except psutil.Error:
        return False


def workers_of(process):
    """The worker processes: those that a sandbox hangs on."""
    return [
        one.pid
        for one in psutil.Process(process).children(recursive=True)
        if runs(one, "forkserver")
        and any(runs(child, "server.py") for child in one.children(recursive=True))
    ]


def test_killed_worker_has_its_submission_graded_by_another(tmp_path, course, solved):
    hand_in(tmp_path / "in", "slow", sleeping(solved))
    hand_in(tmp_path / "in", "quick", solved)
    grader = subprocess.Popen(
        command(course, tmp_path / "in", "--jobs", "1"),
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert json.loads(grader.stdout.readline())["student"] == "quick"
    deadline = time.monotonic() + 30
    while not (workers := workers_of(grader.pid)) and time.monotonic() < deadline:
        time.sleep(0.1)
    os.kill(workers[-1], signal.SIGKILL)
    out, _ = grader.communicate(timeout=120)
    (line,) = [json.loads(text) for text in out.splitlines()]
    lost = EXERCISES["accuracy"].points
    assert (line["student"], line["score"]) == ("slow", TOTAL - lost)
