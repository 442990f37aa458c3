"""What answers may not import or read while they are graded, in words and in files."""

import sysconfig
from collections.abc import Iterable, Iterator
from importlib.machinery import ModuleSpec
from pathlib import Path

import cs231n_utils

from ..exercises import EMBARGOED
from ..exercises.embargo import find_module

PACKAGE = cs231n_utils.__name__


def refusals(assignment: str) -> dict[str, str]:
    """The reason that an answer is told when it imports an embargoed module, by module."""
    reasons = {"grading": "grading belongs to the instructor: submissions cannot import it."}
    for module in EMBARGOED.get(assignment, ()):
        reasons[module] = (
            f"{module} holds what {assignment} asks you to write: write it here instead of "
            "importing it."
        )
    return reasons


def hidden_files(assignment: str) -> list[str]:
    """The files that hold what an assignment asks for: the sources, and what any Python compiled.

    They are looked for in every copy of the student package that Python may find, in a checkout
    and installed. A copy that lacks one of the modules is another version, which may hold it
    elsewhere, so all of that copy is hidden.
    """
    names = [name for name in EMBARGOED.get(assignment, ()) if name.startswith(f"{PACKAGE}.")]
    files: list[str] = []
    for copy in _copies():
        specs = [find_module(name, str(copy)) for name in names]
        found = [spec for spec in specs if spec is not None]
        hidden = _files(found) if len(found) == len(specs) else copy.rglob("*")
        files += (str(path) for path in hidden if path.is_file())
    return files


def _copies() -> set[Path]:
    installed = (Path(sysconfig.get_path(kind), PACKAGE) for kind in ("purelib", "platlib"))
    return {*map(Path, cs231n_utils.__path__), *filter(Path.is_dir, installed)}


def _files(specs: Iterable[ModuleSpec]) -> Iterator[Path]:
    for spec in specs:
        if spec.submodule_search_locations is not None:
            for folder in spec.submodule_search_locations:
                yield from Path(folder).rglob("*")
            continue
        module, folder = spec.name.rpartition(".")[2], Path(spec.origin).parent
        yield from folder.glob(f"{module}.*")
        if spec.cached:
            yield from Path(spec.cached).parent.glob(f"{module}.*")
