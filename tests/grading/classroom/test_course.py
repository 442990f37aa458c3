"""A course works wherever its folder lies, for our commands and for nbgrader's."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from grading import commands
from grading.classroom.course import COURSE, Course
from grading.errors import Refused
from grading.handout.release import GLOSSARY, PROJECT, read_source, student_version
from tests.support.small_class import ASSIGNMENT

ODD = "Kurs (1) + 집 o'clock"
"""A name that a regular expression, a shell, or ASCII would not survive."""


def nbgrader(folder, *arguments):
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments],
        cwd=folder,
        env={**os.environ, "HOME": str(folder)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stderr


def test_default_course_lies_beside_the_code_and_is_ignored_by_git():
    assert COURSE == PROJECT / "course"
    assert "/course/*" in (PROJECT / ".gitignore").read_text().splitlines()


def test_release_works_whatever_the_folder_is_called(tmp_path):
    course = Course(tmp_path / ODD)
    released = commands.release(course, ASSIGNMENT)
    notebook = nbformat.read(released / f"{ASSIGNMENT}.ipynb", as_version=4)
    assert notebook == student_version(read_source(ASSIGNMENT))
    assert (course.root / "gradebook.db").is_file()
    assert (released.parent / GLOSSARY.name).read_bytes() == GLOSSARY.read_bytes()


@pytest.mark.slow
def test_nbgraders_own_release_is_the_same(tmp_path):
    course = Course(tmp_path / ODD)
    ours = commands.release(course, ASSIGNMENT)
    files = {path.name: path.read_bytes() for path in ours.iterdir()}
    nbgrader(course.root, "generate_assignment", ASSIGNMENT, "--force")
    assert {path.name: path.read_bytes() for path in ours.iterdir()} == files


@pytest.mark.slow
def test_course_can_be_moved(tmp_path):
    course = Course(tmp_path / "spring")
    commands.release(course, ASSIGNMENT)
    config = (course.root / "nbgrader_config.py").read_text()
    assert str(tmp_path) not in config and str(PROJECT) not in config
    moved = shutil.copytree(course.root, tmp_path / ODD)
    shutil.rmtree(course.root)
    said = nbgrader(moved, "generate_assignment", ASSIGNMENT, "--force")
    assert not course.root.exists() and ASSIGNMENT in said
    read = Course(moved).nbgrader_config()
    assert Path(read.CourseDirectory.root) == moved


def test_folder_of_the_code_works_on_the_default_course():
    # nbgrader looks for its source through this folder, which must be there before anything is.
    assert COURSE.is_dir()
    config = nbgrader_config_of(PROJECT / "grading")
    assert Path(config.CourseDirectory.root) == COURSE
    assert (COURSE / config.CourseDirectory.source_directory).resolve() == PROJECT / "notebooks"


def nbgrader_config_of(folder):
    return Course(folder).nbgrader_config()


def test_database_is_remembered_also_by_a_course_that_was_there_before(tmp_path):
    course, first, other = tmp_path / "course", "sqlite:////tmp/first.db", "sqlite:////tmp/b.db"
    Course(course).create()
    assert Course(course).db_url == f"sqlite:///{course / 'gradebook.db'}"
    Course(course, first).create()
    assert Course(course).db_url == first
    # Only what writes the gradebook remembers it; a look into another one does not.
    assert Course(course, other).db_url == other
    assert Course(course).db_url == first
    for _ in range(2):
        Course(course, other).create()
    assert Course(course).db_url == other
    assert (course / "nbgrader_config.py").read_text().count(other) == 1
    assert Course(course).nbgrader_config().CourseDirectory.db_url == other


def test_config_that_cannot_be_read_is_one_sentence(tmp_path):
    course = Course(tmp_path)
    (tmp_path / "nbgrader_config.py").write_text("c = get_config(")
    with pytest.raises(Refused, match=r"nbgrader_config\.py cannot be read .*SyntaxError"):
        course.nbgrader_config()


def test_folder_that_cannot_be_made_is_one_sentence(tmp_path):
    (tmp_path / "file").touch()
    with (
        pytest.raises(Refused, match=r"cannot be written .* name another course"),
        Course(tmp_path / "file" / "course").locked(),
    ):
        pass
