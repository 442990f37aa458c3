"""What calls returned or raised: its shape, its message, and the variant of a mistake it fits."""

import numpy as np


def like_one_of(*variants, n_arguments):
    """A `shows` that holds if one variant of the mistake returns what every call returned."""

    def shows(cases):
        calls = [call for case in cases for call in case if len(call.arguments) == n_arguments]

        def is_like(variant):
            return all(
                np.allclose(call.value, variant(*call.arguments), rtol=1e-4, atol=1e-4)
                for call in calls
            )

        try:
            return any(map(is_like, variants))
        except Exception:
            return False

    return shows


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
