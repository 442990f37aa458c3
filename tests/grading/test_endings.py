"""What a command has started ends with it, however it ends."""

import os
import shutil
import sys
from signal import SIGHUP, SIGINT, SIGKILL, SIGTERM

import nbformat
import pytest

from cs231n_utils.system.files import write_whole
from grading.handout.answers import fill_answers
from grading.handout.marks import grade_id
from grading.handout.release import PROJECT, read_source
from tests.support.graded_course import add_student
from tests.support.leftovers import PATIENCE, family_with, left, started

ASSIGNMENT = "01-loss-functions"
PAGES = 41
SLEEPER = "import subprocess\nsubprocess.run(['sleep', '1000'])"
"""Sleeps in a process of its own, for longer than a cell may take."""

pytestmark = pytest.mark.slow
needs_bubblewrap = pytest.mark.skipif(
    shutil.which("bwrap") is None, reason="bubblewrap is not installed"
)


@pytest.fixture
def submissions(tmp_path):
    """One hand-in that is still running when the signal comes."""
    notebook = fill_answers(read_source(ASSIGNMENT))
    (cell,) = (cell for cell in notebook.cells if grade_id(cell) == "softmax-answer")
    cell.source = SLEEPER
    write_whole(tmp_path / "in" / "ada" / f"{ASSIGNMENT}.ipynb", nbformat.writes(notebook))
    return tmp_path / "in"


def expect_all_to_end(signal, tmp_path, arguments, *programs):
    """A command that is signalled as soon as these programs run leaves none behind."""
    command = [sys.executable, "-m", "grading", *map(str, arguments)]
    with started(command, cwd=PROJECT, env={**os.environ, "TMPDIR": str(tmp_path)}) as process:
        members = family_with(process.pid, *programs)
        process.send_signal(signal)
        process.wait(PATIENCE)
        assert left(members) == []


@pytest.fixture(params=[SIGINT, SIGTERM, SIGHUP, SIGKILL], ids=lambda signal: signal.name)
def signal(request):
    return request.param


@pytest.mark.parametrize(
    "confinement", [pytest.param([], marks=needs_bubblewrap), ["--no-sandbox"]], ids=len
)
def test_autograde_ends_its_workers_sandboxes_and_answers(
    signal, confinement, submissions, tmp_path
):
    arguments = ["autograde", ASSIGNMENT, "--submissions", submissions, "--out", tmp_path / "out"]
    arguments += ["--timeout", "600", *confinement]
    expect_all_to_end(signal, tmp_path, arguments, "forkserver", "server.py", "sleep 1000")


def test_feedback_ends_its_processes(signal, tmp_path):
    course = tmp_path / "course"
    for number in range(PAGES):
        add_student(course, f"student-{number}", {"softmax": "no shift"})
    arguments = ["feedback", ASSIGNMENT, "--course", course, "--jobs", "2"]
    expect_all_to_end(signal, tmp_path, arguments, "spawn_main")


def test_demo_ends_its_workers_and_sandboxes(signal, tmp_path):
    expect_all_to_end(signal, tmp_path, ["demo"], "forkserver", "server.py")


@needs_bubblewrap
def test_doctor_ends_its_sandbox(signal, tmp_path):
    expect_all_to_end(signal, tmp_path, ["doctor"], "bwrap", "server.py")
