"""The demo's page as a person uses it: opened from disk, by mouse and by keyboard."""

import re

import numpy as np
import pytest

from cs231n_utils.widgets import references
from grading.handout.release import PROJECT
from tests.support.svm_demo import Demo, expect_numbers_of_python

sync_api = pytest.importorskip("playwright.sync_api")

pytestmark = pytest.mark.browser

PAGE = (PROJECT / "docs" / "svm-demo.html").as_uri()


@pytest.fixture
def demo(record):
    """The open page; when the test is over, it has logged nothing and asked for nothing."""
    record.page.goto(PAGE)
    yield Demo(record.page)
    assert record.messages == []
    assert record.requests_outside(PAGE) == []


def test_page_opens_from_disk_with_the_numbers_of_python(demo):
    expect_numbers_of_python(demo)
    assert len(demo.path()) == 1


def test_point_is_dragged_by_mouse_and_the_losses_follow(demo):
    before = demo.state()["points"]
    demo.drag(3, -60, 80)
    after = demo.state()["points"]
    assert after[3][0] < before[3][0] - 0.3
    assert after[3][1] < before[3][1] - 0.5
    assert after[:3] + after[4:] == before[:3] + before[4:]
    expect_numbers_of_python(demo)


def test_point_is_moved_by_arrow_keys_and_stays_in_the_plane(demo):
    x, y = demo.state()["points"][0]
    demo.point(0).focus()
    demo.page.keyboard.press("ArrowRight")
    demo.page.keyboard.press("Shift+ArrowUp")
    np.testing.assert_allclose(demo.state()["points"][0], [x + 0.05, y + 0.25])
    for _ in range(12):
        demo.page.keyboard.press("Shift+ArrowLeft")
    assert demo.state()["points"][0][0] == -2
    assert "at -2.00" in demo.point(0).get_attribute("aria-label")
    expect_numbers_of_python(demo)


def test_step_goes_down_the_gradient(demo):
    state = demo.state()
    points, labels = np.array(state["points"]), np.array(state["labels"])
    W, b = np.array(state["W"]), np.array(state["b"])
    _, dW, db = references.loss_and_gradient("weston-watkins", "l2", 0.1, points, labels, W, b)
    demo.press("Step")
    after = demo.state()
    np.testing.assert_allclose(after["W"], W - 0.1 * dW, rtol=1e-9)
    np.testing.assert_allclose(after["b"], b - 0.1 * db, rtol=1e-9)
    assert len(demo.path()) == 2
    expect_numbers_of_python(demo)


def test_run_makes_steps_until_it_is_stopped(demo):
    total = demo.numbers()["sums"][2]
    demo.press("Run")
    shown = demo.page.locator("[data-sum=steps]")
    sync_api.expect(shown).to_have_text(re.compile(r"^([2-9]\d|\d{3,})$"))
    demo.press("Stop")
    steps = demo.numbers()["sums"][3]
    assert len(demo.path()) == steps + 1
    assert demo.numbers()["sums"][2] < total / 2
    demo.page.evaluate("() => new Promise((go) => requestAnimationFrame(() => setTimeout(go)))")
    assert demo.numbers()["sums"][3] == steps
    expect_numbers_of_python(demo)


def test_run_that_diverges_stops_and_says_so(demo):
    demo.page.get_by_role("slider", name="Step size").fill("1")
    demo.page.get_by_role("slider", name="Regularization").fill("1")
    demo.press("Run")
    demo.page.get_by_text("Diverged: the step size is too large").wait_for()
    assert not demo.state()["running"]
    assert max(abs(demo.numbers()["points"])) > 1e5
    wider = "cells => cells.filter((cell) => cell.scrollWidth > cell.clientWidth).length"
    assert demo.page.locator("td").evaluate_all(wider) == 0


@pytest.mark.parametrize("loss", references.LOSSES)
def test_every_loss_and_regularizer_shows_its_own_numbers(demo, loss):
    demo.page.get_by_label("Loss", exact=True).select_option(loss)
    for regularizer in references.REGULARIZERS:
        demo.page.get_by_label("Regularizer").select_option(regularizer)
        demo.press("Step")
        assert demo.state()["loss"] == loss
        assert demo.state()["regularizer"] == regularizer
        expect_numbers_of_python(demo)


def test_weight_is_edited_by_keyboard(demo):
    field = demo.parameter("W[0,1]")
    field.focus()
    demo.page.keyboard.press("ArrowUp")
    assert demo.state()["W"][0][1] == pytest.approx(1.6)
    demo.page.keyboard.press("ControlOrMeta+A")
    demo.page.keyboard.type("-0.125")
    demo.page.keyboard.press("Enter")
    assert demo.state()["W"][0][1] == -0.125
    demo.page.keyboard.press("ControlOrMeta+A")
    demo.page.keyboard.type("much")
    demo.page.keyboard.press("Enter")
    assert demo.state()["W"][0][1] == -0.125
    assert "W[0,1] needs a number" in demo.page.locator("[aria-live=polite]").inner_text()
    expect_numbers_of_python(demo)


def test_weight_is_raised_and_lowered_by_its_buttons(demo):
    demo.press("Raise b[2]")
    assert demo.state()["b"][2] == pytest.approx(0.7)
    demo.press("Lower b[2]")
    demo.press("Lower b[2]")
    assert demo.state()["b"][2] == pytest.approx(0.5)


def test_undo_goes_back_through_all_actions(demo):
    start, history = demo.state(), demo.path()
    undo = demo.page.get_by_role("button", name="Undo")
    assert undo.get_attribute("aria-disabled") == "true"
    demo.press("Step")
    demo.parameter("b[0]").press("ArrowDown")
    demo.point(5).press("ArrowLeft")
    demo.page.get_by_label("Loss", exact=True).select_option("softmax")
    demo.press("Random points")
    demo.press("Random weights")
    assert demo.state()["points"] != start["points"]
    for _ in range(5):
        demo.press("Undo")
    demo.page.keyboard.press("ControlOrMeta+Z")
    assert demo.state() == start
    np.testing.assert_array_equal(demo.path(), history)
    assert undo.get_attribute("aria-disabled") == "true"
    expect_numbers_of_python(demo)


def test_lowest_stop_of_lambda_is_zero_and_the_scale_is_logarithmic(demo):
    slider = demo.page.get_by_role("slider", name="Regularization")
    slider.fill("-4")
    assert demo.state()["reg"] == 0
    slider.press("ArrowRight")
    assert demo.state()["reg"] == pytest.approx(10**-3.95, rel=0.01)
    assert slider.get_attribute("aria-valuetext") == "0.000112"


def test_loss_surface_is_drawn_over_any_two_parameters(demo):
    picture = "() => document.querySelector('canvas').toDataURL()"
    before = demo.page.evaluate(picture)
    demo.page.get_by_label("Parameter across").select_option("b[2]")
    assert demo.state()["surface"] == ["b[2]", "W[0,1]"]
    assert demo.page.evaluate(picture) != before
    demo.page.get_by_label("Parameter up").select_option("b[2]")
    assert demo.state()["surface"] == ["W[0,1]", "b[2]"]


def test_tab_key_reaches_every_control_and_each_has_a_name(demo):
    reached = set()
    for _ in range(60):
        demo.page.keyboard.press("Tab")
        name = demo.page.evaluate(
            """() => {
              const e = document.activeElement;
              return e === document.body ? null : e.getAttribute("aria-label") || e.textContent;
            }"""
        )
        if name is None:
            break
        assert name.strip()
        reached.add(name)
    assert {"Step", "Run", "Random weights", "Random points", "Loss", "Regularizer"} <= reached
    assert {"Step size, log scale", "Parameter across", "Parameter up"} <= reached
    assert sum(name.startswith("point ") for name in reached) == 12
    assert sum(name.endswith("arrow keys change it") for name in reached) == 9


@pytest.mark.parametrize("width", [220, 360, 700, 1100])
def test_nothing_is_wider_than_the_window(demo, width):
    demo.page.set_viewport_size({"width": width, "height": 800})
    demo.page.wait_for_function(
        "width => innerWidth === width && document.documentElement.scrollWidth <= width", arg=width
    )
    expect_numbers_of_python(demo)


def test_theme_follows_the_system(demo):
    root = demo.page.locator(".loss-widget")
    assert root.get_attribute("data-theme") == "light"
    demo.page.emulate_media(color_scheme="dark")
    demo.page.wait_for_selector(".loss-widget[data-theme=dark]")
    assert root.evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(22, 24, 27)"


@pytest.mark.parametrize("drawing", ["svg.plane", "canvas"])
def test_points_and_surface_shrink_with_the_column(demo, drawing):
    for width, low, high in ((1100, 400, 550), (360, 200, 340)):
        demo.page.set_viewport_size({"width": width, "height": 800})
        demo.page.wait_for_function(
            """([drawing, low, high]) => {
              const { width } = document.querySelector(drawing).getBoundingClientRect();
              return low < width && width < high;
            }""",
            arg=[drawing, low, high],
        )
