"""When something was handed in, as texts say it."""

from datetime import datetime

import pytest

from grading.classroom.moments import seconds_of, time_stamp, utc_of
from tests.support.small_class import hand_in


@pytest.mark.parametrize(
    "text",
    [
        *("01a.m." + "1" * 30 + "h", "m" + "1" * 30, "9" * 90, "99999999999999999999999"),
        *("0001-01-01", "9999-12-31 +99:00", "9999-12-31 23:59:59 UTC", "\0", "nonsense", "🕰"),
    ],
)
def test_hostile_time_stamp_is_none(tmp_path, text):
    place = hand_in(tmp_path, "ada", "{}")
    (place.parent / "timestamp.txt").write_text(text, encoding="utf-8")
    assert time_stamp(str(place)) is None


def test_time_stamp_that_is_a_link_is_not_followed(tmp_path):
    (tmp_path / "real.txt").write_text("2026-01-01 00:00:00")
    (tmp_path / "timestamp.txt").symlink_to(tmp_path / "real.txt")
    assert time_stamp(str(tmp_path / "x.ipynb")) is None


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-20 08:00:00.000001 UTC\n", datetime(2026, 11, 20, 8, 0, 0, 1)),
        ("2026-11-20 08:00:00", datetime(2026, 11, 20, 8)),
        ("2026-11-20T08:00:00+02:00", datetime(2026, 11, 20, 6)),
        ("2026-11-20 08:00 +0200", datetime(2026, 11, 20, 6)),
        ("2026-11-20 08:00:00.000001 CET", datetime(2026, 11, 20, 7, 0, 0, 1)),
        ("2026-07-20 08:00:00 Europe/Berlin", datetime(2026, 7, 20, 6)),
        ("2026-11-20 08:00:00 PM", datetime(2026, 11, 20, 20)),
        ("2026-11-20 08:00:00 ../../etc/passwd", None),
        ("", None),
    ],
)
def test_times_are_in_utc(text, moment):
    assert utc_of(text) == moment


def test_time_in_which_nothing_can_have_been_handed_in_is_none():
    assert seconds_of(datetime(2026, 1, 1)) == 1_767_225_600
    assert seconds_of(datetime(2101, 1, 1)) is None and seconds_of(None) is None
