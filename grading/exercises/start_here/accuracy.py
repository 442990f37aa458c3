"""Find the fraction of images whose highest score is that of their label."""

import numpy as np

from ..describe import Case, Exercise

exercise = Exercise(
    "accuracy",
    assignment="00-start-here",
    parts={"value": 1},
    hints=(
        "An image is a hit if the class with its highest score is its label. First find that "
        "class for every image.",
        "np.argmax gives the position of the largest number; with axis=1 it gives one for each "
        "row.",
        "Compare the predicted classes with y, which gives one True or False per image. The mean "
        "of these, with True as 1, is the fraction of hits; float(...) makes it a Python number.",
    ),
)


@exercise.solved_by
def accuracy(scores, y):
    return float(np.mean(np.argmax(scores, axis=1) == y))


@exercise.examined_by
def cases(rng):
    for n, c in ((10, 4), (7, 10), (30, 3)):
        scores = rng.standard_normal((n, c))
        scores[0, rng.integers(c)] += 9.0  # argmax of the whole array is then a label
        y = rng.integers(0, c, n)
        y[: n // 2] = np.argmax(scores, axis=1)[: n // 2]
        y[-1] = (np.argmax(scores[-1]) + 1) % c
        yield Case("value", [(scores, y)])
    yield Case("value", [(scores, np.argmax(scores, axis=1))])
    ties = np.zeros((4, 3))  # as W = 0 gives them
    ties[1:, rng.permutation(3)[:2]] = rng.uniform(1, 2, (3, 1))
    yield Case(
        "value",
        [(ties, np.full(4, label)) for label in range(3)],
        answer=_sum_over_the_labels,
        measures="for images with equal scores, its sum over all labels",
    )


def _sum_over_the_labels(observations):
    return sum(observation.value for observation in observations)


@exercise.mistake("counts", "Divide the number of hits by the number of images.")
def _(scores, y):
    return int(np.sum(np.argmax(scores, axis=1) == y))


@exercise.mistake("percent", "The result is a fraction in 0..1, not a percentage.")
def _(scores, y):
    return 100 * float(np.mean(np.argmax(scores, axis=1) == y))


@exercise.mistake("integer division", "`//` rounds the fraction down to 0; use `/` or np.mean.")
def _(scores, y):
    return int(np.sum(np.argmax(scores, axis=1) == y)) // len(y)


@exercise.mistake("error rate", "This is the fraction of misses; accuracy is the fraction of hits.")
def _(scores, y):
    return float(np.mean(np.argmax(scores, axis=1) != y))


@exercise.mistake(
    "lowest score", "The predicted class has the highest score: np.argmax, not np.argmin."
)
def _(scores, y):
    return float(np.mean(np.argmin(scores, axis=1) == y))


@exercise.mistake(
    "position in the whole array",
    "Without an axis np.argmax gives one position in the whole array: pass axis=1.",
)
def _(scores, y):
    return float(np.mean(np.argmax(scores) == y))


@exercise.mistake(
    "compares scores with labels",
    "np.max gives the highest score; np.argmax gives the class that has it.",
)
def _(scores, y):
    return float(np.mean(np.max(scores, axis=1) == y))


@exercise.mistake("one hit per image", "Return one number for all images: the mean of the hits.")
def _(scores, y):
    return (np.argmax(scores, axis=1) == y).astype(float)


@exercise.mistake("wrong axis", "The classes are along axis 1 of scores, the images along axis 0.")
def _(scores, y):
    return float(np.mean(np.argmax(scores, axis=0) == y))


@exercise.mistake(
    "averages over classes", "Divide by the number of images, len(y), not of classes."
)
def _(scores, y):
    return float(np.sum(np.argmax(scores, axis=1) == y) / scores.shape[1])


@exercise.mistake(
    "a tie counts as a hit",
    "Several classes can share the highest score; with W = 0 all do, and every image would be a "
    "hit. Predict one class for each image, np.argmax(scores, axis=1), and compare it with y.",
)
def compares_with_the_highest_score(scores, y):
    return float(np.mean(scores[np.arange(len(y)), y] == np.max(scores, axis=1)))
