"""The report of the term: trends, who falls behind, what fails again."""

import pytest

from cs231n_utils.checking.verdict import Verdict
from grading.exercises import EXERCISES
from grading.gradebook.people import Person
from grading.ledger import GRADED, Entry, Ledger, Rubric
from grading.pages.rendering import script_text
from grading.pages.standing import read_class
from grading.pages.term_page import fails_again, terms, write_term_report
from tests.support.graded_course import Elements
from tests.support.pages import assert_harmless

TERM = ("00-start-here", "01-loss-functions", "02-loss-landscapes", "05-analytic-gradient")


def hand_in(course, student, assignment, passes, mistake=None):
    """An entry in which every exercise passes, or fails altogether."""
    verdicts = tuple(
        Verdict(
            one.id,
            passes,
            one.points if passes else 0.0,
            one.points,
            dict.fromkeys(one.parts, passes),
            dict(one.parts),
            mistakes={} if passes or mistake is None else {mistake: "Mend it."},
        )
        for one in EXERCISES.values()
        if one.assignment == assignment
    )
    rubric = Rubric("0" * 16, 10.0, True)
    Ledger(course).write(
        Entry(
            student, assignment, GRADED, "", verdicts, {}, {}, "0" * 64, rubric,
            "2026-11-21T08:00:00+00:00", 1.0,
        )
    )  # fmt: skip


@pytest.fixture
def course(tmp_path):
    for place, assignment in enumerate(TERM):
        for student in ("amy", "bob", "cy"):
            hand_in(tmp_path, student, assignment, True)
        hand_in(tmp_path, "di", assignment, place < 2, "no shift")
        if place < 2:
            hand_in(tmp_path, "eva", assignment, True)
    return tmp_path


def classes(course, **options):
    return [read_class(course, name, **options) for name in TERM]


def test_who_falls_or_hands_in_no_more_is_behind(course):
    people = {name: Person(name) for name in ("amy", "di", "zoe")}
    found = {one.row.person.id: one for one in terms(classes(course, people=people))}
    behind = {name: one.behind for name, one in found.items() if one.behind}
    assert list(found)[:3] == ["di", "eva", "zoe"] == list(behind)
    assert behind["eva"] == "nothing handed in for the last 2"
    assert behind["zoe"] == "nothing handed in at all"
    assert "points of a hundred lower" in behind["di"]
    assert found["di"].trend < -0.2 and found["amy"].trend == pytest.approx(0)
    assert found["eva"].trend is None and found["eva"].shares[2:] == [None, None]


def test_parts_and_mistakes_that_fail_in_several_assignments(course):
    found = {(one.kind, one.name): one for one in fails_again(classes(course))}
    again = found["part", "regularization"]
    assert again.students == ("di",)
    assert again.rates == {"02-loss-landscapes": 0.25, "05-analytic-gradient": 0.25}
    assert ("mistake", "no shift") in found and ("part", "kinks") not in found


def test_report_and_its_table_are_written(course):
    path = write_term_report(course)
    page = path.read_text(encoding="utf-8")
    assert_harmless(page.replace(f"<script>{script_text('table.js')}</script>", ""))
    text = Elements(page).text
    assert "2 of 5 fall behind" in text and "regularization" in text
    rows = path.with_suffix(".csv").read_text(encoding="utf-8-sig").splitlines()
    assert rows[0] == f"student,last_name,first_name,{','.join(TERM)},mean,trend,falls_behind"
    assert len(rows) == 6


def test_page_for_the_class_names_nobody(course):
    path = write_term_report(course, people={"di": Person("di", "Dina")}, nameless=True)
    page = path.read_text(encoding="utf-8")
    words = set(Elements(page).text.split())
    assert not words & {"amy", "bob", "cy", "di", "eva", "Dina"} and "script" not in page
    assert path.name == "term-anonymous.html" and not list(path.parent.glob("*.csv"))


def test_course_without_an_entry_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match="run autograde first"):
        write_term_report(tmp_path)
