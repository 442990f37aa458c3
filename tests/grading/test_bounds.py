"""Whatever the trusted side does with a student's text takes a bounded time, on its worst case."""

import contextlib
import time

import pytest

from grading.handout.release import read_source, student_version
from grading.pages.look_alikes import alike
from grading.pages.markdown import markdown, notebook_markdown
from grading.pages.python_code import colored
from grading.printing import printable
from grading.submission.read import Unreadable, read_notebook
from grading.submission.sanitize import sanitize, without_tags
from grading.submission.scores import verdicts_of
from tests.support.turns import in_turns

LENGTH = 100_000
MOST_SECONDS = 10.0
"""Far more than a bounded step needs, far less than one whose time grows with the square."""

RELEASED = student_version(read_source("01-loss-functions"))


def graded_with(text):
    """Sanitize, and look for the reason why nothing was judged, as after an error in a cell."""
    marks = {"nbgrader": {"grade_id": "softmax-answer"}}
    notebook, unusable, _ = sanitize(RELEASED, {"cells": [{"metadata": marks, "source": text}]})
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            error = {"output_type": "error", "ename": text, "evalue": text, "traceback": [text]}
            cell["outputs"] = [error]
    return verdicts_of(notebook, [], unusable=unusable)


def without_marks(text):
    """Look for an answer in cells whose marks an editor has dropped."""
    return sanitize(RELEASED, {"cells": [{"source": text}] * 3})


def in_halves(text):
    """Look for the answer in several cells with one grade id."""
    marks = {"nbgrader": {"grade_id": "softmax-answer"}}
    half, most = len(text) // 2, len(text) // 30
    for parts in ([text[:half], text[half:]], [text[i * most : (i + 1) * most] for i in range(30)]):
        cells = [{"metadata": marks, "source": f"x = {i}\n{part}"} for i, part in enumerate(parts)]
        sanitize(RELEASED, {"cells": cells})


def written(text):
    marks = {"grade_id": "written", "solution": True, "grade": True}
    cell = {"cell_type": "markdown", "metadata": {"nbgrader": marks}, "source": text}
    without_tags({"cells": [cell]})


def read(text):
    with contextlib.suppress(Unreadable):
        read_notebook(text.encode())


STEPS = {
    "sanitize and score": graded_with,
    "find an unmarked answer": without_marks,
    "find an answer in several cells": in_halves,
    "written answer": written,
    "read": read,
    "color": colored,
    "markdown": lambda text: markdown(text, trusted=False),
    "markdown of a notebook": notebook_markdown,
    "print": printable,
    "compare": lambda text: alike({"amy": {"softmax": text}, "bob": {"softmax": text}}),
}
PIECES = [
    *(
        "\n",
        " ",
        "\t",
        " \n",
        "\r",
        "\x0b\n",
        "%",
        "%a\n",
        "!\n",
        "?\n",
        "=",
        "= ",
        ";",
        "a?\n",
        "\\\n",
    ),
    *(
        "(",
        "[",
        "{",
        "((\n",
        '"',
        "'",
        "'''",
        '"""',
        "#",
        "# \n",
        "a",
        "a ",
        "a.",
        "a=",
        "a+",
        "1",
        "-",
    ),
    *(
        "def softmax(",
        "def softmax(scores):\n",
        "lambda:",
        "if a:\n ",
        "line 1",
        "line ",
        "<",
        "<a ",
        "</",
    ),
    *(
        "&",
        "&lt;",
        "\x00",
        "é",
        "\U0001f600",
        "[a](",
        "$",
        "$$",
        "`",
        "*a",
        "> ",
        "- ",
        "|",
    ),
]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("piece", in_turns(PIECES, 3))
def test_worst_cases_take_bounded_time(step, piece):
    text = (piece * LENGTH)[:LENGTH]
    if step in ("read", "color") and piece == "\ud800":
        text = text.replace("?")
    started = time.process_time()
    STEPS[step](text)
    assert time.process_time() - started < MOST_SECONDS
