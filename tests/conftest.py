"""Fixtures that several test modules use."""

import socket
import threading

import pytest

from cs231n_utils.checks import _Channel
from cs231n_utils.progress_file import PROGRESS_FILE
from grading.oracle import Oracle


@pytest.fixture(scope="session", autouse=True)
def _progress_of_nobody(tmp_path_factory):
    """No test, and no kernel that a test starts, writes to the progress of who runs it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(PROGRESS_FILE, str(tmp_path_factory.mktemp("progress") / "progress.json"))
        yield


@pytest.fixture
def oracle_channel():
    """A channel to an oracle in this process, over a real socket, and its ledger."""
    opened = []

    def open_channel(**options):
        ours, theirs = socket.socketpair()
        ledger = []
        oracle = Oracle(ledger.append, **options)
        streams = theirs.makefile("rb"), theirs.makefile("wb")
        server = threading.Thread(target=oracle.serve, args=streams)
        server.start()
        opened.append((ours, theirs, server))
        return _Channel(ours.makefile("rb"), ours.makefile("wb")), ledger

    yield open_channel
    for ours, theirs, server in opened:
        ours.shutdown(socket.SHUT_RDWR)
        server.join(10)
        assert not server.is_alive()
        ours.close()
        theirs.close()
