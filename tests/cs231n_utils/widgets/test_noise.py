"""The batch size in hand: batches are what they are said to be, and noise falls as it should."""

import numpy as np
import pytest

pytest.importorskip("anywidget")

from traitlets import TraitError

from cs231n_utils.widgets import GradientNoise
from cs231n_utils.widgets.noise import N_POINTS


def test_the_largest_batch_is_the_full_gradient_and_its_walk_plain_descent():
    scene = GradientNoise(batch_size=N_POINTS, step_size=0.3)
    w = np.array(scene.start)
    for place in scene.path[:10]:
        np.testing.assert_allclose(place, w)
        w = w - 0.3 * scene._surface.gradient(w)
    # Near the bottom the full gradient is rounding alone, and so is what it is compared with.
    np.testing.assert_allclose(scene._agreement[:20], np.tile([1, 0], (20, 1)), atol=1e-9)


def test_noise_falls_as_one_over_the_batch_size_but_for_what_is_not_put_back():
    scene = GradientNoise()
    each = scene.gradients(scene.start)
    full = each.mean(axis=0)
    np.testing.assert_allclose(full, scene._surface.gradient(scene.start))
    of_one = np.mean(np.sum((each - full) ** 2, axis=1)) / np.sum(full**2)
    for size in (4, 64):
        scene.batch_size = size
        drawn = []
        for scene.seed in range(8):
            drawn.append(scene._agreement[0, 1])
        left = (N_POINTS - size) / (N_POINTS - 1)
        np.testing.assert_allclose(np.mean(drawn), of_one / size * left, rtol=0.25)


def test_large_batches_end_lower_and_other_batches_walk_elsewhere():
    scene = GradientNoise(batch_size=1, step_size=0.2)
    rough = scene._heights[-20:].mean()
    scene.seed += 1
    assert not np.array_equal(scene.path, GradientNoise(1, 0.2).path)
    scene.batch_size = 64
    assert scene._heights[-20:].mean() < rough / 10
    assert "batches of 64 of 256 points" in scene.caption()
    with pytest.raises(TraitError):
        scene.batch_size = 257
