"""nbgrader's configuration: run ``nbgrader`` in this folder.

Scores come from the oracle's ledger. Our sanitize and execute steps take the place of
nbgrader's own; SaveAutoGrades, which writes the scores, is nbgrader's.
"""

from nbgrader.preprocessors import (
    AssignLatePenalties,
    CheckCellMetadata,
    ClearOutput,
    LimitOutput,
    LockCells,
    SaveAutoGrades,
)

from grading.classroom.preprocessors import Execute, FillSolutions, Sanitize
from grading.gradebook.database import COURSE_ID, put_programs_on_path
from grading.handout.release import NOTEBOOKS
from grading.pages.feedback import ExplainGrades, FeedbackPage

c = get_config()  # noqa: F821

put_programs_on_path()

c.CourseDirectory.course_id = COURSE_ID
c.CourseDirectory.source_directory = str(NOTEBOOKS)
c.Execute.ledger = "ledger"
c.Autograde.sanitize_preprocessors = [Sanitize, CheckCellMetadata]
c.Autograde.autograde_preprocessors = [
    Execute,
    LimitOutput,
    SaveAutoGrades,
    AssignLatePenalties,
    CheckCellMetadata,
]
c.GenerateSolution.preprocessors = [FillSolutions, LockCells, ClearOutput]
c.GenerateFeedback.exporter_class = FeedbackPage
c.GenerateFeedback.preprocessors = [ExplainGrades]
