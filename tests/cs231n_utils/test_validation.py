"""Sentences that say which function was called, what it got, what it expected, and what to do."""

import math
import re
import time

import numpy as np
import pytest

from cs231n_utils import validation
from cs231n_utils.data import DataError
from tests.support.sentences import is_one_sentence

W, X, Y = np.zeros((5, 4)), np.zeros((7, 5)), np.arange(7) % 4
IMAGES = np.zeros((2, 32, 32, 3), np.uint8)

RIGHT = [
    ("number", "reg", 0),
    ("number", "reg", np.float32(0.5)),
    ("number", "share", 1.0, 1.0),
    ("integer", "k", np.int64(3), 3, 3),
    ("choice", "kind", "l1", ("l1", "l2")),
    ("alt", "A line."),
    ("floats", "W", W),
    ("floats", "W", W.astype(np.float32)),
    ("matrix", "W", W, "(D, C)"),
    ("linear", W, X, Y),
    ("linear", W.tolist(), X.tolist(), Y.astype(np.uint8)),
    ("labels", Y, 7, 4),
    ("labels", Y + 100, 7),
    ("same_shape", "gradient", W, "x", (5, 4)),
    ("one_each", "label", 7, 7),
    ("color_images", IMAGES - 100.0),
    ("raw_images", IMAGES.astype(float)),
    ("raw_images", IMAGES[:0].astype(float)),
    ("side", "cell", 32, IMAGES),
    ("pictures", IMAGES),
    ("pictures", IMAGES[..., 0]),
    ("channels_first", "x", IMAGES),
    ("windows", (5, 6), (3, 6), 2),
    ("cifar10_images", IMAGES, 1),
    ("cifar10_images", IMAGES[:0]),
    ("mean_image", np.zeros((32, 32, 3))),
    ("float_type", "float64"),
]

WRONG = {
    "a number as text": (TypeError, "number", "reg", "0.1"),
    "NaN": (ValueError, "number", "reg", math.nan),
    "infinity": (ValueError, "number", "reg", math.inf),
    "below 0": (ValueError, "number", "reg", -1e-9),
    "above the highest": (ValueError, "number", "share", 1.5, 1.0),
    "a fraction": (TypeError, "integer", "k", 2.0, 1),
    "True": (TypeError, "integer", "k", True, 1),
    "too small": (ValueError, "integer", "k", 0, 1),
    "too large": (ValueError, "integer", "k", 5, 1, 3, "for 3 patches"),
    "an unknown word": (ValueError, "choice", "kind", "l3", ("l1", "l2")),
    "a blank alt text": (ValueError, "alt", " \n"),
    "a list": (TypeError, "floats", "W", [[1.0]]),
    "integers": (TypeError, "floats", "W", W.astype(int)),
    "another byte order": (
        TypeError,
        "floats",
        "W",
        W.astype(W.dtype.newbyteorder()),
    ),
    "a row": (ValueError, "matrix", "X", X[0], "(N, D)"),
    "no rows": (ValueError, "matrix", "X", X[:0], "(N, D)"),
    "images as columns": (ValueError, "linear", W, X.T.copy(), Y[:5]),
    "labels in a list": (TypeError, "linear", W, X, Y.tolist()),
    "labels that float": (TypeError, "labels", Y.astype(float), 7, 4),
    "too few labels": (ValueError, "labels", Y[1:], 7, 4),
    "labels from 1": (ValueError, "labels", Y + 1, 7, 4),
    "a negative label": (ValueError, "labels", Y - 1, 7),
    "another shape": (ValueError, "same_shape", "gradient", W.T, "x", W.shape),
    "too few titles": (ValueError, "one_each", "title", 2, 3),
    "rows of pixels": (ValueError, "color_images", X),
    "a list of images": (ValueError, "color_images", IMAGES.tolist()),
    "images without their mean": (ValueError, "raw_images", IMAGES - 100.0),
    "a large cell": (ValueError, "side", "cell", 33, IMAGES),
    "no pictures": (ValueError, "pictures", IMAGES[:0]),
    "four colors": (ValueError, "pictures", np.zeros((2, 8, 8, 4))),
    "a single image": (ValueError, "channels_first", "x", IMAGES[0]),
    "a large window": (ValueError, "windows", (5, 6), (3, 7), 1),
    "no stride": (ValueError, "windows", (5, 6), (3, 3), 0),
    "no array": (DataError, "cifar10_images", None),
    "larger images": (DataError, "cifar10_images", np.zeros((2, 64, 64, 3), np.uint8)),
    "floating pixels": (DataError, "cifar10_images", IMAGES.astype(float)),
    "no images": (DataError, "cifar10_images", IMAGES[:0], 1),
    "a number as a mean": (DataError, "mean_image", 127.5),
    "a flat mean": (DataError, "mean_image", np.zeros(3072)),
    "a mean with NaN": (DataError, "mean_image", np.full((32, 32, 3), np.nan)),
    "an integer type": (DataError, "float_type", np.uint8),
    "no type": (DataError, "float_type", None),
}


def require(what, *arguments):
    return getattr(validation, f"require_{what}")("some_function", *arguments)


@pytest.mark.parametrize("arguments", RIGHT, ids=lambda arguments: arguments[0])
def test_right_arguments_pass(arguments):
    require(*arguments)


@pytest.mark.parametrize("name", WRONG)
def test_wrong_arguments_are_answered_in_one_sentence_of_four_parts(name):
    error, *arguments = WRONG[name]
    with pytest.raises(error) as caught:
        require(*arguments)
    message = str(caught.value)
    assert is_one_sentence(message)
    assert re.fullmatch(r"some_function got .+, expected .+: .+\.", message)


def test_every_requirement_is_tried_both_ways():
    names = {name.removeprefix("require_") for name in dir(validation) if "require_" in name}
    assert names == {what for what, *_ in RIGHT} == {what for _, what, *_ in WRONG.values()}


def test_zero_is_refused_where_a_number_must_be_above_it():
    with pytest.raises(ValueError, match=r"h=0\.0, expected a finite number above 0"):
        validation.require_number("some_function", "h", 0.0, above_0=True)


def test_message_names_weights_as_the_function_does():
    with pytest.raises(ValueError, match="W0 of shape"):
        validation.require_linear("some_function", W.T, X, Y, weights="W0")


def test_images_are_not_read_to_check_their_shape():
    many = np.broadcast_to(np.zeros(1), (50_000, 3_073))
    began = time.process_time()
    validation.require_floats("some_function", "X", many)
    validation.require_linear("some_function", np.zeros((3_073, 10)), many, np.zeros(50_000, int))
    assert time.process_time() - began < 0.05
