"""Exercises of 07-optimizers: six update rules, a schedule, and the bottom of a valley."""

import numpy as np

from cs231n_utils.checking.channel import Recipe

from .compare import compare, kind_of, same
from .describe import Case, Exercise, Written
from .draws import every_call
from .observation import observation_of

ASSIGNMENT = "07-optimizers"

SETTINGS = {
    "learning_rate": (0.1, 0.5),
    "momentum": (0.4, 0.8),
    "decay_rate": (0.6, 0.9),
    "beta1": (0.4, 0.8),
    "beta2": (0.85, 0.95),
    "epsilon": (0.2, 0.5),  # large, so that its place in the formula shows
}
"""From which interval the cases draw each setting; no default lies in its own."""


def _signed(rng, shape):
    """Numbers of both signs, none near 0."""
    return rng.choice([-1.0, 1.0], shape) * rng.uniform(0.3, 2.0, shape)


def _drawn_state(rng, state, shape):
    draws = {
        "velocity": lambda: _signed(rng, shape),
        "cache": lambda: rng.uniform(0.3, 2.0, shape),
        "m": lambda: _signed(rng, shape),
        "v": lambda: rng.uniform(0.3, 2.0, shape),
        "t": lambda: int(rng.integers(2, 6)),
    }
    return {key: draws[key]() for key in state}


class Rule(Exercise):
    """A rule `(w, dw, config) -> (next_w, config)`, judged one step at a time.

    Memory shows in the config: what a rule remembers is given to it, and must come back changed.
    """

    def __init__(self, id, parts, settings, state, hints):
        super().__init__(id, assignment=ASSIGNMENT, parts=parts, hints=hints)
        self.state = state
        update, *fresh = parts

        @self.examined_by
        def _(rng):
            for shape in ((4, 3), (5,)):
                chosen = {key: float(rng.uniform(*SETTINGS[key])) for key in settings}
                config = Recipe("settings", **chosen, **_drawn_state(rng, state, shape))
                yield self._case(update, _signed(rng, shape), _signed(rng, shape), config)
            start = fresh[0] if fresh else update
            w, dw = _signed(rng, (2, 3, 2)), _signed(rng, (2, 3, 2))
            yield self._case(start, w, dw, None)
            rate = Recipe("settings", learning_rate=float(rng.uniform(0.1, 0.5)))
            yield self._case(start, dw, w, rate)

    def _case(self, part, w, dw, config):
        return Case(
            part,
            [(w, dw, config)],
            answer=lambda observations: self._moved(observations[0]),
            measures="the step next_w - w",
            verify=lambda observations: self._harm(observations[0]),
            keeps_arguments=False,
        )

    def _moved(self, call):
        next_w, _ = call.value
        return _step(call, next_w)

    def _harm(self, call):
        if not np.array_equal(call.after[1], call.arguments[1]):
            return f"{self.id} changed its argument dw, expected it left as it was."
        if not isinstance(call.value[1], dict):
            return f"{self.id} returned the config {kind_of(call.value[1])}, expected a dict."
        why = self._forgotten(call)
        if why:
            return why
        for key, value in _given_settings(call, self.state).items():
            if not same(call.value[1].get(key), value, rtol=1e-6, atol=0):
                return (
                    f"{self.id} returned a config without the {key} it was given: the next step "
                    "needs it again."
                )
        return None

    def _forgotten(self, call):
        config, expected = call.value[1], _put_again(call, self.reference).value[1]
        for key in self.state:
            if config.get(key) is None:
                return f"{self.id} returned a config without {key}: the next step needs it."
            why = compare(config[key], expected[key], rtol=1e-4, atol=1e-6)
            if why:
                return f"{self.id}: config[{key!r}] holds {why.removeprefix('returned ')}"
        return None

    def wrong(self, name, hint):
        """Decorate a known mistake, recognized by its steps and by what it remembers."""

        def register(function):
            def shows(cases):
                return all(self._acts_like(function, call) for calls in cases for call in calls)

            return self.mistake(name, hint, shows)(function)

        return register

    def _acts_like(self, function, call):
        twin = self._gist(_put_again(call, function))
        return same(self._gist(call), twin, rtol=1e-4, atol=1e-6)

    def _gist(self, call):
        """All that a mistake can be told by, whatever else the config holds."""
        if call.outcome != "returned":
            return call.outcome, call.error["type"] if call.error else ""
        if not isinstance(call.value, tuple) or len(call.value) != 2:
            return "alone", _step(call, call.value)
        next_w, config = call.value
        if not isinstance(config, dict):
            return "no dict", _step(call, next_w)
        told = {key: config.get(key) for key in (*self.state, *_given_settings(call, self.state))}
        return "pair", _step(call, next_w), told, call.after[1]


def _put_again(call, function):
    """The same call, made of a trusted function."""
    return observation_of(function, call.arguments)


def _step(call, next_w):
    """How far the weights moved; what is no array of their shape comes back as it is."""
    w = call.arguments[0]
    return next_w - w if isinstance(next_w, np.ndarray) and next_w.shape == w.shape else next_w


def _given_settings(call, state):
    config = call.arguments[2]
    if config is None:
        return {}
    return {key: value for key, value in config.ingredients.items() if key not in state}


# ------------------------------------------------------------------------------------- sgd

plain = Rule(
    "sgd",
    {"step": 1},
    settings=["learning_rate"],
    state=[],
    hints=(
        "Two things are returned: the weights after the step, and the config with its defaults "
        "filled in.",
        "If config is None, start from an empty dict. config.setdefault('learning_rate', 1e-2) "
        "fills in the default only where the setting is missing.",
        "The new weights are w minus the learning rate in config times dw, as a new array.",
    ),
)


@plain.solved_by
def sgd(w, dw, config=None):
    config = {} if config is None else config
    config.setdefault("learning_rate", 1e-2)
    next_w = w - config["learning_rate"] * dw
    return next_w, config


@plain.wrong("climbs", "The gradient points uphill: subtract learning_rate * dw.")
def _(w, dw, config=None):
    config = {"learning_rate": 1e-2} if config is None else config
    return w + config["learning_rate"] * dw, config


@plain.wrong("learning rate left out", "Multiply the gradient by the learning rate.")
def _(w, dw, config=None):
    return w - dw, {} if config is None else config


@plain.wrong(
    "always the default learning rate",
    "Take the learning rate from config; 1e-2 is only for a config that has none.",
)
def _(w, dw, config=None):
    return w - 1e-2 * dw, {} if config is None else config


@plain.wrong(
    "needs a config",
    "config may be None or lack the learning rate: fill in the default, for example with "
    "setdefault.",
)
def _(w, dw, config=None):
    return w - config["learning_rate"] * dw, config


@plain.wrong("changes dw", "`dw *= ...` changes the caller's gradient: write it as a new array.")
def _(w, dw, config=None):
    config = {"learning_rate": 1e-2} if config is None else config
    dw *= config["learning_rate"]
    return w - dw, config


@plain.wrong("returns the weights alone", "Return two values: next_w and config.")
def _(w, dw, config=None):
    config = {"learning_rate": 1e-2} if config is None else config
    return w - config["learning_rate"] * dw


@plain.wrong(
    "forgets the settings",
    "Return the config that came in (filled up): with an empty one, the next step would use the "
    "default learning rate.",
)
def _(w, dw, config=None):
    config = {"learning_rate": 1e-2} if config is None else config
    return w - config["learning_rate"] * dw, {}


# -------------------------------------------------------------------------------- momentum


def _velocity_config(config, w):
    """Settings of the rules with a velocity, as a dict of its own."""
    return {"learning_rate": 1e-2, "momentum": 0.9, "velocity": np.zeros_like(w)} | (config or {})


heavy = Rule(
    "momentum",
    {"update": 2, "first step": 1},
    settings=["learning_rate", "momentum"],
    state=["velocity"],
    hints=(
        "The velocity is the memory: it comes from config, changes, and goes back into config. "
        "What is it in the first step?",
        "Fill in the defaults as in sgd. The old velocity is config.get('velocity', "
        "np.zeros_like(w)).",
        "The new velocity is momentum times the old one minus learning_rate times dw. Store it in "
        "config, and add it to w.",
    ),
)


@heavy.solved_by
def momentum(w, dw, config=None):
    config = {} if config is None else config
    config.setdefault("learning_rate", 1e-2)
    config.setdefault("momentum", 0.9)
    velocity = config.get("velocity", np.zeros_like(w))

    velocity = config["momentum"] * velocity - config["learning_rate"] * dw
    config["velocity"] = velocity
    return w + velocity, config


@heavy.wrong("climbs", "The velocity gains minus learning_rate * dw: the gradient points uphill.")
def _(w, dw, config=None):
    config = _velocity_config(config, w)
    velocity = config["momentum"] * config["velocity"] + config["learning_rate"] * dw
    return w + velocity, config | {"velocity": velocity}


@heavy.wrong(
    "sign of the velocity",
    "The velocity already holds the minus sign of the gradient: add it to w.",
)
def _(w, dw, config=None):
    config = _velocity_config(config, w)
    velocity = config["momentum"] * config["velocity"] - config["learning_rate"] * dw
    return w - velocity, config | {"velocity": velocity}


@heavy.wrong(
    "velocity uphill",
    "Adding up learning_rate * dw and subtracting the velocity makes the same steps, but here the "
    "velocity carries the minus sign: v = momentum * v - learning_rate * dw, then w + v.",
)
def _(w, dw, config=None):
    config = _velocity_config(config, w)
    velocity = config["momentum"] * config["velocity"] + config["learning_rate"] * dw
    return w - velocity, config | {"velocity": velocity}


@heavy.wrong(
    "velocity without the learning rate",
    "Here the learning rate goes into the velocity: v = momentum * v - learning_rate * dw, then "
    "w + v.",
)
def _(w, dw, config=None):
    config = _velocity_config(config, w)
    velocity = config["momentum"] * config["velocity"] + dw
    return w - config["learning_rate"] * velocity, config | {"velocity": velocity}


@heavy.wrong(
    "learning rate on the whole velocity",
    "The learning rate multiplies the gradient alone, not the velocity that is already there.",
)
def _(w, dw, config=None):
    config = _velocity_config(config, w)
    velocity = config["momentum"] * config["velocity"] - dw
    return w + config["learning_rate"] * velocity, config | {"velocity": velocity}


@heavy.wrong(
    "averages",
    "The gradient is not weighted by 1 - momentum: v = momentum * v - learning_rate * dw.",
)
def _(w, dw, config=None):
    config = _velocity_config(config, w)
    mu = config["momentum"]
    velocity = mu * config["velocity"] - (1 - mu) * config["learning_rate"] * dw
    return w + velocity, config | {"velocity": velocity}


@heavy.wrong(
    "velocity not kept",
    'Store the new velocity: config["velocity"] = velocity. Otherwise nothing is remembered.',
)
def _(w, dw, config=None):
    config = _velocity_config(config, w)
    velocity = config["momentum"] * config["velocity"] - config["learning_rate"] * dw
    return w + velocity, config


@heavy.wrong(
    "velocity starts afresh",
    "Take the velocity from config; zeros are only for the first step, when it has none.",
)
def _(w, dw, config=None):
    config = _velocity_config(config, w)
    velocity = -config["learning_rate"] * dw
    return w + velocity, config | {"velocity": velocity}


@heavy.wrong(
    "steps with the old velocity", "Update the velocity first, then step with the new one."
)
def _(w, dw, config=None):
    config = _velocity_config(config, w)
    velocity = config["momentum"] * config["velocity"] - config["learning_rate"] * dw
    return w + config["velocity"], config | {"velocity": velocity}


@heavy.wrong(
    "always momentum 0.9", "Take the momentum from config; 0.9 is only for a config that has none."
)
def _(w, dw, config=None):
    config = _velocity_config(config, w)
    velocity = 0.9 * config["velocity"] - config["learning_rate"] * dw
    return w + velocity, config | {"velocity": velocity}


@heavy.wrong(
    "needs a velocity", "The first config has no velocity, or is None: start from np.zeros_like(w)."
)
def _(w, dw, config=None):
    velocity = config["momentum"] * config["velocity"] - config["learning_rate"] * dw
    return w + velocity, config | {"velocity": velocity}


@heavy.wrong("changes dw", "`dw *= ...` changes the caller's gradient: write it as a new array.")
def _(w, dw, config=None):
    config = _velocity_config(config, w)
    dw *= config["learning_rate"]
    velocity = config["momentum"] * config["velocity"] - dw
    return w + velocity, config | {"velocity": velocity}


# -------------------------------------------------------------------------------- nesterov

ahead = Rule(
    "nesterov",
    {"update": 2, "first step": 1},
    settings=["learning_rate", "momentum"],
    state=["velocity"],
    hints=(
        "The velocity changes exactly as in momentum; only the step differs. Keep the old "
        "velocity under a name of its own: you need both.",
        "w is the point ahead, that is, the true point plus momentum times the old velocity. To "
        "get to the next point ahead: take that off, add the new velocity, and add momentum times "
        "the new velocity.",
        "Together: w, minus momentum times the old velocity, plus (1 + momentum) times the new "
        "one. config keeps the new velocity.",
    ),
)


@ahead.solved_by
def nesterov(w, dw, config=None):
    config = {} if config is None else config
    config.setdefault("learning_rate", 1e-2)
    mu = config.setdefault("momentum", 0.9)
    before = config.get("velocity", np.zeros_like(w))

    velocity = mu * before - config["learning_rate"] * dw
    config["velocity"] = velocity
    return w - mu * before + (1 + mu) * velocity, config


def _nesterov(w, dw, config, step):
    """The reference with another step: from the old and the new velocity, and momentum."""
    config = _velocity_config(config, w)
    velocity = config["momentum"] * config["velocity"] - config["learning_rate"] * dw
    next_w = w + step(config["velocity"], velocity, config["momentum"])
    return next_w, config | {"velocity": velocity}


@ahead.wrong(
    "plain momentum",
    "Your step is that of plain momentum. Step back by the old velocity and ahead by the new one, "
    "and keep the old one under a name of its own (`v *= ...` would change both).",
)
def _(w, dw, config=None):
    return _nesterov(w, dw, config, lambda old, new, mu: new)


@ahead.wrong(
    "old and new exchanged",
    "Step back by momentum times the old velocity, ahead by 1 + momentum times the new one.",
)
def _(w, dw, config=None):
    return _nesterov(w, dw, config, lambda old, new, mu: (1 + mu) * old - mu * new)


@ahead.wrong(
    "does not step back",
    "w already lies ahead by momentum * old velocity: take that off before going ahead anew.",
)
def _(w, dw, config=None):
    return _nesterov(w, dw, config, lambda old, new, mu: (1 + mu) * new)


@ahead.wrong(
    "signs exchanged", "Minus momentum times the old velocity, plus 1 + momentum times the new."
)
def _(w, dw, config=None):
    return _nesterov(w, dw, config, lambda old, new, mu: mu * old - (1 + mu) * new)


@ahead.wrong(
    "adds the old velocity",
    "The old velocity is subtracted: -momentum * old + (1 + momentum) * new.",
)
def _(w, dw, config=None):
    return _nesterov(w, dw, config, lambda old, new, mu: mu * old + (1 + mu) * new)


@ahead.wrong(
    "keeps the whole step as velocity",
    "config keeps the velocity itself, not the step that you made with it.",
)
def _(w, dw, config=None):
    next_w, config = nesterov(w, dw, config)
    return next_w, config | {"velocity": next_w - w}


@ahead.wrong("velocity not kept", 'Store the new velocity: config["velocity"] = velocity.')
def _(w, dw, config=None):
    config = _velocity_config(config, w)
    return nesterov(w, dw, dict(config))[0], config


@ahead.wrong("climbs", "The velocity gains minus learning_rate * dw: the gradient points uphill.")
def _(w, dw, config=None):
    return nesterov(w, -dw, config)


@ahead.wrong(
    "always momentum 0.9", "Take the momentum from config; 0.9 is only for a config that has none."
)
def _(w, dw, config=None):
    next_w, used = nesterov(w, dw, dict(config or {}) | {"momentum": 0.9})
    return next_w, used | (config or {}) | {"velocity": used["velocity"]}


@ahead.wrong(
    "needs a velocity", "The first config has no velocity, or is None: start from np.zeros_like(w)."
)
def _(w, dw, config=None):
    return nesterov(w, dw, config | {"velocity": config["velocity"]})


# --------------------------------------------------------------------------------- adagrad


def _scaled(w, dw, config, cache=None, divisor=None, kept=None):
    """Adagrad with a wrong cache, divisor, or kept cache."""
    config = {"learning_rate": 1e-2, "epsilon": 1e-8, "cache": np.zeros_like(w)} | (config or {})
    old = config["cache"]
    new = cache(old, dw) if cache else old + dw**2
    below = (divisor or _root_plus_epsilon)(old, new, config["epsilon"])
    with np.errstate(all="ignore"):
        next_w = w - config["learning_rate"] * dw / below
    return next_w, config | {"cache": kept(old, new) if kept else new}


def _root_plus_epsilon(old, new, epsilon):
    return np.sqrt(new) + epsilon


summed = Rule(
    "adagrad",
    {"update": 1, "first step": 1},
    settings=["learning_rate", "epsilon"],
    state=["cache"],
    hints=(
        "Each weight has a step of its own: the more its gradients have added up to, the smaller. "
        "The cache is where they add up.",
        "Fill in the defaults; the cache starts as np.zeros_like(w). Add dw**2 to it, entry by "
        "entry, and store it in config, before you step.",
        "The step is the learning rate times dw, divided by the root of the new cache plus "
        "epsilon (epsilon stands outside the root). Subtract it from w.",
    ),
)


@summed.solved_by
def adagrad(w, dw, config=None):
    config = {} if config is None else config
    config.setdefault("learning_rate", 1e-2)
    config.setdefault("epsilon", 1e-8)
    cache = config.get("cache", np.zeros_like(w))

    cache = cache + dw**2
    config["cache"] = cache
    return w - config["learning_rate"] * dw / (np.sqrt(cache) + config["epsilon"]), config


@summed.wrong("no root", "Divide by the square root of the cache, not by the cache itself.")
def _(w, dw, config=None):
    return _scaled(w, dw, config, divisor=lambda old, new, epsilon: new + epsilon)


@summed.wrong("epsilon inside the root", "Add epsilon after the root: np.sqrt(cache) + epsilon.")
def _(w, dw, config=None):
    return _scaled(w, dw, config, divisor=lambda old, new, epsilon: np.sqrt(new + epsilon))


@summed.wrong("epsilon left out", "Divide by np.sqrt(cache) + epsilon: the cache may be 0.")
def _(w, dw, config=None):
    return _scaled(w, dw, config, divisor=lambda old, new, epsilon: np.sqrt(new))


@summed.wrong(
    "gradients not squared", "Add the squares to the cache: gradients of both signs would cancel."
)
def _(w, dw, config=None):
    return _scaled(w, dw, config, cache=lambda old, dw: old + dw)


@summed.wrong(
    "divides by the old cache", "Add the new square to the cache first, then divide by its root."
)
def _(w, dw, config=None):
    return _scaled(w, dw, config, divisor=lambda old, new, epsilon: np.sqrt(old) + epsilon)


@summed.wrong("cache not kept", 'Store the new cache: config["cache"] = cache.')
def _(w, dw, config=None):
    return _scaled(w, dw, config, kept=lambda old, new: old)


@summed.wrong(
    "cache starts afresh", "Take the cache from config; zeros are only for the first step."
)
def _(w, dw, config=None):
    return _scaled(w, dw, config, cache=lambda old, dw: dw**2)


@summed.wrong(
    "one cache for all weights",
    "Each weight has a cache of its own: add dw**2 entry by entry, not its sum.",
)
def _(w, dw, config=None):
    return _scaled(w, dw, config, cache=lambda old, dw: old + np.sum(dw**2))


@summed.wrong(
    "forgets old gradients", "Adagrad adds up all squares and forgets none; RMSProp comes next."
)
def _(w, dw, config=None):
    return _scaled(w, dw, config, cache=lambda old, dw: 0.99 * old + 0.01 * dw**2)


@summed.wrong("climbs", "Subtract the step: the gradient points uphill.")
def _(w, dw, config=None):
    next_w, config = _scaled(w, dw, config)
    return 2 * w - next_w, config


@summed.wrong(
    "needs a cache", "The first config has no cache, or is None: start from np.zeros_like(w)."
)
def _(w, dw, config=None):
    return _scaled(w, dw, config | {"cache": config["cache"]})


# --------------------------------------------------------------------------------- rmsprop


def _leaky(w, dw, config, cache=None, divisor=None, kept=None):
    """RMSProp with a wrong cache, divisor, or kept cache."""
    decay = (config or {}).get("decay_rate", 0.99)

    def mean(old, dw):
        return cache(old, dw, decay) if cache else decay * old + (1 - decay) * dw**2

    return _scaled(w, dw, config, mean, divisor, kept)


leaky = Rule(
    "rmsprop",
    {"update": 1, "first step": 1},
    settings=["learning_rate", "decay_rate", "epsilon"],
    state=["cache"],
    hints=(
        "It is Adagrad with one line changed: the cache is a running mean of the squares in place "
        "of their sum.",
        "A running mean keeps decay_rate of the old value and takes 1 - decay_rate of the new one.",
        "The new cache is decay_rate times the old cache plus (1 - decay_rate) times dw**2. Store "
        "it; the step is the same as Adagrad's.",
    ),
)


@leaky.solved_by
def rmsprop(w, dw, config=None):
    config = {} if config is None else config
    config.setdefault("learning_rate", 1e-2)
    config.setdefault("decay_rate", 0.99)
    config.setdefault("epsilon", 1e-8)
    cache = config.get("cache", np.zeros_like(w))

    cache = config["decay_rate"] * cache + (1 - config["decay_rate"]) * dw**2
    config["cache"] = cache
    return w - config["learning_rate"] * dw / (np.sqrt(cache) + config["epsilon"]), config


@leaky.wrong("no root", "Divide by the square root of the cache, not by the cache itself.")
def _(w, dw, config=None):
    return _leaky(w, dw, config, divisor=lambda old, new, epsilon: new + epsilon)


@leaky.wrong("epsilon inside the root", "Add epsilon after the root: np.sqrt(cache) + epsilon.")
def _(w, dw, config=None):
    return _leaky(w, dw, config, divisor=lambda old, new, epsilon: np.sqrt(new + epsilon))


@leaky.wrong(
    "never forgets",
    "That is Adagrad: multiply the old cache by decay_rate, the new square by 1 - decay_rate.",
)
def _(w, dw, config=None):
    return _leaky(w, dw, config, cache=lambda old, dw, decay: old + dw**2)


@leaky.wrong(
    "weights exchanged",
    "decay_rate goes with the old cache, 1 - decay_rate with the new square; yours are exchanged.",
)
def _(w, dw, config=None):
    return _leaky(w, dw, config, cache=lambda old, dw, decay: (1 - decay) * old + decay * dw**2)


@leaky.wrong(
    "not a mean",
    "Weigh the new square by 1 - decay_rate: otherwise the cache is not a mean of squares.",
)
def _(w, dw, config=None):
    return _leaky(w, dw, config, cache=lambda old, dw, decay: decay * old + dw**2)


@leaky.wrong("gradient not squared", "The cache averages dw**2, the squares of the gradient.")
def _(w, dw, config=None):
    return _leaky(w, dw, config, cache=lambda old, dw, decay: decay * old + (1 - decay) * dw)


@leaky.wrong("divides by the old cache", "Update the cache first, then divide by its root.")
def _(w, dw, config=None):
    return _leaky(w, dw, config, divisor=lambda old, new, epsilon: np.sqrt(old) + epsilon)


@leaky.wrong("cache not kept", 'Store the new cache: config["cache"] = cache.')
def _(w, dw, config=None):
    return _leaky(w, dw, config, kept=lambda old, new: old)


@leaky.wrong(
    "always decay rate 0.99",
    "Take the decay rate from config; 0.99 is only for a config that has none.",
)
def _(w, dw, config=None):
    return _leaky(w, dw, config, cache=lambda old, dw, decay: 0.99 * old + 0.01 * dw**2)


@leaky.wrong("decay rate 0.9 by default", "The default decay rate is 0.99.")
def _(w, dw, config=None):
    return _leaky(w, dw, {"decay_rate": 0.9} | (config or {}))


@leaky.wrong("climbs", "Subtract the step: the gradient points uphill.")
def _(w, dw, config=None):
    next_w, config = _leaky(w, dw, config)
    return 2 * w - next_w, config


@leaky.wrong(
    "needs a cache", "The first config has no cache, or is None: start from np.zeros_like(w)."
)
def _(w, dw, config=None):
    return _leaky(w, dw, config | {"cache": config["cache"]})


# ------------------------------------------------------------------------------------ adam

moments = Rule(
    "adam",
    {"update": 2, "first step": 2},
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


@moments.solved_by
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


@moments.wrong(
    "no bias correction",
    "m and v start at zero and are too small at first: divide them by 1 - beta**t.",
)
def _(w, dw, config=None):
    return _adam(w, dw, config, corrected=lambda m, v, t, beta1, beta2: (m, v))


@moments.wrong("only m is corrected", "Correct v as well, by 1 - beta2**t.")
def _(w, dw, config=None):
    return _adam(w, dw, config, corrected=lambda m, v, t, beta1, beta2: (m / (1 - beta1**t), v))


@moments.wrong("only v is corrected", "Correct m as well, by 1 - beta1**t.")
def _(w, dw, config=None):
    return _adam(w, dw, config, corrected=lambda m, v, t, beta1, beta2: (m, v / (1 - beta2**t)))


@moments.wrong(
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


@moments.wrong("t is not kept", 'Store the raised t: config["t"] = t.')
def _(w, dw, config=None):
    return _adam(w, dw, config, kept=lambda config, state, mean, square: state | {"t": config["t"]})


@moments.wrong(
    "keeps the corrected means",
    "The config keeps m and v themselves; the corrected ones are for this step only.",
)
def _(w, dw, config=None):
    return _adam(
        w, dw, config, kept=lambda config, state, mean, square: state | {"m": mean, "v": square}
    )


@moments.wrong("m and v are not kept", "Store m and v in the config: they are Adam's memory.")
def _(w, dw, config=None):
    return _adam(w, dw, config, kept=lambda config, state, mean, square: {"t": state["t"]})


@moments.wrong("betas exchanged", "beta1 goes with m, beta2 with v; yours are exchanged.")
def _(w, dw, config=None):
    return _adam(w, dw, config, beta1=lambda c: c["beta2"], beta2=lambda c: c["beta1"])


@moments.wrong(
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


@moments.wrong("beta times t", "The correction has beta to the power t: beta**t, not beta * t.")
def _(w, dw, config=None):
    return _adam(
        w,
        dw,
        config,
        corrected=lambda m, v, t, beta1, beta2: (m / (1 - beta1 * t), v / (1 - beta2 * t)),
    )


@moments.wrong("gradient not squared", "v is the running mean of dw**2, the gradient's square.")
def _(w, dw, config=None):
    return _adam(w, dw, config, power=1)


@moments.wrong(
    "corrections in the learning rate",
    "With both corrections in the learning rate, epsilon is not where the formula has it: divide "
    "m and v by their corrections, and add epsilon to the root of the corrected v.",
)
def _(w, dw, config=None):
    def in_the_rate(m, v, t, beta1, beta2):
        mean, _ = _bias_corrected(m, v, t, beta1, beta2)
        return mean * np.sqrt(1 - beta2**t), v

    return _adam(w, dw, config, corrected=in_the_rate)


@moments.wrong("no root", "Divide by the square root of the corrected v.")
def _(w, dw, config=None):
    return _adam(w, dw, config, step=lambda mean, square, epsilon: mean / (square + epsilon))


@moments.wrong("epsilon inside the root", "Add epsilon after the root.")
def _(w, dw, config=None):
    return _adam(w, dw, config, step=lambda mean, square, epsilon: mean / np.sqrt(square + epsilon))


@moments.wrong("climbs", "Subtract the step: the gradient points uphill.")
def _(w, dw, config=None):
    return _adam(
        w, dw, config, step=lambda mean, square, epsilon: -mean / (np.sqrt(square) + epsilon)
    )


@moments.wrong(
    "steps along the gradient",
    "Step along the corrected m, the running mean, not along this step's gradient.",
)
def _(w, dw, config=None):
    return _adam(w, dw, config, step=lambda mean, square, epsilon: dw / (np.sqrt(square) + epsilon))


@moments.wrong(
    "learning rate 1e-2 by default", "Adam's default learning rate is 1e-3, not that of SGD."
)
def _(w, dw, config=None):
    return _adam(w, dw, {"learning_rate": 1e-2} | (config or {}))


@moments.wrong(
    "needs a full config", "The first config has no m, v and t, or is None: start from zeros."
)
def _(w, dw, config=None):
    return _adam(w, dw, config | {"m": config["m"]})


# ------------------------------------------------------------------------- cosine schedule

cosine = Exercise(
    "cosine_schedule",
    assignment=ASSIGNMENT,
    parts={"to zero": 1, "to a floor": 1},
    hints=(
        "The cosine falls from 1 to -1 while its argument runs from 0 to pi. How do you turn this "
        "into a number that falls from 1 to 0?",
        "The argument is np.pi * step / total_steps. (1 + cos) / 2 runs from 1 down to 0.",
        "Stretch that to the height lr_max - lr_min, and lift it by lr_min.",
    ),
)


@cosine.solved_by
def cosine_schedule(step, total_steps, lr_max, lr_min=0.0):
    wave = (1 + np.cos(np.pi * step / total_steps)) / 2
    return float(lr_min + (lr_max - lr_min) * wave)


@cosine.examined_by
def _(rng):
    total, lr_max = int(rng.integers(40, 400)), float(rng.uniform(0.5, 2.0))
    early, late = int(rng.uniform(0.1, 0.3) * total), int(rng.uniform(0.6, 0.9) * total)
    for step in (0, early, late, total):
        yield Case("to zero", [(step, total, lr_max)])
    lr_min = float(rng.uniform(0.2, 0.4)) * lr_max
    for step in (early, late, total):
        yield Case("to a floor", [(step, total, lr_max, lr_min)])


@cosine.mistake("a whole wave", "Half a wave is enough: the cosine's argument ends at pi.")
def _(step, total_steps, lr_max, lr_min=0.0):
    return lr_min + (lr_max - lr_min) * (1 + np.cos(2 * np.pi * step / total_steps)) / 2


@cosine.mistake("a quarter wave", "The cosine's argument runs from 0 to pi, not to pi / 2.")
def _(step, total_steps, lr_max, lr_min=0.0):
    return lr_min + (lr_max - lr_min) * np.cos(np.pi * step / total_steps / 2)


@cosine.mistake("twice too high", "(1 + cos) runs from 2 to 0: halve it.")
def _(step, total_steps, lr_max, lr_min=0.0):
    return lr_min + (lr_max - lr_min) * (1 + np.cos(np.pi * step / total_steps))


@cosine.mistake("bare cosine", "The cosine itself goes down to -1: take (1 + cos) / 2.")
def _(step, total_steps, lr_max, lr_min=0.0):
    return lr_min + (lr_max - lr_min) * np.cos(np.pi * step / total_steps)


@cosine.mistake("rises", "The rate falls from lr_max to lr_min: 1 + cos, not 1 - cos.")
def _(step, total_steps, lr_max, lr_min=0.0):
    return lr_min + (lr_max - lr_min) * (1 - np.cos(np.pi * step / total_steps)) / 2


@cosine.mistake("straight line", "A straight line falls evenly; the cosine is flat at both ends.")
def _(step, total_steps, lr_max, lr_min=0.0):
    return lr_min + (lr_max - lr_min) * (1 - step / total_steps)


@cosine.mistake("degrees", "np.cos takes radians: half a turn is np.pi, not 180.")
def _(step, total_steps, lr_max, lr_min=0.0):
    return lr_min + (lr_max - lr_min) * (1 + np.cos(180 * step / total_steps)) / 2


@cosine.mistake("floor left out", "The rate ends at lr_min, not at 0.")
def _(step, total_steps, lr_max, lr_min=0.0):
    return lr_max * (1 + np.cos(np.pi * step / total_steps)) / 2


@cosine.mistake(
    "floor on top", "The wave's height is lr_max - lr_min: yours starts at lr_max + lr_min."
)
def _(step, total_steps, lr_max, lr_min=0.0):
    return lr_min + lr_max * (1 + np.cos(np.pi * step / total_steps)) / 2


@cosine.mistake(
    "floor as a bound", "The whole wave is lifted and squeezed; do not cut it off at lr_min."
)
def _(step, total_steps, lr_max, lr_min=0.0):
    return max(lr_min, lr_max * (1 + np.cos(np.pi * step / total_steps)) / 2)


@cosine.mistake("whole divisions", "step // total_steps is 0 until the end: divide with /.")
def _(step, total_steps, lr_max, lr_min=0.0):
    return lr_min + (lr_max - lr_min) * (1 + np.cos(np.pi * (step // total_steps))) / 2


@cosine.mistake(
    "angle rounded down", "np.pi * step // total_steps is a whole number: divide with /."
)
def _(step, total_steps, lr_max, lr_min=0.0):
    return lr_min + (lr_max - lr_min) * (1 + np.cos(np.pi * step // total_steps)) / 2


# ------------------------------------------------------------------------------ the valley

MOST_GRADIENTS = 100
TARGET = 1e-6
CURVATURES = (1.0, 100.0)

valley = Exercise(
    "minimize_valley",
    assignment=ASSIGNMENT,
    parts={"below 1e-6": 3},
    hints=(
        "Plain descent is limited by the steep direction (curvature 100) and creeps along the "
        "flat one (curvature 1). Which of your update rules builds up speed along the valley?",
        "Use momentum: call loss_and_gradient once a step, 100 steps at most, and pass the config "
        "that momentum returns to the next step.",
        "Start from {'learning_rate': ..., 'momentum': ...}. Curvature 100 allows a learning rate "
        "below 2 (1 + momentum) / 100; with a momentum of 0.9 you still swing after 100 steps. "
        "Try 0.6 to 0.8, and a learning rate near 0.03.",
    ),
)


@valley.solved_by
def minimize_valley(loss_and_gradient, w0):
    w, config = w0.copy(), {"learning_rate": 0.03, "momentum": 0.7}
    for _ in range(100):
        _, gradient = loss_and_gradient(w)
        w, config = momentum(w, gradient, config)
    return w


@valley.examined_by
def _(rng):
    for _ in range(2):
        angle = float(rng.uniform(0.2, 0.6)) + float(rng.integers(4)) * np.pi / 2
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        hessian = turn @ np.diag(CURVATURES) @ turn.T
        center = rng.uniform(-3.0, 3.0, 2)
        w0 = center + turn @ (rng.choice([-1.0, 1.0], 2) * rng.uniform([2.0, 0.3], [4.0, 1.0]))
        yield Case(
            "below 1e-6",
            [(Recipe("valley", center=center, hessian=hessian), w0)],
            answer=None,
            verify=_valley_reason,
            keeps_arguments=False,
            trusts_client=True,
        )


def _valley_reason(observations):
    (call,) = observations
    if not isinstance(call.value, np.ndarray) or call.value.shape != (2,):
        return (
            f"minimize_valley returned {kind_of(call.value)}, expected weights, an array of shape "
            "(2,)."
        )
    asked, reached = call.records["0"]["n_calls"], _height(call, call.value)
    if asked < 2:
        return f"minimize_valley asked for {asked} gradients: call loss_and_gradient(w) in a loop."
    if asked > MOST_GRADIENTS:
        return f"minimize_valley asked for {asked} gradients, expected at most {MOST_GRADIENTS}."
    if reached < TARGET:
        return None
    return (
        f"minimize_valley reached a loss of {reached:.3g} with {asked} gradients, expected less "
        f"than {TARGET:g} with at most {MOST_GRADIENTS}."
    )


def _height(call, w):
    ingredients = call.arguments[0].ingredients
    offset = np.asarray(w, dtype=float) - ingredients["center"]
    return float(0.5 * offset @ ingredients["hessian"] @ offset)


def _walk(call):
    """The points of a run, its steps, and the gradients that each step started from."""
    ingredients = call.arguments[0].ingredients
    points = np.vstack([call.records["0"]["points"], call.value])
    gradients = (points - ingredients["center"]) @ ingredients["hessian"]
    return points, np.diff(points, axis=0), gradients[:-1]


def _climbed(call):
    return not _height(call, call.value) < _height(call, call.arguments[1])


def _equal_first_step(call):
    """Adaptive rules move all weights alike at first; the loss tells them from a plain step."""
    first = np.abs(_walk(call)[1][0])
    return np.isclose(first[0], first[1], rtol=1e-3)


def _follows_the_gradient(call):
    _, steps, gradients = _walk(call)
    long = np.linalg.norm(steps, axis=1) > 1e-9
    crossed = steps[:, 0] * gradients[:, 1] - steps[:, 1] * gradients[:, 0]
    lengths = np.linalg.norm(steps, axis=1) * np.linalg.norm(gradients, axis=1)
    return long.any() and np.all(np.abs(crossed[long]) < 1e-3 * lengths[long])


def _fitted_momentum(call):
    """Momentum and learning rate of a run by `momentum` or `nesterov`; an error if by neither."""
    _, steps, gradients = _walk(call)
    causes = np.stack([steps[:-1], -gradients[1:], gradients[:-1]], axis=-1).reshape(-1, 3)
    target = steps[1:].ravel()
    (mu, now, before), *_ = np.linalg.lstsq(causes, target, rcond=None)
    if not np.allclose(causes @ (mu, now, before), target, atol=1e-4 * np.abs(target).max()):
        raise ValueError("neither momentum nor nesterov")
    return mu, now - before


def _short_of_the_goal(call):
    """A run by `momentum` or `nesterov` that misses the goal with gradients to spare."""
    missed = _height(call, call.value) >= TARGET
    spared = call.records["0"]["n_calls"] < MOST_GRADIENTS
    return not missed or (spared and _fitted_momentum(call)[0] > 0)


@valley.mistake(
    "more than 100 gradients",
    "Each call of loss_and_gradient counts: use the gradient of one call for one step, and make "
    "100 steps at most.",
    shows=every_call(lambda call: call.records["0"]["n_calls"] > MOST_GRADIENTS),
)
def _(loss_and_gradient, w0):
    w, config = w0, {"learning_rate": 0.02, "momentum": 0.7}
    for _ in range(300):
        w, config = momentum(w, loss_and_gradient(w)[1], config)
    return w


@valley.mistake(
    "returns the start",
    "Return the weights of the last step; yours are the ones that came in.",
    shows=every_call(lambda call: np.array_equal(call.value, call.arguments[1])),
)
def _(loss_and_gradient, w0):
    w, config = w0, {"learning_rate": 0.02, "momentum": 0.7}
    for _ in range(100):
        w, config = momentum(w, loss_and_gradient(w)[1], config)
    return w0


@valley.mistake(
    "diverges",
    "The loss grew: across the valley (curvature 100) the steps overshoot by more each time. "
    "Lower the learning rate below 2 (1 + momentum) / 100. Or the config is not passed on from "
    "step to step: then it is plain descent, which overshoots above 0.02.",
    shows=every_call(lambda call: call.records["0"]["n_calls"] > 1 and _climbed(call)),
)
def _(loss_and_gradient, w0):
    w, config = w0, {"learning_rate": 0.05}
    for _ in range(100):
        w, config = sgd(w, loss_and_gradient(w)[1], config)
    return w


@valley.mistake(
    "adaptive rule",
    "Your first step is equally long in every weight, as with Adagrad, RMSProp or Adam. They scale "
    "each weight apart, which does not help in a valley that lies askew: try momentum.",
    shows=every_call(_equal_first_step),
)
def _(loss_and_gradient, w0):
    w, config = w0, {"learning_rate": 0.1}
    for _ in range(100):
        w, config = adam(w, loss_and_gradient(w)[1], config)
    return w


@valley.mistake(
    "plain gradient descent",
    "Every step goes straight against the gradient, so along the valley at most 2 % of the way "
    "is made each time. Use momentum, and pass its config on from step to step.",
    shows=every_call(_follows_the_gradient),
)
def _(loss_and_gradient, w0):
    w, config = w0, {"learning_rate": 0.0198}
    for _ in range(100):
        w, config = sgd(w, loss_and_gradient(w)[1], config)
    return w


@valley.mistake(
    "momentum too high",
    "With momentum m the distance shrinks by about sqrt(m) a step: with 0.9 you are still "
    "swinging after 100 steps. Lower the momentum.",
    shows=every_call(lambda call: _fitted_momentum(call)[0] > 0.82),
)
def _(loss_and_gradient, w0):
    w, config = w0, {"learning_rate": 0.02, "momentum": 0.93}
    for _ in range(100):
        w, config = momentum(w, loss_and_gradient(w)[1], config)
    return w


@valley.mistake(
    "learning rate too low",
    "The momentum is fine, but along the valley you creep: raise the learning rate, up to about "
    "2 (1 + momentum) / 100.",
    shows=every_call(lambda call: _fitted_momentum(call)[1] < 0.02),
)
def _(loss_and_gradient, w0):
    w, config = w0, {"learning_rate": 0.002, "momentum": 0.7}
    for _ in range(100):
        w, config = momentum(w, loss_and_gradient(w)[1], config)
    return w


@valley.mistake(
    "stops too early",
    "You stopped before 100 gradients: the loss that you tested belongs to the weights before the "
    "step, so return those, or go on.",
    shows=every_call(_short_of_the_goal),
)
def _(loss_and_gradient, w0):
    w, config = w0, {"learning_rate": 0.03, "momentum": 0.7}
    for _ in range(100):
        loss, gradient = loss_and_gradient(w)
        w, config = momentum(w, gradient, config)
        if loss < 1e-6:
            break
    return w


EXERCISES = (plain, heavy, ahead, summed, leaky, moments, cosine, valley)

WRITTEN = (
    Written(
        "written-zigzag",
        ASSIGNMENT,
        2,
        "(a) One point: the learning rate is bounded by the steepest direction (below 2 / 100), "
        "so along the flat one (curvature 1) each step makes at most 2 % of the way left; naming "
        "both the bound and its price is needed, half for the zigzag alone. (b) One point: the "
        "sideways gradients change sign and cancel in the velocity while the forward ones agree "
        "and add up, to 1 / (1 - momentum) times one step; any sound account of both counts.",
    ),
    Written(
        "written-adam",
        ASSIGNMENT,
        2,
        "(a) One point: a sound reason drawn from an experiment: step sizes do not depend on the "
        "gradient's scale, so one learning rate works where weights or losses are scaled badly "
        "or little is known. (b) One point: a sound case against, with its experiment: a valley "
        "askew to the axes, the constant rate that keeps rattling, the sequence of gradients on "
        "which Adam walks the wrong way, or that tuned SGD with momentum does as well.",
    ),
)
