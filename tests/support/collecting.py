"""Small archives of hand-ins, and what collecting makes of them."""

import json
import zipfile

from grading.classroom.hand_in import HandIn
from grading.classroom.roster import Roster
from grading.gradebook.people import Person

A = "01-loss-functions"
MORNING, NOON = (2026, 11, 20, 8, 0, 0), (2026, 11, 20, 12, 0, 0)


def zipped(path, files):
    """A zip of names with content, or with (content, time)."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            entry = name
            if not isinstance(name, zipfile.ZipInfo):
                content, moment = content if isinstance(content, tuple) else (content, MORNING)
                entry = zipfile.ZipInfo(name, moment)
                entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return path


def ids(*students):
    """A roster that holds ids and nothing else."""
    return Roster(map(Person, students))


def handed_in(course):
    """By student, what is in ``submitted/``."""
    folder = course / "submitted"
    return {
        path.parts[-3]: path.read_text(encoding="utf-8") for path in folder.glob(f"*/{A}/{A}.ipynb")
    }


def record(course, student):
    text = (course / "submitted" / student / A / "handed-in.json").read_text(encoding="utf-8")
    return HandIn(**json.loads(text))
