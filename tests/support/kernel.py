"""Runs notebooks in a shell of IPython, as a kernel does, beside the oracle of self-study.

A program of its own, since what answers import and change would reach other tests. It imports no
more than a kernel does::

    python -m tests.support.kernel < notebooks.json

It reads a list of notebooks, each a list of cells, each with the exercise that it checks, or an
empty text, and its source. The last line that it writes is a list with what each notebook lost.
"""

import json
import os
import sys
from contextlib import redirect_stderr, redirect_stdout
from typing import Any

import matplotlib
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from cs231n_utils import checks


def main() -> None:
    """Run the notebooks one after another."""
    shell = new_shell()
    judge, verdicts = checks.judge, []

    def recorded(*arguments: Any) -> checks.Verdict:
        verdicts.append(judge(*arguments))
        return verdicts[-1]

    checks.judge = recorded
    with open(os.devnull, "w") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):
        results = [lost_in(notebook, shell, verdicts) for notebook in json.load(sys.stdin)]
    print("\n" + json.dumps(results))


def new_shell() -> InteractiveShell:
    """A shell that draws no figure in a window."""
    matplotlib.use("Agg")
    shell = InteractiveShell.instance(config=Config(HistoryManager={"enabled": False}))
    enable_matplotlib = shell.enable_matplotlib
    shell.enable_gui = lambda gui=None: None
    shell.enable_matplotlib = lambda gui=None: enable_matplotlib("inline")
    shell.run_line_magic("load_ext", "autoreload")
    return shell


def lost_in(
    notebook: list[list[str]], shell: InteractiveShell, verdicts: list[checks.Verdict]
) -> dict[str, str]:
    """By exercise, what was said where not all points were given."""
    shell.user_ns.clear()
    shell.init_user_ns()
    shell.run_line_magic("autoreload", "off")
    lost = {}
    for exercise, source in notebook:
        verdicts.clear()
        shell.run_cell(source, store_history=False)
        if exercise and not (verdicts and verdicts[-1].passed):
            lost[exercise] = "\n".join(map(str, verdicts)) or "It was not judged."
    return lost


if __name__ == "__main__":
    main()
