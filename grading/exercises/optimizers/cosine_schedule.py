"""Lower the learning rate along half a cosine, to zero or to a floor."""

import numpy as np

from ..describe import Case, Exercise

exercise = Exercise(
    "cosine_schedule",
    assignment="07-optimizers",
    parts={"to zero": 1, "to a floor": 1},
    hints=(
        "The cosine falls from 1 to -1 while its argument runs from 0 to pi. How do you turn this "
        "into a number that falls from 1 to 0?",
        "The argument is np.pi * step / total_steps. (1 + cos) / 2 runs from 1 down to 0.",
        "Stretch that to the height lr_max - lr_min, and lift it by lr_min.",
    ),
)


@exercise.solved_by
def cosine_schedule(step, total_steps, lr_max, lr_min=0.0):
    wave = (1 + np.cos(np.pi * step / total_steps)) / 2
    return float(lr_min + (lr_max - lr_min) * wave)


@exercise.examined_by
def cases(rng):
    total, lr_max = int(rng.integers(40, 400)), float(rng.uniform(0.5, 2.0))
    early, late = int(rng.uniform(0.1, 0.3) * total), int(rng.uniform(0.6, 0.9) * total)
    for step in (0, early, late, total):
        yield Case("to zero", [(step, total, lr_max)])
    yield Case("to zero", [(1, 3, 1e-3 * lr_max)], atol=1e-10)
    lr_min = float(rng.uniform(0.2, 0.4)) * lr_max
    for step in (0, early, late, total):
        yield Case("to a floor", [(step, total, lr_max, lr_min)])
    yield Case("to a floor", [(1, 1, lr_max, lr_min)])


@exercise.mistake("a whole wave", "Half a wave is enough: the cosine's argument ends at pi.")
def _(step, total_steps, lr_max, lr_min=0.0):
    return lr_min + (lr_max - lr_min) * (1 + np.cos(2 * np.pi * step / total_steps)) / 2


@exercise.mistake("a quarter wave", "The cosine's argument runs from 0 to pi, not to pi / 2.")
def _(step, total_steps, lr_max, lr_min=0.0):
    return lr_min + (lr_max - lr_min) * np.cos(np.pi * step / total_steps / 2)


@exercise.mistake("twice too high", "(1 + cos) runs from 2 to 0: halve it.")
def _(step, total_steps, lr_max, lr_min=0.0):
    return lr_min + (lr_max - lr_min) * (1 + np.cos(np.pi * step / total_steps))


@exercise.mistake("bare cosine", "The cosine itself goes down to -1: take (1 + cos) / 2.")
def _(step, total_steps, lr_max, lr_min=0.0):
    return lr_min + (lr_max - lr_min) * np.cos(np.pi * step / total_steps)


@exercise.mistake("rises", "The rate falls from lr_max to lr_min: 1 + cos, not 1 - cos.")
def _(step, total_steps, lr_max, lr_min=0.0):
    return lr_min + (lr_max - lr_min) * (1 - np.cos(np.pi * step / total_steps)) / 2


@exercise.mistake("straight line", "A straight line falls evenly; the cosine is flat at both ends.")
def _(step, total_steps, lr_max, lr_min=0.0):
    return lr_min + (lr_max - lr_min) * (1 - step / total_steps)


@exercise.mistake("degrees", "np.cos takes radians: half a turn is np.pi, not 180.")
def _(step, total_steps, lr_max, lr_min=0.0):
    return lr_min + (lr_max - lr_min) * (1 + np.cos(180 * step / total_steps)) / 2


@exercise.mistake("floor left out", "The rate ends at lr_min, not at 0.")
def _(step, total_steps, lr_max, lr_min=0.0):
    return lr_max * (1 + np.cos(np.pi * step / total_steps)) / 2


@exercise.mistake(
    "floor on top", "The wave's height is lr_max - lr_min: yours starts at lr_max + lr_min."
)
def _(step, total_steps, lr_max, lr_min=0.0):
    return lr_min + lr_max * (1 + np.cos(np.pi * step / total_steps)) / 2


@exercise.mistake(
    "floor as a bound", "The whole wave is lifted and squeezed; do not cut it off at lr_min."
)
def _(step, total_steps, lr_max, lr_min=0.0):
    return max(lr_min, lr_max * (1 + np.cos(np.pi * step / total_steps)) / 2)


@exercise.mistake("whole divisions", "step // total_steps is 0 until the end: divide with /.")
def _(step, total_steps, lr_max, lr_min=0.0):
    return lr_min + (lr_max - lr_min) * (1 + np.cos(np.pi * (step // total_steps))) / 2


@exercise.mistake(
    "rounded",
    "Return the rate as it comes out: a learning rate of 0.0007 rounded to 3 digits is 0.001.",
)
def rounded(step, total_steps, lr_max, lr_min=0.0):
    return round(cosine_schedule(step, total_steps, lr_max, lr_min), 3)


@exercise.mistake(
    "angle rounded down", "np.pi * step // total_steps is a whole number: divide with /."
)
def _(step, total_steps, lr_max, lr_min=0.0):
    return lr_min + (lr_max - lr_min) * (1 + np.cos(np.pi * step // total_steps)) / 2
