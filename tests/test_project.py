"""The project's own files agree with each other."""

import re
import tomllib

import pytest
import yaml
from rattler import MatchSpec

from grading.handout.release import PROJECT
from tests.support.reference_lines import solution_lines


def pyproject_requirements():
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    listed = project["dependencies"] + [
        requirement
        for extra in ("notebooks", "grading", "tests", "docs")
        for requirement in extras[extra]
    ]
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


def test_student_package_holds_no_line_of_any_solution():
    for path in (PROJECT / "cs231n_utils").rglob("*.py"):
        squeezed = "".join(path.read_text(encoding="utf-8").split())
        assert not [line for line in solution_lines() if line in squeezed], path
        assert "importgrading" not in squeezed and "fromgrading" not in squeezed, path
