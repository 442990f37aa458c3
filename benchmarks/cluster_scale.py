"""What a scheduler adds to each submission, and what a hundred thousand would cost.

    python benchmarks/cluster_scale.py

One scheduler with 2, 4 and 8 workers on this machine, on which submissions sleep instead of being
graded: all other time is spent on the way there and back. Payloads have their true size.
"""

import time
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

import nbformat
from distributed import LocalCluster

from grading.classroom import cluster
from grading.classroom.autograde import settings_for
from grading.handout.answers import fill_answers
from grading.handout.release import read_source
from grading.submission.grade import Settings, grade
from grading.submission.read import Task, Unreadable

ASSIGNMENT = "01-loss-functions"
WORKERS = (2, 4, 8)
A_WORKER = 40
SLEEP_SECONDS = 0.5
CLASS_SIZE = 100_000
GRADING_SECONDS = 0.2
"""A submission of 01 on one core; benchmarks/autograding.py measures it."""


def sleep_here(student: str, data: bytes, settings: Settings) -> dict:
    """Take as long as a submission does, without its work."""
    time.sleep(SLEEP_SECONDS)
    return grade(student, Unreadable("slept"), settings, None)


def main() -> None:
    """Print a row for each number of workers."""
    settings = settings_for(ASSIGNMENT, timeout=10.0, confined=True)
    text = nbformat.writes(fill_answers(read_source(ASSIGNMENT)))
    print("workers  submissions  seconds  overhead per submission  share of one scheduler's time")
    with TemporaryDirectory() as folder:
        path = Path(folder) / "notebook.ipynb"
        path.write_text(text, encoding="utf-8")
        for n_workers in WORKERS:
            n_tasks = A_WORKER * n_workers
            tasks = [Task(f"s{i}", str(path)) for i in range(n_tasks)]
            with LocalCluster(
                n_workers=n_workers, threads_per_worker=1, dashboard_address=None
            ) as local:
                address = local.scheduler_address
                with mock.patch.object(cluster, "grade_here", sleep_here):
                    started = time.monotonic()
                    done = sum(1 for _ in cluster.grade_on_cluster(tasks, settings, address))
                seconds = time.monotonic() - started
            assert done == n_tasks
            overhead = seconds * n_workers / n_tasks - SLEEP_SECONDS
            busy = overhead / n_workers
            print(
                f"{n_workers:7} {n_tasks:12} {seconds:8.1f} {1e3 * overhead:20.1f} ms "
                f"{1e3 * busy:24.1f} ms"
            )
    hours = CLASS_SIZE * (GRADING_SECONDS + overhead) / 3600
    print(
        f"{CLASS_SIZE:,} submissions at {GRADING_SECONDS} s each and this overhead: "
        f"{hours:.1f} core hours; one scheduler feeds up to "
        f"{(GRADING_SECONDS + overhead) / busy:.0f} workers."
    )


if __name__ == "__main__":
    main()
