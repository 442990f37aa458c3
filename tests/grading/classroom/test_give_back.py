"""Pages in a zip that a platform hands back; test_round_trip has whole classes."""

import zipfile

import pytest

from grading.classroom.give_back import pack
from grading.classroom.hand_in import RECORD, HandIn

A = "01-loss-functions"


def put(course, student, record=None):
    page = course / "feedback" / student / A / f"{A}.html"
    page.parent.mkdir(parents=True)
    page.write_text(student)
    if record is not None:
        place = course / "submitted" / student / A
        place.mkdir(parents=True)
        (place / RECORD).write_text(record.as_text(), encoding="utf-8")


def test_names_are_those_by_which_the_platform_finds_people(tmp_path):
    put(tmp_path, "amy", HandIn("canvas", f"in/leeamy_LATE_11_5_{A}-1.ipynb", "leeamy", "11", "5"))
    put(tmp_path, "bo", HandIn("moodle", "Bo_12_assignsubmission_file/x.ipynb", "Bo", "12"))
    put(tmp_path, "cy")
    packed = pack(tmp_path, A, "canvas")
    with zipfile.ZipFile(packed.path) as archive:
        assert archive.namelist() == [f"leeamy_LATE_11_5_{A}-1.html"]
    assert packed.left_out == ("bo: not collected from Canvas", "cy: not collected from Canvas")
    with zipfile.ZipFile(pack(tmp_path, A, "moodle").path) as archive:
        assert archive.namelist() == [f"Bo_12_assignsubmission_file_/{A}.html"]


def test_page_of_a_group_goes_once_to_canvas_and_not_to_moodle(tmp_path):
    for platform in ("canvas", "moodle"):
        for student in ("amy", "bo"):
            path = (
                f"team_11_5_{A}.ipynb"
                if platform == "canvas"
                else "Team_11_assignsubmission_file/x"
            )
            put(tmp_path / platform, student, HandIn(platform, path, "team", "11", "5"))
    packed = pack(tmp_path / "canvas", A, "canvas")
    with zipfile.ZipFile(packed.path) as archive:
        assert archive.namelist() == [f"team_11_5_{A}.html"] and not packed.left_out
    assert len(pack(tmp_path / "moodle", A, "moodle").left_out) == 2


def test_what_cannot_be_packed_is_said(tmp_path):
    with pytest.raises(ValueError, match="expected one of canvas, moodle"):
        pack(tmp_path, A, "blackboard")
    with pytest.raises(FileNotFoundError, match="holds no feedback"):
        pack(tmp_path, A, "canvas")
