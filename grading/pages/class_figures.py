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
    figure, axes = _axes(8, 3.2)
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
    axes.set_title(f"Half of the class has {median:g} of {top:g} points or more", fontweight="bold")
    axes.set(xlabel="points", ylabel="submissions")
    _count_in_whole_numbers(axes)
    alt = (
        f"Histogram of {len(scores)} scores from {scores.min():g} to {scores.max():g} of {top:g} "
        f"points; mean {scores.mean():.1f}, median {median:g}. The tallest bar holds "
        f"{int(counts.max())}."
    )
    return _drawn(figure, alt)


def rates_figure(rates: Sequence[tuple[str, str, float]]) -> Drawn:
    """Bars of how many passed each part.

    Parameters
    ----------
    rates : sequence of tuple
        Exercise, part and the share that passed it; not empty.
    """
    exercise, part, lowest = min(rates, key=lambda rate: rate[2])
    title = f"Hardest: {exercise}, {part}: {100 * lowest:.0f} % passed"
    if lowest == 1:
        title = "Every part was passed by everybody"
    figure, axes = _axes(8, 0.9 + 0.3 * len(rates))
    names = list(dict.fromkeys(rate[0] for rate in rates))
    places = [row + 0.7 * names.index(name) for row, (name, _, _) in enumerate(rates)]
    shares = [100 * rate[2] for rate in rates]
    colors = [VERMILLION if rate[2] == lowest < 1 else BLUE for rate in rates]
    axes.barh(places, shares, color=colors, height=0.75)
    for place, share in zip(places, shares, strict=True):
        axes.text(share + 1, place, f"{share:.0f} %", va="center", fontsize=9)
    labels = [
        f"{name}: {part}" if index == 0 or rates[index - 1][0] != name else part
        for index, (name, part, _) in enumerate(rates)
    ]
    axes.set_yticks(places, labels, fontsize=9)
    axes.invert_yaxis()
    axes.set_title(title, fontweight="bold")
    axes.set(xlabel="submissions that passed (%)", xlim=(0, 109))
    listed = "; ".join(f"{name}, {part}: {100 * share:.0f} %" for name, part, share in rates)
    return _drawn(figure, f"Bar chart of pass rates. {listed}.")


def costs_figure(seconds: np.ndarray, memory: np.ndarray) -> Drawn:
    """Two histograms of what grading took.

    Parameters
    ----------
    seconds, memory : ndarray of shape (N,)
        Time in seconds and peak memory in MB, by submission.
    """
    late, large = np.percentile(seconds, 95), np.percentile(memory, 95)
    figure, (left, right) = _axes(8, 2.8, columns=2)
    figure.suptitle(f"95 % ran in under {late:.1f} s and {large:.0f} MB", fontweight="bold")
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


def _axes(width: float, height: float, columns: int = 1) -> tuple[Figure, Any]:
    # pyplot is not used because it keeps figures in memory, and its settings are the caller's.
    figure = Figure(figsize=(width, height), layout="constrained")
    axes = figure.subplots(1, columns)
    for ax in np.atleast_1d(axes):
        ax.spines[["top", "right"]].set_visible(False)
    return figure, axes


def _count_in_whole_numbers(axes: Any) -> None:
    axes.yaxis.set_major_locator(MaxNLocator(nbins="auto", integer=True, min_n_ticks=1))


def _drawn(figure: Figure, alt: str) -> Drawn:
    content = io.BytesIO()
    figure.savefig(content, format="png", dpi=130)
    return Drawn(base64.b64encode(content.getvalue()).decode(), alt)
