"""Reads ``course.toml``; every mistake in it is one sentence: where, what was got and expected."""

import difflib
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from ..errors import Refused
from ..exercises import EXERCISES
from ..handout.release import assignments
from .questions import points_of
from .rules import CourseRules, Rules

FILE = "course.toml"
"""The file in the folder of a course."""

MAX_BYTES = 1_000_000
UNITS = {"minute": "minutes", "hour": "hours", "day": "days", "week": "weeks"}
LENGTH = re.compile(rf"\s*(\d+(?:\.\d+)?)\s*({'|'.join(UNITS)})s?\s*")
LONGEST = timedelta(days=3650)
HEADER = re.compile(r"\s*\[([^\[\]]+)\]\s*(?:#.*)?$")
KEY = re.compile(r"\s*([^#=\[\]]+?)\s*=")

COURSE_KEYS = ("timezone", "grace", "penalty_per_day", "penalty_cap")
ASSIGNMENT_KEYS = (
    "due", "grace", "penalty_per_day", "penalty_cap", "extensions", "extra_credit", "dropped",
    "full_points",
)  # fmt: skip


class Mistaken(Refused):
    """The file says something that cannot be meant; ``sentences`` holds all of it."""

    def __init__(self, sentences: Sequence[str]):
        self.sentences = tuple(sentences)
        more = len(sentences) - 1
        rest = f" (and {more} more: `python -m grading course` lists them)" if more else ""
        super().__init__(f"{sentences[0]}{rest}")


def read_rules(course: Path, known: Iterable[str] | None = None) -> CourseRules:
    """Read the rules of a course; without a file there is no due date and no penalty.

    Parameters
    ----------
    course : Path
        The folder of the course.
    known : iterable of str, optional
        Ids of the students; an extension of anybody else is a mistake.

    Raises
    ------
    Mistaken
        If the file cannot be read or holds a mistake.
    """
    path = Path(course) / FILE
    try:
        with open(path, "rb") as file:
            text = file.read(MAX_BYTES).decode("utf-8-sig")
        data = tomllib.loads(text)
    except FileNotFoundError:
        return CourseRules()
    except OSError as error:
        raise Mistaken([f"{path} cannot be read ({error.strerror}): mend that"]) from error
    except UnicodeDecodeError as error:
        raise Mistaken([f"{path} is not a text in UTF-8: save it as such"]) from error
    except (tomllib.TOMLDecodeError, ValueError, RecursionError) as error:
        raise Mistaken([f"{path} is not TOML: {error}"]) from error
    reading = _Reading(path, _lines(text), None if known is None else frozenset(known))
    rules = reading.course(data)
    if reading.mistakes:
        raise Mistaken(reading.mistakes)
    return rules


@dataclass
class _Reading:
    """One pass over the file, which goes on after a mistake."""

    path: Path
    lines: Mapping[tuple[str, ...], int]
    known: frozenset[str] | None
    zone: tzinfo | None = None
    mistakes: list[str] = field(default_factory=list)

    def wrong(self, place: tuple[str, ...], got: Any, expected: str) -> None:
        line = f", line {self.lines[place]}" if place in self.lines else ""
        shown = f"{got!r}" if isinstance(got, str) else f"{got}"
        name = ".".join(place)
        self.mistakes.append(f"{self.path}{line}: {name} is {shown[:100]}, expected {expected}")

    def unknown(self, place: tuple[str, ...], names: Iterable[str], what: str) -> None:
        line = f", line {self.lines[place]}" if place in self.lines else ""
        expected = _expected(place[-1], list(names))
        self.mistakes.append(f"{self.path}{line}: {what} {place[-1]!r}, expected {expected}")

    def course(self, data: Mapping[str, Any]) -> CourseRules:
        self.zone = self.timezone(data)
        given = self.late((), data, Rules(zone=self.zone or UTC))
        found = {}
        for name, table in data.items():
            if name in COURSE_KEYS:
                continue
            if name not in assignments():
                self.unknown((name,), [*assignments(), *COURSE_KEYS], "there is no assignment")
            elif not isinstance(table, dict):
                self.wrong((name,), table, f"a table: [{name}]")
            else:
                found[name] = self.assignment(name, table, given)
        return CourseRules(found, given)

    def timezone(self, data: Mapping[str, Any]) -> tzinfo | None:
        name = data.get("timezone")
        if name is None:
            return None
        try:
            return ZoneInfo(name)
        except (OSError, ValueError, TypeError, LookupError):
            self.wrong(("timezone",), name, "the name of a time zone, such as 'Europe/Berlin'")
            return UTC

    def late(self, place: tuple[str, ...], table: Mapping[str, Any], given: Rules) -> Rules:
        """The rules with a table's own grace and penalty instead of those given."""
        return Rules(
            grace=self.value(place, table, "grace", self.length, given.grace),
            penalty_per_day=self.value(
                place, table, "penalty_per_day", self.percent, given.penalty_per_day
            ),
            penalty_cap=self.value(place, table, "penalty_cap", self.percent, given.penalty_cap),
            zone=given.zone,
        )

    def assignment(self, name: str, table: Mapping[str, Any], given: Rules) -> Rules:
        place = (name,)
        for key in table:
            if key not in ASSIGNMENT_KEYS:
                self.unknown((name, key), ASSIGNMENT_KEYS, f"{name} has no key")
        late = self.late(place, table, given)
        due = self.value(place, table, "due", self.moment, None)
        questions = points_of(name)
        lists = {
            key: self.questions((name, key), table.get(key, []), questions, parts=False)
            for key in ("extra_credit", "dropped")
        }
        full = self.questions(
            (name, "full_points"), table.get("full_points", []), questions, parts=True
        )
        for question in sorted(lists["dropped"].keys() & (lists["extra_credit"].keys() | full)):
            self.wrong(
                (name, "dropped"),
                question,
                "a question that neither extra_credit nor full_points names",
            )
        return Rules(
            due=due,
            grace=late.grace,
            penalty_per_day=late.penalty_per_day,
            penalty_cap=late.penalty_cap,
            extensions=self.extensions((name, "extensions"), table.get("extensions", {}), due),
            extra_credit=frozenset(lists["extra_credit"]),
            dropped=frozenset(lists["dropped"]),
            full_points=full,
            zone=late.zone,
            named=True,
        )

    def value(
        self,
        place: tuple[str, ...],
        table: Mapping[str, Any],
        key: str,
        read: Callable[[tuple[str, ...], Any], Any],
        default: Any,
    ) -> Any:
        """What a key says; the default where it is missing or mistaken."""
        if key not in table:
            return default
        found = read((*place, key), table[key])
        return default if found is None else found

    def percent(self, place: tuple[str, ...], value: Any) -> float | None:
        if type(value) in (int, float) and 0 <= value <= 100:
            return float(value)
        self.wrong(place, value, "a number from 0 to 100, in percent of the points possible")
        return None

    def length(self, place: tuple[str, ...], value: Any) -> timedelta | None:
        found = _length(value)
        if found is None:
            self.wrong(place, value, "a length of time such as '15 minutes' or '2 days'")
        return found

    def moment(self, place: tuple[str, ...], value: Any) -> datetime | None:
        if not isinstance(value, datetime):
            self.wrong(place, value, "a date and time such as 2027-03-01T23:59:00, without quotes")
        elif value.tzinfo is not None:
            return value
        elif self.zone is None:
            expected = "a time zone: 2027-03-01T23:59:00+01:00, or timezone = 'Europe/Berlin' first"
            self.wrong(place, value, expected)
        else:
            return value.replace(tzinfo=self.zone)
        return None

    def extensions(
        self, place: tuple[str, ...], table: Any, due: datetime | None
    ) -> dict[str, datetime]:
        if not isinstance(table, dict):
            self.wrong(place, table, f"a table: [{'.'.join(place)}]")
            return {}
        found = {}
        for student, value in table.items():
            at = (*place, student)
            if self.known is not None and student not in self.known:
                self.unknown(at, sorted(self.known), "the roster has no student")
                continue
            length = _length(value)
            if length is None and not isinstance(value, datetime):
                self.wrong(at, value, "the new due date, or a length of time such as '2 days'")
            elif due is None:
                self.wrong(at, value, f"a due date to extend: {place[0]}.due")
            else:
                later = due + length if length is not None else self.moment(at, value)
                if later is not None and later < due:
                    self.wrong(at, value, f"a time after the due date {due}")
                elif later is not None:
                    found[student] = later
        return found

    def questions(
        self, place: tuple[str, ...], value: Any, known: Mapping[str, float], *, parts: bool
    ) -> dict[str, frozenset[str]]:
        """By question, the parts that a list names; none where it names the whole question."""
        such = "such as ['softmax', 'softmax: value']" if parts else "such as ['softmax']"
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            self.wrong(place, value, f"a list of questions {such}")
            return {}
        found: dict[str, frozenset[str]] = {}
        for text in value:
            name, colon, part = (one.strip() for one in text.partition(":"))
            exercise = EXERCISES.get(name)
            there = list(exercise.parts) if exercise else []
            if name not in known:
                self.wrong(place, text, _expected(name, list(known)))
            elif colon and not parts:
                self.wrong(place, text, f"a whole question: {name}")
            elif colon and part not in there:
                expected = f"one of its parts: {_expected(part, there)}" if there else name
                self.wrong(place, text, expected)
            elif not colon or (name in found and not found[name]):
                found[name] = frozenset()
            else:
                found[name] = found.get(name, frozenset()) | {part}
        return found


def _length(value: Any) -> timedelta | None:
    """The length of time that a text says; None if it says none."""
    match = LENGTH.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return None
    try:
        length = timedelta(**{UNITS[match[2]]: float(match[1])})
    except OverflowError:
        return None
    return length if length <= LONGEST else None


def _expected(got: str, names: Sequence[str]) -> str:
    """The name that is nearest, or else all."""
    near = difflib.get_close_matches(got, names, n=1)
    if near:
        return repr(near[0])
    return f"one of {', '.join(names[:20])}{', ...' if len(names) > 20 else ''}"


def _lines(text: str) -> dict[tuple[str, ...], int]:
    """By key, the number of the line in which it first stands."""
    found: dict[tuple[str, ...], int] = {}
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), 1):
        if header := HEADER.match(line):
            table = _names(header[1])
            found.setdefault(table, number)
        elif key := KEY.match(line):
            found.setdefault((*table, *_names(key[1])), number)
    return found


def _names(key: str) -> tuple[str, ...]:
    """The names of a dotted key, without their quotes."""
    parts = re.findall(r"\"[^\"]*\"|'[^']*'|[^.\"']+", key)
    return tuple(part.strip().strip("\"'") for part in parts if part.strip())
