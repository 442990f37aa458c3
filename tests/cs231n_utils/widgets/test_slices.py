"""Slices of the hinge loss: the browser's numbers against the library's, and what is refused."""

import numpy as np
import pytest

from cs231n_utils import landscape
from cs231n_utils.losses import svm_loss
from cs231n_utils.widgets.bundle import bundle
from tests.support.browser import chromium
from tests.support.javascript import run_javascript

pytest.importorskip("anywidget")

from cs231n_utils.widgets import SliceExplorer


def test_slices_in_the_browser_are_those_of_the_library():
    rng = np.random.default_rng(238)
    W, W1, W2 = rng.standard_normal((3, 6, 4))
    X, y = rng.standard_normal((5, 6)), rng.integers(0, 4, 5)
    explorer = SliceExplorer(W, W1, W2, X, y, reg=0.1, extent=2.0)
    a, b, u, v = 0.3, -0.7, 0.6, 0.8
    got = run_javascript(
        bundle(
            "slices",
            f"""
            const leads = {explorer._leads.tolist()}.map((row) => Float64Array.from(row));
            const products = {explorer._products.ravel().tolist()};
            const plane = new slices.LossPlane(leads, 5, 0.1, products);
            return {{
              loss: plane.at({a}, {b}),
              slopes: plane.slopes({a}, {b}, {u}, {v}),
              kinks: plane.kinks({a}, {b}, {u}, {v}, [-2, 2]),
            }};""",
        )
    )

    def loss(t):
        return svm_loss(W + (a + t * u) * W1 + (b + t * v) * W2, X, y, 0.1)

    assert got["loss"] == pytest.approx(loss(0), rel=1e-9)
    assert explorer.loss_at(a, b) == pytest.approx(loss(0), rel=1e-9)
    assert got["slopes"] == pytest.approx([(loss(1e-6) - loss(-1e-6)) / 2e-6] * 2, rel=1e-6)
    positions, _ = landscape.svm_kinks(W + a * W1 + b * W2, u * W1 + v * W2, X, y)
    np.testing.assert_allclose(got["kinks"], positions[np.abs(positions) < 2], rtol=1e-9)


def test_creases_are_where_the_loss_bends_across_and_not_along():
    rng = np.random.default_rng(239)
    W, W1, W2 = rng.standard_normal((3, 6, 4))
    X, y = rng.standard_normal((5, 6)), rng.integers(0, 4, 5)
    explorer = SliceExplorer(W, W1, W2, X, y)
    creases = run_javascript(
        bundle(
            "slices",
            f"""
            const leads = {explorer._leads.tolist()}.map((row) => Float64Array.from(row));
            const plane = new slices.LossPlane(leads, 5, 0, Array(9).fill(0));
            return plane.creases(0.1, 0.2).map((one) => ({{
              ...one,
              along: plane.slopes(one.a, one.b, one.u, one.v),
              across: plane.slopes(one.a, one.b, one.v, -one.u),
              kinks: plane.kinks(one.a, one.b, one.u, one.v, [-1e-6, 1e-6]),
            }}));""",
        )
    )
    assert len(creases) == 5 * 3
    for one in creases:
        assert one["along"][0] == one["along"][1] and one["kinks"] == []
        a, b, u, v = one["a"], one["b"], one["v"], -one["u"]
        near = [svm_loss(W + (a + t * u) * W1 + (b + t * v) * W2, X, y) for t in (-1e-6, 0, 1e-6)]
        assert one["across"] == pytest.approx(np.diff(near) / 1e-6, rel=1e-6)
        assert one["across"][1] > one["across"][0] + 1e-3
        assert np.hypot(a - 0.1, b - 0.2) == pytest.approx(one["distance"])


@pytest.mark.slow
def test_point_goes_to_a_crease_and_the_arrow_snaps_along_and_across_it():
    rng = np.random.default_rng(240)
    W, W1, W2 = rng.standard_normal((3, 6, 4))
    explorer = SliceExplorer(W, W1, W2, rng.standard_normal((1, 6)), np.array([2]), extent=2.0)
    script = f"""
        const leads = Float64Array.from({explorer._leads.ravel().tolist()});
        const state = {{
          a: 0.1, b: 0.1, angle: 0.3, extent: 2, reg: 0, _n_images: 1,
          _leads: new DataView(leads.buffer), _products: Array(3).fill([0, 0, 0]),
        }};
        const model = {{
          get: (name) => state[name], set: (name, value) => {{ state[name] = value; }},
          save_changes() {{}}, on() {{}}, off() {{}},
        }};
        slices.render({{ model, el: document.body }});"""
    with chromium() as browser:
        page = browser.new_page()
        page.add_script_tag(content=bundle("slices", script))
        status, tip = page.locator(".status"), page.locator(".handle").nth(1)
        assert page.locator(".crease").get_attribute("d")
        page.get_by_text("Go to the nearest crease").click()
        assert "slope" in status.text_content() and "kink" not in status.text_content()
        (x, y), (left, top) = map(center, (page.locator(".handle").nth(0), tip))
        page.mouse.move(left, top)
        page.mouse.down()
        page.mouse.move(x + (top - y) + 2, y - (left - x) + 2, steps=3)  # about a quarter turn
        page.mouse.up()
        assert "a kink" in status.text_content()
        page.get_by_label("show creases").uncheck()
        assert not page.locator(".crease").get_attribute("d")


def center(node):
    box = node.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_slice_explorer_refuses_what_does_not_fit():
    W = np.zeros((3, 2))
    X, y = np.zeros((5, 3)), np.zeros(5, int)
    with pytest.raises(ValueError, match="the shape of W"):
        SliceExplorer(W, W.T, W, X, y)
    with pytest.raises(ValueError, match="pass images as rows"):
        SliceExplorer(W, W, W, X.T, y)
    with pytest.raises(ValueError, match="got 20001 images, expected at most 20000"):
        SliceExplorer(W, W, W, np.zeros((20_001, 3)), np.zeros(20_001, int))
