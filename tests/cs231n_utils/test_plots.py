"""Figures: alt text, the stand-in mark, and pictures of images and weights."""

import base64
import io

import matplotlib.pyplot as plt
import nbclient
import nbformat
import numpy as np
import pytest
from matplotlib.colors import to_rgb
from PIL import Image

from cs231n_utils import plots
from cs231n_utils.ladder import ladder
from tests.support.sentences import is_one_sentence


@pytest.fixture(autouse=True)
def _agg():
    with plt.rc_context():
        plt.switch_backend("agg")
        yield
        plt.close("all")


@pytest.fixture
def data_from(monkeypatch):
    """Pretend that data from a source were loaded."""
    return lambda source: monkeypatch.setattr(plots, "current_source", lambda: source)


def simple_figure():
    fig, ax = plt.subplots()
    ax.plot([0, 1], [0, 1])
    ax.set(xlabel="step", ylabel="loss (nats)", title="A line")
    return fig


def three_dimensional_figure():
    fig = plt.figure()
    fig.add_subplot(projection="3d").plot_wireframe(*np.mgrid[0:3, 0:3, 0:1].squeeze())
    return fig


def drawn_images(fig):
    return [np.asarray(image.get_array()) for image in fig.axes[0].images]


# --- show ---------------------------------------------------------------------------------


def test_show_displays_the_figure_once_with_its_alt_text():
    cell = (
        "import matplotlib.pyplot as plt\n"
        "from cs231n_utils import plots\n"
        "fig, ax = plt.subplots(figsize=(4, 3))\n"
        "plots.show(fig, alt='A blank plot.')"
    )
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell)])
    nbclient.NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    (output,) = notebook.cells[0].outputs
    assert output.output_type == "display_data"
    assert output.metadata["image/png"]["alt"] == "A blank plot."
    assert output.data["text/plain"] == "A blank plot."
    image = Image.open(io.BytesIO(base64.b64decode(output.data["image/png"])))
    shown = output.metadata["image/png"]
    assert image.width / shown["width"] == pytest.approx(1.6, rel=0.01)
    assert image.height / shown["height"] == pytest.approx(1.6, rel=0.01)


def test_show_outside_ipython_prints_nothing_and_leaves_the_figure_savable(capsys, tmp_path):
    fig = simple_figure()
    plots.show(fig, alt="A line.")
    assert capsys.readouterr() == ("", "")
    fig.savefig(tmp_path / "line.png")
    assert np.ptp(np.asarray(Image.open(tmp_path / "line.png"))[..., :3]) > 0


def test_show_closes_the_figure():
    fig = simple_figure()
    plots.show(fig, alt="A line.")
    assert not plt.fignum_exists(fig.number)


@pytest.mark.parametrize("alt", ["", "  \n"])
def test_show_refuses_a_blank_alt_text_in_one_sentence(alt):
    with pytest.raises(ValueError, match="alt text") as error:
        plots.show(simple_figure(), alt=alt)
    assert is_one_sentence(str(error.value))


# --- the mark on stand-in data ------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "marked"), [(None, False), ("official", False), ("local", False), ("stand-in", True)]
)
def test_only_figures_of_stand_in_data_are_marked(data_from, source, marked):
    data_from(source)
    fig = simple_figure()
    plots.show(fig, alt="A line.")
    assert any(plots.STAND_IN_MARK in text.get_text() for text in fig.texts) == marked


def test_showing_twice_marks_once(data_from):
    data_from("stand-in")
    fig = simple_figure()
    plots.show(fig, alt="A line.")
    plots.show(fig, alt="A line.")
    assert len(fig.texts) == 1


@pytest.mark.parametrize(
    "draw",
    [
        simple_figure,
        three_dimensional_figure,
        lambda: plots.image_grid(np.zeros((3, 32, 32, 3))),
        lambda: ladder({"chance": 0.1}),
    ],
    ids=["lines", "3-D", "one row of images", "ladder"],
)
def test_the_mark_is_inside_the_saved_picture_and_covers_nothing(data_from, draw):
    data_from("stand-in")
    fig = draw()
    plots.show(fig, alt="A figure.")

    picture = io.BytesIO()
    fig.savefig(picture, bbox_inches="tight")
    pixels = np.asarray(Image.open(picture).convert("RGB"))
    frame = [pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]]
    assert all(np.all(edge == 255) for edge in frame)

    rows, columns = np.nonzero((pixels == (0xF0, 0xE4, 0x42)).all(axis=2))
    assert columns.max() - columns.min() > 100
    beside = pixels[rows.min() : rows.max() + 1].copy()
    beside[:, columns.min() - 3 : columns.max() + 4] = 255
    assert np.all(beside == 255)


# --- images -------------------------------------------------------------------------------


def test_image_grid_draws_row_after_row():
    shades = np.arange(5, dtype=np.uint8) * 50
    images = np.broadcast_to(shades[:, None, None, None], (5, 4, 4, 3))
    fig = plots.image_grid(images, columns=2)
    places = [image.get_extent() for image in fig.axes[0].images]
    assert [drawn.max() for drawn in drawn_images(fig)] == shades.tolist()
    lefts, tops = [place[0] for place in places], [place[3] for place in places]
    assert lefts[0] == lefts[2] == lefts[4] < lefts[1] == lefts[3]
    assert tops[0] == tops[1] < tops[2] == tops[3] < tops[4]


def test_image_grid_rounds_and_clips_pixels_that_are_not_bytes():
    fig = plots.image_grid(np.full((1, 2, 2, 3), [-7.0, 99.6, 300.0]))
    np.testing.assert_array_equal(drawn_images(fig)[0][0, 0], [0, 100, 255])


def test_gray_images_are_drawn_from_black_to_white_whatever_their_range():
    fig = plots.image_grid(np.full((1, 2, 2), 100))
    (image,) = fig.axes[0].images
    np.testing.assert_allclose(image.to_rgba(image.get_array())[..., :3], 100 / 255, atol=1e-2)


def test_image_grid_writes_each_title_over_its_image():
    fig = plots.image_grid(np.zeros((3, 8, 8, 3)), titles=["cat", "car", "frog"], columns=2)
    for text, image in zip(fig.axes[0].texts, fig.axes[0].images, strict=True):
        left, right, _, top = image.get_extent()
        x, y = text.get_position()
        assert x == pytest.approx((left + right) / 2)
        assert y < top  # the vertical axis points down
    assert [text.get_text() for text in fig.axes[0].texts] == ["cat", "car", "frog"]


@pytest.mark.parametrize("shape", [(0, 32, 32, 3), (32, 32), (2, 3, 32, 32), (2, 32, 32, 4)])
def test_image_grid_names_a_shape_it_cannot_draw(shape):
    with pytest.raises(ValueError, match=str(shape).replace("(", r"\(").replace(")", r"\)")):
        plots.image_grid(np.zeros(shape))


def test_image_grid_refuses_a_wrong_number_of_titles():
    with pytest.raises(ValueError, match="2 titles for 3 images"):
        plots.image_grid(np.zeros((3, 8, 8, 3)), titles=["cat", "car"])


def test_class_grid_shows_each_class_in_its_own_row_without_repeats():
    rng = np.random.default_rng(231)
    labels = rng.permutation(np.repeat([0, 1, 2], [6, 6, 2]))
    images = np.zeros((len(labels), 4, 4, 3), np.uint8)
    images[..., 0] = labels[:, None, None]
    images[..., 1] = np.arange(len(labels))[:, None, None]
    fig = plots.class_grid(images, labels, ["cat", "car", "frog"], per_class=4, rng=rng)
    ax = fig.axes[0]
    names = dict(zip(ax.get_yticks(), (t.get_text() for t in ax.get_yticklabels()), strict=True))
    rows = {name: [] for name in names.values()}
    for image in ax.images:
        _, _, bottom, top = image.get_extent()
        name = names[min(names, key=lambda tick: abs(tick - (bottom + top) / 2))]
        rows[name].append(tuple(np.asarray(image.get_array())[0, 0, :2].tolist()))
    for label, name in enumerate(["cat", "car", "frog"]):
        assert {shown_label for shown_label, _ in rows[name]} == {label}
        assert len(set(rows[name])) == len(rows[name]) == min(4, np.sum(labels == label))


def test_class_grid_refuses_a_wrong_number_of_labels():
    with pytest.raises(ValueError, match="2 labels for 3 images"):
        plots.class_grid(
            np.zeros((3, 8, 8, 3)), np.array([0, 1]), ["a", "b"], 1, np.random.default_rng(0)
        )


# --- templates ----------------------------------------------------------------------------


def test_templates_scale_each_class_by_its_largest_weight_and_leave_out_the_bias():
    W = np.zeros((3073, 3))
    W[:3, 0] = [2.0, -1.0, 0.0]
    W[:3, 1] = [0.0, 0.0, 1e-6]
    W[3072] = 1e6
    first, second, third = drawn_images(plots.templates(W, ["cat", "car", "frog"]))
    # 127.5 is zero; +-255/2 the largest weight of the class, rounded to a byte.
    np.testing.assert_array_equal(first[0, 0], [255, 64, 128])
    np.testing.assert_array_equal(second[0, 0], [128, 128, 255])
    assert np.all(third == 128)


def test_templates_undo_the_flattening_of_images():
    picture = np.random.default_rng(231).integers(-127, 128, (32, 32, 3))
    picture[0, 0, 0] = 127
    (drawn,) = drawn_images(plots.templates(picture.reshape(3072, 1) / 127, ["cat"]))
    assert np.abs(drawn.astype(int) - 127.5 - picture).max() <= 1


@pytest.mark.parametrize("shape", [(3073,), (10, 3073), (3073, 9), (3071, 10)])
def test_templates_name_the_shape_they_expected(shape):
    with pytest.raises(ValueError, match=r"expected \(3073, 10\)") as error:
        plots.templates(np.zeros(shape), [str(c) for c in range(10)])
    assert is_one_sentence(str(error.value))


# --- style --------------------------------------------------------------------------------


def test_neighboring_colors_differ_in_grayscale():
    def lightness(color):  # CIE 1976 L*, from linear sRGB
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in color]
        return 116 * np.cbrt(np.dot(linear, [0.2126, 0.7152, 0.0722])) - 16

    steps = np.diff([lightness(to_rgb(color)) for color in plots.COLORS])
    assert np.abs(steps).min() > 10


def test_style_applies_to_later_figures_and_can_be_set_again():
    plots.use_style()
    once = dict(plt.rcParams)
    plots.use_style()
    assert dict(plt.rcParams) == once
    _, ax = plt.subplots()
    assert [ax.plot([0, 1])[0].get_color() for _ in plots.COLORS] == list(plots.COLORS)
