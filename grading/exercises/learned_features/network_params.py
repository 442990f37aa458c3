"""Parameters of the two-layer network, and whether a call left them as they were."""

import numpy as np


def draw_params(rng, n_inputs, n_hidden, n_classes):
    """Weights and biases of both signs, large enough that forgetting one of them shows."""
    return {
        "W1": rng.standard_normal((n_inputs, n_hidden)),
        "b1": rng.choice([-1, 1], n_hidden) * rng.uniform(0.4, 1.2, n_hidden),
        "W2": rng.standard_normal((n_hidden, n_classes)),
        "b2": rng.choice([-1, 1], n_classes) * rng.uniform(0.4, 1.2, n_classes),
    }


def changed_params(name, observations):
    """Say which entry of params the last call changed; None if it left them as they were."""
    before = observations[-1].arguments[0].ingredients
    after = observations[-1].usage["0"]["params"]
    for key in {**before, **after}:
        kept = key in before and key in after and np.array_equal(before[key], after[key])
        if not kept:
            return (
                f"{name} changed params[{key!r}], expected params left as they were: put what is "
                "new into a new dict or array."
            )
    return None
