"""Makes this process like Python in a browser: import it before anything else.

There many modules are absent, and neither a thread nor a process can be started.
"""

import _thread
import os
import sys
import sysconfig
import time
from importlib.abc import MetaPathFinder

ABSENT_OF_PYTHON = """
_curses _curses_panel _dbm _gdbm _hashlib _lzma _multiprocessing _posixshmem _sqlite3 _ssl _tkinter
_uuid curses dbm ensurepip fcntl grp idlelib lzma ossaudiodev pty pwd readline resource spwd sqlite3
ssl syslog termios tkinter tty turtle turtledemo venv
"""
"""Standard modules that Pyodide 0.25.1 or 314.0.6 cannot import."""
ABSENT = {*ABSENT_OF_PYTHON.split(), "pooch", "psutil", "requests", "threadpoolctl"}


class _Absent(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name in ABSENT:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


def _no_thread(*_, **__):
    raise RuntimeError("can't start new thread")


sysconfig.get_config_vars()  # there are none of that platform here
sys.platform = "emscripten"
sys.meta_path.insert(0, _Absent())
for name in ABSENT & set(sys.modules):
    del sys.modules[name]
for name in ("start_new_thread", "start_new", "start_joinable_thread"):
    if hasattr(_thread, name):
        setattr(_thread, name, _no_thread)
for name in ("fork", "posix_spawn", "sched_getaffinity"):
    delattr(os, name)
del time.thread_time
