"""A class graded by the workers of a scheduler."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from grading import commands
from grading.exercises import EXERCISES
from grading.handout.release import PROJECT
from tests.support.small_class import (
    TOTAL,
    command,
    free_port,
    gradebook_scores,
    hand_in,
    options,
    sleeping,
)


@pytest.fixture
def cluster(tmp_path):
    """A scheduler and two workers that have the wheel's package and the bundle alone."""
    from grading.classroom.cluster import CONFIG, write_bundle

    site = tmp_path / "worker-site"
    shutil.copytree(PROJECT / "cs231n_utils", site / "cs231n_utils")
    shutil.unpack_archive(write_bundle(tmp_path / "bundle.zip"), site)
    environment = {**os.environ, "PYTHONPATH": str(site), "DASK_CONFIG": str(CONFIG)}
    dask = str(Path(sys.executable).with_name("dask"))
    address = f"tcp://127.0.0.1:{free_port()}"
    quiet = {"env": environment, "cwd": tmp_path, "stderr": subprocess.DEVNULL}
    flags = ("--nthreads", "1", "--no-nanny", "--no-dashboard")
    roles = [
        ("scheduler", "--host", address, "--no-dashboard", "--no-show"),
        *(
            ("worker", address, *flags, "--name", name, "--local-directory", name)
            for name in ("first", "second")
        ),
    ]
    processes = [subprocess.Popen([dask, *arguments], **quiet) for arguments in roles]
    from distributed import Client

    try:
        with Client(address, timeout=30, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=60)
        yield address, processes
    finally:
        for process in processes:
            process.kill()
            process.wait()


@pytest.mark.slow
@pytest.mark.parametrize("fault", [signal.SIGKILL, signal.SIGSTOP], ids=["dies", "falls silent"])
def test_cluster_grades_and_a_lost_worker_costs_nothing(tmp_path, course, cluster, solved, fault):
    address, processes = cluster
    students = [f"s{i}" for i in range(6)]
    for student in students:
        hand_in(tmp_path / "in", student, sleeping(solved))
    grader = subprocess.Popen(
        command(course, tmp_path / "in", "--scheduler", address),
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    first = json.loads(grader.stdout.readline())
    processes[-1].send_signal(fault)
    out, said = grader.communicate(timeout=180)
    lines = [first, *(json.loads(line) for line in out.splitlines())]
    assert grader.returncode == 0, said
    assert sorted(line["student"] for line in lines) == students
    lost = EXERCISES["accuracy"].points
    assert gradebook_scores(course) == dict.fromkeys(students, TOTAL - lost)


@pytest.mark.slow
def test_cluster_without_a_scheduler_is_refused(tmp_path, course, capsys, solved):
    hand_in(tmp_path / "in", "ada", solved)
    code = commands.autograde(course, tmp_path / "in", options(scheduler="tcp://127.0.0.1:1"))
    assert code == commands.REFUSED
    assert "no scheduler answers" in capsys.readouterr().err
