"""Finding what a class has handed in: names of students, and times of handing in."""

import os

import pytest

from grading.classroom.submissions import _time_stamp, find_submissions


def test_names_that_differ_stay_apart(tmp_path):
    for name in (b"ada\xff", b"ada\xfe", b"ada?", b"a" * 250, b"a" * 251, b"x\ny", b"x\ty"):
        os.mkdir(os.path.join(os.fsencode(tmp_path), name))
    names = [task.student for task in find_submissions(tmp_path, "01-loss-functions")]
    assert len(set(names)) == 7


@pytest.mark.parametrize(
    "text", ["9" * 90, "99999999999999999999999", "0001-01-01", "9999-12-31 +99:00", "\0", "🕰"]
)
def test_time_stamp_that_is_no_time_counts_as_none(text, tmp_path):
    (tmp_path / "timestamp.txt").write_text(text, encoding="utf-8")
    assert _time_stamp(str(tmp_path / "x.ipynb")) is None


def test_time_stamp_that_is_a_link_is_not_followed(tmp_path):
    (tmp_path / "real.txt").write_text("2026-01-01 00:00:00")
    (tmp_path / "timestamp.txt").symlink_to(tmp_path / "real.txt")
    assert _time_stamp(str(tmp_path / "x.ipynb")) is None
