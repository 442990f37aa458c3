"""What a reader of the course reads, without code: of notebooks, README and docs."""

import ast
import re

from grading.handout.release import PROJECT, read_source


def prose_of(document):
    """Text of a notebook, by its name, or of a page, by its path: one line, single spaces.

    Of the code of a notebook the texts count: of figures, of predictions, of what it prints.
    """
    if document.endswith(".md"):
        return _one_line((PROJECT / document).read_text(encoding="utf-8"))
    return " ".join(map(_prose_of_cell, read_source(document).cells))


def _prose_of_cell(cell):
    if cell.cell_type != "code":
        return _one_line(cell.source)
    lines = [line for line in cell.source.splitlines() if not line.startswith(("%", "!"))]
    nodes = list(ast.walk(ast.parse("\n".join(lines))))
    texts = [node.value for node in nodes if isinstance(node, ast.Constant)]
    return " | ".join(_one_line(text) for text in texts if isinstance(text, str))


def _one_line(text):
    return re.sub(r"\s+", " ", text)
