"""Loops over the images: told by how the lines that Python runs grow with their number."""

import sys

import numpy as np
import pytest

from grading.exercises import EXERCISES
from grading.judge.diagnosis import UNCOUNTED_REMARK, judge_here


def verdict_on(answer, name="svm_loss_vectorized"):
    return judge_here(EXERCISES[name], answer, np.random.default_rng(0))


def test_lines_count_only_where_their_number_grows_with_the_images():
    reference = EXERCISES["svm_loss_vectorized"].reference

    def counts_for_long(W, X, y, reg):
        for _ in range(3_000):
            pass
        return reference(W, X, y, reg)

    def loops_over_images(W, X, y, reg):
        for _ in X:
            pass
        return reference(W, X, y, reg)

    assert verdict_on(counts_for_long).passed
    verdict = verdict_on(loops_over_images)
    assert verdict.reasons["no loops"].endswith("over the images.")
    assert verdict.mistake == "loops over the images"


def test_array_with_a_row_and_a_column_for_each_image_is_found_by_its_memory():
    def all_pairs(W, X, y, reg):
        scores = X @ W
        margins = np.maximum(0, scores - np.diag(scores[:, y])[:, np.newaxis] + 1)
        margins[np.arange(len(y)), y] = 0
        return margins.sum() / len(y) + reg * np.sum(W**2)

    verdict = verdict_on(all_pairs)
    assert "18 MB more were taken for 1,500 images" in verdict.reasons.pop("no loops")
    assert not verdict.reasons


def test_lines_that_cannot_be_counted_cost_nothing_and_are_remarked():
    reference = EXERCISES["svm_loss_vectorized"].reference

    def untraced(W, X, y, reg):
        sys.settrace(None)
        return reference(W, X, y, reg)

    verdict = verdict_on(untraced)
    assert verdict.passed and verdict.remark == UNCOUNTED_REMARK


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
