"""The zip for Gradescope holds what grades, and nothing that depends on when it was made."""

import json
import subprocess
import zipfile

import pytest

from grading import hosted_commands
from grading.errors import Refused
from tests.support.small_class import ASSIGNMENT


def test_autograder_has_its_scripts_in_the_root_and_all_that_grades(course):
    path = hosted_commands.gradescope(course, ASSIGNMENT, "after_due_date", 20.0)
    written = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        settings = json.loads(archive.read("instructor/settings.json"))
        scripts = {name: archive.getinfo(name) for name in ("setup.sh", "run_autograder")}
        for name in scripts:
            checked = subprocess.run(["bash", "-n"], input=archive.read(name))
            assert checked.returncode == 0
    assert all(about.external_attr >> 16 == 0o755 for about in scripts.values())
    wanted = {
        "instructor/grading/hosted/autograder.py",
        "student/cs231n_utils/widgets/static/svm.js",
        "student/pyproject.toml",
    }
    assert wanted < set(names)
    assert not [name for name in names if "__pycache__" in name]
    # What students import holds no reference.
    assert not [name for name in names if name.startswith("student/grading")]
    assert (settings["visibility"], settings["rubric"]["timeout"]) == ("after_due_date", 20.0)
    assert (
        hosted_commands.gradescope(course, ASSIGNMENT, "after_due_date", 20.0).read_bytes()
        == written
    )


def test_unknown_visibility_is_refused(course):
    with pytest.raises(Refused, match="no visibility 'never', expected one of visible, hidden"):
        hosted_commands.gradescope(course, ASSIGNMENT, "never", 20.0)
    assert not (course.root / "gradescope").exists()
