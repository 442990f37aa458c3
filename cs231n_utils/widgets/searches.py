"""Random search, local search and gradient descent on one map, for notebook 03."""

from collections.abc import Callable

import numpy as np
import traitlets
from matplotlib.figure import Figure
from numpy.typing import NDArray

from cs231n_utils.plots import COLORS
from cs231n_utils.surfaces import Surface, draw_map
from cs231n_utils.validation import refuse
from cs231n_utils.widgets.bundle import widget_module
from cs231n_utils.widgets.live import Array, BytesArray, WidgetWithPicture

__all__ = ["SearchRace"]

_CELLS = 61
"""Samples of the map along each side, as in searches.js."""
_N_LUCKS = 8


class SearchRace(WidgetWithPicture):
    """Your two searches, and gradient descent, from the start of a surface, try by try.

    Parameters
    ----------
    surface : Surface
    random_search, random_local_search : callable
        As in notebook 03.
    n_tries : int
        Tries of each search, and steps of the descent.
    scale, step, step_size : float
        Of random search, of local search and of the descent.

    Attributes
    ----------
    luck : int
        Which of 8 seeds is shown.
    """

    _esm = widget_module("searches")

    luck = traitlets.Int(0, min=0, max=_N_LUCKS - 1).tag(sync=True)
    _names = traitlets.List(["random search", "local search", "gradient descent"]).tag(sync=True)
    _n_lucks = traitlets.Int(_N_LUCKS).tag(sync=True)
    _ranges = Array((2, 2))
    _map = BytesArray()
    _places = BytesArray(2)
    _heights = BytesArray()

    def __init__(
        self,
        surface: Surface,
        random_search: Callable,
        random_local_search: Callable,
        n_tries: int = 120,
        scale: float = 2.5,
        step: float = 0.3,
        step_size: float = 0.1,
    ):
        self._surface, start = surface, np.array(surface.start)
        descent = [start]
        for _ in range(n_tries):
            descent.append(descent[-1] - step_size * surface.gradient(descent[-1]))
        runs = []
        for seed in range(_N_LUCKS):
            blind, local = _Recorder(surface), _Recorder(surface)
            random_search(blind, (2,), n_tries, scale, np.random.default_rng(seed))
            random_local_search(local, start, n_tries, step, np.random.default_rng(seed))
            for name, places in (("random_search", [start, *blind.places]),
                                 ("random_local_search", local.places)):  # fmt: skip
                if len(places) != n_tries + 1:
                    advice = "finish the exercise first"
                    refuse("SearchRace", f"{len(places)} places of {name}", n_tries + 1, advice)
                runs.append(places)
            runs.append(descent)
        places = np.reshape(runs, (-1, 2))
        x, y = (np.linspace(*surface.window[k : k + 2], _CELLS) for k in (0, 2))
        super().__init__(
            _ranges=np.reshape(surface.window, (2, 2)),
            _map=surface.height(x, y[:, np.newaxis]).ravel(),
            _places=places,
            _heights=surface.height(*places.T),
        )

    @property
    def runs(self) -> dict[str, NDArray]:
        """The places of each search with the present luck, (n_tries + 1, 2), the start first."""
        places = self._places.reshape(_N_LUCKS, len(self._names), -1, 2)[self.luck]
        return dict(zip(self._names, places, strict=True))

    def caption(self) -> str:
        ends = (f"{name} {self._surface.height(*at.T).min():.2g}" for name, at in self.runs.items())
        return (
            f"Three searches from one start; lowest heights at the end: {', '.join(ends)}. "
            "A picture: in JupyterLab, run the cell to see them move."
        )

    def picture(self) -> Figure:
        figure = Figure(figsize=(5.6, 5.2), layout="constrained")
        ax = figure.subplots()
        draw_map(ax, self._surface)
        looks = zip(self.runs.items(), ("x", ".", "o"), (COLORS[4], *COLORS[1:3]), strict=True)
        for (name, places), marker, color in looks:
            ax.plot(*places.T, marker, color=color, markersize=5, label=name)
        ax.legend(loc="upper right", framealpha=0.9)
        return figure


class _Recorder:
    """The surface as a loss that keeps all places where it was asked."""

    def __init__(self, surface: Surface):
        self.surface, self.places = surface, []

    def __call__(self, w: NDArray) -> float:
        self.places.append(np.array(w, dtype=np.float64))
        return self.surface(w)
