"""An exercise that asks for one step of an update rule."""

import numpy as np

from cs231n_utils.checking.channel import Recipe

from ..compare import compare, kind_of, same
from ..describe import Case, Exercise
from ..observation import observation_of

SETTINGS = {
    "learning_rate": (0.1, 0.5),
    "momentum": (0.4, 0.8),
    "decay_rate": (0.6, 0.9),
    "beta1": (0.4, 0.8),
    "beta2": (0.85, 0.95),
    # Epsilon is large, so that its place in the formula shows.
    "epsilon": (0.2, 0.5),
}
"""The intervals from which cases draw the settings; none holds the setting's default."""


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

    What a rule remembers is given to it in the config, and must come back changed.
    """

    def __init__(self, id, parts, settings, state, hints):
        super().__init__(id, assignment="07-optimizers", parts=parts, hints=hints)
        self.state = state
        update, *fresh = parts

        @self.examined_by
        def cases(rng):
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
    """How far the weights moved; anything but an array of their shape is returned as it is."""
    w = call.arguments[0]
    return next_w - w if isinstance(next_w, np.ndarray) and next_w.shape == w.shape else next_w


def _given_settings(call, state):
    config = call.arguments[2]
    if config is None:
        return {}
    return {key: value for key, value in config.ingredients.items() if key not in state}
