"""Last step of grading: a page for every student that says what passed, why, and what to read.

:class:`ExplainGrades` and :class:`FeedbackPage` are set in ``nbgrader_config.py``, so
``nbgrader generate_feedback`` and the formgrader write the same pages.
"""

import contextlib
from collections.abc import Iterator, Sequence
from concurrent.futures import as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import Exporter
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.converters import GenerateFeedback
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor
from rich.console import Console
from traitlets import default
from traitlets.config import Config

from cs231n_utils.system.files import write_whole
from cs231n_utils.system.processes import worker_processes
from cs231n_utils.system.processors import n_processors

from ..gradebook.database import default_url
from ..gradebook.grades import read_grades
from ..ledger import Ledger
from ..printing import progress_bar
from .student_page import render_page

CHUNK = 20
"""A process reports after every so many pages."""

WORTH_PROCESSES = 400
"""For this many pages and more, several processes are faster than one, though they take seconds to
start."""


@dataclass(frozen=True)
class Page:
    """One student's page; ``error`` says why there is none."""

    student: str
    path: Path
    error: str = ""


def write_feedback(
    course: Path,
    assignment: str,
    students: Sequence[str] | None = None,
    *,
    db_url: str | None = None,
    jobs: int | None = None,
    console: Console | None = None,
) -> list[Page]:
    """Write the feedback pages of an assignment.

    A page that cannot be written never stops the others, and a page is there whole or not
    at all.

    Parameters
    ----------
    course : Path
        Root of an nbgrader course.
    assignment : str
    students : sequence of str, optional
        By default everybody who was graded.
    db_url : str, optional
        The gradebook, by default ``gradebook.db`` in the course. Without one the ledger's
        files are enough.
    jobs : int, optional
        Processes; by default one per processor if there are many pages, else one.
    console : rich.console.Console, optional

    Returns
    -------
    list of Page
        In the order of ``students``.

    Raises
    ------
    FileNotFoundError
        If nobody was graded.
    """
    course = Path(course).resolve()
    names = list(dict.fromkeys(students)) if students is not None else graded(course, assignment)
    if not names:
        raise FileNotFoundError(
            f"{course} holds no graded submission of {assignment}, expected some in ledger/ or "
            "autograded/: run autograde first."
        )
    if jobs is None:
        jobs = n_processors() if len(names) >= WORTH_PROCESSES else 1
    url = db_url or default_url(course)
    pages: dict[str, Page] = {}
    with progress_bar(console) as progress:
        task = progress.add_task("writing feedback", total=len(names))
        for chunk in _write_all(course, assignment, names, url, jobs):
            for page in chunk:
                pages[page.student] = page
            progress.update(task, completed=len(pages))
    return [pages[name] for name in names]


def graded(course: Path, assignment: str) -> list[str]:
    """Students with an entry in the ledger or an autograded notebook, sorted."""
    names = set(Ledger(course).students(assignment))
    names |= {
        path.parts[-3]
        for path in (course / "autograded").glob(f"*/{assignment}/{assignment}.ipynb")
    }
    return sorted(names)


class ExplainGrades(NbGraderPreprocessor):
    """Look up the ledger's entry and the gradebook's marks of the notebook being converted."""

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple:
        about = resources["nbgrader"]
        assignment, student = about["assignment"], about["student"]
        # The working directory is the course's root, where nbgrader converts.
        course = Path(about.get("course", "."))
        resources["entry"] = Ledger(course).read(assignment, student)
        resources["grades"] = read_grades(about["db_url"], assignment, student)
        return nb, resources


class FeedbackPage(Exporter):
    """A graded notebook as one HTML file that holds no script and asks for nothing."""

    output_mimetype = "text/html"

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".html"

    def from_notebook_node(
        self, nb: NotebookNode, resources: dict | None = None, **kwargs: Any
    ) -> tuple[str, ResourcesDict]:
        # The method of nbconvert's Exporter copies the notebook twice and validates it again.
        resources = self._init_resources(resources)
        notebook = nb
        for preprocessor in self._preprocessors:
            notebook, resources = preprocessor(notebook, resources)
        about = resources["nbgrader"]
        page = render_page(
            about["assignment"],
            about["student"],
            notebook,
            resources.get("entry"),
            resources.get("grades"),
        )
        return page, resources


class _CourseFeedback(GenerateFeedback):
    """nbgrader's converter, for one page at a time, which is written whole or not at all."""

    def __init__(self, course: Path, assignment: str, db_url: str):
        config = Config(CourseDirectory={"root": str(course), "db_url": db_url})
        super().__init__(coursedir=CourseDirectory(config=config), config=config)
        self.course, self.assignment = course, assignment
        self.exporter = FeedbackPage(config=self.config)
        self.exporter.register_preprocessor(ExplainGrades, enabled=True)

    def page(self, student: str) -> Page:
        """Write one student's page."""
        path = self.course / "feedback" / student / self.assignment / f"{self.assignment}.html"
        try:
            notebook = Path(self._format_source(self.assignment, student))
            notebook /= f"{self.assignment}.ipynb"
            if notebook.is_file():
                self.init_assignment(self.assignment, student)
                self.convert_single_notebook(str(notebook))
            else:
                self._page_without_notebook(student)
        except Exception as error:
            # A page that is left from an earlier grading would be taken for the new one.
            with contextlib.suppress(OSError):
                path.unlink()
            return Page(student, path, f"{type(error).__name__}: {error}")
        return Page(student, path)

    def init_single_notebook_resources(self, notebook_filename: str) -> dict[str, Any]:
        resources = super().init_single_notebook_resources(notebook_filename)
        resources["nbgrader"]["course"] = str(self.course)
        return resources

    def write_single_notebook(self, output: str, resources: ResourcesDict) -> None:
        about = resources["nbgrader"]
        folder = Path(self._format_dest(about["assignment"], about["student"]))
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(folder / f"{about['notebook']}.html", output)

    def _page_without_notebook(self, student: str) -> None:
        entry = Ledger(self.course).read(self.assignment, student)
        if entry is None:
            raise FileNotFoundError(
                f"{student} has no graded submission of {self.assignment}: run autograde first."
            )
        about = {
            "assignment": self.assignment,
            "student": student,
            "notebook": self.assignment,
            "db_url": self.coursedir.db_url,
            "course": str(self.course),
        }
        empty = nbformat.v4.new_notebook()
        output, resources = self.exporter.from_notebook_node(empty, {"nbgrader": about})
        self.write_single_notebook(output, resources)


def _write_all(
    course: Path, assignment: str, names: list[str], db_url: str, jobs: int
) -> Iterator[list[Page]]:
    chunks = [names[start : start + CHUNK] for start in range(0, len(names), CHUNK)]
    work = [(course, assignment, chunk, db_url) for chunk in chunks]
    if min(jobs, len(chunks)) == 1:
        yield from (_write_chunk(*arguments) for arguments in work)
        return
    with worker_processes(min(jobs, len(chunks))) as pool:
        futures = {pool.submit(_write_chunk, *arguments): arguments for arguments in work}
        for future in as_completed(futures):
            try:
                yield future.result()
            except BrokenProcessPool:
                yield _write_chunk(*futures[future])


def _write_chunk(course: Path, assignment: str, names: list[str], db_url: str) -> list[Page]:
    converter = _CourseFeedback(course, assignment, db_url)
    return [converter.page(name) for name in names]
