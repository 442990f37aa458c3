"""Copies kind, grade id and text of a notebook's cells from standard input to standard output.

A large file is read by this process, which has a bound on its memory, instead of the grader.
"""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from grading.submission.read import read_notebook
from grading.submission.sanitize import written_cells

MAX_SOURCE = 200_000
MAX_TEXT = 4_000_000


def main() -> None:
    """Copy cells in their order until their texts have more than ``MAX_TEXT`` characters."""
    room, kept = MAX_TEXT, []
    for cell in written_cells(read_notebook(sys.stdin.buffer.read())):
        room -= len(cell.text[:MAX_SOURCE]) + len(cell.name) + 100
        if room < 0:
            break
        kept.append(
            {
                "cell_type": "code" if cell.is_code else "markdown",
                "metadata": {"nbgrader": {"grade_id": cell.name}} if cell.name else {},
                "source": cell.text[:MAX_SOURCE],
            }
        )
    json.dump({"cells": kept}, sys.stdout)


if __name__ == "__main__":
    main()
