"""The warm process: has imported what submissions import, and forks one process for each.

It runs in the sandbox, holds no secret and never runs student code itself. Over its socket
come JSON messages: ``{"run": ...}`` with three file descriptors (control socket, oracle's channel
and meter), ``{"signal": n}`` for the submission that runs. It answers ``{"ready": true}`` once and
``{"exit": ...}`` when a submission has ended. Each byte that comes over the meter is answered by
what the submission has used: processor time in seconds, and the bytes of memory that it had at
most since the last byte and has now. What runs in it cannot reach this.
"""

import contextlib
import gc
import json
import os
import select
import signal
import socket
import struct
import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), os.environ.pop("CS231N_PACKAGE")]

import confine  # noqa: E402

WATCH_SECONDS = 0.2
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Serve submissions until the grader hangs up."""
    server = socket.socket(fileno=int(os.environ.pop("CS231N_SERVER_FD")))
    settings = json.loads(os.environ.pop("CS231N_SANDBOX"))
    limits = confine.Limits(**settings["limits"])
    if settings["confined"]:
        confine.become_nobody()
    confine.inherit_orphans()
    shell = warm_up()
    gc.collect()
    gc.freeze()
    nested = settings["nested"] and _can_nest(limits)
    _tell(server, ready=True, nested=nested)
    while True:
        try:
            message, descriptors, *_ = socket.recv_fds(server, 1 << 16, 3)
        except ConnectionError:
            return
        if not message:
            return
        request = json.loads(message)
        if "run" not in request:
            continue
        control, channel, meter = descriptors
        first = os.fork()
        if first == 0:
            server.close()
            _be_submission(shell, control, channel, request["run"], nested, limits)
        os.close(control)
        os.close(channel)
        with socket.socket(fileno=meter) as meter:
            _tell(server, exit=_attend(server, meter, first, nested, limits))


def warm_up():
    """Import what submissions import, and return the shell that their cells run in."""
    import matplotlib

    matplotlib.use("Agg")
    import cells
    import matplotlib.pyplot as plt
    import numpy as np
    from IPython.core.interactiveshell import InteractiveShell
    from tqdm import tqdm
    from traitlets.config import Config

    import cs231n_utils.checking.recipes  # noqa: F401
    from cs231n_utils import plots

    config = Config(HistoryManager={"enabled": False}, InteractiveShell={"colors": "nocolor"})
    shell = InteractiveShell.instance(config=config)
    # As in a notebook, where `%matplotlib inline` and `!ls` work.
    shell.enable_gui = lambda gui=None: None
    shell.system = cells.run_command
    enable_matplotlib = shell.enable_matplotlib
    shell.enable_matplotlib = lambda gui=None: enable_matplotlib("inline")
    shell.run_cell("0 + 0", store_history=False, silent=True)
    plt.close("all")
    with plt.rc_context():
        plots.use_style()
    # Else a progress bar leaves a thread behind, and other threads forbid the count of lines.
    tqdm.monitor_interval = 0
    np.linalg.norm(np.ones((2, 2)) @ np.ones((2, 2)))
    return shell


def _can_nest(limits) -> bool:
    """Whether this system lets the sandbox make namespaces inside its own."""
    first = os.fork()
    if first == 0:
        try:
            confine.enter_namespaces()
            inner = os.fork()
            if inner == 0:
                confine.seal(limits, [])
                os._exit(0)
            _, status = os.waitpid(inner, 0)
            os._exit(int(status != 0))
        except OSError:
            os._exit(1)
    return os.waitpid(first, 0)[1] == 0


def _be_submission(shell, control, channel, request, nested, limits) -> None:
    """Never returns: this process, or with namespaces its child, runs the submission."""
    try:
        if nested:
            confine.enter_namespaces()
            inner = os.fork()
            if inner:
                _close_all_but(())
                _, status = os.waitpid(inner, 0)
                os._exit(os.waitstatus_to_exitcode(status) & 0xFF)
        _close_all_but((control, channel))
        if nested:
            confine.seal(limits, request["hidden"])
        else:
            os.setsid()
            confine.limit(limits)
            confine.refuse_calls()
        _run(shell, control, channel, request)
    except BaseException as error:
        print(repr(error), file=sys.stderr, flush=True)
        os._exit(70)
    os._exit(0)


def _run(shell, control, channel, request) -> None:
    import cells
    import numpy as np

    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    os.close(nowhere)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    np.random.seed()  # noqa: NPY002 - NumPy does not reseed its global generator in a forked process.
    os.chdir(request["scratch"])
    os.environ.update(
        {
            "HOME": request["scratch"],
            "TMPDIR": request["scratch"],
            "CS231N_ORACLE_FD": str(channel),
        }
    )
    with socket.socket(fileno=control) as connection:
        cells.run_submission(shell, connection)


def _attend(
    server: socket.socket, meter: socket.socket, first: int, nested: bool, limits: confine.Limits
) -> dict:
    """Wait for a submission; pass signals on, tell its time, end it for too much memory."""
    out_of_memory = False
    heard = [server, meter]
    with os.fdopen(os.pidfd_open(first), "rb", buffering=0) as ended:
        while True:
            ready, _, _ = select.select([ended, *heard], [], [], WATCH_SECONDS)
            if ended in ready:
                break
            if server in ready:
                message = server.recv(1 << 12)
                if not message:
                    _signal(signal.SIGKILL, nested)
                    os._exit(0)
                _signal(json.loads(message)["signal"], nested)
            if meter in ready:
                if meter.recv(1):
                    meter.send(struct.pack("ddd", _seconds(), *_peak_and_now()))
                else:
                    heard.remove(meter)
            if not out_of_memory and _memory() > limits.memory_mb << 20:
                out_of_memory = True
                _signal(signal.SIGKILL, nested)
    _, status, usage = os.wait4(first, 0)
    _end_the_rest(nested)
    return {
        "code": os.waitstatus_to_exitcode(status),
        "out_of_memory": out_of_memory,
        "cpu": round(usage.ru_utime + usage.ru_stime, 4),
        "peak_mb": usage.ru_maxrss >> 10,
    }


def _family() -> list[int]:
    """The processes of the submission, by whichever thread they were forked, the eldest first."""
    family = [os.getpid()]
    for member in family:
        threads = Path(f"/proc/{member}/task")
        with contextlib.suppress(OSError):
            for thread in os.listdir(threads):
                with contextlib.suppress(OSError):
                    family.extend(map(int, (threads / thread / "children").read_text().split()))
    return family[1:]


def _signal(number: int, nested: bool) -> None:
    """Signal the process that runs the answers; SIGKILL goes to all that it has started."""
    family = _family()
    targets = family[nested : nested + 1]
    if number == signal.SIGKILL:
        targets = list(reversed(family))
    for process in targets:
        try:
            os.kill(process, number)
        except ProcessLookupError:
            continue


def _end_the_rest(nested: bool) -> None:
    """End what a submission has left, which this process has inherited."""
    with contextlib.suppress(ChildProcessError):
        while True:
            _signal(signal.SIGKILL, nested)
            os.waitpid(-1, 0)


def _memory() -> int:
    """Bytes of memory that a submission's processes have taken, shared memory included."""
    total = 0
    for process in _family():
        with contextlib.suppress(OSError, ValueError):
            total += _resident(process, "RssAnon", "RssShmem")
    return total


def _seconds() -> float:
    """Processor time of a submission's processes and of those they have waited for.

    Linux counts that of living threads to the nanosecond, all else in hundredths of a second.
    """
    seconds = 0.0
    for process in _family():
        with contextlib.suppress(OSError):
            with open(f"/proc/{process}/stat") as stat:
                own, system, waited, its_system = map(
                    int, stat.read().rpartition(")")[2].split()[11:15]
                )
            threads = 0
            for thread in os.listdir(f"/proc/{process}/task"):
                with open(f"/proc/{process}/task/{thread}/schedstat") as schedstat:
                    threads += int(schedstat.read().split()[0])
            counted = (own + system) / TICKS_PER_SECOND
            # Ticks are rounded, so a few nanoseconds more must not look like a hundredth.
            finer = threads / 1e9
            seconds += finer if abs(counted - finer) < 2 / TICKS_PER_SECOND else counted
            seconds += (waited + its_system) / TICKS_PER_SECOND
    return seconds


def _peak_and_now() -> tuple[int, int]:
    """The most bytes that a submission's processes had since this was last called, and have."""
    peak = now = 0
    for process in _family():
        with contextlib.suppress(OSError):
            peak += _resident(process, "VmHWM")
            with open(f"/proc/{process}/clear_refs", "w") as peaks:
                peaks.write("5")
            now += _resident(process, "VmRSS")
    return peak, now


def _resident(process: int, *names: str) -> int:
    """Bytes of memory of a process, as /proc names and adds them."""
    with open(f"/proc/{process}/status") as status:
        return sum(int(line.split()[1]) << 10 for line in status if line.startswith(names))


def _close_all_but(kept: tuple[int, ...]) -> None:
    first = 3
    for descriptor in sorted(kept):
        os.closerange(first, descriptor)
        first = descriptor + 1
    os.closerange(first, os.sysconf("SC_OPEN_MAX"))


def _tell(server: socket.socket, **message: object) -> None:
    server.send(json.dumps(message).encode())


if __name__ == "__main__":
    main()
