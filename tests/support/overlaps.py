"""Texts of a figure that lie over one another."""

from itertools import combinations

from matplotlib.figure import Figure
from matplotlib.text import Text

SHARE = 0.15
"""Of the smaller text's box: boxes have some room around the letters."""


def overlapping_texts(figure: Figure) -> list[tuple[str, str]]:
    """Pairs of texts of which one covers a part of the other, as the figure is drawn now.

    Texts that stand askew, such as the names of axes in three dimensions, are left out: their
    boxes are upright and far larger than they are.
    """
    figure.draw_without_rendering()
    outside = _labels_outside(figure)
    boxes = [
        (text.get_text(), Text.get_window_extent(text))  # an annotation's own has its arrow in it
        for text in figure.findobj(Text)
        if text.get_visible()
        and text.get_text().strip()
        and text not in outside
        and text.get_rotation() % 90 == 0
    ]
    pairs = []
    for (one, a), (other, b) in combinations(boxes, 2):
        width = min(a.x1, b.x1) - max(a.x0, b.x0)
        height = min(a.y1, b.y1) - max(a.y0, b.y0)
        smaller = min(a.width * a.height, b.width * b.height)
        if width > 0 and height > 0 and width * height > SHARE * smaller:
            pairs.append((one, other))
    return pairs


def _labels_outside(figure: Figure) -> set[Text]:
    """Labels of ticks beyond the ends of their axis, which matplotlib makes and does not draw."""
    found = set()
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis, *([axes.zaxis] if axes.name == "3d" else [])):
            low, high = sorted(axis.get_view_interval())
            for tick in (*axis.majorTicks, *axis.minorTicks):
                if not low <= tick.get_loc() <= high:
                    found |= {tick.label1, tick.label2}
    return found
