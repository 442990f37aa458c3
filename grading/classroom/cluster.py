"""Many machines: submissions go to the workers of a dask scheduler, results come back.

A worker needs the wheel of `cs231n_utils`, the bundle that :func:`write_bundle` makes, and
bubblewrap. A worker that dies has its submissions graded elsewhere.
"""

import hashlib
import threading
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import dask
from distributed import Client, KilledWorker, as_completed

from cs231n_utils.system.files import written_whole

from ..errors import Refused
from ..sandbox.outside import Sandbox, SandboxError
from ..submission.grade import Graded, Settings, grade
from ..submission.read import Task, Unreadable, fetch

CONNECT_SECONDS = 10
WAITING_PER_THREAD = 2
FOLDER = Path(__file__).parents[1]
CONFIG = FOLDER / "classroom" / "dask.yaml"

_here = threading.local()


class ClusterError(Refused):
    """The cluster cannot be reached or does not fit."""


def grade_on_cluster(tasks: Iterable[Task], settings: Settings, address: str) -> Iterator[Graded]:
    """Grade submissions on the workers of a scheduler; results come as they are ready.

    Parameters
    ----------
    tasks : iterable of Task
    settings : Settings
    address : str
        Address of the scheduler, such as ``tcp://10.0.0.1:8786``.

    Raises
    ------
    ClusterError
        If there is no scheduler or worker, or their code is another version.
    SandboxError
        If a worker has no sandbox.
    """
    dask.config.update(dask.config.config, dask.config.collect(paths=[str(CONFIG)], env={}))
    with _connect(address) as client:
        threads = _check_workers(client, address)
        waiting = iter(tasks)
        students: dict[str, str] = {}
        running = as_completed(loop=client.loop, raise_errors=False)

        def send_one() -> None:
            task = next(waiting, None)
            if task is not None:
                future = client.submit(grade_here, task.student, fetch(task), settings, pure=False)
                students[future.key] = task.student
                running.add(future)

        for _ in range(WAITING_PER_THREAD * threads):
            send_one()
        for future in running:
            student = students.pop(future.key)
            yield _result(future, student, settings)
            send_one()


def grade_here(student: str, data: bytes | Unreadable, settings: Settings) -> Graded:
    """Grade one submission on a worker; each of its threads keeps a sandbox."""
    sandbox = getattr(_here, "sandbox", None)
    if sandbox is None or sandbox.confined != settings.rubric.confined:
        sandbox = _here.sandbox = Sandbox(confined=settings.rubric.confined)
    return grade(student, data, settings, sandbox)


def write_bundle(target: Path) -> Path:
    """Write what a worker needs of this folder into a zip: unpack it, put it on PYTHONPATH."""
    with written_whole(target) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as bundle:
        for path in _code():
            bundle.write(path, f"grading/{path.relative_to(FOLDER)}")
    return target


def code_version() -> str:
    """A digest of the code that grades, which must be the same on all machines."""
    digest = hashlib.sha256()
    for path in _code():
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _code() -> list[Path]:
    return sorted([*FOLDER.rglob("*.py"), CONFIG])


def _connect(address: str) -> Client:
    try:
        return Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise ClusterError(
            f"no scheduler answers at {address} ({type(error).__name__}): start one with "
            "dask scheduler"
        ) from error


def _check_workers(client: Client, address: str) -> int:
    """The number of threads that grade; refuse workers whose code is not the same as here."""
    threads = sum(client.nthreads().values())
    if not threads:
        raise ClusterError(f"the scheduler at {address} has no worker: start dask worker")
    try:
        versions = client.run(code_version)
    except Exception as error:
        raise ClusterError(
            f"a worker cannot import grading ({error}): give it the bundle that "
            "python -m grading bundle writes"
        ) from error
    strangers = [worker for worker, version in versions.items() if version != code_version()]
    if strangers:
        raise ClusterError(
            f"the worker at {strangers[0]} has another version of grading: give it the bundle "
            "that python -m grading bundle writes"
        )
    return threads


def _result(future: Any, student: str, settings: Settings) -> Graded:
    try:
        return future.result()
    except SandboxError:
        raise
    except KilledWorker:
        why = "Every worker that took this submission died."
    except Exception as error:
        why = f"The cluster lost this submission ({type(error).__name__}): grade it again."
    return grade(student, Unreadable(why), settings, None)
