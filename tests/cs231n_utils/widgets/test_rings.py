"""Rings of points: the browser's line against least squares, and the student's coordinates."""

import numpy as np
import pytest

from cs231n_utils.widgets.bundle import bundle
from tests.support.javascript import run_javascript
from tests.support.widget_states import rings

pytest.importorskip("anywidget")

from traitlets import TraitError

from cs231n_utils.widgets import RingsExplorer


def test_line_between_the_rings_is_that_of_least_squares():
    explorer = RingsExplorer(*rings(np.random.default_rng(239)))
    shown = []
    for explorer.share in (0.0, 0.4, 1.0):
        shown.append((explorer._shown(), explorer.accuracy))
    got = run_javascript(
        bundle(
            "rings",
            f"return {[points.ravel().tolist() for points, _ in shown]}.map((points) => "
            f"rings.bestLine(points, {explorer.labels.tolist()}));",
        )
    )
    for (points, accuracy), best in zip(shown, got, strict=True):
        np.testing.assert_allclose(best["line"], explorer._line(points), rtol=1e-9, atol=1e-12)
        assert best["accuracy"] == accuracy
    assert accuracy == 1.0


def test_rings_take_the_students_own_coordinates():
    points, labels = rings(np.random.default_rng(231))
    polar = np.column_stack([np.hypot(*points.T), np.arctan2(points[:, 1], points[:, 0])])
    np.testing.assert_allclose(RingsExplorer(points, labels).polar, polar)
    explorer = RingsExplorer(points, labels, polar=points)
    explorer.share = 1.0
    assert explorer.accuracy < 0.7
    with pytest.raises(TraitError, match="100 points, 100 labels and 3 polar points"):
        RingsExplorer(points, labels, polar=polar[:3])
    with pytest.raises(TraitError, match="expected classes 0 and 1"):
        RingsExplorer(points, labels + 1)
