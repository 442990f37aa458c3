"""A drawn stand-in for CIFAR-10, for a machine with neither network nor data.

Ten classes of 32 x 32 scenes, drawn by NumPy alone: an object made of a few shapes, in front of
a place (sky, sea, a room, ...), under a changing light. How often a class is seen in each place,
how strongly its color varies and how rough everything is were set so that the experiments of the
course come out as they do on CIFAR-10; ``benchmarks/standin_calibration.py`` measures that.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor
from multiprocessing import current_process
from typing import NamedTuple

import numpy as np
from tqdm import tqdm

from cs231n_utils.system.processes import worker_processes
from cs231n_utils.system.processors import n_processors
from cs231n_utils.validation import require_integer

VERSION = 2
"""Changes whenever the same arguments of :func:`draw_cifar10` give other images."""

CLASS_NAMES = (
    "airplane",
    "automobile",
    "bird",
    "cat",
    "deer",
    "dog",
    "frog",
    "horse",
    "ship",
    "truck",
)

BLOCK_SIZE = 250
"""How many images are drawn from one random stream; another size is another ``VERSION``."""

IMAGES_PER_SECOND = 1_000
"""Drawn by one process, on the machine of which README tells."""


def draw_cifar10(
    seed: int = 0,
    n_train: int = 50_000,
    n_test: int = 10_000,
    workers: int | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Draw a data set with the shape and the classes of CIFAR-10, and much of its difficulty.

    The same ``seed`` and counts give the same images in every process and for every number of
    workers. (Another NumPy version or another kind of processor may round a few pixels to the
    neighboring level.)

    Parameters
    ----------
    seed : int
        Any integer from 0 up.
    n_train, n_test : int
        Number of training and of test images, each at least 10. In both parts the numbers of
        images of any two classes differ by at most one.
    workers : int, optional
        Number of processes that draw. By default one for each available core in a notebook or
        at a prompt, unless there is little to draw, and none beside this one in a script: a
        script that asks for more must keep its main program under
        ``if __name__ == "__main__":``. Where processes cannot be started, this one draws.

    Returns
    -------
    images : uint8 ndarray of shape (n_train + n_test, 32, 32, 3)
        RGB pixels, training images first, classes in random order.
    labels : uint8 ndarray of shape (n_train + n_test,)
        Index of each image's class in ``CLASS_NAMES``.

    Raises
    ------
    TypeError, ValueError
        If an argument is not an integer, or is too small.

    Examples
    --------
    >>> images, labels = draw_cifar10(n_train=500, n_test=100)
    >>> images.shape, images.dtype
    ((600, 32, 32, 3), dtype('uint8'))
    """
    seed = require_integer("draw_cifar10", "seed", seed, 0)
    n_train = require_integer("draw_cifar10", "n_train", n_train, len(CLASS_NAMES))
    n_test = require_integer("draw_cifar10", "n_test", n_test, len(CLASS_NAMES))
    if workers is not None:
        workers = require_integer("draw_cifar10", "workers", workers, 1)

    order_seed, drawing_seed = np.random.SeedSequence(seed).spawn(2)
    order_rng = np.random.default_rng(order_seed)
    labels = np.concatenate([_balanced_labels(n, order_rng) for n in (n_train, n_test)])
    positions = _split_into_blocks(labels)
    blocks = [
        _Block(label=int(labels[where[0]]), size=len(where), seed=block_seed)
        for where, block_seed in zip(positions, drawing_seed.spawn(len(positions)), strict=True)
    ]

    images = np.empty((len(labels), SIDE, SIDE, 3), np.uint8)
    drawn_blocks = _draw_blocks(blocks, workers or _default_workers(len(blocks)))
    with tqdm(
        total=len(labels),
        desc="Drawing the stand-in for CIFAR-10",
        unit="image",
        delay=1.0,
        file=sys.stdout,  # JupyterLab shows stderr in red
    ) as progress:
        for where, drawn in zip(positions, drawn_blocks, strict=True):
            images[where] = drawn
            progress.update(len(where))
    return images, labels


# ------------------------------------------------------------------------------------- shapes
# Coordinates of an object: x to the right, y down, and the object fills about -1 to 1 in both.
# ``vary`` turns a number of the tables below into one number for each image, of shape (n, 1, 1), so
# that no two cats have the same ears. A shape's ``distance`` to the points (x, y) is negative
# inside; it need be exact only near the edge, where it makes the anti-aliasing.

Vary = Callable[[float], np.ndarray]


class Ellipse(NamedTuple):
    """An ellipse around (x, y), turned by ``degrees`` from the x axis toward the y axis."""

    x: float
    y: float
    radius_x: float
    radius_y: float
    degrees: float = 0.0

    def distance(self, x: np.ndarray, y: np.ndarray, vary: Vary) -> np.ndarray:
        from_center_x, from_center_y = x - vary(self.x), y - vary(self.y)
        radius_x = np.abs(vary(self.radius_x)) + THINNEST
        radius_y = np.abs(vary(self.radius_y)) + THINNEST
        # Lengths vary by some .05, angles (in radians) by about three times as much.
        angle = math.radians(self.degrees) + 3.5 * vary(0.0)
        along, across = _rotate(from_center_x, from_center_y, angle)
        relative_radius = np.sqrt((along / radius_x) ** 2 + (across / radius_y) ** 2)
        return (relative_radius - 1) * np.minimum(radius_x, radius_y)


class Capsule(NamedTuple):
    """All points within ``radius`` of the segment from (x0, y0) to (x1, y1)."""

    x0: float
    y0: float
    x1: float
    y1: float
    radius: float

    def distance(self, x: np.ndarray, y: np.ndarray, vary: Vary) -> np.ndarray:
        start_x, start_y = vary(self.x0), vary(self.y0)
        segment_x, segment_y = vary(self.x1) - start_x, vary(self.y1) - start_y
        radius = np.maximum(np.abs(vary(self.radius)), THINNEST)
        x, y = x - start_x, y - start_y
        length_squared = segment_x**2 + segment_y**2 + 1e-6
        nearest = np.clip((x * segment_x + y * segment_y) / length_squared, 0, 1)
        return _length(x - nearest * segment_x, y - nearest * segment_y) - radius


class Polygon(NamedTuple):
    """A convex polygon; its corners go round clockwise as seen on the screen."""

    corners: tuple[tuple[float, float], ...]

    def distance(self, x: np.ndarray, y: np.ndarray, vary: Vary) -> np.ndarray:
        corners = [(vary(corner_x), vary(corner_y)) for corner_x, corner_y in self.corners]
        farthest_outside = np.float32(-np.inf)
        for (x0, y0), (x1, y1) in zip(corners, corners[1:] + corners[:1], strict=True):
            edge_x, edge_y = x1 - x0, y1 - y0
            outside = (x - x0) * edge_y - (y - y0) * edge_x
            outside /= _length(edge_x, edge_y) + 1e-6
            farthest_outside = np.maximum(farthest_outside, outside)
        return farthest_outside


class Part(NamedTuple):
    """A shape and the paint it is filled with; later parts cover earlier ones."""

    shape: Ellipse | Capsule | Polygon
    paint: str


# ------------------------------------------------------------------------------------- tables


class Place(NamedTuple):
    """A background: RGB above and below the horizon, and how rough it is."""

    above: tuple[int, int, int]
    below: tuple[int, int, int]
    roughness: float
    horizon_shift: float = 0.0


class Category(NamedTuple):
    """What the objects of a class look like."""

    color: tuple[int, int, int]  # mean RGB of the main paint
    gray_spread: float  # how objects differ in brightness: standard deviation, gray levels
    color_spread: float  # how they differ in each channel beside that
    parts: tuple[Part, ...]
    tilt: float = 10.0  # standard deviation of the rotation, degrees


PLACES = {
    "sky": Place((125, 165, 205), (145, 175, 205), roughness=0.55, horizon_shift=0.8),
    "sea": Place((150, 170, 190), (95, 125, 155), roughness=0.8),
    "grass": Place((130, 155, 160), (120, 145, 85), roughness=0.9),
    "road": Place((155, 160, 165), (125, 125, 130), roughness=1.0),
    "room": Place((160, 140, 120), (140, 120, 105), roughness=1.15),
    "forest": Place((105, 120, 95), (115, 125, 85), roughness=1.25),
    "earth": Place((150, 140, 120), (150, 130, 100), roughness=1.1),
    "studio": Place((180, 180, 180), (175, 175, 175), roughness=0.35),
}

# Relative frequency of the places in the order of PLACES.
PLACE_WEIGHTS = {
    # sky, sea, grass, road, room, forest, earth, studio
    "airplane": (70, 4, 4, 8, 1, 1, 2, 10),
    "automobile": (6, 2, 10, 52, 3, 4, 6, 17),
    "bird": (24, 8, 20, 4, 4, 24, 12, 4),
    "cat": (3, 1, 10, 7, 52, 6, 11, 10),
    "deer": (5, 2, 38, 3, 2, 36, 13, 1),
    "dog": (3, 2, 20, 7, 42, 6, 12, 8),
    "frog": (1, 4, 16, 4, 10, 30, 32, 3),
    "horse": (7, 2, 42, 6, 2, 18, 20, 3),
    "ship": (16, 66, 3, 5, 1, 2, 2, 5),
    "truck": (10, 2, 9, 50, 3, 6, 8, 12),
}

CATEGORIES = {
    "airplane": Category(
        color=(185, 185, 190),
        gray_spread=45,
        color_spread=18,
        tilt=30,
        parts=(
            Part(Ellipse(0, 0, 0.85, 0.12), "main"),  # fuselage
            Part(Polygon(((-0.15, 0), (0.2, 0), (-0.15, 0.5), (-0.35, 0.5))), "second"),  # wings
            Part(Polygon(((-0.15, 0), (-0.25, -0.38), (-0.1, -0.38), (0.2, 0))), "second"),
            Part(Polygon(((-0.85, 0), (-0.95, -0.36), (-0.8, -0.36), (-0.6, 0))), "main"),  # fin
        ),
    ),
    "automobile": Category(
        color=(140, 115, 115),
        gray_spread=55,
        color_spread=48,
        parts=(
            Part(Polygon(((-0.85, -0.05), (0.85, -0.05), (0.88, 0.3), (-0.88, 0.3))), "main"),
            Part(Polygon(((-0.5, -0.38), (0.35, -0.38), (0.6, -0.03), (-0.65, -0.03))), "main"),
            Part(Polygon(((-0.42, -0.3), (0.28, -0.3), (0.45, -0.06), (-0.5, -0.06))), "dark"),
            Part(Ellipse(-0.5, 0.3, 0.19, 0.19), "dark"),  # wheels
            Part(Ellipse(0.5, 0.3, 0.19, 0.19), "dark"),
        ),
    ),
    "bird": Category(
        color=(120, 110, 95),
        gray_spread=45,
        color_spread=28,
        tilt=30,
        parts=(
            Part(Ellipse(0, 0.1, 0.5, 0.3, degrees=-20), "main"),  # body
            Part(Ellipse(0.42, -0.25, 0.2, 0.19), "main"),  # head
            Part(Polygon(((0.58, -0.3), (0.86, -0.22), (0.58, -0.16))), "light"),  # beak
            Part(Polygon(((-0.4, 0.1), (-0.35, 0.28), (-0.85, 0.42), (-0.9, 0.3))), "second"),
            Part(Ellipse(-0.05, 0.1, 0.32, 0.16, degrees=-25), "second"),  # wing
            Part(Capsule(0, 0.35, 0.02, 0.7, radius=0.03), "dark"),  # legs
            Part(Capsule(0.12, 0.35, 0.14, 0.7, radius=0.03), "dark"),
        ),
    ),
    "cat": Category(
        color=(130, 115, 105),
        gray_spread=50,
        color_spread=18,
        parts=(
            Part(Ellipse(-0.1, 0.6, 0.55, 0.5), "main"),  # body
            Part(Ellipse(0, -0.1, 0.44, 0.38), "main"),  # head
            Part(Polygon(((-0.42, -0.2), (-0.36, -0.72), (-0.08, -0.4))), "main"),  # ears
            Part(Polygon(((0.42, -0.2), (0.08, -0.4), (0.36, -0.72))), "main"),
            Part(Ellipse(-0.17, -0.12, 0.08, 0.07), "dark"),  # eyes
            Part(Ellipse(0.17, -0.12, 0.08, 0.07), "dark"),
            Part(Ellipse(0, 0.06, 0.07, 0.05), "light"),  # nose
        ),
    ),
    "deer": Category(
        color=(140, 110, 80),
        gray_spread=35,
        color_spread=16,
        parts=(
            Part(Ellipse(-0.1, 0.1, 0.48, 0.22), "main"),  # body
            Part(Capsule(0.28, 0.05, 0.5, -0.38, radius=0.1), "main"),  # neck
            Part(Ellipse(0.6, -0.42, 0.2, 0.1, degrees=15), "main"),  # head
            Part(Capsule(-0.45, 0.2, -0.48, 0.82, radius=0.05), "main"),  # legs
            Part(Capsule(-0.3, 0.2, -0.3, 0.82, radius=0.05), "second"),
            Part(Capsule(0.15, 0.2, 0.17, 0.82, radius=0.05), "main"),
            Part(Capsule(0.28, 0.2, 0.3, 0.82, radius=0.05), "second"),
            Part(Capsule(0.5, -0.5, 0.36, -0.9, radius=0.03), "dark"),  # antlers
            Part(Capsule(0.52, -0.5, 0.66, -0.9, radius=0.03), "dark"),
            Part(Capsule(0.42, -0.7, 0.22, -0.8, radius=0.025), "dark"),
        ),
    ),
    "dog": Category(
        color=(150, 130, 110),
        gray_spread=50,
        color_spread=18,
        parts=(
            Part(Ellipse(-0.15, 0.55, 0.5, 0.5), "main"),  # body
            Part(Ellipse(0, -0.15, 0.38, 0.4), "main"),  # head
            Part(Ellipse(-0.38, -0.1, 0.13, 0.34, degrees=12), "second"),  # ears
            Part(Ellipse(0.38, -0.1, 0.13, 0.34, degrees=-12), "second"),
            Part(Ellipse(0, 0.08, 0.2, 0.17), "light"),  # muzzle
            Part(Ellipse(0, 0, 0.09, 0.07), "dark"),  # nose
            Part(Ellipse(-0.15, -0.24, 0.06, 0.06), "dark"),  # eyes
            Part(Ellipse(0.15, -0.24, 0.06, 0.06), "dark"),
        ),
    ),
    "frog": Category(
        color=(110, 115, 70),
        gray_spread=35,
        color_spread=32,
        parts=(
            Part(Ellipse(0, 0.15, 0.68, 0.4), "main"),  # body
            Part(Ellipse(-0.3, -0.22, 0.17, 0.16), "main"),  # bulging eyes
            Part(Ellipse(0.3, -0.22, 0.17, 0.16), "main"),
            Part(Ellipse(-0.3, -0.24, 0.08, 0.08), "dark"),
            Part(Ellipse(0.3, -0.24, 0.08, 0.08), "dark"),
            Part(Ellipse(-0.62, 0.42, 0.26, 0.16, degrees=25), "second"),  # legs
            Part(Ellipse(0.62, 0.42, 0.26, 0.16, degrees=-25), "second"),
            Part(Ellipse(0, 0.32, 0.42, 0.2), "light"),  # belly
        ),
    ),
    "horse": Category(
        color=(115, 85, 65),
        gray_spread=42,
        color_spread=18,
        parts=(
            Part(Ellipse(-0.1, 0, 0.56, 0.28), "main"),  # body
            Part(Capsule(0.3, -0.08, 0.56, -0.52, radius=0.15), "main"),  # neck
            Part(Ellipse(0.7, -0.52, 0.24, 0.12, degrees=35), "main"),  # head
            Part(Capsule(-0.5, 0.1, -0.54, 0.85, radius=0.075), "main"),  # legs
            Part(Capsule(-0.36, 0.1, -0.34, 0.85, radius=0.075), "second"),
            Part(Capsule(0.18, 0.1, 0.2, 0.85, radius=0.075), "main"),
            Part(Capsule(0.34, 0.1, 0.38, 0.85, radius=0.075), "second"),
            Part(Capsule(-0.62, -0.05, -0.82, 0.45, radius=0.07), "dark"),  # tail
            Part(Capsule(0.24, -0.25, 0.48, -0.62, radius=0.06), "dark"),  # mane
        ),
    ),
    "ship": Category(
        color=(160, 155, 155),
        gray_spread=50,
        color_spread=30,
        parts=(
            Part(Polygon(((-0.9, 0.1), (0.95, 0.1), (0.72, 0.45), (-0.75, 0.45))), "main"),  # hull
            Part(Polygon(((-0.55, -0.2), (0.3, -0.2), (0.3, 0.1), (-0.55, 0.1))), "light"),
            Part(Polygon(((-0.35, -0.45), (0.05, -0.45), (0.05, -0.2), (-0.35, -0.2))), "second"),
            Part(Capsule(0.1, -0.2, 0.1, -0.85, radius=0.035), "dark"),  # mast
            Part(Capsule(-0.9, 0.14, 0.9, 0.14, radius=0.03), "dark"),  # rail
        ),
    ),
    "truck": Category(
        color=(145, 125, 120),
        gray_spread=55,
        color_spread=48,
        parts=(
            Part(Polygon(((-0.95, -0.55), (0.35, -0.55), (0.35, 0.35), (-0.95, 0.35))), "second"),
            Part(
                Polygon(((0.4, -0.28), (0.78, -0.28), (0.95, 0.05), (0.95, 0.35), (0.4, 0.35))),
                "main",  # cab
            ),
            Part(Polygon(((0.52, -0.2), (0.74, -0.2), (0.86, 0.03), (0.52, 0.03))), "dark"),
            Part(Ellipse(-0.65, 0.4, 0.17, 0.17), "dark"),  # wheels
            Part(Ellipse(-0.3, 0.4, 0.17, 0.17), "dark"),
            Part(Ellipse(0.65, 0.4, 0.17, 0.17), "dark"),
        ),
    ),
}

# ---------------------------------------------------------------------------------- constants
# Spreads are standard deviations, those of brightness and color in gray levels. They are the
# values at which the course's experiments come out as on CIFAR-10.
SIDE = 32
ANY_PLACE = 0.08  # share of the images whose place has nothing to do with their class
SHAPE_SPREAD = 0.05  # of every coordinate and radius of a shape, between images
THINNEST = 0.02  # no radius is less
EDGE_WIDTH = 1.3  # pixels over which the edge of a shape is blurred
BACKGROUND_ROUGHNESS = 28.0
BACKGROUND_SLOPE = 1.35  # amplitude of the background falls as frequency ** -slope
CLUTTER = 2.4  # mean number of blobs behind the object
OBJECT_SCALE = (0.62, 1.12)
OBJECT_SHIFT_X, OBJECT_SHIFT_Y = 0.17, 0.136  # in half sides of the image
OBJECT_SQUEEZE = 0.18  # of the logarithm of width over height, halved
OBJECT_SHEAR = 0.25
OBJECT_TEXTURE = 21.0
TEXTURE_SLOPE = 1.0
LARGEST_TRANSPARENCY = 0.24
LIGHT_SLOPE = 28.0  # gray levels from the middle of the image to a side
CONTRAST = 1.1
CONTRAST_SPREAD = 0.25  # of the logarithm of the contrast
BRIGHTNESS_SPREAD = 22.0
TINT_SPREAD = 9.0
SENSOR_NOISE = 3.0

PIXEL_CENTERS = ((np.arange(SIDE) - (SIDE - 1) / 2) / (SIDE / 2)).astype(np.float32)
GRID_X, GRID_Y = np.meshgrid(PIXEL_CENTERS, PIXEL_CENTERS)  # -1 to 1 over the image


# ------------------------------------------------------------------------------------ drawing
# Inside, n images are float32 of shape (n, 3, 32, 32): planes of a color are contiguous. One
# number for each image has shape (n, 1, 1), or (n, 1, 1, 1) where it meets the channels.


class _Block(NamedTuple):
    """Images of one class that are drawn together."""

    label: int
    size: int
    seed: np.random.SeedSequence


def _draw_block(block: _Block) -> np.ndarray:
    """Images of one class, uint8 of shape (size, 32, 32, 3); what a worker process runs."""
    rng = np.random.default_rng(block.seed)
    name = CLASS_NAMES[block.label]
    scene = _draw_backgrounds(PLACE_WEIGHTS[name], block.size, rng)
    _add_clutter(scene, rng)
    _add_objects(scene, CATEGORIES[name], rng)
    return _photograph(scene, rng)


def _draw_backgrounds(
    place_weights: tuple[int, ...], n: int, rng: np.random.Generator
) -> np.ndarray:
    weights = np.array(place_weights) / sum(place_weights)
    chances = (1 - ANY_PLACE) * weights + ANY_PLACE / len(PLACES)
    place = rng.choice(len(PLACES), n, p=chances)
    above, below, roughness, horizon_shift = (
        np.array(column, np.float32)[place] for column in zip(*PLACES.values(), strict=True)
    )
    above += 16 * _normal(rng, n, 1) + 12 * _normal(rng, n, 3)
    below += 18 * _normal(rng, n, 1) + 14 * _normal(rng, n, 3)
    horizon = _uniform(rng, -0.5, 0.5, n) + horizon_shift
    softness = _uniform(rng, 0.05, 0.8, n)
    share_below = np.clip((GRID_Y - _plane(horizon)) / _plane(softness) + 0.5, 0, 1)
    scene = _blend(_color(above), _color(below), share_below[:, None])

    roughness *= BACKGROUND_ROUGHNESS * np.exp(0.4 * _normal(rng, n))
    relief = _pink_noise(rng, BACKGROUND_SLOPE, n, 1)
    color_relief = _pink_noise(rng, BACKGROUND_SLOPE, n, 3)
    scene += _plane(roughness)[:, None] * (relief + 0.175 * color_relief)
    return scene


def _add_clutter(scene: np.ndarray, rng: np.random.Generator) -> None:
    """Put soft, half-transparent blobs of various colors in front of the background."""
    n_blobs = rng.poisson(CLUTTER, len(scene))
    for layer in range(n_blobs.max()):
        has_blob = np.flatnonzero(n_blobs > layer)
        n = len(has_blob)
        behind = scene[has_blob]
        color = behind.mean((2, 3)) + 38 * _normal(rng, n, 1) + 14 * _normal(rng, n, 3)
        radius = 0.35 * np.exp(0.5 * _normal(rng, n, 1, 1))
        thickness = radius * _uniform(rng, 0.15, 0.9, n, 1, 1)
        along, across = _rotate(
            GRID_X - _uniform(rng, -1, 1, n, 1, 1),
            GRID_Y - _uniform(rng, -1, 1, n, 1, 1),
            _uniform(rng, 0, math.pi, n, 1, 1),
        )
        distance = (_length(along / radius, across / thickness) - 1) * thickness
        edge_width = _uniform(rng, 0.06, 0.3, n, 1, 1)
        cover = _uniform(rng, 0.3, 1, n, 1, 1) * _cover(distance, edge_width)
        scene[has_blob] = _blend(behind, _color(color), cover[:, None])


def _add_objects(scene: np.ndarray, category: Category, rng: np.random.Generator) -> None:
    n = len(scene)
    scale = _uniform(rng, *OBJECT_SCALE, n, 1, 1)
    x, y = _object_coordinates(scale, category.tilt, rng)
    paints = _mix_paints(category, n, rng)
    texture = OBJECT_TEXTURE * np.exp(0.5 * _normal(rng, n, 1, 1, 1))
    surface = texture * _pink_noise(rng, TEXTURE_SLOPE, n, 1)
    surface -= (_uniform(rng, -4.5, 20, n, 1, 1) * y)[:, None]  # most are lit from above
    opacity = 1 - _uniform(rng, 0, LARGEST_TRANSPARENCY, n, 1, 1)
    edge_width = EDGE_WIDTH / (SIDE / 2 * scale)

    def vary(value: float) -> np.ndarray:
        return np.float32(value) + SHAPE_SPREAD * _normal(rng, n, 1, 1)

    for shape, paint in category.parts:
        cover = opacity * _cover(shape.distance(x, y, vary), edge_width)
        scene[:] = _blend(scene, _color(paints[paint]) + surface, cover[:, None])


def _object_coordinates(
    scale: np.ndarray, tilt: float, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Where each pixel lies in the object's own coordinates: shifted, turned, mirrored, bent."""
    n = len(scale)
    mirror = rng.choice(np.array([-1, 1], np.float32), (n, 1, 1))
    squeeze = np.exp(OBJECT_SQUEEZE * _normal(rng, n, 1, 1))
    along, across = _rotate(
        GRID_X - OBJECT_SHIFT_X * _normal(rng, n, 1, 1),
        GRID_Y - OBJECT_SHIFT_Y * _normal(rng, n, 1, 1),
        math.radians(tilt) * _normal(rng, n, 1, 1),
    )
    y = across / (scale * squeeze)
    x = along * (mirror * squeeze / scale) + OBJECT_SHEAR * _normal(rng, n, 1, 1) * y
    return x, y


def _mix_paints(category: Category, n: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """RGB of each paint for n objects of a class, each of shape (n, 3)."""
    main = np.array(category.color, np.float32)
    main = main + category.gray_spread * _normal(rng, n, 1)
    main += category.color_spread * _normal(rng, n, 3)
    return {
        "main": main,
        "second": main * _uniform(rng, 0.55, 1.35, n, 1) + 10 * _normal(rng, n, 3),
        "dark": 30 + 18 * np.abs(_normal(rng, n, 1)) + 6 * _normal(rng, n, 3),
        "light": np.minimum(main + _uniform(rng, 25, 80, n, 1), 250) + 8 * _normal(rng, n, 3),
    }


def _photograph(scene: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """What a camera makes of the scenes: light, exposure, tint, noise, 8 bits per channel."""
    n = len(scene)
    slope_x, slope_y = LIGHT_SLOPE * _normal(rng, 2, n, 1, 1)
    scene = scene + (slope_x * GRID_X + slope_y * GRID_Y)[:, None]
    mean = scene.mean((1, 2, 3), keepdims=True)
    contrast = CONTRAST * np.exp(CONTRAST_SPREAD * _normal(rng, n, 1, 1, 1))
    exposed = (scene - mean) * contrast + mean
    exposed += BRIGHTNESS_SPREAD * _normal(rng, n, 1, 1, 1) + TINT_SPREAD * _normal(rng, n, 3, 1, 1)
    exposed += SENSOR_NOISE * _normal(rng, *scene.shape)
    levels = np.clip(np.rint(exposed), 0, 255).astype(np.uint8)
    return np.ascontiguousarray(levels.transpose(0, 2, 3, 1))


# -------------------------------------------------------------------------------- ingredients


def _normal(rng: np.random.Generator, *shape: int) -> np.ndarray:
    return rng.standard_normal(shape, np.float32)


def _uniform(rng: np.random.Generator, low: float, high: float, *shape: int) -> np.ndarray:
    return np.float32(low) + np.float32(high - low) * rng.random(shape, np.float32)


def _pink_noise(rng: np.random.Generator, slope: float, *shape: int) -> np.ndarray:
    """Noise of unit variance whose amplitude falls as ``frequency ** -slope``, as in photographs.

    See D. J. Field, "Relations between the statistics of natural images and the response
    properties of cortical cells", J. Opt. Soc. Am. A 4 (1987), for the spectrum of photographs.
    """
    frequency = np.hypot(np.fft.fftfreq(SIDE)[:, None], np.fft.rfftfreq(SIDE))
    amplitude = np.maximum(frequency, 1 / 48) ** -slope
    amplitude[0, 0] *= 0.7
    # Columns between the first and the last stand for themselves and for their mirror image.
    copies = np.full(SIDE // 2 + 1, 4.0)
    copies[[0, -1]] = 1.0
    amplitude *= SIDE**2 / np.sqrt((copies * amplitude**2).sum())
    spectrum = np.empty((*shape, *amplitude.shape), np.complex64)
    spectrum.real = _normal(rng, *spectrum.shape)
    spectrum.imag = _normal(rng, *spectrum.shape)
    spectrum *= amplitude.astype(np.float32)
    return np.fft.irfft2(spectrum, s=(SIDE, SIDE)).astype(np.float32, copy=False)


def _rotate(x: np.ndarray, y: np.ndarray, angle: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Coordinates along axes turned by ``angle`` (radians) from the x axis toward the y axis."""
    cosine, sine = np.cos(angle), np.sin(angle)
    return x * cosine + y * sine, y * cosine - x * sine


def _length(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return np.sqrt(x * x + y * y)


def _cover(distance: np.ndarray, edge_width: np.ndarray) -> np.ndarray:
    """How much of a pixel a shape covers: 1 inside, 0 outside, a ramp across the edge."""
    return np.clip(0.5 - distance / edge_width, 0, 1)


def _blend(below: np.ndarray, above: np.ndarray, cover: np.ndarray) -> np.ndarray:
    return below + cover * (above - below)


def _plane(values: np.ndarray) -> np.ndarray:
    """One number for each image, ready to meet planes of shape (n, 32, 32)."""
    return values[:, None, None]


def _color(values: np.ndarray) -> np.ndarray:
    """One RGB triple for each image, ready to meet images of shape (n, 3, 32, 32)."""
    return values[:, :, None, None]


# ------------------------------------------------------------------------------ blocks and workers


def _balanced_labels(n: int, rng: np.random.Generator) -> np.ndarray:
    return rng.permutation(np.arange(n) % len(CLASS_NAMES)).astype(np.uint8)


def _split_into_blocks(labels: np.ndarray) -> list[np.ndarray]:
    """Positions of the images of each block: one class in each block, at most BLOCK_SIZE images."""
    blocks = []
    for label in range(len(CLASS_NAMES)):
        where = np.flatnonzero(labels == label)
        blocks += np.split(where, range(BLOCK_SIZE, len(where), BLOCK_SIZE))
    return blocks


def _draw_blocks(blocks: list[_Block], workers: int) -> Iterator[np.ndarray]:
    """The drawn blocks in order; this process draws what the workers could not."""
    n_done = 0
    # A daemonic process, as some schedulers use, may not have children.
    if workers > 1 and not current_process().daemon:
        try:
            with worker_processes(workers) as pool:
                for drawn in pool.map(_draw_block, blocks):
                    yield drawn
                    n_done += 1
        except (OSError, ImportError, NotImplementedError, BrokenExecutor):
            # No permission, no semaphores, or a main program that a worker cannot import.
            pass
    yield from map(_draw_block, blocks[n_done:])


def expected_seconds(n_images: int) -> float:
    """About how long it takes to draw so many images here."""
    return n_images / IMAGES_PER_SECOND / _default_workers(n_images // BLOCK_SIZE)


def _default_workers(n_blocks: int) -> int:
    """One worker for each available core, if that is safe and worth the time to start them."""
    # Each worker imports a main script, and so would run one that has no guard from the top.
    if hasattr(sys.modules["__main__"], "__file__"):
        return 1
    return max(1, min(n_processors(), n_blocks // 10))
