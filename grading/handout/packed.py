"""A release as one file that a student unzips and opens."""

import io
import tomllib
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

from cs231n_utils.system.files import write_whole

from .release import GLOSSARY, PROJECT
from .wheels import build_wheels

README = """\
{assignment}

You need Python {python}. Unzip this file, open a terminal in the folder {assignment}, and type:

    python -m venv .venv
    .venv/bin/python -m pip install -r requirements.txt        (Windows: .venv\\Scripts\\python)
    .venv/bin/python -m jupyterlab {assignment}.ipynb

Write your answers in the cells that ask for them. Hand in {assignment}.ipynb alone.
Its graded checks run when you hand in; the visible checks above them run at once.
"""


def pack(folder: Path) -> Path:
    """Zip a released folder with all that a student needs; no reference is in it.

    Parameters
    ----------
    folder : Path
        The folder of an assignment's release, named like the assignment.

    Returns
    -------
    Path
        The zip, beside the folder.

    Raises
    ------
    Refused, OSError
        If the student package cannot be built, or the zip cannot be written.
    """
    text = (PROJECT / "pyproject.toml").read_text(encoding="utf-8")
    project = tomllib.loads(text)["project"]
    with TemporaryDirectory() as place:
        wheel, _ = build_wheels(Path(place))
        files = {path.name: path.read_bytes() for path in folder.glob("*.*")}
        files[wheel.name] = wheel.read_bytes()
    installed = [f"./{wheel.name}", *project["optional-dependencies"]["notebooks"]]
    python = project["requires-python"].removeprefix(">=") + " or newer"
    readme = README.format(assignment=folder.name, python=python)
    files["requirements.txt"] = ("\n".join(installed) + "\n").encode()
    files["README.txt"] = readme.encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(f"{folder.name}/{name}", content)
        archive.write(folder.parent / GLOSSARY.name, GLOSSARY.name)
    target = folder.with_name(f"{folder.name}.zip")
    write_whole(target, packed.getvalue())
    return target
