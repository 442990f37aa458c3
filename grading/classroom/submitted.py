"""Puts hand-ins where nbgrader expects them, each whole or not at all, with what is known of it."""

import os
import tempfile
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from ..printing import progress_bar
from .candidates import Candidate
from .collected import Collected, Duplicate
from .hand_in import MAX_SECRET_BYTES, RECORD, SECRET, HandIn, hand_ins
from .layouts import Layout
from .moments import STAMP
from .sources import MAX_NOTEBOOK_BYTES, MAX_TOTAL_BYTES, Unusable, copy


def place_of(submitted: Path, student: str, assignment: str) -> Path:
    """Where nbgrader expects a student's notebook."""
    return submitted / student / assignment / f"{assignment}.ipynb"


def put_all(
    chosen: Mapping[str, list[Candidate]],
    submitted: Path,
    assignment: str,
    layout: Layout,
    found: Collected,
    console: Console | None,
) -> None:
    """Copy the newest notebook of each student, unless the one that is there is as new."""
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
            place = place_of(submitted, student, assignment)
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


def _record(used: Candidate, others: Iterable[Candidate], layout: Layout) -> HandIn:
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


def _is_newer(used: Candidate, record: HandIn, place: Path, before: HandIn | None) -> bool:
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


def _take(used: Candidate, record: HandIn, place: Path, submitted: Path, left: int) -> int:
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
        if used.secret is not None:
            copy(used.secret, stage / SECRET, MAX_SECRET_BYTES)
        if used.moment is not None:
            os.utime(notebook, (used.moment, used.moment))
        place.parent.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.rename(stage, place.parent)
        except OSError:
            # The folder exists already. Its stamp is replaced before its notebook: if the run stops
            # in between, the notebook is still the older one, and the next run collects it again.
            for name in (STAMP, SECRET):
                if (stage / name).exists():
                    os.replace(stage / name, place.parent / name)
                else:
                    (place.parent / name).unlink(missing_ok=True)
            os.replace(notebook, place)
            os.replace(stage / RECORD, place.parent / RECORD)
    return size
