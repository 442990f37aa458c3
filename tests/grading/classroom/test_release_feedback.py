"""Feedback goes out by the exchange to those who handed in by it, whoever else is in the class."""

import pytest
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import notebook_hash

from grading.classroom.hand_in import SECRET
from grading.classroom.moments import STAMP
from grading.classroom.release_feedback import ReleaseFeedback

A = "00-start-here"


@pytest.mark.parametrize("student_id", ["", "[zoe]"])
def test_student_who_handed_in_otherwise_stops_nobody(tmp_path, caplog, student_id):
    for student in ("amy", "bo", "[zoe]"):
        folder = tmp_path / "feedback" / student / A
        folder.mkdir(parents=True)
        (folder / f"{A}.html").write_text(f"page of {student}")
        if student != "bo":
            (folder / STAMP).write_text("2026-11-20 10:00:00 UTC")
            (folder / SECRET).write_text(f"secret of {student}")
    course = CourseDirectory(root=str(tmp_path), assignment_id=A, course_id="c")
    course.student_id = student_id.replace("[", "[[]")
    (tmp_path / "exchange").mkdir(mode=0o777)
    released = ReleaseFeedback(coursedir=course, root=str(tmp_path / "exchange"))
    released.log.propagate = True
    with caplog.at_level("WARNING"):
        released.start()
    pages = {path.stem: path.read_text() for path in (tmp_path / "exchange").rglob("*.html")}
    whose = [student_id] if student_id else ["amy", "[zoe]"]
    assert pages == {
        notebook_hash(secret=f"secret of {student}", notebook_id=A): f"page of {student}"
        for student in whose
    }
    assert ("hand in by it: bo" in caplog.text) == (not student_id)
