"""The film player: what it takes from an animated PNG, and what stands in for it."""

import base64
import io

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

pytest.importorskip("anywidget")

from cs231n_utils.films import film_figure
from cs231n_utils.widgets.film import FilmPlayer


@pytest.fixture(scope="module")
def film():
    fig = Figure(figsize=(2, 1))
    ax = fig.subplots()
    (dot,) = ax.plot([0], [0], "o")
    ax.set(xlim=(-1, 5), ylim=(-1, 5))
    return film_figure(fig, lambda k: dot.set_data([k], [k]), n_frames=4, seconds=2.0)


def frames_of(film):
    with Image.open(io.BytesIO(film)) as image:
        for index in range(1, image.n_frames):  # after the still
            image.seek(index)
            yield np.asarray(image.convert("RGB"))


def test_parts_drawn_over_each_other_are_the_frames(film):
    player = FilmPlayer(film, "A dot rises.", 1.25)
    canvas = None
    for frame, place, expected in zip(player.frames, player.places, frames_of(film), strict=True):
        with Image.open(io.BytesIO(frame)) as part:
            part = part.convert("RGBA")
        canvas = Image.new("RGBA", part.size) if canvas is None else canvas
        canvas.alpha_composite(part, tuple(place))
        assert np.array_equal(np.asarray(canvas.convert("RGB")), expected)
    assert len(player.frames) == 4 and player.rate == 2.0


def test_without_a_widget_the_film_itself_is_shown(film):
    data, metadata = FilmPlayer(film, "A dot rises.", 1.25)._repr_mimebundle_()
    assert base64.b64decode(data["image/png"]) == film and data["text/plain"] == "A dot rises."
    assert metadata["image/png"]["alt"] == "A dot rises."
    assert any("widget-view" in kind for kind in data)
