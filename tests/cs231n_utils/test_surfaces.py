"""Surfaces against finite differences and published minima; races."""

import numpy as np
import pytest

from cs231n_utils import surfaces
from cs231n_utils.optimizers import momentum, sgd

FIT = surfaces.least_squares(
    np.array([[1.0, 2.0], [0.0, 1.0], [3.0, 1.0]]), np.array([1.0, 2.0, -1.0])
)
ALL = {**surfaces.SURFACES, "turned": surfaces.quadratic(30, 25), "fit": FIT}


@pytest.fixture(params=ALL)
def surface(request):
    return ALL[request.param]


def test_gradient_agrees_with_finite_differences(surface):
    rng = np.random.default_rng(0)
    left, right, low, high = surface.window
    h = 1e-6
    for point in rng.uniform([left, low], [right, high], (20, 2)):
        numeric = [
            (surface(point + h * axis) - surface(point - h * axis)) / (2 * h) for axis in np.eye(2)
        ]
        np.testing.assert_allclose(surface.gradient(point), numeric, rtol=1e-5, atol=1e-5)


def test_minima_are_level_and_lower_than_all_around(surface):
    rng = np.random.default_rng(1)
    for minimum in surface.minima:
        assert np.abs(surface.gradient(np.array(minimum))).max() < 1e-6
        assert surface(np.array(minimum)) == pytest.approx(surface.lowest, abs=1e-9)
        around = np.array(minimum) + 1e-3 * rng.standard_normal((50, 2))
        assert all(surface(point) > surface.lowest for point in around)
    assert surface.grid(101)[2].min() >= surface.lowest - 1e-12


@pytest.mark.parametrize(
    ("surface", "point", "height"),
    [
        (surfaces.ROSENBROCK, (-1.2, 1.0), 24.2),
        (surfaces.ROSENBROCK, (1.0, 1.0), 0.0),
        (surfaces.BEALE, (3.0, 0.5), 0.0),
        (surfaces.BEALE, (1.0, 1.0), 14.203125),
        (surfaces.CAMEL, (0.08984201, -0.71265640), -1.0316284535),
        (surfaces.SADDLE, (0.0, 0.0), 0.0),
        (surfaces.SADDLE, (0.0, 1.0), -0.25),
    ],
)
def test_published_heights(surface, point, height):
    assert surface(np.array(point)) == pytest.approx(height, abs=1e-9)


@pytest.mark.parametrize("angle", [0, 30, 90, 200])
def test_quadratic_has_the_condition_number_and_the_angle_asked_for(angle):
    surface = surfaces.quadratic(70, angle)
    hessian = np.array([surface.gradient(axis) for axis in np.eye(2)])
    values, vectors = np.linalg.eigh(hessian)
    np.testing.assert_allclose(values, [1, 70], rtol=1e-12)
    along = np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))])
    assert abs(vectors[:, 0] @ along) == pytest.approx(1)
    assert surface(np.array(surface.start)) == pytest.approx((16 + 70 * 0.64) / 2)


def test_saddle_curves_both_ways():
    gradient = surfaces.SADDLE.gradient
    assert np.array_equal(gradient(np.zeros(2)), [0, 0])
    assert gradient(np.array([0.01, 0.0]))[0] > 0 > gradient(np.array([0.0, 0.01]))[1]


def test_camel_has_six_minima():
    _, _, heights = surfaces.CAMEL.grid(401)
    inner = heights[1:-1, 1:-1]
    lower = [
        inner < heights[1 + i : 400 + i, 1 + j : 400 + j]
        for i in (-1, 0, 1)
        for j in (-1, 0, 1)
        if (i, j) != (0, 0)
    ]
    assert np.sum(np.all(lower, axis=0)) == 6


def test_run_is_the_plain_recursion_and_keeps_start_and_settings():
    surface, start, settings = surfaces.quadratic(5), np.array([1.0, -1.0]), {"learning_rate": 0.1}
    path = surfaces.run_rule(momentum, surface.gradient, start, 3, settings)
    w, velocity = start.copy(), np.zeros(2)
    for row in path[1:]:
        velocity = 0.9 * velocity - 0.1 * np.array([1, 5]) * w
        w = w + velocity
        np.testing.assert_allclose(row, w)
    assert np.array_equal(start, [1, -1]) and settings == {"learning_rate": 0.1}


def test_run_by_a_rule_that_works_in_place_is_the_same():
    def in_place(w, dw, config):
        w -= config["learning_rate"] * dw
        return w, config

    surface, settings = surfaces.BEALE, {"learning_rate": 0.01}
    runs = [
        surfaces.run_rule(rule, surface.gradient, surface.start, 30, settings)
        for rule in (sgd, in_place)
    ]
    assert np.array_equal(*runs)


def test_race_from_another_start():
    paths = surfaces.race(surfaces.SADDLE, {"a": (sgd, {}), "b": (momentum, {})}, 4, (0.5, 0.6))
    assert list(paths) == ["a", "b"]
    assert all(path.shape == (5, 2) and tuple(path[0]) == (0.5, 0.6) for path in paths.values())
