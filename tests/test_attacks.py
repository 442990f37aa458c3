"""The corpus of attacks: its files open as they should, and reach for what exists."""

import ast
from importlib import import_module

import pytest

from tests.support.attacks import CORPUS, Malformed, read, read_all, shared

ATTACKS = list(read_all())
SOUND = """# Prints a score.
# exercise: softmax
# deserves: all but stable
# may end the run: yes
# timeout: 3 s

print(3)
"""


def test_every_file_is_read_and_says_what_it_tries():
    files = [path for path in CORPUS.glob("*/*") if path.suffix in (".py", ".txt")]
    read_as_shared = [path for path in files if path.parent.name == "shared"]
    assert len(ATTACKS) == len(files) - len(read_as_shared) > 200
    assert all(shared(path.stem) for path in read_as_shared)
    assert len({attack.tries for attack in ATTACKS}) == len(ATTACKS)


def test_head_of_a_file_is_read(tmp_path):
    (tmp_path / "attack.py").write_text(SOUND)
    attack = read(tmp_path / "attack.py")
    assert (attack.tries, attack.exercise, attack.lost) == (
        "Prints a score.",
        "softmax",
        {"stable"},
    )
    assert (attack.may_end_the_run, attack.timeout, attack.text) == (True, 3.0, "print(3)\n")
    assert attack.earned == 2.0


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ("# Prints a score.\n", ""),
        ("# Prints a score.", "# Prints a score"),
        ("# Prints", "#Prints"),
        ("# exercise: softmax\n", ""),
        ("exercise: softmax", "exercise: hardmax"),
        ("# deserves: all but stable\n", ""),
        ("all but stable", "something"),
        ("all but stable", "all but speed"),
        ("may end the run: yes", "may end the run: no"),
        ("may end the run", "may stop"),
        ("3 s", "soon"),
        ("# timeout: 3 s\n", "# timeout: 3 s\n# timeout: 4 s\n"),
        ("# timeout: 3 s\n\n", "# timeout: 3 s\n"),
        ("print(3)\n", ""),
    ],
)
def test_malformed_head_is_refused(was, becomes, tmp_path):
    assert SOUND.replace(was, becomes) != SOUND
    (tmp_path / "attack.py").write_text(SOUND.replace(was, becomes))
    with pytest.raises(Malformed, match=r"attack\.py"):
        read(tmp_path / "attack.py")


def names_of_the_library(tree):
    """What an answer imports of the student package, and what it uses of these modules."""
    modules = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.startswith("cs231n_utils"):
                    yield alias.name, None
                    modules[alias.asname] = alias.name
        elif isinstance(node, ast.ImportFrom) and node.module.startswith("cs231n_utils"):
            yield from ((node.module, alias.name) for alias in node.names)
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id=module), attr=name) if module in modules:
                yield modules[module], name


def test_attacks_reach_for_names_of_the_library_that_exist():
    """A name that has moved would make an attack fail for another reason than it should."""
    reached = set()
    for path in CORPUS.glob("*/*.py"):
        reached |= set(names_of_the_library(ast.parse(path.read_text(encoding="utf-8"))))
    assert len(reached) > 15
    for module, name in reached:
        found = import_module(module)
        assert name is None or hasattr(found, name), f"{module}.{name}"
