"""What is known of the gradebook files of Canvas, Moodle and Blackboard."""

import pytest

from grading.gradebook.people import Person
from grading.gradebook.platforms import BLACKBOARD, CANVAS, MOODLE, Filling

AMY, BO = Person("amy", lms_id="11", email="amy@example.org"), Person("bo", sis_id="S2")


def filling(tmp_path, platform, text):
    (tmp_path / "file.csv").write_text(text, encoding="utf-8")
    return Filling(platform, tmp_path / "file.csv")


@pytest.mark.parametrize(
    ("platform", "text", "column"),
    [
        (CANVAS, "Student,ID,hw (12),hw 2 (13)", 2),
        (MOODLE, "Email address,Assignment: hw (Real),Assignment: hw (Feedback)", 1),
        (MOODLE, "Email address,Aufgabe: HW (Real)", 1),
        (MOODLE, "Identifier,Full name,Maximum Grade,Grade", 3),
        (BLACKBOARD, "Username,hw [Total Pts: 24 Score] |81,hw2 [Total Pts: 24 Score] |82", 1),
    ],
)
def test_column_of_an_assignment_is_found_by_its_name(tmp_path, platform, text, column):
    assert filling(tmp_path, platform, text).column("hw") == column


@pytest.mark.parametrize(
    ("platform", "wanted"), [(CANVAS, "Student and ID"), (BLACKBOARD, "Username")]
)
def test_file_of_another_kind_is_refused(tmp_path, platform, wanted):
    with pytest.raises(ValueError, match=f"expected the columns {wanted}"):
        filling(tmp_path, platform, "Name,Points\nx,1\n")
    with pytest.raises(ValueError, match="begins with none"):
        filling(tmp_path, platform, "")


@pytest.mark.parametrize(
    ("platform", "text", "column"),
    [
        (CANVAS, "Student,ID,Section,hw (12)", "Section"),
        (MOODLE, "Identifier,Status,Grade", "Status"),
        (BLACKBOARD, "Username,Last Name,hw |81", "Last Name"),
    ],
)
def test_column_that_holds_no_grades_is_never_filled_in(tmp_path, platform, text, column):
    with pytest.raises(ValueError, match=f"no column for {column}: name one of (hw|Grade)"):
        filling(tmp_path, platform, text).column("hw", column)


@pytest.mark.parametrize(
    ("platform", "text", "possible"),
    [
        (CANVAS, "Student,ID,hw\n  Points Possible,,24.5\nx,11,\n", 24.5),
        (CANVAS, "Student,ID,hw\n  Points Possible,,(read only)\nx,11,\n", None),
        (MOODLE, "Identifier;Maximum Grade;Grade\nParticipant 5;24,00;\n", 24.0),
        (MOODLE, "Email address,hw (Real)\nx@x.org,\n", None),
        (BLACKBOARD, "Username,hw [Total Pts: 24 Score] |81\nx,\n", 24.0),
    ],
)
def test_points_possible_are_what_the_file_says(tmp_path, platform, text, possible):
    opened = filling(tmp_path, platform, text)
    assert opened.possible(opened.column("hw")) == possible


def test_rows_that_are_nobodys_are_passed_over(tmp_path):
    text = "Student,ID,hw\n    Points Possible,,10\n   Manual Posting,,\n,,\nx,11,\ny,99,\n"
    rows = filling(tmp_path, CANVAS, text).people([AMY, BO], {})
    assert [(row[0], person) for row, person in rows] == [("x", AMY), ("y", None)]


def test_first_key_that_finds_somebody_decides(tmp_path):
    text = "Identifier,Email address,ID number,Grade\nParticipant 5,amy@example.org,,\n,,S2,\n"
    opened = filling(tmp_path, MOODLE, text)
    assert [person for _, person in opened.people([AMY, BO], {})] == [AMY, BO]
    # Moodle's number is of one participant, whatever else is in the row.
    assert [person for _, person in opened.people([AMY, BO], {"amy": "6"})] == [None, BO]
    assert [person for _, person in opened.people([AMY, BO], {"bo": "5"})] == [None, None]
