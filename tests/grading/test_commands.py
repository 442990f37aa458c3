"""``python -m grading``: who gets a command wrong reads one sentence."""

import json
import os
import shutil
import subprocess
import sys
import zipfile

import pytest
from nbgrader.api import Gradebook
from rich.console import Console
from typer.testing import CliRunner

from grading import commands, status_command
from grading.classroom.hand_in import RECORD, HandIn
from grading.command_line import PIPE_CLOSED, app
from grading.commands import Options
from grading.gradebook.database import COURSE_ID
from grading.handout.release import PROJECT
from grading.handout.site import Site
from grading.printing import Terminal
from tests.support.graded_course import ASSIGNMENT, add_gradebook, add_student


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (["solve", "nope", "solved.ipynb"], "no assignment 'nope'"),
        (["solve", "00-start-here", "file/solved.ipynb"], "file"),
        (["bundle", "file/bundle.zip"], "file"),
        (["release", "nope", "--course", "course"], "no assignment 'nope'"),
        (["release", "00-start-here", "--course", "file/course"], "file"),
        (["autograde", "00-start-here", "--submissions", ".", "--out", "file/course"], "--course"),
        (["collect", "nope", ".", "--course", "course"], "no assignment 'nope'"),
        (["collect", "00-start-here", ".", "--course", "course", "--roster", "none"], "none"),
        (["collect", "00-start-here", ".", "--course", "course", "--roster", "file"], "UTF-8"),
        (["collect", "00-start-here", ".", "--course", "x", "--worksheet", "file"], "a roster"),
        (["roster", "--course", "course"], "roster.csv does not exist"),
        (["roster", "file", "--course", "course"], "UTF-8"),
        (["forget", "amy", "--yes", "--course", "file/course"], "--course"),
        (["backup", "out.zip", "--course", "course"], "does not exist"),
        (["export", "grades.csv", "--db", "nonsense"], "correct the URL"),
        (["export", "grades.csv", "--db", "postgresql+psycopg://ann@localhost:1/x"], "server"),
    ],
)
def test_wrong_command_is_answered_in_one_sentence_and_leaves_nothing(
    command, says, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_bytes(b"\xff\xfe\xfd")
    told = CliRunner().invoke(app, command)
    assert told.exit_code in (1, 2)
    assert told.exception is None or isinstance(told.exception, SystemExit)
    (sentence,) = (told.stdout + told.stderr).splitlines()
    assert says in sentence and sentence.endswith(".")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("system", ["win32", "darwin"])
@pytest.mark.parametrize(
    "command",
    [
        ["autograde", "00-start-here"],
        ["grade", "00-start-here", "."],
        ["doctor"],
        ["demo"],
        ["probe"],
        ["regrade", "00-start-here"],
    ],
    ids=" ".join,
)
def test_what_needs_linux_says_so_elsewhere(command, system, monkeypatch):
    monkeypatch.setattr("sys.platform", system)
    told = CliRunner().invoke(app, command)
    assert told.exit_code == 2
    (sentence,) = told.stderr.splitlines()
    assert f"on Linux, this is {system}: use a container" in sentence


def test_shell_completes_commands():
    variables = {
        "_GRADING_COMPLETE": "complete_bash",
        "COMP_WORDS": "grading coll",
        "COMP_CWORD": "1",
    }
    done = subprocess.run(
        [sys.executable, "-m", "grading"],
        env={**os.environ, **variables},
        cwd=PROJECT,
        capture_output=True,
        text=True,
    )
    assert done.stdout.split() == ["collect"]


def run(*arguments, **how):
    return CliRunner().invoke(app, list(map(str, arguments)), **how)


@pytest.fixture
def exported(tmp_path):
    """A gradebook as Canvas exports it."""
    path = tmp_path / "canvas.csv"
    path.write_text(
        "Student,ID,SIS User ID,SIS Login ID,Section,Losses (4711)\n    Points Possible,,,,,24\n"
        '"Lee, Zoë",11,S11,zoe,Mon,\n"Kim, Bo",12,S12,bo,Mon,\n',
        encoding="utf-8-sig",
    )
    return path


def test_roster_gives_names_to_the_gradebook_that_the_formgrader_shows(tmp_path, exported):
    course = tmp_path / "course"
    told = run("roster", exported, "--course", course)
    assert told.exit_code == 0 and "2 people" in told.stdout
    by_hand = (course / "roster.csv").read_text(encoding="utf-8").replace("Bo", "Bobby")
    (course / "roster.csv").write_text(by_hand, encoding="utf-8")
    assert run("roster", "--course", course).exit_code == 0
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}", COURSE_ID) as gradebook:
        names = {
            one["id"]: (one["first_name"], one["last_name"]) for one in gradebook.student_dicts()
        }
    assert names == {"zoe": ("Zoë", "Lee"), "bo": ("Bobby", "Kim")}


def test_broken_roster_stops_grading_in_one_sentence(tmp_path, course, capsys):
    course.create()
    (course.root / "roster.csv").write_text("Name,Points\nx,1\n")
    (tmp_path / "in" / "ada").mkdir(parents=True)
    options = Options("00-start-here", scheduler="none")
    assert commands.autograde(course, tmp_path / "in", options) == commands.REFUSED
    assert "expected the columns of a roster" in capsys.readouterr().out


def test_from_a_zip_of_canvas_to_its_gradebook_and_pages(tmp_path, exported):
    course = tmp_path / "course"
    add_gradebook(course, {name: {"grades": {}} for name in ("zoe", "cy")})
    add_student(course, "zoe")
    run("roster", exported, "--course", course)
    with zipfile.ZipFile(tmp_path / "in.zip", "w") as archive:
        archive.writestr(f"leezoë_11_5_{ASSIGNMENT}.ipynb", "{}")
        archive.writestr(f"zedcy_13_6_{ASSIGNMENT}.ipynb", "{}")
    told = run("collect", ASSIGNMENT, tmp_path / "in.zip", "--course", course)
    assert told.exit_code == 1 and "unknown student: zedcy" in told.stdout
    assert (course / "submitted" / "zoe").is_dir() and "nothing from bo" in told.stdout

    told = run("export", tmp_path / "out.csv", "--layout", "canvas", "--fill", exported,
               "--column", "Losses", "--course", course)  # fmt: skip
    assert told.exit_code == 1 and "left out: cy: " in told.stderr
    assert '"Lee, Zoë",11,S11,zoe,Mon,0' in (tmp_path / "out.csv").read_text(encoding="utf-8")

    told = run("feedback", ASSIGNMENT, "--layout", "canvas", "--course", course)
    with zipfile.ZipFile(course / "feedback" / f"{ASSIGNMENT}-canvas.zip") as pages:
        (name,) = pages.namelist()
        assert name == f"leezoë_11_5_{ASSIGNMENT}.html" and b"<html" in pages.read(name)
    assert told.exit_code == 0 and f"{ASSIGNMENT}-canvas.zip" in told.stdout
    shutil.rmtree(course / "submitted")
    told = run("feedback", ASSIGNMENT, "--layout", "canvas", "--json", "--course", course)
    assert told.exit_code == 1 and "left out: zoe" in told.stderr
    assert [json.loads(line)["student"] for line in told.stdout.splitlines()] == ["zoe"]


def test_nobody_is_forgotten_without_a_question(tmp_path):
    course = tmp_path / "course"
    add_student(course, "amy")
    told = run("forget", "amy", "--course", course, input="n\n")
    assert told.exit_code == 1 and "Delete all" in told.stdout
    assert list((course / "ledger").rglob("amy.json"))
    (course / "course.toml").write_text(
        f"[{ASSIGNMENT}]\ndue = 2027-03-01T12:00:00Z\nextensions.amy = '2 days'\n"
    )
    told = run("forget", "amy", "--course", course, input="y\n")
    assert told.exit_code == 0 and "course.toml still names amy" in told.stdout
    assert not list((course / "ledger").rglob("amy.json"))


def test_backup_says_which_gradebook_it_does_not_hold(tmp_path, exported):
    course = tmp_path / "course"
    run("roster", exported, "--course", course)
    assert not run("backup", tmp_path / "all.zip", "--course", course).stderr
    with open(course / "nbgrader_config.py", "a") as config:
        config.write("c.CourseDirectory.db_url = 'postgresql+psycopg://ann:secret@db/x'\n")
    told = run("backup", tmp_path / "files.zip", "--course", course)
    assert told.exit_code == 0 and "ann:***@db/x is not in the zip" in told.stderr


def test_whoever_leaves_the_roster_is_named(tmp_path, exported):
    run("roster", exported, "--course", tmp_path / "course")
    exported.write_text('Student,ID,SIS Login ID\n"Lee, Zoë",11,zoe\n', encoding="utf-8")
    told = run("roster", exported, "--course", tmp_path / "course")
    assert told.exit_code == 0 and "not on it any more: bo\n" in told.stdout


def test_closed_pipe_is_not_what_a_command_found(tmp_path, monkeypatch):
    class Closed:
        def write(self, _):
            raise BrokenPipeError

        def flush(self):
            raise BrokenPipeError

    monkeypatch.setattr(Console, "on_broken_pipe", lambda _: pytest.fail("rich ends with 1"))
    with pytest.raises(BrokenPipeError):
        Terminal(file=Closed()).print("one line")

    def tell(*_):
        raise BrokenPipeError

    monkeypatch.setattr(status_command, "status", tell)
    monkeypatch.setattr(commands, "autograde", tell)
    for command in (["status"], ["autograde", ASSIGNMENT]):
        assert run(*command, "--course", tmp_path).exit_code == PIPE_CLOSED


@pytest.mark.slow
def test_report_is_of_an_assignment_of_the_term_and_for_the_class(tmp_path):
    add_student(tmp_path, "amy", notebook=False)
    said = HandIn("canvas", "amy_late_1_2_hw.ipynb", "amy", "1", "2", late=True)
    place = tmp_path / "submitted" / "amy" / ASSIGNMENT / RECORD
    place.parent.mkdir(parents=True)
    place.write_text(said.as_text(), encoding="utf-8")
    (tmp_path / "roster.csv").write_text("id,first_name\namy,Amélie\nzoe,Zoë\n", encoding="utf-8")
    for arguments in ([ASSIGNMENT], [ASSIGNMENT, "--anonymous"], [], ["--anonymous"]):
        assert run("report", *arguments, "--course", tmp_path).exit_code == 0
    reports = tmp_path / "reports"
    table = (reports / f"{ASSIGNMENT}.csv").read_text(encoding="utf-8-sig")
    assert 'amy,,Amélie,,,"graded, late",' in table and "zoe,,Zoë,,,nothing handed in" in table
    assert "Zoë" in (reports / "term.html").read_text(encoding="utf-8")
    for name in (f"{ASSIGNMENT}-anonymous.html", "term-anonymous.html"):
        assert "Amélie" not in (reports / name).read_text(encoding="utf-8")


def test_marking_needs_a_gradebook_and_makes_none(tmp_path):
    add_student(tmp_path, "amy", notebook=False)
    told = run("mark", ASSIGNMENT, "--course", tmp_path, "--headless")
    assert told.exit_code == 1 and "no gradebook: run autograde first" in told.stderr
    assert not (tmp_path / "gradebook.db").exists()


def test_site_says_what_it_lacks(monkeypatch, tmp_path):
    built = Site(tmp_path / "lab" / "index.html", ["matplotlib", "pillow"])
    monkeypatch.setattr("grading.handout.site.build_site", lambda target, pyodide: built)
    told = run("site", tmp_path, "--pyodide", "folder")
    assert told.exit_code == 0
    assert "the site lacks matplotlib, pillow, which folder does not have" in told.stdout
    assert str(built.page) in told.stdout
