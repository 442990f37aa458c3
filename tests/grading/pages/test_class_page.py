"""The class report: what it counts, what it says, what it escapes."""

from dataclasses import replace

import pytest

from grading.exercises import EXERCISES
from grading.pages.class_page import mistakes, other_reasons, part_rates, read_class, write_report
from grading.pages.look_alikes import MIN_SHARED
from tests.support.graded_course import ASSIGNMENT, IDS, Elements, add_student, solved
from tests.support.pages import EVIL, assert_harmless
from tests.support.programs import program


@pytest.fixture
def course(tmp_path):
    add_student(tmp_path, "amy", {"softmax": "no shift"}, seconds=1.0)
    add_student(tmp_path, "bob", {"softmax": "no shift", "svm_loss_naive": "no margin"}, seconds=9)
    add_student(tmp_path, "cy", seconds=2.0, confined=False)
    add_student(tmp_path, "di", status="ungradable", reason=f"It is empty. {EVIL}")
    return tmp_path


def test_rates_and_mistakes_are_counted(course):
    everybody = read_class(course, ASSIGNMENT)
    rates = {(name, part): rate for name, part, rate in part_rates(everybody)}
    assert rates["softmax", "stable"] == pytest.approx(1 / 3)
    assert rates["softmax", "value"] == 1 and rates["svm_loss_naive", "regularization"] == 1
    assert rates["svm_loss_naive", "data loss"] == pytest.approx(2 / 3)
    assert len(rates) == sum(len(EXERCISES[name].parts) for name in IDS)
    counts = [(count, name, mistake) for count, name, mistake, _ in mistakes(everybody)]
    assert counts == [(2, "softmax", "no shift"), (1, "svm_loss_naive", "no margin")]


def test_exercise_without_a_verdict_counts_as_not_passed(tmp_path):
    add_student(tmp_path, "amy")
    add_student(tmp_path, "bob", unjudged=("softmax",))
    rates = {(n, part): rate for n, part, rate in part_rates(read_class(tmp_path, ASSIGNMENT))}
    assert rates["softmax", "value"] == 0.5


def test_failures_that_differ_in_numbers_only_are_one(tmp_path):
    for student, number in (("amy", "1.5"), ("bob", "-2e-3")):
        entry = add_student(tmp_path, student, {"softmax": "no shift"}, notebook=False)
        said = f"softmax returned {number}, expected {number} [called with x={number}]"
        verdicts = tuple(
            replace(verdict, mistake=None, hint=None, message=said)
            if verdict.exercise == "softmax"
            else verdict
            for verdict in entry.verdicts
        )
        add_student(tmp_path, student, notebook=False, verdicts=verdicts)
    ((count, name, example),) = other_reasons(read_class(tmp_path, ASSIGNMENT))
    assert (count, name) == (2, "softmax") and example.startswith("softmax returned 1.5")


def test_report_says_what_an_instructor_asks(course):
    path = write_report(course, ASSIGNMENT)
    assert path == course / "reports" / f"{ASSIGNMENT}.html"
    text = Elements(path.read_text(encoding="utf-8")).text
    assert "3 graded, 1 could not be graded" in text
    assert "1 of 3 were graded without a sandbox" in text
    assert "2 (67 %)" in text and "no shift" in text
    assert "Slowest: bob (9.0 s)" in text
    assert "It is empty. <script>" in text


def test_figures_have_text_that_says_the_same(course):
    page = write_report(course, ASSIGNMENT).read_text(encoding="utf-8")
    pictures = [attributes for tag, attributes in Elements(page).elements if tag == "img"]
    assert len(pictures) == 3
    assert "3 scores from 17 to 20 of 24" in pictures[0]["alt"]
    assert "softmax, stable: 33 %" in pictures[1]["alt"]
    assert "longest 9.0 s" in pictures[2]["alt"]
    assert all(p["src"].startswith("data:image/png;base64,iVBOR") for p in pictures)


def test_report_runs_nothing_and_fetches_nothing(tmp_path):
    entry = add_student(tmp_path, "amy", reason=EVIL)
    first, second, *others = entry.verdicts
    first = replace(first, passed=False, mistake=EVIL, hint=EVIL)
    second = replace(second, passed=False, mistake=None, message=EVIL)
    add_student(tmp_path, "bob", notebook=False, verdicts=(first, second, *others))
    add_student(tmp_path, "cy", notebook=False, status="ungradable", reason=EVIL)
    page = write_report(tmp_path, ASSIGNMENT).read_text(encoding="utf-8")
    assert_harmless(page)
    assert Elements(page).text.count("<script>alert(1)</script>") == 4


def test_name_of_a_student_is_shown_as_it_is(tmp_path):
    names = ("<b onclick=x>'a\"", "{{ 7 * 7 }} &lt;", "\x1b[31m\u202e")
    for name in names:
        add_student(tmp_path, name, answers={"softmax-answer": program(1, lines=40)})
    add_student(tmp_path, "<i>&amp;", notebook=False, status="ungradable", reason="It is empty.")
    page = write_report(tmp_path, ASSIGNMENT).read_text(encoding="utf-8")
    assert_harmless(page)
    text = Elements(page).text
    assert "<i>&amp;" in text and "\x1b" not in page
    for name in names:
        assert text.count(name.replace("\x1b", "�")) == 3, "slowest, and in two pairs"


def test_entry_that_cannot_be_read_is_listed(course):
    (course / "ledger" / ASSIGNMENT / "ed.json").write_text("{half")
    (course / "ledger" / ASSIGNMENT / "flo.json").write_text('{"verdicts": [{"exercise": 1}]}')
    add_student(course, "gus", seconds=float("nan"))
    text = Elements(write_report(course, ASSIGNMENT).read_text(encoding="utf-8")).text
    assert "3 graded, 4 could not be graded" in text and "ed.json is not an entry" in text


def test_class_without_a_graded_submission_has_a_report(tmp_path):
    add_student(tmp_path, "amy", notebook=False, status="ungradable", reason="It is empty.")
    assert "It is empty." in write_report(tmp_path, ASSIGNMENT).read_text(encoding="utf-8")
    with pytest.raises(FileNotFoundError, match="run autograde first"):
        write_report(tmp_path, "02-loss-landscapes")


def test_report_lists_candidates_as_candidates(tmp_path):
    for student in ("amy", "bob"):
        add_student(tmp_path, student, answers={"softmax-answer": program(1, lines=40)})
    add_student(tmp_path, "cy", answers={"softmax-answer": solved()["softmax-answer"]})
    page = write_report(tmp_path, ASSIGNMENT).read_text(encoding="utf-8")
    text = Elements(page).text
    assert "Candidates only: read both before you say anything." in text
    assert "amy, bob" in text and "cy, " not in text and MIN_SHARED > 1
