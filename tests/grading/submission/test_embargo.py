"""The embargo: what an assignment asks for can neither be imported nor read by its answers."""

import ast
import json
import shutil
import subprocess
import sys

import pytest

import cs231n_utils
from grading.exercises import EMBARGOED
from grading.exercises.embargo import find_module
from grading.handout.marks import is_experiment
from grading.handout.release import PROJECT, read_source
from grading.sandbox.inside.cells import Embargo
from grading.sandbox.places import View
from grading.submission import embargo
from grading.submission.execute import execute

SHOWN = "cs231n_utils.plots"

LOOK = """
import importlib, json, os, sys

def read(path):
    try:
        with open(path, "rb") as file:
            return len(file.read())
    except OSError:
        return 0

def refusal(name):
    try:
        importlib.import_module(name)
    except ImportError as error:
        return str(error)

def public(name):
    try:
        return [word for word in vars(importlib.import_module(name)) if word[0] != "_"]
    except ImportError:
        return []

files, names = json.loads(MODULES)
bytes_read = sum(map(read, files))
loaded = [name for name in names if name in sys.modules]
refusals = {name: refusal(name) for name in names}
sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__name__ != "Embargo"]
found = {name: public(name) for name in names}
print(json.dumps([bytes_read, loaded, refusals, found]))
"""


def library_modules(assignment):
    """The modules of the student package that an assignment must not see."""
    return [name for name in EMBARGOED[assignment] if name.startswith("cs231n_utils.")]


CONFINED = pytest.mark.skipif(shutil.which("bwrap") is None, reason="bubblewrap is not installed")


def looked_for(names, assignment, sandbox):
    """What a submission finds of modules: bytes, loaded ones, refusals, public names."""
    origins = [find_module(name, cs231n_utils.__path__[0]).origin for name in names]
    files = [str(place) for origin in origins for place in View().places(origin)]
    source = f"MODULES = {json.dumps([files, names])!r}\n{LOOK}"
    cells = [{"cell_type": "code", "source": source, "metadata": {}}]
    run = execute({"cells": cells}, assignment, sandbox)
    (output,) = run.outputs[0]
    return json.loads(output["text"])


@CONFINED
@pytest.mark.parametrize("assignment", EMBARGOED)
def test_submission_can_neither_read_nor_import_what_it_is_asked_for(assignment, sandbox):
    names = library_modules(assignment)
    bytes_read, loaded, refusals, found = looked_for(names, assignment, sandbox)
    assert bytes_read == 0 and loaded == []
    assert all("write it here instead of importing it" in text for text in refusals.values())
    assert found == {name: [] for name in names}


@CONFINED
def test_submission_can_read_and_import_the_rest_of_the_library(sandbox):
    bytes_read, _, refusals, found = looked_for([SHOWN], "01-loss-functions", sandbox)
    assert bytes_read > 1000
    assert refusals == {SHOWN: None} and "image_grid" in found[SHOWN]


@pytest.mark.parametrize(
    ("assignment", "module"),
    [
        ("00-start-here", "cs231n_utils.layers"),
        ("02-loss-landscapes", "cs231n_utils.gradcheck"),
        ("04-numerical-gradient", "cs231n_utils.landscape"),
        ("05-analytic-gradient", "cs231n_utils.numerical_gradient"),
        ("06-minibatch-sgd", "cs231n_utils.fitting"),
        ("06-minibatch-sgd", "cs231n_utils.surfaces"),
        *((assignment, "torch.nn.functional") for assignment in EMBARGOED),
        *((assignment, "scipy") for assignment in EMBARGOED),
    ],
)
def test_import_of_what_an_assignment_asks_for_is_refused(assignment, module):
    with pytest.raises(ImportError, match="write it here instead of importing it"):
        Embargo(embargo.refusals(assignment)).find_spec(module)


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """A second copy of the student package, where Python would find an installed one."""
    monkeypatch.setattr(embargo.sysconfig, "get_path", lambda kind: str(tmp_path))

    def install(*names):
        for name in names:
            path = tmp_path / "cs231n_utils" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
        return tmp_path / "cs231n_utils"

    return install


def hidden_in(package, assignment):
    """The names of the files in a copy of the student package that an assignment must not see."""
    hidden = [path for path in embargo.hidden_files(assignment) if path.startswith(str(package))]
    assert len(set(hidden)) == len(hidden)
    return {path.removeprefix(f"{package}/") for path in hidden}


def test_every_copy_and_every_compiled_file_is_hidden(installed):
    own = ("features.py", "__pycache__/features.cpython-312.opt-1.pyc", "widgets/rings.py")
    own += ("features.pyc", "widgets/rings.so")
    copy = installed(*own, "rings.py", "plots.py", "__pycache__/plots.cpython-312.pyc")
    assert hidden_in(copy, "08-image-features") == set(own)
    source = find_module("cs231n_utils.features", cs231n_utils.__path__[0]).origin
    assert source in embargo.hidden_files("08-image-features")


def test_module_that_is_a_package_is_hidden_with_all_that_is_in_it(installed):
    own = ("optimizers/__init__.py", "optimizers/rules/adam.py", "optimizers/table.json")
    assert hidden_in(installed(*own, "plots.py"), "07-optimizers") == set(own)


def test_copy_without_an_embargoed_module_is_hidden_as_a_whole(installed):
    names = ("rules.py", "__pycache__/rules.cpython-312.pyc", "plots.py")
    assert hidden_in(installed(*names), "07-optimizers") == set(names)


IMPORTS = (ast.Import, ast.ImportFrom)
IMPORT_UNDER_EMBARGO = """
import json, sys
from grading.sandbox.inside.cells import Embargo

for reasons, statements in json.loads(sys.argv[1]):
    for name in [name for name in sys.modules if name.startswith("cs231n_utils")]:
        del sys.modules[name]
    sys.meta_path.insert(0, Embargo(reasons))
    exec(statements, {})
    del sys.meta_path[0]
"""


def test_no_notebook_needs_what_is_embargoed_when_it_is_graded():
    work = []
    for assignment in EMBARGOED:
        cells = [c for c in read_source(assignment).cells if c.cell_type == "code"]
        graded = "\n".join(cell.source for cell in cells if not is_experiment(cell))
        imports = [
            ast.unparse(one) for one in ast.walk(ast.parse(graded)) if isinstance(one, IMPORTS)
        ]
        assert any("cs231n_utils" in line for line in imports)
        work.append([embargo.refusals(assignment), "\n".join(imports)])
    command = [sys.executable, "-c", IMPORT_UNDER_EMBARGO, json.dumps(work)]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
