"""Minibatch gradients around the full one, and the walk they make, for notebook 06."""

from typing import Any

import numpy as np
import traitlets
from matplotlib.figure import Figure
from numpy.typing import NDArray

from cs231n_utils.plots import COLORS
from cs231n_utils.surfaces import draw_map, least_squares
from cs231n_utils.widgets.bundle import widget_module
from cs231n_utils.widgets.live import BytesArray
from cs231n_utils.widgets.scene import Scene, seen_from_above

__all__ = ["GradientNoise"]

N_POINTS = 256
N_STEPS = 100
N_DRAWS = 40
ARROW = 0.5
"""Gradients are drawn at this share of their length, so that they stay on the map."""


class GradientNoise(Scene):
    """SGD that fits a line to points, and what other minibatches would have said at each step.

    The loss is the mean of ``(w0 t + w1 - target)**2 / 2`` over 256 points. Each batch is drawn
    without replacement, so the largest is the full gradient itself.

    Parameters
    ----------
    batch_size, step_size
        As the attributes.

    Attributes
    ----------
    batch_size : int
        Points in a batch, 1..256.
    step_size : float
        What gradients are multiplied by in a step.
    seed : int
        Of the draws of all batches.
    start : float64 ndarray of shape (2,)
    path : float64 ndarray of shape (101, 2)
        The weights before each step and at the end.
    """

    _esm = widget_module("noise")

    batch_size = traitlets.Int(4, min=1, max=N_POINTS).tag(sync=True)
    step_size = traitlets.Float(0.2, min=0.0).tag(sync=True)
    seed = traitlets.Int(231, min=0).tag(sync=True)
    _clouds = BytesArray(2)
    _full = BytesArray(2)
    _agreement = BytesArray(2)
    _heights = BytesArray()

    def __init__(self, batch_size: int = 4, step_size: float = 0.2):
        self._settling = True  # until all is there to run with
        rng = np.random.default_rng(231)
        t = 0.4 + rng.standard_normal(N_POINTS)
        self._inputs = np.stack([t, np.ones(N_POINTS)], axis=1)
        self._targets = self._inputs @ [1.0, -0.5] + 1.2 * rng.standard_normal(N_POINTS)
        self._surface = least_squares(self._inputs, self._targets)
        super().__init__(**seen_from_above(self._surface))
        self.change(batch_size=batch_size, step_size=step_size)

    def gradients(self, w: NDArray) -> NDArray:
        """The gradient of each point's own loss at `w`, of shape (256, 2)."""
        return (self._inputs @ w - self._targets)[:, np.newaxis] * self._inputs

    def run(self) -> None:
        rng = np.random.default_rng(self.seed)
        rows = np.arange(N_POINTS)
        path, clouds = [np.array(self.start)], []
        for _ in range(N_STEPS + 1):
            each = self.gradients(path[-1])
            draws = rng.permuted(np.tile(rows, (N_DRAWS, 1)), axis=1)[:, : self.batch_size]
            clouds.append(each[draws].mean(axis=1))
            path.append(path[-1] - self.step_size * clouds[-1][0])
        self.path = np.array(path[:-1])
        full = np.array([self.gradients(w).mean(axis=0) for w in self.path])
        cloud = np.array(clouds)
        products = np.einsum("tnk,tk->tn", cloud, full)
        squares = np.sum(full**2, axis=1, keepdims=True)
        cosines = products / np.sqrt(np.sum(cloud**2, axis=2) * squares)
        noise = np.sum((cloud - full[:, np.newaxis]) ** 2, axis=2) / squares
        self._paths, self._full, self._clouds = self.path, full, cloud.reshape(-1, 2)
        self._agreement = np.stack([cosines.mean(axis=1), noise.mean(axis=1)], axis=1)
        self._heights = self._surface.height(*self.path.T) - self._surface.lowest

    def caption(self) -> str:
        last = self._heights[-20:].mean()
        return (
            f"{N_STEPS} steps of SGD with batches of {self.batch_size} of {N_POINTS} points, step "
            f"size {self.step_size:.2g}, in orange; at its start the full gradient (arrow) and "
            f"{N_DRAWS} minibatch gradients (dots, all turned downhill). Cosine "
            f"{self._agreement[0, 0]:.2f} at the start; on average {last:.2g} above the lowest "
            "point in the last 20 steps. A picture: in JupyterLab, run the cell to move the slider."
        )

    def picture(self) -> Figure:
        figure = Figure(figsize=(6.4, 5.4), layout="constrained")
        ax = figure.subplots()
        draw_map(ax, self._surface)
        ax.plot(*self.path.T, color=COLORS[1], linewidth=1.8)
        dots = self.path[0] - ARROW * self._clouds[:N_DRAWS]
        ax.plot(*dots.T, "o", color="white", markersize=3.5, markeredgecolor="black")
        tip = self.path[0] - ARROW * self._full[0]
        ax.annotate(
            "", tip, self.path[0], arrowprops={"width": 2, "headwidth": 9, "color": "black"}
        )
        ax.set(aspect="equal", title=f"batches of {self.batch_size}")
        return figure

    @traitlets.observe("batch_size", "step_size", "seed")
    def _change(self, change: Any) -> None:
        self.follow(change)
