"""What the platform said of a hand-in is kept, and damage to it stops nothing."""

from grading.classroom.hand_in import RECORD, HandIn, hand_ins, untimed_sentence
from grading.classroom.moments import STAMP
from tests.support.small_class import ASSIGNMENT


def put(course, student, assignment, text):
    folder = course / "submitted" / student / assignment
    folder.mkdir(parents=True)
    (folder / RECORD).write_text(text, encoding="utf-8")


def test_what_was_kept_is_read_by_student_and_assignment(tmp_path):
    one = HandIn("moodle", "王_5_assignsubmission_file/x", "王", "5", attempt=2, late=True)
    put(tmp_path, "a", "00", one.as_text())
    put(tmp_path, "a", "01", HandIn("files", "a_x.ipynb", "a").as_text())
    assert hand_ins(tmp_path, "00") == {("a", "00"): one}
    assert len(hand_ins(tmp_path)) == 2


def test_damaged_records_are_passed_over(tmp_path):
    whole = HandIn("files", "a_x.ipynb", "a").as_text()
    texts = ["{", "[]", "null", '{"platform": 1}', whole.replace("false", '"no"'), "[" * 5000]
    for index, text in enumerate([*texts, whole + " " * 20_000]):
        put(tmp_path, f"a{index}", "00", text)
    assert hand_ins(tmp_path) == {}


def test_who_is_late_without_a_time_is_told_until_the_time_is_written(tmp_path):
    for name, late in (("amy", True), ("bo", False)):
        folder = tmp_path / "submitted" / name / ASSIGNMENT
        folder.mkdir(parents=True)
        (folder / RECORD).write_text(HandIn("canvas", "x", name, late=late).as_text())
    assert "so without a penalty: amy. Write" in untimed_sentence(tmp_path, ASSIGNMENT)
    (tmp_path / "submitted" / "amy" / ASSIGNMENT / STAMP).write_text("2027-03-03 10:00 +0100")
    assert untimed_sentence(tmp_path, ASSIGNMENT) == ""
