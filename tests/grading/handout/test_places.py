"""Where one click opens the course: every address leads to a file that there is, or will be."""

import json
import os
import re
import subprocess
import sys
from urllib.parse import parse_qs, urlsplit

import nbformat
import pytest
import yaml

from grading.errors import Refused
from grading.handout import places
from grading.handout.learn import lay_out
from grading.handout.places import HOLDS, links, write_places
from grading.handout.release import PROJECT
from tests.support.reference_lines import solution_lines

FIRST = "00-start-here"
WORKFLOWS = PROJECT / ".github" / "workflows"


@pytest.fixture
def one_assignment(monkeypatch):
    monkeypatch.setattr(places, "assignments", lambda: [FIRST])


def test_readme_has_the_addresses_that_are_made():
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    shown = dict(re.findall(r"^\| \[([\w ]+)\]\((https:[^)]+)\)", readme, re.MULTILINE))
    assert shown == links("OWNER/NAME", FIRST)


@pytest.mark.usefixtures("one_assignment")
def test_addresses_lead_to_files_that_are_written(tmp_path):
    addresses = links("ann/course", FIRST)
    written = write_places("ann/course", tmp_path)
    for place in ("Colab", "Kaggle"):
        _, _, path = addresses[place].partition(f"/ann/course/blob/{HOLDS}/")
        assert (written / path).is_file()
    (in_lab,) = parse_qs(urlsplit(addresses["Binder"]).query)["labpath"]
    (in_page,) = parse_qs(urlsplit(addresses["your browser"]).query)["path"]
    assert in_lab == f"work/{in_page}"
    assert in_page == f"{FIRST}/{FIRST}.ipynb"  # as test_site and lay_out have it


@pytest.mark.usefixtures("one_assignment")
def test_first_cell_installs_and_the_rest_is_what_students_get(tmp_path):
    write_places("ann/course", tmp_path)
    lines = solution_lines()
    for place, expected in (
        ("colab", "https://github.com/ann/course/releases/download/v1.0.0/cs231n_course-1.0.0-py3"),
        ("kaggle", "--no-index --no-deps"),
    ):
        notebook = nbformat.read(tmp_path / place / FIRST / f"{FIRST}.ipynb", as_version=4)
        nbformat.validate(notebook)
        assert expected in notebook.cells[0].source
        student = "".join("".join(cell.source for cell in notebook.cells[1:]).split())
        assert "raiseNotImplementedError" in student
        assert not [line for line in lines if line in student]


def test_kaggle_takes_what_its_data_set_has(tmp_path, monkeypatch):
    (tmp_path / "data" / "cifar-10-batches-py").mkdir(parents=True)
    installed = []
    code = places.KAGGLE.replace("/kaggle/input", str(tmp_path)).replace(
        "%pip install --quiet --no-index --no-deps {wheels}", "installed.append(wheels)"
    )
    with pytest.raises(AssertionError, match="add the data set"):
        exec(code, {"installed": installed})
    wheels = [tmp_path / "data" / f"cs231n_{name}-1.whl" for name in ("utils", "course")]
    for wheel in wheels:
        wheel.touch()
    monkeypatch.setattr(os, "environ", {})
    exec(code, {"installed": installed})
    assert set(installed[0].split()) == set(map(str, wheels))
    assert os.environ == {"CS231N_DATASETS": str(tmp_path / "data" / "cifar-10-batches-py")}


def test_name_that_is_no_repository_is_refused(tmp_path):
    with pytest.raises(Refused, match="OWNER/NAME"):
        write_places("https://example.org", tmp_path)


def test_binder_and_codespaces_open_a_notebook_that_is_laid_out(tmp_path, monkeypatch):
    monkeypatch.setattr("grading.handout.learn.assignments", lambda: [FIRST])
    lay_out(tmp_path / "work")
    settings = json.loads((PROJECT / ".devcontainer" / "devcontainer.json").read_text())
    for opened in settings["customizations"]["codespaces"]["openFiles"]:
        assert (tmp_path / opened).is_file()
    for script in ("postBuild", "start"):
        path = PROJECT / "binder" / script
        assert os.access(path, os.X_OK)
        subprocess.run(["bash", "-n", path], check=True)
    asked = (PROJECT / "binder" / "requirements.txt").read_text().strip()
    assert asked == "--editable .[learning]"


@pytest.mark.parametrize("workflow", sorted(path.name for path in WORKFLOWS.iterdir()))
def test_workflow_keeps_to_the_schema_and_calls_what_there_is(workflow):
    text = (WORKFLOWS / workflow).read_text()
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema"]
    done = subprocess.run(
        [*command, "vendor.github-workflows", WORKFLOWS / workflow], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout
    makefile = (PROJECT / "Makefile").read_text()
    for target in re.findall(r"run: make (\w+)", text):
        assert f"\n{target}: " in makefile
    for job in yaml.safe_load(text)["jobs"].values():
        for step in job["steps"]:
            assert re.fullmatch(r"actions/[\w-]+@v\d+", step.get("uses", "actions/x@v1"))


def test_matrix_has_every_python_that_is_supported_or_named_and_three_systems():
    text = (WORKFLOWS / "tests.yml").read_text()
    matrix = yaml.safe_load(text)["jobs"]["student"]["strategy"]["matrix"]
    assert matrix["python"] == ["3.11", "3.12", "3.13", "3.14"]
    image = json.loads((PROJECT / ".devcontainer" / "devcontainer.json").read_text())["image"]
    binder = (PROJECT / "binder" / "runtime.txt").read_text().strip()
    assert image.partition("/python:")[2] in matrix["python"]
    assert binder.removeprefix("python-") in matrix["python"]
    assert [name.partition("-")[0] for name in matrix["os"]] == ["ubuntu", "macos", "windows"]
