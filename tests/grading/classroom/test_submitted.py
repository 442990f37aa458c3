"""What is put into ``submitted/``: newer or not at all, whole, with what the platform said."""

import errno
import io
import os
import time
import zipfile
from datetime import UTC, datetime

import pytest
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from grading.classroom import sources
from grading.classroom.collect import collect
from grading.classroom.hand_in import HandIn
from tests.support.collecting import MORNING, NOON, A, handed_in, record, zipped


def test_earlier_work_stays_unless_the_new_one_is_newer(tmp_path):
    def run(content, moment):
        archive = zipped(tmp_path / "a.zip", [("amy_a.ipynb", (content, moment))])
        return collect(archive, tmp_path, A)

    assert run("first", MORNING).collected
    assert run("again", MORNING).kept == {"amy": "amy_a.ipynb"}
    assert handed_in(tmp_path) == {"amy": "first"}
    assert run("later", NOON).collected and handed_in(tmp_path) == {"amy": "later"}
    assert run("first", MORNING).kept and handed_in(tmp_path) == {"amy": "later"}
    stamp = (tmp_path / "submitted" / "amy" / A / "timestamp.txt").read_text()
    assert "2026-11-20" in stamp
    no_time = (1980, 1, 1, 0, 0, 0)
    assert run("unknown time", no_time).kept and handed_in(tmp_path) == {"amy": "later"}


def test_nbgrader_reads_the_time_of_handing_in(tmp_path):
    collect(zipped(tmp_path / "a.zip", [("amy_a.ipynb", ("x", NOON))]), tmp_path, A)
    folder = tmp_path / "submitted" / "amy" / A
    course = CourseDirectory(config=Config(CourseDirectory={"root": str(tmp_path)}))
    expected = datetime.fromtimestamp(time.mktime((*NOON, 0, 0, -1)), UTC).replace(tzinfo=None)
    assert course.get_existing_timestamp(str(folder)) == expected


def test_what_canvas_says_is_kept_beside_the_hand_in(tmp_path):
    name = f"leeamy_LATE_123_456_{A}-1.ipynb"
    found = collect(zipped(tmp_path / "a.zip", [(name, "{}")]), tmp_path, A)
    assert record(tmp_path, "leeamy") == HandIn(
        "canvas", name, "leeamy", "123", "456", attempt=2, late=True
    )
    assert found.late == ["leeamy"] and "late" in "".join(found.lines())


def test_newer_file_of_canvas_is_known_by_its_number(tmp_path):
    def run(number, content, moment):
        name = f"leeamy_123_{number}_{A}.ipynb"
        return collect(zipped(tmp_path / "a.zip", [(name, (content, moment))]), tmp_path, A)

    assert run(456, "first", MORNING).collected
    assert run(456, "downloaded again", NOON).kept
    assert run(789, "second", NOON).collected
    assert run(456, "old download", NOON).kept and handed_in(tmp_path) == {"leeamy": "second"}


def test_a_failure_in_the_middle_leaves_what_was_there(tmp_path, monkeypatch):
    collect(zipped(tmp_path / "a.zip", [("amy_x.ipynb", ("old", MORNING))]), tmp_path, A)
    archive = zipped(tmp_path / "b.zip", [("amy_x.ipynb", ("new", NOON)), ("bob_x.ipynb", "{}")])

    class Failing(io.BytesIO):
        def read(self, *_):
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(zipfile.ZipFile, "open", lambda *_: Failing())
        with pytest.raises(KeyboardInterrupt):
            collect(archive, tmp_path, A)
    assert handed_in(tmp_path) == {"amy": "old"} and os.listdir(tmp_path / "submitted") == ["amy"]
    collect(archive, tmp_path, A)
    assert handed_in(tmp_path) == {"amy": "new", "bob": "{}"}


def test_full_disk_names_the_path(tmp_path, monkeypatch):
    def no_space(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    archive = zipped(tmp_path / "a.zip", [("amy_x.ipynb", "{}")])
    with monkeypatch.context() as patch:
        patch.setattr(sources, "_blocks", lambda file: iter(no_space, None))
        with pytest.raises(OSError) as full:
            collect(archive, tmp_path, A)
    assert str(tmp_path / "submitted") in full.value.filename
    assert os.listdir(tmp_path / "submitted") == []


def test_secret_of_the_exchange_stays_beside_its_notebook(tmp_path):
    def run(day, secret):
        folder = f"amy+{A}+2026-11-{day} 09:00:00.000000 UTC+rnd"
        files = [(f"{folder}/{A}.ipynb", "{}"), (f"{folder}/timestamp.txt", "x")]
        files += [(f"{folder}/submission_secret.txt", secret)] if secret else []
        assert collect(zipped(tmp_path / "a.zip", files), tmp_path, A).ignored == 0
        place = tmp_path / "submitted" / "amy" / A
        stamp = (place / "timestamp.txt").read_text()
        assert stamp == f"2026-11-{day} 09:00:00.000000 UTC\n"
        kept = place / "submission_secret.txt"
        return kept.read_text() if kept.exists() else None

    assert [run(20, "one"), run(21, "other"), run(22, "")] == ["one", "other", None]


def test_secret_that_a_student_made_up_elsewhere_is_not_kept(tmp_path):
    folder = "Amy_1_assignsubmission_file_"
    files = [(f"{folder}/{A}.ipynb", "{}"), (f"{folder}/submission_secret.txt", "x")]
    collect(zipped(tmp_path / "a.zip", files), tmp_path, A)
    assert not list((tmp_path / "submitted").rglob("submission_secret.txt"))
