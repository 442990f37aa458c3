"""Pyodide with NumPy from npm packages, so that answers can be judged in WebAssembly.

The newest Pyodide that can load a NumPy which npm has is an old one; neither npm nor PyPI has
matplotlib or Pillow for it, and `check` needs neither.
"""

import json
import shutil
import subprocess
import sys
import tarfile
import zipfile
from importlib.metadata import distribution
from pathlib import Path

from grading.handout import site

PYODIDE = (
    "pyodide",
    "0.26.4",
    "z2CHsjVlhhJi5tYBF0AYAfNEPo3zq/z+xOpFtk1tweJkRaTqU4UK/7pLvo8DBU2VDPH31vB3pSI+8fnoqrVrFg==",
)
NUMPY = (
    "@emscripten-forge/numpy",
    "2.0.1-py312h4e66579-0",
    "64iP3tolNhBnKJBHs2b5Mg9s17BL8Bp9Ev2+U0fSCO3/zQlWQRCrExw2MgmfwjhNz+mwbKPG2eBsBcpBWV2xbA==",
)
"""Name, version and SHA-512 of an npm package."""
ABSENT = {"matplotlib", "numpy", "pillow"}
"""What is needed and is not pure Python."""
KERNEL_WHEELS = (
    Path(sys.prefix, "share/jupyter/labextensions")
    / "@jupyterlite/pyodide-kernel-extension/static/pypi"
)
MICROPIP = {
    "micropip/__init__.py": "async def install(*_, **__): pass",
    "micropip/package_index.py": "CompatibilityLayer = ProjectInfo = query_package = None",
    "micropip-0.dist-info/METADATA": "Metadata-Version: 2.1\nName: micropip\nVersion: 0\n",
}
"""Stands in for micropip, which the kernel asks for packages: here all come with it."""
BACKTRACE = bytes.fromhex(
    "0061736d 01000000"  # WebAssembly, version 1
    "000f 08 64796c696e6b2e30 01 04 00000000"  # it is a library, without memory of its own
    "0107 01 60 02 7f7f 01 7f"  # one type: (int, int) -> int
    "0302 01 00"  # one function, of that type
    "070d 01 09 6261636b7472616365 00 00"  # exported as "backtrace"
    "0a06 01 04 00 4100 0b"  # it returns 0
)
"""A library with the one function that this NumPy asks for and Pyodide lacks."""


def npm_reaches_pyodide() -> bool:
    """Whether npm is installed and reaches a registry that has this Pyodide."""
    if shutil.which("npm") is None:
        return False
    name, version, _ = PYODIDE
    asked = subprocess.run(["npm", "view", f"{name}@{version}", "version"], capture_output=True)
    return asked.returncode == 0


def make_pyodide(folder: Path, wheels: tuple[Path, Path]) -> None:
    """Make a folder from which Pyodide loads the package ``cs231n-utils`` with all it needs.

    JupyterLite's kernel finds there what it needs, where JupyterLite is installed.

    Parameters
    ----------
    folder : Path
        Empty.
    wheels : (Path, Path)
        Those of the student package and of the course.

    Raises
    ------
    grading.errors.Refused
        If npm cannot get the packages, or they are not those that were expected.
    """
    with tarfile.open(site.npm_package(*PYODIDE, folder)) as archive:
        for member in archive:
            member.name = Path(member.name).name
            archive.extract(member, folder, filter="data")
    lock = json.loads((folder / site.LOCK).read_text())
    packages = lock["packages"] = {}
    library = folder / "backtrace-1.zip"
    _zip(library, {"libbacktrace.so": BACKTRACE})
    site._enter(packages, "backtrace", library, "backtrace", [])
    packages["backtrace"] |= {
        "install_dir": "dynlib",
        "package_type": "shared_library",
        "shared_library": True,
    }
    numpy = folder / "numpy-2.0.1-cp312-cp312-pyodide_2024_0_wasm32.whl"
    _numpy_wheel(site.npm_package(*NUMPY, folder), numpy)
    site._enter(packages, "numpy", numpy, "numpy", ["backtrace"])
    of_kernel = [name for name in site.KERNEL if name != "micropip"]
    for wheel in KERNEL_WHEELS.glob("*.whl"):
        name = wheel.name.split("-")[0]
        if name != "widgetsnbextension":
            copy = folder / wheel.name
            copy.write_bytes(wheel.read_bytes())
            site._enter(packages, name.replace("_", "-"), copy, name, [])
            of_kernel.append(name.replace("_", "-"))
    micropip = folder / "micropip-0-py3-none-any.whl"
    _zip(micropip, MICROPIP)
    site._enter(packages, "micropip", micropip, "micropip", of_kernel)
    student, course = (Path(folder / wheel.name) for wheel in wheels)
    for wheel, copy in zip(wheels, (student, course), strict=True):
        copy.write_bytes(wheel.read_bytes())
    needs = site._applying(site._requirements(student))
    _enter_installed([*needs, *site.KERNEL, site.WIDGETS], packages, folder)
    depends = [*(name for name in needs if name in packages), site.COURSE]
    site._enter(packages, site.STUDENT, student, "cs231n_utils", depends)
    site._enter(packages, site.COURSE, course, "grading", [])
    (folder / site.LOCK).write_text(json.dumps(lock))


def _enter_installed(names: list[str], packages: site.Lock, folder: Path) -> None:
    """Enter these packages and what they need, as far as they are installed as pure Python."""
    for name in names:
        if name not in packages and name not in ABSENT:
            wheel = _installed_wheel(name, folder)
            needs = site._applying(distribution(name).requires)
            depends = [other for other in needs if other not in ABSENT]
            site._enter(packages, name, wheel, name.replace("-", "_"), depends)
            _enter_installed(needs, packages, folder)


def _zip(path: Path, files: dict[str, str | bytes]) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)


def _numpy_wheel(package: Path, wheel: Path) -> None:
    """Write a wheel of what a package of emscripten-forge puts into ``site-packages``."""
    with tarfile.open(package) as outer:
        (inside,) = [member for member in outer if member.name.endswith(".tar.gz")]
        with (
            tarfile.open(fileobj=outer.extractfile(inside)) as archive,
            zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as written,
        ):
            for member in archive:
                _, found, path = member.name.partition("site-packages/")
                if found and member.isfile() and "/tests/" not in path:
                    written.writestr(path, archive.extractfile(member).read())


def _installed_wheel(name: str, folder: Path) -> Path:
    """Write a wheel of a package of pure Python that is installed here."""
    installed = distribution(name)
    wheel = folder / f"{name.replace('-', '_')}-{installed.version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as written:
        for path in installed.files:
            if path.parts[0] != ".." and path.suffix not in {".pyc", ".so"}:
                written.write(path.locate(), path)
    return wheel
