"""A class, and archives of what it handed in as each platform writes them."""

import csv
import io
import unicodedata
import zipfile
from dataclasses import dataclass

NAMES = (
    ("Ana", "López"), ("Ana", "López"), ("小明", "王"), ("محمد", "علي"), ("Zoë", "Ågren-Núñez"),
    ("Siobhán", "O'Neill"), ("李", "小龍"), ("Наталья", "Ким"), ("अनिल", "कुमार"),
    ("Jean (JP)", "de la Tour"), ("한솔", "김"), ("John Ronald", "van Dam"),
)  # fmt: skip
"""Names of nobody in particular; the first two people are namesakes."""


@dataclass(frozen=True)
class Pupil:
    """One student, as the platforms know them.

    Attributes
    ----------
    id : str
        Account.
    number : int
        The platform's number of the person.
    points : float
        What the student is to get.
    """

    id: str
    first: str
    last: str
    number: int
    points: float

    @property
    def email(self):
        return f"{self.id}@school.example"

    @property
    def sis(self):
        return f"S{self.number}"

    @property
    def file(self):
        """The platform's number of the file; Moodle's number of the participant."""
        return self.number * 7 + 1

    @property
    def work(self):
        """The content of the notebook handed in."""
        return f"work of {self.id}"


def class_of(count):
    """A class in which the first two have one name, and all others names of their own."""
    pupils = []
    for index in range(count):
        first, last = NAMES[index % len(NAMES)]
        batch = index // len(NAMES)
        last = f"{last} {'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[batch]}" if batch else last
        if batch and index % len(NAMES) == 1:
            first = "Ana María"
        number = 1000 + 13 * index
        pupils.append(Pupil(f"stud_{index:03d}", first, last, number, 1 + index / 8))
    return pupils


def _canvas_name(pupil):
    """Canvas keeps only letters, marks, digits and underscores of "Last, First"."""
    name = f"{pupil.last}, {pupil.first}".lower()
    return "".join(c for c in name if unicodedata.category(c)[0] in "LM" or c.isdigit())


def canvas(pupil, assignment):
    late = "_LATE" if pupil.number % 2 else ""
    again = "-1" if pupil.number % 3 else ""
    name = f"{_canvas_name(pupil)}{late}_{pupil.number}_{pupil.file}_{assignment}{again}.ipynb"
    return {name: pupil.work}


def moodle(pupil, assignment):
    folder = f"{pupil.first} {pupil.last}_{pupil.file}_assignsubmission_file"
    text = folder.replace("_file", "_onlinetext")
    return {
        f"{folder}/{assignment}.ipynb": pupil.work,
        f"{folder}/scratch.ipynb": "scratch",
        f"{text}/onlinetext.html": "<p>Hello</p>",
    }


def moodle_flat(pupil, assignment):
    """Without *Download submissions in folders*."""
    files = moodle(pupil, assignment).items()
    return {name.replace("/", "_"): content for name, content in files}


def blackboard(pupil, assignment):
    start = f"Home_work 1_{pupil.id}_attempt_2026-11-2"
    return {
        f"{start}0-09-00-00_{assignment}.ipynb": "first attempt",
        f"{start}1-09-00-00_{assignment}.ipynb": pupil.work,
        f"{start}1-09-00-00.txt": "Name: hidden",
    }


def google(pupil, assignment):
    return {f"Homework/{pupil.first} {pupil.last} - {assignment}.ipynb": pupil.work}


def github(pupil, assignment):
    folder = f"hw-1-submissions/hw-1-{pupil.id}"
    return {
        f"{folder}/{assignment}.ipynb": pupil.work,
        f"{folder}/README.md": "# Homework",
        f"{folder}/.git/HEAD": "ref",
    }


def exchange(pupil, assignment):
    start = f"{pupil.id}+{assignment}+2026-11-2"
    return {
        f"{start}1 09:00:00.000001 UTC+abc/{assignment}.ipynb": pupil.work,
        f"{start}0 09:00:00.000001 UTC+xyz/{assignment}.ipynb": "first attempt",
    }


def gradescope(pupil, assignment):
    return {f"assignment_9_export/submission_{pupil.file}/{assignment}.ipynb": pupil.work}


LAYOUTS = {
    one.__name__: one
    for one in (canvas, moodle, moodle_flat, blackboard, google, github, exchange, gradescope)
}


def gradescope_metadata(pupils):
    lines = []
    for pupil in pupils:
        lines += [
            f"submission_{pupil.file}:",
            "  :submitters:",
            f'  - :name: "{pupil.first} {pupil.last}"',
            f"    :sid: {pupil.sis}",
            f"    :email: {pupil.email}",
            "  :created_at: 2026-11-21 09:00:00.123456000 Z",
        ]
    return "\n".join(lines)


def archive(path, layout, pupils, assignment, *, flag=True, form="NFC"):
    """Write the zip of a layout; without the flag, as programs that do not say it is UTF-8."""
    files = {}
    for pupil in pupils:
        files |= LAYOUTS[layout](pupil, assignment)
    if layout == "gradescope":
        files["assignment_9_export/submission_metadata.yml"] = gradescope_metadata(pupils)
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as target:
        for name, content in files.items():
            named = unicodedata.normalize(form, name)
            target.writestr(zipfile.ZipInfo(named, (2026, 12, 1, 8, 0, 0)), content)
    data = written.getvalue()
    if not flag:
        data = _without_flag(data)
    path.write_bytes(data)
    return path


def _without_flag(data):
    """Clear the bit that says that names are UTF-8, in local and central headers."""
    changed = bytearray(data)
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            changed[at + place + 1] &= ~0x08
            at = data.find(mark, at + 1)
    return bytes(changed)


def canvas_gradebook(path, pupils, assignment, *, delimiter=",", encoding="utf-8-sig"):
    """A gradebook as Canvas exports it."""
    rows = [["Student", "ID", "SIS User ID", "SIS Login ID", "Section", f"{assignment} (4711)"]]
    rows += [["    Points Possible", "", "", "", "", "24"]]
    for pupil in reversed(pupils):
        name = f"{pupil.last}, {pupil.first}"
        rows.append([name, pupil.number, pupil.sis, pupil.id, "S1", ""])
    rows.append(["Student, Test", "99", "", "0af3", "S1", ""])
    return _table(path, rows, delimiter, encoding)


def moodle_worksheet(path, pupils):
    """A grading worksheet as Moodle's assignment writes it."""
    rows = [
        ["Identifier", "Full name", "ID number", "Email address", "Status", "Grade",
         "Maximum Grade", "Grade can be changed", "Last modified (grade)", "Feedback comments"]
    ]  # fmt: skip
    for pupil in reversed(pupils):
        about = [f"Participant {pupil.file}", f"{pupil.first} {pupil.last}", "", pupil.email]
        rows.append([*about, "Submitted", "", "24.00", "Yes", "-", ""])
    return _table(path, rows, ",", "utf-8")


def blackboard_gradebook(path, pupils):
    """A grade center as Blackboard exports it: tabs, in UTF-16."""
    rows = [["Last Name", "First Name", "Username", "Student ID",
             "Home_work 1 [Total Pts: 24 Score] |815"]]  # fmt: skip
    rows += [[pupil.last, pupil.first, pupil.id, pupil.sis, ""] for pupil in reversed(pupils)]
    return _table(path, rows, "\t", "utf-16")


def _table(path, rows, delimiter, encoding):
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path
