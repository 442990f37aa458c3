"""nbgrader's `autograde` and our command: one body, the same ledger, gradebook and folders."""

import dataclasses
import getpass
import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbgrader import apps
from nbgrader.api import Gradebook

from grading import commands
from grading.classroom.course import Course
from grading.gradebook.database import COURSE_ID
from grading.handout.release import read_source, student_version
from grading.pages.feedback import write_feedback
from grading.rules.course_file import FILE
from tests.support import submissions as losses
from tests.support.small_class import ASSIGNMENT, CONFINED, options

RULES = f"""
[{ASSIGNMENT}]
due = 2026-03-04T00:00:00Z
penalty_per_day = 10
full_points = ["double_in_place"]
extra_credit = ["accuracy"]
extensions.di = "3 days"
"""


def nbgrader(course, *arguments, expected=0):
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments],
        cwd=course.root,
        env={**os.environ, "HOME": str(course.root)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == expected, done.stderr
    return done.stderr


def hand_in(course, student, text, moment):
    folder = course.submitted / student / ASSIGNMENT
    folder.mkdir(parents=True)
    (folder / f"{ASSIGNMENT}.ipynb").write_text(text, encoding="utf-8")
    (folder / "timestamp.txt").write_text(f"2026-03-{moment}")
    (folder / "submission_secret.txt").write_text(f"secret of {student}")


def grades(course):
    """All that the gradebook says of the assignment, by student."""
    with Gradebook(course.db_url, COURSE_ID) as gradebook:
        return {
            submission.student.id: (
                str(submission.timestamp),
                [notebook.late_submission_penalty for notebook in submission.notebooks],
                sorted(
                    (grade.cell.name, grade.auto_score, grade.needs_manual_grade, grade.max_score)
                    for notebook in submission.notebooks
                    for grade in notebook.grades
                ),
                sorted(
                    (comment.name, comment.auto_comment)
                    for notebook in submission.notebooks
                    for comment in notebook.comments
                ),
            )
            for submission in gradebook.assignment_submissions(ASSIGNMENT)
        }


def what_was_judged(course):
    """The ledger without times; verdicts are drawn anew, so of wrong answers the parts alone."""
    entries, damaged = course.ledger.entries(ASSIGNMENT)
    assert not damaged
    found = {}
    for entry in entries:
        data = dataclasses.asdict(entry)
        for name in ("graded_at", "seconds", "spent", "peak_mb"):
            del data[name]
        data["verdicts"] = [
            (verdict.exercise, verdict.parts, verdict.points) for verdict in entry.verdicts
        ]
        found[entry.student] = data
    return found


def sources(path):
    return [(cell.id, cell.source) for cell in nbformat.read(path, as_version=4).cells]


@pytest.mark.skipif(not CONFINED, reason="bubblewrap is not installed")
@pytest.mark.slow
def test_both_ways_give_the_same(tmp_path, capsys, solved, released):
    hand_ins = {
        "ada": (solved, "01 12:00:00.000000 UTC"),
        # nbgrader by itself takes +1800 for half an hour.
        "bo": (solved, "07 06:00 +1800"),
        "cy": (released, "01 13:00:00.000000 CET"),
        "di": ("{torn", "02 12:00:00"),
    }
    ways = {}
    for way in ("ours", "theirs"):
        course = Course(tmp_path / way)
        commands.release(course, ASSIGNMENT)
        with open(course.root / "nbgrader_config.py", "a") as config:
            config.write("\nc.GradedNotebook.timeout = 3.0\n")
        (course.root / FILE).write_text(RULES)
        for student, (text, moment) in hand_ins.items():
            hand_in(course, student, text, moment)
        ways[way] = course
    ours, theirs = ways.values()
    code = commands.autograde(ours, ours.submitted, options())
    assert code == commands.SOME_UNGRADABLE
    nbgrader(theirs, "autograde", ASSIGNMENT)
    assert what_was_judged(ours) == what_was_judged(theirs)
    assert ours.ledger.read(ASSIGNMENT, "di").status == "ungradable"
    assert ours.ledger.read(ASSIGNMENT, "ada").rubric.timeout == 3.0
    assert grades(ours) == grades(theirs)
    # Three of four points are possible without extra credit; bo is three days late.
    assert [penalty for _, (penalty,), *_ in grades(ours).values()] == [None, 0.9, None, None]
    untouched = dict((name, auto) for name, auto, *_ in grades(ours)["cy"][2])
    assert (untouched["double_in_place"], untouched["accuracy"]) == (1, 0)
    for student in hand_ins:
        mine, other = (course.autograded(ASSIGNMENT, student) for course in (ours, theirs))
        assert sources(mine) == sources(other)
        for name in ("timestamp.txt", "submission_secret.txt"):
            beside = course.submitted / student / ASSIGNMENT / name
            for graded in (mine, other):
                assert graded.with_name(name).read_bytes() == beside.read_bytes()
    # All answers right: no verdict depends on what was drawn, so files say the same.
    mine, other = (course.autograded(ASSIGNMENT, "ada") for course in (ours, theirs))
    assert nbformat.read(mine, as_version=4) == nbformat.read(other, as_version=4)


@pytest.mark.slow
def test_assignment_and_feedback_go_out_through_the_exchange(
    tmp_path, capsys, caplog, monkeypatch, solved
):
    student = getpass.getuser()
    exchange, at_home = tmp_path / "exchange", tmp_path / "home"
    for folder in (exchange, at_home):
        folder.mkdir()
    exchange.chmod(0o777)
    monkeypatch.setenv("HOME", str(at_home))
    said = f"\nc.Exchange.root = {str(exchange)!r}\n"
    course = Course(tmp_path / "course")
    commands.release(course, ASSIGNMENT)
    with open(course.root / "nbgrader_config.py", "a") as config:
        config.write(said)
    (at_home / "nbgrader_config.py").write_text(
        f"c = get_config()\nc.CourseDirectory.course_id = {COURSE_ID!r}{said}"
    )

    def do(app, folder, *arguments):
        """What a command of nbgrader's says, typed in a folder."""
        monkeypatch.chdir(folder)
        caplog.clear()
        command = app()
        command.initialize([*arguments])
        command.log.propagate = True
        with caplog.at_level("INFO", command.log.name):
            command.start()
        return caplog.text

    do(apps.ReleaseAssignmentApp, course.root, ASSIGNMENT)
    assert ASSIGNMENT in do(apps.ListApp, at_home)
    do(apps.FetchAssignmentApp, at_home, ASSIGNMENT)
    (at_home / ASSIGNMENT / f"{ASSIGNMENT}.ipynb").write_text(solved, encoding="utf-8")
    do(apps.SubmitApp, at_home, ASSIGNMENT)
    assert f"{student} {ASSIGNMENT}" in do(apps.ListApp, course.root, "--inbound")
    do(apps.CollectApp, course.root, ASSIGNMENT)

    assert commands.autograde(course, course.submitted, options()) == commands.OK
    (page,) = write_feedback(course.root, ASSIGNMENT)
    do(apps.ReleaseFeedbackApp, course.root, ASSIGNMENT)
    assert "feedback ready to be fetched" in do(apps.ListApp, at_home, "--cached")
    do(apps.FetchFeedbackApp, at_home, ASSIGNMENT)
    (fetched,) = (at_home / ASSIGNMENT / "feedback").rglob("*.html")
    assert fetched.read_bytes() == page.path.read_bytes()
    assert "feedback already fetched" in do(apps.ListApp, at_home, "--cached")


@pytest.mark.usefixtures("graders")
def test_ledger_is_json_that_a_person_can_read(tmp_path, course, capsys, solved):
    place = tmp_path / "in" / "ada"
    place.mkdir(parents=True)
    (place / f"{ASSIGNMENT}.ipynb").write_text(solved, encoding="utf-8")
    commands.autograde(course, tmp_path / "in", options())
    data = json.loads(course.ledger.path(ASSIGNMENT, "ada").read_text())
    assert data["student"] == "ada" and data["rubric"]["timeout"] == 10.0


@pytest.mark.slow
def test_stock_commands_release_grade_and_export(tmp_path):
    Course(tmp_path).create()
    environment = {**os.environ, "HOME": str(tmp_path)}
    nbgrader = Path(sys.executable).with_name("nbgrader")

    def run(*arguments):
        command = [str(nbgrader), *arguments]
        done = subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr

    released = commands.release(Course(tmp_path), losses.ASSIGNMENT) / f"{losses.ASSIGNMENT}.ipynb"
    assert nbformat.read(released, 4) == student_version(read_source(losses.ASSIGNMENT))
    folder = tmp_path / "submitted" / "ada" / losses.ASSIGNMENT
    folder.mkdir(parents=True)
    nbformat.write(losses.solved(), folder / f"{losses.ASSIGNMENT}.ipynb")
    run("autograde", losses.ASSIGNMENT)
    run("generate_feedback", losses.ASSIGNMENT)
    run("export")
    page = tmp_path / "feedback" / "ada" / losses.ASSIGNMENT / f"{losses.ASSIGNMENT}.html"
    assert "svm_loss_naive: 3 of 3 points" in page.read_text(encoding="utf-8")
    assert f",{sum(losses.FULL.values()):g}," in (tmp_path / "grades.csv").read_text().replace(
        ".0,", ","
    )
