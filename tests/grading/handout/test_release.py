"""What students receive of an assignment: everything but the solutions."""

import pytest

from grading.handout.release import assignments, read_source, student_version
from tests.support.reference_lines import solution_lines


@pytest.mark.parametrize("assignment", assignments())
def test_release_holds_no_line_of_any_solution(assignment):
    cells = student_version(read_source(assignment)).cells
    squeezed = "".join("".join(cell.source for cell in cells).split())
    assert not [line for line in solution_lines() if line in squeezed]
    assert "BEGINSOLUTION" not in squeezed
