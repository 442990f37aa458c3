"""The questions of an assignment that give points."""

from ..exercises import EXERCISES, WRITTEN


def points_of(assignment: str) -> dict[str, float]:
    """By exercise and written question of an assignment, the points that it gives."""
    questions = [*EXERCISES.values(), *WRITTEN.values()]
    return {one.id: float(one.points) for one in questions if one.assignment == assignment}
