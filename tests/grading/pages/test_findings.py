"""Mistakes with who made them, and failures that nothing explains, in groups."""

from dataclasses import replace

from grading.pages.findings import gist, mistakes, unexplained
from grading.pages.standing import read_class
from tests.support.graded_course import ASSIGNMENT, add_student
from tests.support.programs import program, renamed


def fail(course, student, reason, answer="", parts=("value",), fingerprint=""):
    """A student whose softmax fails for a reason that no known mistake explains."""
    entry = add_student(course, student, notebook=False)
    verdicts = tuple(
        replace(
            one,
            passed=False,
            message=reason,
            parts={part: part not in parts for part in one.parts},
            reasons={part: reason for part in parts},
            fingerprint=fingerprint,
        )
        if one.exercise == "softmax"
        else one
        for one in entry.verdicts
    )
    answers = {"softmax-answer": answer}
    add_student(course, student, notebook=False, verdicts=verdicts, answers=answers)


def test_mistakes_are_listed_with_who_made_them(tmp_path):
    add_student(tmp_path, "amy", {"softmax": "no shift"})
    add_student(tmp_path, "bob", {"softmax": "no shift", "svm_loss_naive": "no margin"})
    found = mistakes(read_class(tmp_path, ASSIGNMENT))
    assert [(one.exercise, one.name, one.students) for one in found] == [
        ("softmax", "no shift", ("amy", "bob")),
        ("svm_loss_naive", "no margin", ("bob",)),
    ]
    assert found[0].hint


def test_failures_that_differ_in_inputs_and_numbers_only_are_one_group(tmp_path):
    code = program(3)
    answers = {"amy": program(4), "bob": code, "cy": renamed(code)}
    for number, (student, answer) in enumerate(answers.items(), 1):
        said = f"softmax returned {number}e-3, expected -{number}.5 [called with x=[{number}]]"
        fail(tmp_path, student, said, answer)
    fail(tmp_path, "di", "softmax returned None, expected an array")
    fail(tmp_path, "eva", "softmax returned 1, expected 2.5", parts=("value", "stable"))
    groups = unexplained(read_class(tmp_path, ASSIGNMENT))
    assert [group.students for group in groups] == [("amy", "bob", "cy"), ("di",), ("eva",)]
    first = groups[0]
    assert (first.parts, first.answer, first.alike) == (("value",), code, 2)
    assert first.reason.startswith("softmax returned 1e-3")


def test_who_returned_the_same_for_the_same_inputs_is_one_group(tmp_path):
    fail(tmp_path, "amy", "softmax returned 1", fingerprint="f1")
    fail(tmp_path, "bob", "softmax raised an error", parts=("stable",), fingerprint="f1")
    for student in ("cy", "di"):
        fail(tmp_path, student, "softmax returned 1", fingerprint=f"of {student} alone")
    groups = unexplained(read_class(tmp_path, ASSIGNMENT))
    assert [(group.students, group.equal) for group in groups] == [
        (("amy", "bob"), True),
        (("cy", "di"), False),
    ]
    assert groups[0].parts == ("value", "stable")


def test_gist_keeps_the_words_of_a_reason():
    said = "loss_1 returned 1 of 3 entries that are nan. [called with x=[1, [2]], y=a]"
    assert gist(said) == "loss_1 returned # of # entries that are #. ".replace("loss_1", "loss_#")
