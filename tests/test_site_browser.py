"""The course in WebAssembly: answers judged in Node, and the site used in Chromium.

Pyodide comes from npm, in an old version: see `tests/support/pyodide.py`. Where ``CS231N_PYODIDE``
names a folder with the Pyodide of the site and its packages, as its releases have it, that one is
used; the site itself cannot do without.
"""

import json
import os
import random
import shutil
import subprocess
import threading
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from grading.errors import Refused
from grading.exercises import EXERCISES
from grading.exercises.source import reference_source
from grading.handout.site import build_site
from tests.support.pyodide import make_pyodide

FOLDER = os.environ.get("CS231N_PYODIDE")
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]

SAMPLE = {name: random.Random(name).randrange(len(e.mistakes)) for name, e in EXERCISES.items()}
"""Which mistake of each exercise is made in WebAssembly; all of them take half an hour."""

IN_PLACE = """
import sys
from types import SimpleNamespace

from cs231n_utils.checks import judge
from grading.exercises import EXERCISES
from grading.judge import oracle

oracle.secrets = SimpleNamespace(randbits=lambda bits: 0)
for name, index in SAMPLE.items():
    exercise = EXERCISES[name]
    verdict = judge(exercise.reference, name)
    assert verdict.passed and verdict.points == exercise.points, str(verdict)
    mistake = exercise.mistakes[index]
    verdict = judge(mistake, name)
    assert (verdict.passed, verdict.mistake) == (False, mistake.name), str(verdict)

print(sys.platform, len(SAMPLE))
"""

NODE = """
import { readFileSync } from "node:fs";
const folder = process.argv[2];
const { loadPyodide } = await import(`${folder}/pyodide.mjs`);
const python = await loadPyodide({ indexURL: folder, packages: ["cs231n-utils"] });
try {
  python.runPython(readFileSync(0, "utf8"));
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
"""

EXECUTE = """async (code) => {
  window.session ??= await window.jupyterapp.serviceManager.sessions.startNew({
    path: "01-loss-functions/tried.ipynb", type: "notebook", name: "tried",
    kernel: { name: "python" },
  });
  const future = window.session.kernel.requestExecute({ code });
  const said = [];
  future.onIOPub = (message) => said.push(JSON.stringify(message.content));
  await future.done;
  return said.join("\\n");
}"""

WRONG = """
import numpy as np
from cs231n_utils import check, progress

def softmax(scores):
    return np.exp(scores) / np.exp(scores).sum(axis=-1, keepdims=True)

check(softmax)
"""
RIGHT = f"import numpy as np\n{reference_source(EXERCISES['softmax'].reference)}\ncheck(softmax)"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The root of a site whose every file lies in it; tests may talk to its JupyterLab."""
    if not FOLDER:
        pytest.skip("needs Pyodide and its packages in CS231N_PYODIDE: npm has no matplotlib")
    folder = tmp_path_factory.mktemp("site")
    build_site(folder, Path(FOLDER))
    settings = json.loads((folder / "jupyter-lite.json").read_text())
    settings["jupyter-config-data"]["exposeAppInBrowser"] = True
    (folder / "jupyter-lite.json").write_text(json.dumps(settings))
    return folder


@pytest.fixture(scope="module")
def pyodide(request, tmp_path_factory):
    """A folder with Pyodide, NumPy and the course."""
    if FOLDER:
        return request.getfixturevalue("site") / "static" / "pyodide"
    folder = tmp_path_factory.mktemp("pyodide")
    try:
        make_pyodide(folder, request.getfixturevalue("wheels"))
    except Refused as error:
        pytest.skip(str(error))
    return folder


@contextmanager
def served(folder):
    """The address of a server of this folder."""
    handler = partial(SimpleHTTPRequestHandler, directory=folder)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def test_references_pass_and_mistakes_are_named_in_webassembly(pyodide, tmp_path):
    if shutil.which("node") is None:
        pytest.skip("needs Node")
    (tmp_path / "run.mjs").write_text(NODE)
    command = ["node", tmp_path / "run.mjs", pyodide]
    program = f"SAMPLE = {SAMPLE}\n{IN_PLACE}"
    done = subprocess.run(command, input=program, capture_output=True, text=True)
    assert done.stdout.splitlines()[-1:] == [f"emscripten {len(EXERCISES)}"], done.stderr


@pytest.mark.browser
def test_notebook_is_judged_and_work_survives_a_reload(site, record):
    with served(site) as home:
        page = record.page
        page.goto(f"{home}lab/index.html?path=01-loss-functions/01-loss-functions.ipynb")
        page.wait_for_function("window.jupyterapp?.shell.currentWidget?.content")
        assert "2 of 3 points" in page.evaluate(EXECUTE, WRONG)
        assert "3 of 3 points" in page.evaluate(EXECUTE, RIGHT)
        page.reload()
        page.wait_for_function("window.jupyterapp?.shell.currentWidget?.content")
        asked = "from cs231n_utils import progress\nprogress()"
        assert f"1 of {len(EXERCISES)} exercises" in page.evaluate(EXECUTE, asked)
        assert not record.requests_outside(home)
