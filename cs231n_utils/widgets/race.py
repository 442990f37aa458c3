"""Update rules that race down a surface, with their learning rates in hand, for notebook 07."""

from collections.abc import Mapping
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import traitlets
from matplotlib.figure import Figure
from numpy.typing import NDArray

from cs231n_utils import films
from cs231n_utils.surfaces import Surface, race
from cs231n_utils.widgets.bundle import widget_module
from cs231n_utils.widgets.live import Array, BytesArray
from cs231n_utils.widgets.scene import Scene, seen_from_above

__all__ = ["OptimizerRace"]


class OptimizerRace(Scene):
    """Choose a surface and a start, set each rule's learning rate, and watch them run.

    The rules run in Python at every change, so what races is what was passed.

    Parameters
    ----------
    races : mapping of str to (surface, runners, n_steps)
        By the name to choose it by. `runners` is as in `cs231n_utils.surfaces.race`, six at most,
        each with a ``learning_rate`` in its settings.

    Attributes
    ----------
    surface : str
        Name of the present race; another one begins with the rates and the start it came with.
    rates : float64 ndarray of shape (number of runners,)
        Learning rates, above 0.
    start : float64 ndarray of shape (2,)
    paths : dict of str to ndarray of shape (n_steps + 1, 2)
        The run of each rule, as `cs231n_utils.surfaces.race` returns it.
    """

    _esm = widget_module("race")

    surface = traitlets.Unicode().tag(sync=True)
    rates = Array((None,))
    _surfaces = traitlets.List(traitlets.Unicode()).tag(sync=True)
    _runners = traitlets.List(traitlets.Unicode()).tag(sync=True)
    _colors = traitlets.List([color for color, *_ in films.LOOKS]).tag(sync=True)
    _heights = BytesArray()

    def __init__(self, races: Mapping[str, tuple[Surface, Mapping[str, Any], int]]):
        self._races = dict(races)
        super().__init__(_surfaces=list(races), surface=next(iter(races)))

    def run(self) -> None:
        place, runners, n_steps = self._races[self.surface]
        rated = {
            name: (rule, {**settings, "learning_rate": float(rate)})
            for rate, (name, (rule, settings)) in zip(self.rates, runners.items(), strict=True)
        }
        self.paths = race(place, rated, n_steps, tuple(self.start))
        self._paths = np.concatenate(list(self.paths.values()))
        self._heights = place.height(*self._paths.T) - place.lowest

    def caption(self) -> str:
        ends = self._heights.reshape(len(self.rates), -1)[:, -1]
        told = zip(self._runners, self.rates, ends, strict=True)
        runs = ", ".join(f"{name} {end:.2g} (rate {rate:.2g})" for name, rate, end in told)
        runs = runs.replace("nan", "far away")  # where a runner left for infinity
        return (
            f"A race on the surface '{self.surface}'. Heights above the lowest point at the end: "
            f"{runs}. A picture: in JupyterLab, run the cell to set the learning rates."
        )

    def picture(self) -> Figure:
        place = self._races[self.surface][0]
        figure = films.draw_race(place, self.paths, self.surface)
        figure.legends[0].set_loc("outside upper right")  # the caption stands below
        plt.close(figure)  # pyplot would show it beside the widget
        return figure

    @traitlets.observe("surface")
    def _change_surface(self, change: Any) -> None:
        place, runners, _ = self._races[self.surface]
        rates = [settings["learning_rate"] for _, settings in runners.values()]
        self.change(**seen_from_above(place), _runners=list(runners), rates=rates)

    @traitlets.observe("rates")
    def _change_rates(self, change: Any) -> None:
        self.follow(change)

    @traitlets.validate("surface", "rates")
    def _possible(self, proposal: Any) -> str | NDArray:
        name, value = proposal["trait"].name, proposal["value"]
        n_runners = len(self._races[self.surface][1]) if name == "rates" else 0
        if name == "surface" and value not in self._races:
            raise traitlets.TraitError(
                f"surface got {value!r}; expected one of {', '.join(self._races)}."
            )
        if name == "rates" and not (len(value) == n_runners and np.all(value > 0)):
            raise traitlets.TraitError(f"rates got {value}; expected {n_runners} numbers above 0.")
        return value
