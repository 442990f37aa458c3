"""Packs feedback pages in a zip that Canvas or Moodle hands back to each student."""

import zipfile
from collections import Counter
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from cs231n_utils.system.files import written_whole

from .hand_in import HandIn, hand_ins

PLATFORMS = ("canvas", "moodle")


class Packed(NamedTuple):
    """The zip, and one line for each student whose page is not in it."""

    path: Path
    left_out: tuple[str, ...]


def pack(course: Path, assignment: str, platform: str) -> Packed:
    """Write ``feedback/ASSIGNMENT-PLATFORM.zip``.

    Canvas takes it under *Submissions > Upload Submissions*, and Moodle under *Upload multiple
    feedback files in a zip*. Both find a person by numbers in the names of what was
    downloaded from them, so only what was collected from there can be handed back.

    Raises
    ------
    ValueError
        If the platform is not known.
    FileNotFoundError
        If there are no pages.
    """
    if platform not in PLATFORMS:
        raise ValueError(f"got layout {platform!r}, expected one of {', '.join(PLATFORMS)}.")
    course = Path(course)
    records = hand_ins(course, assignment)
    pages = sorted((course / "feedback").glob(f"*/{assignment}/{assignment}.html"))
    if not pages:
        raise FileNotFoundError(f"{course} holds no feedback on {assignment}: write it first.")
    sharing = Counter(record.path for record in records.values())
    packed: dict[str, Path] = {}
    left_out = []
    for page in pages:
        student = page.parts[-3]
        record = records.get((student, assignment))
        if record is None or record.platform != platform:
            left_out.append(f"{student}: not collected from {platform.capitalize()}")
        elif platform == "moodle" and (sharing[record.path] > 1 or not record.user):
            left_out.append(f"{student}: Moodle takes feedback files for persons, not for groups")
        else:
            # Canvas gives the page of the one who handed in to the whole group.
            packed.setdefault(_name(record, assignment), page)
    target = course / "feedback" / f"{assignment}-{platform}.zip"
    with written_whole(target) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, page in packed.items():
            archive.write(page, name)
    return Packed(target, tuple(left_out))


def _name(record: HandIn, assignment: str) -> str:
    """The name by which the platform finds whose a page is."""
    if record.platform == "canvas":
        return str(PurePosixPath(PurePosixPath(record.path).name).with_suffix(".html"))
    # Versions before 4.1 need the last underscore, and later ones accept it.
    return f"{record.name}_{record.user}_assignsubmission_file_/{assignment}.html"
