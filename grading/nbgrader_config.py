"""nbgrader's configuration: run ``nbgrader`` in this folder.

Scores come from the oracle's ledger. Our sanitize and execute steps take the place of
nbgrader's own; SaveAutoGrades, which writes the scores, is nbgrader's.
"""

import os
import sys
import warnings
from pathlib import Path

from nbgrader.preprocessors import (
    AssignLatePenalties,
    CheckCellMetadata,
    ClearOutput,
    LimitOutput,
    LockCells,
    SaveAutoGrades,
)
from sqlalchemy.exc import SAWarning

from grading.execute import Execute
from grading.release import NOTEBOOKS, FillSolutions
from grading.sanitize import Sanitize

c = get_config()  # noqa: F821

# A new gradebook is made by the `alembic` program, which is beside this Python.
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])

# nbgrader's own queries warn about the order in which it builds a submission; they are right.
warnings.filterwarnings("ignore", category=SAWarning, module="nbgrader")

c.CourseDirectory.course_id = "loss-functions-and-optimization"
c.CourseDirectory.source_directory = str(NOTEBOOKS)
c.Autograde.sanitize_preprocessors = [Sanitize, CheckCellMetadata]
c.Autograde.autograde_preprocessors = [
    Execute,
    LimitOutput,
    SaveAutoGrades,
    AssignLatePenalties,
    CheckCellMetadata,
]
c.GenerateSolution.preprocessors = [FillSolutions, LockCells, ClearOutput]
