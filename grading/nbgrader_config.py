"""nbgrader's configuration, which each course loads; in this folder, `nbgrader` uses `course/`.

The exporter grades what was handed in; SaveAutoGrades, which writes the points, is nbgrader's;
then the rules of the course are applied.
"""

import os

from nbgrader.preprocessors import (
    CheckCellMetadata,
    ClearOutput,
    LockCells,
    NbGraderPreprocessor,
    SaveAutoGrades,
)

from grading.classroom.course import COURSE
from grading.classroom.nbgrader_autograde import GradedNotebook
from grading.classroom.release_feedback import ReleaseFeedback
from grading.gradebook.apply import ApplyRules
from grading.gradebook.database import COURSE_ID, put_programs_on_path
from grading.handout.answers import fill_answers
from grading.handout.release import NOTEBOOKS
from grading.pages.feedback import ExplainGrades, FeedbackPage
from grading.pages.markdown import notebook_markdown
from grading.pages.rendering import TEMPLATES


class FillSolutions(NbGraderPreprocessor):
    """``nbgrader generate_solution`` takes the solutions from ``grading/exercises``."""

    def preprocess(self, nb, resources):
        return fill_answers(nb), resources


c = get_config()  # noqa: F821

put_programs_on_path()

c.CourseDirectory.course_id = COURSE_ID
c.CourseDirectory.root = str(COURSE)
# nbgrader would use an absolute path as a regular expression, so the path is relative.
c.CourseDirectory.source_directory = os.path.relpath(NOTEBOOKS, COURSE)
c.Autograde.exporter_class = GradedNotebook
c.Autograde.sanitize_preprocessors = []
c.Autograde.autograde_preprocessors = [SaveAutoGrades, ApplyRules, CheckCellMetadata]
c.GenerateSolution.preprocessors = [FillSolutions, LockCells, ClearOutput]
# The formgrader shows a student's Markdown in the origin of the teacher's Jupyter server.
c.HTMLExporter.filters = {"markdown2html": notebook_markdown}
c.HTMLExporter.extra_template_basedirs.prepend([str(TEMPLATES)])
c.GenerateFeedback.exporter_class = FeedbackPage
c.GenerateFeedback.preprocessors = [ExplainGrades]
c.ExchangeFactory.release_feedback = ReleaseFeedback
