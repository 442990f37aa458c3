"""First step of grading: a trusted notebook around the student's answers.

The notebook is rebuilt from our release. Of the submission only the text of the answer cells
is taken; its metadata, outputs, extra cells and kernel are not looked at.
"""

import copy
import re
from collections.abc import Mapping
from typing import Any

from ..handout.marks import grade_id, is_answer
from .answer_cells import MAX_CHARACTERS as MAX_ANSWER_CHARACTERS
from .answer_cells import Written, find_answer

_TAG = re.compile(r"<(?=[A-Za-z/!?])")
"""What a browser takes for the start of a tag, a comment or a declaration."""

_WORDS = ("markdown", "raw", "heading", "html")
"""Kinds of cells, of any notebook format, that hold no code."""


def sanitize(
    released: Mapping[str, Any], submission: Any
) -> tuple[dict[str, Any], dict[str, str], dict[str, str]]:
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
    notes : dict of str to str
        By grade id, which of several cells were taken for an answer.
    """
    notebook = copy.deepcopy(dict(released))
    written = written_cells(submission)
    texts = [cell["source"] for cell in released["cells"]]
    reasons, notes = {}, {}
    for cell in filter(is_answer, notebook["cells"]):
        name = grade_id(cell)
        found = find_answer(written, name, texts, cell["source"])
        answer = found.text
        if answer is None:
            reasons[name] = "Its answer cell is missing from the notebook handed in."
        elif len(answer) > MAX_ANSWER_CHARACTERS:
            reasons[name] = (
                f"Its answer has {len(answer)} characters, expected at most "
                f"{MAX_ANSWER_CHARACTERS}."
            )
        else:
            cell["source"] = answer
            notes |= {name: found.note} if found.note else {}
    return notebook, reasons, notes


def written_cells(submission: Any) -> list[Written]:
    """The cells with a text, whatever else they claim."""
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
            is_code = _dig(cell, "cell_type") not in _WORDS
            found.append(Written(name if isinstance(name, str) else "", text, is_code))
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


def _text(cell: Any) -> str | None:
    """A cell's source: a string, or a list of lines; nbformat 3 calls it input.

    Lines come with their ends, or without; nbformat tells by the first of them.
    """
    for key in ("source", "input"):
        text = _dig(cell, key)
        if isinstance(text, list) and all(isinstance(line, str) for line in text):
            text = ("" if text and text[0].endswith(("\n", "\r")) else "\n").join(text)
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
