"""The steps of grading as nbgrader's preprocessors, so that its own commands give our scores."""

import atexit
import json
from pathlib import Path

import nbformat
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Bool, Float, Unicode

from cs231n_utils.system.files import write_whole

from ..handout.answers import fill_answers
from ..handout.release import read_source, student_version
from ..sandbox.outside import Sandbox
from ..submission.execute import execute
from ..submission.grade import entry
from ..submission.sanitize import sanitize
from ..submission.scores import write_scores


class Sanitize(NbGraderPreprocessor):
    """The released notebook with the student's answers, in place of what was handed in."""

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple:
        released = student_version(read_source(resources["nbgrader"]["assignment"]))
        notebook, reasons = sanitize(released, nb)
        notebook["metadata"]["grading"] = {"reasons": reasons}
        return nbformat.from_dict(notebook), resources


class Execute(NbGraderPreprocessor):
    """Run the answers in a sandbox beside the oracle; scores come from its ledger alone."""

    timeout = Float(10.0, help="Seconds that one cell may take.").tag(config=True)
    confined = Bool(True, help="Run submissions in bubblewrap.").tag(config=True)
    ledger = Unicode("", help="Folder that keeps verdicts, for feedback and reports.").tag(
        config=True
    )

    _sandbox: Sandbox | None = None

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple:
        assignment = resources["nbgrader"]["assignment"]
        run = execute(nb, assignment, self._warm_sandbox(), timeout=self.timeout)
        for index, outputs in run.outputs.items():
            nb.cells[index]["outputs"] = outputs
        reasons = nb.metadata.get("grading", {}).get("reasons", {})
        verdicts = write_scores(nb, run.ledger, stopped=run.stopped, reasons=reasons)
        if self.ledger:
            student = resources["nbgrader"]["student"]
            kept = {
                "student": student,
                "assignment": assignment,
                "status": "graded",
                "reason": run.stopped,
                **entry(nb, verdicts),
                "seconds": round(run.seconds, 3),
                "peak_mb": run.peak_mb,
                "confined": self.confined,
                "recorded": True,
            }
            path = Path(self.ledger) / assignment / f"{student}.json"
            write_whole(path, json.dumps(kept, indent=1))
        return nbformat.from_dict(nb), resources

    def _warm_sandbox(self) -> Sandbox:
        """One sandbox for the life of this process, however many preprocessors nbgrader makes."""
        if Execute._sandbox is None or Execute._sandbox.confined != self.confined:
            Execute._sandbox = Sandbox(confined=self.confined)
            atexit.register(Execute._sandbox.stop)
        return Execute._sandbox


class FillSolutions(NbGraderPreprocessor):
    """``nbgrader generate_solution`` takes the solutions from ``grading/exercises``."""

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple:
        return fill_answers(nb), resources
