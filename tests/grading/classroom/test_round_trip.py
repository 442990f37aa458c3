"""From a platform's zip of a whole class to its gradebook and feedback, on the right rows."""

import csv
import io
import shutil
import zipfile

import pytest
from nbgrader import api
from nbgrader.api import Gradebook

from grading.classroom.collect import collect
from grading.classroom.give_back import pack
from grading.classroom.roster import (
    course_roster,
    known_people,
    participants,
    participants_of,
    read_roster,
    write_roster,
)
from grading.gradebook.export import export
from grading.gradebook.people import enter_people
from tests.support.graded_course import add_gradebook
from tests.support.handed_in import (
    LAYOUTS,
    archive,
    blackboard_gradebook,
    canvas_gradebook,
    class_of,
    moodle_worksheet,
)

A = "01-loss-functions"


@pytest.fixture(scope="module", params=[36, pytest.param(300, marks=pytest.mark.slow)])
def pupils(request):
    return class_of(request.param)


@pytest.fixture(scope="module")
def roster(pupils, tmp_path_factory):
    """A roster from what Canvas exports, with addresses added by hand."""
    folder = tmp_path_factory.mktemp("roster")
    write_roster(folder, read_roster(canvas_gradebook(folder / "canvas.csv", pupils, A)))
    text = (folder / "roster.csv").read_text(encoding="utf-8")
    for pupil in pupils:
        text = text.replace(f",,{pupil.number},", f",{pupil.email},{pupil.number},")
    (folder / "roster.csv").write_text(text, encoding="utf-8")
    return folder / "roster.csv"


@pytest.fixture(scope="module")
def gradebook(pupils, roster, tmp_path_factory):
    """A gradebook in which every student has other points."""
    folder = tmp_path_factory.mktemp("gradebook")
    with Gradebook(add_gradebook(folder, {}), "a-course") as gradebook:
        enter_people(gradebook, read_roster(roster).people)
        cell = gradebook.find_grade_cell("softmax", A, A)
        notebook = gradebook.find_notebook(A, A)
        for pupil in pupils:
            handed_in = api.SubmittedAssignment(
                assignment_id=notebook.assignment_id, student_id=pupil.id
            )
            work = api.SubmittedNotebook(notebook_id=notebook.id, assignment=handed_in)
            grade = api.Grade(cell_id=cell.id, auto_score=pupil.points, needs_manual_grade=False)
            work.grades.append(grade)
            gradebook.db.add(handed_in)
        gradebook.db.commit()
    return folder / "gradebook.db"


@pytest.fixture
def course(roster, tmp_path):
    shutil.copy(roster, tmp_path)
    return tmp_path


@pytest.fixture
def graded(course, gradebook):
    shutil.copy(gradebook, course)
    return course


def cells(path):
    data = path.read_bytes()
    text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8")
    rows = list(csv.reader(io.StringIO(text), delimiter="\t" if "\t" in text else ","))
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def collected(course, layout, pupils, **how):
    zipped = archive(course / "in.zip", layout, pupils, A, **how)
    roster = course_roster(course)
    numbers = None
    if layout.startswith("moodle"):
        numbers = participants_of(moodle_worksheet(course / "sheet.csv", pupils), roster)
    return collect(zipped, course, A, roster=roster, participants=numbers)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_hand_in_goes_to_its_student(course, layout, pupils):
    found = collected(course, layout, pupils, form="NFD", flag=False)
    expected = {pupil.id: pupil.work for pupil in pupils}
    if layout == "google":
        # Nothing in a Drive folder tells namesakes apart, so neither gets the other's work.
        del expected[pupils[0].id], expected[pupils[1].id]
        assert len(found.refused) == 1 and not found.clean
    else:
        assert found.clean and not found.missing
    place = course / "submitted"
    there = {path.parts[-3]: path.read_text() for path in place.glob(f"*/{A}/{A}.ipynb")}
    assert there == expected


def write_pages(course, pupils):
    for pupil in pupils:
        page = course / "feedback" / pupil.id / A / f"{A}.html"
        page.parent.mkdir(parents=True)
        page.write_text(f"page of {pupil.id}")


def exported(course, layout, filled, column=()):
    written = export(
        course,
        course / "out",
        layout,
        fill=filled,
        people=known_people(course),
        numbers=participants(course),
        columns=column,
    )
    assert not written.left_out
    return written.path


def test_canvas_gets_grades_and_pages_back(graded, pupils):
    collected(graded, "canvas", pupils)
    path = exported(graded, "canvas", canvas_gradebook(graded / "canvas.csv", pupils, A))
    points = {row["ID"]: row[f"{A} (4711)"] for row in cells(path)}
    assert [points[str(pupil.number)] for pupil in pupils] == [f"{p.points:g}" for p in pupils]
    write_pages(graded, pupils)
    packed = pack(graded, A, "canvas")
    assert not packed.left_out
    with zipfile.ZipFile(packed.path) as pages:
        # Canvas looks for the first two numbers between underscores.
        found = {
            tuple(part for part in name.split("_") if part.isdigit())[:2]: pages.read(name).decode()
            for name in pages.namelist()
        }
    assert found == {(str(p.number), str(p.file)): f"page of {p.id}" for p in pupils}


@pytest.mark.parametrize("layout", ["moodle", "moodle_flat"])
def test_moodle_gets_grades_and_pages_back(graded, pupils, layout):
    collected(graded, layout, pupils)
    path = exported(graded, "moodle", graded / "sheet.csv")
    points = {row["Identifier"]: row["Grade"] for row in cells(path)}
    assert points == {f"Participant {p.file}": f"{p.points:g}" for p in pupils}
    write_pages(graded, pupils)
    packed = pack(graded, A, "moodle")
    assert not packed.left_out
    with zipfile.ZipFile(packed.path) as pages:
        # Moodle splits a folder's name at underscores: name, number, plugin's type and name.
        parts = {name: name.split("_", 4) for name in pages.namelist()}
        found = {parts[name][1]: pages.read(name).decode() for name in parts}
    assert all(part[2:4] == ["assignsubmission", "file"] for part in parts.values())
    assert found == {str(p.file): f"page of {p.id}" for p in pupils}


def test_blackboard_gets_grades_back_in_the_encoding_it_writes(graded, pupils):
    collected(graded, "blackboard", pupils)
    filled = blackboard_gradebook(graded / "bb.xls", pupils)
    path = exported(graded, "blackboard", filled, ["Home_work 1"])
    heading = "Home_work 1 [Total Pts: 24 Score] |815"
    assert {row["Username"]: row[heading] for row in cells(path)} == {
        pupil.id: f"{pupil.points:g}" for pupil in pupils
    }
    assert path.read_bytes().startswith((b"\xff\xfe", b"\xfe\xff"))
