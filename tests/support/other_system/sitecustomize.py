"""Takes from every process that finds this file what only Linux, or Linux and macOS, have."""

import asyncio  # noqa: F401  of this system, where it needs fcntl
import os
import signal
import sys
from importlib.abc import MetaPathFinder

ABSENT = {"_posixshmem", "fcntl", "grp", "pty", "pwd", "readline", "resource", "syslog", "termios"}
OF_OS = "fork forkpty killpg mkfifo posix_spawn sched_getaffinity setsid setuid statvfs wait4"
OF_SIGNAL = "SIGALRM SIGCHLD SIGHUP SIGKILL SIGUSR1 alarm pthread_kill setitimer"
# What asks for the user's number are libraries that ask the system first which it is.


class _Absent(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name in ABSENT:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


sys.meta_path.insert(0, _Absent())
for name in ABSENT & set(sys.modules):
    del sys.modules[name]
for module, names in ((os, OF_OS), (signal, OF_SIGNAL)):
    for name in names.split():
        delattr(module, name)
