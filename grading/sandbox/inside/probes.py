"""What a submission must not be able to do, tried; `python -m grading doctor` runs this inside.

Each function returns something true if what its docstring says has worked. ``FOLDERS`` names
the folders of the grader that must be out of sight.
"""

import ctypes
import os
import resource
import socket
from collections.abc import Callable

FOLDERS: dict[str, str] = {}
CLONE_NEW_USERS = 0x10000000


def references() -> object:
    """read the references"""
    with open(os.path.join(FOLDERS["exercises"], "__init__.py")) as file:
        return file.read(20)


def grading() -> object:
    """import grading"""
    return __import__("grading.exercises")


def home() -> object:
    """see files in the home folder"""
    return [name for _, _, names in os.walk(FOLDERS["home"]) for name in names][:3]


def project() -> object:
    """see the project's folder"""
    return os.listdir(FOLDERS["project"])[:3]


def environment() -> object:
    """see the environment's folder"""
    return os.listdir(FOLDERS["environment"])[:3]


def users() -> object:
    """read the users of the system"""
    with open("/etc/passwd") as file:
        return file.read(20)


def system() -> object:
    """write to the system"""
    return open("/usr/probe", "w")


def temporary() -> object:
    """write outside its scratch folder"""
    return open("/tmp/probe", "w")


def tcp() -> object:
    """reach the network (TCP)"""
    return socket.create_connection(("1.1.1.1", 53), 2)


def udp() -> object:
    """reach the network (UDP)"""
    sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    return sender.sendto(b"x", ("1.1.1.1", 53))


def processes() -> object:
    """see other processes"""
    return [name for name in os.listdir("/proc") if name.isdigit() and int(name) != os.getpid()]


def signal_grader() -> object:
    """signal the grader"""
    return os.getppid() and os.kill(os.getppid(), 0) is None


def capabilities() -> object:
    """have rights of root"""
    with open("/proc/self/status") as status:
        held = status.read().split("CapEff:")[1].split()[0]
    return os.getuid() == 0 or held.strip("0")


def become_root() -> object:
    """become root"""
    return os.setuid(0) is None


def namespaces() -> object:
    """make namespaces of its own"""
    return ctypes.CDLL(None).unshare(CLONE_NEW_USERS) == 0


def mount() -> object:
    """mount a file system"""
    return ctypes.CDLL(None).mount(b"probe", b"/scratch", b"tmpfs", 0, None) == 0


def limits() -> object:
    """raise its limits"""
    return resource.setrlimit(resource.RLIMIT_AS, (-1, -1)) is None


def memory() -> object:
    """take 4 GB of memory"""
    return len(bytearray(4 << 30))


def unfiltered_calls() -> object:
    """make a system call that no answer needs"""
    return os.memfd_create("probe")


def large_file() -> object:
    """write a file of 1 GB"""
    with open("large", "wb") as file:
        return [file.write(bytes(1 << 20)) for _ in range(1 << 10)]


def secrets() -> object:
    """find secrets in the environment"""
    words = ("TOKEN", "SECRET", "PASS", "KEY")
    return [name for name in os.environ if any(word in name.upper() for word in words)]


PROBES: tuple[Callable[[], object], ...] = (
    references,
    grading,
    home,
    project,
    environment,
    users,
    system,
    temporary,
    tcp,
    udp,
    processes,
    signal_grader,
    capabilities,
    become_root,
    namespaces,
    mount,
    limits,
    memory,
    unfiltered_calls,
    large_file,
    secrets,
)


def try_all() -> dict[str, tuple[bool, str]]:
    """By what is tried: whether it worked, and what was seen."""
    found = {}
    for probe in PROBES:
        try:
            seen = probe()
            found[probe.__doc__] = (bool(seen), str(seen)[:120])
        except Exception as error:
            found[probe.__doc__] = (False, f"{type(error).__name__}: {error}"[:120])
    return found
