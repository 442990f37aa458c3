"""Record what notebooks show where training would take too long (see `cs231n_utils.recorded`).

    python -m grading.handout.recording [NOTEBOOK ...]

Runs solved notebooks, 09-learned-features if none is named, on the small data; each experiment
that asks for recorded results is run there and recorded instead.
"""

import os
import sys
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

from cs231n_utils.recorded import RECORDINGS

from .answers import fill_answers
from .release import read_source

RECORD = """
from pathlib import Path
from cs231n_utils import recorded
recorded.RECORDINGS, recorded.results = Path({folder!r}), recorded.record
"""


def record_results(notebook: NotebookNode, folder: Path = RECORDINGS) -> None:
    """Run a solved notebook on the small data, and write what it records into a folder."""
    notebook.cells.insert(0, nbformat.v4.new_code_cell(RECORD.format(folder=str(folder))))
    with tempfile.TemporaryDirectory() as scratch:
        client = NotebookClient(notebook, timeout=600, resources={"metadata": {"path": scratch}})
        client.execute(env={**os.environ, "CS231N_SIZE": "small"})


if __name__ == "__main__":
    for name in sys.argv[1:] or ["09-learned-features"]:
        record_results(fill_answers(read_source(name)))
