"""From a folder or a zip of files as a learning platform hands them out, to ``submitted/``.

A notebook is read from it, bounded, and written where its student's submission belongs, with what
the platform said of it in a file beside it.
"""

import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from rich.console import Console

from ..gradebook.people import Person
from ..gradebook.tables import listed
from ..printing import printable, progress_bar
from .gradescope import MAX_BYTES as MAX_METADATA_BYTES
from .gradescope import METADATA, Submission, submissions
from .hand_in import RECORD, HandIn, hand_ins
from .layouts import (
    CANVAS_ANONYMOUS,
    EXAMPLE,
    FLAT,
    GOOGLE,
    GRADESCOPE,
    LAYOUTS,
    MOODLE,
    PLAIN,
    Claim,
    Layout,
    attempt_in,
    by_roster,
    claim_of,
    own_layout,
    recognized,
)
from .moments import STAMP, seconds_of, time_stamp
from .roster import Roster
from .sources import MAX_NOTEBOOK_BYTES, MAX_TOTAL_BYTES, Contents, Found, Unusable, copy, opened
from .whose import Stranger, Whose


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
    layout : str
        Whose names the files have.
    collected : dict of str to str
        By student, the file whose content is now in ``submitted/``.
    kept : dict of str to str
        By student, the file that was left out because the one collected earlier is as new.
    late : list of str
        Whose hand-in the platform marks as late.
    duplicates : list of Duplicate
    ignored : int
        Files that are not notebooks, and notebooks beside the one named as the assignment.
    without : dict of str to tuple of str
        By student, what was handed in instead of a notebook.
    unknown : list of str
        Files whose student is not on the roster.
    unmatched : list of str
        Notebooks that the layout does not fit.
    refused : dict of str to str
        By file, why it was not taken.
    missing : list of str
        Students of the roster without a file here or earlier.
    """

    layout: str = ""
    collected: dict[str, str] = field(default_factory=dict)
    kept: dict[str, str] = field(default_factory=dict)
    late: list[str] = field(default_factory=list)
    duplicates: list[Duplicate] = field(default_factory=list)
    ignored: int = 0
    without: dict[str, tuple[str, ...]] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    unmatched: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        """Whether every file found its student."""
        return not (self.unknown or self.unmatched or self.refused or self.without)

    def lines(self) -> list[str]:
        """The report, one line per finding."""
        found = [
            f"{len(self.collected)} collected, {len(self.kept)} as new already "
            f"(layout: {self.layout})"
        ]
        if self.ignored:
            found.append(f"{self.ignored} files beside the notebooks are ignored")
        if self.late:
            found.append(f"marked late by the platform: {', '.join(self.late)}")
        for duplicate in self.duplicates:
            others = ", ".join(duplicate.ignored)
            found.append(f"{duplicate.student}: used {duplicate.used}; not {others}")
        for student, files in self.without.items():
            found.append(f"no notebook from {student}: {listed(files)}")
        found += [f"unknown student: {name}" for name in self.unknown]
        found += [f"not a submission: {name}" for name in self.unmatched]
        found += [f"refused: {name}: {why}" for name, why in self.refused.items()]
        found += [f"nothing from {student}" for student in self.missing]
        return [printable(line) for line in found]


@dataclass(frozen=True)
class _Candidate:
    """A notebook, and what its name says.

    Attributes
    ----------
    moment : float or None
        When it was handed in, or if the platform does not say, downloaded: the higher, the newer.
    handed_in : float or None
        When it was handed in.
    attempt : int
        0 for a notebook that is not named as the assignment.
    """

    file: Found
    claim: Claim
    attempt: int
    moment: float | None
    handed_in: float | None

    @property
    def order(self) -> tuple[float, bool, int, int, float, str]:
        """The highest is used; what the platform says counts more than what the file says."""
        number = int(self.claim.file) if self.claim.file.isdigit() else 0
        said, own = self.claim.moment or 0.0, self.moment or 0.0
        return said, self.attempt > 0, self.attempt, number, own, self.file.name


def collect(
    source: Path,
    course: Path,
    assignment: str,
    *,
    pattern: str | None = None,
    roster: Roster | None = None,
    participants: Mapping[str, Person] | None = None,
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
        as separator; ``{assignment}`` in it is the assignment's name. By default the layout
        of :data:`LAYOUTS` that fits, behind the folders that all files have in common.
    roster : Roster, optional
        Whose hand-ins are expected; the ids of students are then the roster's.
    participants : mapping of str to Person, optional
        By Moodle's number of a participant of this assignment, who it is.
    console : rich.console.Console, optional

    Returns
    -------
    Collected

    Raises
    ------
    FileNotFoundError
        If there is no source.
    ValueError
        If the source is neither folder nor zip, holds too many files or no notebook, its layout is
        not known, or the pattern is not usable.
    """
    source, submitted = Path(source), Path(course) / "submitted"
    own = None if pattern is None else own_layout(pattern, assignment)
    with opened(source) as contents:
        found = Collected(refused=dict(contents.refused) | _in_hidden_folders(contents, assignment))
        names = [file.name for file in contents.files]
        notebooks = [name for name in names if name.endswith(".ipynb")]
        if not notebooks and not found.refused:
            raise ValueError(f"{source} holds no notebook, expected files that end in .ipynb.")
        known = roster.ids if roster else frozenset()
        layout, depth = (own, 0) if own else recognized(names, assignment, known) or (None, 0)
        if layout is None:
            if notebooks:
                raise _unknown_layout(source, notebooks)
            return found
        found.layout = layout.platform
        files = [(_without(file.name, depth), file) for file in contents.files]
        described = _described(files) if layout is GRADESCOPE else {}
        whose = Whose(layout, assignment, roster, participants or {}, described)
        chosen = _sorted_out(files, layout, assignment, whose, roster, described, found)
        alone = len(chosen) == 1
        _refuse_namesakes(chosen, layout, roster, found)
        if layout is FLAT and not roster and _collapsed(chosen):
            raise _unknown_layout(source, notebooks)
        if depth and not roster and alone and layout is not GRADESCOPE:
            # A folder around one student's files may have been made by the platform or the student.
            for student, candidates in chosen.items():
                why = f"it may be of {student} or of who made the folder around it: give a --roster"
                found.refused |= {one.file.name: why for one in candidates}
            chosen.clear()
        _copy_all(chosen, submitted, assignment, layout, found, console)
    if roster and layout is not CANVAS_ANONYMOUS:
        for student in sorted(roster.ids):
            if not _place(submitted, student, assignment).is_file():
                found.missing.append(student)
    return found


def _in_hidden_folders(contents: Contents, assignment: str) -> dict[str, str]:
    """Submissions in a hidden folder, which would be passed over as a system's files are."""
    return {
        name: "its folder is hidden: name it without a first dot"
        for name in contents.hidden
        if name.startswith(".") and "/" in name and name.endswith(".ipynb")
        if any(claim_of(layout, assignment, name) for layout in LAYOUTS)
    }


def _unknown_layout(source: Path, notebooks: Sequence[str]) -> ValueError:
    return ValueError(
        f"{source} has files such as {printable(notebooks[0])}, which no layout fits: say which "
        f"part of a path names the student, as in {EXAMPLE}."
    )


def _collapsed(chosen: Mapping[str, Sequence[_Candidate]]) -> bool:
    """Whether files begin with something else than the student, since it is the same in many."""
    return bool(chosen) and all(len(candidates) > 1 for candidates in chosen.values())


def _without(name: str, depth: int) -> str:
    return "/".join(PurePosixPath(name).parts[depth:])


def _described(files: Iterable[tuple[str, Found]]) -> dict[str, Submission]:
    file = next(file for path, file in files if path == METADATA)
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / METADATA
        try:
            copy(file, target, MAX_METADATA_BYTES)
            return submissions(target.read_text(encoding="utf-8", errors="replace"))
        except Unusable as why:
            raise ValueError(f"{file.name} is not used, since {why}.") from why


def _sorted_out(
    files: Sequence[tuple[str, Found]],
    layout: Layout,
    assignment: str,
    whose: Whose,
    roster: Roster | None,
    described: Mapping[str, Submission],
    found: Collected,
) -> dict[str, list[_Candidate]]:
    """The notebooks of each student, of which one is to be used."""
    chosen: dict[str, list[_Candidate]] = {}
    others: dict[str, list[str]] = {}
    beside: list[tuple[str, Found]] = []
    for path, file in files:
        is_notebook = path.endswith(".ipynb")
        own_folder = by_roster(path, roster.ids) if roster and layout in PLAIN else None
        claim = Claim(own_folder) if own_folder else claim_of(layout, assignment, path)
        if claim is None:
            beside.append((path, file))
            continue
        try:
            students = whose.students(claim)
        except (Stranger, Unusable) as why:
            if not is_notebook:
                found.ignored += 1
            elif isinstance(why, Stranger):
                found.unknown.append(file.name)
            else:
                found.refused[file.name] = str(why)
            continue
        if claim.name in described:
            claim = replace(claim, moment=described[claim.name].moment)
        for student in students:
            if is_notebook:
                candidate = _candidate(file, claim, layout, attempt_in(assignment, path))
                chosen.setdefault(student, []).append(candidate)
            else:
                others.setdefault(student, []).append(file.name)
    for path, file in beside:
        if not path.endswith(".ipynb") or PurePosixPath(path).parts[0] in chosen:
            # What lies in the folder of a student who handed in the right notebook is no hand-in.
            found.ignored += 1
        else:
            found.unmatched.append(file.name)
    for student, names in others.items():
        if student in chosen:
            found.ignored += len(names)
        else:
            found.without[student] = tuple(names)
    return chosen


def _refuse_namesakes(
    chosen: dict[str, list[_Candidate]], layout: Layout, roster: Roster | None, found: Collected
) -> None:
    if layout is GOOGLE and roster:
        # The roster has one person of the name, so the copies are of one person.
        return
    for student in list(chosen):
        numbers = {one.claim.person for one in chosen[student]}
        if len(numbers) > 1:
            how = "--worksheet" if layout is MOODLE and roster else "a roster, or with --pattern"
            why = f"{len(numbers)} people are named {student}: tell them apart with {how}"
            found.refused |= {one.file.name: why for one in chosen.pop(student)}


def _candidate(file: Found, claim: Claim, layout: Layout, attempt: int) -> _Candidate:
    own = file.moment
    if layout.stamped and file.path is not None:
        own = seconds_of(time_stamp(str(file.path))) or own
    moment = own if claim.moment is None else claim.moment
    handed_in = moment if layout.dated or claim.moment is not None else None
    return _Candidate(file, claim, attempt, moment, handed_in)


def _copy_all(
    chosen: Mapping[str, list[_Candidate]],
    submitted: Path,
    assignment: str,
    layout: Layout,
    found: Collected,
    console: Console | None,
) -> None:
    submitted.mkdir(parents=True, exist_ok=True)
    before = {
        student: record for (student, _), record in hand_ins(submitted.parent, assignment).items()
    }
    left = MAX_TOTAL_BYTES
    with progress_bar(console) as progress:
        for student in progress.track(sorted(chosen), description="collecting"):
            candidates = sorted(chosen[student], key=lambda one: one.order)
            used = candidates.pop()
            if candidates:
                names = tuple(one.file.name for one in reversed(candidates))
                found.duplicates.append(Duplicate(student, used.file.name, names))
            if used.claim.late:
                found.late.append(student)
            place = _place(submitted, student, assignment)
            record = _record(used, candidates, layout)
            if not _is_newer(used, record, place, before.get(student)):
                found.kept[student] = used.file.name
                continue
            try:
                left -= _take(used, record, place, submitted, left)
            except Unusable as why:
                found.refused[used.file.name] = str(why)
            else:
                found.collected[student] = used.file.name


def _place(submitted: Path, student: str, assignment: str) -> Path:
    return submitted / student / assignment / f"{assignment}.ipynb"


def _record(used: _Candidate, others: Iterable[_Candidate], layout: Layout) -> HandIn:
    claim = used.claim
    earlier = {one.claim.moment for one in others} - {None, claim.moment}
    handed_in = used.handed_in
    return HandIn(
        platform=layout.platform,
        path=used.file.name,
        name=claim.name,
        user=claim.user,
        file=claim.file,
        attempt=len(earlier) + 1 if claim.moment is not None else max(used.attempt, 1),
        late=claim.late,
        handed_in="" if handed_in is None else f"{datetime.fromtimestamp(handed_in, UTC):%FT%TZ}",
    )


def _is_newer(used: _Candidate, record: HandIn, place: Path, before: HandIn | None) -> bool:
    if not place.is_file():
        return True
    if before and before.platform == record.platform and before.file and record.file:
        # The platform counts its files, and never changes one.
        if before.file == record.file:
            return False
        if used.claim.moment is None and before.file.isdigit() and record.file.isdigit():
            return int(record.file) > int(before.file)
    # When a file is collected, its time of modification is set to the time of handing in.
    return used.moment is not None and used.moment > place.stat().st_mtime + 1e-3


def _take(used: _Candidate, record: HandIn, place: Path, submitted: Path, left: int) -> int:
    """Copy a file to its place, and return its size in bytes."""
    with tempfile.TemporaryDirectory(dir=submitted, prefix=".collect-") as folder:
        # The stage is not named after the assignment, so that what a killed run leaves behind is
        # not taken for a submission.
        stage = Path(folder) / "stage"
        stage.mkdir(mode=0o755)
        notebook = stage / place.name
        size = copy(used.file, notebook, min(left, MAX_NOTEBOOK_BYTES))
        (stage / RECORD).write_text(record.as_text(), encoding="utf-8")
        if used.handed_in is not None:
            moment = datetime.fromtimestamp(used.handed_in, UTC)
            stamp = f"{moment:%Y-%m-%d %H:%M:%S.%f} UTC\n"
            (stage / STAMP).write_text(stamp, encoding="utf-8")
        if used.moment is not None:
            os.utime(notebook, (used.moment, used.moment))
        place.parent.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.rename(stage, place.parent)
        except OSError:
            # The folder exists already. Its stamp is replaced before its notebook: if the run stops
            # in between, the notebook is still the older one, and the next run collects it again.
            if used.handed_in is not None:
                os.replace(stage / STAMP, place.parent / STAMP)
            else:
                (place.parent / STAMP).unlink(missing_ok=True)
            os.replace(notebook, place)
            os.replace(stage / RECORD, place.parent / RECORD)
    return size
