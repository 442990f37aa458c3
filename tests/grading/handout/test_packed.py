"""A release as one file: a student needs nothing else, and it tells no answer."""

import zipfile
from pathlib import Path

import pytest

from grading.handout import packed
from grading.handout.release import write_student_version
from tests.support.reference_lines import solution_lines

RUN = "00-start-here"


@pytest.fixture
def release(tmp_path, monkeypatch):
    """A released folder, and a wheel that is built on the spot."""

    def build(folder):
        wheels = folder / "cs231n_utils-1.0.0-py3-none-any.whl", folder / "course.whl"
        for wheel in wheels:
            wheel.write_bytes(b"wheel")
        return wheels

    monkeypatch.setattr(packed, "build_wheels", build)
    folder = tmp_path / RUN
    write_student_version(RUN, folder)
    return folder


def test_zip_holds_notebook_student_package_readme_and_requirements(release):
    path = packed.pack(release)
    assert path == release.with_name(f"{RUN}.zip")
    with zipfile.ZipFile(path) as archive:
        files = {Path(name).name: archive.read(name) for name in archive.namelist()}
        beside = [name for name in archive.namelist() if Path(name).parent.name != RUN]
    assert beside == ["glossary.md"]
    wheel = "cs231n_utils-1.0.0-py3-none-any.whl"
    assert {f"{RUN}.ipynb", wheel, "README.txt", "requirements.txt"} <= set(files)
    assert not [name for name in files if "course" in name]
    requirements = files["requirements.txt"].decode().splitlines()
    assert requirements[0] == f"./{wheel}"
    assert any(line.startswith("jupyterlab") for line in requirements)
    readme = files["README.txt"].decode().splitlines()
    assert len(readme) == 10 and "{" not in "".join(readme)
    squeezed = "".join(files[f"{RUN}.ipynb"].decode().split())
    assert not [line for line in solution_lines() if line in squeezed]
