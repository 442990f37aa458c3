"""Fixtures that several test modules use."""

import re
import shutil
import socket
import threading
from dataclasses import asdict

import pytest

from cs231n_utils.checking.client import OracleClient
from cs231n_utils.selfstudy.progress_file import PROGRESS_FILE
from grading.handout.wheels import build_wheels
from grading.judge.oracle import Oracle
from grading.sandbox.outside import Sandbox
from tests.support.browser import RECORD, Record, chromium

collect_ignore = ["attacks"]


@pytest.fixture(scope="session", autouse=True)
def _progress_of_nobody(tmp_path_factory):
    """Keep tests, and the kernels that they start, from writing to the user's own progress."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(PROGRESS_FILE, str(tmp_path_factory.mktemp("progress") / "progress.json"))
        yield


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """What takes longest comes first: browser tests, whole notebooks, and groups.

    ``--dist loadgroup`` hands a group to one process, here with one browser and one server for a
    module, and all other tests out one by one, so that no process is left alone with long ones.
    What compares with PyTorch is a group too: its import alone takes seconds. Browser tests are of
    the slow run.
    """
    first = ("browser", "whole_notebook", "xdist_group")
    items.sort(key=lambda item: [mark not in item.keywords for mark in first])
    for item in items:
        if "browser" in item.keywords:
            item.add_marker(pytest.mark.xdist_group("browser"))
            item.add_marker(pytest.mark.slow)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Where a test with a page fails, keep what the page showed and said."""
    report = yield
    if report.failed and RECORD in item.stash:
        folder = item.config.cache.mkdir("browser") / re.sub(r"\W+", "-", item.name)
        item.stash[RECORD].keep(folder)
        report.sections.append(("Browser", f"screenshot and console messages: {folder}"))
    return report


@pytest.fixture(scope="session")
def sandbox():
    """One warm sandbox for all tests of a process, so that each could harm those after it.

    Without bubblewrap nothing is confined.
    """
    with Sandbox(confined=shutil.which("bwrap") is not None) as warm:
        yield warm


@pytest.fixture(scope="session")
def wheels(tmp_path_factory):
    """The wheels of the student package and of the course; their tests are one xdist group."""
    return build_wheels(tmp_path_factory.mktemp("wheels"))


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture
def record(browser, request):
    """A new page, with what it says and asks for."""
    page = browser.new_page()
    request.node.stash[RECORD] = record = Record(page)
    yield record
    page.close()


@pytest.fixture
def oracle_channel():
    """A channel to an oracle in this process, over a real socket, and its ledger."""
    opened = []

    def open_channel(**options):
        ours, theirs = socket.socketpair()
        ledger = []
        oracle = Oracle(lambda verdict: ledger.append(asdict(verdict)), **options)
        streams = theirs.makefile("rb"), theirs.makefile("wb")
        server = threading.Thread(target=oracle.serve, args=streams)
        server.start()
        opened.append((ours, theirs, server))
        return OracleClient(ours.makefile("rb"), ours.makefile("wb")), ledger

    yield open_channel
    for ours, theirs, server in opened:
        ours.shutdown(socket.SHUT_RDWR)
        server.join(10)
        assert not server.is_alive()
        ours.close()
        theirs.close()
