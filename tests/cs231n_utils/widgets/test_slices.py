"""Slices of the hinge loss: the browser's numbers against the library's, and what is refused."""

import numpy as np
import pytest

from cs231n_utils import landscape
from cs231n_utils.losses import svm_loss
from cs231n_utils.widgets.bundle import bundle
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
              slope: plane.slope({a}, {b}, {u}, {v}),
              kinks: plane.kinks({a}, {b}, {u}, {v}, [-2, 2]),
            }};""",
        )
    )

    def loss(t):
        return svm_loss(W + (a + t * u) * W1 + (b + t * v) * W2, X, y, 0.1)

    assert got["loss"] == pytest.approx(loss(0), rel=1e-9)
    assert explorer.loss_at(a, b) == pytest.approx(loss(0), rel=1e-9)
    assert got["slope"] == pytest.approx((loss(1e-6) - loss(-1e-6)) / 2e-6, rel=1e-6)
    positions, _ = landscape.svm_kinks(W + a * W1 + b * W2, u * W1 + v * W2, X, y)
    np.testing.assert_allclose(got["kinks"], positions[np.abs(positions) < 2], rtol=1e-9)


def test_slice_explorer_refuses_what_does_not_fit():
    W = np.zeros((3, 2))
    X, y = np.zeros((5, 3)), np.zeros(5, int)
    with pytest.raises(ValueError, match="the shape of W"):
        SliceExplorer(W, W.T, W, X, y)
    with pytest.raises(ValueError, match="pass images as rows"):
        SliceExplorer(W, W, W, X.T, y)
    with pytest.raises(ValueError, match="got 20001 images, expected at most 20000"):
        SliceExplorer(W, W, W, np.zeros((20_001, 3)), np.zeros(20_001, int))
