"""Steps divided by the root of squared gradients, and the slips that such rules know."""

import numpy as np

DIVISOR_SLIPS = {
    "climbs": "Subtract the step: the gradient points uphill.",
    "no root": "Divide by the square root of the squares, not by the squares themselves.",
    "epsilon inside the root": "Add epsilon after the root: np.sqrt(...) + epsilon.",
    "epsilon left out": "Add epsilon to the root: what is divided by may be 0.",
    "root and epsilon not in parentheses": "a / b + c divides before it adds: put root and epsilon "
    "in parentheses, a / (b + c).",
    "epsilon subtracted": "Add epsilon to the root: it keeps the divisor from 0.",
    "multiplied by the root": "Divide by the root: where gradients are large, steps are short.",
    "not divided": "Divide the step by the root of the squares plus epsilon.",
}
"""Slips in a step over a root plus epsilon."""

SQUARE_SLIPS = {
    "gradient not squared": "The squares of the gradient are added: dw**2, so that both signs do "
    "not cancel.",
    "absolute value instead of the square": "Take the square of each gradient, dw**2, not its "
    "absolute value.",
    "one square for all weights": "Each weight has a square of its own: dw**2 entry by entry, not "
    "its sum.",
    "mean of the squares of all weights": "Each weight has a square of its own: dw**2 entry by "
    "entry, not its mean.",
}

CACHE_SLIPS = (
    DIVISOR_SLIPS
    | SQUARE_SLIPS
    | {
        "divides by the old cache": "Update the cache first, then divide by its root.",
        "cache never changes": "Update the cache with dw**2 before you divide by its root.",
        "divides by the new square alone": "Divide by the root of the cache, which holds the "
        "squares of all steps so far, not of this one alone.",
        "one divisor for all weights": "Each weight has a divisor of its own: take the root of "
        "each entry of the cache, not of its sum.",
        "keeps the root": "The cache keeps the squares themselves; take the root for the step "
        "alone.",
        "keeps epsilon in the cache": "Add epsilon to the root, for the step alone: your cache "
        "grows by it.",
    }
)


def divided_with(is_, a, square, epsilon):
    """``a`` over the root plus epsilon, with slips."""
    if is_("not divided"):
        return a
    with np.errstate(all="ignore"):
        if is_("epsilon inside the root"):
            return a / np.sqrt(square + epsilon)
        root = square if is_("no root") else np.sqrt(square)
        if is_("root and epsilon not in parentheses"):
            return a / root + epsilon
        if is_("epsilon left out"):
            epsilon = 0.0
        elif is_("epsilon subtracted"):
            epsilon = -epsilon
        return a * (root + epsilon) if is_("multiplied by the root") else a / (root + epsilon)


def square_with(is_, dw):
    """The squares of a gradient, with slips."""
    if is_("gradient not squared"):
        return dw
    if is_("absolute value instead of the square"):
        return np.abs(dw)
    if is_("one square for all weights"):
        return np.sum(dw**2)
    return np.mean(dw**2) if is_("mean of the squares of all weights") else dw**2


def scaled_step_with(is_, w, dw, settings, old, new):
    """The weights after a step over the root of the cache, and what is kept; with slips."""
    if is_("cache never changes"):
        new = old
    if is_("keeps epsilon in the cache"):
        new = new + settings["epsilon"]
    below = new
    if is_("divides by the old cache"):
        below = old
    elif is_("divides by the new square alone"):
        below = dw**2
    elif is_("one divisor for all weights"):
        below = np.sum(new)
    elif is_("corrected as in Adam"):
        below = new / (1 - settings["decay_rate"])  # In every question t is in its first step.
    step = divided_with(is_, settings["learning_rate"] * dw, below, settings["epsilon"])
    kept = np.sqrt(new) if is_("keeps the root") else new
    return (w + step if is_("climbs") else w - step), {"cache": kept}
