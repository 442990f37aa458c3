"""The SVM demo: what the browser computes, synced state, history, and values it refuses."""

import json

import numpy as np
import pytest
from matplotlib.path import Path as Polygon

from cs231n_utils import landscape
from cs231n_utils.widgets.bundle import bundle
from tests.support.javascript import run_javascript
from tests.support.widget_states import as_json, python_numbers, random_states

pytest.importorskip("anywidget")

from traitlets import TraitError

from cs231n_utils.widgets import SVMDemo


def test_steps_in_the_browser_go_the_same_way_as_steps_in_python():
    states = list(random_states(np.random.default_rng(234), 8))
    paths = run_javascript(
        bundle(
            "svm",
            f"""
            return {json.dumps([as_json(state) for state in states])}.map((state) => {{
              const theta = Float64Array.from(state.theta);
              const result = svm.newResult(state.labels.length);
              const path = new svm.Path();
              path.push(theta);
              for (let k = 0; k < 25; k++) {{
                svm.descend(theta, svm.evaluate(state, theta, result).gradient, 0.01);
                path.push(theta);
              }}
              return [...path.view()];
            }});""",
        )
    )
    for state, path in zip(states, paths, strict=True):
        settings = {key: state[key] for key in ("points", "labels", "loss", "regularizer", "reg")}
        W, b = state["theta"][:6].reshape(2, 3), state["theta"][6:]
        demo = SVMDemo(**settings, W=W, b=b, step_size=0.01)
        demo.step(25)
        expected = [np.append(*step) for step in demo.history]
        np.testing.assert_allclose(np.reshape(path, (-1, 9)), expected, rtol=1e-9, atol=1e-9)


def test_loss_surface_is_the_total_loss_over_two_parameters():
    (state,) = random_states(np.random.default_rng(235), 1)
    grid = run_javascript(
        bundle(
            "svm",
            f"""
            const state = {json.dumps(as_json(state))};
            const result = svm.newResult(state.labels.length);
            const ranges = [[-1, 1], [0, 2]];
            return [...svm.lossGrid(state, state.theta, 1, 8, ranges, 3, result, [])];""",
        )
    )
    expected = []
    for up in (0, 1, 2):
        for across in (-1, 0, 1):
            theta = state["theta"].copy()
            theta[[1, 8]] = across, up
            expected.append(python_numbers({**state, "theta": theta})["sums"][2])
    np.testing.assert_allclose(grid, expected, rtol=1e-12)


def test_decision_regions_hold_the_places_where_their_class_wins():
    rng = np.random.default_rng(236)
    places = rng.uniform(-2, 2, (500, 2))
    thetas = rng.standard_normal((10, 9))
    regions_of_all = run_javascript(
        bundle(
            "svm",
            f"return {thetas.tolist()}.map((t) => [0, 1, 2].map((c) => "
            "svm.decisionRegion(t, c, 2)));",
        )
    )
    for theta, regions in zip(thetas, regions_of_all, strict=True):
        winner = (places @ theta[:6].reshape(2, 3) + theta[6:]).argmax(axis=1)
        for c, corners in enumerate(regions):
            inside = np.zeros(len(places), bool)
            if corners:
                inside = Polygon(np.reshape(corners, (-1, 2))).contains_points(places)
            np.testing.assert_array_equal(inside, winner == c)


def test_zero_score_lines_end_on_the_frame_with_a_score_of_zero():
    thetas = np.random.default_rng(237).standard_normal((20, 9))
    thetas[0, [0, 3]] = 1.0, 0.0  # an upright line
    lines = run_javascript(
        bundle(
            "svm",
            f"return {thetas.tolist()}.map((t) => [0, 1, 2].map((c) => "
            "svm.zeroScoreLine(t, c, 2)));",
        )
    )
    corners = np.array([[-2, -2], [-2, 2], [2, -2], [2, 2]])
    for theta, of_classes in zip(thetas, lines, strict=True):
        for c, line in enumerate(of_classes):
            weights, bias = theta[[c, 3 + c]], theta[6 + c]
            crosses = np.ptp(np.sign(corners @ weights + bias)) > 0
            assert (line is not None) == crosses
            if line is not None:
                ends = np.reshape(line, (2, 2))
                np.testing.assert_allclose(ends @ weights + bias, 0, atol=1e-9)
                np.testing.assert_allclose(np.abs(ends).max(axis=1), 2)


def test_path_forgets_its_older_half_when_it_is_full():
    lengths_and_first = run_javascript(
        bundle(
            "svm",
            """
            const path = new svm.Path(4);
            return [1, 2, 3, 4, 5].map((k) => {
              path.push(new Float64Array(9).fill(k));
              return [path.length, path.view()[0]];
            });""",
        )
    )
    assert lengths_and_first == [[1, 1], [2, 1], [3, 1], [4, 1], [3, 3]]


def test_history_begins_at_the_start_and_grows_with_every_move():
    demo = SVMDemo()
    start = demo.W
    demo.step(3)
    demo.b = np.zeros(3)
    assert len(demo.history) == 5
    np.testing.assert_array_equal(demo.history[0][0], start)
    np.testing.assert_array_equal(demo.history[-1][1], np.zeros(3))
    np.testing.assert_array_equal(demo.history[-1][0], demo.W)
    demo.randomize(np.random.default_rng(231))
    assert len(demo.history) == 1


def test_history_can_be_drawn_in_a_landscape():
    demo = SVMDemo()
    demo.step(20)
    path = [np.append(W, b) for W, b in demo.history]
    directions, shares = landscape.pca_plane(path)
    route = landscape.coordinates(path, path[-1], directions)
    height = landscape.slice_loss(
        lambda theta: demo.loss_at(theta[:6].reshape(2, 3), theta[6:]),
        path[-1],
        directions,
        [route[:1, 0], route[:1, 1]],
    )
    assert 0.9 < shares.sum() <= 1 + 1e-12
    # Nearly all of the run lies in the plane, so the plane is nearly as high where it began.
    assert height.item() == pytest.approx(demo.loss_at(*demo.history[0]), rel=0.1)


def test_what_the_browser_sends_is_taken_over_without_a_second_move():
    demo = SVMDemo()
    W, b = 2 * demo.W, demo.b
    path = np.vstack([np.append(*step) for step in demo.history] + [np.append(W, b)])
    demo.set_state({"W": W.tolist(), "b": b.tolist(), "_path": memoryview(path.tobytes())})
    assert len(demo.history) == 2
    np.testing.assert_array_equal(demo.W, W)


def test_state_sent_to_the_browser_is_exact():
    demo = SVMDemo(W=np.random.default_rng(231).standard_normal((2, 3)))
    sent = demo.get_state(["W", "points", "labels", "_path"])
    np.testing.assert_array_equal(sent["W"], demo.W)
    assert sent["labels"] == demo.labels.tolist()
    np.testing.assert_array_equal(np.frombuffer(sent["_path"])[:6], demo.W.ravel())


def test_arrays_are_not_changed_in_place():
    with pytest.raises(ValueError, match="read-only"):
        SVMDemo().W[0, 0] = 1


def test_losses_read_from_python_add_up():
    demo = SVMDemo(reg=0.3, regularizer="l1")
    assert demo.data_loss == pytest.approx(demo.losses.mean())
    assert demo.regularization_loss == pytest.approx(0.3 * np.abs(demo.W).sum())
    assert demo.total_loss == pytest.approx(demo.data_loss + demo.regularization_loss)
    assert demo.scores.shape == (12, 3)
    assert (demo.dW.shape, demo.db.shape) == ((2, 3), (3,))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"W": np.zeros((3, 2))}, r"shape \(3, 2\).*expected.*\(2, 3\)"),
        ({"W": np.full((2, 3), np.nan)}, "expected finite numbers"),
        ({"b": [0, np.inf, 0]}, "expected finite numbers"),
        ({"W": "no"}, "not an array of numbers"),
        ({"W": None}, "expected finite numbers|not an array"),
        ({"labels": [0.5] * 12}, "values that do not fit"),
        ({"labels": [3] * 12}, "expected classes 0, 1 and 2"),
        ({"points": [[0, 0]]}, "1 points and 12 labels.*set_points"),
        ({"reg": -1.0}, "reg got -1.0; expected a number of 0 or more"),
        ({"step_size": np.nan}, "expected a number of 0 or more"),
        ({"surface": ("b[0]", "b[0]")}, "two different parameters"),
        ({"loss": "hinge"}, "hinge"),
    ],
)
def test_demo_refuses_a_bad_value_and_keeps_the_old(change, words):
    demo = SVMDemo()
    ((name, value),) = change.items()
    before = getattr(demo, name)
    with pytest.raises(TraitError, match=words):
        setattr(demo, name, value)
    assert np.array_equal(getattr(demo, name), before)


def test_points_and_labels_are_replaced_together_or_not_at_all():
    demo = SVMDemo()
    demo.set_points([[0, 1], [1, 0]], [2, 0])
    assert (len(demo.points), len(demo.labels)) == (2, 2)
    with pytest.raises(TraitError, match="3 points and 2 labels"):
        demo.set_points(np.zeros((3, 2)), [0, 1])
    assert (len(demo.points), len(demo.labels)) == (2, 2)
