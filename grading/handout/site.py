"""The course as a JupyterLite site: files that any web server shows, and a browser runs.

Python comes from the npm package of Pyodide. Its packages come from Pyodide's CDN, each of which
must have the hash that the lock file in the site says, or from a folder that holds all of them.
"""

import base64
import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterable, Iterator
from importlib.metadata import PathDistribution, requires, version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ..errors import Refused
from .learn import SETTINGS
from .release import assignments, write_student_version
from .wheels import build_wheels

PYODIDE = "314.0.6"
"""The version that the kernel in pyproject.toml is made for; a test compares."""
INTEGRITY = (
    "BKDTJyIqFxC4BExLqeRS3f5xvXZIjOt8C3zGLN/Cc7tFxSwvKVhVkchQQ2AGLOtR4YrVOIFxbV8poyDOOmWwxQ=="
)
"""SHA-512 of its npm package."""
CDN = f"https://cdn.jsdelivr.net/pyodide/v{PYODIDE}/full/"
LOCK = "pyodide-lock.json"
INTERPRETER = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", LOCK)
KERNEL = ("micropip", "ipython", "jedi", "comm")
"""What the kernel asks for by itself."""
WIDGETS = "anywidget"
STUDENT, COURSE = "cs231n-utils", "cs231n-course"
IN_THE_PAGE = {"jupyterlab_widgets", "widgetsnbextension"}
"""Requirements that are scripts of the page, and no Python."""
EXTENSIONS = (
    "@jupyterlite/pyodide-kernel-extension",
    "@jupyter-widgets/jupyterlab-manager",
    WIDGETS,
)
PROGRESS = "/drive/progress.json"
"""The kernel's folder ``/drive`` is kept by the browser."""
MACHINE = {"sys_platform": "emscripten", "platform_system": "Emscripten", "extra": ""}

Lock = dict[str, dict[str, Any]]


def build_site(target: Path, pyodide: Path | None = None) -> Path:
    """Build the site.

    Parameters
    ----------
    target : Path
        Folder of the site; what it held is replaced.
    pyodide : Path, optional
        A folder with Pyodide's interpreter and all packages, so that the site asks no other place
        for anything; by default they come from npm and from Pyodide's CDN.

    Returns
    -------
    Path
        The page to open.

    Raises
    ------
    Refused
        If Pyodide is not complete, or the site cannot be built.
    """
    with TemporaryDirectory() as folder:
        work = Path(folder)
        runtime = work / "static" / "pyodide"
        runtime.mkdir(parents=True)
        if pyodide is None:
            _from_npm(work, runtime)
        else:
            _copy(pyodide, runtime, INTERPRETER)
        _lock(runtime, pyodide)
        for name in assignments():
            write_student_version(name, work / "files" / name)
        _configure(work, target)
        _run([sys.executable, "-m", "jupyterlite_core", "build"], work, "JupyterLite")
    return target / "lab" / "index.html"


def _from_npm(work: Path, runtime: Path) -> None:
    """Take Pyodide's interpreter and its lock file out of the npm package."""
    with tarfile.open(npm_package("pyodide", PYODIDE, INTEGRITY, work)) as archive:
        for name in INTERPRETER:
            source = archive.extractfile(f"package/{name}")
            if source is not None:
                (runtime / name).write_bytes(source.read())


def npm_package(name: str, version: str, sha512: str, folder: Path) -> Path:
    """Get an npm package, whose SHA-512 must be the one given, in Base64.

    Returns
    -------
    Path
        Its archive, in `folder`.

    Raises
    ------
    Refused
        If there is no npm, or it cannot get the package, or that is another one.
    """
    if shutil.which("npm") is None:
        raise Refused(
            "npm is not installed, which gets Pyodide: install it, or name a PYODIDE folder"
        )
    _run(["npm", "pack", "--silent", f"{name}@{version}"], folder, "npm")
    package = folder / f"{name.lstrip('@').replace('/', '-')}-{version}.tgz"
    digest = base64.b64encode(hashlib.sha512(package.read_bytes()).digest()).decode()
    if digest != sha512:
        raise Refused(
            f"the npm package {name} {version} is not the one expected: see who changed it"
        )
    return package


def _copy(source: Path, target: Path, names: Iterable[str]) -> None:
    missing = [name for name in names if not (source / name).is_file()]
    if missing:
        raise Refused(
            f"{source} lacks {', '.join(missing)}, expected Pyodide {PYODIDE} with its packages: "
            "name another PYODIDE folder"
        )
    for name in names:
        shutil.copy(source / name, target)


def _lock(runtime: Path, pyodide: Path | None) -> None:
    """Enter our packages, and what they need besides, in the lock file of a site.

    An import in a notebook then loads them, and the browser compares their hashes.
    """
    document = json.loads((runtime / LOCK).read_text(encoding="utf-8"))
    packages: Lock = document["packages"]
    for package in packages.values():
        if pyodide is None:
            package["file_name"] = CDN + package["file_name"]
    student, course = build_wheels(runtime)
    needs = [*_applying(_requirements(student)), WIDGETS]
    others = sorted(set(_missing([*needs, *KERNEL], packages)))
    _download(others, document["info"], runtime)
    # The student package finds the course beside it; nothing that a notebook imports names it.
    _enter(packages, STUDENT, student, "cs231n_utils", [*needs, COURSE])
    _enter(packages, COURSE, course, "grading", [])
    for name in others:
        stem = name.replace("-", "_")
        wheel = next(
            path for path in runtime.glob("*.whl") if path.name.lower().startswith(f"{stem}-")
        )
        _enter(packages, name, wheel, stem, _applying(requires(name)))
    if pyodide is not None:
        needed = _closure([STUDENT, *KERNEL], packages)
        ours = {path.name for path in runtime.glob("*.whl")}
        _copy(
            pyodide,
            runtime,
            [p["file_name"] for p in needed.values() if p["file_name"] not in ours],
        )
        document["packages"] = needed
    (runtime / LOCK).write_text(json.dumps(document), encoding="utf-8")


def _requirements(wheel: Path) -> list[str]:
    """What a wheel that is not installed asks for."""
    folder = "-".join(wheel.name.split("-")[:2]) + ".dist-info"
    return PathDistribution(zipfile.Path(wheel, f"{folder}/")).requires or []


def _applying(requirements: Iterable[str] | None) -> list[str]:
    """The names of the packages that are asked for in a browser."""
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    return [
        canonicalize_name(requirement.name)
        for requirement in map(Requirement, requirements or ())
        if requirement.name not in IN_THE_PAGE
        and (requirement.marker is None or requirement.marker.evaluate(MACHINE))
    ]


def _missing(names: Iterable[str], packages: Lock) -> Iterator[str]:
    """Those of these packages, and of what they need, that Pyodide does not have."""
    for name in names:
        if name not in packages:
            yield name
            yield from _missing(_applying(requires(name)), packages)


def _download(names: Iterable[str], info: dict[str, str], folder: Path) -> None:
    """Get wheels of the versions that are installed here, for Pyodide's Python."""
    python = ".".join(info["python"].split(".")[:2])
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
    pip += ["--platform", f"pyemscripten_{info['abi_version']}_wasm32", "--python-version", python]
    _run([*pip, *(f"{name}=={version(name)}" for name in names)], folder, "pip")


def _enter(packages: Lock, name: str, wheel: Path, module: str, depends: list[str]) -> None:
    packages[name] = {
        "name": name,
        "version": wheel.name.split("-")[1],
        "file_name": wheel.name,
        "install_dir": "site",
        "sha256": hashlib.sha256(wheel.read_bytes()).hexdigest(),
        "package_type": "package",
        "imports": [module],
        "depends": depends,
        "unvendored_tests": False,
    }


def _closure(names: Iterable[str], packages: Lock) -> Lock:
    """These packages and all that they depend on."""
    by_name = {name.lower().replace("_", "-"): package for name, package in packages.items()}
    found: Lock = {}
    left = list(names)
    while left:
        name = left.pop().lower().replace("_", "-")
        if name not in found:
            found[name] = by_name[name]
            left += by_name[name]["depends"]
    return found


def _configure(work: Path, target: Path) -> None:
    kernel = {
        "disablePyPIFallback": True,
        "loadPyodideOptions": {"env": {"HOME": "/home/pyodide", "CS231N_PROGRESS": PROGRESS}},
    }
    settings = {"@jupyterlite/pyodide-kernel-extension:kernel": kernel}
    extensions = Path(sys.prefix) / "share" / "jupyter" / "labextensions"
    files = {
        "jupyter-lite.json": {
            "jupyter-lite-schema-version": 0,
            "jupyter-config-data": {"litePluginSettings": settings},
        },
        "jupyter_lite_config.json": {
            "LiteBuildConfig": {
                "contents": ["files"],
                "output_dir": str(target.resolve()),
                "apps": ["lab", "notebooks", "tree"],
                "ignore_sys_prefix": ["federated_extensions"],
                "federated_extensions": [str(extensions / name) for name in EXTENSIONS],
                "no_sourcemaps": True,
                "no_unused_shared_packages": True,
            }
        },
    }
    for name, content in files.items():
        (work / name).write_text(json.dumps(content), encoding="utf-8")
    shutil.copy(SETTINGS / "overrides.json", work)


def _run(command: list[str], folder: Path, who: str) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        said = [line for line in (done.stderr or done.stdout).splitlines() if line.strip()]
        reason = said[-1].strip().rstrip(".") if said else "no reason given"
        raise Refused(f"{who} could not do its part ({reason}): see that it can download")
