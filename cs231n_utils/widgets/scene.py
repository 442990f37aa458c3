"""A surface from above, a start to drag, and runs that are played: the Python side of scene.js."""

from typing import Any

import numpy as np
import traitlets

from cs231n_utils.surfaces import Surface
from cs231n_utils.widgets.live import Array, BytesArray, WidgetWithPicture

__all__ = ["Scene", "seen_from_above"]

_CELLS = 61
"""Samples of the map along each side, as in scene.js."""


class Scene(WidgetWithPicture):
    """What widgets share that play runs on a surface: a subclass computes them in `run`.

    Attributes
    ----------
    start : float64 ndarray of shape (2,)
        Where runs start.
    """

    start = Array((2,))
    _ranges = Array((2, 2))
    _minima = Array((None, 2))
    _map = BytesArray()
    _paths = BytesArray(2)
    _settling = False

    def run(self) -> None:
        """Compute all that is played, and assign it."""
        raise NotImplementedError

    def change(self, **state: Any) -> None:
        """Assign traits, and run once for all of them."""
        self._settling = True
        with self.hold_sync():
            for name, value in state.items():
                setattr(self, name, value)
            self._settling = False
            self.run()

    @traitlets.observe("start")
    def follow(self, change: Any) -> None:
        """Run anew, for whatever observes a change by the reader."""
        if not self._settling:
            with self.hold_sync():
                self.run()


def seen_from_above(surface: Surface) -> dict[str, Any]:
    """The traits of a scene that stand for its surface, with its start."""
    low, high = np.reshape(surface.window, (2, 2)).T
    middle, reach = (low + high) / 2, (high - low).max() / 2  # one scale for both axes
    x, y = np.linspace(middle - reach, middle + reach, _CELLS).T
    elevations = surface.elevation(surface.height(x, y[:, np.newaxis]))
    return {
        "_ranges": np.stack([middle - reach, middle + reach], axis=1),
        "_minima": surface.minima,
        "_map": ((elevations - elevations.min()) ** 2).ravel(),  # its root is the color
        "start": surface.start,
    }
