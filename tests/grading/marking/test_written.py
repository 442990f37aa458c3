"""Written answers and their marks in nbgrader's gradebook."""

import contextlib

import pytest
from nbgrader.api import Gradebook

from grading.errors import Refused
from grading.gradebook.grades import read_grades
from grading.gradebook.people import Person
from grading.marking.written import Changed, marking_of
from tests.support.graded_course import ASSIGNMENT, WRITTEN, add_gradebook, add_student

WAITS = {WRITTEN: {"needs_manual_grade": True}}


@pytest.fixture
def course(tmp_path):
    add_student(tmp_path, "amy", answers={WRITTEN: "Because *so*."}, notebook=False)
    add_student(tmp_path, "bob", answers={WRITTEN: " \n"}, notebook=False)
    add_student(tmp_path, "cy", answers={WRITTEN: "Why?"}, notebook=False)
    add_student(tmp_path, "di", notebook=False)
    add_gradebook(tmp_path, {name: {"grades": WAITS} for name in ("amy", "bob", "cy")})
    return tmp_path


@pytest.fixture
def marking(course):
    with marking_of(course, ASSIGNMENT, people={"amy": Person("amy", "Amy", "A")}) as marking:
        yield marking


@contextlib.contextmanager
def formgrader(course, student):
    """What the formgrader reads and writes of an answer."""
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        place = (WRITTEN, ASSIGNMENT, ASSIGNMENT, student)
        yield gradebook.find_grade(*place), gradebook.find_comment(*place)
        gradebook.db.commit()


def answers(marking):
    return {one.student: one for one in marking.answers(WRITTEN)}


def give(marking, student, points, comment=""):
    seen = answers(marking)[student].mark.revision
    return marking.give(WRITTEN, student, points, comment, seen)


def test_answers_come_with_what_they_have_and_who_is_missing_is_named(marking):
    found = answers(marking)
    assert found["amy"].words == "Because *so*." and found["amy"].name == "A, Amy (amy)"
    assert [found[name].blank for name in ("amy", "bob", "cy")] == [False, True, False]
    assert marking.missing == ["di"] and marking.waiting()[WRITTEN] == 3


def test_blank_answers_get_0_and_feedback_says_so(course, marking):
    assert read_grades(f"sqlite:///{course / 'gradebook.db'}", ASSIGNMENT, "bob").score.waiting
    assert marking.preset() == 1 and marking.preset() == 0
    with formgrader(course, "bob") as (grade, _):
        assert (grade.auto_score, grade.manual_score) == (0, None) and not grade.needs_manual_grade
    assert marking.waiting()[WRITTEN] == 2
    score = read_grades(f"sqlite:///{course / 'gradebook.db'}", ASSIGNMENT, "bob").score
    assert score.questions[WRITTEN].given.points == 0


def test_formgrader_sees_marks_and_gives_them(course, marking):
    give(marking, "amy", 1.5, "Why $h$?")
    with formgrader(course, "amy") as (grade, comment):
        assert (grade.manual_score, grade.score, grade.needs_manual_grade) == (1.5, 1.5, False)
        assert comment.manual_comment == comment.comment == "Why $h$?"
        grade.manual_score, comment.manual_comment = 2.0, "Right."
    mark = answers(marking)["amy"].mark
    assert (mark.points, mark.comment, mark.by_hand) == (2.0, "Right.", True)
    give(marking, "amy", None)
    with formgrader(course, "amy") as (grade, comment):
        assert grade.manual_score is None and grade.needs_manual_grade
        assert comment.manual_comment is None


def test_extra_credit_of_the_formgrader_stays_beside_the_mark(course, marking):
    with formgrader(course, "amy") as (grade, _):
        grade.extra_credit, grade.needs_manual_grade = 0.5, False
    mark = answers(marking)["amy"].mark
    assert (mark.points, mark.extra, mark.waits) == (None, 0.5, False)
    give(marking, "amy", 1.0)
    with formgrader(course, "amy") as (grade, _):
        assert (grade.manual_score, grade.extra_credit, grade.score) == (1.0, 0.5, 1.5)


def test_mark_of_somebody_else_is_not_replaced_unseen(course, marking):
    seen = answers(marking)["cy"].mark.revision
    with formgrader(course, "cy") as (grade, _):
        grade.manual_score, grade.needs_manual_grade = 2.0, False
    with pytest.raises(Changed, match=r"changed this to 2, .* save again") as changed:
        marking.give(WRITTEN, "cy", 0.0, "", seen)
    assert answers(marking)["cy"].mark.points == 2
    marking.give(WRITTEN, "cy", 0.5, "", changed.value.mark.revision)
    assert answers(marking)["cy"].mark.points == 0.5


def test_zero_of_a_blank_answer_is_not_made_a_mark_by_hand(course, marking):
    marking.preset()
    give(marking, "bob", 0.0, "Hand something in next time.")
    with formgrader(course, "bob") as (grade, comment):
        assert grade.manual_score is None and comment.manual_comment
    assert give(marking, "bob", 1.0).by_hand


def test_comments_are_offered_again_most_used_first(marking):
    for student, comment in (("amy", "Rare."), ("bob", "Often."), ("cy", "Often.")):
        give(marking, student, 1.0, comment)
    assert marking.comments(WRITTEN) == ["Often.", "Rare."]
    assert marking.comments("written-two-losses") == []


@pytest.mark.parametrize("points", [-0.5, 2.5, float("nan"), float("inf")])
def test_points_that_cannot_be_are_refused(marking, points):
    with pytest.raises(Refused, match="expected 0 to 2"):
        give(marking, "amy", points)


def test_answer_that_is_not_there_is_refused(marking):
    for question, student in ((WRITTEN, "nobody"), ("softmax", "amy"), (WRITTEN, "di")):
        with pytest.raises(Refused, match="load it anew"):
            marking.give(question, student, 1.0, "", "")
    with pytest.raises(Refused, match="at most"):
        give(marking, "amy", 1.0, "x" * 20_001)


def test_order_of_answers_is_another_one_for_each_question_and_stays(marking):
    names = [one.student for one in marking.answers(WRITTEN)]
    assert names == [one.student for one in marking.answers(WRITTEN)]
    assert sorted(names) == ["amy", "bob", "cy"]


def test_question_that_does_not_count_is_not_marked(course):
    (course / "course.toml").write_text(
        f'[{ASSIGNMENT}]\ndropped = ["written-two-losses"]\n', encoding="utf-8"
    )
    with marking_of(course, ASSIGNMENT) as marking:
        assert list(marking.questions) == [WRITTEN]


def test_course_without_graded_answers_is_refused(tmp_path, course):
    with pytest.raises(Refused, match="no gradebook: run autograde first"):
        marking_of(tmp_path / "other", ASSIGNMENT).__enter__()
    with (
        pytest.raises(Refused, match="holds no answer to 02-loss-landscapes"),
        marking_of(course, "02-loss-landscapes"),
    ):
        pass
