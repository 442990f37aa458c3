"""Who is in the course: ``roster.csv``, written by hand or made from what a platform exports."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import astuple, fields, replace
from functools import cached_property
from pathlib import Path

from cs231n_utils.system.files import write_whole

from ..gradebook.people import Person
from ..gradebook.tables import as_text, listed, read_table, same
from .hand_in import hand_ins
from .layouts import letters

ROSTER = "roster.csv"
"""The file in the folder of a course."""

COLUMNS = tuple(field.name for field in fields(Person))

HEADINGS = {
    "id": ("id", "student", "student_id", "sis login id", "username", "login", "sid"),
    "first_name": ("first_name", "first name"),
    "last_name": ("last_name", "last name", "surname"),
    "email": ("email", "email address", "e-mail", "e-mail address"),
    "lms_id": ("lms_id", "lms_user_id", "lms user id", "canvas id"),
    "sis_id": ("sis_id", "sis user id", "sis id", "id number", "student id"),
    "section": ("section", "sections"),
    "group": ("group", "groups", "group name"),
    "name": ("name", "full name"),
}
"""By column of the roster, what it is called in rosters, and in exports of Canvas and Moodle;
``name`` is a person's whole name."""

CANVAS = {"id": "lms_id", "student": "name"}
"""What Canvas calls ``ID`` and ``Student`` is not what others do."""

ROUNDED = re.compile(r"\d([.,]\d+)?E\+\d+")
MAX_ID_BYTES = 200
"""Files are named after students with a suffix, and most file systems allow 255 bytes."""

NO_STUDENTS = re.compile(r"\s*(points possible|manual posting.*|muted|student, test)?\s*", re.I)
"""The first cell of rows that are no person's, in a gradebook exported from Canvas."""


def can_be_id(student: str) -> bool:
    """Whether folders can have this name: a letter or digit first, and nothing that misleads."""
    letters_and_marks = (unicodedata.category(letter)[0] in "LNM" for letter in student)
    return (
        student[:1].isalnum()
        and ".." not in student
        and student == student.strip()
        and len(student.encode("utf-8", "replace")) <= MAX_ID_BYTES
        and all(
            is_one or other in " _.,@+'’()-·&"
            for is_one, other in zip(letters_and_marks, student, strict=True)
        )
    )


class Roster:
    """The people of a course, and how to find one by what a platform calls them.

    Parameters
    ----------
    people : iterable of Person
        With different ids.
    """

    def __init__(self, people: Iterable[Person]):
        self.people = sorted(people, key=lambda person: person.id)
        self._by_id = {same(person.id): person for person in self.people}
        self._by_name: dict[str, list[Person]] = {}
        for person in self.people:
            for name in {letters(name) for name in _names(person)} - {""}:
                self._by_name.setdefault(name, []).append(person)

    @cached_property
    def ids(self) -> frozenset[str]:
        """The ids of all."""
        return frozenset(person.id for person in self.people)

    @cached_property
    def by_lms_id(self) -> dict[str, Person]:
        """People by the platform's number."""
        return {person.lms_id: person for person in self.people if person.lms_id}

    @cached_property
    def groups(self) -> dict[str, list[Person]]:
        """By the letters of a group's name, who is in it."""
        groups: dict[str, list[Person]] = {}
        for person in self.people:
            if person.group:
                groups.setdefault(letters(person.group), []).append(person)
        return groups

    def named(self, name: str) -> list[Person]:
        """All who have this id, address or name, whatever stands between its letters."""
        exact = self._by_id.get(same(name))
        return [exact] if exact else self._by_name.get(letters(name), [])

    def as_text(self) -> str:
        """The content of ``roster.csv``."""
        return as_text([COLUMNS, *map(astuple, self.people)])


def read_roster(path: Path) -> Roster:
    """Read a roster, a gradebook of Canvas, a list of participants of Moodle, or a list of ids.

    Raises
    ------
    OSError
        If it cannot be read.
    ValueError
        If it is none of these, holds nobody, or two people have one id.
    """
    table = read_table(Path(path))
    rows = [[cell.strip() for cell in row] for row in table.rows]
    columns = _columns(rows[0]) if rows else {}
    if not columns and rows and all(len([cell for cell in row if cell]) == 1 for row in rows):
        people = [(at, Person(next(filter(None, row)))) for at, row in enumerate(rows, 1)]
    elif not columns.keys() & {"id", "email", "lms_id", "sis_id"}:
        got = listed(rows[0], 6) if rows else "an empty file"
        raise ValueError(
            f"{path} begins with {got}, expected the columns of a roster ({', '.join(COLUMNS)}) or "
            "of a file exported from Canvas or Moodle in English."
        )
    else:
        people = [
            (at, person)
            for at, row in enumerate(rows[1:], 2)
            if (person := _person(row, columns, rows[0])) is not None
        ]
    if not people:
        raise ValueError(f"{path} holds no students, expected one in each row.")
    lines: dict[tuple[str, str], int] = {}
    for at, person in people:
        if not person.id:
            raise ValueError(f"{path} has no id in row {at}: write one in its column id.")
        if not can_be_id(person.id):
            raise ValueError(
                f"{path} has the id {person.id!r} in row {at}, expected one that a folder can have."
            )
        if any(ROUNDED.fullmatch(value) for value in astuple(person)):
            raise ValueError(
                f"{path} has a number in row {at} that a spreadsheet has rounded: export it again, "
                "and do not save it there."
            )
        for name, value in (("id", person.id), ("lms_id", person.lms_id)):
            other = lines.setdefault((name, same(value)), at)
            if value and other != at:
                raise ValueError(
                    f"{path} has the {name} {value!r} in rows {other} and {at}: give each person "
                    "another one."
                )
    return Roster(person for _, person in people)


def course_roster(course: Path) -> Roster | None:
    """The roster of a course; None if it has none."""
    path = Path(course) / ROSTER
    return read_roster(path) if path.exists() else None


def write_roster(course: Path, roster: Roster) -> list[str]:
    """Write ``roster.csv``; whose ids the one before had, and this one has not.

    People keep their ids, by which folders and the gradebook know them, and the groups and sections
    that only the one before says.
    """
    before = course_roster(course) or Roster([])
    written = Roster(_as_before(roster.people, before.people))
    write_whole(Path(course) / ROSTER, written.as_text())
    return sorted(before.ids - written.ids)


def participants_of(worksheet: Path, roster: Roster) -> dict[str, Person]:
    """By number, the participants of an assignment in Moodle's grading worksheet.

    Raises
    ------
    OSError
        If it cannot be read.
    ValueError
        If it is not such a worksheet.
    """
    table = read_table(Path(worksheet))
    header = [same(cell) for cell in table.rows[0]] if table.rows else []
    if "identifier" not in header:
        raise ValueError(
            f"{worksheet} begins with {listed(header, 6)}, expected the column Identifier of "
            "Moodle's grading worksheet: download it while Moodle speaks English to you."
        )
    headings = ("id number", "email address", "username", "full name")
    found = {}
    for row in table.rows[1:]:
        cells = dict(zip(header, row, strict=False))
        number = re.search(r"\d+$", cells["identifier"].strip())
        for name in (cells.get(heading, "") for heading in headings):
            people = roster.named(name) if name else []
            if number and len(people) == 1:
                found[number[0]] = people[0]
                break
    return found


def known_people(course: Path) -> dict[str, Person]:
    """By id, what the roster says of people; else what Canvas said when they handed in."""
    known = {
        student: Person(student, lms_id=record.user)
        for (student, _), record in hand_ins(Path(course)).items()
        if record.platform == "canvas" and record.user.isdigit()
    }
    roster = course_roster(course)
    return known | {person.id: person for person in (roster.people if roster else ())}


def participants(course: Path) -> Mapping[tuple[str, str], str]:
    """By student and assignment, the number that Moodle wrote into the name of the hand-in.

    It is another one in each assignment, and not the number of the user.
    """
    return {
        place: record.user
        for place, record in hand_ins(Path(course)).items()
        if record.platform == "moodle" and record.user
    }


def _as_before(people: list[Person], before: list[Person]) -> list[Person]:
    """The people, each completed by the entry that was there of the same person.

    Another export may call everybody otherwise, such as by address instead of by account.
    """
    ids = {person.id for person in people}
    same_id = {person.id: person for person in before}
    others: dict[tuple[str, str], list[Person]] = {}
    for person in before:
        for key in () if person.id in ids else _keys(person):
            others.setdefault(key, []).append(person)
    hits = {
        person.id: [same_id[person.id]]
        if person.id in same_id
        else next((others[key] for key in _keys(person) if key in others), [])
        for person in people
    }
    times = Counter(found[0].id for found in hits.values() if len(found) == 1)
    return [
        replace(person.completed_by(found[0]), id=found[0].id)
        if len(found := hits[person.id]) == 1 and times[found[0].id] == 1
        else person
        for person in people
    ]


def _keys(person: Person) -> list[tuple[str, str]]:
    """What tells who somebody is whatever the id, the surest first."""
    values = {"lms_id": person.lms_id, "sis_id": person.sis_id, "email": person.address}
    return [(name, same(value)) for name, value in values.items() if value]


def _names(person: Person) -> list[str]:
    first, last = person.first_name, person.last_name
    return [person.id, person.email, person.sis_id, f"{first} {last}", f"{last} {first}"]


def _columns(header: list[str]) -> dict[str, int]:
    """By column of the roster, its place."""
    headings = [same(heading).removeprefix("\ufeff") for heading in header]
    is_canvas = {"student", "id"} <= set(headings)
    columns: dict[str, int] = {}
    for name, known in HEADINGS.items():
        for at, heading in enumerate(headings):
            if is_canvas and heading in CANVAS:
                columns[CANVAS[heading]] = at
            elif heading in known:
                columns.setdefault(name, at)
    return columns


def _person(row: list[str], columns: dict[str, int], header: list[str]) -> Person | None:
    """The person of a row; None if it is nobody's."""
    if not any(row) or (same(header[0]) == "student" and NO_STUDENTS.fullmatch(row[0])):
        return None
    values = {name: row[at] if at < len(row) else "" for name, at in columns.items()}
    whole = values.pop("name", "")
    if whole and not (values.get("first_name") or values.get("last_name")):
        last, comma, first = whole.partition(",")
        if not comma:
            first, _, last = whole.rpartition(" ")
        values["first_name"], values["last_name"] = first.strip(), last.strip()
    if not values.get("id"):
        ids = ("email", "sis_id", "lms_id")
        values["id"] = next((values[name] for name in ids if values.get(name)), "")
    return Person(**values)
