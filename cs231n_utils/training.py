"""Train anything that has a loss and a gradient: minibatches, live curves, settings.

`Live` wraps a ``loss_and_grad(params, X, y, reg)`` and watches whoever calls it, so curves and
progress come with any training loop. `train` is such a loop, for weights or a dict of weights and
any update rule. `minibatches` streams one epoch without a new array for each batch. `search`
scores settings drawn by `log_grid` and `log_uniform`.
"""

import itertools
import math
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import matplotlib.pyplot as plt
import numpy as np
from IPython import get_ipython
from IPython.display import DisplayHandle, display
from IPython.utils.capture import capture_output
from matplotlib.figure import Figure
from numpy.typing import NDArray
from tqdm import tqdm

from cs231n_utils import plots
from cs231n_utils.optimizers import Rule, sgd
from cs231n_utils.system.processors import blas_in_one_thread
from cs231n_utils.validation import require_integer, require_one_each

__all__ = [
    "History",
    "Live",
    "draw_history",
    "log_grid",
    "log_uniform",
    "minibatches",
    "search",
    "train",
]

Params = Any
"""Weights: an array, or a dict of arrays."""

LossAndGrad = Callable[[Params, NDArray, NDArray, float], tuple[float, Params]]
Shown = Literal["curves", "bar"] | None
"""What a run shows: bar and curves, the bar alone, or nothing."""

_SHARE_OF_DRAWING = 0.1
"""Drawing curves may take this share of the time that training takes."""


# -------------------------------------------------------------------------------- minibatches


def minibatches(
    X: NDArray, y: NDArray, batch_size: int, rng: np.random.Generator
) -> Iterator[tuple[NDArray, NDArray]]:
    """Stream the images of one epoch, every one once, in a random order.

    Parameters
    ----------
    X : ndarray of shape (N, ...)
        Images.
    y : ndarray of shape (N,)
        Labels.
    batch_size : int
        Images in a batch; the last may have fewer.
    rng : Generator
        Draws the order.

    Yields
    ------
    X_batch : ndarray of shape (n, ...) and the dtype of `X`
        **The same memory in every batch**: use it before asking for the next, or copy it.
    y_batch : ndarray of shape (n,)

    Raises
    ------
    ValueError
        If `X` and `y` differ in length, or `batch_size` is below 1.

    Notes
    -----
    One buffer is filled again and again, where ``X[rows]`` makes a new array for every batch. It
    saves time for batches above some 32 MB, for which the system hands out fresh memory each time,
    and memory always.
    """
    require_one_each("minibatches", "label", len(y), len(X))
    require_integer("minibatches", "batch_size", batch_size, 1)
    buffer = np.empty((min(batch_size, len(X)), *X.shape[1:]), dtype=X.dtype)
    order = rng.permutation(len(X))
    for start in range(0, len(X), batch_size):
        rows = np.sort(
            order[start : start + batch_size]
        )  # sorted, so that memory is read forward; the order in a batch does not matter
        images = buffer[: len(rows)]
        if X.flags.c_contiguous:
            # With mode="raise", take would fill a copy of the buffer first; rows are in range.
            np.take(X, rows, axis=0, out=images, mode="clip")
        else:
            images[...] = X[rows]  # take would copy all of X first
        yield images, y[rows]


# ------------------------------------------------------------------------------------ history


@dataclass
class History:
    """What happened in a training run.

    Attributes
    ----------
    losses : list of float
        Loss of each step's batch, before the step.
    scored_at : list of int
        Numbers of steps taken when the scores were computed.
    scores : dict of str to list of float
        By name, the scores at those moments.
    seconds : float
        Wall time of the run, without scoring and drawing.
    """

    losses: list[float] = field(default_factory=list)
    scored_at: list[int] = field(default_factory=list)
    scores: dict[str, list[float]] = field(default_factory=dict)
    seconds: float = 0.0

    def add_scores(self, step: int, scores: Mapping[str, float]) -> None:
        """Append the scores after so many steps."""
        self.scored_at.append(step)
        for name, score in scores.items():
            self.scores.setdefault(name, []).append(float(score))


def draw_history(history: History, title: str = "", steps_per_epoch: float | None = None) -> Figure:
    """Draw loss and scores of a run against epochs, or steps where an epoch is not known.

    The losses of single batches are shown as dots, with their running mean as a line.

    Parameters
    ----------
    history : History
    title : str
        The message of the figure.
    steps_per_epoch : float, optional
        Steps in an epoch.

    Returns
    -------
    Figure
    """
    unit, per_unit = ("epoch", steps_per_epoch) if steps_per_epoch else ("step", 1.0)
    n_panels = 2 if history.scores else 1
    fig, axes = plt.subplots(1, n_panels, figsize=(5.2 * n_panels, 3.6), squeeze=False)
    _draw_losses(axes[0, 0], history.losses, per_unit)
    axes[0, 0].set(xlabel=unit, ylabel="loss on the batch")
    if history.scores:
        at = np.array(history.scored_at) / per_unit
        looks = zip(history.scores.items(), ("-o", "--s", ":^", "-.D"), strict=False)
        for color, ((name, scores), look) in zip(plots.COLORS, looks, strict=False):
            axes[0, 1].plot(at, 100 * np.array(scores), look, color=color, label=name, markersize=4)
        axes[0, 1].set(xlabel=unit, ylabel="accuracy (%)")
        axes[0, 1].legend(loc="lower right")
    plots.headline(fig, title)
    return fig


def _draw_losses(ax: plt.Axes, losses: list[float], per_unit: float) -> None:
    values = np.array(losses)
    steps = np.arange(len(values)) / per_unit
    thin = max(1, len(values) // 2000)
    ax.plot(steps[::thin], values[::thin], ".", color="#999999", markersize=2)
    window = max(1, len(values) // 50)
    if len(values) >= 2 * window:
        means = np.convolve(values, np.ones(window) / window, mode="valid")
        ax.plot(steps[window - 1 :], means, color=plots.COLORS[0])
    finite = values[np.isfinite(values)]
    if len(finite) > 10:  # the limits leave out a few wild batches, which would flatten the rest
        low, high = finite.min(), np.quantile(finite, 0.995)
        ax.set_ylim(low - 0.05 * (high - low) - 1e-9, high + 0.05 * (high - low) + 1e-9)


# ----------------------------------------------------------------------------- watching a run


class Live:
    """A loss and gradient that shows how training goes while somebody else trains.

    Pass it wherever ``loss_and_grad`` is asked for. Every call counts as one step. After the last
    step the bar is closed and the figure final.

    Parameters
    ----------
    loss_and_grad : callable
        ``loss_and_grad(params, X, y, reg) -> (loss, gradient)``.
    n_steps : int
        Calls to expect.
    steps_per_epoch : int, optional
        For the axis, and to score once an epoch.
    score : callable, optional
        From the weights to a dict of accuracies by name, 0..1.
    score_every : int, optional
        Steps between scores; by default an epoch, or a twentieth of the run.
    title : str
        The message of the figure.
    show : {"curves", "bar", None}
        Show a bar and the figure, the bar alone, or nothing; the history is kept anyway.

    Attributes
    ----------
    history : History

    Examples
    --------
    >>> live = Live(softmax_loss_and_gradient, n_steps=100, show=None)  # doctest: +SKIP
    >>> W, losses = train_sgd(live, W0, X, y, 1e-6, 0.0, 256, 2, rng)  # doctest: +SKIP
    """

    def __init__(
        self,
        loss_and_grad: LossAndGrad,
        n_steps: int,
        *,
        steps_per_epoch: int | None = None,
        score: Callable[[Params], Mapping[str, float]] | None = None,
        score_every: int | None = None,
        title: str = "",
        show: Shown = "curves",
    ):
        self.history = History()
        self._loss_and_grad, self._n_steps = loss_and_grad, n_steps
        self._steps_per_epoch, self._title, self._show = steps_per_epoch, title, show
        self._score = score
        self._score_every = score_every or steps_per_epoch or max(1, n_steps // 20)
        self._bar: tqdm | None = None
        self._handle: DisplayHandle | None = None
        self._last_drawn = self._seconds_to_draw = 0.0
        self._started: float | None = None
        self._elsewhere = 0.0

    def __call__(
        self, params: Params, X: NDArray, y: NDArray, reg: float = 0.0
    ) -> tuple[float, Params]:
        step = len(self.history.losses)
        if step == 0:
            self._begin()
        if step % self._score_every == 0:
            self._watch(params, step)
        loss, gradient = self._loss_and_grad(params, X, y, reg)
        self.history.losses.append(float(loss))
        if self._bar is not None:
            self._bar.update()
        if step + 1 == self._n_steps:
            self.finish()
        return loss, gradient

    def finish(self, params: Params | None = None) -> None:
        """Close the bar and draw for the last time; given the last weights, score them first.

        Called by the last step, which has not seen the weights that come after it.
        """
        if self._bar is not None:
            self._bar.set_postfix_str(f"loss {self._recent_loss():.3f}")
            self._bar.close()
            self._bar = None
        if self._started is not None:
            self.history.seconds = time.perf_counter() - self._started - self._elsewhere
            self._started = None
        if params is not None:
            self._score_now(params, len(self.history.losses))
        if self.history.losses:
            self._draw()

    def _begin(self) -> None:
        self._started = time.perf_counter()
        if self._show is None:
            return
        if self._show == "curves" and get_ipython() is not None:
            # Displayed before the bar, so that the curves stand above it.
            self._handle = display({"text/plain": "…"}, raw=True, display_id=True)
        self._bar = tqdm(
            total=self._n_steps,
            desc=self._title or "training",
            unit="step",
            file=sys.stdout,
            mininterval=0.3,
        )

    def _watch(self, params: Params, step: int) -> None:
        def score_and_draw() -> None:
            self._score_now(params, step)
            if self._bar is not None and step:
                self._bar.set_postfix_str(f"loss {self._recent_loss():.3f}", refresh=False)
            waited = time.perf_counter() - self._last_drawn
            if step and waited > self._seconds_to_draw / _SHARE_OF_DRAWING:
                self._draw()

        self._aside(score_and_draw)

    def _aside(self, work: Callable[[], None]) -> None:
        """Do work whose time is not training time."""
        start = time.perf_counter()
        work()
        self._elsewhere += time.perf_counter() - start

    def _score_now(self, params: Params, step: int) -> None:
        if self._score is not None and step not in self.history.scored_at:
            self.history.add_scores(step, self._score(params))

    def _draw(self) -> None:
        if self._handle is None:
            return
        start = time.perf_counter()
        figure = draw_history(self.history, self._title, self._steps_per_epoch)
        with capture_output() as captured:
            plots.show(figure, alt=self._alt())
        frame = captured.outputs[-1]
        self._handle.update(frame.data, metadata=frame.metadata, raw=True)
        self._last_drawn = time.perf_counter()
        self._seconds_to_draw = self._last_drawn - start

    def _recent_loss(self) -> float:
        losses = self.history.losses
        return float(np.mean(losses[-max(1, len(losses) // 50) :]))

    def _alt(self) -> str:
        said = "".join(
            f" {name} accuracy {scores[-1]:.1%}." for name, scores in self.history.scores.items()
        )
        return (
            f"Training curves after {len(self.history.losses)} steps. Loss on the batches "
            f"{self.history.losses[0]:.3g} at first, {self._recent_loss():.3g} lately.{said}"
        )


# -------------------------------------------------------------------------------- a training loop


def train(
    loss_and_grad: LossAndGrad,
    params: Params,
    X: NDArray,
    y: NDArray,
    *,
    step_size: float,
    n_epochs: int,
    rng: np.random.Generator,
    reg: float = 0.0,
    batch_size: int = 256,
    rule: Rule = sgd,
    config: Mapping[str, Any] | None = None,
    schedule: Callable[[int, int], float] | None = None,
    augment: Callable[[NDArray, np.random.Generator], NDArray] | None = None,
    score: Callable[[Params], Mapping[str, float]] | None = None,
    title: str = "",
    show: Shown = "curves",
) -> tuple[Params, History]:
    """Minibatch descent with live curves, for any loss, any weights and any update rule.

    The one loop that trains everything in the course from notebook 06 on.

    Parameters
    ----------
    loss_and_grad : callable
        ``loss_and_grad(params, X, y, reg) -> (loss, gradient)``, gradient like the weights. It
        must not keep its `X`, whose memory is used again for the next batch.
    params : ndarray or dict of str to ndarray
        Weights at the start; they are not changed.
    X, y : ndarray of shape (N, ...) and (N,)
        Images and labels.
    step_size : float
        Learning rate, the `learning_rate` of the rule's config.
    n_epochs : int
        Times to go through all images, in a new order each time.
    rng : Generator
        Draws the orders.
    reg : float
        Passed on to `loss_and_grad`.
    batch_size : int
        Images in a step.
    rule : callable
        ``rule(w, dw, config) -> (next_w, config)``, such as those of `cs231n_utils.optimizers`.
        Each array of weights has a config of its own.
    config : mapping, optional
        What else the configs hold at the start.
    schedule : callable, optional
        ``schedule(step, total_steps)`` is what `step_size` is multiplied by in that step, such as
        `cosine_schedule`.
    augment : callable, optional
        ``augment(images, rng)`` is what to learn from instead of the images of a batch.
    score : callable, optional
        From the weights to a dict of accuracies by name; called once an epoch.
    title : str
        The message of the figure.
    show : {"curves", "bar", None}
        As in `Live`.

    Returns
    -------
    params
        As given, trained, in the same dtype.
    history : History
    """
    steps_per_epoch = math.ceil(len(X) / batch_size)
    n_steps = n_epochs * steps_per_epoch
    live = Live(
        loss_and_grad, n_steps, steps_per_epoch=steps_per_epoch, score=score, title=title, show=show
    )
    single = not isinstance(params, dict)
    weights = {"W": params.copy()} if single else {name: w.copy() for name, w in params.items()}
    configs = {name: {"learning_rate": step_size, **(config or {})} for name in weights}
    epochs = (minibatches(X, y, batch_size, rng) for _ in range(n_epochs))
    with blas_in_one_thread():
        for step, (images, labels) in enumerate(itertools.chain.from_iterable(epochs)):
            if augment is not None:
                images = augment(images, rng)
            _, gradient = live(weights["W"] if single else weights, images, labels, reg)
            gradients = {"W": gradient} if single else gradient
            rate = float(step_size * (schedule(step, n_steps) if schedule else 1.0))
            for name, w in weights.items():
                configs[name]["learning_rate"] = rate
                dw = np.asarray(gradients[name], w.dtype)
                weights[name], configs[name] = rule(w, dw, configs[name])
        trained = weights["W"] if single else weights
        live.finish(trained)
    return trained, live.history


# ------------------------------------------------------------------------------------ settings


def log_grid(low: float, high: float, n: int) -> list[float]:
    """`n` numbers from `low` to `high`, each the same factor above the last.

    Python floats: a NumPy float64 step size would turn float32 weights into float64.

    Parameters
    ----------
    low, high : float
        Above 0.
    n : int

    Returns
    -------
    list of float

    Examples
    --------
    >>> [f"{value:.0e}" for value in log_grid(1e-7, 1e-5, 3)]
    ['1e-07', '1e-06', '1e-05']
    """
    return [float(value) for value in np.geomspace(low, high, n)]


def log_uniform(low: float, high: float, rng: np.random.Generator) -> float:
    """Draw a number whose logarithm is uniform: as likely in 1e-7..1e-6 as in 1e-6..1e-5.

    Parameters
    ----------
    low, high : float
        Above 0.
    rng : Generator

    Returns
    -------
    float
    """
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def search(
    score: Callable[..., float], settings: Iterable[tuple], *, show: bool = True
) -> tuple[tuple | None, dict[tuple, float]]:
    """Score every setting and name the best.

    Parameters
    ----------
    score : callable
        ``score(*setting)``; higher is better, and NaN (a run that blew up) is never best.
    settings : iterable of tuple
        A grid by ``itertools.product`` of `log_grid`, or random draws with `log_uniform`.
    show : bool
        Show progress with the time left.

    Returns
    -------
    best : tuple or None
        None if no score was a number.
    results : dict of tuple to float
        Every setting and its score.

    References
    ----------
    Bergstra and Bengio, "Random search for hyper-parameter optimization", JMLR 2012: why random
    draws are often better than a grid.
    """
    results: dict[tuple, float] = {}
    with tqdm(
        list(settings), desc="settings", unit="run", file=sys.stdout, disable=not show
    ) as bar:
        for setting in bar:
            results[setting] = float(score(*setting))
            bar.set_postfix_str(f"best {max(results.values(), key=_nan_lowest):.3f}")
    best = max(results, key=lambda setting: _nan_lowest(results[setting]), default=None)
    if best is not None and math.isnan(results[best]):
        best = None
    return best, results


def _nan_lowest(score: float) -> float:
    return -math.inf if math.isnan(score) else score
