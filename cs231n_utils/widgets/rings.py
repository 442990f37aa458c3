"""Rings of points on their way from Cartesian to polar coordinates, for notebook 08."""

from typing import Any

import numpy as np
import traitlets
from matplotlib.figure import Figure
from numpy.typing import NDArray

from cs231n_utils.plots import COLORS
from cs231n_utils.widgets.bundle import widget_module
from cs231n_utils.widgets.live import Array, WidgetWithPicture

__all__ = ["RingsExplorer"]

_MARKERS = "o^"


class RingsExplorer(WidgetWithPicture):
    """A slider moves points from (x, y) to (r, theta); a line shows what this is good for.

    The line is the one of least squares, so it is exact at every stop of the slider.

    Parameters
    ----------
    points : float ndarray of shape (N, 2)
        Rows of (x, y).
    labels : int ndarray of shape (N,)
        Classes, 0 or 1.
    polar : float ndarray of shape (N, 2), optional
        Rows of (r, theta), say from your own ``to_polar(points)``; computed if left out.

    Attributes
    ----------
    share : float
        How far the points are on their way, 0..1.

    Raises
    ------
    traitlets.TraitError
        If a shape or a label is wrong.
    """

    _esm = widget_module("rings")

    points = Array((None, 2))
    labels = Array((None,), np.int64)
    polar = Array((None, 2))
    share = traitlets.Float(0.0, min=0.0, max=1.0).tag(sync=True)

    def __init__(self, points: NDArray, labels: NDArray, polar: NDArray | None = None):
        if polar is None:
            x, y = np.asarray(points, dtype=np.float64).T
            polar = np.stack([np.hypot(x, y), np.arctan2(y, x)], axis=1)
        if not len(points) == len(labels) == len(polar):
            raise traitlets.TraitError(
                f"got {len(points)} points, {len(labels)} labels and {len(polar)} polar points, "
                "expected as many of each: pass one row for each point."
            )
        super().__init__(points=points, labels=labels, polar=polar)

    @property
    def accuracy(self) -> float:
        """Share of the points on their own side of the line."""
        shown = self._shown()
        return float(np.mean((_with_ones(shown) @ self._line(shown) > 0) == (self.labels > 0)))

    def caption(self) -> str:
        return (
            f"Two rings, {self.share:.0%} of the way from (x, y) to (r, theta): the "
            f"least-squares line gets {self.accuracy:.0%} of the points right. A picture: in "
            "JupyterLab, run the cell to move the slider."
        )

    def picture(self) -> Figure:
        figure = Figure(figsize=(5.4, 5), layout="constrained")
        ax = figure.subplots()
        shown = self._shown()
        for label, marker in enumerate(_MARKERS):
            ax.plot(
                *shown[self.labels == label].T,
                marker,
                color=COLORS[label],
                markeredgecolor="black",
                markeredgewidth=0.5,
                label=f"ring {label}",
            )
        bounds = ax.axis()
        u, v, w = self._line(shown)
        across, up = np.meshgrid(np.linspace(*bounds[:2], 50), np.linspace(*bounds[2:], 50))
        side = u * across + v * up + w
        if np.ptp(np.sign(side)) > 0:
            ax.contour(across, up, side, levels=[0], colors="black")
        names = ("x", "y") if self.share < 0.5 else ("radius r", "angle (radians)")
        ax.set(xlabel=names[0], ylabel=names[1])
        ax.set_title(f"{self.accuracy:.0%} right", loc="left", fontweight="bold")
        ax.legend(loc="upper right", framealpha=0.9)
        return figure

    def _shown(self) -> NDArray:
        return self.points + self.share * (self.polar - self.points)

    def _line(self, shown: NDArray) -> NDArray:
        targets = np.where(self.labels > 0, 1.0, -1.0)
        return np.linalg.lstsq(_with_ones(shown), targets, rcond=None)[0]

    @traitlets.validate("labels")
    def _two_classes(self, proposal: Any) -> NDArray:
        if not np.isin(proposal["value"], (0, 1)).all():
            raise traitlets.TraitError(
                f"labels got {np.unique(proposal['value'])}; expected classes 0 and 1."
            )
        return proposal["value"]


def _with_ones(points: NDArray) -> NDArray:
    return np.column_stack([points, np.ones(len(points))])
