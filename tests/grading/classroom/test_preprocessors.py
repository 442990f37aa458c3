"""nbgrader's own commands, which grade by our steps."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from grading import commands
from grading.classroom.course import Course
from grading.handout.release import PROJECT, read_source, student_version
from tests.support.submissions import ASSIGNMENT, FULL, solved


@pytest.mark.slow
def test_stock_commands_release_grade_and_export(tmp_path):
    shutil.copy(PROJECT / "grading" / "nbgrader_config.py", tmp_path)
    environment = {**os.environ, "HOME": str(tmp_path)}
    nbgrader = Path(sys.executable).with_name("nbgrader")

    def run(*arguments):
        command = [str(nbgrader), *arguments]
        done = subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr

    released = commands.release(Course(tmp_path), ASSIGNMENT) / f"{ASSIGNMENT}.ipynb"
    assert nbformat.read(released, 4) == student_version(read_source(ASSIGNMENT))
    folder = tmp_path / "submitted" / "ada" / ASSIGNMENT
    folder.mkdir(parents=True)
    nbformat.write(solved(), folder / f"{ASSIGNMENT}.ipynb")
    run("autograde", ASSIGNMENT)
    run("generate_feedback", ASSIGNMENT)
    run("export")
    page = tmp_path / "feedback" / "ada" / ASSIGNMENT / f"{ASSIGNMENT}.html"
    assert "svm_loss_naive: 3 of 3 points" in page.read_text(encoding="utf-8")
    assert f",{sum(FULL.values()):g}," in (tmp_path / "grades.csv").read_text().replace(".0,", ",")
