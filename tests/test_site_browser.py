"""The course in WebAssembly: answers judged in Node and in Chromium, and the site used in Chromium.

Pyodide comes from npm, in an old version without matplotlib: see `tests/support/pyodide.py`. Where
``CS231N_PYODIDE`` names a folder with the Pyodide of the site and its packages, as its releases
have it, that one is used.
"""

import json
import os
import random
import shutil
import subprocess
from pathlib import Path

import pytest

from grading.exercises import EXERCISES
from grading.exercises.source import reference_source
from grading.handout import site as site_module
from tests.support.browser import served, write_page
from tests.support.pyodide import make_pyodide, npm_reaches_pyodide

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
  const { sessionContext } = window.jupyterapp.shell.currentWidget;
  await sessionContext.ready;
  const future = sessionContext.session.kernel.requestExecute({ code });
  const said = [];
  future.onIOPub = (message) => said.push(JSON.stringify(message.content));
  await future.done;
  return said.join("\\n");
}"""

WRONG = """
import numpy as np
from cs231n_utils import check

def softmax(scores):
    return np.exp(scores) / np.exp(scores).sum(axis=-1, keepdims=True)

check(softmax)
"""
RIGHT = f"import numpy as np\n{reference_source(EXERCISES['softmax'].reference)}\ncheck(softmax)"
KEPT = "from cs231n_utils.selfstudy import progress_file\nprint(progress_file.read())"
IN_WORKER = f"""
import sys
from cs231n_utils.checks import judge

verdicts = []
check = lambda function: verdicts.append(judge(function, "softmax"))
{WRONG.replace("from cs231n_utils import check", "")}
{RIGHT}
str([*((v.points, v.mistake) for v in verdicts), "grading" in sys.modules])
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory, wheels):
    """A folder with Pyodide, NumPy, the course, and JupyterLite's kernel if that is installed."""
    if not npm_reaches_pyodide():
        pytest.skip("needs npm, and a registry that it reaches")
    folder = tmp_path_factory.mktemp("pyodide")
    make_pyodide(folder, wheels)
    return folder


@pytest.fixture(scope="module")
def site(request, tmp_path_factory, wheels):
    """The root of a site whose every file lies in it; tests may talk to its JupyterLab."""
    pytest.importorskip("jupyterlite_core", reason="make site installs it")
    folder = tmp_path_factory.mktemp("site")

    def copied(place):
        return [Path(shutil.copy(wheel, place)) for wheel in wheels]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(site_module, "build_wheels", copied)
        site_module.build_site(folder, Path(FOLDER or request.getfixturevalue("made")))
    settings = json.loads((folder / "jupyter-lite.json").read_text())
    settings["jupyter-config-data"]["exposeAppInBrowser"] = True
    (folder / "jupyter-lite.json").write_text(json.dumps(settings))
    return folder


@pytest.fixture(scope="module")
def pyodide(request):
    """A folder from which Pyodide loads the course."""
    if FOLDER:
        return request.getfixturevalue("site") / "static" / "pyodide"
    return request.getfixturevalue("made")


def test_references_pass_and_mistakes_are_named_in_webassembly(pyodide, tmp_path):
    if shutil.which("node") is None:
        pytest.skip("needs Node")
    (tmp_path / "run.mjs").write_text(NODE)
    command = ["node", tmp_path / "run.mjs", pyodide]
    program = f"SAMPLE = {SAMPLE}\n{IN_PLACE}"
    done = subprocess.run(command, input=program, capture_output=True, text=True)
    assert done.stdout.splitlines()[-1:] == [f"emscripten {len(EXERCISES)}"], done.stderr


@pytest.mark.browser
def test_oracle_judges_from_a_worker_in_which_alone_the_references_are(pyodide, record):
    write_page(pyodide, IN_WORKER)
    with served(pyodide) as home:
        record.page.goto(home)
        record.page.wait_for_function("document.title")
        assert record.page.title() == str([(2.0, "no shift"), (3.0, None), False])
        assert not record.requests_outside(home)


@pytest.mark.browser
def test_notebook_is_judged_and_work_survives_a_reload(site, record):
    with served(site) as home:
        page = record.page
        page.goto(f"{home}lab/index.html?path=01-loss-functions/01-loss-functions.ipynb")
        page.wait_for_function("window.jupyterapp?.shell.currentWidget?.content")
        if not FOLDER:
            assert "without matplotlib and pillow" in page.inner_text(".Toastify__toast")
        assert "2 of 3 points" in page.evaluate(EXECUTE, WRONG)
        assert "3 of 3 points" in page.evaluate(EXECUTE, RIGHT)
        page.reload()
        page.wait_for_function("window.jupyterapp?.shell.currentWidget?.content")
        kept = page.evaluate(EXECUTE, KEPT)
        assert "softmax" in kept and "passed_on" in kept
        assert not record.requests_outside(home)


@pytest.mark.browser
def test_page_that_cannot_reach_its_python_says_so(site, record):
    settings = site / "jupyter-lite.json"
    document = json.loads(settings.read_text())
    document["jupyter-config-data"] |= {site_module.LACKS: [], site_module.ASKS: "http://[::1]:9/x"}
    kept = settings.read_text()
    settings.write_text(json.dumps(document))
    with served(site) as home:
        record.page.goto(f"{home}lab/index.html")
        said = record.page.inner_text(".Toastify__toast")
    settings.write_text(kept)
    assert "Python cannot start: it comes from [::1]:9" in said
