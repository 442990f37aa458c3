"""The sandbox seen from outside: a bubblewrap with a warm process in it.

One :class:`Sandbox` runs one submission at a time; use one in each worker process.
"""

import contextlib
import functools
import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import cs231n_utils

from ..errors import Refused
from .inside.confine import SCRATCH, Limits
from .places import COURSE, FONTS, INSIDE, OpenTexts, View

STARTUP_SECONDS = 60.0
_USED = struct.Struct("ddd")
END_SECONDS = 10.0

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
    user : str, optional
        Without bubblewrap, submissions have this user's rights instead; only root may say so.

    Raises
    ------
    SandboxError
        If bubblewrap is missing or does not start.
    """

    def __init__(
        self, limits: Limits | None = None, *, confined: bool = True, user: str | None = None
    ):
        if not sys.platform.startswith("linux"):
            raise SandboxError(f"submissions are graded on Linux, this is {sys.platform}")
        if confined and shutil.which("bwrap") is None:
            raise SandboxError(INSTALL)
        self.limits = limits or Limits()
        self.confined = confined
        self._user = _user_named(user) if user else None
        self._nested = confined
        self._process: subprocess.Popen[bytes] | None = None
        self._server: socket.socket | None = None
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 - kept as long as this

    @functools.cached_property
    def _view(self) -> View | None:
        return View() if self.confined else None

    @property
    def warm(self) -> bool:
        """Whether submissions are forked from one process; else each has a sandbox to itself."""
        return self._nested or not self.confined

    def start(self, hidden: Iterable[str] = ()) -> None:
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
            if self._view is None:
                scratch, places = stack.enter_context(_folder_to_delete()), []
                if self._user is not None:
                    os.chown(scratch, self._user.pw_uid, self._user.pw_gid)
            else:
                scratch, places = SCRATCH, list(map(str, self._view.places_of(hidden)))
            request = {"run": {"hidden": places, "scratch": scratch}}
            meter, servers_meter = socket.socketpair()
            stack.enter_context(meter)
            try:
                with servers_meter:
                    ends = [end.fileno() for end in (control, channel, servers_meter)]
                    socket.send_fds(self._server, [json.dumps(request).encode()], ends)
            except OSError as error:
                self.stop()
                raise SandboxError(f"the sandbox has died ({error})") from error
            submission = Submission(self, meter)
            try:
                yield submission
            finally:
                submission.kill()
                if not self.warm:
                    self.stop()

    def _spawn(
        self, servers_end: socket.socket, hidden: Iterable[str]
    ) -> "subprocess.Popen[bytes]":
        settings = {
            "limits": asdict(self.limits),
            "confined": self.confined,
            "nested": self._nested,
        }
        environment = {
            "PATH": "/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "MPLBACKEND": "Agg",
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
            "CS231N_SERVER_FD": str(servers_end.fileno()),
            "CS231N_SANDBOX": json.dumps(settings),
        }
        with OpenTexts() as texts:
            if self._view is None:
                command, variables = _unconfined()
            else:
                command, variables = _confined(self._view, hidden, texts)
            user = self._user
            return subprocess.Popen(
                command,
                user=user.pw_uid if user else None,
                group=user.pw_gid if user else None,
                extra_groups=[] if user else None,
                cwd="/",
                env=environment | variables,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._complaints,
                pass_fds=(servers_end.fileno(), *texts.numbers),
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

    def __init__(self, sandbox: Sandbox, meter: socket.socket):
        self._sandbox = sandbox
        self._meter = meter
        self._end: End | None = None

    def used(self) -> tuple[float, float, float]:
        """Processor seconds so far, most bytes of memory since the last call, and bytes now.

        The process that forked it reads them.

        Raises
        ------
        OSError
            If it has ended.
        """
        self._meter.settimeout(END_SECONDS)
        self._meter.send(b"?")
        answer = self._meter.recv(_USED.size)
        if len(answer) < _USED.size:
            raise OSError("the submission has ended")
        return _USED.unpack(answer)

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


def _user_named(name: str) -> Any:
    import pwd  # not on Windows, where this is refused in a sentence

    return pwd.getpwnam(name)


def _unconfined() -> tuple[list[str], dict[str, str]]:
    """The warm process's command and what its environment needs, with the rights of this one."""
    import matplotlib

    return [sys.executable, "-I", str(INSIDE / "server.py")], {
        "HOME": tempfile.gettempdir(),
        "TMPDIR": tempfile.gettempdir(),
        "MPLCONFIGDIR": matplotlib.get_cachedir(),
        "CS231N_PACKAGE": str(Path(cs231n_utils.__file__).parent.parent),
    }


def _confined(
    view: View, hidden: Iterable[str], texts: OpenTexts
) -> tuple[list[str], dict[str, str]]:
    """The same in a bubblewrap: a read-only system, no network, no home, no rights."""
    options = ["--die-with-parent", "--new-session", "--cap-drop", "ALL"]
    if os.getuid() == 0:
        for capability in ("SETUID", "SETGID", "SYS_ADMIN"):
            options += ["--cap-add", f"CAP_{capability}"]
    else:
        options.append("--unshare-user")
    for namespace in ("ipc", "pid", "net", "uts", "cgroup-try"):
        options.append(f"--unshare-{namespace}")
    options += ["--proc", "/proc", "--dev", "/dev", "--dir", "/tmp"]
    options += ["--perms", "1777", "--tmpfs", SCRATCH, "--perms", "0777", "--dir", str(FONTS)]
    options += view.options(hidden, texts)
    options += ["--remount-ro", "/dev", "--remount-ro", "/"]
    # Through a file: the command line of bubblewrap's own process may be seen from inside.
    arguments = texts.add("".join(f"{option}\0" for option in options))
    return ["bwrap", "--args", arguments, "--", str(view.python), "-I", str(view.server)], {
        "HOME": SCRATCH,
        "TMPDIR": SCRATCH,
        "MPLCONFIGDIR": str(FONTS),
        "CS231N_PACKAGE": str(COURSE),
        **view.variables,
    }


@contextlib.contextmanager
def _folder_to_delete() -> Iterator[str]:
    folder = tempfile.mkdtemp(prefix="submission-")
    try:
        yield folder
    finally:
        # rm copes with folders that a submission has nested too deeply for Python.
        subprocess.run(["rm", "-rf", folder], timeout=STARTUP_SECONDS, check=False)
