"""An exercise whose reference has something of each kind that can be mistaken."""

import numpy as np

from grading.exercises.describe import Case, Exercise

exercise = Exercise("standardized", assignment="test", parts={"value": 1})


def spread(x, least=1.0):
    if not x.size:
        return least
    return max(np.sqrt((x.T @ x).sum(axis=(0, 1))), least)


@exercise.solved_by
def standardized(x, y):
    x = x - x.mean(axis=0)
    counts = np.zeros(2)
    for i in range(len(y)):
        if y[i] > 0 and i < 3:
            counts[0] += x[i, 0]
        counts[1] = counts[1] + 1
    middle, half = float(np.dot(counts, y[:2])), counts[1] // 2
    middle = -middle if half else np.copy(x[half:]).sum()
    return x.copy() / spread(x), middle


@exercise.examined_by
def cases(rng):
    for n in (4, 7):
        yield Case("value", [(rng.standard_normal((n, 3)), rng.integers(1, 4, n))])
