"""Surfaces over a plane to try optimizers on: heights, gradients, minima, pictures, and races.

A race runs several update rules from one start; `cs231n_utils.films` draws and films it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from cs231n_utils.landscape import draw_contour

__all__ = [
    "BEALE",
    "CAMEL",
    "ROSENBROCK",
    "SADDLE",
    "SURFACES",
    "Surface",
    "draw_map",
    "draw_relief",
    "least_squares",
    "quadratic",
    "race",
    "run_rule",
]

Rule = Callable[..., tuple[NDArray, dict[str, Any]]]

_FAR_AWAY = 1e6


@dataclass(frozen=True)
class Surface:
    """A height over the plane, with its gradient.

    Attributes
    ----------
    name : str
    height : callable
        From x and y, numbers or arrays, to the height.
    slopes : callable
        From x and y to the two partial derivatives.
    minima : tuple of (float, float)
        Where the lowest points are.
    window : tuple of 4 float
        Lowest and highest x, lowest and highest y to draw.
    start : (float, float)
        Where races start.
    source : str
        Where the surface comes from.
    floor : float or None
        Draw ``log10(height above the lowest point + floor)``; None draws the height itself.
    """

    name: str
    height: Callable[[Any, Any], Any]
    slopes: Callable[[Any, Any], tuple[Any, Any]]
    minima: tuple[tuple[float, float], ...]
    window: tuple[float, float, float, float]
    start: tuple[float, float]
    source: str
    floor: float | None = None

    def __call__(self, w: NDArray) -> float:
        """Height at a point of shape (2,)."""
        return float(self.height(w[0], w[1]))

    def gradient(self, w: NDArray) -> NDArray:
        """Gradient at a point, both of shape (2,)."""
        return np.array(self.slopes(w[0], w[1]), dtype=np.float64)

    @property
    def lowest(self) -> float:
        """Height of the lowest point."""
        return self(np.array(self.minima[0]))

    def elevation(self, heights: NDArray) -> NDArray:
        """Heights as they are drawn in three dimensions: as they are, or their logarithm."""
        if self.floor is None:
            return heights
        return np.log10(np.maximum(heights - self.lowest, 0) + self.floor)

    def grid(self, n: int = 201) -> tuple[NDArray, NDArray, NDArray]:
        """x of shape (n,), y of shape (n,), and heights of shape (n, n), ``[i, j]`` at x_j, y_i."""
        x = np.linspace(*self.window[:2], n)
        y = np.linspace(*self.window[2:], n)
        return x, y, self.height(x[np.newaxis, :], y[:, np.newaxis])


# ------------------------------------------------------------------------------------ surfaces


def quadratic(condition: float = 100.0, angle: float = 0.0) -> Surface:
    """A valley: curvature 1 along it, `condition` across it, its bottom at the origin.

    Parameters
    ----------
    condition : float
        Ratio of the two curvatures, the condition number of the Hessian.
    angle : float
        By how much the valley is turned from the x axis, in degrees.

    Returns
    -------
    Surface
        ``(along**2 + condition * across**2) / 2``.

    Examples
    --------
    >>> quadratic(100).gradient(np.array([2.0, 0.5]))
    array([ 2., 50.])
    """
    cosine, sine = np.cos(np.radians(angle)), np.sin(np.radians(angle))

    def turned(x: Any, y: Any) -> tuple[Any, Any]:
        return cosine * x + sine * y, cosine * y - sine * x

    def height(x: Any, y: Any) -> Any:
        along, across = turned(x, y)
        return (along**2 + condition * across**2) / 2

    def slopes(x: Any, y: Any) -> tuple[Any, Any]:
        along, across = turned(x, y)
        across = condition * across
        return cosine * along - sine * across, sine * along + cosine * across

    start = (-4.0 * cosine - 0.8 * sine, 0.8 * cosine - 4.0 * sine)
    name = f"quadratic, condition number {condition:g}"
    reach = 1.6 if angle == 0 else 4.5
    return Surface(
        name + (f", turned by {angle:g} degrees" if angle else ""),
        height,
        slopes,
        minima=((0.0, 0.0),),
        window=(-4.8, 2.4, -reach, reach),
        start=start,
        source="d'Aspremont, Scieur and Taylor, Acceleration Methods, 2021, chapter 2",
        floor=1.0,
    )


def least_squares(inputs: NDArray, targets: NDArray) -> Surface:
    """The mean of ``(inputs @ w - targets)**2 / 2`` over two weights.

    Parameters
    ----------
    inputs : ndarray of shape (N, 2)
        Of rank 2.
    targets : ndarray of shape (N,)

    Returns
    -------
    Surface
        Six units wide, with the lowest point in the middle.
    """
    (a, c), (_, d) = inputs.T @ inputs / len(inputs)
    p, q = inputs.T @ targets / len(inputs)
    rest = np.mean(targets**2) / 2
    x0, y0 = map(float, np.linalg.solve([[a, c], [c, d]], [p, q]))
    return Surface(
        "least squares",
        lambda x, y: (a * x**2 + 2 * c * x * y + d * y**2) / 2 - p * x - q * y + rest,
        lambda x, y: (a * x + c * y - p, c * x + d * y - q),
        minima=((x0, y0),),
        window=(x0 - 3, x0 + 3, y0 - 3, y0 + 3),
        start=(x0 - 2.2, y0 - 1.8),
        source="Nocedal and Wright, Numerical Optimization, 2006, chapter 10",
        floor=0.3,
    )


SADDLE = Surface(
    "saddle",
    lambda x, y: x**2 / 2 - y**2 / 2 + y**4 / 4,
    lambda x, y: (x, y**3 - y),
    minima=((0.0, 1.0), (0.0, -1.0)),
    window=(-1.6, 1.6, -1.5, 1.5),
    start=(-1.3, 0.002),
    source="Nesterov, Introductory Lectures on Convex Optimization, 2004, example 1.2.2",
)

ROSENBROCK = Surface(
    "Rosenbrock",
    lambda x, y: (1 - x) ** 2 + 100 * (y - x**2) ** 2,
    lambda x, y: (-2 * (1 - x) - 400 * x * (y - x**2), 200 * (y - x**2)),
    minima=((1.0, 1.0),),
    window=(-1.8, 1.8, -0.8, 2.6),
    start=(-1.2, 1.0),
    source="Rosenbrock, The Computer Journal 3, 1960; start as in the paper",
    floor=1.0,
)


def _beale_terms(x: Any, y: Any) -> tuple[Any, Any, Any]:
    return 1.5 - x + x * y, 2.25 - x + x * y**2, 2.625 - x + x * y**3


def _beale_slopes(x: Any, y: Any) -> tuple[Any, Any]:
    a, b, c = _beale_terms(x, y)
    dx = 2 * a * (y - 1) + 2 * b * (y**2 - 1) + 2 * c * (y**3 - 1)
    dy = 2 * x * (a + 2 * b * y + 3 * c * y**2)
    return dx, dy


BEALE = Surface(
    "Beale",
    lambda x, y: sum(term**2 for term in _beale_terms(x, y)),
    _beale_slopes,
    minima=((3.0, 0.5),),
    window=(-0.5, 4.0, -1.8, 1.8),
    start=(0.9, 1.4),
    source="Beale, On an iterative method for finding a local minimum, 1958",
    floor=0.3,
)

CAMEL = Surface(
    "six-hump camel",
    lambda x, y: (4 - 2.1 * x**2 + x**4 / 3) * x**2 + x * y + (4 * y**2 - 4) * y**2,
    lambda x, y: (8 * x - 8.4 * x**3 + 2 * x**5 + y, x + 16 * y**3 - 8 * y),
    minima=((0.08984201, -0.71265640), (-0.08984201, 0.71265640)),
    window=(-2.1, 2.1, -1.15, 1.15),
    start=(1.95, 0.9),
    source="Dixon and Szego, Towards Global Optimisation 2, 1978",
    floor=0.3,
)

SURFACES = {
    "quadratic": quadratic(),
    "saddle": SADDLE,
    "rosenbrock": ROSENBROCK,
    "beale": BEALE,
    "camel": CAMEL,
}
"""The five surfaces by name; the last has two lowest points and four other minima."""


# ---------------------------------------------------------------------------------------- races


def run_rule(
    rule: Rule,
    gradient: Callable[[NDArray], NDArray],
    start: NDArray,
    n_steps: int,
    settings: Mapping[str, Any] | None = None,
) -> NDArray:
    """Follow an update rule.

    Parameters
    ----------
    rule : callable
        ``rule(w, dw, config) -> (next_w, config)``.
    gradient : callable
        From weights to the gradient there.
    start : ndarray of shape (D,)
    n_steps : int
    settings : mapping, optional
        First config of the rule; it is copied.

    Returns
    -------
    float64 ndarray of shape (n_steps + 1, D)
        The weights before each step and at the end; NaN from where the run has left for infinity.
    """
    w = np.array(start, dtype=np.float64)
    config = dict(settings or {})
    path = np.full((n_steps + 1, w.size), np.nan)
    path[0] = w
    for i in range(n_steps):
        w, config = rule(w.copy(), gradient(w), config)
        if not np.all(np.abs(w) < _FAR_AWAY):
            break
        path[i + 1] = w
    return path


def race(
    surface: Surface,
    runners: Mapping[str, tuple[Rule, Mapping[str, Any]]],
    n_steps: int,
    start: tuple[float, float] | None = None,
) -> dict[str, NDArray]:
    """Run several rules from one start.

    Parameters
    ----------
    surface : Surface
    runners : mapping of str to (rule, settings)
    n_steps : int
    start : (float, float), optional
        By default the start of the surface.

    Returns
    -------
    dict of str to ndarray of shape (n_steps + 1, 2)
        The path of each runner, as `run_rule` returns it.
    """
    first = np.array(surface.start if start is None else start, dtype=np.float64)
    return {
        name: run_rule(rule, surface.gradient, first, n_steps, settings)
        for name, (rule, settings) in runners.items()
    }


# -------------------------------------------------------------------------------------- pictures


def draw_map(ax: Axes, surface: Surface, bar: bool = True) -> None:
    """Draw a surface from above, dark for low, with stars at its lowest points.

    Parameters
    ----------
    ax : Axes
    surface : Surface
    bar : bool
        Add a color bar.
    """
    x, y, heights = surface.grid()
    label = "height"
    if surface.floor is not None:
        heights = heights - surface.lowest + surface.floor
        label = f"height above the lowest point + {surface.floor:g}"
    log = surface.floor is not None
    draw_contour(ax, (x, y), heights.T, log=log, levels=22, label=label, bar=bar)
    lowest = np.array(surface.minima).T
    ax.plot(*lowest, "*", color="white", markeredgecolor="black", markersize=14, linestyle="none")
    ax.set(xlim=surface.window[:2], ylim=surface.window[2:], xlabel="weight x", ylabel="weight y")


def draw_relief(ax: Axes, surface: Surface, view: tuple[float, float] = (42, -60)) -> None:
    """Draw a surface in three dimensions, dark for low.

    Parameters
    ----------
    ax : Axes
        With ``projection="3d"`` and ``computed_zorder=False``, so that paths stay in sight.
    surface : Surface
    view : (float, float)
        Elevation and azimuth of the eye, in degrees.
    """
    x, y, heights = surface.grid(81)
    ax.plot_surface(
        *np.meshgrid(x, y), surface.elevation(heights), cmap="viridis", rcount=80, ccount=80,
        linewidth=0, antialiased=False, zorder=1,
    )  # fmt: skip
    lowest = np.array(surface.minima).T
    ax.plot(
        *lowest,
        surface.elevation(surface.height(*lowest)),
        "*",
        color="white",
        markeredgecolor="black",
        markersize=12,
        zorder=2,
    )
    ax.set(xlabel="weight x", ylabel="weight y")
    ax.set_zlabel("height" if surface.floor is None else f"log10(height + {surface.floor:g})")
    ax.locator_params(nbins=5)
    ax.tick_params(labelsize=8)
    ax.view_init(*view)
    ax.set_box_aspect(None, zoom=0.88)  # leaves room for the label of the height
