"""The project's own files agree with each other."""

import os
import re
import shutil
import subprocess
import tomllib

import pytest
import yaml
from rattler import MatchSpec

from grading.handout.release import PROJECT
from tests.support.reference_lines import solution_lines


def pyproject_requirements():
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]

    def asked_by(extra):
        for requirement in extras[extra]:
            included = re.fullmatch(r"cs231n-utils\[(.*)\]", requirement)
            for name in included[1].split(",") if included else ():
                yield from asked_by(name)
            if not included:
                yield requirement

    listed = [*project["dependencies"], *asked_by("tests")]
    plain = {re.sub(r"\[.*?\]|;.*", "", requirement) for requirement in listed}
    return {*plain, f"python{project['requires-python']}"}


def conda_requirements():
    listed = yaml.safe_load((PROJECT / "environment.yml").read_text())["dependencies"]
    return {item for item in listed if isinstance(item, str) and item != "pip"}


def test_conda_and_pip_ask_for_the_same():
    assert conda_requirements() == pyproject_requirements()


@pytest.mark.parametrize("requirement", sorted(conda_requirements()))
def test_conda_requirement_is_a_valid_match_spec(requirement):
    spec = MatchSpec(requirement, strict=True)
    assert spec.name.normalized == re.split(r"[<>=]", requirement)[0]


def test_readme_names_every_make_target_that_a_person_types():
    makefile = (PROJECT / "Makefile").read_text()
    readme = (PROJECT / "README.md").read_text()
    targets = re.findall(r"^(learn|demo|grade|test|bench|docs|site):", makefile, re.MULTILINE)
    assert len(targets) == 7
    assert all(f"make {target}" in readme for target in targets)


TELLING = """#!/bin/sh
echo "${0##*/}" "$@" >> told
case "$1$2$3" in -mvenv*|venv*) mkdir -p .venv/bin && cp "$0" .venv/bin/python;; esac
"""
"""A program in the place of Python or uv: it tells what it is asked, and makes an environment."""


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
@pytest.mark.parametrize("program", ["python3", "uv"])
def test_make_installs_what_a_command_needs_and_nothing_twice(tmp_path, program):
    for name in ("Makefile", "pyproject.toml"):
        shutil.copy(PROJECT / name, tmp_path)
    programs = tmp_path / "programs"
    programs.mkdir()
    for name in {"python3", program}:
        (programs / name).write_text(TELLING)
        (programs / name).chmod(0o755)
    for name in ("sh", "getconf", "mkdir", "cp", "chmod", "touch"):
        (programs / name).symlink_to(shutil.which(name))
    told, make = tmp_path / "told", shutil.which("make")
    installer = "uv pip install" if program == "uv" else "python -m pip install"

    def installed_by(*targets):
        told.unlink(missing_ok=True)
        environment = {**os.environ, "PATH": str(programs)}
        subprocess.run([make, *targets], cwd=tmp_path, env=environment, check=True)
        lines = told.read_text().splitlines() if told.exists() else []
        installing = [line for line in lines if "install" in line]
        assert all(line.startswith(installer) for line in installing)
        return [extra for line in installing for extra in re.findall(r"\[(\w+)\]", line)]

    assert installed_by("learn") == ["learning"]
    assert installed_by("learn") == []
    assert installed_by("demo", "learn") == ["grading"]
    assert installed_by("docs", "grade", "ASSIGNMENT=a", "SUBMISSIONS=b") == ["docs"]
    assert installed_by("test", "bench") == ["tests"]
    assert installed_by("setup", "docs", "demo", "learn") == []
    later = (tmp_path / ".venv" / "tests").stat().st_mtime + 10
    os.utime(tmp_path / "pyproject.toml", (later, later))
    assert installed_by("learn") == ["learning"]


def test_student_package_holds_no_line_of_any_solution():
    for path in (PROJECT / "cs231n_utils").rglob("*.py"):
        squeezed = "".join(path.read_text(encoding="utf-8").split())
        assert not [line for line in solution_lines() if line in squeezed], path
        assert "importgrading" not in squeezed and "fromgrading" not in squeezed, path
