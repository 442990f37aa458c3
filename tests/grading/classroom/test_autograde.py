"""A class from hand-in to gradebook: what is found, kept, recorded, and what survives a fault."""

import errno
import json
import shutil
import signal
import subprocess
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook
from sqlalchemy.exc import OperationalError

from cs231n_utils.system import files
from grading import commands
from grading.classroom import pool
from grading.classroom.autograde import Settled
from grading.classroom.course import Course
from grading.classroom.submissions import find_submissions
from grading.classroom.telling import line_of
from grading.commands import Options
from grading.exercises import EXERCISES
from grading.gradebook.database import COURSE_ID
from grading.gradebook.record import Recorder
from grading.handout import release
from grading.handout.release import PROJECT, read_source
from grading.rules.count import Score
from tests.support.graded_course import add_student
from tests.support.small_class import (
    ASSIGNMENT,
    CONFINED,
    POSSIBLE,
    TOTAL,
    WORKERS,
    command,
    grade_in,
    gradebook_scores,
    hand_in,
    judged,
    options,
    run,
)

pytestmark = pytest.mark.usefixtures("graders")


@pytest.mark.parametrize("graders", [WORKERS], indirect=True)
def test_class_is_graded_recorded_and_told_as_json(tmp_path, course, capsys, solved, released):
    folder = tmp_path / "handed-in"
    hand_in(folder, "ada", solved)
    hand_in(folder / "bo", ASSIGNMENT, solved)
    hand_in(folder, "cy", released)
    code, lines = run(course, folder, capsys)
    assert code == commands.OK
    assert {name: line["score"] for name, line in lines.items()} == gradebook_scores(course)
    assert [lines[name]["score"] for name in ("ada", "bo", "cy")] == [TOTAL, TOTAL, 0.0]
    assert sum(lines["ada"]["exercises"].values()) == TOTAL
    assert {line["max_score"] for line in lines.values()} == {POSSIBLE}
    graded = nbformat.read(course.autograded(ASSIGNMENT, "ada"), as_version=4)
    nbformat.validate(graded)


def test_what_cannot_be_graded_is_reported_and_the_rest_is_graded(tmp_path, course, capsys, solved):
    folder = tmp_path / "handed-in"
    hand_in(folder, "right", solved)
    hand_in(folder, "renamed", solved, "my-answers (1).ipynb")
    hand_in(folder, "torn", solved[:2000])
    for name in ("one.ipynb", "two.ipynb"):
        hand_in(folder, "several", solved, name)
    (folder / "empty").mkdir()
    (folder / "linked").mkdir()
    (folder / "linked" / f"{ASSIGNMENT}.ipynb").symlink_to("/etc/passwd")
    (folder / "folder" / f"{ASSIGNMENT}.ipynb").mkdir(parents=True)
    hand_in(folder, "other", solved, "01-loss-functions.ipynb")
    (folder / "stray.txt").write_text("not a student")
    code, lines = run(course, folder, capsys)
    assert code == commands.SOME_UNGRADABLE
    assert {name for name, line in lines.items() if line["status"] == "graded"} == {
        "right",
        "renamed",
    }
    said = {
        "torn": "is not a notebook",
        "several": "found one.ipynb, two.ipynb",
        "empty": "found none",
        "linked": "symbolic link",
        "folder": "is not a file",
    }
    for student, reason in said.items():
        assert reason in lines[student]["reason"]
    assert set(lines) == {"right", "renamed", *said}
    assert gradebook_scores(course)["torn"] == 0.0


@pytest.mark.slow
def test_only_the_students_named_are_graded_and_a_stranger_is_refused(
    tmp_path, course, capsys, solved
):
    for student in ("ada", "bo"):
        hand_in(tmp_path / "in", student, solved)
    _, lines = run(course, tmp_path / "in", capsys, students=("bo",))
    assert set(lines) == {"bo"}
    code, lines = run(course, tmp_path / "in", capsys, students=("nobody",))
    assert code == commands.REFUSED and not lines


def test_resume_grades_what_is_new_or_changed_only(tmp_path, course, capsys, solved, released):
    folder = tmp_path / "in"
    for student in ("ada", "bo", "cy"):
        hand_in(folder, student, solved)
    run(course, folder, capsys, students=("ada", "bo"))
    hand_in(folder, "bo", released)
    code, lines = run(course, folder, capsys, resume=True)
    assert code == commands.OK and set(judged(lines)) == {"bo", "cy"}
    # Those kept are told first; two that are graded at the same time, in the order they end.
    assert next(iter(lines)) == "ada" and set(lines) == {"ada", "bo", "cy"}
    assert gradebook_scores(course) == {"ada": TOTAL, "bo": 0.0, "cy": TOTAL}


def lose_the_gradebook(course):
    Path(course.db_url.removeprefix("sqlite:///")).unlink()


def lose_one_student(course):
    with Gradebook(course.db_url, COURSE_ID) as gradebook:
        gradebook.remove_student("bo")


def name_another_gradebook(course):
    course.db_url = f"sqlite:///{course.root / 'other.db'}"


def lose_everything_but_the_ledger(course):
    lose_the_gradebook(course)
    shutil.rmtree(course.root / "autograded")


@pytest.mark.parametrize(
    ("lose", "restored"),
    [
        (lose_the_gradebook, 3),
        (lose_one_student, 1),
        (name_another_gradebook, 3),
        (lose_everything_but_the_ledger, 3),
    ],
)
def test_resume_restores_what_the_gradebook_lost(
    tmp_path, course, capsys, solved, released, lose, restored
):
    for student, text in {"ada": solved, "bo": solved, "cy": released}.items():
        hand_in(tmp_path / "in", student, text)
    run(course, tmp_path / "in", capsys)
    before = gradebook_scores(course)
    lose(course)
    assert commands.autograde(course, tmp_path / "in", options(resume=True)) == commands.OK
    said = capsys.readouterr()
    assert (
        said.out.count('"kept": true') == 3 and f"{restored} of those kept were missing" in said.err
    )
    assert gradebook_scores(course) == before == {"ada": TOTAL, "bo": TOTAL, "cy": 0.0}
    commands.autograde(course, tmp_path / "in", options(resume=True))
    assert "missing" not in capsys.readouterr().err


def test_resume_judges_again_what_another_rubric_judged(
    tmp_path, course, capsys, solved, monkeypatch, sandbox
):
    for student in ("ada", "bo"):
        hand_in(tmp_path / "in", student, solved)
    run(course, tmp_path / "in", capsys)
    exercise = EXERCISES["accuracy"]
    part = next(iter(exercise.parts))
    raised = {**exercise.parts, part: exercise.parts[part] + 2}
    notebook = read_source(ASSIGNMENT)
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "accuracy":
            cell.metadata.nbgrader.points = sum(raised.values())
    changed = tmp_path / "notebooks"
    shutil.copytree(release.NOTEBOOKS / ASSIGNMENT, changed / ASSIGNMENT)
    nbformat.write(notebook, changed / ASSIGNMENT / f"{ASSIGNMENT}.ipynb")
    with monkeypatch.context() as patched:
        # Worker processes would not know of the raised points.
        patched.setattr(pool, "grade_all", grade_in(sandbox))
        patched.setattr(exercise, "parts", raised)
        code = commands.autograde(course, tmp_path / "in", options(resume=True))
        assert code == commands.REFUSED
        assert "accuracy has" in capsys.readouterr().err
        patched.setattr(release, "NOTEBOOKS", changed)
        _, lines = run(course, tmp_path / "in", capsys, resume=True, students=("ada",))
        assert lines["ada"]["score"] == lines["ada"]["max_score"] - 1 == TOTAL + 2
        commands.autograde(course, tmp_path / "in", options(resume=True))
        said = capsys.readouterr()
        assert "1 were judged again" in said.err and '"student": "bo"' in said.out
        assert gradebook_scores(course) == {"ada": TOTAL + 2, "bo": TOTAL + 2}
    _, lines = run(course, tmp_path / "in", capsys, resume=True)
    assert set(judged(lines)) == {"ada", "bo"}
    assert gradebook_scores(course) == {"ada": TOTAL, "bo": TOTAL}


def test_second_grader_of_a_course_is_refused(tmp_path, course, capsys, solved):
    hand_in(tmp_path / "in", "ada", solved)
    with course.locked():
        code = commands.autograde(Course(course.root), tmp_path / "in", options())
    assert code == commands.REFUSED
    assert f"another grader works in {course.root}" in capsys.readouterr().err


def test_unknown_assignment_and_missing_folder_are_refused(tmp_path, course, capsys):
    (tmp_path / "in").mkdir()
    assert commands.autograde(course, tmp_path / "nowhere", options()) == commands.REFUSED
    assert commands.autograde(course, tmp_path / "in", options()) == commands.REFUSED
    unknown = Options(assignment="99-nothing", confined=CONFINED)
    assert commands.autograde(course, tmp_path / "in", unknown) == commands.REFUSED
    assert "expected one of 00-start-here" in capsys.readouterr().out.replace("\n", " ")


@pytest.mark.slow
def test_killed_grader_loses_and_doubles_nothing(tmp_path, course, solved):
    folder = tmp_path / "in"
    students = [f"s{i}" for i in range(8)]
    for student in students:
        hand_in(folder, student, solved)
    grader = subprocess.Popen(
        command(course, folder, "--jobs", "1"), cwd=PROJECT, stdout=subprocess.PIPE, text=True
    )
    first = [json.loads(grader.stdout.readline()) for _ in range(3)]
    grader.send_signal(signal.SIGKILL)
    grader.wait()
    done = subprocess.run(
        command(course, folder, "--resume"), cwd=PROJECT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    rest = [json.loads(line) for line in done.stdout.splitlines()]
    again = {line["student"] for line in rest if not line["kept"]}
    assert len(again) < len(students) and not again & {line["student"] for line in first}
    assert {line["student"] for line in rest} == set(students)
    assert gradebook_scores(course) == dict.fromkeys(students, TOTAL)
    assert course.ledger.students(ASSIGNMENT) == students


def test_full_disk_stops_the_run_with_a_sentence_and_leaves_nothing_torn(
    tmp_path, course, capsys, solved, monkeypatch
):
    for student in ("ada", "bo"):
        hand_in(tmp_path / "in", student, solved)

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    code, lines = run(course, tmp_path / "in", capsys)
    assert code == commands.REFUSED and not lines
    assert not [path for path in course.root.rglob("*.json*") if path.is_file()]
    monkeypatch.undo()
    code, lines = run(course, tmp_path / "in", capsys, resume=True)
    assert code == commands.OK and set(lines) == {"ada", "bo"}


def test_database_that_dies_costs_no_result(tmp_path, course, capsys, solved, monkeypatch):
    for student in ("ada", "bo"):
        hand_in(tmp_path / "in", student, solved)

    def dead(*_):
        raise OperationalError("insert", {}, Exception("server closed the connection"))

    with monkeypatch.context() as patched:
        patched.setattr(Recorder, "record", dead)
        code, _ = run(course, tmp_path / "in", capsys)
    assert code == commands.SOME_UNGRADABLE
    assert course.ledger.students(ASSIGNMENT) == ["ada", "bo"]
    code, lines = run(course, tmp_path / "in", capsys, resume=True)
    assert code == commands.OK and not judged(lines)
    assert gradebook_scores(course) == {"ada": TOTAL, "bo": TOTAL}


def test_what_is_said_of_a_submission_cannot_command_the_terminal(tmp_path):
    for name in ("x\x1b]0;pwn\x07.ipynb", "y\u202e.ipynb"):
        hand_in(tmp_path, "ada", "{}", name)
    (task,) = find_submissions(tmp_path, ASSIGNMENT)
    assert task.problem.isprintable() and "found x?]0;pwn?.ipynb, y?.ipynb" in task.problem
    entry = add_student(tmp_path, "ada", notebook=False, reason="a\x1b[2Jb\nc")
    settled = Settled(entry, Score({}))
    line = line_of(settled, {"cells": []})
    assert line.isprintable() and "b c" in line


def test_results_made_without_a_sandbox_say_so(tmp_path, course, capsys, solved):
    hand_in(tmp_path / "in", "ada", solved)
    open_house = Options(assignment=ASSIGNMENT, jobs=1, confined=False, as_json=True)
    commands.autograde(course, tmp_path / "in", open_house)
    assert "Without a sandbox" in capsys.readouterr().err
    assert not course.ledger.read(ASSIGNMENT, "ada").rubric.confined


def test_without_bubblewrap_grading_is_refused_with_the_way_to_install_it(
    tmp_path, course, capsys, solved, monkeypatch
):
    hand_in(tmp_path / "in", "ada", solved)
    monkeypatch.setenv("PATH", "/nonexistent")
    code = commands.autograde(course, tmp_path / "in", Options(assignment=ASSIGNMENT))
    assert code == commands.REFUSED
    assert "apt install bubblewrap" in capsys.readouterr().out.replace("\n", " ")
