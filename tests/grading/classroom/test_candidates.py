"""Which of several files is a student's hand-in, and which are no one's."""

from datetime import UTC, datetime

import pytest

from grading.classroom.collect import collect
from grading.classroom.collected import Duplicate
from grading.classroom.roster import Roster
from grading.gradebook.people import Person
from tests.support.collecting import MORNING, NOON, A, handed_in, record, zipped


def test_newest_of_several_wins_and_all_are_named(tmp_path):
    files = [("amy_b.ipynb", ("old", MORNING)), ("amy_a.ipynb", ("new", NOON))]
    collected = collect(zipped(tmp_path / "a.zip", [*files, ("bob_a.ipynb", "{}")]), tmp_path, A)
    assert handed_in(tmp_path) == {"amy": "new", "bob": "{}"}
    assert collected.duplicates == [Duplicate("amy", "amy_a.ipynb", ("amy_b.ipynb",))]


@pytest.mark.parametrize(
    "name", ["{}_1_assignsubmission_file_/{}", "{}_1_assignsubmission_file_{}", "{}_{}"]
)
def test_notebook_named_as_the_assignment_wins_over_a_newer_one(tmp_path, name):
    files = [
        (name.format("Amy", "scratch.ipynb"), ("scratch", NOON)),
        (name.format("Amy", f"{A}.ipynb"), ("right", MORNING)),
        (name.format("Bo", f"{A}.ipynb").replace("_1_", "_2_"), "bo"),
    ]
    found = collect(zipped(tmp_path / "a.zip", files), tmp_path, A)
    assert handed_in(tmp_path) == {"Amy": "right", "Bo": "bo"} and found.clean


def test_new_attempt_wins_by_the_platforms_time_and_not_by_that_of_the_file(tmp_path):
    start = "Home_work_amy_attempt_2026-11-"
    files = [
        (f"{start}21-09-00-00_{A}.ipynb", ("second", MORNING)),
        (f"{start}20-09-00-00_{A}.ipynb", ("first", NOON)),
    ]
    collect(zipped(tmp_path / "a.zip", files), tmp_path, A)
    assert handed_in(tmp_path) == {"amy": "second"}
    assert record(tmp_path, "amy").attempt == 2
    local = datetime(2026, 11, 21, 9).astimezone(UTC)
    assert record(tmp_path, "amy").handed_in == f"{local:%FT%TZ}"
    stamp = tmp_path / "submitted" / "amy" / A / "timestamp.txt"
    assert stamp.read_text().startswith(f"{local:%F %T}")


def test_two_people_of_one_name_are_told_apart_by_the_platforms_number(tmp_path):
    files = [
        ("Amy Lee_12_assignsubmission_file_/hw.ipynb", ("one", MORNING)),
        ("Amy Lee_13_assignsubmission_file_/hw.ipynb", ("other", NOON)),
        ("Bo_14_assignsubmission_file_/hw.ipynb", ("first", MORNING)),
        ("Bo_14_assignsubmission_file_/new.ipynb", ("second", NOON)),
    ]
    archive = zipped(tmp_path / "a.zip", files)
    collected = collect(archive, tmp_path / "course", A)
    assert handed_in(tmp_path / "course") == {"Bo": "second"}
    assert set(collected.refused) == {files[0][0], files[1][0]}
    assert all("2 people are named Amy Lee" in why for why in collected.refused.values())
    pattern = r"^(?P<student>[^/]+_\d+)_assignsubmission_file_/"
    collect(archive, tmp_path / "again", A, pattern=pattern)
    assert handed_in(tmp_path / "again") == {
        "Amy Lee_12": "one",
        "Amy Lee_13": "other",
        "Bo_14": "second",
    }


@pytest.mark.parametrize("copies", [["", " (1)"], ["", ""]])
def test_two_files_of_one_name_in_drive_may_be_of_two_people(tmp_path, copies):
    names = [f"{A}/Jane Doe - {A}{copy}.ipynb" for copy in copies]
    if not any(copies):
        names[1] = f"{A}/Jane Doe - scratch.ipynb"
    names.append(f"{A}/Bo O’Neill (Jr.) - {A}.ipynb")
    archive = zipped(tmp_path / "a.zip", [(name, name) for name in names])
    found = collect(archive, tmp_path / "one", A)
    assert ("Jane Doe" in handed_in(tmp_path / "one")) == (not any(copies)) == found.clean
    assert "Bo O’Neill (Jr.)" in handed_in(tmp_path / "one")
    roster = Roster([Person("jane", "Jane", "Doe"), Person("bo", "Bo", "O'Neill (Jr.)")])
    collect(archive, tmp_path / "two", A, roster=roster)
    assert handed_in(tmp_path / "two").keys() == {"jane", "bo"}


def test_what_lies_beside_a_hand_in_is_counted_and_no_error(tmp_path):
    files = [
        ("Amy_1_assignsubmission_file_/README.md", "#"),
        ("Amy_1_assignsubmission_file_/figure.pdf", "%PDF"),
        (f"Amy_1_assignsubmission_file_/{A}.ipynb", "amy"),
        ("Amy_1_assignsubmission_onlinetext_/onlinetext.html", "<p>"),
        ("Bo_2_assignsubmission_file_/hw.py", "print()"),
        ("readme.txt", "of the platform"),
    ]
    found = collect(zipped(tmp_path / "a.zip", files), tmp_path / "one", A)
    assert found.ignored == 4 and found.without == {"Bo": ("Bo_2_assignsubmission_file_/hw.py",)}
    assert not found.clean and "no notebook from Bo" in "\n".join(found.lines())
    found = collect(zipped(tmp_path / "a.zip", files[:4]), tmp_path / "two", A)
    assert found.clean and handed_in(tmp_path / "two") == {"Amy": "amy"}
    found = collect(
        zipped(tmp_path / "a.zip", [(f"cy/{A}.ipynb", "cy"), ("cy/scratch.ipynb", "scratch")]),
        tmp_path / "three",
        A,
    )
    assert found.clean and found.ignored == 1 and handed_in(tmp_path / "three") == {"cy": "cy"}
