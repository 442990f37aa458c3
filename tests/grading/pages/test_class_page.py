"""The class report: what it says, what it escapes, and that it names nobody in class."""

from dataclasses import replace

import pytest

from grading.gradebook.people import Person
from grading.pages.class_page import write_report
from grading.pages.look_alikes import MIN_SHARED
from grading.pages.rendering import script_text
from tests.support.graded_course import (
    ASSIGNMENT,
    WRITTEN,
    Elements,
    add_gradebook,
    add_student,
    solved,
)
from tests.support.pages import EVIL, assert_harmless
from tests.support.programs import program

PEOPLE = {
    "amy": Person("amy", "Amélie", "Åström", "amelie@school.example", section="North"),
    "zoe": Person("zoe", "Zoë", "Nobody"),
}


@pytest.fixture
def course(tmp_path):
    add_student(tmp_path, "amy", {"softmax": "no shift"}, seconds=1.0)
    add_student(tmp_path, "bob", {"softmax": "no shift", "svm_loss_naive": "no margin"}, seconds=9)
    add_student(tmp_path, "cy", seconds=2.0, confined=False)
    add_student(tmp_path, "di", status="ungradable", reason=f"It is empty. {EVIL}")
    return tmp_path


def written(course, **options):
    return write_report(course, ASSIGNMENT, **options).read_text(encoding="utf-8")


def harmless(page):
    """Nothing runs but our own script, which stands once in the page."""
    assert page.count(script_text("table.js")) == 1
    assert_harmless(page.replace(f"<script>{script_text('table.js')}</script>", ""))


def test_report_says_what_an_instructor_asks(course):
    path = write_report(course, ASSIGNMENT)
    assert path == course / "reports" / f"{ASSIGNMENT}.html"
    text = Elements(path.read_text(encoding="utf-8")).text
    assert "3 graded" in text and "1 could not be graded" in text
    assert "1 of 3 were graded without a sandbox" in text
    assert "2 (67 %)" in text and "no shift" in text
    assert "Slowest: bob (9.0 s)" in text
    assert "It is empty. <script>" in text


def test_figures_have_text_that_says_the_same(course):
    elements = Elements(written(course)).elements
    pictures = [attributes for tag, attributes in elements if tag == "img"]
    assert len(pictures) == 2
    assert "3 scores from 17 to 20 of 24" in pictures[0]["alt"]
    assert "longest 9.0 s" in pictures[1]["alt"]
    assert all(p["src"].startswith("data:image/png;base64,iVBOR") for p in pictures)


def test_report_runs_nothing_of_others_and_fetches_nothing(tmp_path):
    entry = add_student(tmp_path, "amy", reason=EVIL)
    first, second, *others = entry.verdicts
    first = replace(first, passed=False, mistakes={EVIL: EVIL})
    second = replace(second, passed=False, mistakes={}, message=EVIL)
    add_student(tmp_path, "bob", notebook=False, verdicts=(first, second, *others))
    add_student(tmp_path, "cy", notebook=False, status="ungradable", reason=EVIL)
    page = written(tmp_path)
    harmless(page)
    assert Elements(page).text.count("<script>alert(1)</script>") == 4


def test_name_of_a_student_is_shown_as_it_is(tmp_path):
    names = ("<b onclick=x>'a\"", "{{ 7 * 7 }} &lt;", "\x1b[31m\u202e")
    for name in names:
        add_student(tmp_path, name, answers={"softmax-answer": program(1, lines=40)})
    add_student(tmp_path, "<i>&amp;", notebook=False, status="ungradable", reason="It is empty.")
    page = written(tmp_path)
    harmless(page)
    text = Elements(page).text
    assert "<i>&amp;" in text and "\x1b" not in page
    for name in names:
        shown = "as a row, the slowest, and in a group: its head, two pairs, and beside the others"
        assert text.count(name.replace("\x1b", "�")) == 6, shown


def test_entry_that_cannot_be_read_is_listed(course):
    (course / "ledger" / ASSIGNMENT / "ed.json").write_text("{half")
    (course / "ledger" / ASSIGNMENT / "flo.json").write_text('{"verdicts": [{"exercise": 1}]}')
    add_student(course, "gus", seconds=float("nan"))
    text = Elements(written(course)).text
    assert "3 graded" in text and "4 could not be graded" in text
    assert "ed.json is not an entry" in text


def test_class_without_a_graded_submission_has_a_report(tmp_path):
    add_student(tmp_path, "amy", notebook=False, status="ungradable", reason="It is empty.")
    assert "It is empty." in written(tmp_path)
    with pytest.raises(FileNotFoundError, match="run autograde first"):
        write_report(tmp_path, "02-loss-landscapes")


def test_look_alikes_are_groups_with_their_answers_side_by_side(tmp_path):
    for student in ("amy", "bob", "dan"):
        add_student(tmp_path, student, answers={"softmax-answer": program(1, lines=40)})
    add_student(tmp_path, "cy", answers={"softmax-answer": solved()["softmax-answer"]})
    page = written(tmp_path)
    text = " ".join(Elements(page).text.split())
    assert "Candidates only: read both before you say anything." in text
    assert "amy, bob, dan" in text and "cy, " not in text and MIN_SHARED > 1
    assert text.count("= def answer(a, b, c, d):") == 3
    assert page.count('<span class="same">= ') >= 3 * 30


def test_students_are_listed_with_links_and_the_page_is_readable_without_its_script(course):
    feedback = course / "feedback" / "amy" / ASSIGNMENT / f"{ASSIGNMENT}.html"
    feedback.parent.mkdir(parents=True)
    feedback.touch()
    page = written(course, people=PEOPLE)
    read = Elements(page)
    links = [about.get("href") for tag, about in read.elements if tag == "a"]
    place = f"../feedback/amy/{ASSIGNMENT}/{ASSIGNMENT}.html"
    assert place in links and f"{place}#at-softmax" in links
    assert "Åström, Amélie (amy)" in read.text and "nothing handed in" in read.text
    assert not [about for tag, about in read.elements if "hidden" in about or tag == "input"]
    table = (course / "reports" / f"{ASSIGNMENT}.csv").read_text(encoding="utf-8-sig")
    rows = {line.split(",")[0]: line for line in table.splitlines()}
    assert rows["amy"].startswith("amy,Åström,Amélie,amelie@school.example,North,graded,19,24,0,0,")
    assert "nothing handed in" in rows["zoe"] and "It is empty." in rows["di"]


def test_page_for_the_class_names_nobody(course):
    entry = add_student(course, "eva", notebook=False)
    said = "softmax raised ValueError: Amélie Åström and eva did this"
    wrong = tuple(
        replace(one, passed=False, message=said) if one.exercise == "softmax" else one
        for one in entry.verdicts
    )
    add_student(
        course, "eva", notebook=False, verdicts=wrong, answers={"softmax-answer": "# by amy"}
    )
    path = write_report(course, ASSIGNMENT, people=PEOPLE, nameless=True)
    page = path.read_text(encoding="utf-8")
    assert path.name == f"{ASSIGNMENT}-anonymous.html" and not list(path.parent.glob("*.csv"))
    assert_harmless(page)
    words = set(Elements(page).text.replace("(", " ").replace(",", " ").split())
    assert not words & {"amy", "bob", "cy", "di", "eva", "zoe", "Amélie", "Åström", "North"}
    assert "softmax raised ValueError: … … and … did this" in Elements(page).text
    assert "no shift" in page and "It is empty." not in page and "# by" not in page


def test_marks_by_hand_and_penalties_count_in_the_scores(tmp_path):
    add_student(tmp_path, "amy")
    grades = {"softmax": {"auto_score": 3.0}, WRITTEN: {"manual_score": 1.5}}
    add_gradebook(tmp_path, {"amy": {"grades": grades, "penalty": 2.0}})
    text = Elements(written(tmp_path)).text
    assert "2.5 of" in text and "marked by hand" in text
    assert "1 lost points for handing in late" in text
