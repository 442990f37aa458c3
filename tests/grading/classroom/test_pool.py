"""Worker processes: those that die, and those in which something goes on."""

import json
import multiprocessing
import os
import signal
import subprocess
import threading
import time

import psutil
import pytest

from grading.classroom import pool
from grading.exercises import EXERCISES
from grading.handout.release import PROJECT
from grading.ledger import Rubric
from grading.submission.execute import JUDGE
from grading.submission.grade import Settings
from grading.submission.read import Task
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


@pytest.mark.slow
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


def test_worker_in_which_a_judge_goes_on_is_replaced(monkeypatch):
    end = threading.Event()

    def grade(*_):
        threading.Thread(target=end.wait, name=JUDGE).start()
        return "graded"

    monkeypatch.setattr(pool, "Sandbox", lambda confined: None)
    monkeypatch.setattr(pool, "fetch", lambda task: b"")
    monkeypatch.setattr(pool, "grade", grade)
    ours, theirs = multiprocessing.Pipe()
    worker = threading.Thread(
        target=pool._work, args=(theirs, Settings("test", {}, Rubric("", 10.0, confined=False)))
    )
    worker.start()
    ours.send(Task("ada", ""))
    assert ours.recv() == ("graded", True)
    end.set()
    ours.close()
    worker.join()
