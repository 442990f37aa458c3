"""The processes that grade."""

import multiprocessing
import threading

from grading.classroom import pool
from grading.submission.execute import JUDGE
from grading.submission.grade import Settings, Task


def test_worker_in_which_a_judge_goes_on_is_replaced(monkeypatch):
    end = threading.Event()

    def grade(*_):
        threading.Thread(target=end.wait, name=JUDGE).start()
        return "graded"

    monkeypatch.setattr(pool, "Sandbox", lambda confined: None)
    monkeypatch.setattr(pool, "fetch", lambda task: b"")
    monkeypatch.setattr(pool, "grade", grade)
    ours, theirs = multiprocessing.Pipe()
    worker = threading.Thread(target=pool._work, args=(theirs, Settings("test", {})))
    worker.start()
    ours.send(Task("ada", ""))
    assert ours.recv() == ("graded", True)
    end.set()
    ours.close()
    worker.join()
