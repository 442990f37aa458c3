"""The oracle in a worker of a real browser, whose Python is Pyodide's without NumPy.

A package of two modules stands in for the student package: the one that is tested, and an oracle
that says back what it hears.
"""

import json
import zipfile

import pytest

from cs231n_utils.checking import local
from grading.errors import Refused
from grading.handout import site
from tests.support.browser import served, write_page

pytestmark = pytest.mark.browser

TUTOR = """
class Echo:
    def turns(self, reader, writer):
        n_heard = 0
        while True:
            yield
            message = reader.read()
            if message == b"end":
                return
            n_heard += 1
            writer.write(b"%d %s" % (n_heard, message))

own_oracle = Echo
"""

CODE = """
import sys
from cs231n_utils.checking.local import oracle_in_browser

oracle = oracle_in_browser()
heard = [type(oracle).__name__]

def answer():
    oracle.write(b"one" + bytes(100_000))
    heard.append(oracle.read(5).decode())
    heard.append(len(oracle.read(1 << 20)))
    oracle.write("zwölf".encode())
    heard.append(oracle.read(100).decode())

answer()
sys.modules["grading"] = None  # it lives in the other interpreter
answer()
oracle.write(b"end")
heard.append(oracle.read(100))
oracle.close()
str(heard)
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """The address of a page whose worker runs `CODE`."""
    work = tmp_path_factory.mktemp("pyodide")
    folder = work / "page"
    folder.mkdir()
    try:
        site._from_npm(work, folder)
    except Refused as error:
        pytest.skip(str(error))
    wheel = folder / "cs231n_utils-1-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for package in ("cs231n_utils", "cs231n_utils/checking", "grading", "grading/judge"):
            archive.writestr(f"{package}/__init__.py", "")
        for path in (local.__file__, local.__file__.replace("local.py", "worker.js")):
            archive.write(path, f"cs231n_utils/checking/{path.rpartition('/')[2]}")
        archive.writestr("grading/judge/tutor.py", TUTOR)
    lock = json.loads((folder / site.LOCK).read_text())
    site._enter(lock["packages"], "cs231n-utils", wheel, "cs231n_utils", [])
    (folder / site.LOCK).write_text(json.dumps(lock))
    write_page(folder, CODE)
    with served(folder) as home:
        yield home


def test_oracle_answers_from_a_worker_with_an_interpreter_of_its_own(address, record):
    record.page.goto(address)
    record.page.wait_for_function("document.title")
    expected = ["InWorker", "1 one", 100_000, "2 zwölf", "3 one", 100_000, "4 zwölf", b""]
    assert record.page.title() == str(expected)
    assert not record.requests_outside(address)
