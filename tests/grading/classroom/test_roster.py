"""Rosters from Canvas, from Moodle and by hand."""

import pytest

from grading.classroom.hand_in import RECORD, HandIn
from grading.classroom.roster import (
    COLUMNS,
    Roster,
    can_be_id,
    course_roster,
    known_people,
    participants,
    participants_of,
    read_roster,
    write_roster,
)
from grading.gradebook.people import Person
from tests.support.handed_in import canvas_gradebook, class_of, moodle_worksheet

A = "01-loss-functions"


def roster(tmp_path, text, encoding="utf-8"):
    (tmp_path / "in.csv").write_bytes(text.encode(encoding))
    return read_roster(tmp_path / "in.csv").people


@pytest.mark.parametrize(("delimiter", "encoding"), [(",", "utf-8-sig"), (";", "utf-16")])
def test_gradebook_of_canvas(tmp_path, delimiter, encoding):
    pupils = class_of(12)
    path = canvas_gradebook(tmp_path / "c.csv", pupils, A, delimiter=delimiter, encoding=encoding)
    assert read_roster(path).people == [
        Person(one.id, one.first, one.last, "", str(one.number), one.sis, "S1") for one in pupils
    ]


def test_participants_of_moodle(tmp_path):
    text = "First name,Last name,ID number,Email address,Groups\nZoë,Ågren,S1,zoe@x.org,Team 1\n"
    expected = Person("zoe@x.org", "Zoë", "Ågren", "zoe@x.org", "", "S1", "", "Team 1")
    assert roster(tmp_path, text) == [expected]
    full = "Full name;Username;Email address\nAna María Ruiz;ana;a@x.org\n王小明;wang;\n"
    ana, wang = roster(tmp_path, full, "cp1252" if full.isascii() else "utf-16")
    assert (ana.id, ana.first_name, ana.last_name) == ("ana", "Ana María", "Ruiz")
    assert (wang.first_name, wang.last_name) == ("", "王小明")


def test_by_hand_and_list_of_ids(tmp_path):
    by_hand = f"{','.join(COLUMNS)}\namy,Amy,Lee,a@x.org,11,S11,Mon,G1\n"
    assert roster(tmp_path, by_hand) == [
        Person("amy", "Amy", "Lee", "a@x.org", "11", "S11", "Mon", "G1")
    ]
    assert roster(tmp_path, "\ufeffbob\n\namy\n") == [Person("amy"), Person("bob")]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "begins with an empty file"),
        ("Name,Points\nx,1\n", "expected the columns of a roster"),
        ("id,email\n", "holds no students"),
        ("id,email\namy,\nAMY,\n", "in rows 2 and 3"),
        ("id,lms_id\namy,11\nbo,11\n", "the lms_id '11' in rows 2 and 3"),
        ("id,email\n,\n../x,\n", "one that a folder can have"),
        ("id,section\n,S1\n", "no id in row 2"),
        ("id,lms_id\namy,1.2E+11\n", "a spreadsheet has rounded"),
    ],
)
def test_what_is_no_roster_is_refused(tmp_path, text, says):
    with pytest.raises(ValueError, match=says):
        roster(tmp_path, text)


def test_new_export_keeps_what_was_added_by_hand(tmp_path):
    write_roster(tmp_path, Roster([Person("amy", "Amy", "Lee", group="G1"), Person("bo")]))
    write_roster(tmp_path, Roster([Person("amy", "Amelia", "Lee", lms_id="11"), Person("cy")]))
    assert course_roster(tmp_path).people == [
        Person("amy", "Amelia", "Lee", lms_id="11", group="G1"),
        Person("cy"),
    ]
    assert course_roster(tmp_path / "none") is None


def test_people_keep_their_ids_in_an_export_that_calls_them_otherwise(tmp_path):
    amy, bo = Person("amy", lms_id="11"), Person("bo", "Bo", email="bo@x.org", group="G1")
    cy, di = Person("cy", sis_id="S3"), Person("di")
    assert write_roster(tmp_path, Roster([amy, bo, cy, di])) == []
    again = Roster(
        [
            Person("S1", "Amy", lms_id="11", sis_id="S1"),
            Person("bo@x.org", "Bob", email="bo@x.org"),
            # Two who seem to be one person of before: neither is known to be.
            Person("x", sis_id="S3"),
            Person("y", sis_id="S3"),
        ]
    )
    assert write_roster(tmp_path, again) == ["cy", "di"]
    assert course_roster(tmp_path).people == [
        Person("amy", "Amy", lms_id="11", sis_id="S1"),
        Person("bo", "Bob", email="bo@x.org", group="G1"),
        Person("x", sis_id="S3"),
        Person("y", sis_id="S3"),
    ]


def test_people_are_found_by_id_address_and_name_in_either_order():
    amy, bo = Person("amy", "Amy", "O'Neill", "a@x.org"), Person("oneillamy")
    found = Roster([amy, bo])
    assert found.named("Amy") == [amy] and found.named("A@X.org") == [amy]
    assert found.named("O’Neill, Amy") == [amy, bo] and found.named("oneillamy") == [bo]
    assert found.named("") == []


def test_numbers_of_participants_in_the_grading_worksheet(tmp_path):
    pupils = class_of(12)
    people = [Person(one.id, one.first, one.last, one.email) for one in pupils]
    numbers = participants_of(moodle_worksheet(tmp_path / "sheet.csv", pupils), Roster(people))
    assert numbers == {str(one.file): person for one, person in zip(pupils, people, strict=True)}
    (tmp_path / "sheet.csv").write_text("Name,Grade\n")
    with pytest.raises(ValueError, match="the column Identifier"):
        participants_of(tmp_path / "sheet.csv", Roster(people))


def test_without_a_roster_people_are_known_by_their_hand_ins(tmp_path):
    for student, platform, user in (
        ("leeamy", "canvas", "11"), ("Bo", "moodle", "12"), ("anon_x", "canvas", "x"),
    ):  # fmt: skip
        folder = tmp_path / "submitted" / student / A
        folder.mkdir(parents=True)
        (folder / RECORD).write_text(HandIn(platform, "x", student, user).as_text())
    assert known_people(tmp_path) == {"leeamy": Person("leeamy", lms_id="11")}
    assert participants(tmp_path) == {("Bo", A): "12"}
    write_roster(tmp_path, Roster([Person("leeamy", "Amy", "Lee")]))
    assert known_people(tmp_path)["leeamy"].first_name == "Amy"


@pytest.mark.parametrize(
    "student", ["amy", "Bo (Jr.)", "O'Neill", "अनिल", "小明", "a@x.org", "1-2·3"]
)
def test_ids_that_folders_can_have(student):
    assert can_be_id(student)


@pytest.mark.parametrize(
    "student", ["", " a", "a ", ".a", "a..b", "a/b", "a\n", "_a", "a\u202e", "é" * 101]
)
def test_ids_that_folders_cannot_have(student):
    assert not can_be_id(student)
