"""An exercise that asks for one step of an update rule."""

import numpy as np

from cs231n_utils.checking.channel import Recipe

from ..compare import compare, kind_of, same
from ..describe import Case, Exercise
from ..observation import observation_of
from .rule_slips import RuleSlips, listed, start_of

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

EXACT = {"rtol": 1e-6, "atol": 0.0}
"""Settings are handed back as they are."""

DTYPE, DEFAULTS = "float32", "config filled in"
"""The parts that every rule has besides those about its steps."""


def _signed(rng, shape):
    """Numbers of both signs, none near 0."""
    return rng.choice([-1.0, 1.0], shape) * rng.uniform(0.3, 2.0, shape)


def _weights_and_gradient(rng, shape):
    """Weights and a gradient; the first entry of the gradient is 0, as that of a dead unit is."""
    w, dw = _signed(rng, shape), _signed(rng, shape)
    dw.flat[0] = 0.0
    return w, dw


def _drawn_state(rng, state, shape):
    """What the rule remembers; where the gradient is 0 all gradients before it were 0 too."""
    draws = {
        "velocity": lambda: _signed(rng, shape),
        "cache": lambda: rng.uniform(0.3, 2.0, shape),
        "m": lambda: _signed(rng, shape),
        "v": lambda: rng.uniform(0.3, 2.0, shape),
    }
    drawn = {key: draws[key]() for key in state if key != "t"}
    for memory in drawn.values():
        memory.flat[0] = 0.0
    return drawn | ({"t": int(rng.integers(2, 12))} if "t" in state else {})


class Rule(Exercise):
    """A rule `(w, dw, config) -> (next_w, config)`, judged one step at a time.

    What a rule remembers is given to it in the config, and must come back changed.

    Parameters
    ----------
    id : str
    parts : dict of str to float
        The part about steps from a full config, then that about the first step if it has its own.
    points_of_form : float
        The points for keeping the dtype of w, and as many for the settings that come back.
    settings : dict of str to float
        The settings that config holds, and their defaults.
    state : list of str
        What the rule remembers in config.
    hints : tuple of str
    """

    def __init__(self, id, parts, points_of_form, settings, state, hints):
        all_parts = {**parts, DTYPE: points_of_form, DEFAULTS: points_of_form}
        super().__init__(id, assignment="07-optimizers", parts=all_parts, hints=hints)
        self.settings, self.state = settings, state
        self._update, *fresh = parts
        self._first = fresh[0] if fresh else self._update
        self.examined_by(self._draw_cases)
        if state:
            self._remembers_outside()

    def _draw_cases(self, rng):
        def config(shape):
            return {**drawn_settings(), **_drawn_state(rng, self.state, shape)}

        def drawn_settings():
            return {key: float(rng.uniform(*SETTINGS[key])) for key in self.settings}

        for shape, lie in (((4, 3), np.asfortranarray), ((5,), _with_gaps)):
            w, dw = map(lie, _weights_and_gradient(rng, shape))
            yield self._case(self._update, (w, dw, Recipe("settings", **config(shape))))

        w, dw = _weights_and_gradient(rng, (2, 3, 2))
        yield self._case(self._first, (w, dw), (w, dw))
        rate = Recipe("settings", learning_rate=float(rng.uniform(0.1, 0.5)))
        yield self._case(self._first, (w, dw, rate))

        w, dw = _weights_and_gradient(rng, (3, 4))
        given = {key: _in_float32(value) for key, value in config((3, 4)).items()}
        w, dw = w.astype(np.float32), dw.astype(np.float32)
        calls = [(w, dw, Recipe("settings", **one)) for one in (given, drawn_settings())]
        yield self._case(DTYPE, *calls, form=self._other_dtype, asks_how=True, atol=1e-5)

        w, dw = _weights_and_gradient(rng, (2, 3, 2))
        memory = Recipe("settings", **_drawn_state(rng, self.state, w.shape))
        full = Recipe("settings", **config(w.shape))
        calls = [(w, dw, None), (w, dw, rate), (w, dw, memory), (w, dw, full)]
        yield self._case(DEFAULTS, *calls, form=self._settings_lost, asks_how=True)

    def _case(self, part, *calls, form=None, **options):
        def verify(observations):
            return next(filter(None, map(form or self._harm, observations)), None)

        def steps(observations):
            moved = tuple(_step(call, _next_w(call)) for call in observations)
            return moved if len(moved) > 1 else moved[0]

        return Case(
            part,
            list(calls),
            answer=steps,
            measures="the step next_w - w",
            verify=verify,
            keeps_arguments=False,
            gist=self._gist,
            **options,
        )

    def _harm(self, call):
        if not np.array_equal(call.after[1], call.arguments[1]):
            return f"{self.id} changed its argument dw, expected it left as it was."
        return self._no_dict(call) or self._forgotten(call)

    def _no_dict(self, call):
        if isinstance(call.value[1], dict):
            return None
        return f"{self.id} returned the config {kind_of(call.value[1])}, expected a dict."

    def _forgotten(self, call):
        config, expected = call.value[1], _put_again(call, self.reference).value[1]
        for key in self.state:
            if config.get(key) is None:
                return f"{self.id} returned a config without {key}: the next step needs it."
            why = compare(config[key], expected[key], rtol=1e-4, atol=1e-5)
            if why:
                return f"{self.id}: config[{key!r}] holds {why.removeprefix('returned ')}"
        return None

    def _other_dtype(self, call):
        dtype, expected = np.asarray(call.value[0]).dtype, call.arguments[0].dtype
        if dtype == expected:
            return None
        return f"{self.id} returned next_w in {dtype} for weights in {expected}: keep their dtype."

    def _settings_lost(self, call):
        why = self._no_dict(call)
        if why:
            return why
        config, expected = call.value[1], _put_again(call, self.reference).value[1]
        for key in self.settings:
            if key not in config:
                return (
                    f"{self.id} returned a config without {key}, expected {key} {expected[key]:.4g}"
                    ", the one that was used."
                )
            if not same(config[key], expected[key], **EXACT):
                why = compare(config[key], expected[key], **EXACT)
                return f"{self.id}: config[{key!r}] holds {why.removeprefix('returned ')}"
        return None

    def _gist(self, call):
        """All that a mistake is told by, whatever else the config holds.

        As in grading, the form of what is returned is not looked at before the step is right.
        """
        if call.outcome != "returned":
            return call.outcome, call.error["type"] if call.error else ""
        if not isinstance(call.value, tuple) or len(call.value) != 2:
            return "alone", _step(call, call.value)
        next_w, config = call.value
        if not isinstance(config, dict):
            return "no dict", _step(call, next_w)
        given = _given(call)
        start = start_of(self.state, call.arguments[0])
        memory = {key: start[key] if config.get(key) is None else config[key] for key in start}
        used = {key: config.get(key) for key in self.settings if key in given}
        lost = "" if used else self._defaults_lost(config)
        widened = not given.keys() & start and bool(self._other_dtype(call))
        if (lost or widened) and not self._steps_rightly(call):
            lost, widened = "", False
        changed = not np.array_equal(call.after[1], call.arguments[1])
        return "pair", _step(call, next_w), memory, used, lost, widened, changed

    def _defaults_lost(self, config):
        """What has become of the defaults where the config had no setting."""
        if any(key not in config for key in self.settings):
            return "missing"
        return "" if all(same(config[k], v, **EXACT) for k, v in self.settings.items()) else "other"

    def _steps_rightly(self, call):
        expected = _put_again(call, self.reference).value[0]
        return same(call.value[0], expected, rtol=1e-4, atol=1e-5)

    def twisted_by(self, slips):
        """Decorate the arithmetic of a step with switches; the slips of every rule are added.

        It takes ``is_``, w, dw, the settings, and what is remembered, and returns the weights
        after the step and what is to be remembered.
        """

        def register(step_with):
            common = RuleSlips(self.settings, self.state)
            super(Rule, self).twisted_by(slips | common.hints)(common.rule(step_with))
            self._takes_other_defaults()
            self._hands_back_other_settings()
            return step_with

        return register

    def _takes_other_defaults(self):
        defaults = listed([f"{key} {value:g}" for key, value in self.settings.items()])

        def steps_with_what_came_back(cases):
            calls = [call for case in cases for call in case]
            return any(map(self._settings_lost, calls)) and all(map(self._steps_as_told, calls))

        @self.mistake(
            "other defaults", f"The defaults are {defaults}.", shows=steps_with_what_came_back
        )
        def doubles_the_defaults(w, dw, config=None):
            other = {key: 2 * value for key, value in self.settings.items()}
            return self.reference(w, dw, other | (config or {}))

    def _hands_back_other_settings(self):
        def given_settings(call):
            return _given(call).keys() & self.settings.keys()

        def changed(call):
            given, back = _given(call), call.value[1]
            return any(
                not same(back[key], given[key], **EXACT) and back[key] != self.settings[key]
                for key in given_settings(call)
            )

        def changed_throughout(cases):
            return all(changed(call) for case in cases for call in case if given_settings(call))

        @self.mistake(
            "changes the settings",
            "The config goes back with the settings that it came with: a rule doesn't lower the "
            "learning rate, a schedule does.",
            shows=changed_throughout,
        )
        def lowers_the_learning_rate(w, dw, config=None):
            next_w, new = self.reference(w, dw, config)
            return next_w, new | {"learning_rate": 0.5 * new["learning_rate"]}

    def _steps_as_told(self, call):
        """Whether a step is right for the settings in the config that came back."""
        given = _given(call)
        told = {key: call.value[1][key] for key in self.settings} | given
        arguments = (*call.arguments[:2], Recipe("settings", **told))
        twin = observation_of(self.reference, arguments)
        (_, *mine, _, _, _, changed), (_, *theirs, _, _, _, _) = self._gist(call), self._gist(twin)
        return not changed and same(mine, theirs, rtol=1e-4, atol=1e-6)

    def _remembers_outside(self):
        shared = {}

        def differs_when_called_again(cases):
            first, again = next(case for case in cases if len(case) == 2)
            return not same(self._gist(first), self._gist(again), rtol=1e-4, atol=1e-6)

        @self.mistake(
            "remembers outside of config",
            "The same call gave two answers: something is remembered outside of config. Write "
            "`config=None` in the first line (`config={}` is one dict for all calls), and keep "
            "nothing in globals.",
            shows=differs_when_called_again,
        )
        def one_config_for_all_calls(w, dw, config=None):
            return self.reference(w, dw, shared if config is None else config)


def _with_gaps(values):
    """The same numbers, every second one of an array twice as long."""
    return np.repeat(values, 2, axis=-1)[..., ::2]


def _in_float32(value):
    return value.astype(np.float32) if isinstance(value, np.ndarray) else value


def _put_again(call, function):
    """The same call, made of a trusted function."""
    return observation_of(function, call.arguments)


def _given(call):
    """What the config of a call held."""
    return call.arguments[2].ingredients if call.arguments[2:] and call.arguments[2] else {}


def _next_w(call):
    if not isinstance(call.value, tuple | list):
        raise TypeError("not a pair")
    next_w, _ = call.value
    return next_w


def _step(call, next_w):
    """How far the weights moved; anything but an array of their shape is returned as it is."""
    w = call.arguments[0]
    return next_w - w if isinstance(next_w, np.ndarray) and next_w.shape == w.shape else next_w
