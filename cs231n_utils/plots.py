"""One look for every figure of the course, and the few pictures that several notebooks draw.

Each figure goes through `show`, which adds the alt text and, when the images are not CIFAR-10,
says so on the figure itself.
"""

import base64
import io
import math
from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from cycler import cycler
from IPython import get_ipython
from IPython.display import display
from matplotlib.figure import Figure

from cs231n_utils.data import current_source
from cs231n_utils.validation import refuse, require_alt, require_one_each, require_pictures

# Okabe & Ito (2008), "Color Universal Design": told apart with every common color vision.
# The order makes neighbors differ in lightness too, so that grayscale prints can be read.
COLORS = (
    "#0072B2",  # blue
    "#E69F00",  # orange
    "#009E73",  # bluish green
    "#000000",  # black
    "#D55E00",  # vermillion
    "#56B4E9",  # sky blue
    "#F0E442",  # yellow
    "#CC79A7",  # reddish purple
)

STAND_IN_MARK = "stand-in data, not CIFAR-10"

PIXEL_DENSITY = 1.6
"""Rendered pixels per displayed pixel, for sharp text on fine screens."""

_PAGE_INCHES, _LARGEST_CELL_INCHES, _TITLE_LINE_INCHES = 9.0, 1.6, 0.17
_GAP = 0.06
"""Space between two pictures, as a fraction of the side of one."""


def use_style() -> None:
    """Set the course's matplotlib style for all later figures; calling it again is harmless."""
    plt.rcParams.update(
        {
            "figure.figsize": (7.5, 4.2),
            "figure.dpi": 100,
            "figure.facecolor": "white",
            "figure.constrained_layout.use": True,
            "font.size": 11,
            "axes.prop_cycle": cycler(color=COLORS),
            "axes.titlelocation": "left",
            "axes.titlesize": 12,
            "axes.titleweight": "bold",
            "axes.titlepad": 10,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.grid": True,
            "axes.axisbelow": True,
            "grid.color": "#DDDDDD",
            "grid.linewidth": 0.8,
            "image.cmap": "viridis",
            "image.interpolation": "nearest",
            "legend.frameon": False,
            "lines.linewidth": 2.0,
        }
    )


def show(fig: Figure, alt: str, *, stand_in: bool | None = None) -> None:
    """Display a figure once, with alt text, and close it.

    When the loaded images are the drawn stand-in, a mark below the figure says so. Outside
    IPython nothing is displayed; the figure is only marked and closed, and can still be saved.

    Parameters
    ----------
    fig : Figure
        The figure to show.
    alt : str
        What the figure says, for readers who cannot see it.
    stand_in : bool, optional
        Whether to mark the figure; by default, if the data loaded last are the stand-in.

    Raises
    ------
    ValueError
        If `alt` is blank.
    """
    require_alt("show", alt)
    if stand_in is None:
        stand_in = current_source() == "stand-in"
    if stand_in:
        _mark_as_stand_in(fig)
    if get_ipython() is not None:
        _display(fig, alt)
    plt.close(fig)


def display_png(png: bytes, alt: str, density: float) -> None:
    """Display a PNG, which may be animated, with alt text.

    Parameters
    ----------
    png : bytes
    alt : str
    density : float
        Pixels of the picture for each displayed pixel.
    """
    data, metadata = png_bundle(png, alt, density)
    display(data, metadata=metadata, raw=True)


def png_bundle(png: bytes, alt: str, density: float) -> tuple[dict[str, str], dict[str, dict]]:
    """What `display_png` displays: data and metadata by MIME type."""
    # A PNG's first chunk holds its width and height at these bytes (IHDR in the PNG specification).
    width, height = (round(int.from_bytes(png[at : at + 4]) / density) for at in (16, 20))
    data = {"image/png": base64.b64encode(png).decode("ascii"), "text/plain": alt}
    return data, {"image/png": {"alt": alt, "width": width, "height": height}}


def headline(figure: Figure, text: str) -> None:
    """Put a title over all panels of a figure, set like the title of a single one."""
    figure.suptitle(text, x=0.01, ha="left", fontsize=12, fontweight="bold")


def image_grid(
    images: np.ndarray, titles: Sequence[str] | None = None, columns: int = 10, title: str = ""
) -> Figure:
    """Images side by side, row after row.

    Parameters
    ----------
    images : ndarray of shape (N, H, W, 3) or (N, H, W)
        Pixels in 0..255, of any number type; values outside are clipped.
    titles : sequence of N str, optional
        A short line over each image; may hold line breaks.
    columns : int
        Images in a full row.
    title : str
        The message of the figure.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If `images` has another shape, or `titles` another length.
    """
    images = np.asarray(images)
    require_pictures("image_grid", images)
    if titles is not None:
        require_one_each("image_grid", "title", len(titles), len(images))
    columns = min(columns, len(images))
    mosaic = _Mosaic(
        rows=math.ceil(len(images) / columns),
        columns=columns,
        cell=min(_LARGEST_CELL_INCHES, _PAGE_INCHES / columns),
        title=title,
        texts=titles if titles is not None else (),
    )
    for i, image in enumerate(images):
        mosaic.place(image, *divmod(i, columns), text=titles[i] if titles is not None else "")
    return mosaic.fig


def class_grid(
    images: np.ndarray,
    labels: np.ndarray,
    class_names: Sequence[str],
    per_class: int,
    rng: np.random.Generator,
    title: str = "Each row is one class",
) -> Figure:
    """Random images of every class, one class in each row.

    Parameters
    ----------
    images : ndarray of shape (N, H, W, 3)
        Pixels in 0..255.
    labels : int ndarray of shape (N,)
        Labels in ``0..C-1``.
    class_names : sequence of C str
        Written beside the rows.
    per_class : int
        Images in a row; fewer where a class has fewer.
    rng : Generator
        Draws the images, without replacement.
    title : str
        The message of the figure.

    Returns
    -------
    Figure
    """
    images, labels = np.asarray(images), np.asarray(labels)
    require_pictures("class_grid", images)
    require_one_each("class_grid", "label", len(labels), len(images))
    mosaic = _Mosaic(
        rows=len(class_names),
        columns=per_class,
        cell=min(0.7, _PAGE_INCHES / (per_class + 1)),
        title=title,
    )
    for row in range(len(class_names)):
        members = np.flatnonzero(labels == row)
        chosen = rng.choice(members, size=min(per_class, len(members)), replace=False)
        for column, i in enumerate(chosen):
            mosaic.place(images[i], row, column)
    mosaic.name_rows(class_names)
    return mosaic.fig


def templates(W: np.ndarray, class_names: Sequence[str], title: str = "") -> Figure:
    """The weights of each class drawn as a 32 x 32 picture, its template.

    Middle gray is a weight of zero. Each template is scaled by its own largest weight (see
    `weights_to_pixels`), so shapes can be compared between classes, but sizes cannot.

    Parameters
    ----------
    W : ndarray of shape (3073, C) or (3072, C)
        Weights of a linear classifier; a last row of biases is left out of the picture.
    class_names : sequence of C str
        Written over the templates.
    title : str
        The message of the figure.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If `W` has another shape.
    """
    W = np.asarray(W)
    if W.ndim != 2 or W.shape[0] not in (3072, 3073) or W.shape[1] != len(class_names):
        expected = f"(3073, {len(class_names)})"
        advice = "pass one column of weights for each class name"
        refuse("templates", f"W of shape {W.shape}", expected, advice)
    pictures = W[:3072].T.reshape(-1, 32, 32, 3)
    return image_grid(weights_to_pixels(pictures), titles=class_names, columns=5, title=title)


def weights_to_pixels(weights: np.ndarray) -> np.ndarray:
    """Scale signed arrays to pixels so that zero becomes middle gray.

    Parameters
    ----------
    weights : ndarray of shape (N, ...)
        Each of the N arrays is scaled by its own largest absolute value.

    Returns
    -------
    float64 ndarray of shape (N, ...)
        ``127.5 * (1 + w / max |w|)``, in 0..255; 127.5 everywhere for an array of zeros.
    """
    weights = np.asarray(weights, dtype=np.float64)
    largest = np.abs(weights).max(axis=tuple(range(1, weights.ndim)), keepdims=True)
    return 127.5 * (1 + weights / np.where(largest > 0, largest, 1.0))


def _display(fig: Figure, alt: str) -> None:
    buffer = io.BytesIO()
    fig.savefig(buffer, format="png", dpi=PIXEL_DENSITY * fig.dpi, bbox_inches="tight")
    display_png(buffer.getvalue(), alt, PIXEL_DENSITY)


def _mark_as_stand_in(fig: Figure) -> None:
    if any(text.get_gid() == STAND_IN_MARK for text in fig.texts):
        return
    fig.draw_without_rendering()  # lays the figure out, so that its true lower edge is known
    drawn = fig.get_tightbbox()
    for legend in fig.legends:
        # It would keep to the edge of the picture, and so to the mark, when that is cut out.
        legend.set_bbox_to_anchor((0, 0, 1, 1), fig.transFigure)
        fig.set_layout_engine("none")  # which has made room only for a legend at the edge
    width, height = fig.get_size_inches()
    fig.text(
        drawn.x1 / width,
        (drawn.y0 - 0.12) / height,
        STAND_IN_MARK,
        ha="right",
        va="top",
        fontsize=9,
        fontweight="bold",
        color="black",
        bbox={"facecolor": "#F0E442", "edgecolor": "black", "boxstyle": "round,pad=0.3"},
        gid=STAND_IN_MARK,
    )


class _Mosaic:
    """Pictures in rows and columns on one pair of axes, where a picture is 1 x 1.

    One pair of axes for all pictures draws 100 images four times faster than one pair for each.

    Parameters
    ----------
    rows, columns : int
        Room for this many pictures.
    cell : float
        Width of a picture in inches.
    title : str
        Title of the figure.
    texts : sequence of str
        The texts that will stand over the pictures; room is made for the longest and tallest.
    """

    def __init__(self, rows: int, columns: int, cell: float, title: str, texts: Sequence[str] = ()):
        lines = max((text.count("\n") + 1 for text in texts), default=0)
        longest = max((len(line) for text in texts for line in text.split("\n")), default=1)
        # A letter is about 0.6 of the font size wide; 72 points are an inch.
        self._text_size = min(9.0, 72 * cell / (0.6 * max(longest, 1)))
        self._column_pitch = 1 + _GAP
        self._row_pitch = 1 + _GAP + lines * _TITLE_LINE_INCHES / cell
        width = columns * self._column_pitch - _GAP
        height = rows * self._row_pitch
        self.fig, self._ax = plt.subplots(
            figsize=(max(width * cell, 2.0), height * cell + 0.4), layout="constrained"
        )
        self._ax.set(xlim=(0, width), ylim=(height, 0), aspect="equal", xticks=[], yticks=[])
        self._ax.tick_params(length=0)
        self._ax.grid(False)
        self._ax.spines[:].set_visible(False)
        self._ax.set_title(title)

    def place(self, image: np.ndarray, row: int, column: int, text: str = "") -> None:
        """Draw one image, pixels in 0..255, with a text over it."""
        pixels = np.clip(np.rint(image), 0, 255).astype(np.uint8)
        left, bottom = column * self._column_pitch, (row + 1) * self._row_pitch
        self._ax.imshow(
            pixels, extent=(left, left + 1, bottom, bottom - 1), cmap="gray", vmin=0, vmax=255
        )
        self._ax.text(
            left + 0.5, bottom - 1.04, text, ha="center", va="bottom", fontsize=self._text_size
        )

    def name_rows(self, names: Sequence[str]) -> None:
        """Write a name to the left of each row."""
        centers = [(row + 1) * self._row_pitch - 0.5 for row in range(len(names))]
        self._ax.set_yticks(centers, names)
