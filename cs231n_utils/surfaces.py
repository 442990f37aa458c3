"""Surfaces over a plane to try optimizers on: heights, gradients, minima, races and their films.

A race runs several update rules from one start. It is drawn as paths on a contour plot and on the
surface itself, or as an animation (an APNG: it plays wherever a PNG is shown, and a viewer that
cannot play it shows the last frame).
"""

import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from IPython import get_ipython
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import LogNorm, Normalize
from matplotlib.figure import Figure
from numpy.typing import NDArray
from PIL import Image

from cs231n_utils import plots

__all__ = [
    "BEALE",
    "CAMEL",
    "ROSENBROCK",
    "SADDLE",
    "SURFACES",
    "Surface",
    "draw_contour",
    "draw_race",
    "draw_surface",
    "film_race",
    "quadratic",
    "race",
    "run_rule",
    "show_film",
]

Rule = Callable[..., tuple[NDArray, dict[str, Any]]]

_FAR_AWAY = 1e6
_PIXEL_DENSITY = 1.25  # rendered pixels per displayed pixel of a film
_COLORS_OF_A_FILM = 160
_LOOKS = (
    ("#E69F00", "o", 17),
    ("#D55E00", "s", 13),
    ("#CC79A7", "^", 13),
    ("#56B4E9", "D", 10),
    ("#FFFFFF", "v", 10),
    ("#F0E442", "P", 8),
)
"""Colors that show on viridis, markers and their sizes; smaller ones are drawn over larger ones,
so that all can be seen where runners end together."""

_TRANSPARENT = _COLORS_OF_A_FILM + len(_LOOKS) + 1  # last in the palette of a film


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


def draw_contour(ax: Axes, surface: Surface, bar: bool = True) -> None:
    """Draw a surface from above, dark for low, with stars at its lowest points.

    Parameters
    ----------
    ax : Axes
    surface : Surface
    bar : bool
        Add a color bar.
    """
    x, y, heights = surface.grid()
    drawn, norm = _drawn_heights(surface, heights)
    if isinstance(norm, LogNorm):
        levels = np.geomspace(norm.vmin, norm.vmax, 22)
    else:
        levels = np.linspace(norm.vmin, norm.vmax, 22)
    filled = ax.contourf(x, y, drawn, levels=levels, norm=norm, cmap="viridis")
    ax.contour(x, y, drawn, levels=levels, colors="white", linewidths=0.3, alpha=0.6)
    lowest = np.array(surface.minima).T
    ax.plot(*lowest, "*", color="white", markeredgecolor="black", markersize=14, linestyle="none")
    ax.set(xlim=surface.window[:2], ylim=surface.window[2:], xlabel="weight x", ylabel="weight y")
    ax.grid(False)
    if bar:
        scale = ax.figure.colorbar(filled, ax=ax, label=_height_label(surface))
        ticks = levels[:: len(levels) // 4]
        scale.set_ticks(ticks, labels=[f"{float(f'{tick:.2g}'):,g}" for tick in ticks])
        scale.minorticks_off()


def draw_surface(ax: Axes, surface: Surface, view: tuple[float, float] = (42, -60)) -> None:
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
        *np.meshgrid(x, y), _elevation(surface, heights), cmap="viridis", rcount=80, ccount=80,
        linewidth=0, antialiased=False, zorder=1,
    )  # fmt: skip
    lowest = np.array(surface.minima).T
    ax.plot(
        *lowest,
        _elevation(surface, surface.height(*lowest)),
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


def draw_race(
    surface: Surface,
    paths: Mapping[str, NDArray],
    title: str,
    view: tuple[float, float] = (42, -60),
) -> Figure:
    """Draw the paths of a race on the contours and on the surface.

    Parameters
    ----------
    surface : Surface
    paths : mapping of str to ndarray of shape (T, 2)
        From `race`.
    title : str
        The message of the figure.
    view : (float, float)
        As in `draw_surface`.

    Returns
    -------
    Figure
    """
    fig, runners = _stage(surface, paths, title, view)
    for runner in runners:
        runner.show(len(runner.path) - 1)
    return fig


def film_race(
    surface: Surface,
    paths: Mapping[str, NDArray],
    title: str,
    n_frames: int = 48,
    view: tuple[float, float] = (42, -60),
    seconds: float = 6.0,
) -> bytes:
    """Animate a race: all runners move together on the contours and on the surface.

    Parameters
    ----------
    surface, paths, title, view
        As in `draw_race`.
    n_frames : int
        Frames of the film, evenly spaced in steps.
    seconds : float
        Length; the last frame then stays for two seconds.

    Returns
    -------
    bytes
        An animated PNG that loops forever. Its still image is the last frame.
    """
    fig, runners = _stage(surface, paths, title, view)
    frames = list(_frames(fig, runners, n_frames))
    plt.close(fig)
    # One palette for all frames: what does not move is then equal to the last bit.
    palette = _palette(frames[-1])
    frames = [frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in frames]
    still, film = frames[-1], io.BytesIO()
    pause = [round(1000 * seconds / len(frames))] * (len(frames) - 1) + [2000]
    still.save(
        film, format="PNG", save_all=True, append_images=_changes(frames), default_image=True,
        duration=pause, loop=0, transparency=_TRANSPARENT, blend=1,
    )  # fmt: skip
    return film.getvalue()


def _changes(frames: list[Image.Image]) -> list[Image.Image]:
    """The first frame, and of each other what differs from the one before; the rest transparent."""
    changes = [frames[0]]
    for before, frame in pairwise(frames):
        same = np.asarray(before) == np.asarray(frame)
        change = frame.copy()
        change.paste(_TRANSPARENT, mask=Image.fromarray(same))
        changes.append(change)
    return changes


def show_film(film: bytes, alt: str) -> None:
    """Display an animated PNG with alt text; outside IPython nothing is displayed.

    Raises
    ------
    ValueError
        If `alt` is blank.
    """
    if not alt.strip():
        raise ValueError("A film got a blank alt text; say in one or two sentences what moves.")
    if get_ipython() is not None:
        plots.display_png(film, alt, _PIXEL_DENSITY)


def _palette(frame: Image.Image) -> Image.Image:
    """The main colors of a frame, those of the runners, which may cover few pixels, and two more.

    These are black, and a magenta that no pixel has, to stand for transparent.
    """
    main = frame.quantize(_COLORS_OF_A_FILM, dither=Image.Dither.NONE).getpalette()
    runners = [value for color, *_ in _LOOKS for value in bytes.fromhex(color[1:])]
    palette = Image.new("P", (1, 1))
    palette.putpalette(main[: 3 * _COLORS_OF_A_FILM] + runners + [0, 0, 0] + [255, 0, 255])
    return palette


def _drawn_heights(surface: Surface, heights: NDArray) -> tuple[NDArray, Normalize]:
    if surface.floor is None:
        return heights, Normalize(heights.min(), heights.max())
    above = heights - surface.lowest + surface.floor
    return above, LogNorm(surface.floor, above.max())


def _height_label(surface: Surface) -> str:
    if surface.floor is None:
        return "height"
    return f"height above the lowest point + {surface.floor:g}"


def _elevation(surface: Surface, heights: NDArray) -> NDArray:
    if surface.floor is None:
        return heights
    return np.log10(np.maximum(heights - surface.lowest, 0) + surface.floor)


class _Runner:
    """One path on both panels, shown up to a step; no path covers the marker of another."""

    def __init__(self, panels: tuple[Axes, Axes], surface: Surface, name: str, path: NDArray, look):
        color, marker, size = look
        self.path = path
        flat, deep = panels
        left, right, low, high = surface.window
        inside = (path[:, 0] > left) & (path[:, 0] < right)
        inside &= (path[:, 1] > low) & (path[:, 1] < high)
        heights = _elevation(surface, surface.height(path[:, 0], path[:, 1]))
        self._place = np.column_stack([path, heights])
        self._place[~inside] = np.nan  # three-dimensional axes do not clip
        head = {"marker": marker, "markeredgecolor": "black", "markersize": size, "color": color}
        head |= {"linestyle": "none", "zorder": 4}
        edge = {"color": "black", "linewidth": 3.2, "zorder": 3}
        line = {"color": color, "linewidth": 2.0, "zorder": 3}
        self.artists = [
            flat.plot([], [], **edge)[0],
            flat.plot([], [], **line)[0],
            flat.plot([], [], label=name, **head)[0],
            deep.plot([], [], [], **edge)[0],
            deep.plot([], [], [], **line)[0],
            deep.plot([], [], [], **head)[0],
        ]

    def show(self, step: int) -> None:
        """Set the lines to the path up to a step, the markers to its last point."""
        known = np.flatnonzero(np.isfinite(self.path[: step + 1, 0]))[-1]
        trail, here = self.path[: known + 1].T, self.path[known : known + 1].T
        for artist, points in zip(self.artists[:3], (trail, trail, here), strict=True):
            artist.set_data(*points)
        trail, here = self._place[: known + 1].T, self._place[known : known + 1].T
        for artist, points in zip(self.artists[3:], (trail, trail, here), strict=True):
            artist.set_data_3d(*points)


def _stage(
    surface: Surface, paths: Mapping[str, NDArray], title: str, view: tuple[float, float]
) -> tuple[Figure, list[_Runner]]:
    fig = plt.figure(figsize=(10.5, 4.6), layout="constrained")  # for the legend below
    flat = fig.add_subplot(1, 2, 1)
    deep = fig.add_subplot(1, 2, 2, projection="3d", computed_zorder=False)
    draw_contour(flat, surface)
    draw_surface(deep, surface, view)
    looks = [_LOOKS[i % len(_LOOKS)] for i in range(len(paths))]
    runners = [
        _Runner((flat, deep), surface, name, path, look)
        for (name, path), look in zip(paths.items(), looks, strict=True)
    ]
    flat.plot(*_start(paths), "o", color="black", markersize=5)
    fig.legend(
        handles=[runner.artists[2] for runner in runners],
        loc="outside lower center",
        ncols=len(runners),
        markerscale=1.0,
    )
    plots.headline(fig, title)
    return fig, runners


def _start(paths: Mapping[str, NDArray]) -> NDArray:
    return next(iter(paths.values()))[0]


def _frames(fig: Figure, runners: list[_Runner], n_frames: int) -> Iterator[Image.Image]:
    """Draw what stands still once, and only the runners for each frame."""
    fig.set_dpi(_PIXEL_DENSITY * fig.dpi)
    canvas = FigureCanvasAgg(fig)
    counter = fig.text(0.99, 0.98, "", ha="right", va="top", fontweight="bold")
    moving = [artist for runner in runners for artist in runner.artists] + [counter]
    moving.sort(key=Artist.get_zorder)
    for artist in moving:
        artist.set_animated(True)
    canvas.draw()
    background = canvas.copy_from_bbox(fig.bbox)
    last = max(len(runner.path) for runner in runners) - 1
    for step in np.unique(np.linspace(0, last, n_frames).round().astype(int)):
        canvas.restore_region(background)
        counter.set_text(f"step {step}")
        for runner in runners:
            runner.show(min(step, len(runner.path) - 1))
        for artist in moving:
            fig.draw_artist(artist) if artist is counter else artist.axes.draw_artist(artist)
        yield Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
