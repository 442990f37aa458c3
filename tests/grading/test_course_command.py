"""``course`` checks the rules and shows them."""

from typer.testing import CliRunner

from grading.classroom.roster import Roster, write_roster
from grading.command_line import app
from grading.gradebook.people import Person
from grading.rules.course_file import FILE
from tests.support.graded_course import ASSIGNMENT

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


def test_rules_are_shown(tmp_path):
    (tmp_path / FILE).write_text(RULES + "extensions.amy = '2 days'")
    told = run("course", "--course", tmp_path)
    assert told.exit_code == 0
    assert told.stdout.splitlines() == [
        f"{ASSIGNMENT}: 22 points, due 2027-03-01 12:00 CET",
        "  late: -10 % a day, at most -100 %",
        "  amy: due 2027-03-03 12:00 CET",
        "  written-two-losses: not counted",
        "  softmax: full points to all",
    ]
    assert "nothing is ever late" in run("course", "--course", tmp_path / "other").stdout


def test_each_mistake_is_a_sentence_and_the_exit_code_is_1(tmp_path):
    (tmp_path / FILE).write_text(RULES + "grace = 5\nextensions.amyy = '2 days'\n")
    write_roster(tmp_path, Roster([Person("amy")]))
    told = run("course", "--course", tmp_path)
    first, second = told.stderr.splitlines()
    assert told.exit_code == 1 and not told.stdout
    assert "line 8" in first and "grace is 5" in first and first.endswith(".")
    assert "line 9" in second and "the roster has no student 'amyy', expected 'amy'" in second
    assert run("course", "99-nothing", "--course", tmp_path).exit_code == 1
