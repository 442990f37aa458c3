"""Take one step of Adam: momentum and RMSProp, both corrected for their start."""

import numpy as np

from .update_rule import Rule

exercise = Rule(
    "adam",
    {"update": 2, "first step": 1},
    points_of_form=0.5,
    settings=["learning_rate", "beta1", "beta2", "epsilon"],
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


def _adam(w, dw, config, corrected=None, step=None, kept=None, power=2, **wrong_settings):
    """The reference with wrong corrections, a wrong step or power, or wrong entries kept."""
    start = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}
    zeros = {"m": np.zeros_like(w), "v": np.zeros_like(w), "t": 0}
    config = start | zeros | (config or {})
    used = config | {key: value(config) for key, value in wrong_settings.items()}
    beta1, beta2, t = used["beta1"], used["beta2"], config["t"] + 1
    m = beta1 * config["m"] + (1 - beta1) * dw
    v = beta2 * config["v"] + (1 - beta2) * dw**power
    with np.errstate(all="ignore"):
        mean, square = (corrected or _bias_corrected)(m, v, t, beta1, beta2)
        epsilon = config["epsilon"]
        direction = step(mean, square, epsilon) if step else mean / (np.sqrt(square) + epsilon)
        next_w = w - config["learning_rate"] * direction
    state = {"m": m, "v": v, "t": t}
    return next_w, config | (kept(config, state, mean, square) if kept else state)


def _bias_corrected(m, v, t, beta1, beta2):
    return m / (1 - np.float64(beta1) ** t), v / (1 - np.float64(beta2) ** t)


@exercise.wrong(
    "no bias correction",
    "m and v start at zero and are too small at first: divide them by 1 - beta**t.",
)
def _(w, dw, config=None):
    return _adam(w, dw, config, corrected=lambda m, v, t, beta1, beta2: (m, v))


@exercise.wrong("only m is corrected", "Correct v as well, by 1 - beta2**t.")
def _(w, dw, config=None):
    return _adam(w, dw, config, corrected=lambda m, v, t, beta1, beta2: (m / (1 - beta1**t), v))


@exercise.wrong("only v is corrected", "Correct m as well, by 1 - beta1**t.")
def _(w, dw, config=None):
    return _adam(w, dw, config, corrected=lambda m, v, t, beta1, beta2: (m, v / (1 - beta2**t)))


@exercise.wrong(
    "t used before it is raised",
    "Raise t first: at t = 0 the correction 1 - beta**t is 0, and the step divides by it.",
)
def _(w, dw, config=None):
    return _adam(
        w,
        dw,
        config,
        corrected=lambda m, v, t, beta1, beta2: _bias_corrected(m, v, t - 1, beta1, beta2),
    )


@exercise.wrong("t is not kept", 'Store the raised t: config["t"] = t.')
def _(w, dw, config=None):
    return _adam(w, dw, config, kept=lambda config, state, mean, square: state | {"t": config["t"]})


@exercise.wrong(
    "keeps the corrected means",
    "The config keeps m and v themselves; the corrected ones are for this step only.",
)
def _(w, dw, config=None):
    return _adam(
        w, dw, config, kept=lambda config, state, mean, square: state | {"m": mean, "v": square}
    )


@exercise.wrong("m and v are not kept", "Store m and v in the config: they are Adam's memory.")
def _(w, dw, config=None):
    return _adam(w, dw, config, kept=lambda config, state, mean, square: {"t": state["t"]})


@exercise.wrong("betas exchanged", "beta1 goes with m, beta2 with v; yours are exchanged.")
def _(w, dw, config=None):
    return _adam(w, dw, config, beta1=lambda c: c["beta2"], beta2=lambda c: c["beta1"])


@exercise.wrong(
    "correction does not count the steps",
    "The correction is 1 - beta**t with the number of steps t, not 1 - beta.",
)
def _(w, dw, config=None):
    return _adam(
        w,
        dw,
        config,
        corrected=lambda m, v, t, beta1, beta2: _bias_corrected(m, v, 1, beta1, beta2),
    )


@exercise.wrong("beta times t", "The correction has beta to the power t: beta**t, not beta * t.")
def _(w, dw, config=None):
    return _adam(
        w,
        dw,
        config,
        corrected=lambda m, v, t, beta1, beta2: (m / (1 - beta1 * t), v / (1 - beta2 * t)),
    )


@exercise.wrong("gradient not squared", "v is the running mean of dw**2, the gradient's square.")
def _(w, dw, config=None):
    return _adam(w, dw, config, power=1)


@exercise.wrong(
    "corrections in the learning rate",
    "With both corrections in the learning rate, epsilon is not where the formula has it: divide "
    "m and v by their corrections, and add epsilon to the root of the corrected v.",
)
def _(w, dw, config=None):
    def in_the_rate(m, v, t, beta1, beta2):
        mean, _ = _bias_corrected(m, v, t, beta1, beta2)
        return mean * np.sqrt(1 - beta2**t), v

    return _adam(w, dw, config, corrected=in_the_rate)


@exercise.wrong("no root", "Divide by the square root of the corrected v.")
def _(w, dw, config=None):
    return _adam(w, dw, config, step=lambda mean, square, epsilon: mean / (square + epsilon))


@exercise.wrong("epsilon inside the root", "Add epsilon after the root.")
def _(w, dw, config=None):
    return _adam(w, dw, config, step=lambda mean, square, epsilon: mean / np.sqrt(square + epsilon))


@exercise.wrong("climbs", "Subtract the step: the gradient points uphill.")
def _(w, dw, config=None):
    return _adam(
        w, dw, config, step=lambda mean, square, epsilon: -mean / (np.sqrt(square) + epsilon)
    )


@exercise.wrong(
    "steps along the gradient",
    "Step along the corrected m, the running mean, not along this step's gradient.",
)
def _(w, dw, config=None):
    return _adam(w, dw, config, step=lambda mean, square, epsilon: dw / (np.sqrt(square) + epsilon))


@exercise.wrong(
    "learning rate 1e-2 by default", "Adam's default learning rate is 1e-3, not that of SGD."
)
def _(w, dw, config=None):
    return _adam(w, dw, {"learning_rate": 1e-2} | (config or {}))


@exercise.wrong(
    "needs a full config", "The first config has no m, v and t, or is None: start from zeros."
)
def _(w, dw, config=None):
    return _adam(w, dw, config | {"m": config["m"]})
