"""The course's running figure: the road from chance to the state of the art, rung by rung."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from cs231n_utils.checking.client import course_root
from cs231n_utils.data import current_source
from cs231n_utils.plots import COLORS
from cs231n_utils.selfstudy import progress_file
from cs231n_utils.validation import refuse


@dataclass(frozen=True)
class Rung:
    """A method and the test accuracy, as fractions, that one run of it reaches on CIFAR-10."""

    name: str
    low: float
    high: float
    quoted: float | None = None


# A `quoted` accuracy is that of the lecture notes (CS231n, lecture 3); chance is 1 class of 10. All
# other bands were measured for this course, over seeds, on recompressed CIFAR-10.
RUNGS = (
    Rung("chance", 0.10, 0.10, quoted=0.10),
    Rung("random search", 0.13, 0.18, quoted=0.155),
    Rung("random local search", 0.19, 0.235, quoted=0.214),
    Rung("linear classifier", 0.38, 0.41),
    Rung("HOG + color, linear", 0.47, 0.54),
    Rung("HOG + color, two-layer network", 0.56, 0.64),
    Rung("visual words, linear", 0.69, 0.74),
    Rung("state of the art (lecture)", 0.95, 0.95, quoted=0.95),
)

_BAND, _QUOTED, _REACHED = "#9FC5E8", "black", COLORS[4]
_FILLED = {"marker": "D", "color": _REACHED, "markeredgecolor": "black", "markersize": 9}
_HOLLOW = {**_FILLED, "markerfacecolor": "white", "markeredgecolor": _REACHED}


def ladder(reached: Mapping[str, float], also: Mapping[str, float] | None = None) -> Figure:
    """Draw every rung of the course with the accuracies reached so far.

    In self-study they are kept as well, for `cs231n_utils.progress`.

    Parameters
    ----------
    reached : mapping of str to float
        Name of a rung (see `RUNGS`) to the test accuracy reached, a fraction in 0..1.
    also : mapping of str to float, optional
        Other methods, each with its test accuracy. They get rungs of their own, where they belong
        by height.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If a name is not a rung, or an accuracy is not in 0..1.

    Examples
    --------
    >>> fig = ladder({"chance": 0.101, "random search": 0.152})
    """
    others = dict(also or {})
    _require_rungs({**reached, **others}, [*(rung.name for rung in RUNGS), *others])
    source = current_source()
    if reached and source is not None and course_root() is not None:
        data_set = "stand-in" if source == "stand-in" else "CIFAR-10"
        progress_file.change(lambda kept: kept.add_rungs(data_set, reached))
    fig, ax = plt.subplots(figsize=(9, 1 + 0.45 * (len(RUNGS) + len(others))), layout="constrained")
    draw_rungs(ax, reached, also=others)
    ax.set_title("From chance to 95 %" + (": where you are now" if reached else ""))
    return fig


def draw_rungs(
    ax: Axes,
    reached: Mapping[str, float],
    *,
    also: Mapping[str, float] | None = None,
    stand_in: Mapping[str, float] | None = None,
) -> None:
    """Draw the ladder on given axes.

    Parameters
    ----------
    ax : Axes
    reached : mapping of str to float
        Name of a rung to the test accuracy reached, a fraction in 0..1.
    also : mapping of str to float, optional
        Other methods' accuracies: a rung of its own for each.
    stand_in : mapping of str to float, optional
        The same as `reached` for accuracies on stand-in data, drawn where `reached` has none.
    """
    others, hollow = dict(also or {}), dict(stand_in or {})
    rungs = sorted(
        (*RUNGS, *(Rung(name, accuracy, accuracy) for name, accuracy in others.items())),
        key=lambda rung: rung.low + rung.high,
    )
    filled = {**reached, **others}
    for height, rung in enumerate(rungs):
        if rung.name in hollow and rung.name not in filled:
            _draw_rung(ax, height, rung, hollow[rung.name], stand_in=True)
        else:
            _draw_rung(ax, height, rung, filled.get(rung.name))
    _name_rungs(ax, {**hollow, **filled}, rungs)
    _draw_legend(ax, mine=bool(filled), stand_in=bool(hollow.keys() - filled.keys()))
    ax.set(xlim=(0, 100), xlabel="test accuracy (%)", xticks=range(0, 101, 10))


def _require_rungs(reached: Mapping[str, float], names: Sequence[str]) -> None:
    for name, accuracy in reached.items():
        if name not in names:
            expected = f"one of: {'; '.join(names)}"
            refuse("ladder", f"a rung {name!r}", expected, "correct the name")
        if not 0 <= accuracy <= 1:
            got, expected = f"{accuracy!r} for {name!r}", "the fraction of test images right"
            refuse("ladder", got, expected, "pass for example 0.41")


def _draw_rung(
    ax: Axes, height: int, rung: Rung, accuracy: float | None, *, stand_in: bool = False
) -> None:
    low, high = 100 * rung.low, 100 * rung.high
    ax.hlines(height, 0, 100, color="#EEEEEE", linewidth=1, zorder=0)
    ax.barh(height, high - low, left=low, height=0.5, color=_BAND)
    if rung.quoted is not None:
        ax.vlines(100 * rung.quoted, height - 0.3, height + 0.3, color=_QUOTED, linewidth=2)
    expected = f"{low:g} – {high:g}" if high > low else f"{high:g}"
    if accuracy is None:
        _write_beside(ax, f"{expected} %", low, high, height, color="#555555")
    else:
        mine = 100 * accuracy
        ax.hlines(height, 0, mine, color=_REACHED, linewidth=1 if stand_in else 3)
        ax.plot(mine, height, **(_HOLLOW if stand_in else _FILLED))
        text = f"{'stand-in' if stand_in else 'you'}: {mine:.1f} %"
        text += f"\n(usual: {expected} %)" if mine < low else ""
        _write_beside(ax, text, min(mine, low), max(mine, high), height, weight="bold")


def _write_beside(ax: Axes, text: str, low: float, high: float, y: float, **style: str) -> None:
    """To the right of what is drawn from low to high, or to the left where room runs out."""
    x, shift, side = (high, 10, "left") if high < 85 else (low, -10, "right")
    box = {
        "facecolor": "white",
        "edgecolor": "none",
        "pad": 1,
    }  # so that no grid line crosses the letters
    ax.annotate(
        text, (x, y), xytext=(shift, 0), textcoords="offset points",
        ha=side, va="center", bbox=box, **style,
    )  # fmt: skip


def _name_rungs(ax: Axes, reached: Mapping[str, float], rungs: Sequence[Rung]) -> None:
    ax.set_yticks(range(len(rungs)), [rung.name for rung in rungs])
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.grid(axis="y", visible=False)
    for label in ax.get_yticklabels():
        climbed = label.get_text() in reached
        label.set(
            fontweight="bold" if climbed else "normal", color="black" if climbed else "#555555"
        )


def _draw_legend(ax: Axes, *, mine: bool, stand_in: bool) -> None:
    (quoted,) = ax.plot([], [], "|", color=_QUOTED, markersize=12, markeredgewidth=2)
    entries = {
        "where one run on CIFAR-10 usually lands": Patch(color=_BAND),
        "figure in the lecture notes; chance": quoted,
    }
    if mine:
        (entries["you"],) = ax.plot([], [], **_FILLED)
    if stand_in:
        (entries["you, on stand-in data, not CIFAR-10"],) = ax.plot([], [], **_HOLLOW)
    ax.figure.legend(list(entries.values()), list(entries), loc="outside lower right", ncols=2)
