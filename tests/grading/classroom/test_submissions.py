"""What is found in the folders that a class hands in."""

import errno
import os
from pathlib import Path

from grading.classroom.submissions import find_submissions
from tests.support.small_class import ASSIGNMENT, hand_in


def test_hidden_folders_and_files_are_no_students(tmp_path):
    (tmp_path / ".git").mkdir()
    (tmp_path / "notes.txt").touch()
    assert find_submissions(tmp_path, ASSIGNMENT) == []


def test_hidden_folder_with_the_assignment_is_reported(tmp_path):
    hand_in(tmp_path, ".x", "{}")
    hand_in(tmp_path / "..y", ASSIGNMENT, "{}")
    hand_in(tmp_path, ".git", "{}", "other.ipynb")
    hand_in(tmp_path / ".collect-1", "stage", "{}")
    tasks = find_submissions(tmp_path, ASSIGNMENT)
    assert [task.student for task in tasks] == ["..y", ".x"]
    assert all("hidden" in task.problem and not task.path for task in tasks)


def test_folder_that_cannot_be_read_stops_nobody(tmp_path, monkeypatch):
    hand_in(tmp_path, "ada", "{}")
    hand_in(tmp_path, "bo", "{}")
    intact = Path.exists

    def exists(path):
        if "ada" in path.parts:
            raise PermissionError(errno.EACCES, "Permission denied")
        return intact(path)

    monkeypatch.setattr(Path, "exists", exists)
    ada, bo = find_submissions(tmp_path, ASSIGNMENT)
    assert "Permission denied" in ada.problem and bo.path and not bo.problem


def test_hostile_names_of_folders_stay_apart_and_can_be_printed(tmp_path):
    names = [b"ada", b"ada\xff", rb"ada\udcff", b"ada?", b"ada\x07", b"ada\x1b", b"ada\n"]
    names += [b"a" * 250, b"a" * 249 + b"b", "\u202eada".encode()]
    names += [b"ada\xfe", b"x\ny", b"x\ty"]
    for name in names:
        hand_in(tmp_path, os.fsdecode(name), "{}")
    # One who knows how a name is marked.
    for student in [task.student for task in find_submissions(tmp_path, ASSIGNMENT)]:
        hand_in(tmp_path, student, "{}")
    tasks = find_submissions(tmp_path, ASSIGNMENT)
    students = {task.student for task in tasks}
    assert len(students) == len(tasks) == 23
    assert {"ada", "ada?", r"ada\udcff"} <= students
    assert all(student.isprintable() and len(student.encode()) <= 200 for student in students)
