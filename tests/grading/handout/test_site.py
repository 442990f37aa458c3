"""The site on which notebooks run in a browser: what is in it, and where the rest comes from."""

import hashlib
import json
import shutil
from pathlib import Path

import nbformat
import pytest

from grading.errors import Refused
from grading.handout import site
from grading.handout.release import assignments, pictures, read_source, student_version
from tests.support.reference_lines import solution_lines

constants = pytest.importorskip(
    "jupyterlite_pyodide_kernel.constants", reason="make site installs it"
)

ROOTS = ("numpy", "matplotlib", "pillow", "tqdm", "platformdirs", "cycler")


def package(name, depends=()):
    return {"name": name, "file_name": f"{name}-1-py3-none-any.whl", "depends": list(depends)}


@pytest.fixture
def instant(monkeypatch, wheels_of_nothing):
    """Wheels and downloads that are made on the spot, and no JupyterLite."""

    def run(command, folder, who):
        for word in command:
            if "==" in word:
                name, version = word.split("==")
                file = folder / f"{name.replace('-', '_')}-{version}-py3-none-any.whl"
                file.write_bytes(name.encode())

    monkeypatch.setattr(site, "_run", run)
    monkeypatch.setattr(site, "build_wheels", wheels_of_nothing)
    monkeypatch.setattr(site, "_requirements", lambda wheel: [*ROOTS, "psutil; sys_platform=='x'"])


@pytest.fixture
def wheels_of_nothing():
    def build(folder):
        wheels = folder / "cs231n_utils-1-none.whl", folder / "cs231n_course-1-none.whl"
        for wheel in wheels:
            wheel.write_bytes(wheel.name.encode())
        return wheels

    return build


@pytest.fixture
def pyodide(tmp_path):
    """A folder like Pyodide's, with empty packages."""
    folder = tmp_path / "pyodide"
    folder.mkdir()
    names = [*ROOTS, *site.KERNEL[:3], "traitlets", "typing-extensions", "scipy", "openblas"]
    packages = {name: package(name) for name in names}
    packages["scipy"]["depends"] = ["openblas"]
    packages["ipython"]["depends"] = ["traitlets"]
    for one in packages.values():
        (folder / one["file_name"]).touch()
    for name in site.INTERPRETER:
        (folder / name).touch()
    lock = {"info": {"python": "3.14.2", "abi_version": "2026_0"}, "packages": packages}
    (folder / site.LOCK).write_text(json.dumps(lock))
    return folder


def locked(pyodide, folder, given):
    folder.mkdir()
    shutil.copy(pyodide / site.LOCK, folder)
    site._lock(folder, given)
    return json.loads((folder / site.LOCK).read_text())["packages"]


@pytest.mark.usefixtures("instant")
def test_packages_come_from_the_cdn_and_ours_from_the_site_by_their_hashes(pyodide, tmp_path):
    packages = locked(pyodide, tmp_path / "site", None)
    assert packages["numpy"]["file_name"] == f"{site.CDN}numpy-1-py3-none-any.whl"
    assert "scipy" in packages
    for name in ("cs231n-utils", "cs231n-course", "anywidget", "ipywidgets", "comm"):
        file = tmp_path / "site" / packages[name]["file_name"]
        assert packages[name]["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    student = packages["cs231n-utils"]
    assert student["imports"] == ["cs231n_utils"]
    assert set(student["depends"]) == {*ROOTS, "anywidget", "cs231n-course"}


@pytest.mark.usefixtures("instant")
def test_folder_gives_all_that_is_needed_and_nothing_else(pyodide, tmp_path):
    packages = locked(pyodide, tmp_path / "site", pyodide)
    assert {"numpy", "traitlets", "comm"} <= set(packages)
    assert not {"scipy", "openblas", "psutil"} & set(packages)
    for one in packages.values():
        assert (tmp_path / "site" / one["file_name"]).is_file()


@pytest.mark.usefixtures("instant")
def test_folder_without_numpy_is_refused(pyodide, tmp_path):
    (pyodide / "numpy-1-py3-none-any.whl").unlink()
    with pytest.raises(Refused, match="lacks numpy-1"):
        locked(pyodide, tmp_path / "site", pyodide)


def test_pyodide_is_the_one_that_the_kernel_is_made_for():
    assert site.PYODIDE == constants.PYODIDE_VERSION
    assert f"{constants.PYODIDE_CDN_URL}/" == site.CDN


@pytest.mark.slow
@pytest.mark.xdist_group("wheels")
def test_site_holds_the_course_and_no_answer(tmp_path, wheels, monkeypatch):
    if shutil.which("npm") is None:
        pytest.skip("needs npm")
    monkeypatch.setattr(
        site, "build_wheels", lambda folder: [Path(shutil.copy(w, folder)) for w in wheels]
    )
    page = site.build_site(tmp_path / "site")
    root = page.parent.parent
    assert page.is_file() and (root / "static/pyodide/pyodide.asm.wasm").stat().st_size > 1e6
    lines = solution_lines()
    for name in assignments():
        path = root / "files" / name / f"{name}.ipynb"
        notebook = nbformat.read(path, as_version=4)
        expected = student_version(read_source(name))
        assert [c.source for c in notebook.cells] == [c.source for c in expected.cells]
        squeezed = "".join("".join(cell.source for cell in notebook.cells).split())
        assert not [line for line in lines if line in squeezed]
        assert all((path.parent / picture.name).is_file() for picture in pictures(name))
    settings = json.loads((root / "jupyter-lite.json").read_text())["jupyter-config-data"]
    extensions = {extension["name"] for extension in settings["federated_extensions"]}
    assert extensions == set(site.EXTENSIONS)
    packages = json.loads((root / "static/pyodide" / site.LOCK).read_text())["packages"]
    ours = [one for one in packages.values() if not one["file_name"].startswith(site.CDN)]
    assert {"cs231n-utils", "cs231n-course", "anywidget"} <= {one["name"] for one in ours}
    assert all((root / "static/pyodide" / one["file_name"]).is_file() for one in ours)
    assert all(len(one["sha256"]) == 64 for one in packages.values())
