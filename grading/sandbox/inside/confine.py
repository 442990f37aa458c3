"""Shuts the process that runs one submission in namespaces of its own, with limits.

The warm process that it was forked from already lives in a bubblewrap sandbox: no network, a
read-only system, nothing of the course but the student package. What is done here parts one
submission from the next as strictly as two bubblewraps would: its own users, processes, mounts,
network and IPC, an empty scratch folder, no capability, no way to get one.

Numbers are those of Linux's <sched.h>, <sys/mount.h>, <sys/prctl.h> and <linux/capability.h>.
"""

import contextlib
import ctypes
import errno
import os
import platform
import signal
import struct
from dataclasses import dataclass

CLONE_NEW_ALL = (
    0x00020000  # mounts
    | 0x02000000  # cgroups
    | 0x04000000  # host name
    | 0x08000000  # IPC
    | 0x10000000  # users
    | 0x20000000  # processes
    | 0x40000000  # network
)
MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_BIND, MS_REC, MS_PRIVATE = 2, 4, 8, 4096, 1 << 14, 1 << 18
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 1, 4, 24, 38
CAPABILITY_VERSION_3 = 0x20080522
KEYCTL_JOIN_SESSION_KEYRING = 1
KEYCTL_NUMBERS = {"x86_64": 250, "aarch64": 219}
PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 22, 2
PR_SET_CHILD_SUBREAPER = 36
NOBODY = 65534
SCRATCH = "/scratch"

REFUSED_CALLS = {
    # Memory that no limit counts.
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "shmget": (29, 194),
    "semget": (64, 190),
    "msgget": (68, 186),
    "mq_open": (240, 180),
    # Other processes.
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "kcmp": (312, 272),
    "pidfd_getfd": (438, 438),
    # Doors into the kernel that no answer needs.
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "fanotify_init": (300, 262),
    "open_by_handle_at": (304, 265),
    "syslog": (103, 116),
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
}
"""System calls that end in EPERM, with their numbers on x86_64 and on aarch64."""
SET_HANDLER_CALLS = (13, 134)
"""Numbers of rt_sigaction on both. For SIGCHLD it is refused as well: the processor time of the
children of a process that ignores it is not counted anywhere."""
AUDIT_ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
"""Column of REFUSED_CALLS, and the number of <linux/audit.h>."""
X32_CALLS = 0x40000000
MAX_FILES = 10_000

# Windows has neither, and reads only constants here.
with contextlib.suppress(ImportError):
    import resource

    _libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class Limits:
    """What one submission may use.

    Attributes
    ----------
    memory_mb : int
        Address space of each process beyond the warm one's, and memory of all together.
    cpu_seconds : int
        Processor time of each process.
    processes : int
        Processes and threads at a time.
    scratch_mb : int
        Size of the scratch folder, and of the largest file.
    open_files : int
    """

    memory_mb: int = 1024
    cpu_seconds: int = 120
    processes: int = 32
    scratch_mb: int = 64
    open_files: int = 128


def become_nobody() -> None:
    """Give up root for good; does nothing for another user."""
    if os.getuid() == 0:
        # Over the one that bubblewrap covers in part for root: Linux lets nested namespaces
        # mount theirs only where they could see all of it before.
        _call("mount", b"proc", b"/proc", b"proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, None)
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
        _libc.prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)  # or /proc/self stays root's


def inherit_orphans() -> None:
    """Become the parent of those whose parents have ended, so that none is lost sight of."""
    _call("prctl", PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def enter_namespaces() -> None:
    """Put this process's children in namespaces of their own, and this process in the rest."""
    user, group = os.getuid(), os.getgid()
    _die_with_parent()
    _call("unshare", CLONE_NEW_ALL)
    _write("/proc/self/setgroups", "deny")
    _write("/proc/self/uid_map", f"{user} {user} 1")
    _write("/proc/self/gid_map", f"{group} {group} 1")


def seal(limits: Limits, hidden: list[str]) -> None:
    """Finish the confinement of this process, the first of its namespaces.

    Parameters
    ----------
    limits : Limits
    hidden : list of str
        Files that must not be read.
    """
    _die_with_parent()
    _call("mount", None, b"/", None, MS_REC | MS_PRIVATE, None)
    size = f"size={limits.scratch_mb}m,nr_inodes={MAX_FILES},mode=0700".encode()
    for folder in (SCRATCH, "/dev/shm", "/dev/pts"):
        _call("mount", b"tmpfs", folder.encode(), b"tmpfs", MS_NOSUID | MS_NODEV, size)
    _call("mount", b"proc", b"/proc", b"proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, None)
    for path in filter(os.path.exists, hidden):
        _call("mount", b"/dev/null", path.encode(), None, MS_BIND, None)
    _write("/proc/sys/user/max_user_namespaces", "0")
    keyctl = KEYCTL_NUMBERS.get(platform.machine())
    if keyctl is not None:
        _libc.syscall(keyctl, KEYCTL_JOIN_SESSION_KEYRING, None)
    _drop_capabilities()
    limit(limits)
    refuse_calls()
    # Or a signal to its process group would reach the warm process.
    os.setsid()


def limit(limits: Limits) -> None:
    """Set the resource limits of this process; they cannot be raised again."""
    megabyte = 1 << 20
    with open("/proc/self/statm") as memory:
        warm = int(memory.read().split()[0]) * resource.getpagesize()
    for name, most in (
        (resource.RLIMIT_AS, warm + limits.memory_mb * megabyte),
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_NPROC, limits.processes),
        (resource.RLIMIT_FSIZE, limits.scratch_mb * megabyte),
        (resource.RLIMIT_NOFILE, limits.open_files),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(name, (most, most))


def refuse_calls() -> None:
    """Have the system calls of :data:`REFUSED_CALLS` fail in this process, for good.

    Does nothing on a machine whose numbers are not known, or on a kernel without seccomp: what
    else shuts a submission in does not rest on it. `python -m grading doctor` tells.
    """
    if platform.machine() not in AUDIT_ARCHITECTURES:
        return
    program = call_filter(platform.machine())
    code = b"".join(struct.pack("=HBBI", *step) for step in program)
    buffer = ctypes.create_string_buffer(code, len(code))

    class Filter(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_void_p))

    both = Filter(len(program), ctypes.addressof(buffer))
    _libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    _libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(both), 0, 0)


def call_filter(machine: str) -> list[tuple[int, int, int, int]]:
    """The steps of the filter: code, jump if true, jump if false, operand of <linux/filter.h>.

    Parameters
    ----------
    machine : str
        A key of :data:`AUDIT_ARCHITECTURES`.
    """
    column, architecture = AUDIT_ARCHITECTURES[machine]
    refused = [numbers[column] for numbers in REFUSED_CALLS.values()]
    # Load a word of seccomp_data, jump by counts if (not) equal, return.
    load, equal, at_least, end = 0x20, 0x15, 0x35, 0x06
    allow, fail = 0x7FFF0000, 0x00050000 | errno.EPERM
    handler = [
        (equal, 0, 6, SET_HANDLER_CALLS[column]),
        (load, 0, 0, 16),
        (equal, 0, 4, signal.SIGCHLD),
        # Asking without a new handler is allowed; a pointer has two words.
        *((load, 0, 0, 24), (equal, 0, 3, 0)),
        *((load, 0, 0, 28), (equal, 0, 1, 0)),
    ]
    steps = len(refused) + len(handler)
    program = [(load, 0, 0, 4), (equal, 0, steps + 3, architecture), (load, 0, 0, 0)]
    program.append((at_least, steps + 1, 0, X32_CALLS))
    for left, number in zip(range(steps, len(handler), -1), refused, strict=True):
        program.append((equal, left, 0, number))
    return [*program, *handler, (end, 0, 0, allow), (end, 0, 0, fail)]


def _die_with_parent() -> None:
    _call("prctl", PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def _drop_capabilities() -> None:
    for capability in range(64):
        _libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    none = (ctypes.c_uint32 * 6)()
    _call("capset", header, none)
    _call("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)


def _call(name: str, *arguments: object) -> None:
    if getattr(_libc, name)(*arguments) != 0:
        error = ctypes.get_errno()
        raise OSError(error, f"{name}{arguments}: {os.strerror(error)}")


def _write(path: str, text: str) -> None:
    with open(path, "w") as file:
        file.write(text)
