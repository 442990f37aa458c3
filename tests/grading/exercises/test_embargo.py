"""The library modules that assignments name must exist, or nothing would hide them."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import cs231n_utils
from grading.exercises import EMBARGOED, EXERCISES
from grading.exercises.embargo import existing, find_module
from grading.handout.release import PROJECT

MODULES = sorted({m for modules in EMBARGOED.values() for m in modules if "cs231n_utils." in m})


@pytest.fixture
def library(tmp_path, monkeypatch):
    """A copy of the student package, in which exercises look for its modules."""
    copy = tmp_path / "cs231n_utils"
    shutil.copytree(
        cs231n_utils.__path__[0], copy, ignore=shutil.ignore_patterns("__pycache__", "static")
    )
    monkeypatch.setattr(cs231n_utils, "__path__", [str(copy)])
    return copy


def test_every_assignment_has_its_embargo():
    assert set(EMBARGOED) == {exercise.assignment for exercise in EXERCISES.values()}


def test_library_function_with_the_name_of_an_exercise_is_embargoed():
    library = Path(cs231n_utils.__path__[0])
    seen = set()
    for path in library.rglob("*.py"):
        module = ".".join(["cs231n_utils", *path.relative_to(library).with_suffix("").parts])
        for name in re.findall(r"^def (\w+)\(", path.read_text(encoding="utf-8"), re.MULTILINE):
            if name in EXERCISES:
                seen.add(name)
                assert module in EMBARGOED[EXERCISES[name].assignment], (module, name)
    assert {"accuracy", "kmeans", "adam", "relative_error"} < seen


@pytest.mark.parametrize("module", MODULES)
def test_library_module_that_was_renamed_is_missed(module, library):
    assert existing([module]) == (module,)
    path = Path(find_module(module, cs231n_utils.__path__[0]).origin)
    assert path.is_relative_to(library)
    path.rename(path.with_name("renamed.py"))
    with pytest.raises(ModuleNotFoundError, match=f"no module {re.escape(module)}, expected"):
        existing([module])
    path.with_suffix("").mkdir()
    with pytest.raises(ModuleNotFoundError, match="rename it in grading/exercises as well"):
        existing([module])


def test_exercises_cannot_be_imported_where_a_library_module_was_renamed(library):
    (library / "local_search.py").rename(library / "search.py")
    program = f"import sys; sys.path[:0] = {[str(library.parent), str(PROJECT)]}\n"
    done = subprocess.run(
        [sys.executable, "-c", f"{program}import grading.exercises"],
        capture_output=True,
        text=True,
        cwd=library,
        timeout=60,
    )
    assert done.returncode != 0
    assert "ModuleNotFoundError: no module cs231n_utils.local_search" in done.stderr


def test_modules_are_found_without_being_imported():
    program = (
        "import sys\nfrom grading.exercises import EXERCISES\n"
        "print(len([*EXERCISES.values()]), *sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        cwd=PROJECT,
        timeout=60,
    )
    loaded = done.stdout.split()
    heavy = {"cs231n_utils.widgets", "cs231n_utils.layers", "anywidget", "matplotlib.pyplot"}
    assert "cs231n_utils.losses" in loaded and not heavy.intersection(loaded)
