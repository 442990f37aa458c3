"""Which of several cells is the answer, and what the student is told of it."""

import pytest

from grading.submission.answer_cells import MAX_CHARACTERS, Written, find_answer

STUB = "def softmax(scores):\n    raise NotImplementedError()"
DRAFT = "def softmax(scores):\n    return scores"
FINAL = "def softmax(scores):\n    return np.exp(scores) / total(scores)"
HELPER = "def total(scores):\n    return np.exp(scores).sum()"
LAMBDA = "softmax = lambda scores: softmax(scores)"
HALVES = "def softmax(scores):\n    e = 1", "    return e"
WORDS = "YOUR ANSWER HERE"


def chosen(*texts, released=(STUB, WORDS)):
    """The answer of cells that claim its grade id, or that are given as `Written`."""
    cells = [
        text if isinstance(text, Written) else Written("softmax-answer", text) for text in texts
    ]
    return find_answer(cells, "softmax-answer", released, STUB)


def new(text):
    return Written("", text)


def words(*texts):
    cells = [text if isinstance(text, Written) else Written("why", text, False) for text in texts]
    return find_answer(cells, "why", (STUB, WORDS, "## Next"), WORDS)


def below(text):
    return Written("", text, is_code=False)


@pytest.mark.parametrize(
    ("cells", "text"),
    [
        ([DRAFT, FINAL], FINAL),
        ([FINAL, DRAFT], DRAFT),
        ([STUB, DRAFT], DRAFT),
        ([DRAFT, STUB], DRAFT),
        ([HELPER, FINAL], f"{HELPER}\n\n{FINAL}"),
        ([FINAL, HELPER], f"{FINAL}\n\n{HELPER}"),
        ([f"{HELPER}\n{DRAFT}", FINAL], f"{HELPER}\n{DRAFT}\n\n{FINAL}"),
        (["total = 3", HELPER, FINAL], f"{HELPER}\n\n{FINAL}"),
        (["from numpy import *", DRAFT], f"from numpy import *\n\n{DRAFT}"),
        (["import numpy as np", DRAFT, FINAL], f"import numpy as np\n\n{FINAL}"),
        ([DRAFT, "print(softmax([1]))"], DRAFT),
        (["assert softmax([1])", DRAFT], DRAFT),
        ([DRAFT, "def softmax(scores:\n    pass"], DRAFT),
        ([DRAFT, "not Python at all"], DRAFT),
        ([DRAFT, LAMBDA], LAMBDA),
        ([DRAFT, f"%matplotlib inline\n{FINAL}"], f"%matplotlib inline\n{FINAL}"),
        (HALVES, "\n".join(HALVES)),
        (["def softmax(scores):", "    return scores"], DRAFT),
        (["def softmax(scores:\n", DRAFT + " +"], DRAFT + " +"),
        ([DRAFT, ""], DRAFT),
        (["", STUB], ""),
        ([STUB, STUB], STUB),
    ],
)
def test_the_last_definition_counts_with_what_it_uses(cells, text):
    assert chosen(*cells).text == text


@pytest.mark.parametrize(
    ("cells", "text"),
    [
        ([STUB, new(DRAFT)], DRAFT),
        ([new(DRAFT), STUB], DRAFT),
        ([STUB, new(DRAFT), new(FINAL)], FINAL),
        (["", new(DRAFT)], DRAFT),
        (["# see below", new(DRAFT)], DRAFT),
        ([FINAL, new(DRAFT)], FINAL),
        ([STUB, Written("", f"I wrote\n{DRAFT}", is_code=False)], STUB),
        ([STUB, new("print(softmax([1]))")], STUB),
        ([new(STUB), new(DRAFT)], DRAFT),
        ([new(STUB)], STUB),
        (["", new(STUB)], ""),
        ([new("x = 1")], None),
    ],
)
def test_a_new_cell_counts_where_the_marked_one_defines_nothing(cells, text):
    assert chosen(*cells).text == text


def test_the_student_is_told_of_a_choice():
    assert chosen(DRAFT).note == chosen(STUB).note == chosen(STUB, DRAFT).note == ""
    assert chosen(DRAFT, DRAFT).note == chosen(new(DRAFT)).note == ""
    assert chosen(DRAFT, FINAL).note == (
        "2 different cells are marked as this answer: the last that defines softmax was graded."
    )
    assert chosen(HELPER, FINAL).note == (
        "2 different cells are marked as this answer: they were joined."
    )
    assert chosen(HELPER, DRAFT, FINAL).note == (
        "3 different cells are marked as this answer: the last that defines softmax was graded, "
        "with what it uses of the others."
    )
    assert "as released: a new cell that defines softmax" in chosen(STUB, new(DRAFT)).note
    assert "The answer cell defines no softmax: a new cell that" in chosen("", new(DRAFT)).note


def test_written_answers_are_joined_and_new_text_below_an_empty_one_is_taken():
    assert words(WORDS, "One.", "Two.", "One.").text == "One.\n\nTwo."
    assert "2 cells are marked as this answer" in words("One.", "Two.").note
    assert (words("One.").text, words("One.").note) == ("One.", "")
    found = words(WORDS, below("One."), below("Two."), below("## Next"), below("Three."))
    assert found.text == "One.\n\nTwo." and "the new text below it was taken" in found.note
    assert words("One.", below("Two.")).text == "One."
    assert words(WORDS, new("x = 1"), below("Two.")).text == WORDS
    assert words(below("One.")).text is None and words("").text == ""


def test_what_is_read_of_many_cells_is_bounded():
    numbered = [f"def softmax(scores):\n    return {i}" for i in range(10_000)]
    assert chosen(*numbered).text == numbered[-1]

    long = f"{DRAFT}\n{'#' * MAX_CHARACTERS}"
    assert chosen(FINAL, long).text == FINAL and chosen(long).text == long
