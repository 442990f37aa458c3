"""The multiclass SVM optimization demo of the lecture, live in a notebook."""

from typing import Any

import numpy as np
import traitlets
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from numpy.typing import NDArray

from cs231n_utils.plots import COLORS
from cs231n_utils.widgets import references
from cs231n_utils.widgets.bundle import widget_module
from cs231n_utils.widgets.live import Array, BytesArray, WidgetWithPicture
from cs231n_utils.widgets.start import START

__all__ = ["SVMDemo"]

N_CLASSES = 3
PARAMETERS = tuple(f"W[{d},{c}]" for d in range(2) for c in range(N_CLASSES)) + tuple(
    f"b[{c}]" for c in range(N_CLASSES)
)
_MARKERS = "os^"
_TINTS = ("#CFE3F2", "#FBE6BD", "#C9EBDF")
_EXTENT = 2.0


class SVMDemo(WidgetWithPicture):
    """Points in the plane, three classes, and a linear classifier that learns to tell them apart.

    The score of class ``c`` at ``(x, y)`` is ``x W[0, c] + y W[1, c] + b[c]``. The total loss is
    the mean loss of the points plus ``reg * R(W)``; the biases are not regularized. All of the
    state can be read and assigned from Python while the widget is on the page.

    Parameters
    ----------
    **state
        Any of the attributes below.

    Attributes
    ----------
    points : float64 ndarray of shape (N, 2)
        Rows of (x, y); the widget shows -2..2. To change their number, use `set_points`.
    labels : int64 ndarray of shape (N,)
        Classes, 0..2.
    W : float64 ndarray of shape (2, 3)
    b : float64 ndarray of shape (3,)
    loss : {"weston-watkins", "one-vs-all", "structured", "softmax"}
        See `cs231n_utils.widgets.references` for formulas and sources.
    regularizer : {"l2", "l1"}
    reg : float
        Strength, 0 or more; lambda in the widget.
    step_size : float
        What the gradient is multiplied by in each step.
    surface : tuple of two str
        The parameters over which the loss surface is drawn, such as ``("W[0,0]", "b[2]")``.
    running : bool
        Whether the page makes a step in every frame.

    Examples
    --------
    >>> demo = SVMDemo(loss="softmax")
    >>> demo.reg = 0.0
    >>> demo.step(100)
    >>> len(demo.history)
    101
    """

    _esm = widget_module("svm_demo")

    points = Array((None, 2))
    labels = Array((None,), np.int64)
    W = Array((2, N_CLASSES))
    b = Array((N_CLASSES,))
    loss = traitlets.Enum(list(references.LOSSES)).tag(sync=True)
    regularizer = traitlets.Enum(list(references.REGULARIZERS)).tag(sync=True)
    reg = traitlets.Float().tag(sync=True)
    step_size = traitlets.Float().tag(sync=True)
    surface = traitlets.Tuple(traitlets.Enum(PARAMETERS), traitlets.Enum(PARAMETERS)).tag(sync=True)
    running = traitlets.Bool().tag(sync=True)
    _path = BytesArray(len(PARAMETERS))
    _runner = traitlets.Unicode().tag(sync=True)

    def __init__(self, **state: Any):
        super().__init__(**{**START, **state})
        if not len(self._path):
            self._remember()

    def set_points(self, points: NDArray, labels: NDArray) -> None:
        """Replace all points, also by another number of them.

        Parameters
        ----------
        points : float ndarray of shape (N, 2)
        labels : int ndarray of shape (N,)
            Classes, 0..2.

        Raises
        ------
        traitlets.TraitError
            If a shape, the number of labels or a label is wrong; nothing is changed then.
        """
        with self.hold_sync(), self.hold_trait_notifications():
            self.points = points
            self.labels = labels

    def step(self, n_steps: int = 1) -> None:
        """Take steps of gradient descent in Python; the page follows.

        Parameters
        ----------
        n_steps : int
            0 or more.
        """
        W, b = self.W, self.b
        rows = []
        for _ in range(n_steps):
            _, dW, db = self._loss_and_gradient(W, b)
            W, b = W - self.step_size * dW, b - self.step_size * db
            rows.append(np.append(W, b))
        self._move(W, b, np.vstack([self._path, *rows]))

    def randomize(self, rng: np.random.Generator) -> None:
        """Draw all of ``W`` and ``b`` from the standard normal, and begin a new history.

        Parameters
        ----------
        rng : Generator
        """
        W, b = rng.standard_normal((2, N_CLASSES)), rng.standard_normal(N_CLASSES)
        self._move(W, b, np.append(W, b)[np.newaxis])

    def loss_at(self, W: NDArray, b: NDArray) -> float:
        """Total loss at other weights, with the demo's points and settings.

        Parameters
        ----------
        W : float ndarray of shape (2, 3)
        b : float ndarray of shape (3,)

        Returns
        -------
        float
        """
        return self._loss_and_gradient(W, b)[0]

    @property
    def history(self) -> list[tuple[NDArray, NDArray]]:
        """The path so far: (W, b) at the start and after every move, the last 10,000 at most.

        ``[np.append(W, b) for W, b in demo.history]`` is a path that `cs231n_utils.landscape`
        can draw.
        """
        return [(row[:6].reshape(2, N_CLASSES).copy(), row[6:].copy()) for row in self._path]

    @property
    def scores(self) -> NDArray:
        """Scores of the points, float64 of shape (N, 3)."""
        return self._point_losses()[0]

    @property
    def losses(self) -> NDArray:
        """Loss of each point, float64 of shape (N,)."""
        return self._point_losses()[1]

    @property
    def data_loss(self) -> float:
        """Mean of `losses`."""
        return float(self.losses.mean())

    @property
    def regularization_loss(self) -> float:
        """``reg * R(W)``."""
        return references.regularization(self.regularizer, self.reg, self.W)

    @property
    def total_loss(self) -> float:
        """`data_loss` plus `regularization_loss`."""
        return self._loss_and_gradient(self.W, self.b)[0]

    @property
    def dW(self) -> NDArray:
        """Gradient of the total loss with respect to ``W``, float64 of shape (2, 3)."""
        return self._loss_and_gradient(self.W, self.b)[1]

    @property
    def db(self) -> NDArray:
        """Gradient of the total loss with respect to ``b``, float64 of shape (3,)."""
        return self._loss_and_gradient(self.W, self.b)[2]

    def caption(self) -> str:
        name = self.loss.replace("weston-watkins", "Weston-Watkins")
        return (
            f"Multiclass SVM demo, {name} loss {self.total_loss:.3f} = data "
            f"{self.data_loss:.3f} + regularization {self.regularization_loss:.3f}. "
            "A picture: in JupyterLab, run the cell to drag the points."
        )

    def picture(self) -> Figure:
        figure = Figure(figsize=(6, 5.6), layout="constrained")
        ax = figure.subplots()
        side = np.linspace(-_EXTENT, _EXTENT, 601)
        plane = np.stack(np.meshgrid(side, side), axis=-1)
        scores = plane @ self.W + self.b
        bounds = (-_EXTENT, _EXTENT, -_EXTENT, _EXTENT)
        ax.imshow(
            scores.argmax(axis=-1),
            cmap=ListedColormap(_TINTS),
            vmin=0,
            vmax=N_CLASSES - 1,
            extent=bounds,
            origin="lower",
            interpolation="nearest",
        )
        for c in range(N_CLASSES):
            if np.ptp(np.sign(scores[..., c])) > 0:
                ax.contour(side, side, scores[..., c], levels=[0], colors=COLORS[c])
            ax.plot(
                *self.points[self.labels == c].T,
                _MARKERS[c],
                color=COLORS[c],
                markeredgecolor="black",
                label=f"class {c}",
            )
        ax.set(xlim=bounds[:2], ylim=bounds[2:], xlabel="x", ylabel="y")
        ax.set_title("Decision regions and lines of score 0", loc="left", fontweight="bold")
        ax.legend(loc="upper right", frameon=True, framealpha=1)
        return figure

    def _point_losses(self) -> tuple[NDArray, NDArray]:
        return references.point_losses(self.loss, self.points, self.labels, self.W, self.b)

    def _loss_and_gradient(self, W: NDArray, b: NDArray) -> tuple[float, NDArray, NDArray]:
        return references.loss_and_gradient(
            self.loss, self.regularizer, self.reg, self.points, self.labels, W, b
        )

    def _move(self, W: NDArray, b: NDArray, path: NDArray) -> None:
        with self.hold_sync(), self.hold_trait_notifications():
            self.W, self.b, self._path = W, b, path

    # The browser sends the path along with new parameters; Python's assignments must add to it.
    @traitlets.observe("W", "b")
    def _on_parameters(self, _change: Any) -> None:
        if len(self._path) and not np.array_equal(self._path[-1], np.append(self.W, self.b)):
            self._remember()

    def _remember(self) -> None:
        self._path = np.vstack([self._path, np.append(self.W, self.b)])

    @traitlets.validate("points", "labels")
    def _match_points_and_labels(self, proposal: Any) -> NDArray:
        n_points, n_labels = len(self.points), len(self.labels)
        if proposal["trait"].name == "points":
            n_points = len(proposal["value"])
        else:
            n_labels = len(proposal["value"])
            if proposal["value"].min() < 0 or proposal["value"].max() >= N_CLASSES:
                raise traitlets.TraitError(
                    f"labels got {np.unique(proposal['value'])}; expected classes 0, 1 and 2."
                )
        if n_points != n_labels:
            raise traitlets.TraitError(
                f"got {n_points} points and {n_labels} labels, expected as many: "
                "change both at once with set_points(points, labels)."
            )
        return proposal["value"]

    @traitlets.validate("reg", "step_size")
    def _refuse_negative(self, proposal: Any) -> float:
        if not 0 <= proposal["value"] < np.inf:
            raise traitlets.TraitError(
                f"{proposal['trait'].name} got {proposal['value']}; expected a number of 0 or more."
            )
        return proposal["value"]

    @traitlets.validate("surface")
    def _refuse_equal(self, proposal: Any) -> tuple[str, str]:
        if len(set(proposal["value"])) < 2:
            raise traitlets.TraitError(
                f"surface got {proposal['value']}; expected two different parameters."
            )
        return proposal["value"]
