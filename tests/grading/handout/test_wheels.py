"""The two wheels: with both, self-study works without a clone; with the student's alone as ever."""

import subprocess
import tomllib
import venv
import zipfile

import pytest

from grading.exercises import EXERCISES
from grading.exercises.source import reference_source
from grading.handout.release import PROJECT

ANSWERS = f"""
import numpy as np
from cs231n_utils import check, hint, progress, solution
from cs231n_utils.checks import judge

{reference_source(EXERCISES["accuracy"].reference)}

print(judge(lambda scores, y: 0.5, "accuracy"))
check(accuracy)
hint(accuracy)
solution(accuracy)
progress()
"""


def project_of(folder):
    text = (folder / "pyproject.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)["project"]


def test_wheels_are_of_one_version_and_the_course_needs_the_student_package_alone():
    student, course = project_of(PROJECT), project_of(PROJECT / "grading")
    assert course["version"] == student["version"]
    assert course["dependencies"] == [f"{student['name']}=={student['version']}"]
    assert course["requires-python"] == student["requires-python"]


def rooms_in(wheel):
    """The top folders of a wheel, and those right below them."""
    with zipfile.ZipFile(wheel) as archive:
        paths = [name.split("/") for name in archive.namelist() if ".dist-info/" not in name]
    return {path[0] for path in paths}, {path[1] for path in paths}


@pytest.mark.slow
@pytest.mark.xdist_group("wheels")
def test_each_wheel_holds_its_package_alone(wheels):
    assert rooms_in(wheels[0])[0] == {"cs231n_utils"}
    tops, rooms = rooms_in(wheels[1])
    assert tops == {"grading"}
    assert rooms == {"__init__.py", "__main__.py", "exercises", "judge"}


@pytest.mark.slow
@pytest.mark.xdist_group("wheels")
def test_wheels_judge_in_an_environment_that_has_nothing_else(wheels, tmp_path, monkeypatch):
    for name in ("PYTHONPATH", "CS231N_PROGRESS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    venv.create(tmp_path / "bare", with_pip=True)
    python = next((tmp_path / "bare").glob("[bS]*/python*"))
    (tmp_path / "answers.py").write_text(ANSWERS, encoding="utf-8")

    def run(*arguments):
        command = [python, *arguments]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=300)

    def install(wheel):
        done = run("-m", "pip", "install", "--quiet", wheel)
        assert done.returncode == 0, done.stderr

    install(wheels[0])
    alone = run("answers.py").stdout
    assert "The graded check runs when you hand in" in alone and "need a clone" in alone

    install(wheels[1])
    done = run("answers.py")
    assert done.returncode == 0, done.stderr
    for expected in (
        "accuracy: 1 of 1 points",
        "accuracy: 0 of 1 points",
        "accuracy: hint 1 of",
        "accuracy: one way to write it",
        "00-start-here: 1 of 3 exercises passed",
    ):
        assert expected in done.stdout
    refused = run("-m", "grading", "list")
    assert refused.returncode == 1 and refused.stderr.count("\n") == 1
    assert "needs a clone of the course" in refused.stderr
