"""The two packages that students install: `cs231n_utils`, and the exercises for self-study."""

import subprocess
import sys
from pathlib import Path

from ..errors import Refused
from .release import PROJECT


def build_wheels(folder: Path) -> tuple[Path, Path]:
    """Build both wheels into a folder.

    Returns
    -------
    (Path, Path)
        The wheel of the student package, and that of the course, which holds the references.

    Raises
    ------
    Refused
        If pip cannot build them.
    """
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir"]
    command = [*pip, str(folder), str(PROJECT), str(PROJECT / "grading")]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1].rstrip(".")
        raise Refused(f"pip could not build the wheels ({reason}): see that it can download")
    (student,) = folder.glob("cs231n_utils-*.whl")
    (course,) = folder.glob("cs231n_course-*.whl")
    return student, course
