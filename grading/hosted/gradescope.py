"""Writes an autograder for Gradescope: a zip with all that grades one assignment.

In its root are ``setup.sh`` and ``run_autograder``; ``instructor/`` is read by what grades alone,
``student/`` is the package that answers import.
"""

import json
import zipfile
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from cs231n_utils.system.files import written_whole

from ..errors import Refused
from ..handout.release import PROJECT
from ..submission.grade import Settings
from .autograder import SETTINGS

SCRIPTS = ("setup.sh", "run_autograder")
VISIBILITIES = ("visible", "hidden", "after_due_date", "after_published")
PACKAGED = ("pyproject.toml", "README.md", "LICENSE")
LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The time of all files, so that the same autograder is the same zip."""


def write_autograder(target: Path, settings: Settings, visibility: str = "visible") -> Path:
    """Write the zip that Gradescope takes under *Configure Autograder*.

    Parameters
    ----------
    target : Path
    settings : Settings
        What submissions are judged by.
    visibility : str
        When students see the tests: visible, hidden, after_due_date or after_published.

    Returns
    -------
    Path
        ``target``.

    Raises
    ------
    Refused
        If there is no such visibility.
    OSError
        If it cannot be written.
    """
    if visibility not in VISIBILITIES:
        expected = ", ".join(VISIBILITIES)
        raise Refused(f"there is no visibility {visibility!r}, expected one of {expected}")
    data = json.dumps(asdict(settings) | {"visibility": visibility})
    with written_whole(target) as file, zipfile.ZipFile(file, "w") as archive:
        for name, content in _files():
            _add(archive, name, content)
        _add(archive, f"instructor/{SETTINGS}", data.encode())
    return target


def _files() -> Iterator[tuple[str, bytes]]:
    here = Path(__file__).parent
    for name in SCRIPTS:
        yield name, (here / name).read_bytes()
    for name in PACKAGED:
        yield f"student/{name}", (PROJECT / name).read_bytes()
    for package, folder, pattern in (
        ("cs231n_utils", "student", "*"),
        ("grading", "instructor", "*.py"),
    ):
        for path in sorted((PROJECT / package).rglob(pattern)):
            if path.is_file() and "__pycache__" not in path.parts:
                yield f"{folder}/{path.relative_to(PROJECT).as_posix()}", path.read_bytes()


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    about = zipfile.ZipInfo(name, LONG_AGO)
    about.compress_type = zipfile.ZIP_DEFLATED
    about.external_attr = (0o755 if name in SCRIPTS else 0o644) << 16
    archive.writestr(about, content)
