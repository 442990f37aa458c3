"""``regrade`` shows what rules and rubrics change, then does it."""

import dataclasses

import pytest
from nbgrader.api import Gradebook
from typer.testing import CliRunner

from grading import regrade_command
from grading.classroom import pool
from grading.classroom.autograde import settings_for
from grading.classroom.course import Course
from grading.classroom.preparing import Options
from grading.command_line import app
from grading.gradebook.database import COURSE_ID
from grading.gradebook.grades import read_recorded
from grading.rules.course_file import FILE
from grading.submission.grade import Graded, rebuilt
from tests.support.graded_course import ASSIGNMENT, add_student

RULES = f"""
timezone = "Europe/Berlin"
penalty_per_day = 10
[{ASSIGNMENT}]
due = 2027-03-01T12:00:00
dropped = ["written-two-losses"]
full_points = ["softmax"]
"""


def run(*arguments):
    return CliRunner().invoke(app, list(map(str, arguments)))


@pytest.mark.parametrize("command", ["autograde", "regrade"])
def test_nothing_is_graded_by_mistaken_rules(tmp_path, command):
    (tmp_path / FILE).write_text("[nothing]")
    told = run(command, ASSIGNMENT, "--course", tmp_path)
    assert told.exit_code == 2
    assert f"{FILE}, line 1: there is no assignment" in told.stdout.replace("\n", "")


@pytest.fixture
def graded(tmp_path):
    """A course with two entries that today's rubric judged, and two days late hand-ins."""
    course = Course(tmp_path / "course")
    rubric = settings_for(ASSIGNMENT).rubric
    for name in ("amy", "bo"):
        add_student(course.root, name, {"softmax": "no shift"}, rubric=rubric)
        folder = course.submitted / name / ASSIGNMENT
        folder.mkdir(parents=True)
        (folder / f"{ASSIGNMENT}.ipynb").write_text("{}")
        (folder / "timestamp.txt").write_text("2027-03-03 10:00:00 UTC")
    return course


def scores(course):
    return {
        name: round(one.score.points, 6)
        for name, one in read_recorded(course.db_url, ASSIGNMENT).items()
    }


@pytest.mark.slow
def test_regrade_shows_old_against_new_and_then_records_it(graded):
    def regrade(*arguments):
        told = run("regrade", ASSIGNMENT, "--course", graded.root, *arguments)
        assert told.exit_code == 0, told.stdout
        return told.stdout

    assert "the gradebook had no score" in regrade("--dry-run") and scores(graded) == {}
    assert "2 of 2 change." in regrade()
    assert scores(graded) == {"amy": 19, "bo": 19}
    assert "0 of 2 change." in regrade()
    (graded.root / FILE).write_text(RULES)
    told = regrade("--dry-run")
    assert "19 of 24 -> 15.6 of 22" in told and "softmax: full points to all" in told
    assert "nothing is written: --dry-run" in told and scores(graded) == {"amy": 19, "bo": 19}
    assert "2 of 2 change." in regrade()
    assert scores(graded) == {"amy": 15.6, "bo": 15.6}
    (graded.root / FILE).write_text(RULES + "extensions.bo = '2 days'")
    told = run("export", graded.root / "out.csv", "--course", graded.root)
    assert f"{ASSIGNMENT}: 1 score is older" in told.stderr and "regrade" in told.stderr
    assert "extension to 2027-03-03 12:00 CET: no penalty" in regrade("--student", "bo")
    assert scores(graded) == {"amy": 15.6, "bo": 20}
    with Gradebook(graded.db_url, COURSE_ID) as gradebook:
        assert gradebook.find_submission(ASSIGNMENT, "bo").total_seconds_late == 0
    told = run("export", graded.root / "out.csv", "--course", graded.root)
    assert not told.stderr
    rows = (graded.root / "out.csv").read_text(encoding="utf-8-sig").splitlines()
    why = "4.4 points off for handing in late (2 days late: -20 %); softmax: full points to all"
    assert why in rows[1] and ",15.6,22," in rows[1] and "late" not in rows[2]
    assert run("report", ASSIGNMENT, "--course", graded.root).exit_code == 0
    assert why in (graded.root / "reports" / f"{ASSIGNMENT}.html").read_text(encoding="utf-8")
    assert run("feedback", ASSIGNMENT, "--course", graded.root).exit_code == 0
    (page,) = (graded.root / "feedback" / "amy").rglob("*.html")
    assert "<b>15.6 of 22</b> points" in page.read_text(encoding="utf-8")


def test_what_another_rubric_judged_is_judged_again(graded, monkeypatch, capsys):
    settings = settings_for(ASSIGNMENT)
    old = dataclasses.replace(settings.rubric, exercises="old")
    for name in ("amy", "bo", "cy"):
        entry = add_student(graded.root, name, {"softmax": "no shift"}, notebook=False, rubric=old)
    right = add_student(graded.root / "other", "amy", rubric=settings.rubric)

    def grade_all(tasks, settings, jobs):
        for task in tasks:
            entry = dataclasses.replace(right, student=task.student)
            yield Graded(entry, rebuilt(settings.released, entry))

    monkeypatch.setattr(pool, "warm_up", lambda: None)
    monkeypatch.setattr(pool, "grade_all", grade_all)
    options = Options(ASSIGNMENT, confined=False)
    settled = dataclasses.replace(settings.rubric, confined=False)
    right = dataclasses.replace(right, rubric=settled)
    code = regrade_command.regrade(graded, graded.submitted, options, dry_run=True)
    assert graded.ledger.read(ASSIGNMENT, "amy") == dataclasses.replace(entry, student="amy")
    code = regrade_command.regrade(graded, graded.submitted, options, dry_run=False)
    told = capsys.readouterr().out
    assert told.count("the rubric changed") == 4
    assert code == regrade_command.SOME_LEFT, "nobody has what cy handed in"
    assert "Judged by an older rubric" in told and ": cy." in told
    assert scores(graded) == {"amy": 20, "bo": 20, "cy": 19}
    assert graded.ledger.read(ASSIGNMENT, "amy").rubric == settled


def test_class_without_entries_and_a_damaged_entry_are_told(graded):
    told = run("regrade", "00-start-here", "--course", graded.root)
    assert told.exit_code == 2 and "run autograde first" in told.stdout.replace("\n", " ")
    graded.ledger.path(ASSIGNMENT, "cy").write_text("{half")
    told = run("regrade", ASSIGNMENT, "--course", graded.root, "--dry-run")
    assert told.exit_code == 1 and "cy.json is not an entry" in told.stdout.replace("\n", " ")
