"""How each learning platform writes its gradebook: which columns name a person, which a grade."""

import contextlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from .people import Person
from .tables import listed, read_table, same


@dataclass(frozen=True)
class Platform:
    """The gradebook file of a platform.

    Attributes
    ----------
    name : str
    needed : tuple of tuple of str
        Sets of headings, by any of which such a file is known.
    about : tuple of str
        Headings of columns that say who a person is; a new file begins with them.
    keys : tuple of (str, str)
        Headings of columns that name a person, and the attribute of :class:`Person` that stands
        there; ``number`` is the one that the platform writes into names of files. The first key
        that finds somebody decides.
    heading : str
        A regular expression for an assignment's heading; ``{title}`` is what its author calls it.
    number : str
        A regular expression that finds the platform's number of an assignment in its heading.
    only : str
        The heading of the grades in a file that is of one assignment.
    aside : str
        A regular expression for the first cell of rows that are no person's.
    beside : tuple of str
        Headings of other columns that hold no grades.
    possible : str
        A regular expression that finds the points possible in an assignment's heading.
    """

    name: str
    needed: tuple[tuple[str, ...], ...]
    about: tuple[str, ...]
    keys: tuple[tuple[str, str], ...]
    heading: str
    number: str = r"(?!)"
    only: str = ""
    aside: str = r"(?!)"
    beside: tuple[str, ...] = ()
    possible: str = r"(?!)"


CANVAS = Platform(
    "Canvas",
    needed=(("Student", "ID"),),
    about=("Student", "ID", "SIS User ID", "SIS Login ID", "Section"),
    keys=(
        ("ID", "lms_id"),
        ("SIS User ID", "sis_id"),
        ("SIS Login ID", "login"),
        ("SIS Login ID", "address"),
        ("SIS User ID", "login"),
    ),
    heading=r"{title}(\s*\(\d+\))?",
    number=r"\((\d+)\)$",
    aside=r"\s*(Points Possible|Manual Posting.*|Muted)?\s*",
)
MAXIMUM = "Maximum Grade"
"""The heading of the points possible in Moodle's grading worksheet."""

MOODLE = Platform(
    "Moodle",
    needed=(("Identifier", "Grade"), ("Email address",), ("ID number",)),
    about=("First name", "Last name", "ID number", "Email address"),
    keys=(
        ("Identifier", "number"),
        ("ID number", "sis_id"),
        ("Email address", "address"),
        ("ID number", "login"),
        ("Username", "login"),
    ),
    heading=r"([\w ]+: ?)?{title}( \((real|points)\))?",
    only="Grade",
    beside=("Identifier", "Full name", "Username", "Status", MAXIMUM, "Feedback comments"),
)
BLACKBOARD = Platform(
    "Blackboard",
    needed=(("Username",),),
    about=("Last Name", "First Name", "Username", "Student ID"),
    keys=(("Username", "login"), ("Student ID", "sis_id"), ("Username", "address")),
    heading=r"{title}( \[total pts:[^\]]*\])?( ?\|\d+)?",
    number=r"\|(\d+)$",
    possible=r"\[total pts: ([\d.,]+)",
)

POSSIBLE = "Points Possible"
"""The first cell of Canvas's row of the points possible, after spaces."""

DECISIVE = ("lms_id", "number")
"""Where these differ between a row and a person, no other key makes them the same."""


class Filling:
    """A file exported by a platform, in which scores are filled in row by row.

    Parameters
    ----------
    platform : Platform
    path : Path

    Raises
    ------
    ValueError
        If it is not such a file.
    """

    def __init__(self, platform: Platform, path: Path):
        self.platform, self.path = platform, Path(path)
        self.table = read_table(self.path)
        self.header = [heading.strip() for heading in self.table.rows[0]] if self.table.rows else []
        if not any(set(headings) <= set(self.header) for headings in platform.needed):
            wanted = ", or ".join(" and ".join(headings) for headings in platform.needed)
            raise ValueError(
                f"{self.path} begins with {listed(self.header, 6)}, expected the columns {wanted} "
                f"of a file exported from {platform.name}: export it while {platform.name} speaks "
                "English to you."
            )
        for row in self.table.rows:
            row.extend([""] * (len(self.header) - len(row)))

    def column(self, assignment: str, named: str = "") -> int:
        """The place of an assignment's grades.

        Parameters
        ----------
        assignment : str
        named : str
            The heading, or the part of it that the assignment's author chose, or the platform's
            number; empty if the assignment has the same name there.

        Raises
        ------
        ValueError
            If there is no such column, or several.
        """
        title = same(named or assignment)
        pattern = re.compile(self.platform.heading.replace("{title}", re.escape(title)))

        def is_meant(heading: str) -> bool:
            number = re.search(self.platform.number, heading)
            return bool(
                pattern.fullmatch(same(heading))
                or (named and number and number[1] == named)
                or (not named and heading == self.platform.only)
            )

        no_grades = {*self.platform.about, *self.platform.beside}
        places = [at for at, one in enumerate(self.header) if one and one not in no_grades]
        found = [at for at in places if same(self.header[at]) == title]
        found = found or [at for at in places if is_meant(self.header[at])]
        if len(found) != 1:
            many = "several columns" if found else "no column"
            others = [self.header[at] for at in places]
            raise ValueError(
                f"{self.path} has {many} for {named or assignment}: name one of {listed(others)} "
                "with --column."
            )
        return found[0]

    def possible(self, column: int) -> float | None:
        """The points possible that the file gives to an assignment; None if it does not."""
        said = re.search(self.platform.possible, same(self.header[column]))
        cells = [said[1]] if said else []
        for row in self.table.rows[1:]:
            if row[0].strip() == POSSIBLE:
                cells.append(row[column])
            elif self.header[column] == self.platform.only and MAXIMUM in self.header:
                cells.append(row[self.header.index(MAXIMUM)])
        for cell in cells:
            with contextlib.suppress(ValueError):
                return float(cell.replace(",", "."))
        return None

    def people(
        self, people: Iterable[Person], numbers: Mapping[str, str]
    ) -> Iterable[tuple[list[str], Person | None]]:
        """The rows that are a person's, each with the person; None if nobody is known for it.

        Parameters
        ----------
        people : iterable of Person
        numbers : mapping of str to str
            By student, what the platform calls the person where it hides the name.
        """
        keys = self.platform.keys
        known: dict[tuple[str, str], list[Person]] = {}
        ids = {}
        for person in people:
            ids[person.id] = {
                name: same(getattr(person, name, numbers.get(person.id, ""))) for _, name in keys
            }
            for name, value in ids[person.id].items():
                if value:
                    known.setdefault((name, value), []).append(person)
        rows = [row for row in self.table.rows[1:] if not re.fullmatch(self.platform.aside, row[0])]
        found: list[Person | None] = []
        for row in rows:
            cells = dict(zip(self.header, map(same, row), strict=False))
            said = [
                # "Participant 12" is said in the language of the teacher.
                (name, re.sub(r"^.*?(\d*)$", r"\1", cell) if name == "number" else cell)
                for name, cell in ((name, cells.get(heading, "")) for heading, name in keys)
            ]
            decisive = [(name, value) for name, value in said if value and name in DECISIVE]
            hits: list[Person] = []
            for place in said:
                hits = [
                    person
                    for person in known.get(place, [])
                    if all(ids[person.id][name] in ("", value) for name, value in decisive)
                ]
                if hits:
                    break
            # An id that two people share finds neither.
            found.append(hits[0] if len(hits) == 1 else None)
        times = Counter(person.id for person in found if person)
        for row, person in zip(rows, found, strict=True):
            # Neither of two rows that seem to be of one person is known to be theirs.
            yield row, person if person and times[person.id] == 1 else None
