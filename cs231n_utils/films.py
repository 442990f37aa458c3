"""Films of figures; and races on surfaces, drawn as paths or filmed, on a map and on a relief.

A film is an animated PNG: it plays wherever a PNG is shown, and a viewer that cannot play it shows
the last frame. In a notebook with a live kernel it comes with controls.
"""

import io
from collections.abc import Callable, Iterator, Mapping
from importlib.util import find_spec
from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
from IPython import get_ipython
from IPython.display import display
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from numpy.typing import NDArray
from PIL import Image

from cs231n_utils import plots
from cs231n_utils.surfaces import Surface, draw_map, draw_relief
from cs231n_utils.validation import require_alt

__all__ = ["draw_race", "film_figure", "film_race", "show_film"]

_PIXEL_DENSITY = 1.25
"""Rendered pixels per displayed pixel of a film."""

_COLORS_OF_A_FILM = 160
LOOKS = (
    ("#E69F00", "o", 17),
    ("#D55E00", "s", 13),
    ("#CC79A7", "^", 13),
    ("#56B4E9", "D", 10),
    ("#FFFFFF", "v", 10),
    ("#F0E442", "P", 8),
)
"""Colors that show on viridis, markers, and their sizes.

Smaller markers are drawn over larger ones, so that all are seen where runners end together.
"""

_TRANSPARENT = _COLORS_OF_A_FILM + len(LOOKS) + 1
"""Index of the transparent color, the last in the palette of a film."""


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
        From `cs231n_utils.surfaces.race`.
    title : str
        The message of the figure.
    view : (float, float)
        As in `cs231n_utils.surfaces.draw_relief`.

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
    return _film(frames, frames[-1], seconds)


def film_figure(
    fig: Figure, draw: Callable[[int], None], n_frames: int, seconds: float = 6.0
) -> bytes:
    """Animate a figure whose artists a function changes, frame by frame.

    Parameters
    ----------
    fig : Figure
        It is closed in the end.
    draw : callable
        ``draw(k)`` makes the figure that of frame `k`, 0 first.
    n_frames : int
    seconds : float
        Length; the last frame then stays for two seconds.

    Returns
    -------
    bytes
        As from `film_race`.
    """
    fig.set_dpi(_PIXEL_DENSITY * fig.dpi)
    canvas = FigureCanvasAgg(fig)
    frames = []
    for k in range(n_frames):
        draw(k)
        canvas.draw()
        fig.set_layout_engine("none")  # laid out once: nothing shifts from frame to frame
        frames.append(Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB"))
    plt.close(fig)
    few = frames[:: max(1, n_frames // 4)] + frames[-1:]
    return _film(frames, Image.fromarray(np.vstack([np.asarray(frame) for frame in few])), seconds)


def show_film(film: bytes, alt: str) -> None:
    """Display a film with controls and alt text; outside IPython nothing is displayed.

    Where no widget runs, the animated PNG itself is shown.

    Raises
    ------
    ValueError
        If `alt` is blank.
    """
    require_alt("show_film", alt)
    if get_ipython() is None:
        return
    if find_spec("anywidget") is None:
        plots.display_png(film, alt, _PIXEL_DENSITY)
        return
    from cs231n_utils.widgets.film import FilmPlayer

    display(FilmPlayer(film, alt, _PIXEL_DENSITY))


def _film(frames: list[Image.Image], with_all_colors: Image.Image, seconds: float) -> bytes:
    # With one palette for all frames, pixels of what does not move are equal, and so left out.
    palette = _palette(with_all_colors)
    frames = [frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in frames]
    still, film = frames[-1], io.BytesIO()
    pause = [round(1000 * seconds / len(frames))] * (len(frames) - 1) + [2000]
    still.save(
        film, format="PNG", save_all=True, append_images=_changes(frames), default_image=True,
        duration=pause, loop=0, transparency=_TRANSPARENT, blend=1,
    )  # fmt: skip
    return film.getvalue()


class _Runner:
    """One path on both panels, shown up to a step; no path covers the marker of another."""

    def __init__(self, panels: tuple[Axes, Axes], surface: Surface, name: str, path: NDArray, look):
        color, marker, size = look
        self.path = path
        flat, deep = panels
        left, right, low, high = surface.window
        inside = (path[:, 0] > left) & (path[:, 0] < right)
        inside &= (path[:, 1] > low) & (path[:, 1] < high)
        heights = surface.elevation(surface.height(path[:, 0], path[:, 1]))
        self._place = np.column_stack([path, heights])
        self._place[~inside] = np.nan  # because three-dimensional axes do not clip
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
    fig = plt.figure(figsize=(10.5, 4.6), layout="constrained")
    flat = fig.add_subplot(1, 2, 1)
    deep = fig.add_subplot(1, 2, 2, projection="3d", computed_zorder=False)
    draw_map(flat, surface)
    draw_relief(deep, surface, view)
    looks = [LOOKS[i % len(LOOKS)] for i in range(len(paths))]
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


def _changes(frames: list[Image.Image]) -> list[Image.Image]:
    """The first frame, and of each other what differs from the one before; the rest transparent."""
    changes = [frames[0]]
    for before, frame in pairwise(frames):
        same = np.asarray(before) == np.asarray(frame)
        change = frame.copy()
        change.paste(_TRANSPARENT, mask=Image.fromarray(same))
        changes.append(change)
    return changes


def _palette(frame: Image.Image) -> Image.Image:
    """The main colors of a frame, those of the runners, which may cover few pixels, and two more.

    These are black, and a magenta that no pixel has, to stand for transparent.
    """
    main = frame.quantize(_COLORS_OF_A_FILM, dither=Image.Dither.NONE).getpalette()
    runners = [value for color, *_ in LOOKS for value in bytes.fromhex(color[1:])]
    palette = Image.new("P", (1, 1))
    palette.putpalette(main[: 3 * _COLORS_OF_A_FILM] + runners + [0, 0, 0] + [255, 0, 255])
    return palette
