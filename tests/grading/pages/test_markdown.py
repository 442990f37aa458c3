"""Markdown as HTML: the course's is complete, a student's is harmless."""

import time
import xml.etree.ElementTree

import nbformat
import pytest

from grading.handout.release import NOTEBOOKS
from grading.pages.markdown import MAX_MARKDOWN, inline_markdown, markdown
from tests.support.graded_course import Elements
from tests.support.pages import EVIL, HOSTILE_MARKDOWN, assert_harmless


@pytest.mark.parametrize("text", HOSTILE_MARKDOWN)
def test_markdown_of_a_student_runs_and_fetches_nothing(text):
    assert_harmless(markdown(text, trusted=False))


@pytest.mark.parametrize("text", HOSTILE_MARKDOWN)
def test_html_of_the_course_is_cleaned_too(text):
    assert_harmless(markdown(text, trusted=True))


def test_html_of_a_student_is_shown_as_text():
    page = markdown(f"a {EVIL} <details>\n\n**bold**", trusted=False)
    assert Elements(page).text.split("\n")[0] == f"a {EVIL} <details>"
    assert {tag for tag, _ in Elements(page).elements} == {"p", "strong"}


def test_html_of_the_course_counts():
    text = "<details><summary>Hint</summary>\n\nUse **this**.\n\n</details>"
    found = [tag for tag, _ in Elements(markdown(text, trusted=True)).elements]
    assert found == ["details", "summary", "p", "strong"]


@pytest.mark.parametrize("mark", ["\ue0000\ue001", "&#xe000;0&#xe001;", "0:0;", ":0;"])
@pytest.mark.parametrize(
    "place", ["{}", '[x](http://a "{}")', "[x](http://a/{})", "![{}](b)", "`{}`", "```{}\nx\n```"]
)
def test_math_stands_only_where_it_was_written(mark, place):
    """A title that took in a formula's ``alttext="…"`` would end at its quote."""
    formula = "$x onmouseover=alert(1) y$"
    page = markdown(f"{formula} {place.format(mark)}\n\n{place.format(mark)}", trusted=False)
    assert page.count("<math") == 1
    assert_harmless(page)


@pytest.mark.parametrize(
    "place", ['[x](http://a "{}")', "[x](http://a/{})", "![{}](b)", "`{}`", "<http://a/{}>"]
)
def test_formula_inside_of_a_link_or_code_is_harmless(place):
    assert_harmless(markdown(place.format('$x" onmouseover=alert(1) y="$'), trusted=False))


def test_columns_of_a_table_are_aligned():
    page = markdown("| a | b |\n|--:|---|\n| 1 | 2 |", trusted=False)
    styles = [a.get("style") for tag, a in Elements(page).elements if tag in ("th", "td")]
    assert styles == ["text-align:right", None, "text-align:right", None]


def test_only_python_is_colored():
    """Some of the many lexers that a student could name take forever."""
    code = "def f(): pass"
    assert "<span" in markdown(f"```python\n{code}\n```", trusted=False)
    for language in ("perl", "mermaid", "no-such-language", ""):
        page = markdown(f"```{language}\n{code}\n```", trusted=False)
        assert page == f'<pre class="code">{code}\n</pre>\n'


def test_markdown_that_is_too_long_or_too_deep_is_shown_plain():
    for text in ("<b>" + "x" * MAX_MARKDOWN, ">" * 3_000 + " <b>"):
        assert "<b>" in Elements(markdown(text, trusted=False)).text


@pytest.mark.parametrize(
    "piece",
    ["[", "![", "*a", "**a*", "_", "`", "~~", "$", "$$", "<", "<a ", "<!--", "](", "[a](", "|",
     "> ", "- ", "&#", "\\", "\\begin{a}", "1. ", "http://a.", ": ", "| a |\n|", "[a]: b\n",
     "\ta\n", "```python\n"],
)  # fmt: skip
def test_markdown_takes_bounded_time(piece):
    text = (piece * MAX_MARKDOWN)[:MAX_MARKDOWN]
    started = time.process_time()
    markdown(text, trusted=False)
    assert time.process_time() - started < 5


def test_heading_stands_in_a_line():
    assert inline_markdown("Exercise: `f` and $x$").startswith("Exercise: <code>f</code> and <math")
    assert inline_markdown("") == ""


def test_all_math_of_the_course_is_known():
    for path in NOTEBOOKS.glob("*/*.ipynb"):
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "markdown":
                page = str(markdown(cell.source, trusted=True))
                assert 'class="latex"' not in page, path
                for piece in page.split("<math")[1:]:
                    formula = "<math" + piece[: piece.index("</math>") + len("</math>")]
                    xml.etree.ElementTree.fromstring(formula)
