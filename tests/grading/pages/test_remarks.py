"""Remarks on what looks odd: where they are, and that they are only words."""

from dataclasses import replace

import pytest

from grading.pages.remarks import MOST_OF_ONE_ANSWER, remarks
from tests.support.graded_course import add_student


@pytest.fixture
def remarked(tmp_path):
    entry = add_student(tmp_path, "amy", notebook=False)

    def remarks_on(text, **verdict):
        verdicts = tuple(replace(one, **verdict) for one in entry.verdicts[:1])
        return remarks(replace(entry, answers={"softmax-answer": text}, verdicts=verdicts))

    return remarks_on


def test_odd_word_is_shown_with_its_cell_and_line(remarked):
    (remark,) = remarked("import sys\nsys.settrace(None)\n")
    assert remark.place == "softmax-answer, line 2" and remark.line == "sys.settrace(None)"
    assert remark.what == "touches what counts its lines"


def test_ordinary_answers_have_no_remarks_and_odd_ones_few(remarked):
    assert remarked("import sys\nsys.path.append('..')\nevaluate = executor = 1\n") == []
    assert len(remarked("exec('1')\n" * 50)) == MOST_OF_ONE_ANSWER


def test_what_was_measured_comes_first(remarked):
    first, second = remarked("exec('1')\n", remark="the lines could not be counted")
    assert (first.what, first.line) == ("the lines could not be counted", "")
    assert second.line == "exec('1')"
