"""The source of a reference, as it goes into a solved notebook and is shown as a solution."""

from grading.exercises import EXERCISES
from grading.exercises.source import body, reference_source


def test_source_of_a_reference_is_without_its_decorator():
    reference = EXERCISES["accuracy"].reference
    source = reference_source(reference)
    assert source.startswith("def accuracy(scores, y):\n")
    assert source.splitlines()[1:] == body(reference)
