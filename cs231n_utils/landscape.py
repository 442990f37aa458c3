"""Look at a loss over the weights: slices along directions, where they bend, and their pictures.

A slice keeps a point and one, two or more directions, and evaluates the loss at the point plus
every combination of steps. `slice_loss` does so for any loss; `slice_linear` does the same for a
linear classifier, exactly and far faster, because its scores are linear in the steps.

The gradient's direction is ``unit(gradient)``; the one from start to optimum is ``end - start``.
"""

import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import LogNorm
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray
from tqdm import tqdm

from cs231n_utils.plots import COLORS
from cs231n_utils.system.processors import blas_in_one_thread
from cs231n_utils.validation import (
    refuse,
    require_choice,
    require_integer,
    require_linear,
    require_same_shape,
)

__all__ = [
    "coordinates",
    "draw_contour",
    "draw_curve",
    "draw_surface",
    "filter_normalized",
    "pca_plane",
    "random_direction",
    "slice_linear",
    "slice_loss",
    "svm_creases",
    "svm_kinks",
    "unit",
]

IMAGES_AT_ONCE = 8_192
_SECONDS_WITHOUT_BAR = 1.0


# ------------------------------------------------------------------------------------- slices


def slice_loss(
    loss: Callable[[NDArray], float],
    start: NDArray,
    directions: Sequence[NDArray],
    grids: Sequence[NDArray],
    progress: bool = True,
) -> NDArray:
    """Evaluate any loss at ``start + sum_k grids[k][i_k] * directions[k]``, for all ``i``.

    Parameters
    ----------
    loss : callable
        From an array like ``start`` to a number.
    start : float ndarray
        The point through which the slice goes.
    directions : sequence of K ndarray
        Arrays of the shape of ``start``.
    grids : sequence of K ndarray of shape (A_k,)
        Steps along each direction.
    progress : bool
        Show a bar with the time left if it takes longer than a second.

    Returns
    -------
    float64 ndarray of shape (A_1, ..., A_K)

    Raises
    ------
    ValueError
        If directions, grids and start do not fit together.

    Examples
    --------
    >>> slice_loss(lambda w: float(w @ w), np.array([3.0, 0.0]), [np.array([0.0, 1.0])], [[0, 4]])
    array([ 9., 25.])
    """
    grids = _checked_grids("slice_loss", start, directions, grids)
    values = np.empty([grid.size for grid in grids])
    indices = np.ndindex(values.shape)
    with blas_in_one_thread():
        for index in _bar(indices, values.size, progress, "slice", "point"):
            point = start
            for grid, direction, i in zip(grids, directions, index, strict=True):
                point = point + float(grid[i]) * direction
            values[index] = loss(point)
    return values


def slice_linear(
    kind: str,
    start: NDArray,
    directions: Sequence[NDArray],
    X: NDArray,
    y: NDArray,
    grids: Sequence[NDArray],
    reg: float = 0.0,
    progress: bool = True,
) -> NDArray:
    """`slice_loss` for a linear classifier: exact, and ``K + 1`` matrix products in all.

    Scores are linear in the weights, so those of every point of the slice are sums of the scores
    of ``start`` and of each direction. Along the last direction the hinge loss is not even
    evaluated point by point: it is a sum of ramps ``max(0, p + q t)``, and each ramp is sorted
    into the grid cell in which it switches on or off.

    Parameters
    ----------
    kind : {"svm", "softmax"}
        Mean multiclass hinge loss (Weston-Watkins, margin 1), or mean cross-entropy in nats.
    start : float ndarray of shape (D, C)
        Weights; column ``c`` scores class ``c``.
    directions : sequence of K ndarray of shape (D, C)
    X : float ndarray of shape (N, D)
        Images as rows, bias column included.
    y : int ndarray of shape (N,)
        Labels in ``0..C-1``.
    grids : sequence of K ndarray of shape (A_k,)
        Steps along each direction.
    reg : float
        Strength of ``reg * sum(W**2)``, over the whole of ``W``.
    progress : bool
        Show a bar with the time left if it takes longer than a second.

    Returns
    -------
    float64 ndarray of shape (A_1, ..., A_K)

    Raises
    ------
    ValueError
        If ``kind`` is unknown, or directions, grids and start do not fit together.
    """
    require_choice("slice_linear", "kind", kind, _SUMMED_LOSSES)
    grids = _checked_grids("slice_linear", start, directions, grids)
    require_linear("slice_linear", start, X, y, weights="start")
    outer, last = [grid.size for grid in grids[:-1]], grids[-1]
    order = np.argsort(last)
    sums = np.zeros((*outer, last.size))
    blocks = [slice(at, at + IMAGES_AT_ONCE) for at in range(0, len(X), IMAGES_AT_ONCE)]
    work = ((rows, index) for rows in blocks for index in np.ndindex(*outer))
    leads, rows_of_leads = None, None
    for rows, index in _bar(work, len(blocks) * int(np.prod(outer)), progress, "slice", "row"):
        if rows is not rows_of_leads:
            leads, rows_of_leads = _leads(start, directions, X[rows], y[rows]), rows
        line = leads[0]
        for grid, i, lead in zip(grids, index, leads[1:-1], strict=False):
            line = line + leads.dtype.type(grid[i]) * lead
        sums[index][order] += _SUMMED_LOSSES[kind](line, leads[-1], last[order])
    return sums / len(X) + reg * _squared_norms(start, directions, grids)


def _leads(
    start: NDArray, directions: Sequence[NDArray], X: NDArray, y: NDArray
) -> NDArray[np.floating]:
    """How far each class's score is ahead of the label's: (K + 1, C, N), of start and directions.

    Classes come before images because sums over classes are then N-wide additions.
    """
    wide = np.hstack([start, *directions]).astype(np.result_type(start, X), copy=False)
    scores = np.dot(X, wide).T.reshape(len(directions) + 1, start.shape[1], len(X))
    return scores - scores[:, y, np.arange(len(X))][:, np.newaxis]


def _summed_hinge(offset: NDArray, slope: NDArray, ts: NDArray) -> NDArray:
    """Hinge loss summed over the images, of leads ``offset + slope * t``, for sorted ``ts``."""
    # The label's own lead is 0, which adds a margin of exactly 1 for each image.
    return _sum_of_ramps((offset + 1).ravel(), slope.ravel(), ts) - offset.shape[1]


def _sum_of_ramps(offset: NDArray, slope: NDArray, ts: NDArray) -> NDArray:
    """``sum_k max(0, offset_k + slope_k * t)`` for every t of the sorted ``ts``, in float64."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        # Adding 0.0 turns a slope of -0.0 into 0.0, so that a level ramp above zero begins at -inf.
        switch = -offset / (slope + 0.0)
    first_after = _first_at_or_after(switch, ts.astype(offset.dtype))
    rising = np.where(slope < 0, -1.0, 1.0)

    def active_sum(term: NDArray) -> NDArray:
        steps = rising * term
        switched = np.bincount(first_after, weights=steps, minlength=ts.size + 1)
        at_the_far_left = (
            term.sum(dtype=np.float64) - steps.sum()
        ) / 2  # only falling ramps are on there
        return at_the_far_left + np.cumsum(switched[: ts.size])

    return active_sum(offset) + ts * active_sum(slope)


def _first_at_or_after(positions: NDArray, ts: NDArray) -> NDArray[np.integer]:
    """Index of the first of the sorted ``ts`` at or after each position; their number if none."""
    steps = np.diff(ts)
    if not ts.size > 1 or not np.allclose(steps, steps[0], rtol=1e-4, atol=0):
        return np.searchsorted(ts, positions)
    # On an even grid a division is several times faster than a search. Rounding can only move a
    # ramp across a grid point that it switches at, where it is 0 either way.
    cells = np.ceil((positions - ts[0]) * ((ts.size - 1) / (ts[-1] - ts[0])))
    return np.fmin(np.fmax(cells, 0), ts.size).astype(np.intp)


def _summed_cross_entropy(offset: NDArray, slope: NDArray, ts: NDArray) -> NDArray:
    """Cross-entropy summed over the images, of leads ``offset + slope * t``, for every t."""
    sums = np.empty(ts.size)
    for i, t in enumerate(ts.astype(offset.dtype)):
        leads = offset + t * slope
        largest = leads.max(axis=0)
        normalizers = np.exp(leads - largest).sum(axis=0)
        sums[i] = (np.log(normalizers) + largest).sum(dtype=np.float64)
    return sums


_SUMMED_LOSSES = {"svm": _summed_hinge, "softmax": _summed_cross_entropy}


def _squared_norms(
    start: NDArray, directions: Sequence[NDArray], grids: Sequence[NDArray]
) -> NDArray:
    """``sum(W**2)`` at every point: a quadratic form in (1, a, b, ...)."""
    flat = np.stack([np.ravel(array) for array in (start, *directions)]).astype(np.float64)
    products = flat @ flat.T
    steps = [np.ones(1), *grids]
    axes = np.meshgrid(*steps, indexing="ij")
    total = sum(
        products[i, j] * axes[i] * axes[j] for i in range(len(axes)) for j in range(len(axes))
    )
    return total[0]


def _checked_grids(
    function: str, start: NDArray, directions: Sequence[NDArray], grids: Sequence[NDArray]
) -> list[NDArray]:
    if len(directions) != len(grids) or not len(grids):
        got = f"{len(directions)} directions and {len(grids)} grids"
        expected = "one grid of steps for each direction"
        refuse(function, got, expected, "pass lists of equal length")
    for direction in directions:
        require_same_shape(function, "direction", direction, "start", np.shape(start))
    return [np.atleast_1d(np.asarray(grid, dtype=np.float64)) for grid in grids]


def _bar(
    items: Iterable[Any], total: int, progress: bool, what: str, unit_name: str
) -> Iterable[Any]:
    return tqdm(
        items,
        total=total,
        desc=what,
        unit=unit_name,
        file=sys.stdout,
        disable=not progress,
        delay=_SECONDS_WITHOUT_BAR,
    )


# --------------------------------------------------------------------------------- directions


def unit(direction: NDArray) -> NDArray:
    """Scale an array to length 1 (the root of its summed squares).

    Parameters
    ----------
    direction : float ndarray
        Not all zero.

    Returns
    -------
    ndarray of the same shape and dtype

    Raises
    ------
    ValueError
        If the array is all zero.
    """
    length = float(np.linalg.norm(direction))
    if length == 0:
        got = "a direction that is all zero"
        refuse("unit", got, "one with a length", "pass another direction")
    return direction / direction.dtype.type(length)


def random_direction(like: NDArray, rng: np.random.Generator) -> NDArray:
    """A direction of length 1 in which every direction is equally likely.

    Parameters
    ----------
    like : float ndarray
        Gives shape and dtype.
    rng : Generator

    Returns
    -------
    ndarray of the shape and dtype of ``like``
    """
    return unit(rng.standard_normal(like.shape).astype(like.dtype))


def filter_normalized(direction: NDArray, weights: NDArray) -> NDArray:
    """Scale each column of a direction to the length of the same column of the weights.

    A step of 1 then changes every filter (for a linear classifier: every template) by as much as
    the filter is long, so slices of differently scaled networks can be compared.

    Parameters
    ----------
    direction, weights : float ndarray of shape (D, F)
        One filter a column.

    Returns
    -------
    ndarray of shape (D, F) and the dtype of ``direction``

    References
    ----------
    Li, Xu, Taylor, Studer and Goldstein, "Visualizing the loss landscape of neural nets",
    NeurIPS 2018.
    """
    wanted = np.linalg.norm(weights, axis=0)
    lengths = np.linalg.norm(direction, axis=0)
    scale = np.divide(wanted, lengths, out=np.zeros_like(wanted), where=lengths > 0)
    return direction * scale.astype(direction.dtype)


def pca_plane(path: Sequence[NDArray], n_directions: int = 2) -> tuple[list[NDArray], NDArray]:
    """The directions in which a training run moved most, seen from where it ended.

    Parameters
    ----------
    path : sequence of T ndarray
        The weights along the run, the last one the end.
    n_directions : int
        How many directions; at most T - 1.

    Returns
    -------
    directions : list of ndarray
        Of length 1, at right angles, in falling order of how much of the run they hold.
    shares : ndarray of shape (n_directions,)
        Share of the run's squared distances from its end that each direction holds; at most 1
        in all.

    Raises
    ------
    ValueError
        If the run has too few points.
    """
    of = f"for a run of {len(path)} points"
    require_integer("pca_plane", "n_directions", n_directions, 1, len(path) - 1, of)
    end = path[-1]
    moves = np.stack([np.ravel(point - end) for point in path[:-1]])
    with blas_in_one_thread():
        _, singular_values, rows = np.linalg.svd(moves, full_matrices=False)
    shares = singular_values**2 / np.sum(singular_values**2)
    return [row.reshape(end.shape) for row in rows[:n_directions]], shares[:n_directions]


def coordinates(path: Sequence[NDArray], start: NDArray, directions: Sequence[NDArray]) -> NDArray:
    """Steps along each direction that come nearest to each point of a run.

    Parameters
    ----------
    path : sequence of T ndarray
    start : ndarray
        The point through which the slice goes.
    directions : sequence of K ndarray
        Need not be of length 1 nor at right angles.

    Returns
    -------
    float64 ndarray of shape (T, K)
        By least squares.
    """
    basis = np.stack([np.ravel(direction) for direction in directions]).astype(np.float64)
    moves = np.stack([np.ravel(point - start) for point in path]).astype(np.float64)
    return np.linalg.solve(basis @ basis.T, basis @ moves.T).T


# -------------------------------------------------------------------------------------- kinks


def svm_kinks(
    start: NDArray, direction: NDArray, X: NDArray, y: NDArray
) -> tuple[NDArray, NDArray]:
    """Where the SVM loss bends along ``start + t * direction``, and by how much.

    Parameters
    ----------
    start, direction : float ndarray of shape (D, C)
    X : float ndarray of shape (N, D)
    y : int ndarray of shape (N,)

    Returns
    -------
    positions : float64 ndarray of shape (K,)
        In rising order; K is at most N (C - 1).
    jumps : float64 ndarray of shape (K,)
        Slope to the right of each kink minus slope to the left; positive, as the loss is convex.
    """
    require_linear("svm_kinks", start, X, y, weights="start")
    require_same_shape("svm_kinks", "direction", direction, "start", start.shape)
    offset, slope = _leads(start, [direction], X, y).astype(np.float64)
    bends = slope != 0
    positions = -(offset[bends] + 1) / slope[bends]
    order = np.argsort(positions)
    return positions[order], np.abs(slope[bends])[order] / len(X)


def svm_creases(
    start: NDArray, directions: Sequence[NDArray], X: NDArray, y: NDArray, extent: float
) -> NDArray:
    """The straight lines along which the SVM loss bends at ``start + a * W1 + b * W2``.

    Parameters
    ----------
    start : float ndarray of shape (D, C)
    directions : sequence of two ndarray of shape (D, C)
        ``W1`` and ``W2``.
    X : float ndarray of shape (N, D)
    y : int ndarray of shape (N,)
    extent : float
        Lines are cut off where ``a`` or ``b`` leaves ``-extent..extent``.

    Returns
    -------
    float64 ndarray of shape (K, 2, 2)
        Of each line the two ends (a, b); K is at most N (C - 1).
    """
    require_linear("svm_creases", start, X, y, weights="start")
    offset, *slopes = _leads(start, directions, X, y).astype(np.float64)
    across = np.stack(slopes, axis=-1)
    squared = np.sum(across**2, axis=-1)
    bends = squared > 0
    across, squared = across[bends], squared[bends][:, np.newaxis]
    # A line is a foot, its point nearest to the start, and a way along.
    foot = -(offset[bends] + 1)[:, np.newaxis] * across / squared
    along = across[:, ::-1] * (-1, 1) / np.sqrt(squared)
    with np.errstate(divide="ignore", invalid="ignore"):
        reach = np.sort([(-extent - foot) / along, (extent - foot) / along], axis=0)
    low, high = np.nanmax(reach[0], axis=1), np.nanmin(reach[1], axis=1)
    seen = low < high
    ends = np.stack([low, high], axis=1)[seen, :, np.newaxis]
    return foot[seen, np.newaxis] + ends * along[seen, np.newaxis]


# -------------------------------------------------------------------------------------- plots


def draw_curve(
    ax: Axes,
    ts: NDArray,
    losses: NDArray,
    slope: float | None = None,
    label: str | None = None,
    **style: Any,
) -> None:
    """Draw a 1-D slice, and the line that the gradient predicts at step 0.

    Parameters
    ----------
    ax : Axes
    ts, losses : ndarray of shape (A,)
        Steps and the losses there.
    slope : float, optional
        Slope at step 0, ``np.vdot(gradient, direction)``; drawn as a dashed line.
    label : str, optional
        For the legend.
    **style
        Passed on to ``ax.plot``.
    """
    ax.plot(ts, losses, label=label, **style)
    if slope is None:
        return
    at_zero = np.interp(0.0, ts, losses)
    low, high = np.min(losses), np.max(losses)
    line = at_zero + slope * ts
    room = 0.15 * (high - low)
    seen = (line >= low - room) & (line <= high + room)
    ax.plot(ts[seen], line[seen], "--", color="black", linewidth=1.4, label="gradient's slope")
    ax.plot(0, at_zero, "o", color="black", markersize=7)


def draw_contour(
    ax: Axes,
    grids: tuple[NDArray, NDArray],
    losses: NDArray,
    path: NDArray | None = None,
    log: bool = False,
    levels: NDArray | int = 25,
    label: str = "loss",
    bar: bool = True,
) -> None:
    """Draw a 2-D slice as filled contours; dark is low.

    Parameters
    ----------
    ax : Axes
    grids : tuple of two ndarray, of shapes (A,) and (B,)
        Steps along the first direction (drawn to the right) and the second (drawn upward).
    losses : ndarray of shape (A, B)
    path : ndarray of shape (T, 2), optional
        A run, drawn with a circle at its start and a star at its end.
    log : bool
        Space the colors by ratios; the color bar says so.
    levels : int or ndarray
        Number of contours, or the losses at which they are drawn.
    label : str
        What the color bar measures.
    bar : bool
        Add the color bar.
    """
    norm = None
    if log:
        count = levels if isinstance(levels, int) else len(levels)
        levels = np.geomspace(losses.min(), losses.max(), count)
        norm = LogNorm(losses.min(), losses.max())
    filled = ax.contourf(*grids, losses.T, levels=levels, norm=norm, cmap="viridis")
    ax.contour(
        *grids, losses.T, levels=filled.levels[1:], colors="white", linewidths=0.3, alpha=0.6
    )
    if bar:
        text = f"{label} (log scale)" if log else label
        scale = ax.figure.colorbar(filled, ax=ax, label=text, ticks=MaxNLocator(7))
        if log:
            ticks = _round_values(losses.min(), losses.max())
            scale.set_ticks(ticks, labels=[f"{tick:,g}" for tick in ticks])
            scale.minorticks_off()
    ax.grid(False)
    if path is not None:
        white = {"color": "white", "markeredgecolor": "black", "linestyle": "none"}
        line = LineCollection([path], colors=COLORS[4], linewidths=2.2)
        ax.add_collection(line)
        ax.plot(*path[0], "o", markersize=9, **white)
        ax.plot(*path[-1], "*", markersize=14, **white)


def _round_values(low: float, high: float) -> NDArray:
    """Three to six round numbers from low to high, about evenly spaced by ratios."""
    decades = 10.0 ** np.arange(np.floor(np.log10(low)), np.log10(high) + 1)
    for digits in ((1,), (1, 2, 5), (1, 1.5, 2, 3, 5, 7)):
        ticks = np.outer(decades, digits).ravel()
        ticks = ticks[(ticks >= low) & (ticks <= high)]
        if len(ticks) >= 3:
            return ticks[:: -(-len(ticks) // 6)]
    ticks = MaxNLocator(4).tick_values(low, high)
    return ticks[(ticks >= low) & (ticks <= high)]


def draw_surface(
    ax: Axes, grids: tuple[NDArray, NDArray], losses: NDArray, label: str = "loss"
) -> None:
    """Draw a 2-D slice as a surface over its two directions, with a color bar; dark is low.

    Parameters
    ----------
    ax : Axes
        With ``projection="3d"``.
    grids : tuple of two ndarray, of shapes (A,) and (B,)
    losses : ndarray of shape (A, B)
    label : str
        What the height and the color measure.
    """
    first, second = np.meshgrid(*grids, indexing="ij")
    drawn = ax.plot_surface(
        first, second, losses, cmap="viridis", rcount=60, ccount=60, linewidth=0, antialiased=True
    )
    plt.colorbar(drawn, ax=ax, label=label, shrink=0.7, pad=0.14)
    ax.set_zlabel(label)
    for axis, values in ((ax.xaxis, grids[0]), (ax.yaxis, grids[1]), (ax.zaxis, losses)):
        low, high = np.min(values), np.max(values)
        ticks = MaxNLocator(4).tick_values(low, high)
        room = 0.1 * (high - low)  # in a corner the ticks of two axes would meet
        axis.set_ticks(ticks[(ticks > low + room) & (ticks < high - room)])
        axis.labelpad = 8
