"""The sandbox seen from outside: how it starts, and how it and a submission's process end."""

import json
import os
import shutil
import time
from pathlib import Path

import psutil
import pytest

from grading.sandbox import outside
from grading.sandbox.inside.confine import NOBODY
from grading.sandbox.outside import Sandbox, SandboxError
from tests.grading.sandbox.running import SECONDS, run, submitted, text_of
from tests.support.leftovers import family, family_with, left

HAS_BUBBLEWRAP = shutil.which("bwrap") is not None
needs_bubblewrap = pytest.mark.skipif(not HAS_BUBBLEWRAP, reason="bubblewrap is not installed")

SLEEP = "import subprocess\nsubprocess.run(['sleep', '1000'])"
ORPHAN = """
import os, time
if os.fork() == 0:
    if os.fork() == 0:
        while time.process_time() < 0.3:
            pass
        os.execlp("sleep", "sleep", "1000")
    os._exit(0)
os.wait()
time.sleep(1000)
"""
WAYS = [
    pytest.param("warm", marks=needs_bubblewrap),
    pytest.param("a bubblewrap each", marks=[needs_bubblewrap, pytest.mark.slow]),
    "unconfined",
]


@pytest.fixture(params=WAYS)
def sandbox(request):
    with Sandbox(confined=request.param != "unconfined") as made:
        if request.param == "a bubblewrap each":
            made._nested = False
        yield made


def test_missing_bubblewrap_is_one_sentence_that_says_what_to_do(monkeypatch):
    monkeypatch.setattr(outside.shutil, "which", lambda name: None)
    with pytest.raises(SandboxError, match=r"bubblewrap was not found.*apt install bubblewrap"):
        Sandbox()
    assert not Sandbox(confined=False).confined


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_other_systems_are_refused(platform, monkeypatch):
    monkeypatch.setattr(outside.sys, "platform", platform)
    with pytest.raises(SandboxError, match=f"graded on Linux, this is {platform}"):
        Sandbox()


@pytest.mark.skipif(os.getuid() != 0, reason="only root may give its rights up")
def test_without_bubblewrap_the_rights_can_be_those_of_another_user(monkeypatch):
    command = ["/bin/sh", "-c", "echo $(id -u) $(id -G) >&2"]
    monkeypatch.setattr(outside, "_unconfined", lambda: (command, {}))
    with (
        Sandbox(confined=False, user="nobody") as sandbox,
        pytest.raises(SandboxError, match=rf"did not start \({NOBODY} {NOBODY}\)"),
    ):
        sandbox.start()


@needs_bubblewrap
def test_sandbox_that_does_not_start_tells_its_last_words():
    with Sandbox() as sandbox:
        sandbox._view.server = Path("/course/nothing.py")
        with pytest.raises(SandboxError, match=r"did not start \(.*No such file"):
            sandbox.start()


def test_end_tells_exit_code_and_what_was_used(sandbox):
    work = "import os\nsum(range(10**6))\nos._exit(7)"
    with submitted(sandbox, work) as (submission, told):
        assert len(list(told)) == 1
        end = submission.wait(SECONDS)
    assert (end.code, end.out_of_memory) == (7, False)
    assert end.cpu > 0 and end.peak_mb > 10


def test_interrupt_ends_the_cell_as_in_a_notebook(sandbox):
    with submitted(sandbox, SLEEP) as (submission, told):
        next(told)
        family_with(sandbox._process.pid, "sleep 1000")
        submission.interrupt()
        assert "KeyboardInterrupt" in text_of(json.loads(next(told)))
        assert submission.wait(SECONDS).code == 0


def test_submission_that_is_left_ends_with_all_that_it_started(sandbox):
    with submitted(sandbox, SLEEP):
        members = family_with(sandbox._process.pid, "sleep 1000")
        (sleeper,) = (member for member in members if "sleep" in member.cmdline())
    assert left([sleeper]) == []


def test_orphan_is_metered_and_ends_with_its_submission(sandbox):
    with submitted(sandbox, ORPHAN) as (submission, told):
        next(told)
        deadline = time.monotonic() + SECONDS
        while submission.used()[0] < 0.3:
            assert time.monotonic() < deadline
        members = family_with(sandbox._process.pid, "sleep 1000")
        (sleeper,) = (member for member in members if "sleep" in member.cmdline())
        submission.interrupt()
        assert submission.wait(SECONDS).code == 0
        assert left([sleeper]) == []


def test_one_submission_leaves_nothing_for_the_next(sandbox):
    run(sandbox, "open('left', 'w').write('x')\nimport numpy\nnumpy.left = True")
    look = "import os, numpy\nprint(os.path.exists('left'), hasattr(numpy, 'left'))"
    assert run(sandbox, look) == "False False\n"


def test_sandbox_that_was_killed_starts_anew(sandbox):
    sandbox.start()
    psutil.Process(sandbox._process.pid).kill()
    sandbox._process.wait()
    assert run(sandbox, "print(1)") == "1\n"


def test_stopped_sandbox_leaves_no_process(sandbox):
    sandbox.start()
    members = family(sandbox._process.pid)
    sandbox.stop()
    assert left(members) == []
