"""Exercises and judge work where nothing is installed but what the student package requires."""

import json
import subprocess
import sys
import sysconfig
import tomllib
from importlib.metadata import PackageNotFoundError, packages_distributions, requires

from packaging.requirements import Requirement

from grading.handout.release import PROJECT

BARE = """
import json, sys
from importlib.abc import MetaPathFinder

allowed, project, *folders = json.loads(sys.argv[1])
sys.path += [project, *folders]


class Bare(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        top, _, rest = name.partition(".")
        if top not in {*sys.stdlib_module_names, *allowed, "cs231n_utils", "grading"}:
            raise ModuleNotFoundError(f"{name} is not installed", name=name)
        if top == "grading" and rest and rest.split(".")[0] not in ("exercises", "judge"):
            raise ModuleNotFoundError(f"{name} is another part of grading", name=name)


sys.meta_path.insert(0, Bare())
"""

REFUSED = """
import importlib

for name in ("nbgrader", "typer", "rich", "nbformat", "pytest", "grading.errors"):
    try:
        importlib.import_module(name)
    except ModuleNotFoundError:
        continue
    raise AssertionError(f"{name} was imported")
"""

JUDGE = """
import pkgutil
import socket
import threading
from importlib import import_module

import grading.exercises, grading.judge

for package in (grading.exercises, grading.judge):
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        import_module(module.name)

from cs231n_utils.checking.client import OracleClient
from grading.exercises import EXERCISES
from grading.judge.oracle import Oracle
from grading.judge.tutor import Tutor

ours, theirs = socket.socketpair()
entries = []
oracle = Oracle(entries.append, teach=Tutor().teach)
streams = theirs.makefile("rb"), theirs.makefile("wb")
threading.Thread(target=oracle.serve, args=streams, daemon=True).start()
client = OracleClient(ours.makefile("rb"), ours.makefile("wb"))
right = client.judge(EXERCISES["softmax"].reference, "softmax")
wrong = client.judge(EXERCISES["softmax"].mistakes[0], "softmax")
solution = Tutor().teach({"op": "solution", "exercise": "softmax"})["solution"]
print(json.dumps([right.points, wrong.mistake, len(entries), solution.split("(")[0]]))
"""


def required(names):
    """The distributions of these names, and all that they require, as far as installed."""
    found, left = set(), list(names)
    while left:
        name = left.pop()
        try:
            requirements = map(Requirement, requires(name) or [])
        except PackageNotFoundError:
            continue
        if name not in found:
            found.add(name)
            applies = (r for r in requirements if not r.marker or r.marker.evaluate({"extra": ""}))
            left += [requirement.name for requirement in applies]
    return {name.lower().replace("_", "-") for name in found}


def run_bare(program):
    """Run a program beside nothing but the requirements of the student package."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    installed = required(Requirement(text).name for text in project["dependencies"])
    allowed = [
        module
        for module, distributions in packages_distributions().items()
        if installed.intersection(name.lower().replace("_", "-") for name in distributions)
    ]
    assert "numpy" in allowed and "nbgrader" not in allowed
    folders = {sysconfig.get_path(kind) for kind in ("purelib", "platlib")}
    arguments = json.dumps([allowed, str(PROJECT), *folders])
    command = [sys.executable, "-I", "-S", "-c", BARE + program, arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


def test_bare_environment_has_nothing_of_the_graders():
    done = run_bare(REFUSED)
    assert done.returncode == 0, done.stderr


def test_exercises_and_judge_work_in_a_bare_environment():
    done = run_bare(JUDGE)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [3.0, "no shift", 2, "def softmax"]
