"""Slips that can be made in any update rule: in what comes from the config and goes back to it."""

import numpy as np

OTHER_DEFAULTS = {
    "learning_rate": (1e-2, 1e-3),
    "momentum": (0.99,),
    "decay_rate": (0.9,),
    "beta2": (0.99,),
}
"""Settings, and what students often take for their defaults."""


class RuleSlips:
    """The slips of a rule with these settings and this memory, and how each of them acts.

    Parameters
    ----------
    settings : dict of str to float
        Settings and their defaults.
    state : list of str
        What the rule remembers.
    """

    def __init__(self, settings, state):
        self._settings, self._state = settings, state
        self._memory = listed(state)
        self._afresh = f"{self._memory} {'start' if len(state) > 1 else 'starts'} afresh"
        self._words = {key: key.replace("_", " ") for key in settings}
        self._others = {
            f"{self._words[key]} {other:g} by default": (key, other)
            for key in settings
            for other in OTHER_DEFAULTS.get(key, ())
            if other != settings[key]
        }

    @property
    def hints(self):
        """The sentence for each slip."""
        slips = {
            "needs a full config": "config may be None or lack some of its entries: fill in the "
            "defaults, for example with setdefault.",
            "defaults only where config is None": "A config may hold some of its entries only: "
            "fill in each one that is missing, for example with setdefault.",
            "config is never None": "config is None by default, which has no entries: begin with "
            "config = {} if config is None else config.",
            "config always replaced": "An empty dict stands in for config only where it is None, "
            "and a default for a setting only where config lacks it: yours replaces what is there.",
            "returns the weights alone": "Return two values: next_w and config.",
            "config returned first": "Return next_w first, then config.",
            "returns the step": "Return the weights after the step, not the step alone.",
            "returns the old weights": "Return the weights after the step: yours have not moved.",
            "learning rate left out": "Multiply by the learning rate.",
            "learning rate counted twice": "Multiply by the learning rate once.",
            "changes dw": "`dw *= ...` and its like change the caller's gradient: write the result "
            "as a new array.",
            "forgets the settings": "Return the config that came in (filled up): with the settings "
            "gone, the next step would use the defaults.",
            "config stays None": "Where config is None, make a dict, fill in the defaults, and "
            "return it: the next step goes on from it.",
            "takes no setting from config": "Take the settings from config: the defaults are for "
            "those that config lacks.",
        }
        if self._state:
            slips |= {
                "first step not foreseen": f"The first config has no {self._memory}: start from "
                "zeros.",
                self._afresh: f"What config holds as {self._memory} has no effect: take it from "
                "there (zeros are only for a config without it), and look whether it cancels.",
                "defaults written over config": "config[name] = value replaces what config holds: "
                "fill in a default only where the setting is missing, for example with setdefault.",
                "memory returned instead of config": "Return the whole config, a dict, with what "
                "is remembered stored in it.",
            }
        if len(self._state) > 1:
            for key in self._state:
                slips[f"{key} starts afresh"] = (
                    f"What config holds as {key} has no effect: take it from there (zero is only "
                    "for a config without it), and look whether it cancels."
                )
            slips["nothing kept"] = f"Store {self._memory} in config: they are the rule's memory."
        for key in self._state:
            slips[f"{key} under another name"] = (
                f'Read {key} from config["{key}"], and store the new {key} there, under this name.'
            )
            slips[f"{key} not kept"] = f'Store the new {key}: config["{key}"] = {key}.'
        for key, words in self._words.items():
            default = f"{self._settings[key]:g}"
            slips[f"always {words} {default}"] = (
                f"Take {key} from config; {default} is only for a config that has none."
            )
        for name, (key, other) in self._others.items():
            slips[name] = f"The default {key} is {self._settings[key]:g}, not {other:g}."
        return slips | {
            "defaults not written back": "Fill in the defaults in config itself, "
            "config.setdefault(name, value), and return it: it then says with which settings the "
            "step was made.",
            "another dtype": "Weights in float32 must stay so. np.zeros(w.shape) and NumPy's own "
            "numbers, such as np.sqrt(2), are float64: use np.zeros_like(w), and ** 0.5 or "
            "float(...) for numbers.",
        }

    def rule(self, step_with):
        """The rule that makes a step by ``step_with(is_, w, dw, settings, memory)``."""

        def rule_with(is_, w, dw, config=None):
            given = self._given(is_, config)
            used, filled = self._used(is_, given)
            old = self._remembered(is_, w, given)
            next_w, new = step_with(is_, w, dw, used, old)
            kept = {
                key: old[key] if is_("nothing kept") or is_(f"{key} not kept") else new[key]
                for key in self._state
            }
            for key in self._state:
                if is_(f"{key} under another name"):
                    kept[key] = given.get(key, old[key])
            if is_("changes dw"):
                dw *= used["learning_rate"]
            if is_("config stays None") and config is None:
                return next_w, None
            return self._returned(is_, w, next_w, filled, kept)

        return rule_with

    def _given(self, is_, config):
        """The config as a dict; where a slip lacks an entry, it ends in that error."""
        everything = (*self._settings, *self._state)
        if is_("needs a full config"):
            return {key: config[key] for key in everything}
        if is_("config is never None"):
            config.copy()
        if config is None or is_("config always replaced"):
            return {}
        if is_("defaults only where config is None"):
            return {key: config[key] for key in everything}
        return config

    def _used(self, is_, given):
        """The settings of the step, and the config filled up with those that it lacks."""
        defaults = dict(self._settings)
        for name, (key, other) in self._others.items():
            if is_(name):
                defaults[key] = other
        filled = given if is_("defaults not written back") else defaults | given
        used = {key: given.get(key, default) for key, default in defaults.items()}
        for key, words in self._words.items():
            if is_(f"always {words} {self._settings[key]:g}"):
                used[key] = self._settings[key]
        if is_("takes no setting from config"):
            used, filled = defaults, given
        if is_("defaults written over config"):
            used, filled = defaults, given | defaults
        if is_("learning rate left out"):
            used = used | {"learning_rate": 1.0}
        if is_("learning rate counted twice"):
            used = used | {"learning_rate": used["learning_rate"] ** 2}
        return used, filled

    def _remembered(self, is_, w, given):
        if is_("first step not foreseen"):
            return {key: given[key] for key in self._state}
        start = start_of(self._state, w)
        afresh = is_(self._afresh)
        many = len(self._state) > 1
        kept = [
            key
            for key in self._state
            if not ((many and is_(f"{key} starts afresh")) or is_(f"{key} under another name"))
        ]
        return start if afresh else start | {key: given[key] for key in kept if key in given}

    def _returned(self, is_, w, next_w, filled, kept):
        if is_("returns the old weights"):
            next_w = w
        if is_("returns the step"):
            next_w = next_w - w
        if is_("another dtype"):
            next_w = next_w.astype(np.float64)
        config = kept if is_("forgets the settings") else filled | kept
        if is_("returns the weights alone"):
            return next_w
        if is_("memory returned instead of config"):
            return next_w, kept[self._state[0]]
        return (config, next_w) if is_("config returned first") else (next_w, config)


def start_of(state, w):
    """What is remembered before the first step."""
    return {key: 0 if key == "t" else np.zeros_like(w) for key in state}


def listed(names):
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
