"""A map with a start to drag and runs that are played, in a browser with a model of its own."""

import numpy as np
import pytest

from cs231n_utils import surfaces
from cs231n_utils.optimizers import momentum, sgd

pytest.importorskip("anywidget")

from cs231n_utils.widgets import GradientNoise, OptimizerRace
from cs231n_utils.widgets.scene import seen_from_above
from tests.support.widget_page import open_widget


def test_map_shows_the_window_at_one_scale_dark_where_low():
    traits = seen_from_above(surfaces.quadratic(100))
    np.testing.assert_allclose(traits["_ranges"], [[-4.8, 2.4], [-3.6, 3.6]])
    lowest = np.unravel_index(np.argmin(traits["_map"]), (61, 61))
    assert lowest == (30, 40)  # rows are y, columns x: the origin


@pytest.mark.browser
def test_race_is_played_and_asks_for_other_rates_and_starts(record):
    settings = {"learning_rate": 0.01}
    runners = {"sgd": (sgd, settings), "momentum": (momentum, settings)}
    page = record.page
    open_widget(page, OptimizerRace({"valley": (surfaces.quadratic(100), runners, 30)}))
    status = page.locator(".status")
    assert status.text_content().startswith("Step 30 of 30")
    page.locator(".handle").focus()
    page.keyboard.press("r")
    assert status.text_content().startswith("Step 0 of 30")
    page.keyboard.press("s")
    assert status.text_content().startswith("Step 1 of 30")
    page.keyboard.press("ArrowRight")
    page.get_by_label("Learning rate of momentum").press("ArrowRight")
    (name, place), (other, rates) = page.evaluate("changed")
    assert (name, other) == ("start", "rates")
    np.testing.assert_allclose(place, [-4 + 0.02 * 7.2, 0.8])
    np.testing.assert_allclose(rates, [0.01, 10**-1.95], rtol=0.01)
    assert page.evaluate("document.documentElement.scrollWidth") <= 380
    assert record.messages == []


@pytest.mark.browser
def test_noise_shows_what_python_measured_and_asks_for_another_batch_size(record):
    scene, page = GradientNoise(batch_size=4), record.page
    open_widget(page, scene)
    page.get_by_role("button", name="Restart").click()
    cosine, noise = scene._agreement[0]
    shown = page.locator(".sums dd").all_text_contents()
    assert shown[:2] == [f"{cosine:.2f}", f"{noise:.2g}"]
    page.get_by_role("slider", name="Batch size").press("ArrowRight")
    page.get_by_role("button", name="Other batches").click()
    assert page.evaluate("changed") == [["batch_size", 8], ["seed", 232]]
    assert record.messages == []
