"""The source of references, as self-study shows it and as notebooks are filled in from it."""

from grading.exercises import EXERCISES
from grading.exercises.source import body, reference_source

SOFTMAX = """    shifted = scores - np.max(scores, axis=-1, keepdims=True)
    exponentials = np.exp(shifted)
    return exponentials / np.sum(exponentials, axis=-1, keepdims=True)"""


def test_source_of_a_reference_has_no_decorator():
    source = reference_source(EXERCISES["softmax"].reference)
    assert source == f"def softmax(scores):\n{SOFTMAX}"


def test_body_is_all_below_the_signature():
    assert body(EXERCISES["softmax"].reference) == SOFTMAX.splitlines()


def test_body_of_a_function_in_a_function_is_indented_as_one_of_a_module():
    def double(a):
        return 2 * a

    assert body(double) == ["    return 2 * a"]
