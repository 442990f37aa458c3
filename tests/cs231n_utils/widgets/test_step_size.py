"""The step size in hand: the browser descends as Python does, and as gradient descent should."""

import numpy as np
import pytest

from cs231n_utils.widgets.bundle import bundle
from tests.support.javascript import run_javascript
from tests.support.widget_page import open_widget

pytest.importorskip("anywidget")

from traitlets import TraitError

from cs231n_utils.widgets import StepSizeExplorer

sync_api = pytest.importorskip("playwright.sync_api")


def test_browser_descends_as_the_update_says_until_it_arrives_or_blows_up():
    sizes = [0.1, 0.5, 0.9, 1.0, 1.1, 3.0]
    got = run_javascript(
        bundle("step_size", f"return {sizes}.map((size) => step_size.descend(-2, size));")
    )
    for size, weights in zip(sizes, got, strict=True):
        w = -2.0
        for reached in weights:
            assert reached == pytest.approx(w, rel=1e-12, abs=1e-15)
            w = w - size * 2 * w
        expected = StepSizeExplorer().weights(size, len(weights) - 1)
        np.testing.assert_allclose(weights, expected, rtol=1e-9, atol=1e-12)
    at_once, to_and_fro, blown_up = got[1], got[3], got[5]
    assert at_once == [-2, 0]
    assert set(np.abs(to_and_fro)) == {2.0}
    assert abs(blown_up[-1]) > 1e4 and len(blown_up) < 10


def test_step_size_of_nothing_is_refused_and_the_picture_says_where_it_ends():
    explorer = StepSizeExplorer(0.1)
    for size in (0.0, -1.0, float("nan")):
        with pytest.raises(TraitError, match="expected a number above 0"):
            explorer.step_size = size
    explorer.step_size = 1.5
    assert "step size 1.5: weight -512 after 8 steps" in explorer.caption()
    explorer.picture()


@pytest.mark.browser
def test_space_plays_until_the_weight_has_blown_up_and_another_size_is_asked_for(record):
    page = record.page
    open_widget(page, StepSizeExplorer(2.0))
    status = page.locator(".status")
    assert status.text_content().startswith("Step 0: weight \N{MINUS SIGN}2.000, loss 4.000")
    page.get_by_label("Steps a second").press("End")
    page.keyboard.press(" ")
    sync_api.expect(status).to_contain_text("Blown up")
    page.get_by_role("button", name="Restart").click()
    page.keyboard.press("s")
    assert "weight 6.000, loss 36.000, slope 12.000; the next step is" in status.text_content()
    page.get_by_role("slider", name="Step size").press("ArrowLeft")
    assert page.evaluate("changed.map(([name]) => name)") == ["step_size"]
    assert record.errors() == []
