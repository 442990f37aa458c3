"""What submissions see of this machine, and where: only the system stands at its own path.

The interpreter moves to ``/python``, a virtual environment to ``/environment``, the student
package and what runs the answers to ``/course``. So neither a listing nor a traceback names a
folder of this machine, wherever the course, its environment and the interpreter lie.
"""

import contextlib
import json
import os
import site
import sys
import sysconfig
import tempfile
from collections.abc import Iterable
from pathlib import Path

import cs231n_utils

from .inside.confine import SCRATCH

INSIDE = Path(__file__).parent / "inside"
PROJECT = Path(__file__).resolve().parents[2]

SYSTEM = Path("/usr")
SYSTEM_FOLDERS = ("/bin", "/sbin", "/lib", "/lib32", "/lib64")
SYSTEM_FILES = ("/etc/ld.so.cache", "/etc/localtime", "/etc/fonts", "/etc/alternatives")
PYTHON, ENVIRONMENT, COURSE = Path("/python"), Path("/environment"), Path("/course")
FONTS = Path(SCRATCH, "fonts")
LIBRARIES = ("lib", "lib32", "lib64")
TELLTALES = ("*.pth", "__editable__*", "*.dist-info/direct_url.json")
"""Files among the packages in which editable installations name folders of this machine."""


class View:
    """The file system that submissions see.

    Attributes
    ----------
    python, server : Path
        The interpreter and the program that it runs, seen from inside.
    variables : dict of str to str
        What the interpreter must find in its environment to start.
    """

    def __init__(self) -> None:
        self.python = Path(getattr(sys, "_base_executable", sys.executable)).resolve()
        self.server = COURSE / INSIDE.name / "server.py"
        self.variables: dict[str, str] = {}
        self._shown = [(SYSTEM, SYSTEM)]
        self._links: dict[Path, str] = {}
        self._texts: dict[Path, str] = {}
        self._emptied: list[Path] = []
        self._unreadable: list[Path] = []
        self._show_system()
        base, prefix = Path(sys.base_prefix).resolve(), Path(sys.prefix).resolve()
        if base != SYSTEM:
            self._move_interpreter(base)
        if prefix != base:
            self._move_environment(prefix)
        self._show(Path(cs231n_utils.__file__).parent, COURSE / cs231n_utils.__name__)
        self._show(INSIDE, self.server.parent)
        self._hide_course()
        self._write_font_list()

    def places(self, path: Path | str) -> list[Path]:
        """Every path at which submissions see a file or folder of this machine."""
        path = Path(path)
        real = path.parent.resolve() / path.name
        places = (
            target / real.relative_to(source)
            for source, target in self._shown
            if real.is_relative_to(source)
        )
        return [place for place in places if not any(map(place.is_relative_to, self._emptied))]

    def places_of(self, paths: Iterable[str]) -> list[Path]:
        """Every path at which submissions see any of these files and folders."""
        return [place for path in paths for place in self.places(path)]

    def options(self, hidden: Iterable[str], texts: "OpenTexts") -> list[str]:
        """What bubblewrap is told to show all this.

        Parameters
        ----------
        hidden : iterable of str
            Files of this machine that cannot be read.
        texts : OpenTexts
            Gets the files that are made for submissions; must be open when bubblewrap starts.
        """
        options: list[str] = []
        tops = [target for _, target in self._shown] + list(self._links)
        # bubblewrap makes folders that only the user who starts it may enter.
        for folder in sorted({folder for top in tops for folder in top.parents[:-1]}):
            if not folder.is_relative_to(SYSTEM):
                options += ["--perms", "0755", "--dir", str(folder)]
        for source, target in self._shown:
            options += ["--ro-bind", str(source), str(target)]
        for path, goal in self._links.items():
            options += ["--symlink", goal, str(path)]
        for path, text in self._texts.items():
            options += ["--perms", "0444", "--ro-bind-data", texts.add(text), str(path)]
        for folder in self._emptied:
            options += ["--tmpfs", str(folder), "--remount-ro", str(folder)]
        for path in (*self._unreadable, *self.places_of(filter(os.path.exists, hidden))):
            options += ["--ro-bind", "/dev/null", str(path)]
        return options

    def _show(self, source: Path, target: Path) -> None:
        self._shown.append((source.resolve(), target))

    def _empty(self, folder: Path) -> None:
        if folder.is_dir():
            self._emptied += self.places(folder)

    def _show_system(self) -> None:
        for folder in map(Path, SYSTEM_FOLDERS):
            if folder.is_symlink():
                self._links[folder] = os.readlink(folder)
            elif folder.is_dir():
                self._show(folder, folder)
        for file in filter(os.path.exists, SYSTEM_FILES):
            self._show(Path(file), Path(file))

    def _show_libraries(self, root: Path, target: Path) -> None:
        for name in LIBRARIES:
            folder = root / name
            if folder.is_symlink() and folder.resolve().parent == root:
                self._links[target / name] = folder.resolve().name
            elif folder.is_dir():
                self._show(folder, target / name)

    def _move_interpreter(self, base: Path) -> None:
        """Show an interpreter that is not the system's, without what names its folder."""
        self._show_libraries(base, PYTHON)
        program, self.python = self.python, PYTHON / "bin" / self.python.name
        self._show(program, self.python)
        library = sysconfig.get_config_var("INSTSONAME") or ""
        if (base / "lib" / library).is_file() and sysconfig.get_config_var("Py_ENABLE_SHARED"):
            # The program may look for its library in the folder that it was installed in. A
            # folder with nothing else leaves the libraries of other programs alone.
            alone = PYTHON / "library"
            self._links[alone / library] = str(PYTHON / "lib" / library)
            self.variables["LD_LIBRARY_PATH"] = str(alone)
        for name in ("LIBPL", "LIBPC"):  # Makefile and pkg-config
            self._empty(Path(sysconfig.get_config_var(name) or "/nowhere"))
        if sys.base_prefix not in site.PREFIXES:
            for folder in site.getsitepackages([sys.base_prefix]):
                self._empty(Path(folder))
        stdlib = Path(sysconfig.get_path("stdlib"))
        for file in stdlib.glob("_sysconfigdata_*.py"):
            text = file.read_text(encoding="utf-8").replace(str(base), str(PYTHON))
            self._texts.update(dict.fromkeys(self.places(file), text))
            for compiled in stdlib.glob(f"__pycache__/{file.stem}.*"):
                self._unreadable += self.places(compiled)

    def _move_environment(self, prefix: Path) -> None:
        """Show a virtual environment as one of the interpreter that is seen inside."""
        self._show_libraries(prefix, ENVIRONMENT)
        inherits = str(sys.base_prefix in site.PREFIXES).lower()
        self._texts[ENVIRONMENT / "pyvenv.cfg"] = (
            f"home = {self.python.parent}\ninclude-system-site-packages = {inherits}\n"
        )
        self._links[ENVIRONMENT / "bin" / "python"] = str(self.python)
        self.python = ENVIRONMENT / "bin" / "python"

    def _hide_course(self) -> None:
        """Hide what lies in a folder that is shown: the course, and packages' notes on it."""
        packages = [Path(path).resolve() for path in site.getsitepackages()]
        if PROJECT not in packages:
            self._empty(PROJECT)
        for folder in packages:
            self._empty(folder / "grading")
            for file in (file for pattern in TELLTALES for file in folder.glob(pattern)):
                self._unreadable += self.places(file)

    def _write_font_list(self) -> None:
        """Hand matplotlib its list of fonts, which is slow to make, without those of the home."""
        import matplotlib

        for file in Path(matplotlib.get_cachedir()).glob("fontlist*.json"):
            with contextlib.suppress(OSError, ValueError):  # another process may be writing it
                fonts = json.loads(file.read_text(encoding="utf-8"))
                for kind in ("afmlist", "ttflist"):
                    fonts[kind] = [
                        font
                        for font in fonts[kind]
                        if not os.path.isabs(font["fname"])
                        or font["fname"].startswith(f"{SYSTEM}/")
                    ]
                self._texts[FONTS / file.name] = json.dumps(fonts)


class OpenTexts(contextlib.ExitStack):
    """Texts in open files, which a program that is started inherits and knows by number."""

    def __init__(self) -> None:
        super().__init__()
        self.numbers: list[int] = []

    def add(self, text: str) -> str:
        """Put a text into a file of its own; return the file's number as an argument."""
        file = self.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 - closed with the rest
        file.write(text.encode())
        file.seek(0)
        self.numbers.append(file.fileno())
        return str(file.fileno())
