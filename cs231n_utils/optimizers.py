"""Update rules of gradient descent, all with one signature.

``rule(w, dw, config) -> (next_w, config)``: the weights, the gradient there, and a dict that holds
the rule's settings and what it remembers from step to step. Missing entries are filled in, so
``{}`` and None start a rule with its defaults. Signature, keys and defaults are those of CS231n's
second assignment. `config` is updated in place, by some rules its arrays too, and returned; `w` and
`dw` are left as they are.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "RULES",
    "Config",
    "Rule",
    "adagrad",
    "adam",
    "cosine_schedule",
    "inverse_schedule",
    "momentum",
    "nesterov",
    "rmsprop",
    "sgd",
    "step_schedule",
]

Config = dict[str, Any]
Rule = Callable[[NDArray, NDArray, Config | None], tuple[NDArray, Config]]


def sgd(w: NDArray, dw: NDArray, config: Config | None = None) -> tuple[NDArray, Config]:
    """Step against the gradient.

    Parameters
    ----------
    w : float ndarray
        Weights, of any shape.
    dw : float ndarray of the shape of `w`
        Gradient of the loss at `w`.
    config : dict, optional
        ``learning_rate`` (1e-2).

    Returns
    -------
    next_w : ndarray
        Weights after the step.
    config : dict
        To be passed to the next step.

    Examples
    --------
    >>> next_w, config = sgd(np.array([1.0]), np.array([4.0]), {"learning_rate": 0.25})
    >>> next_w
    array([0.])
    """
    config = _filled(config, w, learning_rate=1e-2)
    return w - config["learning_rate"] * dw, config


def momentum(w: NDArray, dw: NDArray, config: Config | None = None) -> tuple[NDArray, Config]:
    """Step by a velocity that remembers earlier gradients (Polyak, 1964).

    Parameters and returns as in `sgd`; `config` holds ``learning_rate`` (1e-2), ``momentum``
    (0.9) and ``velocity`` (zeros).
    """
    config = _filled(config, w, ("velocity",), learning_rate=1e-2, momentum=0.9)
    velocity = config["velocity"]
    velocity *= config["momentum"]
    velocity -= config["learning_rate"] * dw
    return w + velocity, config


def nesterov(w: NDArray, dw: NDArray, config: Config | None = None) -> tuple[NDArray, Config]:
    """Momentum with the gradient taken ahead (Nesterov, 1983; form of Bengio et al., 2013).

    Parameters and returns as in `momentum`. The weights that it keeps are those already moved
    ahead by ``momentum * velocity``, so that `dw` is, as for every rule, the gradient at `w`.
    """
    config = _filled(config, w, ("velocity",), learning_rate=1e-2, momentum=0.9)
    mu, last = config["momentum"], config["velocity"]
    config["velocity"] = mu * last - config["learning_rate"] * dw
    return w + config["velocity"] + mu * (config["velocity"] - last), config


def adagrad(w: NDArray, dw: NDArray, config: Config | None = None) -> tuple[NDArray, Config]:
    """Divide each weight's step by the root of its summed squared gradients.

    Parameters and returns as in `sgd`; `config` holds ``learning_rate`` (1e-2), ``epsilon``
    (1e-8) and ``cache`` (zeros). Duchi, Hazan and Singer, JMLR 2011.
    """
    config = _filled(config, w, ("cache",), learning_rate=1e-2, epsilon=1e-8)
    config["cache"] = config["cache"] + dw**2
    return w - config["learning_rate"] * dw / (np.sqrt(config["cache"]) + config["epsilon"]), config


def rmsprop(w: NDArray, dw: NDArray, config: Config | None = None) -> tuple[NDArray, Config]:
    """Adagrad with a running mean of the squared gradients instead of their sum.

    Parameters and returns as in `adagrad`; `config` also holds ``decay_rate`` (0.99). Tieleman
    and Hinton, "Neural networks for machine learning", lecture 6e, 2012. Epsilon is outside the
    root, as in CS231n and PyTorch; some libraries have it inside.
    """
    config = _filled(config, w, ("cache",), learning_rate=1e-2, decay_rate=0.99, epsilon=1e-8)
    decay = config["decay_rate"]
    config["cache"] = decay * config["cache"] + (1 - decay) * dw**2
    return w - config["learning_rate"] * dw / (np.sqrt(config["cache"]) + config["epsilon"]), config


def adam(w: NDArray, dw: NDArray, config: Config | None = None) -> tuple[NDArray, Config]:
    """Running means of the gradient and of its square, corrected for their start at zero.

    Parameters and returns as in `sgd`; `config` holds ``learning_rate`` (1e-3), ``beta1`` (0.9),
    ``beta2`` (0.999), ``epsilon`` (1e-8), ``m`` and ``v`` (zeros) and ``t`` (0), which is raised
    before use. Kingma and Ba, ICLR 2015, Algorithm 1.
    """
    config = _filled(
        config, w, ("m", "v"), learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8, t=0
    )
    beta1, beta2, m, v = (config[key] for key in ("beta1", "beta2", "m", "v"))
    config["t"] += 1
    m *= beta1
    m += (1 - beta1) * dw
    v *= beta2
    v += (1 - beta2) * dw**2
    # Changing the arrays in place takes half the time of the textbook's formulas on large ones.
    root = np.sqrt(v)
    root /= math.sqrt(1 - beta2 ** config["t"])
    root += config["epsilon"]
    step = m / root
    step *= config["learning_rate"] / (1 - beta1 ** config["t"])
    return w - step, config


RULES: dict[str, Rule] = {
    "sgd": sgd,
    "momentum": momentum,
    "nesterov": nesterov,
    "adagrad": adagrad,
    "rmsprop": rmsprop,
    "adam": adam,
}
"""Every rule by its name."""


def cosine_schedule(
    step: float, total_steps: float, lr_max: float = 1.0, lr_min: float = 0.0
) -> float:
    """Learning rate that falls from `lr_max` to `lr_min` along half a cosine wave.

    Loshchilov and Hutter, "SGDR", ICLR 2017, equation 5, without restarts.

    Parameters
    ----------
    step : float
        Steps made so far, in 0..`total_steps`.
    total_steps : float
    lr_max, lr_min : float
        Learning rate at the first and after the last step; without them, the share of the first.

    Returns
    -------
    float
    """
    return float(lr_min + (lr_max - lr_min) * (1 + np.cos(np.pi * step / total_steps)) / 2)


def step_schedule(step: int, every: int, lr_max: float, factor: float = 0.1) -> float:
    """Learning rate that is multiplied by `factor` after `every` steps, again and again."""
    return lr_max * factor ** (step // every)


def inverse_schedule(step: float, half_after: float, lr_max: float) -> float:
    """Learning rate that falls as 1 / t, to half of `lr_max` after `half_after` steps."""
    return lr_max / (1 + step / half_after)


def _filled(
    config: Config | None, w: NDArray, memory: tuple[str, ...] = (), **defaults: Any
) -> Config:
    """The config with what is missing: defaults, and zeros like the weights for its memory."""
    filled = config if config is not None else {}
    for key, value in defaults.items():
        filled.setdefault(key, value)
    for key in memory:
        if key not in filled:
            filled[key] = np.zeros_like(w)
    return filled
