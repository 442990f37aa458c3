"""Gradient descent on a loss curve with the step size in hand, for notebook 04."""

import numpy as np
import traitlets
from matplotlib.figure import Figure
from numpy.typing import NDArray

from cs231n_utils.plots import COLORS
from cs231n_utils.widgets.bundle import widget_module
from cs231n_utils.widgets.live import WidgetWithPicture

__all__ = ["StepSizeExplorer"]

_STEPS_DRAWN = 8
_OTHERS = (0.05, 0.3, 0.9, 1.2)
"""Step sizes of the picture: slow, fast, to and fro, blown up."""


class StepSizeExplorer(WidgetWithPicture):
    """Descend the loss ``w**2`` step by step, and see where the step size is too large.

    Parameters
    ----------
    step_size : float
        What the slider shows, above 0; assigning another begins anew.
    start : float
        Weight from which every descent starts.
    """

    _esm = widget_module("step_size")

    step_size = traitlets.Float().tag(sync=True)
    start = traitlets.Float().tag(sync=True)

    def __init__(self, step_size: float = 0.1, start: float = -2.0):
        super().__init__(step_size=step_size, start=start)

    def weights(self, step_size: float, n_steps: int) -> NDArray:
        """Weights before the first step and after each, an ndarray of shape (n_steps + 1,)."""
        return self.start * (1 - 2 * step_size) ** np.arange(n_steps + 1.0)

    def caption(self) -> str:
        w = self.weights(self.step_size, _STEPS_DRAWN)[-1]
        return (
            f"Descent on the loss w² from {self.start:g} with step size {self.step_size:.3g}: "
            f"weight {w:.3g} after {_STEPS_DRAWN} steps; on the right, four step sizes. A picture: "
            "in JupyterLab, run the cell to move the step size."
        )

    def picture(self) -> Figure:
        figure = Figure(figsize=(9, 3.8), layout="constrained")
        left, right = figure.subplots(1, 2)
        weights = self.weights(self.step_size, _STEPS_DRAWN)
        reach = 1.25 * np.abs(weights).max()
        bowl = np.linspace(-reach, reach, 121)
        left.plot(bowl, bowl**2, color=COLORS[0])
        left.plot(weights, weights**2, "o-", color=COLORS[1], markeredgecolor="black")
        left.set(xlabel="weight w", ylabel="loss w²")
        left.set_title(f"{_STEPS_DRAWN} steps of size {self.step_size:.3g}", loc="left")
        for step_size, marker, color in zip(_OTHERS, "os^D", COLORS[1:], strict=False):
            losses = self.weights(step_size, _STEPS_DRAWN) ** 2
            right.semilogy(losses, marker=marker, color=color, label=f"step size {step_size:g}")
        right.set(xlabel="step", ylabel="loss w² (log scale)")
        right.set_title("four step sizes", loc="left")
        right.legend(loc="lower left", fontsize=9)
        return figure

    @traitlets.validate("step_size")
    def _above_zero(self, proposal: dict) -> float:
        if not (proposal["value"] > 0 and np.isfinite(proposal["value"])):
            raise traitlets.TraitError(
                f"step_size got {proposal['value']}; expected a number above 0, such as 0.1."
            )
        return proposal["value"]
