"""The figures of the class report, each with a text that says the same."""

import base64
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from cs231n_utils.plots import COLORS

WIDTH = 5.2
"""Of a figure, in inches: narrow enough for its words to be read on a phone."""

TITLE = {"fontweight": "bold", "fontsize": 11}

BLUE, _, GREEN, _, VERMILLION = COLORS[:5]


@dataclass(frozen=True)
class Drawn:
    """A figure as a picture: base64 text of a PNG, and what it shows in words."""

    png: str
    alt: str


def scores_figure(scores: np.ndarray, top: float) -> Drawn:
    """A histogram of scores.

    Parameters
    ----------
    scores : ndarray of shape (N,)
        In points.
    top : float
        The most points there are.
    """
    median = float(np.median(scores))
    figure, axes = _axes(2.8)
    step = max(1.0, round(top / 25))
    # Extra credit gives more points than there are.
    edges = np.arange(-0.5 * step, max(top, scores.max()) + step, step)
    counts, _, _ = axes.hist(scores, bins=edges, color=BLUE, edgecolor="white")
    axes.axvline(median, color=VERMILLION, linestyle="--")
    # Room above the bars keeps them away from the words that name the line.
    axes.set_ylim(top=1.2 * counts.max())
    late = median > top / 2
    axes.annotate(
        f"median {median:g}",
        (median, 1),
        xycoords=("data", "axes fraction"),
        xytext=(-6 if late else 6, -4),
        textcoords="offset points",
        ha="right" if late else "left",
        va="top",
        color=VERMILLION,
    )
    axes.set_title(f"Half of the class has {median:g} of {top:g} points or more", **TITLE)
    axes.set(xlabel="points", ylabel="submissions")
    _count_in_whole_numbers(axes)
    alt = (
        f"Histogram of {len(scores)} scores from {scores.min():g} to {scores.max():g} of {top:g} "
        f"points; mean {scores.mean():.1f}, median {median:g}. The tallest bar holds "
        f"{int(counts.max())}."
    )
    return _drawn(figure, alt)


def costs_figure(seconds: np.ndarray, memory: np.ndarray) -> Drawn:
    """Two histograms of what grading took.

    Parameters
    ----------
    seconds, memory : ndarray of shape (N,)
        Time in seconds and peak memory in MB, by submission.
    """
    late, large = np.percentile(seconds, 95), np.percentile(memory, 95)
    figure, (left, right) = _axes(2.6, columns=2)
    figure.suptitle(f"95 % ran in under {late:.1f} s and {large:.0f} MB", **TITLE)
    left.hist(seconds, bins=25, color=BLUE, edgecolor="white")
    left.set(xlabel="time (s)", ylabel="submissions")
    right.hist(memory, bins=25, color=GREEN, edgecolor="white")
    right.set(xlabel="peak memory (MB)")
    for axes in (left, right):
        _count_in_whole_numbers(axes)
    alt = (
        f"Two histograms. Time: median {np.median(seconds):.1f} s, longest {seconds.max():.1f} s. "
        f"Memory: median {np.median(memory):.0f} MB, largest {memory.max():.0f} MB."
    )
    return _drawn(figure, alt)


def term_figure(names: Sequence[str], shares: Sequence[Sequence[float]]) -> Drawn:
    """The median and the middle half of the class, assignment by assignment.

    Parameters
    ----------
    names : sequence of str
        Of the assignments.
    shares : sequence of sequence of float
        By assignment, everybody's share of the points.
    """
    figure, axes = _axes(2.8)
    quarters = 100 * np.array(
        [np.percentile(one, (25, 50, 75)) if len(one) else (np.nan,) * 3 for one in shares]
    )
    places = np.arange(len(names))
    axes.vlines(places, quarters[:, 0], quarters[:, 2], color=BLUE, linewidth=8, alpha=0.4)
    axes.plot(places, quarters[:, 1], "o-", color=VERMILLION)
    axes.set_xticks(places, [name.partition("-")[0] for name in names])
    axes.set(xlabel="assignment", ylabel="points (%)", ylim=(0, 105))
    axes.set_title("Median (dots) and the middle half of the class (bars)", **TITLE)
    listed = "; ".join(
        f"{name}: {low:.0f}, {middle:.0f}, {high:.0f} %"
        for name, (low, middle, high) in zip(names, quarters, strict=True)
    )
    return _drawn(figure, f"Lower quarter, median and upper quarter of the points. {listed}.")


def _axes(height: float, columns: int = 1) -> tuple[Figure, Any]:
    # pyplot is not used because it keeps figures in memory, and its settings are the caller's.
    figure = Figure(figsize=(WIDTH, height), layout="constrained")
    axes = figure.subplots(1, columns)
    for ax in np.atleast_1d(axes):
        ax.spines[["top", "right"]].set_visible(False)
    return figure, axes


def _count_in_whole_numbers(axes: Any) -> None:
    axes.yaxis.set_major_locator(MaxNLocator(nbins="auto", integer=True, min_n_ticks=1))


def _drawn(figure: Figure, alt: str) -> Drawn:
    content = io.BytesIO()
    figure.savefig(content, format="png", dpi=200)
    return Drawn(base64.b64encode(content.getvalue()).decode(), alt)
