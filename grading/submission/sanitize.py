"""First step of grading: a trusted notebook around the student's answers.

The notebook is rebuilt from our release. Of the submission only the text of the answer cells
is taken; its metadata, outputs, extra cells and kernel are not looked at.
"""

import copy
import re
from collections.abc import Mapping
from typing import Any

from ..handout.marks import exercise_of, grade_id, is_answer

_TAG = re.compile(r"<(?=[A-Za-z/!?])")
"""What a browser takes for the start of a tag, a comment or a declaration."""

MAX_ANSWER_CHARACTERS = 100_000


def sanitize(released: Mapping[str, Any], submission: Any) -> tuple[dict[str, Any], dict[str, str]]:
    """Put a submission's answers into a fresh notebook.

    Parameters
    ----------
    released : mapping
        The notebook as students received it; not changed.
    submission : object
        What was handed in, read as JSON; nothing about it is trusted.

    Returns
    -------
    notebook : dict
        The released notebook with the student's answers. An answer that is missing or cannot
        be used is left as released.
    reasons : dict of str to str
        By grade id, why an answer was left as released.
    """
    notebook = copy.deepcopy(dict(released))
    written = written_cells(submission)
    reasons = {}
    for cell in filter(is_answer, notebook["cells"]):
        name = grade_id(cell)
        answer = _find_answer(written, name, cell["source"])
        if answer is None:
            reasons[name] = "Its answer cell is missing from the notebook handed in."
        elif len(answer) > MAX_ANSWER_CHARACTERS:
            reasons[name] = (
                f"Its answer has {len(answer)} characters, expected at most "
                f"{MAX_ANSWER_CHARACTERS}."
            )
        else:
            cell["source"] = answer
    return notebook, reasons


def written_cells(submission: Any) -> list[tuple[str, str]]:
    """The grade id, if any, and the text of every cell, whatever else a cell claims."""
    cells = submission.get("cells") if isinstance(submission, Mapping) else None
    if not isinstance(cells, list):
        sheets = submission.get("worksheets") if isinstance(submission, Mapping) else None
        cells = [
            cell
            for sheet in (sheets if isinstance(sheets, list) else [])
            for cell in _listed(_dig(sheet, "cells"))
        ]
    found = []
    for cell in cells:
        name = _dig(cell, "metadata", "nbgrader", "grade_id")
        text = _text(cell)
        if text is not None:
            found.append((name if isinstance(name, str) else "", text))
    return found


def without_tags(notebook: Mapping[str, Any]) -> None:
    """Turn what could be an HTML tag in a written answer into text, in place.

    Whatever shows the notebook as a web page, in the origin of the teacher's Jupyter server, then
    finds no element of a student's in it.
    """
    for cell in filter(is_answer, notebook["cells"]):
        if cell["cell_type"] == "markdown":
            cell["source"] = _TAG.sub("&lt;", cell["source"])


def answers_of(notebook: Mapping[str, Any]) -> dict[str, str]:
    """By grade id, the text of every answer cell."""
    return {grade_id(cell): cell["source"] for cell in notebook["cells"] if is_answer(cell)}


def _find_answer(written: list[tuple[str, str]], name: str, released: str) -> str | None:
    """The first cell of that grade id that the student has changed.

    Some editors drop metadata, so where no cell has the id, the first cell without any id that
    defines the function is taken.
    """
    claimed = [text for found, text in written if found == name]
    changed = [text for text in claimed if text.strip() != released.strip()]
    if claimed:
        return (changed or claimed)[0]
    function = exercise_of(name)
    if not function:
        return None
    definition = re.compile(rf"^def {re.escape(function)}\(", re.MULTILINE)
    return next((text for found, text in written if not found and definition.search(text)), None)


def _text(cell: Any) -> str | None:
    """A cell's source: a string, or a list of lines; nbformat 3 calls it input."""
    for key in ("source", "input"):
        text = _dig(cell, key)
        if isinstance(text, list) and all(isinstance(line, str) for line in text):
            text = "".join(text)
        if isinstance(text, str):
            text = text.replace("\r\n", "\n").replace("\r", "\n")
            return text.encode("utf-8", "replace").decode()
    return None


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _dig(value: Any, *keys: str) -> Any:
    for key in keys:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value
