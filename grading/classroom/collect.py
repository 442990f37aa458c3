"""From a folder or a zip of files as a learning platform hands them out, to ``submitted/``.

Nothing is unpacked by the names that the archive gives: a notebook is read from it, bounded,
and written where its student's submission belongs.
"""

import contextlib
import os
import re
import stat
import tempfile
import time
import zipfile
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from itertools import takewhile
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from rich.console import Console

from ..printing import printable, progress_bar

MAX_FILES = 100_000
MAX_NOTEBOOK_BYTES = 300 << 20
MAX_TOTAL_BYTES = 20 << 30
MAX_RATIO = 200
"""A file of a zip that is larger than ``SMALL`` may have at most this many times its compressed
size."""

SMALL = 4 << 20
BLOCK = 1 << 12
"""Files are copied in blocks of this many bytes. They are small because LZMA and bzip2 unpack all
that a block holds into memory, which can be far more."""

MOODLE = r"^(?P<student>[^/]+?)_(?P<person>\d+)_assignsubmission_file_?/.+\.ipynb$"
CANVAS = r"^(?P<student>[^/_]+)(?:_LATE)?_(?P<person>\d+)_\d+_[^/]*\.ipynb$"
NESTED = r"^(?P<student>[^/]+)/(?:{assignment}/)?{assignment}\.ipynb$"
FLAT = r"^(?P<student>[^/_]+)_[^/]*\.ipynb$"
PATTERNS = (MOODLE, CANVAS, NESTED, FLAT)
"""Patterns that are tried in this order; ``{assignment}`` is the assignment's name.

They match from the start of the path, so that a student cannot pass for another one by the name of
a folder or file. ``person`` is the number that the platform gives to the person who handed in.
"""

STAMPED = r"(?s)^(?!.*_assignsubmission_file).*/{assignment}/{assignment}\.ipynb$"
"""Notebooks beside which nbgrader keeps the time of handing in; beside any other, a file of that
name is the student's own."""

EARLIEST, LATEST = 0.0, datetime(2100, 1, 1, tzinfo=UTC).timestamp()
"""A time of handing in is believed if it lies between these two, in seconds since 1970."""

_STUDENT = re.compile(r"[^\W_][\w .,@+'’-]{0,127}")
_IGNORED = re.compile(r"(^|/)(__MACOSX(/|$)|\.(?!\.?(/|$)))")


@dataclass(frozen=True)
class Duplicate:
    """A student with several files: the one used and those that were not."""

    student: str
    used: str
    ignored: tuple[str, ...]


@dataclass
class Collected:
    """What became of every file.

    Attributes
    ----------
    collected : dict of str to str
        By student, the file whose content is now in ``submitted/``.
    kept : dict of str to str
        By student, the file that was left out because the one collected earlier is as new.
    duplicates : list of Duplicate
    unknown : list of str
        Files whose student is not on the roster.
    unmatched : list of str
        Files that no pattern takes for a submission.
    refused : dict of str to str
        By file, why it was not taken.
    missing : list of str
        Students of the roster without a file here or earlier.
    """

    collected: dict[str, str] = field(default_factory=dict)
    kept: dict[str, str] = field(default_factory=dict)
    duplicates: list[Duplicate] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    unmatched: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        """Whether every file found its student."""
        return not (self.unknown or self.unmatched or self.refused)

    def lines(self) -> list[str]:
        """The report, one line per finding."""
        found = [f"{len(self.collected)} collected, {len(self.kept)} as new already"]
        for duplicate in self.duplicates:
            ignored = ", ".join(duplicate.ignored)
            found.append(f"{duplicate.student}: used {duplicate.used}, the newest; not {ignored}")
        found += [f"unknown student: {name}" for name in self.unknown]
        found += [f"not a submission: {name}" for name in self.unmatched]
        found += [f"refused: {name}: {why}" for name, why in self.refused.items()]
        found += [f"nothing from {student}" for student in self.missing]
        return [printable(line) for line in found]


@dataclass(frozen=True)
class _File:
    """A regular file that was found; ``moment`` is seconds since 1970, None if not known."""

    name: str
    moment: float | None
    open: Callable[[], BinaryIO]
    packed: int | None = None


class _Refused(Exception):
    """A file that is not taken, and why."""


def collect(
    source: Path,
    course: Path,
    assignment: str,
    *,
    pattern: str | None = None,
    roster: Collection[str] | None = None,
    console: Console | None = None,
) -> Collected:
    """Copy notebooks to ``submitted/STUDENT/ASSIGNMENT/ASSIGNMENT.ipynb``.

    A submission is there whole or not at all, and one that is there stays unless the new
    one is newer.

    Parameters
    ----------
    source : Path
        A folder or a zip.
    course : Path
        Root of the nbgrader course.
    assignment : str
    pattern : str, optional
        A regular expression with a group ``student``, searched in each file's path with ``/``
        as separator; ``{assignment}`` in it is the assignment's name. By default
        :data:`PATTERNS`, behind the folders that all files have in common.
    roster : collection of str, optional
        Student ids. A name in a file that is not one of them, but has the letters and digits
        of exactly one, is taken for that one.
    console : rich.console.Console, optional

    Returns
    -------
    Collected

    Raises
    ------
    FileNotFoundError
        If there is no source.
    ValueError
        If the source is neither folder nor zip, holds too many files, or the pattern is not
        usable.
    """
    source = Path(source)
    patterns = _compiled(assignment, pattern)
    stamped = re.compile(STAMPED.replace("{assignment}", re.escape(assignment)))
    found = Collected()
    is_clutter = partial(_is_clutter, patterns=patterns, found=found)
    chosen: dict[str, list[_File]] = {}
    people: dict[str, set[str]] = {}
    with _opened(source, found, is_clutter, stamped if pattern is None else None) as files:
        names = [file.name for file in files]
        match, depth = _matcher(patterns, roster, names if pattern is None else [])
        for file in files:
            student, person = match(file.name)
            if student is None:
                found.unmatched.append(file.name)
            elif roster is not None and student not in roster:
                found.unknown.append(file.name)
            elif not _STUDENT.fullmatch(student) or ".." in student:
                found.refused[file.name] = f"{student!r} cannot be a student's id"
            else:
                chosen.setdefault(student, []).append(file)
                people.setdefault(student, set()).update([person] if person else [])
        for student, numbers in people.items():
            if len(numbers) > 1:
                why = f"{len(numbers)} people are named {student}: tell them apart with --pattern"
                found.refused |= {file.name: why for file in chosen.pop(student)}
        if depth and roster is None and len(people) == 1:
            # A folder around one student's files may have been made by the platform or the student.
            for student, own in chosen.items():
                why = f"it may be of {student} or of who made the folder around it: give a --roster"
                found.refused |= {file.name: why for file in own}
            chosen.clear()
        _copy_all(chosen, Path(course) / "submitted", assignment, found, console)
    for student in sorted(roster or ()):
        if not _place(Path(course) / "submitted", student, assignment).is_file():
            found.missing.append(student)
    return found


def _copy_all(
    chosen: dict[str, list[_File]],
    submitted: Path,
    assignment: str,
    found: Collected,
    console: Console | None,
) -> None:
    submitted.mkdir(parents=True, exist_ok=True)
    left = MAX_TOTAL_BYTES
    with progress_bar(console) as progress:
        for student in progress.track(sorted(chosen), description="collecting"):
            files = sorted(chosen[student], key=lambda file: (file.moment or 0.0, file.name))
            newest = files.pop()
            if files:
                names = tuple(file.name for file in reversed(files))
                found.duplicates.append(Duplicate(student, newest.name, names))
            place = _place(submitted, student, assignment)
            if not _is_newer(newest, place):
                found.kept[student] = newest.name
                continue
            try:
                left -= _take(newest, place, submitted, left)
            except _Refused as why:
                found.refused[newest.name] = str(why)
            else:
                found.collected[student] = newest.name


def _place(submitted: Path, student: str, assignment: str) -> Path:
    return submitted / student / assignment / f"{assignment}.ipynb"


def _is_newer(file: _File, place: Path) -> bool:
    if not place.is_file():
        return True
    # When a file is collected, its time of modification is set to the time of handing in.
    return file.moment is not None and file.moment > place.stat().st_mtime + 1e-3


def _take(file: _File, place: Path, submitted: Path, left: int) -> int:
    """Copy a file to its place, and return its size in bytes."""
    with tempfile.TemporaryDirectory(dir=submitted, prefix=".collect-") as folder:
        # The stage is not named after the assignment, so that what a killed run leaves behind is
        # not taken for a submission.
        stage = Path(folder) / "stage"
        stage.mkdir(mode=0o755)
        notebook = stage / place.name
        size = _copy(file, notebook, min(left, MAX_NOTEBOOK_BYTES))
        if file.moment is not None:
            handed_in = datetime.fromtimestamp(file.moment, UTC)
            stamp = f"{handed_in:%Y-%m-%d %H:%M:%S.%f} UTC\n"
            (stage / "timestamp.txt").write_text(stamp, encoding="utf-8")
            os.utime(notebook, (file.moment, file.moment))
        place.parent.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.rename(stage, place.parent)
        except OSError:
            # The folder exists already. Its stamp is replaced before its notebook: if the run stops
            # in between, the notebook is still the older one, and the next run collects it again.
            if file.moment is not None:
                os.replace(stage / "timestamp.txt", place.parent / "timestamp.txt")
            else:
                (place.parent / "timestamp.txt").unlink(missing_ok=True)
            os.replace(notebook, place)
    return size


def _copy(file: _File, target: Path, most: int) -> int:
    size = 0
    with open(target, "xb") as copy:
        for block in _blocks(file):
            size += len(block)
            if size > most:
                raise _Refused(f"it is larger than {most:,} bytes")
            if file.packed is not None and size > max(SMALL, MAX_RATIO * file.packed):
                raise _Refused(f"it unpacks to more than {MAX_RATIO} times its size")
            copy.write(block)
    return size


def _blocks(file: _File) -> Iterator[bytes]:
    """The content of a file, block by block; any error in reading it only refuses this file."""
    try:
        with file.open() as content:
            while block := content.read(BLOCK):
                yield block
    except OSError as error:
        raise _Refused(f"it cannot be read ({error.strerror or error})") from error
    except Exception as error:
        raise _Refused(f"it cannot be unpacked ({str(error) or type(error).__name__})") from error


@contextlib.contextmanager
def _opened(
    source: Path,
    found: Collected,
    is_clutter: Callable[[str], bool],
    stamped: re.Pattern[str] | None,
) -> Iterator[list[_File]]:
    if source.is_dir():
        yield _files_of_folder(source, found, is_clutter, stamped)
    elif not source.exists():
        raise FileNotFoundError(f"{source} does not exist, expected a folder or a zip.")
    elif not zipfile.is_zipfile(source):
        raise ValueError(f"{source} is neither a folder nor a zip: unpack it, give the folder.")
    else:
        with zipfile.ZipFile(source) as archive:
            yield _files_of_zip(archive, found, is_clutter)


def _is_clutter(path: str, patterns: list[re.Pattern[str]], found: Collected) -> bool:
    """Whether a file belongs to the system; a submission in a hidden folder is refused as well."""
    if not _IGNORED.search(path):
        return False
    if path.startswith(".") and "/" in path and any(one.search(path) for one in patterns):
        found.refused[path] = "its folder is hidden: name it without a first dot"
    return True


def _files_of_folder(
    source: Path,
    found: Collected,
    is_clutter: Callable[[str], bool],
    stamped: re.Pattern[str] | None,
) -> list[_File]:
    files = []
    for folder, names, own in os.walk(source):
        for name in [*names, *own]:
            path = Path(folder) / name
            relative = path.relative_to(source).as_posix()
            if is_clutter(relative) or name == "timestamp.txt":
                continue
            about = path.lstat()
            if stat.S_ISDIR(about.st_mode):
                if name.endswith(".ipynb"):
                    found.refused[relative] = "it is a folder, expected a file"
            elif not stat.S_ISREG(about.st_mode):
                found.refused[relative] = "it is a link or not a regular file"
            else:
                moment = _believed(about.st_mtime)
                if stamped is not None and stamped.search(relative):
                    moment = _stamp_beside(path) or moment
                files.append(_File(relative, moment, lambda path=path: _open_regular(path)))
            _require_few(len(files))
        if Path(folder) != source:
            names[:] = [name for name in names if not _IGNORED.search(f"{name}/")]
    return sorted(files, key=lambda file: file.name)


def _open_regular(path: Path) -> BinaryIO:
    """Open a file, unless it has become a link since it was listed."""
    return open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb")


def _stamp_beside(path: Path) -> float | None:
    """The time in nbgrader's ``timestamp.txt``, if one is beside the notebook."""
    try:
        with _open_regular(path.with_name("timestamp.txt")) as file:
            text = file.read(100).decode("ascii").strip()
        stamp = datetime.strptime(text, "%Y-%m-%d %H:%M:%S.%f UTC").replace(tzinfo=UTC)
    except (OSError, ValueError):
        return None
    return _believed(stamp.timestamp())


def _believed(moment: float) -> float | None:
    return moment if EARLIEST < moment < LATEST else None


def _files_of_zip(
    archive: zipfile.ZipFile, found: Collected, is_clutter: Callable[[str], bool]
) -> list[_File]:
    files = []
    entries = archive.infolist()
    _require_few(len(entries))
    for entry in entries:
        name = entry.filename.replace("\\", "/")
        if entry.is_dir() or is_clutter(name):
            continue
        if PurePosixPath(name).name == "timestamp.txt":
            continue
        why = _why_not(entry, name)
        if why:
            found.refused[name] = why
            continue

        def open_entry(entry: zipfile.ZipInfo = entry) -> BinaryIO:
            return archive.open(entry)

        files.append(_File(name, _moment(entry), open_entry, entry.compress_size))
    return sorted(files, key=lambda file: file.name)


def _why_not(entry: zipfile.ZipInfo, name: str) -> str:
    mode = entry.external_attr >> 16
    if name.startswith("/") or re.match(r"[A-Za-z]:", name) or ".." in name.split("/"):
        return "its path leads out of the archive"
    if "\0" in name or len(name) > 1_000:
        return "its name cannot be that of a file"
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        return "it is a link or not a regular file"
    if entry.flag_bits & 1:
        return "it is encrypted"
    if entry.file_size > MAX_NOTEBOOK_BYTES:
        return f"it is larger than {MAX_NOTEBOOK_BYTES:,} bytes"
    if entry.file_size > max(SMALL, MAX_RATIO * entry.compress_size):
        return f"it unpacks to more than {MAX_RATIO} times its size"
    return ""


def _moment(entry: zipfile.ZipInfo) -> float | None:
    """The time that a zip gives a file, in local time; the year 1980 stands for an unknown time."""
    if entry.date_time[0] <= 1980:
        return None
    try:
        return _believed(time.mktime((*entry.date_time, 0, 0, -1)))
    except (ValueError, OverflowError):
        return None


def _require_few(count: int) -> None:
    if count > MAX_FILES:
        raise ValueError(f"got more than {MAX_FILES:,} files: split them, or give one folder less.")


def _compiled(assignment: str, pattern: str | None) -> list[re.Pattern[str]]:
    patterns = []
    for text in (pattern,) if pattern is not None else PATTERNS:
        try:
            compiled = re.compile(text.replace("{assignment}", re.escape(assignment)))
        except re.error as error:
            raise ValueError(
                f"the pattern {text!r} is not a regular expression: {error}."
            ) from error
        if "student" not in compiled.groupindex:
            raise ValueError(
                f"the pattern {text!r} has no group named student: write (?P<student>...) "
                "around the part of the path that names the student."
            )
        patterns.append(compiled)
    return patterns


def _matcher(
    patterns: list[re.Pattern[str]],
    roster: Collection[str] | None,
    names: list[str],
) -> tuple[Callable[[str], tuple[str | None, str]], int]:
    """A function that reads student and person from a file's path, and how many folders it skips.

    The student is None for a file that is not a submission. Only folders that all ``names`` have
    in common are skipped, so none are if there are no names.
    """
    known = frozenset(roster or ())
    by_letters: dict[str, list[str]] = {}
    for student in known:
        by_letters.setdefault(_letters(student), []).append(student)

    def named(path: str) -> tuple[str | None, str]:
        for compiled in patterns:
            hit = compiled.search(path)
            if hit and hit["student"]:
                student, person = hit["student"], hit.groupdict().get("person") or ""
                same = by_letters.get(_letters(student), [])
                unknown = student not in known and len(same) == 1
                return (same[0] if unknown else student), person
        return None, ""

    def match(path: str) -> tuple[str | None, str]:
        # Where a platform has named the student, the rest of the path is the student's choice, so
        # the roster is not searched for in it.
        if not names or any(platform.search(path) for platform in patterns[:2]):
            return named(path)
        student = _by_roster(path, known)
        return (student, "") if student else named(path)

    def is_no_student(level: tuple[str, ...]) -> bool:
        return len(set(level)) == 1 and _letters(level[0]) not in by_letters

    notebooks = [name for name in names if name.endswith(".ipynb")]
    levels = zip(*(PurePosixPath(name).parts[:-1] for name in notebooks), strict=False)
    common = sum(1 for _ in takewhile(is_no_student, levels))
    for depth in range(common + 1):
        if any(match(_without(name, depth))[0] for name in notebooks):
            return (lambda name, depth=depth: match(_without(name, depth))), depth
    return match, 0


def _without(name: str, depth: int) -> str:
    return "/".join(PurePosixPath(name).parts[depth:])


def _by_roster(name: str, known: frozenset[str]) -> str | None:
    """The student whose id is the first folder's name, or begins a file's name without folder."""
    path = PurePosixPath(name)
    if path.suffix != ".ipynb":
        return None
    if len(path.parts) > 1:
        return path.parts[0] if path.parts[0] in known else None
    stem = path.stem
    ends = [index for index, letter in enumerate(stem) if letter == "_"] + [len(stem)]
    return max((stem[:end] for end in ends if stem[:end] in known), key=len, default=None)


def _letters(name: str) -> str:
    return re.sub(r"[\W_]", "", name).casefold()
