"""From a folder or a zip of files as a learning platform hands them out, to ``submitted/``."""

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePosixPath

from rich.console import Console

from ..gradebook.people import Person
from ..printing import printable
from .candidates import Candidate, refuse_namesakes, sorted_out
from .collected import Collected
from .gradescope import MAX_BYTES as MAX_METADATA_BYTES
from .gradescope import METADATA, Submission, submissions
from .layouts import (
    CANVAS_ANONYMOUS,
    EXAMPLE,
    FLAT,
    GRADESCOPE,
    LAYOUTS,
    claim_of,
    own_layout,
    recognized,
)
from .roster import Roster
from .sources import Contents, Found, Unusable, copy, opened
from .submitted import place_of, put_all
from .whose import Whose


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
        chosen = sorted_out(files, layout, assignment, whose, roster, described, found)
        alone = len(chosen) == 1
        refuse_namesakes(chosen, layout, roster, found)
        if layout is FLAT and not roster and _collapsed(chosen):
            raise _unknown_layout(source, notebooks)
        if depth and not roster and alone and layout is not GRADESCOPE:
            # A folder around one student's files may have been made by the platform or the student.
            for student, candidates in chosen.items():
                why = f"it may be of {student} or of who made the folder around it: give a --roster"
                found.refused |= {one.file.name: why for one in candidates}
            chosen.clear()
        put_all(chosen, submitted, assignment, layout, found, console)
    if roster and layout is not CANVAS_ANONYMOUS:
        for student in sorted(roster.ids):
            if not place_of(submitted, student, assignment).is_file():
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


def _collapsed(chosen: Mapping[str, Sequence[Candidate]]) -> bool:
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
