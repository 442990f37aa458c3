"""Python in color."""

import pytest

from grading.handout.answers import fill_answers
from grading.handout.marks import is_answer
from grading.handout.release import assignments, read_source
from grading.pages import python_code
from grading.pages.python_code import MAX_CODE, colored
from tests.support.graded_course import Elements


@pytest.mark.parametrize(
    "junk", ["x = '%" + "0" * 29_000 + "'", "match" + " " * 29_000, "x = '%" + "0" * 600 + "'"]
)
def test_code_that_is_slow_to_color_is_shown_plain(monkeypatch, junk):
    monkeypatch.setattr(python_code, "highlight", lambda *_: pytest.fail("it was colored"))
    code = f"def softmax(): pass\n{junk}"
    assert Elements(colored(code)).text == code


def test_code_is_escaped_in_color_and_plain():
    for code in ("x = '</pre><script>'\x00", "# </pre><script>\x00" + "x" * 600):
        assert "<script" not in colored(code) and "</pre" not in colored(code)
        assert Elements(colored(code)).text.strip() == code.replace("\x00", "�")


def test_code_that_is_too_long_is_cut():
    assert colored("x\n" * MAX_CODE).endswith(f"… {MAX_CODE} more characters")


def test_every_answer_of_the_course_is_colored():
    for name in assignments():
        for cell in fill_answers(read_source(name)).cells:
            if is_answer(cell) and cell.cell_type == "code":
                assert "<span class=" in colored(cell.source), (name, cell.source)
