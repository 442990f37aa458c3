"""The figures of the class report."""

import base64

import numpy as np
import pytest

from grading.pages import class_figures
from grading.pages.class_figures import costs_figure, scores_figure, term_figure


@pytest.fixture
def figures(monkeypatch):
    """The figures as they are written, drawn once so that ticks and places are known."""
    kept = []
    drawn = class_figures._drawn

    def keep(figure, alt):
        figure.canvas.draw()
        kept.append(figure)
        return drawn(figure, alt)

    monkeypatch.setattr(class_figures, "_drawn", keep)
    return kept


@pytest.mark.parametrize("count", [1, 3, 40, 2_000])
def test_submissions_are_counted_in_whole_numbers(figures, count):
    scores = np.random.default_rng(0).integers(0, 21, count).astype(np.float64)
    scores_figure(scores, 20.0)
    costs_figure(scores + 1.0, 100.0 + scores)
    for axes in (axes for figure in figures for axes in figure.axes):
        ticks = axes.get_yticks()
        assert len(ticks) >= 2 and np.array_equal(ticks, np.round(ticks))


@pytest.mark.parametrize("median", [0.0, 3.0, 10.0, 17.5, 20.0])
def test_words_for_the_median_lie_on_no_bar_and_in_the_picture(figures, median):
    scores_figure(np.array([median] * 9 + [0.0] * 4 + [20.0] * 4), 20.0)
    (axes,) = figures[0].axes
    (words,) = axes.texts
    box, frame = words.get_window_extent(), axes.get_window_extent()
    assert words.get_text() == f"median {median:g}" and not axes.get_legend()
    assert frame.x0 <= box.x0 and box.x1 <= frame.x1 and box.y1 <= frame.y1
    for bar in axes.patches:
        assert not bar.get_window_extent().overlaps(box)


def test_term_shows_median_and_middle_half(figures):
    drawn = term_figure(["01-a", "02-b", "03-c"], [[0.0, 0.5, 1.0], [0.25], []])
    assert "01-a: 25, 50, 75 %; 02-b: 25, 25, 25 %" in drawn.alt
    assert base64.b64decode(drawn.png).startswith(b"\x89PNG")
    (axes,) = figures[0].axes
    assert [tick.get_text() for tick in axes.get_xticklabels()] == ["01", "02", "03"]
    assert not axes.get_legend()


def test_words_of_figures_lie_in_the_picture(figures):
    scores_figure(np.arange(24.0), 24.0)
    costs_figure(np.arange(1.0, 24.0), 1e3 * np.arange(1.0, 24.0))
    term_figure(["01-a", "02-b"], [[0.0, 0.5], [0.25]])
    for figure in figures:
        box = figure.get_tightbbox()
        width, height = figure.get_size_inches()
        assert box.x0 >= 0 and box.y0 >= 0 and box.x1 <= width and box.y1 <= height


def test_scores_with_extra_credit_are_in_the_figure():
    drawn = scores_figure(np.array([22.5, 22.5, 3.0]), 20.0)
    assert "from 3 to 22.5 of 20" in drawn.alt and "holds 2" in drawn.alt
