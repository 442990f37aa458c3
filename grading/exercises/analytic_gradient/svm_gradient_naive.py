"""Compute the gradient of the hinge loss with loops over the images and the classes."""

import numpy as np

from ..describe import Case, Exercise
from ..loss_functions.hinge import CLASS_LOOP_SLIPS, hinge_margins
from ..loss_functions.loss_mistakes import LOOP_SLIPS
from .gradient_cases import (
    DIFFERENCE,
    PIXEL,
    draw_batch,
    draw_batch_in_small_units,
    draw_batches,
    formula_case,
)
from .gradient_mistakes import NUMERICAL, numerical_slopes, shows_differences
from .hinge import HINGE_GRADIENT_SLIPS, hinge_gradient_with, hinge_loss

exercise = Exercise(
    "svm_gradient_naive",
    assignment="05-analytic-gradient",
    parts={"gradient": 1.5, "regularization": 0.5},
    hints=(
        "A term max(0, s_j - s_y + 1) of the loss has slope 1 or 0. Which columns of W does it "
        "depend on, and with which sign?",
        "If the margin is above 0, raising s_j raises the loss and raising s_y lowers it. s_j is "
        "x_i . W[:, j]: its derivative with respect to that column is x_i.",
        "Two loops as in svm_loss_naive. For each margin above 0, add X[i] to column j of dW and "
        "subtract X[i] from column y[i]. At the end divide by N and add the gradient of the "
        "penalty, 2 * reg * W.",
    ),
)


@exercise.solved_by
def svm_gradient_naive(W, X, y, reg):
    dW = np.zeros(W.shape)
    for i in range(len(X)):
        scores = X[i] @ W
        for j in range(W.shape[1]):
            if j != y[i] and scores[j] - scores[y[i]] + 1 > 0:
                dW[:, j] += X[i]
                dW[:, y[i]] -= X[i]
    return dW / len(X) + 2 * reg * W


exercise.as_right(
    "Where a margin is exactly 0, either slope is right.",
    "if j != y[i] and scores[j] - scores[y[i]] + 1 >= 0:",
)
exercise.as_right(
    "For the correct class itself, whose margin is 1, X[i] is added and subtracted.",
    "if scores[j] - scores[y[i]] + 1 > 0:",
)


@exercise.examined_by
def cases(rng):
    for batch in draw_batches(rng):
        yield Case("gradient", [(*batch, 0.0)])
    yield Case(
        "gradient",
        [(*draw_batch_in_small_units(rng, 6, 5, 4), 0.0)],
        answer=lambda seen: seen[0].value / PIXEL,
        measures="dW / 1e8",
    )
    yield formula_case(rng, "gradient")
    for reg in (0.7, float(rng.uniform(0.5, 3.0))):
        batch = draw_batch(rng, 5, 4, 3)
        calls = [(*batch, 0.0), (*batch, reg)]
        yield Case(
            "regularization",
            calls,
            answer=lambda seen: seen[1].value - seen[0].value,
            measures=DIFFERENCE,
        )


exercise.twisted_by(
    HINGE_GRADIENT_SLIPS
    | LOOP_SLIPS
    | {"stops at the correct class": CLASS_LOOP_SLIPS["stops at the correct class"]}
)(hinge_gradient_with)


@exercise.mistake(*NUMERICAL, shows=shows_differences)
def takes_differences(W, X, y, reg):
    return numerical_slopes(hinge_loss, W, X, y) + 2 * reg * W


@exercise.mistake(
    "rows instead of columns",
    "The weights of class j are a column: dW[:, j], where dW[j] is a row.",
)
def adds_to_rows(W, X, y, reg):
    dW = np.zeros(W.shape)
    for i, j in np.argwhere(hinge_margins(W, X, y) > 0):
        dW[j] += X[i]
        dW[y[i]] -= X[i]
    return dW / len(X) + 2 * reg * W


@exercise.mistake(
    "assigns instead of adding",
    "`dW[:, j] = X[i]` forgets what other margins gave that column: write `+=` and `-=`.",
)
def assigns(W, X, y, reg):
    return _assigned(W, X, y, reg, kept=0)


@exercise.mistake(
    "assigns to the correct class's column",
    "`dW[:, y[i]] = -X[i]` forgets what other margins gave that column: write `-=`.",
)
def assigns_to_the_correct_column(W, X, y, reg):
    return _assigned(W, X, y, reg, kept=1)


def _assigned(W, X, y, reg, kept):
    """The gradient whose correct columns are assigned to, the others too if nothing is `kept`."""
    dW = np.zeros(W.shape)
    for i, j in np.argwhere(hinge_margins(W, X, y) > 0):
        dW[:, j] = kept * dW[:, j] + X[i]
        dW[:, y[i]] = -X[i]
    return dW / len(X) + 2 * reg * W
