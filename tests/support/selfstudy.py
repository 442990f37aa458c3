"""Notebooks in self-study: their cells run in a shell of IPython, beside an oracle of its own.

It is run as a program, since what answers import and change would reach other tests::

    python -m tests.support.selfstudy < notebooks.json

It reads a list of notebooks, each a list with the name of the exercise that a cell checks, empty
if none, and its source. The last line that it writes is a list with the parts lost in each.
"""

import json
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from typing import Any

from nbformat import NotebookNode

from grading.handout.marks import grade_id, is_experiment, is_judged
from grading.handout.release import PROJECT

COMMAND = [sys.executable, "-m", "tests.support.selfstudy"]


def lost_in_self_study(notebooks: list[NotebookNode]) -> list[dict[str, str]]:
    """By exercise, the verdict on each answer of some notebooks that did not get all points."""
    cells = [
        [
            [grade_id(cell) if is_judged(cell) else "", cell.source]
            for cell in notebook.cells
            if cell.cell_type == "code" and not is_experiment(cell)
        ]
        for notebook in notebooks
    ]
    done = subprocess.run(
        COMMAND, input=json.dumps(cells), capture_output=True, text=True, cwd=PROJECT
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def main() -> None:
    """Run the notebooks one after another in one shell."""
    import matplotlib

    matplotlib.use("Agg")
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    from cs231n_utils import checks

    shell = InteractiveShell.instance(config=Config(HistoryManager={"enabled": False}))
    enable_matplotlib = shell.enable_matplotlib
    shell.enable_gui = lambda gui=None: None
    shell.enable_matplotlib = lambda gui=None: enable_matplotlib("inline")
    judge, verdicts = checks.judge, []

    def record(*arguments: Any) -> checks.Verdict:
        verdicts.append(judge(*arguments))
        return verdicts[-1]

    checks.judge = record
    results = []
    with open(os.devnull, "w") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):
        for cells in json.load(sys.stdin):
            shell.reset(new_session=False, aggressive=False)
            lost = {}
            for exercise, source in cells:
                del verdicts[:]
                shell.run_cell(source, store_history=False)
                if exercise and not (verdicts and verdicts[-1].passed):
                    lost[exercise] = "\n".join(map(str, verdicts)) or "It was not judged."
            results.append(lost)
    print("\n" + json.dumps(results))


if __name__ == "__main__":
    main()
