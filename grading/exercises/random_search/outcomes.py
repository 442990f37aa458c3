"""What a search returned, compared with the best weights, their loss and the history."""

import numpy as np

from ..compare import compare


def outcome_of(observation):
    """What was returned; in (W, loss, history), a history in a list or tuple as an array."""
    value = observation.value
    if isinstance(value, tuple | list) and len(value) == 3:
        W, loss, history = value
        if isinstance(history, list | tuple):
            history = np.array(history, dtype=float)
        return W, loss, history
    return value


def best_differs(observation, W, loss, history):
    """How the returned weights and loss differ from the right ones."""
    got = outcome_of(observation)
    if not isinstance(got, tuple) or len(got) != 3:
        return compare(got, (W, loss, history), rtol=1e-4, atol=1e-6)
    return compare(got, (W, loss, got[2]), rtol=1e-4, atol=1e-6)


def history_differs(observation, history):
    """How the returned history differs from the right one."""
    got = outcome_of(observation)
    if not isinstance(got, tuple) or len(got) != 3:
        return compare(got, (0.0, 0.0, history), rtol=1e-4, atol=1e-6)
    why = compare(got[2], history, rtol=1e-4, atol=1e-6)
    return f"(value 3 of 3) {why}" if why else None
