"""Slices of a linear classifier's hinge loss to walk in, for notebook 02."""

import numpy as np
import traitlets
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from numpy.typing import NDArray

from cs231n_utils import landscape
from cs231n_utils.plots import COLORS
from cs231n_utils.validation import refuse, require_linear, require_same_shape
from cs231n_utils.widgets.bundle import widget_module
from cs231n_utils.widgets.live import Array, BytesArray, WidgetWithPicture

__all__ = ["SliceExplorer"]


class SliceExplorer(WidgetWithPicture):
    """The SVM loss at ``W + a W1 + b W2``: drag the point (a, b), turn a direction, see the slice.

    Creases, the lines along which the loss bends, are on the map, and the point snaps to them.

    Scores are linear in the steps: one product of the images with ``W``, ``W1`` and ``W2`` side
    by side is all that Python computes, and the page is exact from there.

    Parameters
    ----------
    W, W1, W2 : float ndarray of shape (D, C)
        The point through which the plane goes, and its two directions.
    X : float ndarray of shape (N, D)
        Images as rows; N (C - 1) is at most 20,000, so that the page stays fluid.
    y : int ndarray of shape (N,)
        Labels in ``0..C-1``.
    reg : float
        Strength of ``reg * sum(W**2)``, 0 or more.
    extent : float
        The map shows steps from ``-extent`` to ``extent``.

    Attributes
    ----------
    a, b : float
        Where the point is.
    angle : float
        Direction of the slice in radians: 0 is along ``W1``, pi / 2 along ``W2``.

    Raises
    ------
    ValueError
        If shapes do not fit, or there are too many images.
    """

    _esm = widget_module("slices")

    a = traitlets.Float(0.0).tag(sync=True)
    b = traitlets.Float(0.0).tag(sync=True)
    angle = traitlets.Float(0.0).tag(sync=True)
    extent = traitlets.Float().tag(sync=True)
    reg = traitlets.Float().tag(sync=True)
    _n_images = traitlets.Int().tag(sync=True)
    _leads = BytesArray()
    _products = Array((3, 3))

    MOST_LEADS = 20_000

    def __init__(
        self,
        W: NDArray,
        W1: NDArray,
        W2: NDArray,
        X: NDArray,
        y: NDArray,
        reg: float = 0.0,
        extent: float = 0.08,
    ):
        stack = [np.asarray(array, dtype=np.float64) for array in (W, W1, W2)]
        for name, array in zip(("W1", "W2"), stack[1:], strict=True):
            require_same_shape("SliceExplorer", name, array, "W", stack[0].shape)
        require_linear("SliceExplorer", W, X, y)
        if len(X) * (stack[0].shape[1] - 1) > self.MOST_LEADS:
            most = f"at most {self.MOST_LEADS // (stack[0].shape[1] - 1)}"
            advice = "pass fewer rows of X and y"
            refuse("SliceExplorer", f"{len(X)} images", most, advice)
        flat = np.stack([array.ravel() for array in stack])
        super().__init__(
            reg=reg,
            extent=extent,
            _n_images=len(X),
            _leads=_leads(stack, X, y),
            _products=flat @ flat.T,
        )
        self._creases = landscape.svm_creases(stack[0], stack[1:], X, y, extent)

    def loss_at(self, a: NDArray | float, b: NDArray | float) -> NDArray | float:
        """Loss at ``W + a W1 + b W2``.

        Parameters
        ----------
        a, b : float or float ndarray, of shapes that broadcast
            Steps.

        Returns
        -------
        float or float64 ndarray of the broadcast shape
        """
        steps = np.stack(np.broadcast_arrays(np.ones(()), a, b), axis=-1)
        margins = steps @ self._leads + 1
        data_loss = np.maximum(margins, 0).sum(axis=-1) / self._n_images
        return data_loss + self.reg * np.einsum("...i,ij,...j->...", steps, self._products, steps)

    def caption(self) -> str:
        loss = float(self.loss_at(self.a, self.b))
        return (
            f"The loss at W + a W1 + b W2, {loss:.3g} at a = {self.a:.3g}, b = {self.b:.3g} "
            "(circle), and its slice along the dashed line; orange lines are creases. A picture: "
            "in JupyterLab, run the cell to move the point."
        )

    def picture(self) -> Figure:
        figure = Figure(figsize=(9, 4.2), layout="constrained")
        figure.get_layout_engine().set(wspace=0.12)
        left, right = figure.subplots(1, 2)
        grid = np.linspace(-self.extent, self.extent, 61)
        heights = self.loss_at(grid[:, np.newaxis], grid)
        u, v = np.cos(self.angle), np.sin(self.angle)
        steps = np.linspace(-self.extent, self.extent, 241)
        landscape.draw_contour(left, (grid, grid), heights, label="hinge loss")
        left.add_collection(LineCollection(list(self._creases), colors=COLORS[1], linewidths=0.8))
        left.plot(self.a + steps * u, self.b + steps * v, "--", color="white")
        left.plot(self.a, self.b, "o", color="white", markeredgecolor="black", markersize=9)
        bounds = (-self.extent, self.extent)
        left.set(xlabel="step a along W1", ylabel="step b along W2", xlim=bounds, ylim=bounds)
        for ax in (left, right):
            ax.locator_params(nbins=5)
        left.set_title("from above", loc="left")
        along = self.loss_at(self.a + steps * u, self.b + steps * v)
        landscape.draw_curve(right, steps, along)
        right.set(xlabel="step t along the dashed line", ylabel="hinge loss")
        right.set_title("the slice", loc="left")
        return figure


def _leads(stack: list[NDArray], X: NDArray, y: NDArray) -> NDArray:
    """How far each class is ahead of the label, (3, N (C - 1)), the label itself left out."""
    n_classes = stack[0].shape[1]
    scores = (X.astype(np.float64) @ np.hstack(stack)).reshape(len(X), 3, n_classes)
    leads = scores - np.take_along_axis(scores, np.asarray(y)[:, np.newaxis, np.newaxis], axis=2)
    rivals = np.arange(n_classes) != np.asarray(y)[:, np.newaxis]
    return np.stack([leads[:, k][rivals] for k in range(3)])
