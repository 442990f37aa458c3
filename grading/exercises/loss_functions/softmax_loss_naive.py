"""Compute the cross-entropy loss with a loop over the images, stable for large scores."""

import numpy as np

from ..describe import Exercise
from .cross_entropy import CROSS_ENTROPY_SLIPS, cross_entropy_with, other_methods
from .loss_cases import softmax_loss_cases
from .loss_mistakes import LOOP_SLIPS, multiplies_matrix_by_row

exercise = Exercise(
    "softmax_loss_naive",
    assignment="01-loss-functions",
    parts={"data loss": 1, "regularization": 1, "stable": 1},
    hints=(
        "The loss of one image is minus the natural logarithm of the probability of its correct "
        "class. Which parts of softmax do you need for that, and which not?",
        "-log(exp(s_y) / sum(exp(s))) is log(sum(exp(s))) - s_y: no probability is formed that "
        "could round to 0. Subtract the largest score from all scores of the image first.",
        "For each image: scores X[i] @ W, shifted by their maximum; a loop over the classes sums "
        "their exponentials; add the logarithm of that sum minus the shifted score of y[i]. Then "
        "divide by N, and add the penalty once.",
    ),
)


@exercise.solved_by
def softmax_loss_naive(W, X, y, reg):
    loss = 0.0
    for i in range(len(X)):
        scores = X[i] @ W
        scores = scores - np.max(scores)
        loss += np.log(np.sum(np.exp(scores))) - scores[y[i]]
    return loss / len(X) + reg * np.sum(W**2)


exercise.examined_by(softmax_loss_cases)


exercise.twisted_by(CROSS_ENTROPY_SLIPS | LOOP_SLIPS)(cross_entropy_with)
other_methods(exercise)
multiplies_matrix_by_row(exercise)
