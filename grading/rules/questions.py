"""The questions of an assignment that give points."""

from ..exercises import WRITTEN, exercises_of


def points_of(assignment: str) -> dict[str, float]:
    """By exercise and written question of an assignment, the points that it gives."""
    written = [question for question in WRITTEN.values() if question.assignment == assignment]
    questions = [*exercises_of(assignment).values(), *written]
    return {question.id: float(question.points) for question in questions}
