"""What submissions see of this machine, whatever interpreter and environment there is."""

import importlib.metadata
import json
import os
import shutil
import subprocess
import sys
import sysconfig
from itertools import pairwise
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import cs231n_utils
from grading.sandbox import places
from grading.sandbox.outside import Sandbox
from grading.sandbox.places import PROJECT, View
from tests.grading.sandbox.running import run

pytestmark = pytest.mark.skipif(shutil.which("bwrap") is None, reason="bubblewrap is not installed")

VERSION = f"python{sys.version_info.major}.{sys.version_info.minor}"
LOSSES = Path(cs231n_utils.__file__).parent / "losses.py"

ASK = """
import glob, json, os, subprocess, sys, sysconfig, traceback
import cs231n_utils.losses, matplotlib, numpy
from matplotlib.font_manager import fontManager

said = {name: str(getattr(sys, name)) for name in dir(sys) if name != "modules"}
said |= {name: str(getattr(module, "__file__", "")) for name, module in sys.modules.items()}
said["environment"] = str(os.environ)
said["settings"] = str((sysconfig.get_config_vars(), sysconfig.get_paths()))
said["fonts"] = str([font.fname for font in fontManager.ttflist])
notes = [f"/proc/{number}/{name}" for number in (1, "self") for name in ("cmdline", "environ")]
for folder in sys.path:
    notes += glob.glob(folder + "/*.pth") + glob.glob(folder + "/*/direct_url.json")
for note in notes:
    try:
        said[note] = open(note).read()
    except PermissionError:
        pass
try:
    cs231n_utils.losses.svm_loss(None, None, None)
except Exception:
    said["traceback"] = traceback.format_exc()
child = "import sys, numpy; print(sys.path, numpy.__file__)"
said["child"] = subprocess.run([sys.executable, "-c", child], capture_output=True, text=True).stdout
assert "/numpy/__init__.py" in said["child"]
assert "/course/cs231n_utils/" in said["traceback"]
secrets = bytes.fromhex("SECRETS").decode().split(":")
print(json.dumps([name for name in said if any(secret in said[name] for secret in secrets)]))
"""
"""Prints what of all that it can ask names a folder of this machine."""


IN_ANOTHER = """
import sys
from grading.sandbox.outside import Sandbox
from tests.grading.sandbox.running import run

with Sandbox() as sandbox:
    for nested in (True, False):
        sandbox._nested = nested
        print(run(sandbox, sys.argv[1]))
"""


@pytest.fixture(params=["warm", "a bubblewrap each"])
def sandbox(request):
    with Sandbox() as made:
        made._nested = request.param == "warm"
        yield made
        assert made.warm == (request.param == "warm")


def secrets():
    """The folders of this machine, but the system's own, which stands at its own path."""
    folders = {str(PROJECT), sys.prefix, sys.base_prefix, str(Path.home())}
    return folders - {"/", "/usr", "/usr/local"}


def test_nothing_that_an_answer_asks_names_a_folder_of_this_machine(sandbox):
    asked = ASK.replace("SECRETS", ":".join(secrets()).encode().hex())
    assert json.loads(run(sandbox, asked)) == []


def test_of_the_graders_code_only_what_runs_the_answers_is_shown(sandbox):
    walk = "import os, json\nprint(json.dumps([p for p in os.walk('/course')]))"
    found = json.loads(run(sandbox, walk))
    assert {path.split("/")[2] for path, _, _ in found if path != "/course"} == {
        "cs231n_utils",
        "inside",
    }
    files = {name for path, _, names in found if path == "/course/inside" for name in names}
    assert files == {path.name for path in places.INSIDE.glob("*.py")}


READ = """
for name in ("losses", "ladder"):
    try:
        print(name, len(open(f"/course/cs231n_utils/{name}.py").read()) > 0)
    except PermissionError:
        print(name, False)
"""


def test_hidden_file_has_no_text_and_the_one_beside_it_has(sandbox):
    assert run(sandbox, READ).split() == ["losses", "True", "ladder", "True"]
    hidden = [str(LOSSES), str(LOSSES.with_name("never.py"))]
    assert run(sandbox, READ, hidden).split() == ["losses", "False", "ladder", "True"]
    assert run(sandbox, READ).split() == ["losses", "True", "ladder", "True"]


@pytest.fixture(params=["the system's", "its own base"])
def interpreter(request, tmp_path):
    """A Python of another kind, in a home folder of a trying name, with what the course needs."""
    environment = tmp_path / "집 home" / "environment"
    if request.param == "the system's":
        system = Path("/usr/bin", VERSION)
        made = [system, "-m", "venv", "--without-pip", environment]
        if not system.exists() or subprocess.run(made, capture_output=True).returncode:
            pytest.skip(f"the system has no {VERSION} that makes environments")
    else:
        base = Path(sys.base_prefix).resolve()
        if base == Path("/usr"):
            pytest.skip("the interpreter is the system's, which has no folder of its own")
        link(base / "bin", {VERSION}, environment / "bin")
        (environment / "bin" / VERSION).rename(environment / "bin" / "python")
        link(base / "lib", {path.name for path in base.glob("lib/libpython*")}, environment / "lib")
        standard = base / "lib" / VERSION
        link(standard, set(os.listdir(standard)) - {"site-packages"}, environment / "lib" / VERSION)
        for settings in (environment / "lib" / VERSION).glob("_sysconfigdata_*.py"):
            text = settings.read_text(encoding="utf-8")
            settings.unlink()
            settings.write_text(text.replace(str(base), str(environment)), encoding="utf-8")
    packages = environment / "lib" / VERSION / "site-packages"
    link(Path(sysconfig.get_path("purelib")), needed("cs231n-utils"), packages)
    (packages / "course.pth").write_text(str(PROJECT))
    return environment / "bin" / "python"


def link(source, names, target):
    """Put files and folders into another folder, without copying them where that can be."""
    target.mkdir(parents=True, exist_ok=True)
    paths = [source / name for name in sorted(names)]
    if subprocess.run(["cp", "-al", *paths, target], capture_output=True).returncode:
        subprocess.run(["cp", "-a", *paths, target], check=True)


def needed(name, found=None):
    """The files and folders among the packages of a distribution and all that it requires."""
    found = {} if found is None else found
    if name not in found:
        files = importlib.metadata.files(name)
        found[name] = {file.parts[0] for file in files if file.parts[0] != ".."}
        for text in importlib.metadata.requires(name) or ():
            required = Requirement(text)
            if required.marker is None or required.marker.evaluate({"extra": ""}):
                needed(required.name.lower(), found)
    return set().union(*found.values())


@pytest.mark.slow
def test_other_interpreters_run_and_name_no_folder_either(interpreter):
    home = interpreter.parents[2]
    asked = ASK.replace("SECRETS", ":".join([*secrets(), str(home)]).encode().hex())
    done = subprocess.run(
        [interpreter, "-c", IN_ANOTHER, asked],
        cwd=PROJECT,
        env={"PATH": os.environ["PATH"], "HOME": str(home)},
        capture_output=True,
        text=True,
    )
    assert done.stdout.split() == ["[]", "[]"], done.stderr


def emptied(view):
    """The folders that look empty to submissions."""
    with places.OpenTexts() as texts:
        options = view.options([], texts)
    return [folder for option, folder in pairwise(options) if option == "--tmpfs"]


def test_course_in_a_folder_that_is_shown_looks_empty(monkeypatch):
    assert str(PROJECT) not in emptied(View())
    monkeypatch.setattr(places, "SYSTEM", PROJECT.parent)
    view = View()
    assert str(PROJECT) in emptied(view)
    assert view.places(PROJECT / "grading" / "exercises") == []
    assert view.places(places.INSIDE / "cells.py") == [Path("/course/inside/cells.py")]


def test_grading_among_the_packages_looks_empty(monkeypatch, tmp_path):
    (tmp_path / "lib" / "grading" / "exercises").mkdir(parents=True)
    monkeypatch.setattr(places.site, "getsitepackages", lambda *_: [str(tmp_path / "lib")])
    monkeypatch.setattr(places.sys, "prefix", str(tmp_path))
    view = View()
    assert "/environment/lib/grading" in emptied(view)
    assert view.places(tmp_path / "lib" / "numpy") == [Path("/environment/lib/numpy")]
    assert view.places(tmp_path / "lib" / "grading" / "exercises") == []


def test_fonts_of_the_home_folder_are_not_listed(monkeypatch, tmp_path):
    import matplotlib

    fonts = [{"fname": name} for name in ("/usr/a.ttf", "fonts/b.ttf", f"{tmp_path}/c.ttf")]
    text = json.dumps({"afmlist": [], "ttflist": fonts})
    (tmp_path / "fontlist-v1.json").write_text(text, encoding="utf-8")
    monkeypatch.setattr(matplotlib, "get_cachedir", lambda: str(tmp_path))
    with places.OpenTexts() as texts:
        options = View().options([], texts)
        number = int(options[options.index("/scratch/fonts/fontlist-v1.json") - 1])
        with open(number, encoding="utf-8", closefd=False) as file:
            listed = json.load(file)["ttflist"]
    assert [font["fname"] for font in listed] == ["/usr/a.ttf", "fonts/b.ttf"]
