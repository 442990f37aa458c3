"""Answers to the first exercise, `accuracy`, and what self-study keeps of them."""

import contextlib

import numpy as np

from cs231n_utils.checking.verdict import CheckFailed
from cs231n_utils.checks import check
from cs231n_utils.selfstudy import progress_file


def unwritten(scores, y):
    raise NotImplementedError


def always_half(scores, y):
    return 0.5


def always_one(scores, y):
    return 1.0


def always_two(scores, y):
    return 2.0


def right(scores, y):
    return float(np.mean(np.argmax(scores, axis=1) == y))


def attempt(*answers):
    for answer in answers:
        with contextlib.suppress(CheckFailed):
            check(answer, exercise="accuracy")


def kept(exercise="accuracy"):
    return progress_file.read().exercises[exercise]
