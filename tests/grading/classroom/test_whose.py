"""Whose a file is, with a roster and without."""

import pytest

from grading.classroom.gradescope import Submission, Submitter
from grading.classroom.layouts import (
    BLACKBOARD,
    CANVAS,
    GITHUB,
    GOOGLE,
    GRADESCOPE,
    MOODLE,
    NESTED,
    Claim,
)
from grading.classroom.roster import Roster
from grading.classroom.sources import Unusable
from grading.classroom.whose import Stranger, Whose
from grading.gradebook.people import Person

A = "01-loss-functions"
ROSTER = Roster(
    [
        Person("amy_l", "Amy", "Lee", "amy@example.org", "11", "S11"),
        Person("amy_2", "Amy", "Lee", "", "12"),
        Person("bo", "Bo", "Kim", group="Team 1"),
        Person("cy", "Cy", "Team 2", group="Team 3"),
        Person("di", "Di", "Day", group="Cy Team 2"),
    ]
)
PEOPLE = (Submitter("Amy Lee", "S11", ""), Submitter("x", "", "nobody@x"), Submitter("Bo", "", ""))


def students(layout, claim, roster=ROSTER, **participants):
    described = {"submission_7": Submission(PEOPLE[:1], None), "submission_8": Submission((), None)}
    known = {number[1:]: person for number, person in participants.items()}
    return Whose(layout, A, roster, known, described).students(claim)


@pytest.mark.parametrize(
    ("layout", "claim", "expected"),
    [
        (CANVAS, Claim("leeamy", "12"), ["amy_2"]),
        (CANVAS, Claim("kimbo", "77"), ["bo"]),
        (MOODLE, Claim("Bo Kim", "5"), ["bo"]),
        (MOODLE, Claim("Team 1", "5"), ["bo"]),
        (BLACKBOARD, Claim("l", person="Home_work_amy"), ["amy_l"]),
        (GITHUB, Claim("bo"), ["bo"]),
        (GOOGLE, Claim("Kim Bo"), ["bo"]),
        (NESTED, Claim("AMY@example.org"), ["amy_l"]),
        (GRADESCOPE, Claim("submission_7"), ["amy_l"]),
    ],
)
def test_student_of_the_roster(layout, claim, expected):
    assert students(layout, claim) == expected


@pytest.mark.parametrize(
    ("layout", "claim"),
    [(CANVAS, Claim("leeamy", "77")), (GOOGLE, Claim("No Body")), (BLACKBOARD, Claim("l", "x"))],
)
def test_stranger(layout, claim):
    with pytest.raises(Stranger):
        students(layout, claim)


@pytest.mark.parametrize(
    ("layout", "claim", "says"),
    [
        (MOODLE, Claim("Amy Lee", "5"), "--worksheet"),
        (GOOGLE, Claim("Amy Lee"), "2 people of the roster"),
        (GOOGLE, Claim("Cy Team 2"), "both a person and a group"),
        (GITHUB, Claim("01 Loss-Functions"), "--pattern"),
        (GRADESCOPE, Claim("submission_8"), "does not say"),
        (GRADESCOPE, Claim("submission_9"), "does not say"),
    ],
)
def test_who_cannot_be_told_is_refused(layout, claim, says):
    with pytest.raises(Unusable, match=says):
        students(layout, claim)


def test_number_of_a_participant_decides():
    amy = ROSTER.by_lms_id["12"]
    assert students(MOODLE, Claim("Amy Lee", "5"), _5=amy) == ["amy_2"]
    assert students(MOODLE, Claim("Nickname", "5"), _5=amy) == ["amy_2"]
    assert students(MOODLE, Claim("Team 1", "5"), _5=amy) == ["bo"], "groups count by themselves"
    with pytest.raises(Unusable, match="into the roster"):
        students(MOODLE, Claim("Amy Lee", "6"), _5=amy)


def test_without_a_roster_students_are_named_as_the_platform_names_them():
    assert students(MOODLE, Claim("Participant", "5"), None) == ["Participant 5"]
    assert students(GRADESCOPE, Claim("submission_7"), None) == ["S11"]
    assert students(GOOGLE, Claim("نیم\u200cفاصله"), None) == ["نیمفاصله"]
    assert students(GOOGLE, Claim("王" * 60), None) == ["王" * 60]
    for name in ("..", " ", "a" * 201, "王" * 100, "a\x1b", "a<b"):
        with pytest.raises(Unusable, match="cannot be a student's id"):
            students(GOOGLE, Claim(name), None)
