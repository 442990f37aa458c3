"""Predict first: a question that keeps what a student says, and then shows the result beside it."""

import html
from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any

import numpy as np

from ..checking.cards import card, show
from .curves import Curve
from .predictions import Choice, Number, Outcome, Prediction, as_text, is_number
from .questions import ACCENT, say

_POSED: dict[str, tuple[str | None, Prediction]] = {}
"""What was posed in this kernel, with the id of its cell where that is known."""


def predict_first(
    name: str,
    question: str,
    *,
    right: Any,
    wrong: Mapping[Any, str],
    why: str,
    within: float | None = None,
    unit: str = "",
    axes: tuple[str, str] | None = None,
    limits: tuple[float, float] | None = None,
) -> None:
    """Ask for a prediction, keep the first one, and show the result beside it.

    Where widgets cannot run, the output has the answer folded away, and
    ``predict_first.answer(name, 7)`` takes the prediction.

    Parameters
    ----------
    name : str
        The notebook's number and a name of its own, such as "03-best-of-1000".
    question : str
    right : str, float, or pair of arrays
        A text makes it a choice, a number a number, and a pair (xs, ys) a curve to be drawn.
    wrong : dict
        Typical wrong answers of the same kind, each with the sentence that is said to it. A wrong
        curve is one of `curves.SHAPES`, such as "rises", or a tuple of ys.
    why : str
        Why the right answer is right; said to all.
    within : float, optional
        How far from the right number another still counts as right, 0 if left out; for a curve
        the mean distance as a share of the height of the axis, 0.1 if left out.
    unit : str, optional
        Of the number.
    axes : pair of str, optional
        The names of the axes of a curve; an axis is logarithmic if its name ends in "(log scale)".
    limits : pair of float, optional
        The ends of the vertical axis of a curve; if left out, they leave room around it.

    Raises
    ------
    ValueError
        If these do not fit together; the message tells the author what to mend.

    Examples
    --------
    >>> predict_first(
    ...     "01-start-softmax",
    ...     "What is the softmax loss of ten classes before any training?",
    ...     right=2.303,
    ...     within=0.01,
    ...     wrong={9: "That is the hinge loss: nine margins of 1."},
    ...     why="Each class has probability 1/10, and -ln(1/10) is 2.303.",
    ... )  # doctest: +SKIP
    """
    from IPython import get_ipython
    from IPython.display import display

    prediction = prediction_from(
        name,
        question,
        right=right,
        wrong=wrong,
        why=why,
        within=within,
        unit=unit,
        axes=axes,
        limits=limits,
    )
    _register(prediction)
    text, as_html = _plain(prediction), _folded(prediction)
    if get_ipython() is None or find_spec("anywidget") is None:
        show(text, as_html)
        return
    from ..widgets.prediction import PredictionWidget

    display(PredictionWidget(prediction, {"text/html": as_html, "text/plain": text}))


def answer(name: str, said: Any) -> None:
    """Make a prediction without a widget.

    Parameters
    ----------
    name : str
        That of a ``predict_first`` cell that was run before.
    said : str, int, float or list
        A choice or its number; a number; a curve in words, or as a list of heights.

    Examples
    --------
    >>> predict_first.answer("01-start-softmax", 9)  # doctest: +SKIP
    """
    if name not in _POSED:
        say(f"There is no question {str(name)[:60]!r} yet: run its predict_first(...) cell first.")
        return
    _, prediction = _POSED[name]
    try:
        outcome = prediction.answer(said)
    except ValueError as error:
        say(str(error))
        return
    show(as_text(outcome), card(prediction.question, _as_html(outcome), ACCENT))


predict_first.answer = answer


def prediction_from(
    name: str,
    question: str,
    *,
    right: Any,
    wrong: Mapping[Any, str],
    why: str,
    within: float | None = None,
    unit: str = "",
    axes: tuple[str, str] | None = None,
    limits: tuple[float, float] | None = None,
) -> Prediction:
    """The prediction that `predict_first` asks for with these arguments.

    Raises
    ------
    ValueError
        If they do not fit together.
    """
    if isinstance(right, str):
        return Choice(name, question, right, wrong, why)
    if is_number(right):
        return Number(name, question, right, wrong, why, within or 0.0, unit)
    try:
        pair = np.asarray(right, dtype=float)
    except (TypeError, ValueError):
        pair = np.empty(0)
    if len(pair.shape) == 2 and len(pair) == 2 and np.all(np.isfinite(pair)):
        curve = tuple(tuple(values) for values in pair.tolist())
        return Curve(name, question, curve, wrong, why, within or 0.1, axes, limits)
    raise ValueError(
        f"predict_first({name!r}): got right={right!r}, expected a text (a choice), a number, or "
        "a pair of arrays (a curve)."
    )


def _plain(prediction: Prediction) -> str:
    """A question, and what was said to it, as plain text."""
    first = prediction.kept()
    lines = [f"Predict first: {prediction.question}"]
    if first is not None:
        return "\n".join([*lines, as_text(prediction.outcome(first, first))])
    lines += [f"  {i}  {text}" for i, text in enumerate(prediction.choices, 1)]
    return "\n".join([*lines, f"Without a widget, answer so: {_call(prediction)}"])


def _folded(prediction: Prediction) -> str:
    """A question as HTML, with the answer folded away unless something was said to it."""
    first = prediction.kept()
    if first is not None:
        outcome = prediction.outcome(first, first)
        return card(prediction.question, _as_html(outcome), ACCENT)
    choices = "".join(f"<li>{html.escape(text)}</li>" for text in prediction.choices)
    inner = f"<ol>{choices}</ol>" if choices else ""
    inner += (
        f"<p>Without a widget, answer so: <code>{html.escape(_call(prediction))}</code></p>"
        f"<details><summary>Answer</summary>{html.escape(prediction.told(prediction.right))}. "
        f"{html.escape(prediction.why)}</details>"
    )
    return card(prediction.question, inner, ACCENT)


def _register(prediction: Prediction) -> None:
    from IPython import get_ipython

    parent = getattr(get_ipython(), "get_parent", dict)()
    cell = parent.get("metadata", {}).get("cellId")  # JupyterLab says it
    before, posed = _POSED.get(prediction.name, (None, prediction))
    if posed != prediction and None not in (cell, before) and cell != before:
        prediction.refuse("got a name that another cell has", "a name of its own")
    _POSED[prediction.name] = cell, prediction


def _call(prediction: Prediction) -> str:
    return f'predict_first.answer("{prediction.name}", {prediction.example!r})'


def _as_html(outcome: Outcome) -> str:
    rows = "".join(
        f"<tr><th scope='row' style='text-align:left'>{html.escape(name)}</th>"
        f"<td style='text-align:left'>{html.escape(told)}</td></tr>"
        for name, told in outcome.rows
    )
    sentences = "".join(f"<p>{html.escape(text)}</p>" for text in outcome.sentences)
    return f"<table>{rows}</table>{sentences}"
