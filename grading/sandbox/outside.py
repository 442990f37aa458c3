"""The sandbox seen from outside: a bubblewrap with a warm process in it.

`grading/sandbox` holds what runs inside. One :class:`Sandbox` runs one submission at a time;
use one in each worker process.
"""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import cs231n_utils

from ..errors import Refused
from .inside.confine import SCRATCH, Limits

INSIDE = Path(__file__).parent / "inside"
STARTUP_SECONDS = 60.0
END_SECONDS = 10.0
FONTS = f"{SCRATCH}/fonts"
SYSTEM_FILES = ("/etc/ld.so.cache", "/etc/localtime", "/etc/fonts", "/etc/alternatives")
COURSE_FOLDERS = ("grading", "tests", "notebooks", "benchmarks", "build", "dist", ".git")

INSTALL = (
    "bubblewrap was not found, expected it to confine what students wrote: install it "
    "(apt install bubblewrap, dnf install bubblewrap), or trust every submission with your "
    "account and say --no-sandbox"
)


class SandboxError(Refused):
    """The sandbox cannot be started, or has died."""


@dataclass(frozen=True)
class End:
    """How a submission's process ended.

    Attributes
    ----------
    code : int
        Exit code, or minus the signal that killed it.
    out_of_memory : bool
        It was killed for the memory it took.
    cpu : float
        Processor seconds of the process and what it waited for.
    peak_mb : int
        Largest resident size of one process.
    """

    code: int
    out_of_memory: bool
    cpu: float
    peak_mb: int


class Sandbox:
    """A warm process, confined, that forks one process for each submission.

    Parameters
    ----------
    limits : Limits, optional
    confined : bool
        False: no bubblewrap; submissions run with the rights of this process.

    Raises
    ------
    SandboxError
        If bubblewrap is missing or does not start.
    """

    def __init__(self, limits: Limits | None = None, *, confined: bool = True):
        if not sys.platform.startswith("linux"):
            raise SandboxError(f"submissions are graded on Linux, this is {sys.platform}")
        if confined and shutil.which("bwrap") is None:
            raise SandboxError(INSTALL)
        self.limits = limits or Limits()
        self.confined = confined
        self._nested = confined
        self._process: subprocess.Popen[bytes] | None = None
        self._server: socket.socket | None = None
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 - kept as long as this

    @property
    def warm(self) -> bool:
        """Whether submissions are forked from one process; else each has a sandbox to itself."""
        return self._nested or not self.confined

    def start(self, hidden: Sequence[str] = ()) -> None:
        """Start the warm process, if it does not run yet.

        Where namespaces cannot be nested, each submission gets a bubblewrap of its own, in
        which the files ``hidden`` are not to be seen.
        """
        if self._process is not None and self._process.poll() is None:
            return
        self.stop()
        server, servers_end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with servers_end:
            self._process = self._spawn(servers_end, () if self.warm else hidden)
        self._server = server
        server.settimeout(STARTUP_SECONDS)
        ready = self._hear()
        if "ready" not in ready:
            self.stop()
            self._complaints.seek(0)
            said = self._complaints.read().decode(errors="replace").strip().splitlines()
            raise SandboxError(f"the sandbox did not start ({said[-1] if said else 'silently'})")
        if self._nested and not ready["nested"]:
            self._nested = False
            self.stop()
            self.start(hidden)

    def stop(self) -> None:
        """End the warm process and all that was forked from it."""
        if self._server is not None:
            self._server.close()
            self._server = None
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    def __enter__(self) -> "Sandbox":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @contextlib.contextmanager
    def submission(
        self, control: socket.socket, channel: socket.socket, hidden: list[str]
    ) -> Iterator["Submission"]:
        """Fork a process that holds the two sockets; it is gone when the block is left.

        Parameters
        ----------
        control, channel : socket
            Its ends of the control socket and of the oracle's channel.
        hidden : list of str
            Files that it must not be able to read.
        """
        if not self.warm:
            self.stop()
        self.start(hidden)
        with contextlib.ExitStack() as stack:
            scratch = SCRATCH
            if not self.confined:
                scratch = stack.enter_context(_folder_to_delete())
            request = {"run": {"hidden": hidden, "scratch": scratch}}
            try:
                socket.send_fds(
                    self._server,
                    [json.dumps(request).encode()],
                    [control.fileno(), channel.fileno()],
                )
            except OSError as error:
                self.stop()
                raise SandboxError(f"the sandbox has died ({error})") from error
            submission = Submission(self)
            try:
                yield submission
            finally:
                submission.kill()
                if not self.warm:
                    self.stop()

    def _spawn(
        self, servers_end: socket.socket, hidden: Sequence[str]
    ) -> "subprocess.Popen[bytes]":
        import matplotlib

        settings = {
            "limits": asdict(self.limits),
            "confined": self.confined,
            "nested": self._nested,
        }
        environment = {
            "PATH": "/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "HOME": SCRATCH if self.confined else tempfile.gettempdir(),
            "TMPDIR": SCRATCH if self.confined else tempfile.gettempdir(),
            "MPLBACKEND": "Agg",
            "MPLCONFIGDIR": FONTS if self.confined else matplotlib.get_cachedir(),
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
            "CS231N_PACKAGE": str(Path(cs231n_utils.__file__).parent.parent),
            "CS231N_SERVER_FD": str(servers_end.fileno()),
            "CS231N_SANDBOX": json.dumps(settings),
        }
        command = [sys.executable, "-I", str(INSIDE / "server.py")]
        return subprocess.Popen(
            [*_bubblewrap(hidden), *command] if self.confined else command,
            cwd="/",
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self._complaints,
            pass_fds=(servers_end.fileno(),),
            start_new_session=True,
        )

    def _hear(self) -> dict:
        try:
            data = self._server.recv(1 << 16) if self._server else b""
        except OSError:
            data = b""
        return json.loads(data) if data else {}


class Submission:
    """The process that runs one submission."""

    def __init__(self, sandbox: Sandbox):
        self._sandbox = sandbox
        self._end: End | None = None

    def interrupt(self) -> None:
        """Send SIGINT, as the interrupt button of a notebook does."""
        self._signal(signal.SIGINT)

    def wait(self, seconds: float) -> End | None:
        """How it ended; None if it has not ended within that time."""
        if self._end is None and self._sandbox._server is not None:
            self._sandbox._server.settimeout(seconds)
            message = self._sandbox._hear()
            if "exit" in message:
                self._end = End(**message["exit"])
        return self._end

    def kill(self) -> None:
        """End it and everything that it started; where that fails, end the whole sandbox."""
        if self._end is None:
            self._signal(signal.SIGKILL)
            if self.wait(END_SECONDS) is None:
                self._sandbox.stop()

    def _signal(self, number: int) -> None:
        if self._end is None and self._sandbox._server is not None:
            with contextlib.suppress(OSError):
                self._sandbox._server.send(json.dumps({"signal": number}).encode())


def _bubblewrap(hidden: Sequence[str]) -> list[str]:
    """The command that shuts a program in: a read-only system, no network, no home."""
    import matplotlib

    package = Path(cs231n_utils.__file__).parent
    shown = [
        *(path for path in SYSTEM_FILES if os.path.exists(path)),
        *dict.fromkeys((sys.base_prefix, sys.prefix)),
        str(Path(sys.executable).resolve().parent.parent),
        str(package),
        str(INSIDE),
    ]
    command = ["bwrap", "--die-with-parent", "--new-session"]
    if os.getuid() == 0:
        command += ["--cap-drop", "ALL"]
        for capability in ("SETUID", "SETGID", "SYS_ADMIN"):
            command += ["--cap-add", f"CAP_{capability}"]
    else:
        command += ["--unshare-user", "--cap-drop", "ALL"]
    for namespace in ("ipc", "pid", "net", "uts", "cgroup-try"):
        command.append(f"--unshare-{namespace}")
    command += ["--ro-bind", "/usr", "/usr"]
    for folder in ("bin", "sbin", "lib", "lib32", "lib64"):
        if os.path.islink(f"/{folder}"):
            command += ["--symlink", os.readlink(f"/{folder}"), f"/{folder}"]
        elif os.path.isdir(f"/{folder}"):
            command += ["--ro-bind", f"/{folder}", f"/{folder}"]
    command += ["--proc", "/proc", "--dev", "/dev", "--dir", "/tmp"]
    command += ["--perms", "1777", "--tmpfs", SCRATCH]
    shown = [path for path in dict.fromkeys(shown) if not path.startswith("/usr/")]
    parents = {parent for path in shown for parent in Path(path).parents}
    for parent in sorted(map(str, parents - {Path("/")})):
        command += ["--perms", "0755", "--dir", parent]
    for path in shown:
        command += ["--ro-bind", path, path]
    command += _cover_course(["/usr", *shown])
    for path in filter(os.path.exists, hidden):
        command += ["--ro-bind", "/dev/null", path]
    command += ["--perms", "0777", "--dir", FONTS]
    for fonts in Path(matplotlib.get_cachedir()).glob("fontlist*.json"):
        command += ["--ro-bind", str(fonts), f"{FONTS}/{fonts.name}"]
    return [*command, "--remount-ro", "/dev", "--remount-ro", "/", "--"]


def _cover_course(visible: list[str]) -> list[str]:
    """Options that hide the course where it lies in a folder that is shown for the interpreter,
    as in a virtual environment whose root is the project.
    """
    project = INSIDE.parents[2]
    options: list[str] = []
    for folder in filter(Path.is_dir, map(project.joinpath, COURSE_FOLDERS)):
        if any(folder.is_relative_to(path) for path in visible):
            options += ["--tmpfs", str(folder)]
            if INSIDE.is_relative_to(folder):
                options += ["--ro-bind", str(INSIDE), str(INSIDE)]
            options += ["--remount-ro", str(folder)]
    return options


@contextlib.contextmanager
def _folder_to_delete() -> Iterator[str]:
    folder = tempfile.mkdtemp(prefix="submission-")
    try:
        yield folder
    finally:
        # rm copes with folders that a submission has nested too deeply for Python.
        subprocess.run(["rm", "-rf", folder], timeout=STARTUP_SECONDS, check=False)
