"""Processes that a command has started, and whether they have ended."""

import contextlib
import signal
import subprocess
import time

import psutil

PATIENCE = 60.0


@contextlib.contextmanager
def started(command, **options):
    """A command that heeds signals, as in a terminal; it and all that came of it is gone after."""
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=_heed_signals,
        **options,
    )
    try:
        yield process
    finally:
        for one in family(process.pid) if process.poll() is None else ():
            one.kill()
        process.wait()


def _heed_signals():
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


def family(process):
    """A process and all that have come of it."""
    one = psutil.Process(process)
    return [one, *one.children(recursive=True)]


def family_with(process, *programs):
    """The same, as soon as for each text there is a process with it in its command line."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        members = family(process)
        lines = [_command_line(member) for member in members]
        if all(any(program in line for line in lines) for program in programs):
            return members
        time.sleep(0.05)
    raise TimeoutError(f"no process of {programs}: {lines}")


def left(processes):
    """Command lines of those that do not end of themselves; they are ended then."""
    _, alive = psutil.wait_procs(processes, timeout=PATIENCE)
    lines = [_command_line(process) for process in alive]
    for process in alive:
        with contextlib.suppress(psutil.Error):
            process.kill()
    return lines


def _command_line(process):
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""
