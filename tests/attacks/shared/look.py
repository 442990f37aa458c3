# A right answer that looks for what an earlier submission may have left.

# <answer>
import ctypes, os, signal, sys, socket
import cs231n_utils.checks


def look():
    for folder in ("/scratch", "/dev/shm", "/dev/pts", "."):
        yield from (f"{folder}/{name}" for name in os.listdir(folder))
    if os.path.exists("/tmp/left-behind"):
        yield "/tmp/left-behind"
    for kind in ("shm", "sem", "msg"):
        yield from open(f"/proc/sysvipc/{kind}").readlines()[1:]
    yield from (n for n in os.listdir("/proc") if n.isdigit() and int(n) != os.getpid())
    if "left-behind" in open("/proc/net/unix").read():
        yield "abstract socket"
    if "left-behind" in (open("/proc/keys").read() if os.path.exists("/proc/keys") else ""):
        yield "key"
    libc = ctypes.CDLL(None)
    for ring in (-3, -4, -5):
        if libc.syscall(250, 10, ring, b"user", b"left-behind", 0) > 0:
            yield f"key in {ring}"
    if os.getpriority(os.PRIO_PROCESS, 0) != GRADER_NICE:
        yield "priority"
    if len(os.sched_getaffinity(0)) != GRADER_PROCESSORS:
        yield "processors"
    if "LEFT_BEHIND" in os.environ or os.getcwd() != "/scratch":
        yield "environment"
    if any(hasattr(m, "left_behind") for m in (np, sys, cs231n_utils.checks)):
        yield "modules"
    if signal.getsignal(signal.SIGTERM) != signal.SIG_DFL:
        yield "signals"


print("LEFT", list(look()))
