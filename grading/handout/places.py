"""The notebooks as other people's machines open them, and the addresses that open them there.

Colab and Kaggle get the student's notebook with a first cell that installs the two packages; it is
made from the one source and never edited. `HOLDS` is the branch that they are pushed to.
"""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from cs231n_utils.system.files import write_whole

from ..errors import Refused
from .release import GLOSSARY, PROJECT, assignments, read_source, student_version

if TYPE_CHECKING:
    from nbformat import NotebookNode

HOLDS = "places"
REPOSITORY = re.compile(r"[\w.-]+/[\w.-]+")

COLAB = """\
# Run this cell first: it installs the course. (Made from the course's own notebook.)
%pip install --quiet {wheels}"""

KAGGLE = """\
# Run this cell first: it installs the course from its data set, which you add on the right under
# Input; no network is needed. (Made from the course's own notebook.)
import os
from glob import glob

wheels = " ".join(glob("/kaggle/input/**/cs231n_*.whl", recursive=True))
assert wheels, "add the data set of the course: Input, Add Input"
%pip install --quiet --no-index --no-deps {wheels}
found = glob("/kaggle/input/**/cifar-10-batches-py", recursive=True)
os.environ.update({"CS231N_DATASETS": found[0]} if found else {"CS231N_SIZE": "small"})"""


def links(repository: str, assignment: str) -> Mapping[str, str]:
    """By the name of a place, the address that opens an assignment there.

    Parameters
    ----------
    repository : str
        ``OWNER/NAME`` on GitHub.
    assignment : str
    """
    owner, _, name = repository.partition("/")
    file = f"{assignment}/{assignment}.ipynb"
    kept = f"https://github.com/{repository}/blob/{HOLDS}"
    return {
        "your browser": f"https://{owner}.github.io/{name}/try/notebooks/index.html?path={file}",
        "Colab": f"https://colab.research.google.com/github/{repository}/blob/{HOLDS}/colab/{file}",
        "Kaggle": f"https://kaggle.com/kernels/welcome?src={kept}/kaggle/{file}",
        "Binder": f"https://mybinder.org/v2/gh/{repository}/HEAD?labpath=work/{file}",
        "Codespaces": f"https://codespaces.new/{repository}",
    }


def require_repository(repository: str) -> None:
    """Refuse what is not ``OWNER/NAME``.

    Raises
    ------
    Refused
    """
    if not REPOSITORY.fullmatch(repository):
        raise Refused(f"{repository!r} is not a repository of GitHub, expected OWNER/NAME")


def write_places(repository: str, folder: Path) -> Path:
    """Write the notebooks for Colab and for Kaggle.

    Parameters
    ----------
    repository : str
        ``OWNER/NAME`` on GitHub, whose release of this version holds the two wheels.
    folder : Path

    Returns
    -------
    Path
        ``folder``.

    Raises
    ------
    Refused
        If that is not the name of a repository.
    OSError
        If it cannot be written.
    """
    require_repository(repository)
    text = (PROJECT / "pyproject.toml").read_text(encoding="utf-8")
    version = tomllib.loads(text)["project"]["version"]
    home = f"https://github.com/{repository}/releases/download/v{version}"
    wheels = [
        f"{home}/{name}-{version}-py3-none-any.whl" for name in ("cs231n_utils", "cs231n_course")
    ]
    first_cells = {"colab": COLAB.format(wheels=" ".join(wheels)), "kaggle": KAGGLE}
    for assignment in assignments():
        notebook = student_version(read_source(assignment))
        for place, first in first_cells.items():
            path = folder / place / assignment / f"{assignment}.ipynb"
            write_whole(path, _with_first_cell(notebook, first) + "\n")
            write_whole(folder / place / GLOSSARY.name, GLOSSARY.read_bytes())
    return folder


def _with_first_cell(notebook: "NotebookNode", source: str) -> str:
    import nbformat

    first = nbformat.v4.new_code_cell(source, id="install", metadata={"tags": ["experiment"]})
    cells = [first, *notebook.cells]
    return nbformat.v4.writes(nbformat.from_dict({**notebook, "cells": cells}))
