"""The course in WebAssembly, where a folder with Pyodide and its packages is at hand.

``CS231N_PYODIDE`` names that folder, as Pyodide's releases have it. Neither npm nor PyPI has NumPy
for WebAssembly, so without it these tests are skipped.
"""

import json
import os
import shutil
import subprocess
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from grading.exercises import EXERCISES
from grading.exercises.source import reference_source
from grading.handout.site import build_site

FOLDER = os.environ.get("CS231N_PYODIDE")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("browser"),
    pytest.mark.skipif(not FOLDER, reason="needs Pyodide and its packages in CS231N_PYODIDE"),
]

ALL_IN_PLACE = """
import sys
from types import SimpleNamespace

from cs231n_utils.checks import judge
from grading.exercises import EXERCISES
from grading.judge import oracle

oracle.secrets = SimpleNamespace(randbits=lambda bits: 0)
for name, exercise in EXERCISES.items():
    verdict = judge(exercise.reference, name)
    assert verdict.passed and verdict.points == exercise.points, str(verdict)
    for mistake in exercise.mistakes:
        verdict = judge(mistake, name)
        assert (verdict.passed, verdict.mistake) == (False, mistake.name), str(verdict)
print(sys.platform, len(EXERCISES))
"""

NODE = """
import { readFileSync } from "node:fs";
const folder = process.argv[2];
const { loadPyodide } = await import(`${folder}/pyodide.mjs`);
const python = await loadPyodide({ indexURL: folder, packages: ["cs231n-utils"] });
python.runPython(readFileSync(0, "utf8"));
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
    folder = tmp_path_factory.mktemp("site")
    build_site(folder, Path(FOLDER))
    settings = json.loads((folder / "jupyter-lite.json").read_text())
    settings["jupyter-config-data"]["exposeAppInBrowser"] = True
    (folder / "jupyter-lite.json").write_text(json.dumps(settings))
    return folder


def test_references_pass_and_mistakes_are_named_in_webassembly(site, tmp_path):
    if shutil.which("node") is None:
        pytest.skip("needs Node")
    (tmp_path / "run.mjs").write_text(NODE)
    command = ["node", tmp_path / "run.mjs", site / "static" / "pyodide"]
    done = subprocess.run(command, input=ALL_IN_PLACE, capture_output=True, text=True)
    assert done.stdout.splitlines()[-1:] == [f"emscripten {len(EXERCISES)}"], done.stderr


@pytest.mark.browser
def test_notebook_is_judged_and_work_survives_a_reload(site, record):
    handler = partial(SimpleHTTPRequestHandler, directory=site)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        home = f"http://127.0.0.1:{server.server_port}/"
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
        server.shutdown()
