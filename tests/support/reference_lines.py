"""Lines of the references, to test that they stand nowhere else."""

import inspect
from functools import cache

from grading.exercises import EXERCISES


@cache
def solution_lines():
    """Distinctive lines of the references, without white space."""
    lines = set()
    for exercise in EXERCISES.values():
        for line in inspect.getsource(exercise.reference).splitlines()[2:]:
            squeezed = "".join(line.split())
            if len(squeezed) >= 24:
                lines.add(squeezed)
    assert len(lines) > 10
    return lines
