"""nbgrader's `autograde`, and the formgrader's button: the same body as our command's.

nbgrader converts a notebook twice. The first time, from ``submitted/`` to ``autograded/``, the
exporter set here grades the file handed in and keeps its entry in the ledger; the second time
nbgrader's own steps record the scores.
"""

import atexit
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbconvert.exporters.exporter import ResourcesDict
from traitlets import Bool, Float

from ..sandbox.outside import Sandbox
from ..submission.grade import Settings, grade
from ..submission.read import Task, fetch
from .autograde import settings_for
from .course import Course


class GradedNotebook(NotebookExporter):
    """Grades the notebook that nbgrader exports; our command reads its settings too."""

    timeout = Float(10.0, help="Seconds that one cell may take.").tag(config=True)
    confined = Bool(True, help="Run submissions in bubblewrap.").tag(config=True)

    def from_filename(
        self, filename: str, resources: dict | None = None, **kwargs: Any
    ) -> tuple[str, ResourcesDict]:
        # In the second conversion nbgrader has set its preprocessors, and the notebook is graded.
        if self._preprocessors:
            return super().from_filename(filename, resources, **kwargs)
        about = resources["nbgrader"]
        settings = _settings(about["assignment"], self.timeout, self.confined)
        handed_in = fetch(Task(about["student"], filename))
        result = grade(about["student"], handed_in, settings, _sandbox(self.confined))
        # The working directory is the course's root, where nbgrader converts.
        Course(Path.cwd(), about["db_url"]).ledger.write(result.entry)
        return super().from_notebook_node(nbformat.from_dict(result.notebook), resources)


@cache
def _settings(assignment: str, timeout: float, confined: bool) -> Settings:
    return settings_for(assignment, timeout=timeout, confined=confined)


@cache
def _sandbox(confined: bool) -> Sandbox:
    """One sandbox for the life of this process, however many exporters nbgrader makes."""
    sandbox = Sandbox(confined=confined)
    atexit.register(sandbox.stop)
    return sandbox
