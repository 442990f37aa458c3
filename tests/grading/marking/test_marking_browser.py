"""A teacher marks written answers in the browser, with keys alone."""

import pytest

from grading.marking.written import marking_of
from tests.support.graded_course import ASSIGNMENT, WRITTEN, add_gradebook, add_student
from tests.support.marking import served
from tests.support.pages import EVIL

sync_api = pytest.importorskip("playwright.sync_api")

pytestmark = pytest.mark.browser

NAMES = ("amy", "bob", "cy", "di")


@pytest.fixture
def marking(tmp_path):
    for name in NAMES:
        words = "" if name == "di" else f"I am {name}. {EVIL}" + " long" * 40
        add_student(tmp_path, name, answers={WRITTEN: words}, notebook=False)
    grades = {"grades": {WRITTEN: {"needs_manual_grade": True}}}
    add_gradebook(tmp_path, dict.fromkeys(NAMES, grades))
    with marking_of(tmp_path, ASSIGNMENT) as marking:
        marking.preset()
        yield marking


def marks(marking):
    return {one.student: one.mark for one in marking.answers(WRITTEN)}


def test_answers_are_marked_one_by_one_with_keys(record, marking):
    page, expect = record.page, sync_api.expect
    with served(marking) as address:
        home = address.partition("/?")[0]
        page.goto(address)
        assert "token" not in page.url
        shown, said = page.locator("article:visible"), page.locator("#said")
        expect(shown).to_have_count(1)
        order = [one.student for one in marking.answers(WRITTEN) if one.mark.points is None]
        expect(shown).to_contain_text(f"I am {order[0]}.")
        expect(shown.locator(".name")).to_be_hidden()
        page.keyboard.press("1")
        page.keyboard.press("+")
        page.keyboard.press("c")
        page.keyboard.type("Say why.")
        page.keyboard.press("Control+Enter")
        expect(said).to_contain_text("Saved: 1.5 of 2.")
        expect(shown).to_contain_text(f"I am {order[1]}.")
        expect(page.locator(f"[data-waiting={WRITTEN}]")).to_have_text("2")
        page.keyboard.press("2")
        page.keyboard.press("Alt+1")
        page.keyboard.press("Enter")
        expect(shown).to_contain_text(f"I am {order[2]}.")
        page.get_by_label("show names").check()
        expect(shown.locator(".name")).to_have_text(order[2])
        page.get_by_label("Points").fill("7")
        page.get_by_role("button", name="save").click()
        expect(said).to_have_text("7 is not a number from 0 to 2.")
        marking.give(WRITTEN, order[2], 0.5, "", marks(marking)[order[2]].revision)
        page.get_by_label("Points").fill("1")
        page.get_by_label("Points").press("Enter")
        expect(said).to_contain_text("somebody else has changed this to 0.5")
        page.get_by_label("Points").press("Enter")
        expect(said).to_contain_text("No other answer waits")
    found = marks(marking)
    assert [(found[name].points, found[name].comment) for name in order] == [
        (1.5, "Say why."), (2, "Say why."), (1, "")
    ]  # fmt: skip
    assert found["di"].points == 0 and not found["di"].by_hand
    assert record.requests_outside(home) == []
    assert all("409" in text for text in record.errors())


@pytest.mark.parametrize("colors", ["light", "dark"])
def test_page_is_usable_on_a_phone(record, marking, colors):
    record.page.set_viewport_size({"width": 380, "height": 800})
    record.page.emulate_media(color_scheme=colors)
    with served(marking) as address:
        record.page.goto(address)
        outside = record.page.evaluate(
            """() => [...document.querySelectorAll("body *")].filter((element) =>
              !element.closest("math") && element.getBoundingClientRect().right > innerWidth + 1
            ).map((element) => element.outerHTML.slice(0, 100))"""
        )
    assert outside == [] and record.messages == []
