# What attacks begin with: imports, a way to try what is out of reach, and the channel's frames.

import ctypes, gc, importlib, json, mmap, os, signal, socket, stat, struct, subprocess, sys
import re, threading, time


def attempt(what, function):
    try:
        seen = function()
    except BaseException as error:
        print("refused", what, type(error).__name__, str(error)[:100])
    else:
        print("REACHED" if seen else "nothing", what, str(seen)[:300])


libc = ctypes.CDLL(None, use_errno=True)
channel = int(os.environ["CS231N_ORACLE_FD"])


def control():
    return next(
        int(fd)
        for fd in os.listdir("/proc/self/fd")
        if os.path.exists("/proc/self/fd/" + fd)
        and stat.S_ISSOCK(os.stat("/proc/self/fd/" + fd).st_mode)
        and int(fd) != channel
    )


def frame(header):
    text = json.dumps(header).encode() if not isinstance(header, bytes) else header
    return struct.pack(">I", len(text)) + text


def said(**fields):
    return frame({"body": {"dict": [list(pair) for pair in fields.items()]}, "arrays": []})
