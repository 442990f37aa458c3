"""The course as a JupyterLite site: files that any web server shows, and a browser runs.

Python comes from the npm package of Pyodide. Its packages come from Pyodide's CDN, each of which
must have the hash that the lock file in the site says, or both come from a folder.
"""

import base64
import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, PathDistribution, version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

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
INTERPRETER = ("pyodide.mjs", "pyodide.asm.wasm", "python_stdlib.zip", LOCK)
SCRIPTS = ("pyodide.asm.mjs", "pyodide.asm.js")
"""The interpreter's script has one of these names, the second one until Pyodide 0.29."""
KERNEL = ("micropip", "ipython", "jedi", "comm")
"""What the kernel asks for by itself."""
ESSENTIAL = {*KERNEL, "numpy"}
"""Without one of these no answer can be judged."""
WIDGETS = "anywidget"
STUDENT, COURSE = "cs231n-utils", "cs231n-course"
IN_THE_PAGE = {"jupyterlab_widgets", "widgetsnbextension"}
"""Requirements that are scripts of the page, and no Python."""
EXTENSIONS = (
    "@jupyterlite/pyodide-kernel-extension",
    "@jupyter-widgets/jupyterlab-manager",
    WIDGETS,
)
OURS = [str(SETTINGS / "extensions" / "cs231n-failed-cell"), str(SETTINGS / "cs231n-site")]
LACKS, ASKS = "cs231nLacks", "cs231nAsks"
"""Options of the page, which cs231n-site reads: what it lacks, and an address it must reach."""
PROGRESS = "/drive/progress.json"
"""The kernel's folder ``/drive`` is kept by the browser."""
MACHINE = {"sys_platform": "emscripten", "platform_system": "Emscripten", "extra": ""}

Lock = dict[str, dict[str, Any]]


class Site(NamedTuple):
    """A site that has been built."""

    page: Path
    """The page to open."""
    lacks: list[str]
    """Packages that are neither in the folder it was built from nor on PyPI."""


def build_site(target: Path, pyodide: Path | None = None) -> Site:
    """Build the site.

    Parameters
    ----------
    target : Path
        Folder of the site; what it held is replaced.
    pyodide : Path, optional
        A folder with Pyodide's interpreter and packages, so that the site asks no other place for
        anything; by default they come from npm and from Pyodide's CDN. What the folder lacks comes
        from PyPI as far as that has it; the page names the rest.

    Returns
    -------
    Site

    Raises
    ------
    Refused
        If Pyodide lacks what judging an answer needs, or the site cannot be built.
    """
    with TemporaryDirectory() as folder:
        work = Path(folder)
        runtime = work / "static" / "pyodide"
        runtime.mkdir(parents=True)
        if pyodide is None:
            _from_npm(work, runtime)
        else:
            _copy_interpreter(pyodide, runtime)
        lacks = _lock(runtime, pyodide)
        for name in assignments():
            write_student_version(name, work / "files" / name)
        _configure(work, target, {LACKS: lacks, ASKS: "" if pyodide else CDN + LOCK})
        _run([sys.executable, "-m", "jupyterlite_core", "build"], work, "JupyterLite")
    return Site(target / "lab" / "index.html", lacks)


def _from_npm(work: Path, runtime: Path) -> None:
    """Take Pyodide's interpreter and its lock file out of the npm package."""
    with tarfile.open(npm_package("pyodide", PYODIDE, INTEGRITY, work)) as archive:
        for name in (*INTERPRETER, SCRIPTS[0]):
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


def _copy_interpreter(source: Path, target: Path) -> None:
    script = next((name for name in SCRIPTS if (source / name).is_file()), SCRIPTS[0])
    names = (*INTERPRETER, script)
    missing = [name for name in names if not (source / name).is_file()]
    if missing:
        raise Refused(
            f"{source} lacks {', '.join(missing)}, expected Pyodide {PYODIDE} with its packages: "
            "name another PYODIDE folder"
        )
    for name in names:
        shutil.copy(source / name, target)


def _lock(runtime: Path, pyodide: Path | None) -> list[str]:
    """Enter our packages, and what they need besides, in the lock file of a site.

    An import in a notebook then loads them, and the browser compares their hashes.

    Returns
    -------
    list of str
        Packages that the site has to do without.
    """
    document = json.loads((runtime / LOCK).read_text(encoding="utf-8"))
    packages: Lock = document["packages"]
    if pyodide is None:
        for package in packages.values():
            package["file_name"] = CDN + package["file_name"]
    else:
        packages = {n: p for n, p in packages.items() if (pyodide / p["file_name"]).is_file()}
    student, course = build_wheels(runtime)
    needs = [*_applying(_requirements(student)), WIDGETS]
    missing = _complete(ESSENTIAL, packages, document["info"], runtime)
    lacks = _complete(needs, packages, document["info"], runtime)
    if pyodide is None and (missing or lacks):
        names = ", ".join(missing or lacks)
        raise Refused(f"pip could not get {names} for Pyodide: see that it can download")
    if missing:
        raise Refused(
            f"{pyodide} lacks {', '.join(missing)}, without which no answer is judged, and PyPI "
            "has none for this Pyodide: name another PYODIDE folder"
        )
    # The student package finds the course beside it; nothing that a notebook imports names it.
    _enter(packages, STUDENT, student, "cs231n_utils", [*needs, COURSE])
    _enter(packages, COURSE, course, "grading", [])
    if pyodide is not None:
        packages = _closure([STUDENT, *KERNEL], packages)
        for package in packages.values():
            if not (runtime / package["file_name"]).exists():
                shutil.copy(pyodide / package["file_name"], runtime)
    document["packages"] = packages
    (runtime / LOCK).write_text(json.dumps(document), encoding="utf-8")
    return lacks


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


def _complete(
    names: Iterable[str], packages: Lock, info: dict[str, str], folder: Path
) -> list[str]:
    """Get those of these packages, and of what they need, that Pyodide does not have.

    Returns
    -------
    list of str
        Those that PyPI does not have either.
    """
    lacks: list[str] = []
    depends = {_key(name): package["depends"] for name, package in packages.items()}
    left = {_key(name) for name in names}
    seen: set[str] = set()
    while left:
        absent = sorted(left - depends.keys())
        lacks += (none := _download(absent, info, folder))
        for name in absent:
            if name not in none:
                stem = name.replace("-", "_")
                (wheel,) = (
                    p for p in folder.glob("*.whl") if p.name.lower().startswith(f"{stem}-")
                )
                depends[name] = _applying(_requirements(wheel))
                _enter(packages, name, wheel, stem, depends[name])
        seen |= left
        left = {_key(other) for name in left for other in depends.get(name, ())} - seen
    return lacks


def _key(name: str) -> str:
    return name.lower().replace("_", "-")


def _download(names: list[str], info: dict[str, str], folder: Path) -> list[str]:
    """Get wheels for Pyodide's Python, of the versions that are installed here.

    Returns
    -------
    list of str
        The packages of which there are none.
    """
    if not names:
        return []
    abi = info.get("abi_version")
    python = ".".join(info["python"].split(".")[:2])
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
    pip += ["--platform", f"pyemscripten_{abi}_wasm32" if abi else "any"]
    try:
        _run([*pip, "--python-version", python, *map(_as_here, names)], folder, "pip")
    except Refused:
        half = len(names) // 2
        if not half:
            return names
        return [*_download(names[:half], info, folder), *_download(names[half:], info, folder)]
    return []


def _as_here(name: str) -> str:
    try:
        return f"{name}=={version(name)}"
    except PackageNotFoundError:  # the page has no part of it
        return name


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
    """These packages and all that they depend on, as far as there are any."""
    by_key = {_key(name): package for name, package in packages.items()}
    found: Lock = {}
    left = list(names)
    while left:
        key = _key(left.pop())
        if key not in found:
            found[key] = package = by_key[key]
            package["depends"] = [name for name in package["depends"] if _key(name) in by_key]
            left += package["depends"]
    return found


def _configure(work: Path, target: Path, notice: dict[str, Any]) -> None:
    kernel = {
        "disablePyPIFallback": True,
        "loadPyodideOptions": {"env": {"HOME": "/home/pyodide", "CS231N_PROGRESS": PROGRESS}},
    }
    settings = {"@jupyterlite/pyodide-kernel-extension:kernel": kernel}
    extensions = Path(sys.prefix) / "share" / "jupyter" / "labextensions"
    files = {
        "jupyter-lite.json": {
            "jupyter-lite-schema-version": 0,
            "jupyter-config-data": {"litePluginSettings": settings, **notice},
        },
        "jupyter_lite_config.json": {
            "LiteBuildConfig": {
                "contents": ["files"],
                "output_dir": str(target.resolve()),
                "apps": ["lab", "notebooks", "tree"],
                "ignore_sys_prefix": ["federated_extensions"],
                "federated_extensions": [*(str(extensions / name) for name in EXTENSIONS), *OURS],
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
