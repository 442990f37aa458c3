"""Export: the gradebook's scores as a spreadsheet, Canvas and Moodle take them."""

import csv
import logging
import shutil

import pytest
from nbgrader.api import Gradebook
from nbgrader.plugins import CsvExportPlugin
from sqlalchemy import create_engine, text

from grading.exercises import EXERCISES
from grading.gradebook.export import CSV_COLUMNS, PARTS_COLUMNS, CanvasExport, export
from grading.gradebook.people import Person
from tests.support.graded_course import ASSIGNMENT, IDS, WRITTEN, add_gradebook, add_student

POSSIBLE = sum(EXERCISES[name].points for name in IDS) + 2


def rows(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def exported(course, layout, **how):
    """The rows of a file that leaves nobody out."""
    written = export(course, course / "out.csv", layout, **how)
    assert not written.left_out
    return rows(written.path)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("course")
    full = {name: {"auto_score": EXERCISES[name].points} for name in IDS}
    students = {
        "amy": {
            "first_name": "Amy",
            "last_name": "Lee",
            "email": "amy@example.org",
            "lms_user_id": "11",
            "grades": {**full, WRITTEN: {"manual_score": 1.5}},
            "timestamp": "2026-11-20 10:00:00",
        },
        "bob": {
            "first_name": "=HYPERLINK(1)",
            "last_name": "@SUM(A1)",
            "grades": {
                "softmax": {"auto_score": 2.0},
                "svm_loss_naive": {"auto_score": 1.0, "manual_score": 3.0},
                WRITTEN: {"needs_manual_grade": True},
            },
            "timestamp": "2026-11-20 15:00:00",
            "penalty": 0.5,
        },
        "cy": {"first_name": "Cy", "last_name": "Zed", "lms_user_id": "13"},
    }
    add_gradebook(folder, students, duedate="2026-11-20 12:00:00")
    return folder


@pytest.fixture
def course(made, tmp_path):
    shutil.copy(made / "gradebook.db", tmp_path)
    return tmp_path


def test_csv_has_scores_penalties_and_who_handed_nothing_in(course):
    table = exported(course, "csv")
    assert table[0] == list(CSV_COLUMNS)
    amy, bob, cy = (dict(zip(table[0], row, strict=True)) for row in table[1:])
    assert (amy["score"], amy["max_score"], amy["hours_late"]) == (
        f"{POSSIBLE - 0.5:g}",
        f"{POSSIBLE:g}",
        "0",
    )
    assert (bob["raw_score"], bob["late_penalty"], bob["score"]) == ("5", "0.5", "4.5")
    assert bob["hours_late"] == "3" and bob["handed_in"] == "2026-11-20T15:00:00Z"
    assert (amy["needs_manual_grade"], bob["needs_manual_grade"]) == ("no", "yes")
    assert cy["score"] == "" and cy["student"] == "cy"


def test_scores_agree_with_nbgraders_own_export(course):
    ours = exported(course, "csv")
    stock = CsvExportPlugin()
    stock.to = str(course / "stock.csv")
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}", "a-course") as gradebook:
        stock.export(gradebook)
    theirs = rows(stock.to)
    place = theirs[0].index("student_id"), theirs[0].index("score")
    expected = {row[place[0]]: float(row[place[1]]) for row in theirs[1:]}
    assert {row[0]: float(row[5] or 0) for row in ours[1:]} == expected


def test_canvas_layout(course):
    table = exported(course, "canvas")
    assert table[0] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", ASSIGNMENT]
    assert table[1] == ["    Points Possible", "", "", "", "", f"{POSSIBLE:g}"]
    assert table[2] == ["Lee, Amy", "11", "", "amy", "", f"{POSSIBLE - 0.5:g}"]
    assert table[4] == ["Zed, Cy", "13", "", "cy", "", ""]


def canvas_file(course, text):
    path = course / "canvas.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_scores_are_filled_into_what_canvas_exported(course, caplog):
    filled = canvas_file(
        course,
        "\ufeffStudent,ID,SIS User ID,SIS Login ID,Section,Old (1),"
        f"{ASSIGNMENT} (4711),Total (read only)\n"
        "    Points Possible,,,,,10,24,\n"
        '"Lee, Amy",11,,other,S1,7,,\n'
        '"Zed, Cy",13,,cy,S1,8,5,\n'
        '"Stranger, A",99,,stranger,S1,9,6,\n',
    )
    written = export(course, course / "out.csv", "canvas", fill=filled)
    table = rows(written.path)
    assert table[0][6] == f"{ASSIGNMENT} (4711)" and table[1][6] == "24"
    assert table[2][5:] == ["7", f"{POSSIBLE - 0.5:g}", ""]
    assert table[3][6] == "5", "who handed nothing in keeps what Canvas has"
    assert table[4][5:7] == ["9", "6"]
    (line,) = written.left_out
    assert line.startswith("bob:")

    plugin = CanvasExport(log=logging.getLogger("of this test"))
    plugin.fill, plugin.to = str(filled), str(course / "out.csv")
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}", "a-course") as gradebook:
        plugin.export(gradebook)
    assert "left out: bob" in caplog.text


def test_number_of_canvas_decides_and_a_login_of_another_number_does_not(course):
    filled = canvas_file(
        course,
        f"Student,ID,SIS Login ID,{ASSIGNMENT} (1)\nx,12,amy,\ny,11,bob,\nz,14,bob,\n",
    )
    written = export(course, course / "out.csv", "canvas", fill=filled)
    assert [row[3] for row in rows(written.path)[1:]] == ["", f"{POSSIBLE - 0.5:g}", "4.5"]


def test_two_rows_that_seem_to_be_of_one_person_are_left_alone(course):
    filled = canvas_file(course, f"Student,ID,SIS Login ID,{ASSIGNMENT}\nx,,bob,\ny,,bob,\n")
    written = export(course, course / "out.csv", "canvas", fill=filled)
    assert [row[3] for row in rows(written.path)[1:]] == ["", ""]
    assert [line.split(":")[0] for line in written.left_out] == ["amy", "bob"]


@pytest.mark.parametrize("named", ["Homework 1 (4711)", "homework 1", "4711"])
def test_column_names_the_assignment_of_canvas(course, named):
    filled = canvas_file(course, "Student;ID;Homework 1 (4711);Homework 11 (12)\nx;11;;\n")
    written = export(course, course / "out.csv", "canvas", fill=filled, columns=[named])
    assert (course / "out.csv").read_text().splitlines()[1] == f"x;11;{POSSIBLE - 0.5:g};"
    assert [line.split(":")[0] for line in written.left_out] == ["bob"]


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ([], f"no column for {ASSIGNMENT}: name one of Homework (1), Homework (2) with --column"),
        (["Homework"], "several columns for Homework"),
        (["3"], "no column for 3"),
        (["a", "b"], "got 2 --column"),
    ],
)
def test_heading_that_does_not_fit_is_an_error_not_a_second_column(course, columns, says):
    filled = canvas_file(course, "Student,ID,Homework (1),Homework (2)\nx,11,,\n")
    with pytest.raises(ValueError) as refused:
        export(course, course / "out.csv", "canvas", fill=filled, columns=columns)
    assert says in str(refused.value) and not (course / "out.csv").exists()


def test_people_of_a_roster_complete_those_of_the_gradebook(course):
    people = {"bob": Person("bob", "Bob", "Bell", "bob@example.org", "12", "S12", "Mon", "G1")}
    table = exported(course, "canvas", people=people)
    assert table[3][:5] == ["Bell, Bob", "12", "S12", "bob", "Mon"]


def test_whom_a_platform_could_not_find_is_left_out(course):
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}", "a-course") as gradebook:
        gradebook.add_student("Dee Dum")
        gradebook.add_submission(ASSIGNMENT, "Dee Dum")
        gradebook.add_student("anon_aB1c9")
        gradebook.add_submission(ASSIGNMENT, "anon_aB1c9")
    for layout in ("canvas", "moodle", "blackboard"):
        columns = ["Title [Total Pts: 24 Score] |1"] if layout == "blackboard" else ()
        written = export(course, course / "out.csv", layout, columns=columns)
        left_out = ["Dee Dum", "anon_aB1c9"] if layout == "canvas" else ["Dee Dum"]
        assert [line.split(":")[0] for line in written.left_out] == left_out, layout


def test_grades_and_comments_are_filled_into_moodles_worksheet(course):
    add_student(course, "amy", {"softmax": "no shift"})
    worksheet = course / "sheet.csv"
    worksheet.write_text(
        "Identifier,Full name,Email address,Grade,Feedback comments\n"
        "Participant 7,Bob,amy@example.org,,\nTeilnehmer 8,Amy,,,\n",
    )
    numbers = {("bob", ASSIGNMENT): "7", ("amy", ASSIGNMENT): "8"}
    table = exported(course, "moodle", fill=worksheet, numbers=numbers)
    assert [row[3] for row in table[1:]] == ["4.5", f"{POSSIBLE - 0.5:g}"]
    assert "0.5 points off" in table[1][4] and "no shift" in table[2][4]


def test_blackboard_needs_its_number_of_the_assignment(course):
    with pytest.raises(ValueError, match="the number in its heading"):
        export(course, course / "out.csv", "blackboard")
    table = exported(course, "blackboard", columns=["Title [Total Pts: 24 Score] |12"])
    assert table[0][2:] == ["Username", "Student ID", "Title [Total Pts: 24 Score] |12"]
    assert [row[4] for row in table[1:]] == [f"{POSSIBLE - 0.5:g}", "4.5", ""]


def test_parts_of_exercises_come_from_the_ledger(course):
    add_student(course, "amy", {"softmax": "no shift"})
    table = exported(course, "parts")
    assert table[0] == list(PARTS_COLUMNS)
    softmax = {row[6]: row[7:9] for row in table[1:] if row[0] == "amy" and row[5] == "softmax"}
    parts = EXERCISES["softmax"].parts
    assert softmax[""] == [f"{EXERCISES['softmax'].points:g}"] * 2
    assert {part: float(most) for part, (_, most) in softmax.items() if part} == parts
    assert "0" in {points for points, _ in softmax.values()}
    written = [row[7] for row in table if row[0] == "bob" and row[5] == "svm_loss_naive"]
    assert written == ["3"], "marks given by hand count"


def test_other_points_possible_on_the_platform_are_told(course):
    text = f"Student,ID,{ASSIGNMENT}\n  Points Possible,,{{}}\nx,11,\n"
    for points, told in ((10, 1), (POSSIBLE, 0)):
        filled = canvas_file(course, text.format(points))
        written = export(course, course / "out.csv", "canvas", fill=filled)
        assert len(written.differing) == told
        assert all(f"{POSSIBLE:g} points here and 10 in" in line for line in written.differing)


def test_file_that_is_no_canvas_gradebook_is_refused(course):
    (course / "other.csv").write_text("Name,Grade\n")
    with pytest.raises(ValueError, match="expected the columns Student and ID"):
        export(course, course / "out.csv", "canvas", fill=course / "other.csv")
    assert not (course / "out.csv").exists()


def test_moodle_layout_with_a_comment_from_the_ledger(course):
    add_student(course, "amy", {"softmax": "no shift"}, reason="late & <b>bold</b>")
    table = exported(course, "moodle")
    assert table[0][-2:] == [
        f"Assignment: {ASSIGNMENT} (Real)",
        f"Assignment: {ASSIGNMENT} (Feedback)",
    ]
    assert table[1][:5] == ["Amy", "Lee", "11", "amy@example.org", f"{POSSIBLE - 0.5:g}"]
    assert "softmax: 2 of 3 (no shift)" in table[1][5]
    assert "late &amp; &lt;b&gt;bold" in table[1][5]
    assert table[2][5] == "0.5 points off for handing in late<br>written answers are not marked yet"
    assert table[3][4:] == ["", ""]


@pytest.mark.parametrize("layout", ["csv", "canvas", "moodle"])
def test_no_cell_is_a_formula(course, layout):
    for row in exported(course, layout):
        for cell in row:
            assert not cell.startswith(("=", "@", "+", "-", "\t"))


def test_export_does_not_change_the_gradebook(course):
    def courses():
        with create_engine(f"sqlite:///{course / 'gradebook.db'}").connect() as connection:
            return connection.execute(text("SELECT id FROM course")).scalars().all()

    export(course, course / "out.csv", "csv")
    assert courses() == ["a-course"]


def test_what_is_not_there_is_named(course, tmp_path):
    with pytest.raises(ValueError, match="no assignment 'nothing'"):
        export(course, course / "out.csv", "csv", assignments=["nothing"])
    with pytest.raises(ValueError, match="layout"):
        export(course, course / "out.csv", "excel")
    with pytest.raises(ValueError, match="goes with the layout of a platform"):
        export(course, course / "out.csv", "csv", fill=course / "canvas.csv")
    with pytest.raises(FileNotFoundError, match="run autograde first"):
        export(tmp_path / "other", course / "out.csv", "csv")
    assert not (tmp_path / "other").exists()


def test_layouts_are_plugins_of_nbgrader(course):
    plugin = CanvasExport()
    plugin.to, plugin.student = str(course / "plugin.csv"), ["amy"]
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}", "a-course") as gradebook:
        plugin.export(gradebook)
    assert len(rows(course / "plugin.csv")) == 3
