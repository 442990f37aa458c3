"""How each platform names what was handed in: one description per layout, as data."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import takewhile
from pathlib import PurePosixPath

from .gradescope import METADATA
from .moments import believed, seconds_of, utc_of


@dataclass(frozen=True)
class Layout:
    """How one platform names files.

    Patterns match from the start of the path, so that a student cannot pass for another one by
    the name of a folder or file. In a pattern, ``{assignment}`` is the assignment's name; the group
    ``name`` is the person's name or ``id`` the person's account, ``user`` and ``file`` are
    the platform's numbers of both, ``late`` is its mark, and ``time`` is when it was handed in.

    Attributes
    ----------
    platform : str
    pattern : str
    dated : bool
        Whether a file's own time is that of handing in; else it is that of the download.
    time : str
        How ``time`` is written, for ``strptime``, in local time; empty for one in UTC.
    stamped : bool
        Whether nbgrader's ``timestamp.txt`` may lie beside a notebook; in another layout, a
        file of that name is the student's own.
    person : str
        The group whose value differs between two people of one name.
    any_file : bool
        Whether files that are not notebooks are named in the same way.
    anywhere : bool
        Whether the pattern is searched in the path instead of describing all of it.
    """

    platform: str
    pattern: str
    dated: bool = False
    time: str = ""
    stamped: bool = False
    person: str = "user"
    any_file: bool = True
    anywhere: bool = False

    def compiled(self, assignment: str) -> re.Pattern[str]:
        """The pattern for an assignment."""
        return _compiled(self.pattern.replace("{assignment}", re.escape(assignment)))


MOODLE = Layout(
    "moodle",
    r"(?P<name>[^/_]+)(?:_(?P<user>\d+))?"
    r"_assignsubmission_(?:file|onlinetext)(?:_[^/]*|_?/.+)",
)
CANVAS_ANONYMOUS = Layout(
    "canvas",
    r"(?:(?P<late>LATE)_)?(?P<id>anon_(?P<user>[A-Za-z0-9]+))(?:_LATE)?"
    r"_(?:(?P<file>\d+)_[^/]*|(?:text|link)\.html)",
)
CANVAS = Layout(
    "canvas",
    r"(?P<name>[^/]+?)(?:_(?P<late>LATE))?_(?P<user>\d+)"
    r"_(?:(?P<file>\d+)_[^/]*|(?:text|link)\.html)",
)
BLACKBOARD = Layout(
    "blackboard",
    r"(?P<title>[^/]+)_(?P<id>[^/_]+)_attempt_(?P<time>\d{4}(?:-\d\d){5})(?:_[^/]*|\.txt)",
    time="%Y-%m-%d-%H-%M-%S",
    person="title",
)
EXCHANGE = Layout(
    "nbgrader exchange",
    r"(?P<id>[^/]+?)\+{assignment}\+(?P<time>\d{4}-\d\d-\d\d [^/+]+)(?:\+[^/]*)?/.+",
)
GITHUB = Layout(
    "github classroom",
    r"(?:(?P<slug>[^/]+)-submissions/(?P=slug)|{assignment})-(?!submissions/)(?P<id>[^/]+)/.+",
)
GRADESCOPE = Layout("gradescope", r"(?P<id>submission_(?P<file>\d+))/.+")
NESTED = Layout(
    "folders",
    r"(?P<id>[^/]+)/(?:{assignment}/)?{assignment}\.ipynb",
    dated=True,
    stamped=True,
    any_file=False,
)
GOOGLE = Layout(
    "google classroom",
    r"(?P<name>[^/]+?) - [^/]*?(?P<copy>\(\d+\))?(?:\.\w+)?",
    dated=True,
    person="copy",
)
FLAT = Layout("files", r"(?P<id>[^/_]+)_[^/]*\.ipynb", dated=True, any_file=False)

LAYOUTS = (
    MOODLE, CANVAS_ANONYMOUS, CANVAS, BLACKBOARD, EXCHANGE, GITHUB, GRADESCOPE, NESTED, GOOGLE, FLAT
)  # fmt: skip
"""The layout that fits most notebooks is taken; of several that fit as many, the first."""

PLAIN = (NESTED, FLAT)
"""Layouts of which anybody may have made the names; there the ids of a roster are looked for."""


def own_layout(pattern: str, assignment: str) -> Layout:
    """The layout of a pattern with a group ``student``.

    Raises
    ------
    ValueError
        If it is not a regular expression, or has no such group.
    """
    layout = Layout("pattern", pattern, dated=True, person="", anywhere=True)
    try:
        groups = layout.compiled(assignment).groupindex
    except re.error as error:
        raise ValueError(
            f"the pattern {pattern!r} is not a regular expression: {error}."
        ) from error
    if "student" not in groups:
        raise ValueError(
            f"the pattern {pattern!r} has no group named student: write (?P<student>...) "
            "around the part of the path that names the student."
        )
    return layout


EXAMPLE = r"--pattern '^(?P<student>[^/]+)/hw1\.ipynb$'"


@dataclass(frozen=True)
class Claim:
    """Whose a file says it is.

    Attributes
    ----------
    name : str
        The name or account of the person.
    user, file : str
        The platform's numbers of the person and of the file.
    person : str
        What tells two people of one name apart.
    late : bool
        The platform's mark.
    moment : float or None
        When it was handed in, in seconds since 1970, if the name says so.
    """

    name: str
    user: str = ""
    file: str = ""
    person: str = ""
    late: bool = False
    moment: float | None = None


def claim_of(layout: Layout, assignment: str, path: str) -> Claim | None:
    """What a layout reads in a path; None if the layout does not fit it."""
    if not layout.any_file and not path.endswith(".ipynb"):
        return None
    compiled = layout.compiled(assignment)
    hit = compiled.search(path) if layout.anywhere else compiled.fullmatch(path)
    if hit is None:
        return None
    said = {name: value or "" for name, value in hit.groupdict().items()}
    name = said.get("id") or said.get("name") or said.get("student") or ""
    if not name:
        return None
    if layout in PLAIN and letters(name) == letters(assignment):
        return None
    return Claim(
        name,
        said.get("user", ""),
        said.get("file", ""),
        said.get(layout.person, ""),
        bool(said.get("late")),
        _moment(said.get("time", ""), layout.time),
    )


def recognized(
    names: Sequence[str], assignment: str, known: frozenset[str] = frozenset()
) -> tuple[Layout, int] | None:
    """The layout of a set of files, and how many folders around all of them are left out.

    Parameters
    ----------
    names : sequence of str
        Paths of all files.
    assignment : str
    known : frozenset of str
        Ids of the roster; a folder named so is a student's, and not around all files.

    Returns
    -------
    (Layout, int) or None
        None if no layout fits any notebook.
    """
    notebooks = [name for name in names if name.endswith(".ipynb")]
    parts = [PurePosixPath(name).parts for name in notebooks]
    forms = {letters(student) for student in known}

    def is_around(level: tuple[str, ...]) -> bool:
        return len(set(level)) == 1 and letters(level[0]) not in forms

    levels = zip(*(part[:-1] for part in parts), strict=False)
    best: tuple[int, Layout, int] | None = None
    for depth in range(sum(1 for _ in takewhile(is_around, levels)) + 1):
        paths = ["/".join(part[depth:]) for part in parts]
        described = any(PurePosixPath(name).parts[depth:] == (METADATA,) for name in names)
        for layout in LAYOUTS:
            if layout is GRADESCOPE and not described:
                continue
            fitting = sum(
                claim_of(layout, assignment, path) is not None
                or (layout in PLAIN and by_roster(path, known) is not None)
                for path in paths
            )
            if fitting > (best[0] if best else 0):
                best = fitting, layout, depth
    return best and best[1:]


def by_roster(path: str, known: frozenset[str]) -> str | None:
    """The student whose id is the first folder's name, or begins a file's name without folder."""
    place = PurePosixPath(path)
    if place.suffix != ".ipynb":
        return None
    if len(place.parts) > 1:
        return place.parts[0] if place.parts[0] in known else None
    stem = place.stem
    ends = [index for index, letter in enumerate(stem) if letter == "_"] + [len(stem)]
    return max((stem[:end] for end in ends if stem[:end] in known), key=len, default=None)


def is_named_so(assignment: str, path: str) -> bool:
    """Whether a file has the name of the assignment, perhaps with what a platform adds to it."""
    return attempt_in(assignment, path) > 0


def attempt_in(assignment: str, path: str) -> int:
    """Which attempt the end of a name, such as ``-1``, stands for; 0 if it has another name."""
    name = PurePosixPath(path).name
    end = rf"(?:^|[_ -]){re.escape(assignment)}(?:-(\d{{1,3}})| ?\(\d{{1,3}}\))?\.ipynb"
    hit = re.search(f"{end}$", name)
    return 0 if hit is None else int(hit[1] or 0) + 1


def letters(name: str) -> str:
    """The letters, digits and marks of a name, in a form in which equal names are equal."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    return "".join(letter for letter in folded if unicodedata.category(letter)[0] in "LNM")


def _moment(text: str, form: str) -> float | None:
    if not form:
        return seconds_of(utc_of(text)) if text else None
    try:
        return believed(datetime.strptime(text, form).timestamp())
    except (ValueError, OverflowError, OSError):
        return None


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.DOTALL)
