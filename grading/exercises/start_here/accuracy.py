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


@exercise.twisted_by(
    {
        "counts": "Divide the number of hits by the number of images.",
        "percent": "The result is a fraction in 0..1, not a percentage.",
        "error rate": "This is the fraction of misses; accuracy is the fraction of hits.",
        "position in the whole array": "Without an axis np.argmax gives one position in the whole "
        "array: pass axis=1.",
        "wrong axis": "The classes are along axis 1 of scores, the images along axis 0.",
        "wrong axis, cut to one length": "np.argmax(scores, axis=0) is the best image of each "
        "class, whose number is no label: pass axis=1, and nothing needs to be cut.",
        "compares scores with labels": "np.max gives the highest score; np.argmax gives the class "
        "that has it.",
        "highest score cut to a whole number": "np.max gives the score itself, and astype(int) "
        "only cuts it; np.argmax gives the class that has it.",
        "one hit per image": "Return one number for all images: the mean of the hits.",
        "integer division": "`//` rounds the fraction down to 0; use `/` or np.mean.",
        "lowest score": "The predicted class has the highest score: np.argmax, not np.argmin.",
        "averages over classes": "Divide by the number of images, len(y), not of classes.",
        "averages over all scores": "Divide by the number of images, len(y), not by scores.size.",
        "one image too few": "There are len(y) images: do not subtract 1.",
        "a tie counts as a hit": "Several classes can share the highest score; with W = 0 all do, "
        "and every image would be a hit. Predict one class for each image, np.argmax(scores, "
        "axis=1), and compare it with y.",
        "best score starts at 0": "All scores of an image may be below 0: begin the search for the "
        "highest with -np.inf, or take np.argmax.",
        "largest in absolute value": "A large negative score is a bad score: leave out np.abs.",
        "counts classes from 1": "Labels are 0..C-1, as np.argmax gives them.",
        "leaves out the first class": "The classes are 0..C-1: begin with class 0.",
        "leaves out the last class": "The classes are 0..C-1: range(C), not range(C - 1).",
        "leaves out the last image": "The images are 0..N-1: range(N), not range(N - 1).",
        "leaves out the first image": "The images are 0..N-1: range(N), not range(1, N).",
        "only the first image": "`return` in the loop ends it after the first image: return after "
        "the loop.",
        "only the last image": "Set the number of hits to 0 once, before the loop over the images.",
        "rounded": "Return the fraction as it is, without rounding.",
    }
)
def accuracy_with(is_, scores, y):
    n, c = scores.shape
    if is_("wrong axis, cut to one length"):
        n = min(n, c)
    if is_("leaves out the last image"):
        scores, y = scores[:-1], y[:-1]
    if is_("leaves out the first image"):
        scores, y = scores[1:], y[1:]
    hits = _hits_with(is_, scores, y)
    if is_("error rate"):
        hits = ~hits
    if is_("only the first image"):
        hits = hits[:1]
    if is_("only the last image"):
        hits = hits[-1:]
    total = hits.astype(float) if is_("one hit per image") else np.sum(hits)
    if is_("averages over classes"):
        n = c
    if is_("averages over all scores"):
        n = n * c
    if is_("one image too few"):
        n = n - 1
    if is_("integer division"):
        total = total // n
    elif not (is_("counts") or is_("one hit per image")):
        total = total / n
    if is_("percent"):
        total = 100 * total
    return np.round(total, 2) if is_("rounded") else total


def _hits_with(is_, scores, y):
    if is_("a tie counts as a hit"):
        return scores[np.arange(len(y)), y] == np.max(scores, axis=1)
    axis = None if is_("position in the whole array") else 0 if is_("wrong axis") else 1
    if is_("compares scores with labels"):
        return np.max(scores, axis=axis) == y
    if is_("highest score cut to a whole number"):
        return np.max(scores, axis=axis).astype(int) == y
    if is_("largest in absolute value"):
        scores = np.abs(scores)
    if is_("best score starts at 0"):
        scores = np.maximum(scores, 0)
    if is_("leaves out the last class"):
        scores = scores[:, :-1]
    first = 1 if is_("leaves out the first class") else 0
    if is_("wrong axis, cut to one length"):
        axis, y = 0, y[: scores.shape[1]]
    best = (np.argmin if is_("lowest score") else np.argmax)(scores[:, first:], axis=axis) + first
    if is_("wrong axis, cut to one length"):
        best = best[: len(y)]
    return best + 1 == y if is_("counts classes from 1") else best == y
