"""Loops over the images: told by how the lines that Python runs grow with their number."""

import numpy as np
import pytest

from grading.exercises import EXERCISES
from grading.judge.diagnosis import judge_here


def test_long_loop_is_called_a_loop_over_the_images_only_if_it_grows_with_them():
    exercise = EXERCISES["svm_loss_vectorized"]

    def counts_for_long(W, X, y, reg):
        for _ in range(3_000):
            pass
        return exercise.reference(W, X, y, reg)

    def loops_over_images(W, X, y, reg):
        for _ in X:
            pass
        return exercise.reference(W, X, y, reg)

    verdict = judge_here(exercise, counts_for_long, np.random.default_rng(0))
    assert "not over the images" in verdict.reasons["no loops"] and verdict.mistake is None
    verdict = judge_here(exercise, loops_over_images, np.random.default_rng(0))
    assert verdict.reasons["no loops"].endswith("over the images.")
    assert verdict.mistake == "loops over the images"


@pytest.mark.parametrize(
    ("name", "wrong", "part", "call"),
    [
        ("svm_loss_vectorized", lambda W, X, y, reg: 6.27, "no loops", "shape (8, 5)"),
        ("softmax_vjp", lambda p, v: p * v, "no Jacobian", "p=array of shape (700,)"),
    ],
)
def test_how_values_are_computed_is_not_judged_until_they_are_right(name, wrong, part, call):
    verdict = judge_here(EXERCISES[name], wrong, np.random.default_rng(0))
    assert verdict.reasons[part].startswith(f"Not judged until the values are right: {name} ")
    assert call in verdict.reasons[part] and not verdict.parts[part]
