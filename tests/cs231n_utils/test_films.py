"""Races, drawn and filmed: what moves, what stands still, and what an animated PNG holds."""

import io

import matplotlib.pyplot as plt
import numpy as np
import pytest
from PIL import Image

from cs231n_utils import films, surfaces
from cs231n_utils.optimizers import momentum, sgd


def test_run_to_infinity_ends_in_nan_and_can_be_drawn():
    paths = surfaces.race(surfaces.quadratic(), {"sgd": (sgd, {"learning_rate": 0.1})}, 50)
    assert np.isnan(paths["sgd"][-1]).all() and np.isfinite(paths["sgd"][3]).all()
    fig = films.draw_race(surfaces.quadratic(), paths, "Away")
    fig.canvas.draw()
    plt.close(fig)


@pytest.fixture(scope="module")
def film():
    paths = surfaces.race(
        surfaces.CAMEL, {"sgd": (sgd, {}), "momentum": (momentum, {"learning_rate": 0.01})}, 20
    )
    return films.film_race(surfaces.CAMEL, paths, "A test", n_frames=6)


def frames_of(film):
    with Image.open(io.BytesIO(film)) as image:
        for index in range(image.n_frames):
            image.seek(index)
            yield np.asarray(image.convert("RGB")).astype(int)


def test_film_is_an_animated_png_that_loops_and_stands_still_at_its_end(film):
    with Image.open(io.BytesIO(film)) as image:
        assert image.format == "PNG" and image.is_animated
        assert image.n_frames == 7 and image.info["loop"] == 0  # the still, and six frames
        image.seek(image.n_frames - 1)
        assert image.info["duration"] == 2000


def test_still_of_a_film_is_its_last_frame(film):
    still, *frames = frames_of(film)
    assert np.array_equal(still, frames[-1])


def test_film_stores_what_stands_still_once_beside_its_still(film):
    alone = io.BytesIO()
    still = next(frames_of(film)).astype(np.uint8)
    Image.fromarray(still).quantize(160).save(alone, "PNG")
    assert len(film) < 3 * len(alone.getvalue())


def test_runners_move_on_both_panels(film):
    _, first, *_, last = frames_of(film)
    moved = np.abs(last - first).sum(axis=2) > 60
    # The step counter, in the top right corner, changes as well: leave it out.
    moved[: moved.shape[0] // 12] = False
    half = moved.shape[1] // 2
    assert moved[:, :half].sum() > 100 and moved[:, half:].sum() > 100


def test_film_shows_with_its_alt_text_only(film):
    with pytest.raises(ValueError, match="blank alt text"):
        films.show_film(film, "  ")
