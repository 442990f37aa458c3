"""The pages in a browser: nothing runs, and a narrow screen shows all of it."""

import pytest

from grading.pages.class_page import write_report
from grading.pages.feedback import write_feedback
from grading.pages.markdown import markdown
from tests.support.graded_course import ASSIGNMENT, add_student
from tests.support.pages import EVIL, HOSTILE_MARKDOWN

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def addresses(tmp_path_factory):
    """A feedback page and a class report."""
    course = tmp_path_factory.mktemp("course")
    mistakes = {"softmax": "no shift", "svm_loss_naive": "no margin"}
    add_student(course, "amy", mistakes, answers={"regularization-answer": f"# {EVIL}" + "x" * 200})
    write_feedback(course, ASSIGNMENT)
    page = course / "feedback" / "amy" / ASSIGNMENT / f"{ASSIGNMENT}.html"
    return page.as_uri(), write_report(course, ASSIGNMENT).as_uri()


@pytest.mark.parametrize("trusted", [True, False])
def test_markdown_is_harmless_without_a_policy_too(record, trusted):
    """A browser reads broken HTML in its own way."""
    texts = [markdown(text, trusted=trusted) for text in HOSTILE_MARKDOWN]
    record.page.on("dialog", lambda dialog: record.messages.append(dialog.message))
    record.page.set_content("<!DOCTYPE html>" + "<hr>".join(texts))
    record.page.wait_for_timeout(200)
    assert record.messages == [] and record.requests_outside("about:") == []
    found = record.page.evaluate(
        """() => [...document.body.querySelectorAll("*")].flatMap((element) =>
          [...element.attributes].map(({ name }) => name).filter((name) => /^on|src/.test(name))
            .concat(["script", "img", "svg", "iframe", "style"].filter((tag) =>
              element.localName === tag)))"""
    )
    assert found == []


@pytest.mark.parametrize("colors", ["light", "dark"])
@pytest.mark.parametrize("width", [380, 1200])
@pytest.mark.parametrize("which", [0, 1])
def test_all_of_a_page_can_be_read(record, addresses, which, width, colors):
    record.page.set_viewport_size({"width": width, "height": 900})
    record.page.emulate_media(color_scheme=colors)
    record.page.goto(addresses[which])
    outside = record.page.evaluate(
        """() => [...document.querySelectorAll("body *")].filter((element) => {
          const scrolls = element.closest("pre, .wide, .figure, math");
          const { right, width } = (scrolls ?? element).getBoundingClientRect();
          return width > 0 && right > innerWidth + 1;
        }).map((element) => element.outerHTML.slice(0, 100))"""
    )
    assert outside == []
    assert record.messages == [] and record.requests_outside("file:") == []
