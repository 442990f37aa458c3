"""The student's folder when the course has changed: new versions go beside the student's work.

What was laid out last is kept in a hidden folder: it tells whether the course has changed since,
and whether the student has.
"""

import filecmp
import shutil
from collections import Counter
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from cs231n_utils.system.files import write_whole

from .marks import is_answer

LAID_OUT = ".laid-out"
"""The subfolder of the student's folder that holds everything as it was laid out last."""


def lay_out_notebook(folder: Path, name: str, new: NotebookNode) -> str:
    """Write a notebook of the course into a student's folder.

    A notebook in which nothing was written or run is replaced. Beside any other the new version
    is put, once, with a note of what has changed.

    Parameters
    ----------
    folder : Path
        The student's folder.
    name : str
        Name of the assignment.
    new : NotebookNode
        The student version, as the course has it now.

    Returns
    -------
    str
        A sentence for the student; empty if there is no news.
    """
    mine = folder / name / f"{name}.ipynb"
    base = folder / LAID_OUT / name / mine.name
    if not mine.exists():
        _write(mine, new)
        _write(base, new)
        return ""
    old = _read(base)
    if old is not None and _cells(old) == _cells(new):
        return ""
    said = _renew(mine, old, new)
    _write(base, new)
    return said


def lay_out_picture(folder: Path, name: str, picture: Path) -> None:
    """Copy a picture of a notebook; one that the student has changed is left alone."""
    mine = folder / name / picture.name
    base = folder / LAID_OUT / name / picture.name
    known = base.exists() and mine.exists()
    if known and filecmp.cmp(picture, base, shallow=False):
        return
    if not mine.exists() or (known and filecmp.cmp(mine, base, shallow=False)):
        _copy(picture, mine)
    _copy(picture, base)


def changes(old: NotebookNode, new: NotebookNode) -> list[str]:
    """What differs between two versions of a notebook, one line per section.

    Returns
    -------
    list of str
        Such as "Softmax: 2 text cells changed, 1 code cell added", in the order of the notebook.
    """
    before, after = _by_id(old), _by_id(new)
    found: dict[str, Counter[tuple[str, str]]] = {}

    def note(heading: str, cell: NotebookNode, how: str) -> None:
        found.setdefault(heading, Counter())[_kind(cell), how] += 1

    for heading, cell in zip(_headings(new), new.cells, strict=True):
        if cell["id"] not in before:
            note(heading, cell, "added")
        elif before[cell["id"]] != after[cell["id"]]:
            note(heading, cell, "changed")
    for heading, cell in zip(_headings(old), old.cells, strict=True):
        if cell["id"] not in after:
            note(heading, cell, "removed")
    lines = [f"{heading}: {_counted(counts)}" for heading, counts in found.items()]
    return lines or ["The cells are in another order."]


def _renew(mine: Path, old: NotebookNode | None, new: NotebookNode) -> str:
    work = _read(mine)
    if old is None:
        old = _laid_out_before_bases_were_kept(work, new)
        if old is not None and _cells(old) == _cells(new):
            return ""
    elif work is not None and _cells(work) == _cells(old) and not _has_run(work):
        _write(mine, new)
        return f"{mine.stem} has changed, and you had not begun it: {mine} is the new version."
    return _put_beside(mine, old, new)


def _put_beside(mine: Path, old: NotebookNode | None, new: NotebookNode) -> str:
    number = 2
    while (beside := mine.with_name(f"{mine.stem}-version-{number}.ipynb")).exists():
        number += 1
    note = beside.with_name(f"{beside.stem}-changes.md")
    listed = changes(old, new) if old is not None else ["Your notebook could not be read."]
    text = [
        f"# What has changed in {mine.stem}",
        f"Your notebook `{mine.name}` is as you left it. The new version, without your answers, "
        f"is `{beside.name}`. To go on there, copy your answers into it.",
        "\n".join(f"- {line}" for line in listed),
    ]
    write_whole(note, "\n\n".join(text) + "\n")
    _write(beside, new)
    return (
        f"{mine.stem} has changed since you began it: your notebook is as you left it, the new "
        f"version is {beside}, and {note.name} says what is new."
    )


def _laid_out_before_bases_were_kept(
    work: NotebookNode | None, new: NotebookNode
) -> NotebookNode | None:
    """What was laid out, as far as can be told: the student's notebook without the answers."""
    if work is None:
        return None
    answers = {cell["id"]: cell["source"] for cell in new.cells if is_answer(cell)}
    old = nbformat.from_dict(work)
    for cell in old.cells:
        cell["source"] = answers.get(cell["id"], cell["source"])
    return old


def _read(path: Path) -> NotebookNode | None:
    """A notebook; None where there is none that can be read."""
    try:
        notebook = nbformat.read(path, as_version=4)
        _cells(notebook)
    except Exception:  # nbformat raises many kinds of errors for a damaged file
        return None
    return notebook


def _write(path: Path, notebook: NotebookNode) -> None:
    write_whole(path, nbformat.writes(notebook) + "\n")


def _copy(picture: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(picture, target)


def _cells(notebook: NotebookNode) -> list[tuple[str, str, str]]:
    return [(cell["id"], cell["cell_type"], cell["source"]) for cell in notebook.cells]


def _by_id(notebook: NotebookNode) -> dict[str, tuple[str, str]]:
    return {id: (kind, source) for id, kind, source in _cells(notebook)}


def _has_run(notebook: NotebookNode) -> bool:
    return any(cell.get("outputs") or cell.get("execution_count") for cell in notebook.cells)


def _headings(notebook: NotebookNode) -> list[str]:
    """For each cell, the heading that it stands under."""
    headings, current = [], "The beginning"
    for cell in notebook.cells:
        first = cell["source"].split("\n", 1)[0]
        if cell["cell_type"] == "markdown" and first.startswith("#"):
            current = first.lstrip("#").strip()
        headings.append(current)
    return headings


def _kind(cell: NotebookNode) -> str:
    if is_answer(cell):
        return "answer cell"
    return "text cell" if cell["cell_type"] == "markdown" else "code cell"


def _counted(counts: Counter[tuple[str, str]]) -> str:
    """Counts in words, such as "2 text cells changed, 1 code cell added"."""
    return ", ".join(
        f"{count} {kind}{'s' if count > 1 else ''} {how}" for (kind, how), count in counts.items()
    )
