"""The widgets: one set of numbers in two languages, synced state, and what stands in for them."""

import json
import re
import subprocess
import sys

import nbformat
import numpy as np
import pytest
from matplotlib.path import Path as Polygon
from nbconvert import HTMLExporter

from cs231n_utils import landscape
from cs231n_utils.losses import softmax_loss, svm_loss
from cs231n_utils.widgets import references
from cs231n_utils.widgets.bundle import STATIC, bundle
from cs231n_utils.widgets.page import main, svm_demo_page
from grading.handout.release import PROJECT
from tests.support.javascript import run_javascript

anywidget = pytest.importorskip("anywidget")

from traitlets import TraitError  # noqa: E402

from cs231n_utils.widgets import RingsExplorer, SliceExplorer, SVMDemo  # noqa: E402

KINDS = [(loss, reg) for loss in references.LOSSES for reg in references.REGULARIZERS]
CAT_CAR_FROG = np.array([[3.2, 5.1, -1.7], [1.3, 4.9, 2.0], [2.2, 2.5, -3.1]])


def random_states(rng, n_states, whole_numbers=False):
    """States of the demo; those of whole numbers have margins of exactly 0 and equal scores."""
    for i in range(n_states):
        loss, regularizer = KINDS[i % len(KINDS)]
        n = int(rng.integers(1, 20))
        points, theta = rng.uniform(-2, 2, (n, 2)), 2 * rng.standard_normal(9)
        if whole_numbers:
            points, theta = np.rint(points), np.rint(theta)
        yield {
            "points": points,
            "labels": rng.integers(0, 3, n),
            "loss": loss,
            "regularizer": regularizer,
            "reg": float(10 ** rng.uniform(-4, 1)),
            "theta": theta,
        }


def as_json(state):
    return {
        key: value.ravel().tolist() if isinstance(value, np.ndarray) else value
        for key, value in state.items()
    }


def python_numbers(state):
    W, b = state["theta"][:6].reshape(2, 3), state["theta"][6:]
    problem = state["points"], state["labels"], W, b
    scores, losses = references.point_losses(state["loss"], *problem)
    total, dW, db = references.loss_and_gradient(
        state["loss"], state["regularizer"], state["reg"], *problem
    )
    penalty = references.regularization(state["regularizer"], state["reg"], W)
    return {
        "scores": scores.ravel(),
        "losses": losses,
        "gradient": np.append(dW, db),
        "sums": [losses.mean(), penalty, total],
    }


def javascript_numbers(states):
    return run_javascript(
        bundle(
            "svm",
            f"""
            return {json.dumps([as_json(state) for state in states])}.map((state) => {{
              const theta = Float64Array.from(state.theta);
              const r = svm.evaluate(state, theta, svm.newResult(state.labels.length));
              const spare = svm.newResult(state.labels.length);
              return {{
                scores: [...r.scores], losses: [...r.losses], gradient: [...r.gradient],
                sums: [r.dataLoss, r.penalty, r.total],
                again: svm.totalLoss(state, theta, spare),
              }};
            }});""",
        )
    )


# --- the numbers --------------------------------------------------------------------------


def test_references_give_the_hand_computed_losses_of_cat_car_and_frog():
    y = np.arange(3)
    by_hand = {
        "weston-watkins": [2.9, 0, 12.9],
        "one-vs-all": [6.1, 5.3, 10.8],
        "structured": [2.9, 0, 6.6],
        "softmax": [2.04, 0.08, 6.16],
    }
    for loss, expected in by_hand.items():
        np.testing.assert_allclose(references.LOSSES[loss](CAT_CAR_FROG, y)[0], expected, atol=5e-3)


@pytest.mark.parametrize(
    ("name", "library"), [("weston-watkins", svm_loss), ("softmax", softmax_loss)]
)
def test_references_agree_with_the_losses_of_the_library(name, library):
    for state in random_states(np.random.default_rng(231), 20):
        W, b = state["theta"][:6].reshape(2, 3), state["theta"][6:]
        X = np.column_stack([state["points"], np.ones(len(state["points"]))])
        expected = library(np.vstack([W, b]), X, state["labels"])
        _, losses = references.point_losses(name, state["points"], state["labels"], W, b)
        assert losses.mean() == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("whole_numbers", [False, True], ids=["anywhere", "at kinks and ties"])
def test_browser_numbers_equal_the_references(whole_numbers):
    states = list(random_states(np.random.default_rng(232), 160, whole_numbers))
    for state, got in zip(states, javascript_numbers(states), strict=True):
        for key, expected in python_numbers(state).items():
            np.testing.assert_allclose(got[key], expected, rtol=1e-9, atol=1e-9, err_msg=key)
        assert got["again"] == pytest.approx(got["sums"][2], rel=1e-12)


def test_gradients_equal_finite_differences():
    states = list(random_states(np.random.default_rng(233), 40))
    h = 1e-6
    for state, got in zip(states, javascript_numbers(states), strict=True):
        for k, slope in enumerate(got["gradient"]):
            step = h * (np.arange(9) == k)
            ahead, behind = (
                python_numbers({**state, "theta": state["theta"] + sign * step})["sums"][2]
                for sign in (1, -1)
            )
            assert slope == pytest.approx((ahead - behind) / (2 * h), rel=1e-5, abs=1e-7)


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


# --- the state ----------------------------------------------------------------------------


def rings(rng, n=100):
    turn = rng.uniform(-np.pi, np.pi, n)
    labels = np.repeat([0, 1], n // 2)
    radius = 1.0 + labels + 0.1 * rng.standard_normal(n)
    return np.column_stack([radius * np.cos(turn), radius * np.sin(turn)]), labels


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


def test_slice_explorer_refuses_what_does_not_fit():
    W = np.zeros((3, 2))
    X, y = np.zeros((5, 3)), np.zeros(5, int)
    with pytest.raises(ValueError, match="expected one and the same"):
        SliceExplorer(W, W.T, W, X, y)
    with pytest.raises(ValueError, match="pass images as rows"):
        SliceExplorer(W, W, W, X.T, y)
    with pytest.raises(ValueError, match="got 20001 images, expected at most 20000"):
        SliceExplorer(W, W, W, np.zeros((20_001, 3)), np.zeros(20_001, int))


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


# --- without a live kernel ----------------------------------------------------------------


def all_widgets():
    W = np.eye(3)
    return [
        SVMDemo(),
        SliceExplorer(W, W, W[::-1], W, np.arange(3), extent=1.0),
        RingsExplorer(*rings(np.random.default_rng(231))),
    ]


@pytest.mark.parametrize("widget", all_widgets(), ids=lambda widget: type(widget).__name__)
def test_exported_html_shows_a_picture_with_its_caption(widget):
    data, metadata = widget._repr_mimebundle_()
    output = nbformat.v4.new_output("display_data", data=data, metadata=metadata)
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell("widget", outputs=[output])]
    )
    for template in ("lab", "classic"):
        html, _ = HTMLExporter(template_name=template).from_notebook_node(notebook)
        images = re.findall(r"<img[^>]*>", html, re.DOTALL)
        assert len(images) == 1
        assert "data:image/png;base64" in images[0]
    # Only the classic template hands alt texts on; the caption is drawn on the picture as well.
    assert f'alt="{widget.caption()}"' in re.sub(r"\s+", " ", images[0])
    assert data["text/plain"] == widget.caption()
    assert "run the notebook" in widget.caption()


def test_package_is_imported_without_anywidget_and_says_what_is_missing():
    program = """
import sys
sys.modules["anywidget"] = None
import cs231n_utils
from cs231n_utils.widgets import references, page
try:
    from cs231n_utils.widgets import SVMDemo
except ImportError as error:
    print(error)
"""
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    assert "SVMDemo needs anywidget, which is not installed" in ran.stdout


# --- the files ----------------------------------------------------------------------------


def test_committed_page_is_up_to_date(tmp_path):
    written = tmp_path / "page.html"
    assert main([str(written)]) == 0
    committed = (PROJECT / "docs" / "svm-demo.html").read_text(encoding="utf-8")
    assert committed == written.read_text(encoding="utf-8"), (
        "run python -m cs231n_utils.widgets.page docs/svm-demo.html"
    )


def test_page_writer_says_what_is_wrong(tmp_path, capsys):
    assert main([]) == 2
    assert "expected the file to write" in capsys.readouterr().err
    blocked = tmp_path / "file"
    blocked.write_text("")
    assert main([str(blocked / "page.html")]) == 1
    assert "cannot be written" in capsys.readouterr().err


def test_nothing_is_asked_from_a_url():
    sources = [path.read_text(encoding="utf-8") for path in STATIC.iterdir()] + [svm_demo_page()]
    for source in sources:
        addresses = re.findall(r"(?:https?:)?//[\w.]+\.\w+[^\s\"']*", source)
        assert set(addresses) <= {"http://www.w3.org/2000/svg"}
        assert not re.search(r"\b(fetch|XMLHttpRequest|WebSocket|importScripts)\b", source)
