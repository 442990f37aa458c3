"""nbgrader's `autograde`, and the formgrader's button: the same body as our command's.

nbgrader converts a notebook twice. The first time, from ``submitted/`` to ``autograded/``, the
exporter set here grades the file handed in and keeps its entry in the ledger; the second time
nbgrader's own steps record the scores.
"""

import atexit
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbconvert.exporters.exporter import ResourcesDict
from nbgrader.api import Gradebook
from traitlets import Bool, Float

from ..sandbox.outside import Sandbox
from ..submission.grade import Settings, grade
from ..submission.read import Task, fetch
from .autograde import settings_for
from .course import Course
from .moments import time_stamp


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
        _correct_time(about, filename)
        # The working directory is the course's root, where nbgrader converts.
        Course(Path.cwd(), about["db_url"]).ledger.write(result.entry)
        return super().from_notebook_node(nbformat.from_dict(result.notebook), resources)


def _correct_time(about: Mapping[str, Any], handed_in: str) -> None:
    """Write the time of handing in, of which nbgrader takes the zone +0100 for 100 seconds."""
    moment = time_stamp(handed_in)
    if moment is None:
        return
    with Gradebook(about["db_url"]) as gradebook:
        gradebook.find_submission(about["assignment"], about["student"]).timestamp = moment
        gradebook.db.commit()


@cache
def _settings(assignment: str, timeout: float, confined: bool) -> Settings:
    return settings_for(assignment, timeout=timeout, confined=confined)


@cache
def _sandbox(confined: bool) -> Sandbox:
    """One sandbox for the life of this process, however many exporters nbgrader makes."""
    sandbox = Sandbox(confined=confined)
    atexit.register(sandbox.stop)
    return sandbox
