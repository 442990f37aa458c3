"""Wrong answers, to see what they are told.

The texts are in ``tests/wrong``, one folder for each corpus, each answer a section of a file as in
the percent format of Jupytext: ``# %% EXERCISE: what is wrong``. ``listed`` holds those that must
be named: what is wrong is what they must be told. The others were written from the student
notebooks alone, by somebody who knew none of the slips.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.support.unusual import Answer

FOLDER = Path(__file__).parents[1] / "wrong"
SECTION = re.compile(r"^# %% (\w+): (.*)$", re.MULTILINE)


def corpora() -> list[str]:
    """The names of the corpora that were written blindly."""
    return sorted(path.name for path in FOLDER.iterdir() if path.is_dir() and path.name != "listed")


def wrong_answers(corpus: str) -> Iterator[Answer]:
    """The answers of one corpus, in the order of the course."""
    for path in sorted((FOLDER / corpus).glob("*.py")):
        _, *sections = SECTION.split(path.read_text(encoding="utf-8"))
        for exercise, wrong, text in zip(*(sections[i::3] for i in range(3)), strict=True):
            yield Answer(exercise, wrong, text.lstrip("\n"))
