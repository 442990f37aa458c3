"""The reader of large files, which runs as a process of its own."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from grading.submission import strip


def stripped(notebook):
    done = subprocess.run(
        [sys.executable, "-I", strip.__file__],
        input=json.dumps(notebook),
        capture_output=True,
        text=True,
        check=True,
        cwd="/",
    )
    return json.loads(done.stdout)["cells"]


def cell(source, name=None, kind="code"):
    marks = {"nbgrader": {"grade_id": name, "points": 1000}} if name else {}
    return {"cell_type": kind, "metadata": marks, "source": source, "outputs": ["x" * 10**6]}


def test_grade_ids_and_texts_are_all_that_is_kept():
    cells = stripped(
        {"cells": [cell("a = 1", "a-answer"), cell(["b", "= 2"], kind="raw"), "nonsense"]}
    )
    assert cells == [
        {
            "cell_type": "code",
            "metadata": {"nbgrader": {"grade_id": "a-answer"}},
            "source": "a = 1",
        },
        {"cell_type": "markdown", "metadata": {}, "source": "b\n= 2"},
    ]


def test_what_is_kept_is_bounded():
    long = "x" * (strip.MAX_SOURCE + 10)
    cells = stripped({"cells": [cell(long)] * 30})
    assert {len(kept["source"]) for kept in cells} == {strip.MAX_SOURCE}
    assert len(cells) == (strip.MAX_TEXT - 1) // (strip.MAX_SOURCE + 100)


def test_what_is_no_notebook_is_an_error():
    for text in ("", "# my homework", "[" * 100_000):
        command = [sys.executable, "-I", str(Path(strip.__file__))]
        done = subprocess.run(command, input=text, capture_output=True, text=True, cwd="/")
        assert done.returncode != 0 and not done.stdout


@pytest.mark.parametrize("notebook", [3, [], {"cells": 5}, {"cells": [None, {"source": 9}]}])
def test_cells_of_another_kind_are_none(notebook):
    assert stripped(notebook) == []
