"""Write the results that notebooks show where training would take too long (cs231n_utils/recorded).

    python benchmarks/record_results.py [NOTEBOOK ...]

Runs solved notebooks (09-learned-features, if none is named) on the small data, where each
experiment that asks `cs231n_utils.recorded.results` is run and recorded instead.
"""

import os
import sys
import tempfile

import nbformat
from nbclient import NotebookClient

from cs231n_utils.recorded import RECORDINGS
from grading.handout.answers import fill_answers
from grading.handout.release import read_source

RECORD = "from cs231n_utils import recorded\nrecorded.results = recorded.record"


def main(names: list[str]) -> None:
    """Run every notebook with recording in place of reading."""
    os.environ["CS231N_SIZE"] = "small"
    for name in names:
        notebook = fill_answers(read_source(name))
        notebook.cells.insert(0, nbformat.v4.new_code_cell(RECORD))
        with tempfile.TemporaryDirectory() as folder:
            resources = {"metadata": {"path": folder}}
            NotebookClient(notebook, timeout=600, resources=resources).execute()
    for path in sorted(RECORDINGS.glob("*.npz")):
        print(f"{path.name}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(sys.argv[1:] or ["09-learned-features"])
