"""Worker processes end with the work, with an exception, and with the process that started them."""

import multiprocessing
import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

from cs231n_utils.system.processes import worker_processes
from tests.support.leftovers import PATIENCE, family_with, left, started

if os.name == "nt":
    pytest.skip("signals of Unix", allow_module_level=True)

SLEEPING = """
import time
from cs231n_utils.system.processes import end_as_by_ctrl_c, worker_processes

if __name__ == "__main__":
    end_as_by_ctrl_c()
    with worker_processes(2) as pool:
        list(pool.map(time.sleep, [1000] * 4))
"""


def workers_of_this_process():
    return [psutil.Process(process.pid) for process in multiprocessing.active_children()]


def test_work_is_shared_out_and_the_workers_end():
    with worker_processes(2) as pool:
        assert list(pool.map(abs, [-1, -2, -3])) == [1, 2, 3]
        workers = workers_of_this_process()
        assert workers
    assert left(workers) == []


def test_exception_ends_workers_in_the_midst_of_their_work():
    start = time.monotonic()
    with pytest.raises(KeyError), worker_processes(2) as pool:
        futures = [pool.submit(time.sleep, 10 * PATIENCE) for _ in range(6)]
        workers = workers_of_this_process()
        raise KeyError
    assert all(future.done() for future in futures)
    assert left(workers) == [] and time.monotonic() - start < PATIENCE


def test_worker_processes_leave_interrupts_to_the_main_process():
    with worker_processes(1) as pool:
        assert pool.submit(signal.getsignal, signal.SIGINT).result(60) == signal.SIG_IGN
        assert pool.submit(os.getpid).result(60) != os.getpid()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_signal_to_the_main_process_alone_ends_the_workers(number, tmp_path):
    script = tmp_path / "sleeping.py"
    script.write_text(SLEEPING)
    with started([sys.executable, script], stderr=subprocess.DEVNULL) as process:
        members = family_with(process.pid, "spawn_main")
        process.send_signal(number)
        process.wait(PATIENCE)
        assert left(members) == []


def test_ignored_hangup_stays_ignored():
    program = (
        "import signal\nfrom cs231n_utils.system.processes import end_as_by_ctrl_c\n"
        "signal.signal(signal.SIGHUP, signal.SIG_IGN)\nend_as_by_ctrl_c()\n"
        "signal.raise_signal(signal.SIGHUP)\nprint('goes on')\n"
        "signal.raise_signal(signal.SIGTERM)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout == "goes on\n" and "KeyboardInterrupt" in done.stderr
