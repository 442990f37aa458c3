"""A student is forgotten whole and alone; a backup is the course as it is."""

import sqlite3
import zipfile

import pytest
from nbgrader.api import Gradebook
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from grading.classroom.course import Course
from grading.classroom.keeping import backup, forget
from grading.classroom.roster import Roster, course_roster, write_roster
from grading.errors import Refused
from grading.gradebook.people import Person
from grading.gradebook.recorded import APPLIED, Applied, keep_applied, make_room, recorded_in
from tests.support.graded_course import ASSIGNMENT, add_gradebook, add_student

STUDENTS = ("amy", "bo")


@pytest.fixture
def course(tmp_path):
    root = tmp_path / "course"
    add_gradebook(root, {student: {"grades": {}} for student in STUDENTS})
    write_roster(root, Roster(map(Person, STUDENTS)))
    for student in STUDENTS:
        add_student(root, student)
        for step in ("submitted", "feedback"):
            (root / step / student / ASSIGNMENT).mkdir(parents=True)
            (root / step / student / ASSIGNMENT / "x").write_text(student)
    (root / "feedback" / f"{ASSIGNMENT}-canvas.zip").write_text("amy and bo")
    return Course(root)


def test_all_of_one_student_is_deleted_and_nothing_of_another(course):
    before = {path for path in course.root.rglob("*") if "bo" in path.parts or "bo" in path.stem}
    with Session(create_engine(course.db_url)) as session:
        make_room(session)
        keep_applied(session, recorded_in(session, ASSIGNMENT)["amy"].notebook_id, Applied())
        session.commit()
    forget(course, "amy")
    left = [
        path for path in course.root.rglob("*") if "amy" in path.as_posix()[len(str(course.root)) :]
    ]
    assert not left and not list((course.root / "feedback").glob("*.zip"))
    assert all(path.exists() for path in before)
    with Gradebook(course.db_url, "a-course") as gradebook:
        assert [student.id for student in gradebook.students] == ["bo"]
        assert len(gradebook.assignment_submissions(ASSIGNMENT)) == 1
        assert not list(gradebook.db.execute(select(APPLIED))), "marks kept aside are left"
    assert course_roster(course.root).ids == {"bo"}
    with pytest.raises(Refused, match="holds nothing of amy"):
        forget(course, "amy")


@pytest.mark.parametrize("student", ["..", ".", "", "../course", "/etc"])
def test_name_that_leads_elsewhere_is_refused(course, student):
    with pytest.raises(Refused, match="cannot be a student's id"):
        forget(course, student)
    assert (course.root / "submitted" / "bo").is_dir()


def test_backup_holds_what_the_write_ahead_log_holds_and_not_itself(course, tmp_path):
    with sqlite3.connect(course.root / "gradebook.db") as open_database:
        open_database.execute("PRAGMA journal_mode=WAL")
        open_database.execute("UPDATE student SET first_name = 'Amelia' WHERE id = 'amy'")
        open_database.commit()
        backup(course, course.root / "kept.zip")
    open_database.close()
    with zipfile.ZipFile(course.root / "kept.zip") as archive:
        names = archive.namelist()
        archive.extractall(tmp_path / "again")
    assert f"submitted/amy/{ASSIGNMENT}/x" in names and "roster.csv" in names
    assert not [name for name in names if "kept" in name or "-wal" in name or "lock" in name]
    with Gradebook(f"sqlite:///{tmp_path / 'again' / 'gradebook.db'}", "a-course") as gradebook:
        assert gradebook.find_student("amy").first_name == "Amelia"


def test_course_that_is_not_there_is_not_backed_up(tmp_path):
    with pytest.raises(Refused, match="does not exist"):
        backup(Course(tmp_path / "none"), tmp_path / "kept.zip")
    assert list(tmp_path.iterdir()) == []
