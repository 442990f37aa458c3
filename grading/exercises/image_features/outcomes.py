"""What calls returned or raised: its shape and its message."""

import numpy as np


def wrong_shape(name, call, shape):
    """Why a returned value is not an array of numbers of this shape; None if it is."""
    value = call.value
    if not isinstance(value, np.ndarray):
        return f"{name} returned a {type(value).__name__}, expected an array of shape {shape}."
    if value.shape != shape or value.dtype.kind not in "fiu":
        return f"{name} returned an array of shape {value.shape}, expected {shape}, numbers."
    return None


def raised_about(call, *words):
    """Whether a call raised an error whose message holds one of these words."""
    return call.outcome == "raised" and any(word in call.error["message"] for word in words)
