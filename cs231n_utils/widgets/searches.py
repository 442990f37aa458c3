"""Random search, local search and gradient descent on one map, for notebook 03."""

from collections.abc import Callable
from typing import Any

import numpy as np
import traitlets
from matplotlib.figure import Figure
from numpy.typing import NDArray

from cs231n_utils.plots import COLORS
from cs231n_utils.surfaces import Surface, draw_map
from cs231n_utils.validation import refuse
from cs231n_utils.widgets.bundle import widget_module
from cs231n_utils.widgets.live import BytesArray
from cs231n_utils.widgets.scene import Scene, seen_from_above

__all__ = ["SearchRace"]

N_TRIES = 120
SCALE = 2.5
STEP = 0.3
STEP_SIZE = 0.1


class SearchRace(Scene):
    """Your two searches, and gradient descent, from one start on a surface, try by try.

    The searches run in Python at every change, so what is played is what was passed.

    Parameters
    ----------
    surface : Surface
    random_search, random_local_search : callable
        As in notebook 03.

    Attributes
    ----------
    seed : int
        Of both searches.
    start : float64 ndarray of shape (2,)
    paths : dict of str to ndarray of shape (121, 2)
        The start, and what each search tried after it.
    """

    _esm = widget_module("searches")

    seed = traitlets.Int(0, min=0).tag(sync=True)
    _names = traitlets.List(["random search", "local search", "gradient descent"]).tag(sync=True)
    _heights = BytesArray()

    def __init__(self, surface: Surface, random_search: Callable, random_local_search: Callable):
        self._settling = True  # until all is there to run with
        self._surface, self._searches = surface, (random_search, random_local_search)
        super().__init__(**seen_from_above(surface))
        self._settling = False
        self.run()

    def run(self) -> None:
        random_search, random_local_search = self._searches
        blind, local = _Recorder(self._surface), _Recorder(self._surface)
        blind(self.start)
        random_search(blind, (2,), N_TRIES, SCALE, np.random.default_rng(self.seed))
        rng = np.random.default_rng(self.seed)
        random_local_search(local, np.array(self.start), N_TRIES, STEP, rng)
        for places in (blind.places, local.places):
            if len(places) != N_TRIES + 1:
                tried = f"{len(places) - 1} tries of a search"
                refuse("SearchRace", tried, str(N_TRIES), "finish both exercises first")
        descent = [self.start]
        for _ in range(N_TRIES):
            descent.append(descent[-1] - STEP_SIZE * self._surface.gradient(descent[-1]))
        self.paths = dict(
            zip(self._names, np.array([blind.places, local.places, descent]), strict=True)
        )
        self._paths = np.concatenate(list(self.paths.values()))
        self._heights = self._surface.height(*self._paths.T)

    def caption(self) -> str:
        lowest = self._heights.reshape(len(self._names), -1).min(axis=1)
        told = ", ".join(f"{name} {low:.2g}" for name, low in zip(self._names, lowest, strict=True))
        return (
            f"Three searches from one start, {N_TRIES} tries each; lowest heights: {told}. "
            "A picture: in JupyterLab, run the cell to see them move."
        )

    def picture(self) -> Figure:
        figure = Figure(figsize=(5.6, 5.2), layout="constrained")
        ax = figure.subplots()
        draw_map(ax, self._surface)
        looks = zip(self.paths.items(), ("x", ".", "o"), (COLORS[4], *COLORS[1:3]), strict=True)
        for (name, places), marker, color in looks:
            ax.plot(*places.T, marker, color=color, markersize=5, label=name)
        ax.legend(loc="upper right", frameon=True, facecolor="white", framealpha=0.9)
        return figure

    @traitlets.observe("seed")
    def _change_seed(self, change: Any) -> None:
        self.follow(change)


class _Recorder:
    """The surface as a loss that keeps all places where it was asked."""

    def __init__(self, surface: Surface):
        self.surface, self.places = surface, []

    def __call__(self, w: NDArray) -> float:
        self.places.append(np.array(w, dtype=np.float64))
        return self.surface(w)
