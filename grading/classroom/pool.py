"""Worker processes on this machine: each has a sandbox and grades one submission at a time.

A worker that dies takes no submission along: another one takes it up, and one that kills two
workers is reported. A worker in which a judge goes on after its submission is replaced.
"""

import multiprocessing
import queue
import threading
from collections.abc import Iterable, Iterator
from multiprocessing.connection import Connection
from typing import Any

from cs231n_utils.system.processes import end_with_parent

from ..sandbox.outside import Sandbox, SandboxError
from ..submission.execute import CELLS_IN_ALL, still_judging
from ..submission.grade import Graded, Settings, grade
from ..submission.read import Task, Unreadable, fetch

ATTEMPTS = 2
SLACK_SECONDS = 180.0
_DONE = object()

_context = multiprocessing.get_context("forkserver")


def warm_up() -> None:
    """Start the process that workers are forked from, so that it imports while this one goes on."""
    _context.set_forkserver_preload(["grading.classroom.pool"])
    multiprocessing.forkserver.ensure_running()


def grade_all(tasks: Iterable[Task], settings: Settings, jobs: int) -> Iterator[Graded]:
    """Grade submissions in worker processes; results come as they are ready.

    Parameters
    ----------
    tasks : iterable of Task
    settings : Settings
    jobs : int
        Number of worker processes.

    Raises
    ------
    SandboxError
        If no sandbox is available.
    """
    waiting: queue.SimpleQueue = queue.SimpleQueue()
    for task in tasks:
        waiting.put(task)
    results: queue.Queue = queue.Queue(maxsize=2 * jobs)
    stop = threading.Event()
    keepers = [
        threading.Thread(target=_keep_worker, args=(waiting, results, settings, stop), daemon=True)
        for _ in range(jobs)
    ]
    for keeper in keepers:
        keeper.start()
    working = jobs
    try:
        while working:
            result = results.get()
            if result is _DONE:
                working -= 1
            elif isinstance(result, SandboxError):
                raise result
            else:
                yield result
    finally:
        stop.set()
        while any(keeper.is_alive() for keeper in keepers):
            try:
                results.get(timeout=0.1)
            except queue.Empty:
                continue


class Worker:
    """One worker process, seen from the grader."""

    def __init__(self, settings: Settings):
        self.spent = False
        self._connection, theirs = _context.Pipe()
        self._process = _context.Process(target=_work, args=(theirs, settings), daemon=True)
        self._process.start()
        theirs.close()

    def grade(self, task: Task, timeout: float, stop: threading.Event) -> Any:
        """Have a submission graded.

        Raises
        ------
        EOFError, OSError
            If the worker has died.
        TimeoutError
            If it takes too long or is not wanted any more.
        """
        self._connection.send(task)
        waited = 0.0
        while not self._connection.poll(0.25):
            waited += 0.25
            if stop.is_set() or waited > timeout:
                raise TimeoutError
        result, self.spent = self._connection.recv()
        return result

    def end(self) -> None:
        """Kill the process; its sandbox dies with it."""
        self._connection.close()
        self._process.kill()
        self._process.join()


def _keep_worker(
    waiting: queue.SimpleQueue, results: queue.Queue, settings: Settings, stop: threading.Event
) -> None:
    """Feed one worker from the queue, and replace it when it dies."""
    worker = None
    timeout = CELLS_IN_ALL * settings.rubric.timeout + SLACK_SECONDS
    while not stop.is_set():
        try:
            task = waiting.get_nowait()
        except queue.Empty:
            break
        for attempt in range(ATTEMPTS):
            worker = worker or Worker(settings)
            try:
                results.put(worker.grade(task, timeout, stop))
                if worker.spent:
                    worker.end()
                    worker = None
                break
            except (EOFError, OSError):
                worker.end()
                worker = None
            if stop.is_set():
                break
            if attempt == ATTEMPTS - 1:
                why = f"{ATTEMPTS} worker processes died while they graded this submission."
                results.put(grade(task.student, Unreadable(why), settings, None))
    if worker is not None:
        worker.end()
    results.put(_DONE)


def _work(connection: Connection, settings: Settings) -> None:
    """The worker process: grade what comes, until the grader hangs up."""
    end_with_parent()
    sandbox = None
    try:
        sandbox = Sandbox(confined=settings.rubric.confined)
        while True:
            task = connection.recv()
            result = grade(task.student, fetch(task), settings, sandbox)
            connection.send((result, still_judging()))
    except SandboxError as error:
        connection.send((error, True))
    except (EOFError, OSError, KeyboardInterrupt):
        return
    finally:
        if sandbox is not None:
            sandbox.stop()
