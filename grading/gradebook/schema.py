"""nbgrader's tables, as far as they are read here: importing nbgrader itself takes a second."""

from sqlalchemy import Boolean, DateTime, Interval, column, table
from sqlalchemy.sql.expression import TableClause


def _table(name: str, *names: str, **types: type) -> TableClause:
    plain = [column(one) for one in names]
    return table(name, *plain, *(column(one, kind) for one, kind in types.items()))


ASSIGNMENT = _table("assignment", "id", "name", duedate=DateTime)
SUBMITTED = _table(
    "submitted_assignment", "id", "assignment_id", "student_id",
    timestamp=DateTime, extension=Interval,
)  # fmt: skip
NOTEBOOK = _table("submitted_notebook", "id", "assignment_id", "late_submission_penalty")
CELL = _table("base_cell", "id", "name")
GRADE_CELL = _table("grade_cells", "id", "max_score")
GRADE = _table(
    "grade", "notebook_id", "cell_id", "auto_score", "manual_score", "extra_credit",
    needs_manual_grade=Boolean,
)  # fmt: skip
COMMENT = _table("comment", "notebook_id", "cell_id", "manual_comment")

TABLES = (ASSIGNMENT, SUBMITTED, NOTEBOOK, CELL, GRADE_CELL, GRADE, COMMENT)

SUBMISSIONS = SUBMITTED.join(NOTEBOOK, NOTEBOOK.c.assignment_id == SUBMITTED.c.id).join(
    ASSIGNMENT, ASSIGNMENT.c.id == SUBMITTED.c.assignment_id
)
"""One row for each notebook handed in."""
