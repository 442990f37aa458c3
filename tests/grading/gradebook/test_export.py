"""Export: the gradebook's scores as a spreadsheet, Canvas and Moodle take them."""

import csv
import logging
import shutil

import pytest
from nbgrader.api import Gradebook
from nbgrader.plugins import CsvExportPlugin
from sqlalchemy import create_engine, text

from grading.exercises import EXERCISES
from grading.gradebook.export import CSV_COLUMNS, CanvasExport, export, guarded
from tests.support.graded_course import ASSIGNMENT, IDS, WRITTEN, add_gradebook, add_student

POSSIBLE = sum(EXERCISES[name].points for name in IDS) + 2


def rows(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


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
    table = rows(export(course, course / "out.csv", "csv"))
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
    ours = rows(export(course, course / "out.csv", "csv"))
    stock = CsvExportPlugin()
    stock.to = str(course / "stock.csv")
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}", "a-course") as gradebook:
        stock.export(gradebook)
    theirs = rows(stock.to)
    place = theirs[0].index("student_id"), theirs[0].index("score")
    expected = {row[place[0]]: float(row[place[1]]) for row in theirs[1:]}
    assert {row[0]: float(row[5] or 0) for row in ours[1:]} == expected


def test_canvas_layout(course):
    table = rows(export(course, course / "out.csv", "canvas"))
    assert table[0] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", ASSIGNMENT]
    assert table[1] == ["    Points Possible", "", "", "", "", f"{POSSIBLE:g}"]
    assert table[2] == ["Lee, Amy", "11", "", "amy", "", f"{POSSIBLE - 0.5:g}"]
    assert table[4] == ["Zed, Cy", "13", "", "cy", "", ""]


def test_scores_are_filled_into_what_canvas_exported(course, caplog):
    exported = course / "canvas.csv"
    exported.write_text(
        "\ufeffStudent,ID,SIS User ID,SIS Login ID,Section,Old (1),"
        f"{ASSIGNMENT} (4711),Total (read only)\n"
        "    Points Possible,,,,,10,24,\n"
        '"Lee, Amy",11,,other,S1,7,,\n'
        '"Zed, Cy",13,,cy,S1,8,5,\n'
        '"Stranger, A",99,,stranger,S1,9,6,\n',
        encoding="utf-8",
    )
    table = rows(export(course, course / "out.csv", "canvas", canvas=exported))
    assert table[0][6] == f"{ASSIGNMENT} (4711)" and table[1][6] == "24"
    assert table[2][5:] == ["7", f"{POSSIBLE - 0.5:g}", ""]
    assert table[3][6] == "5", "who handed nothing in keeps what Canvas has"
    assert table[4][5:7] == ["9", "6"]

    plugin = CanvasExport(log=logging.getLogger("of this test"))
    plugin.canvas, plugin.to = str(exported), str(course / "out.csv")
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}", "a-course") as gradebook:
        plugin.export(gradebook)
    assert "bob is not in" in caplog.text


def test_assignment_that_canvas_does_not_know_gets_a_column(course):
    exported = course / "canvas.csv"
    exported.write_text("Student,ID,SIS Login ID\n    Points Possible,,\nx,,amy\n")
    table = rows(export(course, course / "out.csv", "canvas", canvas=exported))
    assert table[0][3] == ASSIGNMENT
    assert [row[3] for row in table[1:]] == [f"{POSSIBLE:g}", f"{POSSIBLE - 0.5:g}"]


def test_file_that_is_no_canvas_gradebook_is_refused(course):
    (course / "other.csv").write_text("Name,Grade\n")
    with pytest.raises(ValueError, match="expected the columns Student and ID"):
        export(course, course / "out.csv", "canvas", canvas=course / "other.csv")
    assert not (course / "out.csv").exists()


def test_moodle_layout_with_a_comment_from_the_ledger(course):
    add_student(course, "amy", {"softmax": "no shift"}, reason="late & <b>bold</b>")
    table = rows(export(course, course / "out.csv", "moodle"))
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
    for row in rows(export(course, course / "out.csv", layout)):
        for cell in row:
            assert not cell.startswith(("=", "@", "+", "-", "\t"))


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("=1+1", "'=1+1"),
        ("+1+1", "'+1+1"),
        ("-2+3", "'-2+3"),
        ("@A1", "'@A1"),
        ("\t=1", "'\t=1"),
        ("＝1", "'＝1"),
        ("＠A1", "'＠A1"),
        ("﹦1", "'﹦1"),
        ("⁼1", "'⁼1"),
        ("⁺1", "'⁺1"),
        ("−1+1", "'−1+1"),
        (" =1", "' =1"),
        ("\N{NO-BREAK SPACE}=1", "'\N{NO-BREAK SPACE}=1"),
        ("|calc", "'|calc"),
        ("+1", "'+1"),
        ("-１", "'-１"),
        ("    Points Possible", "    Points Possible"),
        ("", ""),
        ("-2.5", "-2.5"),
        (-2.5, "-2.5"),
        ("a=b", "a=b"),
        (2 / 3, "0.6666666667"),
    ],
)
def test_guard_against_formulas(cell, expected):
    assert guarded(cell) == expected


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
    with pytest.raises(FileNotFoundError, match="run autograde first"):
        export(tmp_path / "other", course / "out.csv", "csv")
    assert not (tmp_path / "other").exists()


def test_layouts_are_plugins_of_nbgrader(course):
    plugin = CanvasExport()
    plugin.to, plugin.student = str(course / "plugin.csv"), ["amy"]
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}", "a-course") as gradebook:
        plugin.export(gradebook)
    assert len(rows(course / "plugin.csv")) == 3
