"""Who may know what: the walls between the rooms, held against the imports of all modules."""

import ast
import re
import sys
from functools import cache
from pathlib import Path

import pytest

from grading.handout.release import PROJECT, assignments, read_source

OURS = ("cs231n_utils", "grading")
CONDUCTORS = {
    "grading.__main__", "grading.command_line", "grading.commands", "grading.course_command",
    "grading.demo", "grading.explain_command", "grading.hosted_commands",
    "grading.nbgrader_config", "grading.regrade_command", "grading.status_command",
}  # fmt: skip
"""They may import every room, and no room imports them."""

KNOWS = {
    "grading.errors": "",
    "grading.printing": "errors",
    "grading.exercises": "",
    "grading.judge": "exercises",
    "grading.ledger": "errors",
    "grading.handout": "errors exercises",
    "grading.sandbox.inside": "",
    "grading.sandbox": "errors sandbox.inside",
    "grading.submission": "errors exercises handout judge ledger sandbox",
    "grading.rules": "errors exercises handout",
    "grading.gradebook": "errors exercises handout ledger rules",
    "grading.classroom": (
        "errors exercises gradebook handout ledger printing rules sandbox submission"
    ),
    "grading.hosted": "errors handout ledger sandbox submission",
    "grading.pages": "errors exercises gradebook handout ledger printing rules",
    "grading.marking": "errors exercises gradebook handout ledger pages rules",
}
"""By room of the instructor's side, the rooms that its modules may import."""

TRAVEL = ("grading.exercises", "grading.judge")
"""They go, with the student package, to places that have nothing else installed."""

TESTED_ELSEWHERE = {
    "grading.__main__": "a process of its own: test_wheels and self-study's tests run it",
    "grading.command_line": "tests of commands and of each command's room run it",
    "grading.errors": "an exception without behavior",
    "grading.status_command": "tests of the command line and of the gradebook run it",
    "grading.hosted_commands": "tests of the rooms hosted and of commands run them",
    "grading.nbgrader_config": "nbgrader reads it: test_preprocessors, test_formgrader_browser",
    "grading.printing": "how a terminal shows things: tests of commands read what it prints",
    "grading.sandbox.inside.server": "a process of its own: test_outside and test_execute run it",
    "cs231n_utils.widgets.start": "a process of its own: test_lab_browser runs it",
}
"""Modules without a test file of their own name, and why; test_exercises goes through exercises."""


@cache
def modules() -> dict[str, Path]:
    """All modules of the two packages, by name."""
    found = {}
    for path in sorted(path for package in OURS for path in (PROJECT / package).rglob("*.py")):
        parts = path.relative_to(PROJECT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@cache
def imports_of(module: str) -> frozenset[str]:
    """All that a module imports, wherever in it: modules of ours, or names of others."""
    path = modules()[module]
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1]
            base = ".".join([*(above if node.level else []), *filter(None, [node.module])])
            inner = {f"{base}.{alias.name}" for alias in node.names}
            found |= inner & modules().keys() or {base}
    return frozenset(found)


def of_ours(module: str) -> set[str]:
    return {name for name in imports_of(module) if name.partition(".")[0] in OURS}


def room_of(module: str) -> str:
    """The room that a module lies in: the longest name of one that its own begins with."""
    within = (room for room in KNOWS if f"{module}.".startswith(f"{room}."))
    return max(within, key=len, default=module)


def circle(graph: dict[str, set[str]]) -> list[str]:
    """One circle of a graph, as a path; empty if there is none."""
    path: list[str] = []
    done: set[str] = set()

    def walk(node: str) -> list[str]:
        if node in path:
            return [*path[path.index(node) :], node]
        if node in done:
            return []
        path.append(node)
        found = next(filter(None, map(walk, sorted(graph.get(node, ())))), [])
        path.pop()
        done.add(node)
        return found

    return next(filter(None, map(walk, sorted(graph))), [])


def test_no_module_imports_itself_in_a_circle():
    assert circle({module: of_ours(module) for module in modules()}) == []


def test_no_room_knows_itself_in_a_circle():
    assert (
        circle({room: {f"grading.{name}" for name in KNOWS[room].split()} for room in KNOWS}) == []
    )


def test_modules_import_only_what_their_room_may_know():
    unknown = []
    for module in (name for name in modules() if name.startswith("grading.")):
        room = room_of(module)
        known = {room, *(f"grading.{name}" for name in KNOWS.get(room, "").split())}
        if room not in CONDUCTORS:
            imported = {name for name in of_ours(module) if name.startswith("grading")}
            unknown += [
                f"{module} imports {n}" for n in sorted(imported) if room_of(n) not in known
            ]
    assert unknown == []


def test_commands_conduct_and_nothing_imports_them():
    importing = {
        module: of_ours(module) & CONDUCTORS
        for module in modules()
        if module not in ("grading.__main__", "grading.command_line")
        and of_ours(module) & CONDUCTORS
    }
    assert importing == {}


def test_student_package_never_imports_the_instructors():
    for module in modules():
        if module.startswith("cs231n_utils"):
            assert not [name for name in imports_of(module) if name.startswith("grading")], module


def test_what_travels_needs_numpy_and_the_student_package_alone():
    for module in modules():
        if module.startswith(TRAVEL):
            tops = {name.partition(".")[0] for name in imports_of(module)}
            assert tops - sys.stdlib_module_names <= {"numpy", "cs231n_utils", "grading"}, module


def test_modules_can_be_imported_on_windows_where_no_submission_is_run():
    for module, path in modules().items():
        if not module.startswith("grading.sandbox.inside"):
            nodes = ast.parse(path.read_text(encoding="utf-8")).body
            names = {a.name for node in nodes if isinstance(node, ast.Import) for a in node.names}
            assert not names & {"fcntl", "grp", "pty", "pwd", "resource", "termios"}, module


@pytest.mark.parametrize("assignment", assignments())
def test_notebook_imports_the_student_package_alone(assignment):
    code = "\n".join(c.source for c in read_source(assignment).cells if c.cell_type == "code")
    imported = set(re.findall(r"^\s*(?:from|import) +(\w+)", code, re.MULTILINE))
    assert "cs231n_utils" in imported
    assert not imported & {path.name for path in PROJECT.iterdir()} - {"cs231n_utils"}


def test_modules_have_tests_of_their_own_name():
    exercises = {name for name in modules() if name.count(".") > 2 and room_of(name) in TRAVEL}
    wanted = {name for name, path in modules().items() if path.name != "__init__.py"} - exercises
    tested = set()
    for module in wanted:
        *rooms, name = module.split(".")
        if PROJECT.joinpath("tests", *rooms, f"test_{name}.py").exists():
            tested.add(module)
    assert wanted - tested == set(TESTED_ELSEWHERE)
