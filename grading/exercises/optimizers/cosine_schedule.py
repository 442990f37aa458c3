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


@exercise.twisted_by(
    {
        "rises": "The rate falls from lr_max to lr_min: 1 + cos, not 1 - cos.",
        "floor left out": "The rate ends at lr_min, not at 0.",
        "floor on top": "The wave's height is lr_max - lr_min: yours starts at lr_max + lr_min.",
        "floor not added": "The wave of height lr_max - lr_min stands on lr_min: add it.",
        "floor as a bound": "The whole wave is lifted and squeezed; do not cut it off at lr_min.",
        "sum instead of difference": "The wave's height is lr_max - lr_min, not their sum.",
        "twice too high": "(1 + cos) runs from 2 to 0: halve it.",
        "halved twice": "(1 + cos) runs from 2 to 0: halve it once.",
        "1 + cos not in parentheses": "a * 1 + cos / 2 multiplies and divides before it adds: "
        "write a * (1 + cos) / 2.",
        "only the cosine is halved": "Halve the sum, (1 + cos) / 2: 1 + cos / 2 runs from 1.5 to "
        "0.5.",
        "bare cosine": "The cosine itself goes down to -1: take (1 + cos) / 2.",
        "1 + left out": "Add 1 to the cosine before you halve it: it falls from 1 to -1.",
        "no wave": "The rate falls: multiply the height by (1 + cos) / 2.",
        "height left out": "Stretch the wave to the height lr_max - lr_min before you lift it.",
        "wave alone": "Stretch the wave to the height lr_max - lr_min and lift it by lr_min: yours "
        "runs from 1 to 0, whatever the rates are.",
        "straight line": "A straight line falls evenly; the cosine is flat at both ends.",
        "a whole wave": "Half a wave is enough: the cosine's argument ends at pi.",
        "a quarter wave": "cos falls from 1 to 0 where its argument runs to pi / 2, but is not "
        "flat at the end: take (1 + cos) / 2, up to pi.",
        "half the angle": "The cosine's argument runs from 0 to pi, not to pi / 2.",
        "pi left out": "The cosine's argument runs from 0 to pi: multiply by np.pi.",
        "degrees": "np.cos takes radians: half a turn is np.pi, not 180.",
        "sine": "The sine starts at 0 and ends at 0: np.cos falls from 1 to -1.",
        "whole divisions": "step // total_steps is 0 until the end: divide with /.",
        "angle rounded down": "np.pi * step // total_steps is a whole number: divide with /.",
        "total_steps - 1": "The rate reaches lr_min at step total_steps: divide by total_steps, "
        "not by one less.",
        "total_steps + 1": "The rate reaches lr_min at step total_steps: divide by total_steps, "
        "not by one more.",
        "one step ahead": "Step 0 has the rate lr_max: take step itself, not step + 1.",
        "step and total_steps exchanged": "The argument grows with step: step / total_steps.",
        "rounded": "Return the rate as it comes out: a learning rate of 0.0007 rounded to 3 digits "
        "is 0.001.",
    }
)
def schedule_with(is_, step, total_steps, lr_max, lr_min=0.0):
    if is_("one step ahead"):
        step = step + 1
    if is_("total_steps - 1"):
        total_steps = total_steps - 1
    elif is_("total_steps + 1"):
        total_steps = total_steps + 1
    height = lr_max - lr_min
    if is_("floor left out") or is_("floor on top") or is_("floor as a bound"):
        height = lr_max
    elif is_("sum instead of difference"):
        height = lr_max + lr_min
    cosine = _cosine_with(is_, step, total_steps)
    if is_("1 + cos not in parentheses"):
        return lr_min + height * 1 + cosine / 2
    wave = _wave_with(is_, cosine)
    if is_("wave alone"):
        return wave
    rate = wave if is_("height left out") else height * wave
    if is_("floor as a bound"):
        rate = max(lr_min, rate)
    elif not (is_("floor left out") or is_("floor not added")):
        rate = lr_min + rate
    return round(rate, 3) if is_("rounded") else rate


def _cosine_with(is_, step, total_steps):
    """What falls from 1 to -1."""
    if is_("whole divisions"):
        return np.cos(np.pi * (step // total_steps))
    if is_("angle rounded down"):
        return np.cos(np.pi * step // total_steps)
    if is_("step and total_steps exchanged"):
        return np.cos(np.pi * total_steps / step)
    progress = step / total_steps
    if is_("straight line"):
        return 1 - 2 * progress
    if is_("degrees"):
        return np.cos(180 * progress)
    if is_("pi left out"):
        return np.cos(progress)
    if is_("sine"):
        return np.sin(np.pi * progress)
    if is_("a whole wave"):
        progress = 2 * progress
    elif is_("half the angle"):
        progress = progress / 2
    return (
        2 * np.cos(np.pi * progress / 2) - 1 if is_("a quarter wave") else np.cos(np.pi * progress)
    )


def _wave_with(is_, cosine):
    """What falls from 1 to 0."""
    if is_("no wave"):
        return 1.0
    if is_("bare cosine"):
        return cosine
    if is_("rises"):
        return (1 - cosine) / 2
    if is_("only the cosine is halved"):
        return 1 + cosine / 2
    if is_("1 + left out"):
        return cosine / 2
    return (1 + cosine) / (1 if is_("twice too high") else 4 if is_("halved twice") else 2)
