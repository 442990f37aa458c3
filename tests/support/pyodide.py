"""Pyodide with NumPy from npm packages, so that answers can be judged in WebAssembly.

The newest Pyodide for which npm has NumPy is an old one; neither npm nor PyPI has matplotlib or
Pillow for it, and `check` needs neither.
"""

import json
import tarfile
import zipfile
from importlib.metadata import distribution
from pathlib import Path

from grading.handout import site

PYODIDE = (
    "pyodide",
    "0.25.1",
    "y0nJ/fLA3bxD2iZRzvVTbP2O+wp4Ewm2wThfV4HF0BytQ6hsoqTJFLNY4usLOcCVBrK8TTWqFqrmsVPzHe4rsw==",
)
NUMPY = (
    "@emscripten-forge/numpy",
    "2.1.1-py311hc8e14bb-0",
    "VPnSg+RuQC9zz0bnBzzI/maVyokubSgyKsfSqvszaLtlyRSY+LdtmAUpjZ9NlEpC3SWSYI30jWXY6hrTU1XirA==",
)
"""Name, version and SHA-512 of an npm package."""
PURE = ("platformdirs", "tqdm")
"""What `check` imports besides."""
BACKTRACE = bytes.fromhex(
    "0061736d 01000000"  # WebAssembly, version 1
    "000f 08 64796c696e6b2e30 01 04 00000000"  # it is a library, without memory of its own
    "0107 01 60 02 7f7f 01 7f"  # one type: (int, int) -> int
    "0302 01 00"  # one function, of that type
    "070d 01 09 6261636b7472616365 00 00"  # exported as "backtrace"
    "0a06 01 04 00 4100 0b"  # it returns 0
)
"""A library with the one function that this NumPy asks for and Pyodide lacks."""


def make_pyodide(folder: Path, wheels: tuple[Path, Path]) -> None:
    """Make a folder from which Pyodide loads the package ``cs231n-utils`` with all it needs.

    Parameters
    ----------
    folder : Path
        Empty.
    wheels : (Path, Path)
        Those of the student package and of the course.

    Raises
    ------
    grading.errors.Refused
        If npm cannot get the packages.
    """
    with tarfile.open(site.npm_package(*PYODIDE, folder)) as archive:
        for member in archive:
            member.name = Path(member.name).name
            archive.extract(member, folder, filter="data")
    lock = json.loads((folder / site.LOCK).read_text())
    packages = lock["packages"] = {}
    library = folder / "backtrace-1.zip"
    with zipfile.ZipFile(library, "w") as archive:
        archive.writestr("libbacktrace.so", BACKTRACE)
    site._enter(packages, "backtrace", library, "backtrace", [])
    packages["backtrace"] |= {
        "install_dir": "dynlib",
        "package_type": "shared_library",
        "shared_library": True,
    }
    numpy = folder / "numpy-2.1.1-cp311-cp311-emscripten_3_1_46_wasm32.whl"
    _numpy_wheel(site.npm_package(*NUMPY, folder), numpy)
    site._enter(packages, "numpy", numpy, "numpy", ["backtrace"])
    for name in PURE:
        site._enter(packages, name, _installed_wheel(name, folder), name, [])
    student, course = (Path(folder / wheel.name) for wheel in wheels)
    for wheel, copy in zip(wheels, (student, course), strict=True):
        copy.write_bytes(wheel.read_bytes())
    needs = ["numpy", *PURE, site.COURSE]
    site._enter(packages, site.STUDENT, student, "cs231n_utils", needs)
    site._enter(packages, site.COURSE, course, "grading", [])
    (folder / site.LOCK).write_text(json.dumps(lock))


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
    wheel = folder / f"{name}-{installed.version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as written:
        for path in installed.files:
            if path.parts[0] != ".." and path.suffix != ".pyc":
                written.write(path.locate(), path)
    return wheel
