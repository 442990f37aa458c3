"""Take one step of Adam: momentum and RMSProp, both corrected for their start."""

import numpy as np

from .squared_gradients import DIVISOR_SLIPS, SQUARE_SLIPS, divided_with, square_with
from .update_rule import Rule

exercise = Rule(
    "adam",
    {"update": 2, "first step": 1},
    points_of_form=0.5,
    settings={"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8},
    state=["m", "v", "t"],
    hints=(
        "Adam keeps two running means, m of the gradient and v of its square, and counts its "
        "steps in t. All three come from config and go back there.",
        "Raise t by one first. m keeps beta1 of itself and takes 1 - beta1 of dw; v does the same "
        "with beta2 and dw**2. Store these three.",
        "For the step alone, divide m by 1 - beta1**t and v by 1 - beta2**t. Then subtract the "
        "learning rate times the corrected m over (the root of the corrected v, plus epsilon).",
    ),
)


@exercise.solved_by
def adam(w, dw, config=None):
    config = {} if config is None else config
    learning_rate = config.setdefault("learning_rate", 1e-3)
    beta1 = config.setdefault("beta1", 0.9)
    beta2 = config.setdefault("beta2", 0.999)
    epsilon = config.setdefault("epsilon", 1e-8)
    m, v = config.get("m", np.zeros_like(w)), config.get("v", np.zeros_like(w))

    t = config.get("t", 0) + 1
    m = beta1 * m + (1 - beta1) * dw
    v = beta2 * v + (1 - beta2) * dw**2
    config["m"], config["v"], config["t"] = m, v, t

    m_corrected = m / (1 - beta1**t)
    v_corrected = v / (1 - beta2**t)
    return w - learning_rate * m_corrected / (np.sqrt(v_corrected) + epsilon), config


@exercise.twisted_by(
    {
        "no bias correction": "m and v start at zero and are too small at first: divide them by "
        "1 - beta**t.",
        "only m is corrected": "Correct v as well, by 1 - beta2**t.",
        "only v is corrected": "Correct m as well, by 1 - beta1**t.",
        "t used before it is raised": "Raise t first: at t = 0 the correction 1 - beta**t is 0, "
        "and the step divides by it.",
        "t starts at 1 and is raised": "t counts the steps: it starts at 0 and is raised to 1 "
        "before the first correction; yours is 2 there.",
        "t starts at 1 and is raised last": "config keeps the number of steps made: start t at 0 "
        "and raise it first, so that the first step uses 1 and keeps 1.",
        "t is never raised": "t counts the steps: raise it by one in each, and store it.",
    }
    | DIVISOR_SLIPS
    | SQUARE_SLIPS
    | {
        "keeps the corrected means": "The config keeps m and v themselves; the corrected ones are "
        "for this step only.",
        "betas exchanged": "beta1 goes with m, beta2 with v; yours are exchanged.",
        "v corrected with beta1": "v is corrected by 1 - beta2**t; beta1 goes with m.",
        "m corrected with beta2": "m is corrected by 1 - beta1**t; beta2 goes with v.",
        "betas exchanged in the corrections": "m is corrected by 1 - beta1**t, v by 1 - beta2**t; "
        "yours are exchanged.",
        "correction does not count the steps": "The correction is 1 - beta**t with the number of "
        "steps t, not 1 - beta.",
        "beta times t": "The correction has beta to the power t: beta**t, not beta * t.",
        "beta times t under np.abs": "The correction has beta to the power t: 1 - beta**t is never "
        "below 0, so that the root needs no np.abs.",
        "1 - beta to the power t": "Only beta is raised to the power t: 1 - beta**t, not "
        "(1 - beta)**t.",
        "multiplied by the correction": "Divide by 1 - beta**t: m and v are too small at first.",
        "correction not in parentheses": "m / 1 - beta1**t divides by 1 and then subtracts: write "
        "m / (1 - beta1**t), and v likewise.",
        "corrections in the learning rate": "With both corrections in the learning rate, epsilon "
        "is not where the formula has it: divide m and v by their corrections, and add epsilon to "
        "the root of the corrected v.",
        "weights of the means exchanged": "beta goes with the old mean, 1 - beta with what is new; "
        "yours are exchanged.",
        "m is not a mean": "Weigh dw by 1 - beta1: otherwise m is not a mean.",
        "v is not a mean": "Weigh dw**2 by 1 - beta2: otherwise v is not a mean.",
        "square of m instead of the gradient's": "v is the running mean of dw**2, not of m**2.",
        "steps along the gradient": "Step along the corrected m, the running mean, not along this "
        "step's gradient.",
    }
)
def adam_with(is_, w, dw, settings, memory):
    t_before = memory["t"]
    from_1 = is_("t starts at 1 and is raised") or is_("t starts at 1 and is raised last")
    if from_1 and t_before == 0:
        t_before = 1
    t = t_before if is_("t is never raised") else t_before + 1
    m, v = _means_with(is_, dw, settings, memory)
    late = is_("t used before it is raised") or is_("t starts at 1 and is raised last")
    with np.errstate(all="ignore"):
        mean, square = _corrected_with(is_, m, v, t_before if late else t, settings)
        ahead = dw if is_("steps along the gradient") else mean
        step = divided_with(is_, settings["learning_rate"] * ahead, square, settings["epsilon"])
    kept = {"m": mean, "v": square} if is_("keeps the corrected means") else {"m": m, "v": v}
    return (w + step if is_("climbs") else w - step), kept | {"t": t}


def _means_with(is_, dw, settings, memory):
    beta1, beta2 = settings["beta1"], settings["beta2"]
    if is_("betas exchanged"):
        beta1, beta2 = beta2, beta1
    if is_("weights of the means exchanged"):
        beta1, beta2 = 1 - beta1, 1 - beta2
    m = beta1 * memory["m"] + (dw if is_("m is not a mean") else (1 - beta1) * dw)
    square = m**2 if is_("square of m instead of the gradient's") else square_with(is_, dw)
    return m, beta2 * memory["v"] + (square if is_("v is not a mean") else (1 - beta2) * square)


def _corrected_with(is_, m, v, t, settings):
    """m and v, each divided by its correction."""
    beta1, beta2 = settings["beta1"], settings["beta2"]
    if is_("betas exchanged in the corrections"):
        beta1, beta2 = beta2, beta1
    elif is_("v corrected with beta1"):
        beta2 = beta1
    elif is_("m corrected with beta2"):
        beta1 = beta2
    if is_("correction does not count the steps"):
        t = 1
    of_m, of_v = 1 - beta1**t, 1 - beta2**t
    if is_("beta times t") or is_("beta times t under np.abs"):
        of_m, of_v = 1 - beta1 * t, 1 - beta2 * t
    if is_("beta times t under np.abs"):
        of_v = abs(of_v)
    elif is_("1 - beta to the power t"):
        of_m, of_v = (1 - beta1) ** t, (1 - beta2) ** t
    if is_("multiplied by the correction"):
        return m * of_m, v * of_v
    if is_("correction not in parentheses"):
        return m - beta1**t, v - beta2**t
    if is_("corrections in the learning rate"):
        return m / of_m * of_v**0.5, v
    if is_("no bias correction"):
        return m, v
    return (m if is_("only v is corrected") else m / of_m), (
        v if is_("only m is corrected") else v / of_v
    )
