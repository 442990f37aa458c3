"""The pages in a browser: nothing runs, and a narrow screen shows all of it."""

import pytest

from grading.gradebook.people import Person
from grading.pages.class_page import write_report
from grading.pages.feedback import write_feedback
from grading.pages.markdown import markdown
from grading.pages.term_page import write_term_report
from tests.support.graded_course import ASSIGNMENT, add_student
from tests.support.pages import EVIL, HOSTILE_MARKDOWN
from tests.support.programs import program

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def addresses(tmp_path_factory):
    """A feedback page, a class report and one of the term."""
    course = tmp_path_factory.mktemp("course")
    mistakes = {"softmax": "no shift", "svm_loss_naive": "no margin"}
    add_student(course, "amy", mistakes, answers={"regularization-answer": f"# {EVIL}" + "x" * 200})
    for student in ("bob", "cy"):
        add_student(course, student, answers={"softmax-answer": program(1, lines=40)})
    add_student(course, "di", status="ungradable", reason="It is empty.", notebook=False)
    write_feedback(course, ASSIGNMENT)
    people = {name: Person(name, section=section) for name, section in zip("zb", "NS", strict=True)}
    page = course / "feedback" / "amy" / ASSIGNMENT / f"{ASSIGNMENT}.html"
    reports = write_report(course, ASSIGNMENT, people=people), write_term_report(course)
    return [path.as_uri() for path in (page, *reports)]


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
@pytest.mark.parametrize("which", [0, 1, 2])
def test_all_of_a_page_can_be_read(record, addresses, which, width, colors):
    record.page.set_viewport_size({"width": width, "height": 900})
    record.page.emulate_media(color_scheme=colors)
    record.page.goto(addresses[which])
    record.page.evaluate("document.querySelectorAll('details').forEach((one) => one.open = true)")
    outside = record.page.evaluate(
        """() => [...document.querySelectorAll("body *")].filter((element) => {
          const scrolls = element.closest("pre, .wide, .figure, math");
          const { right, width } = (scrolls ?? element).getBoundingClientRect();
          return width > 0 && right > innerWidth + 1;
        }).map((element) => element.outerHTML.slice(0, 100))"""
    )
    assert outside == []
    hidden = record.page.evaluate(
        """() => [...document.querySelectorAll("pre, .wide, .figure")].filter((element) =>
          element.scrollWidth > element.clientWidth + 1).map((element) => element.outerHTML)"""
    )
    assert width > 380 or hidden == []
    assert record.messages == [] and record.requests_outside("file:") == []


def test_students_are_filtered_and_sorted_without_a_server(record, addresses):
    page = record.page
    page.goto(addresses[1])
    rows = page.locator("table.sortable tbody tr")
    names = rows.locator("visible=true").locator("th")
    assert names.all_inner_texts() == ["amy", "b", "bob", "cy", "di", "z"]
    page.get_by_label("every state").select_option("nothing handed in")
    assert names.all_inner_texts() == ["b", "z"]
    page.get_by_label("every section").select_option("N")
    assert names.all_inner_texts() == ["z"] and page.locator("output").inner_text() == "1 of 6"
    for field in ("every section", "every state"):
        page.get_by_label(field).select_option("")
    page.get_by_label("find a student").fill("B")
    assert names.all_inner_texts() == ["b", "bob"]
    page.get_by_label("find a student").fill("")
    points = page.get_by_role("button", name="points")
    points.click()
    assert names.all_inner_texts()[:3] == ["b", "z", "amy"]
    points.click()
    assert names.all_inner_texts()[-2:] == ["b", "z"]
    assert record.messages == [] and record.requests_outside("file:") == []


def test_report_is_readable_without_scripts(browser, addresses):
    context = browser.browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(addresses[1])
    assert page.locator("table.sortable tbody tr").locator("visible=true").count() == 6
    assert page.get_by_role("button").count() == page.locator("input").count() == 0
    context.close()
