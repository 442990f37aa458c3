"""The site on which notebooks run in a browser: what is in it, and where the rest comes from."""

import hashlib
import json
import shutil
from importlib.metadata import requires
from pathlib import Path

import nbformat
import pytest

from grading.errors import Refused
from grading.handout import site
from grading.handout.release import assignments, pictures, read_source, student_version
from tests.support.reference_lines import solution_lines

LITE = "make site installs it"

ROOTS = ("numpy", "matplotlib", "pillow", "tqdm", "platformdirs", "cycler")


def package(name, depends=()):
    return {"name": name, "file_name": f"{name}-1-py3-none-any.whl", "depends": list(depends)}


@pytest.fixture
def instant(monkeypatch, wheels_of_nothing):
    """Wheels and downloads that are made on the spot, no JupyterLite; what PyPI does not have."""
    absent = set()

    def run(command, folder, who):
        wanted = [word.split("==")[0] for word in command[command.index("--python-version") + 2 :]]
        if absent & set(wanted):
            raise Refused(f"{who}: there is none")
        for name in wanted:
            file = folder / f"{name.replace('-', '_')}-1-py3-none-any.whl"
            file.write_bytes(name.encode())

    def requirements(wheel):
        name = wheel.name.split("-")[0].replace("_", "-")
        return [*ROOTS, "psutil; sys_platform=='x'"] if name == site.STUDENT else requires(name)

    monkeypatch.setattr(site, "_run", run)
    monkeypatch.setattr(site, "build_wheels", wheels_of_nothing)
    monkeypatch.setattr(site, "_requirements", requirements)
    return absent


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
    for name in (*site.INTERPRETER, site.SCRIPTS[0]):
        (folder / name).touch()
    lock = {"info": {"python": "3.14.2", "abi_version": "2026_0"}, "packages": packages}
    (folder / site.LOCK).write_text(json.dumps(lock))
    return folder


def locked(pyodide, folder, given):
    """The packages in the lock file of a site, and what that does without."""
    folder.mkdir()
    shutil.copy(pyodide / site.LOCK, folder)
    lacks = site._lock(folder, given)
    return json.loads((folder / site.LOCK).read_text())["packages"], lacks


@pytest.mark.usefixtures("instant")
def test_packages_come_from_the_cdn_and_ours_from_the_site_by_their_hashes(pyodide, tmp_path):
    packages, _ = locked(pyodide, tmp_path / "site", None)
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
    packages, lacks = locked(pyodide, tmp_path / "site", pyodide)
    assert not lacks
    assert {"numpy", "traitlets", "comm"} <= set(packages)
    assert not {"scipy", "openblas", "psutil"} & set(packages)
    for one in packages.values():
        assert (tmp_path / "site" / one["file_name"]).is_file()


@pytest.mark.parametrize("essential", ["numpy", "ipython", "traitlets"])
def test_folder_in_which_no_answer_could_be_judged_is_refused(
    instant, pyodide, tmp_path, essential
):
    (pyodide / f"{essential}-1-py3-none-any.whl").unlink()
    instant.add(essential)
    with pytest.raises(Refused, match=f"lacks {essential}, without which"):
        locked(pyodide, tmp_path / "site", pyodide)


def test_site_does_without_what_neither_folder_nor_pypi_has(instant, pyodide, tmp_path):
    for name in ("matplotlib", "pillow", "tqdm"):
        (pyodide / f"{name}-1-py3-none-any.whl").unlink()
    instant.update({"matplotlib", "pillow"})
    packages, lacks = locked(pyodide, tmp_path / "site", pyodide)
    assert lacks == ["matplotlib", "pillow"]
    assert {"numpy", "cycler", "tqdm", "ipywidgets"} <= set(packages)
    assert all(set(one["depends"]) <= set(packages) for one in packages.values())


def test_without_a_folder_a_site_that_would_lack_something_is_refused(instant, pyodide, tmp_path):
    instant.add("psygnal")
    with pytest.raises(Refused, match="could not get psygnal"):
        locked(pyodide, tmp_path / "site", None)


def test_folder_without_an_interpreter_is_refused(pyodide, tmp_path):
    (pyodide / "pyodide.asm.wasm").unlink()
    with pytest.raises(Refused, match=r"lacks pyodide\.asm\.wasm, expected Pyodide"):
        site.build_site(tmp_path / "site", pyodide)


def test_pyodide_is_the_one_that_the_kernel_is_made_for():
    constants = pytest.importorskip("jupyterlite_pyodide_kernel.constants", reason=LITE)
    assert site.PYODIDE == constants.PYODIDE_VERSION
    assert f"{constants.PYODIDE_CDN_URL}/" == site.CDN


@pytest.mark.slow
@pytest.mark.xdist_group("wheels")
def test_site_holds_the_course_and_no_answer(tmp_path, wheels, monkeypatch):
    pytest.importorskip("jupyterlite_core", reason=LITE)
    if shutil.which("npm") is None:
        pytest.skip("needs npm")
    monkeypatch.setattr(
        site, "build_wheels", lambda folder: [Path(shutil.copy(w, folder)) for w in wheels]
    )
    page, missing = site.build_site(tmp_path / "site")
    root = page.parent.parent
    assert (
        not missing
        and page.is_file()
        and (root / "static/pyodide/pyodide.asm.wasm").stat().st_size > 1e6
    )
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
    assert extensions == {*site.EXTENSIONS, "cs231n-failed-cell", "cs231n-site"}
    assert (settings[site.LACKS], settings[site.ASKS]) == ([], site.CDN + site.LOCK)
    packages = json.loads((root / "static/pyodide" / site.LOCK).read_text())["packages"]
    ours = [one for one in packages.values() if not one["file_name"].startswith(site.CDN)]
    assert {"cs231n-utils", "cs231n-course", "anywidget"} <= {one["name"] for one in ours}
    assert all((root / "static/pyodide" / one["file_name"]).is_file() for one in ours)
    assert all(len(one["sha256"]) == 64 for one in packages.values())
