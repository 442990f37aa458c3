"""Compute the multiclass hinge loss with loops over the images and the classes."""

import numpy as np

from ..describe import Exercise
from .hinge import CLASS_LOOP_SLIPS, HINGE_SLIPS, hinge_loss_with
from .loss_cases import loss_cases
from .loss_mistakes import LOOP_SLIPS, multiplies_matrix_by_row

exercise = Exercise(
    "svm_loss_naive",
    assignment="01-loss-functions",
    parts={"data loss": 2, "regularization": 1},
    hints=(
        "Look at a single image first: its scores are X[i] @ W. Which classes have a margin, and "
        "what does a margin below zero cost?",
        "Two nested loops: over the images i, and over the classes j. Skip j = y[i], and add "
        "max(0, s_j - s_y + 1) for every other class.",
        "After both loops divide the sum by the number of images, N. Then, once, add reg times "
        "the sum of all squared weights.",
    ),
)


@exercise.solved_by
def svm_loss_naive(W, X, y, reg):
    loss = 0.0
    for i in range(len(X)):
        scores = X[i] @ W
        for j in range(W.shape[1]):
            if j != y[i]:
                loss += max(0.0, scores[j] - scores[y[i]] + 1)
    return loss / len(X) + reg * np.sum(W**2)


exercise.examined_by(loss_cases)


exercise.twisted_by(HINGE_SLIPS | CLASS_LOOP_SLIPS | LOOP_SLIPS)(hinge_loss_with)
multiplies_matrix_by_row(exercise)
