"""The glossary: its terms are explained where it says, and no text uses one before that."""

import json
import re

from grading.handout.release import GLOSSARY, NOTEBOOKS, assignments

ENTRY = re.compile(r"^- \*\*(.+?)\*\* \((\d\d)\)\. \S", re.MULTILINE)
ANNOUNCE = {"title", "course-map", "next", "ladder-text"}
"""Cells that say what will come."""


def cells():
    """The text cells of the course, in order: (number of the notebook, id, text)."""
    for name in assignments():
        notebook = json.loads((NOTEBOOKS / name / f"{name}.ipynb").read_text(encoding="utf-8"))
        for cell in notebook["cells"]:
            if cell["cell_type"] == "markdown" and cell["id"] not in ANNOUNCE:
                yield name[:2], cell["id"], "".join(cell["source"])


def test_terms_are_explained_where_the_glossary_says_and_not_used_before_without_a_link():
    entries = ENTRY.findall(GLOSSARY.read_text(encoding="utf-8"))
    terms = [term for term, _ in entries]
    assert len(entries) >= 40 and terms == sorted(terms, key=str.lower)
    texts, wrong = list(cells()), []
    for term, notebook in entries:
        used = re.compile(rf"(?<![\w`$]){re.escape(term)}(s|es)?\b", re.IGNORECASE)
        # Where a term is emphasized, or in a heading, it is explained.
        explained = re.compile(
            rf"(\*|<b>)[^*\n]*?\b{re.escape(term)}|^#.*\b{re.escape(term)}", re.I | re.M
        )
        if not any(number == notebook and explained.search(text) for number, _, text in texts):
            wrong.append(f"{term}: not explained in {notebook}")
        number, cell, text = next(found for found in texts if used.search(found[2]))
        if not (explained.search(text) or "glossary.md" in text):
            wrong.append(f"{term}: used in {number}, cell {cell}, before it is explained")
    assert not wrong, "\n".join(wrong)
