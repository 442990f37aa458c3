"""Mutants of a small reference: of each kind, each with its line and its statements."""

import inspect
import pickle
import re

import numpy as np
import pytest

from grading.judge.mutants import FAMILIES, Reference
from tests.support import small_exercise

REFERENCE = Reference(small_exercise.exercise)
MUTANTS = REFERENCE.mutants()
LINES = inspect.getsource(small_exercise).splitlines()


def bare(statement):
    """A statement without what ``ast.unparse`` writes in its own way."""
    return re.sub(r"[ ()]", "", statement)


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        ("dropped statement", "x = x - x.mean(axis=0)", "# x = x - x.mean(axis=0)"),
        ("+= for =", "x = x - x.mean(axis=0)", "x += x - x.mean(axis=0)"),
        ("in place", "x = x - x.mean(axis=0)", "x -= x.mean(axis=0)"),
        ("operator", "x = x - x.mean(axis=0)", "x = x + x.mean(axis=0)"),
        ("swapped", "x = x - x.mean(axis=0)", "x = x.mean(axis=0) - x"),
        ("dropped term", "x = x - x.mean(axis=0)", "x = x.mean(axis=0)"),
        ("dropped argument", "x = x - x.mean(axis=0)", "x = x - x.mean()"),
        ("family", "x = x - x.mean(axis=0)", "x = x - x.median(axis=0)"),
        ("number", "x = x - x.mean(axis=0)", "x = x - x.mean(axis=1)"),
        ("dtype", "counts = np.zeros(2)", "counts = np.zeros(2, dtype=int)"),
        ("one round", "for i in range(len(y)):", "for i in range(len(y)): ... break"),
        ("off by one", "for i in range(len(y)):", "for i in range(len(y) + 1):"),
        ("off by one", "for i in range(len(y)):", "for i in range(1, len(y)):"),
        ("axis", "for i in range(len(y)):", "for i in range(y.shape[1]):"),
        ("condition", "if y[i] > 0 and i < 3:", "if not (y[i] > 0 and i < 3):"),
        ("condition", "if y[i] > 0 and i < 3:", "if True:"),
        ("condition", "if not x.size:", "if x.size:"),
        ("and/or", "if y[i] > 0 and i < 3:", "if y[i] > 0 or i < 3:"),
        ("dropped term", "if y[i] > 0 and i < 3:", "if i < 3:"),
        ("comparison", "if y[i] > 0 and i < 3:", "if y[i] >= 0 and i < 3:"),
        ("number", "if y[i] > 0 and i < 3:", "if y[i] > 0 and i < 4:"),
        ("= for +=", "counts[0] += x[i, 0]", "counts[0] = x[i, 0]"),
        ("operator", "counts[0] += x[i, 0]", "counts[0] -= x[i, 0]"),
        ("swapped", "counts[0] += x[i, 0]", "counts[0] += x[0, i]"),
        ("dropped index", "counts[0] += x[i, 0]", "counts[0] += x"),
        ("sign", "middle = -middle if half else np.copy(x[half:]).sum()",
         "middle = middle if half else np.copy(x[half:]).sum()"),
        ("name", "middle = -middle if half else np.copy(x[half:]).sum()",
         "middle = -half if half else np.copy(x[half:]).sum()"),
        ("slice", "middle = -middle if half else np.copy(x[half:]).sum()",
         "middle = -middle if half else np.copy(x[half + 1:]).sum()"),
        ("dropped call", "middle = -middle if half else np.copy(x[half:]).sum()",
         "middle = -middle if half else x[half:].sum()"),
        ("condition", "middle = -middle if half else np.copy(x[half:]).sum()",
         "middle = np.copy(x[half:]).sum() if half else -middle"),
        ("dropped call", "return (x.copy() / spread(x), middle)",
         "return (x / spread(x), middle)"),
        ("swapped", "return (x.copy() / spread(x), middle)",
         "return (middle, x.copy() / spread(x))"),
        ("number", "def spread(x, least=1.0):", "def spread(x, least=2.0):"),
        ("axis", "return max(np.sqrt((x.T @ x).sum(axis=(0, 1))), least)",
         "return max(np.sqrt((x.T @ x).sum(axis=0)), least)"),
        ("transpose", "return max(np.sqrt((x.T @ x).sum(axis=(0, 1))), least)",
         "return max(np.sqrt((x @ x).sum(axis=(0, 1))), least)"),
        ("family", "return max(np.sqrt((x.T @ x).sum(axis=(0, 1))), least)",
         "return min(np.sqrt((x.T @ x).sum(axis=(0, 1))), least)"),
    ],
)  # fmt: skip
def test_mistake_of_each_kind_is_made(kind, before, after):
    (mutant,) = [m for m in MUTANTS if (m.before, m.after) == (before, after)]
    assert mutant.kinds == (kind,)
    assert bare(LINES[mutant.line - 1]) == bare(before)


def test_each_mutant_differs_from_the_reference_and_from_the_others():
    sources = [mutant.source for mutant in MUTANTS]
    assert len(set(sources)) == len(sources) > 100
    for mutant in MUTANTS:
        assert mutant.before != mutant.after
        if not mutant.after.startswith("#") and not mutant.after.endswith("break"):
            assert mutant.after in mutant.source.replace("\n    ", "\n")


def test_mistakes_that_change_nothing_are_not_made():
    after = [mutant.after for mutant in MUTANTS]
    assert "for i in range(len(x)):" not in after  # as long as y
    assert not [text for text in after if "axis=(1, 0)" in text]
    assert not [text for text in after if "least, np.sqrt" in text]  # max does not mind


def test_mutant_is_the_function_with_its_mistake():
    x, y = np.arange(12.0).reshape(4, 3), np.array([1, 2, 3, 1])
    (mutant,) = [m for m in MUTANTS if m.after == "return (x.copy() * spread(x), middle)"]
    right = small_exercise.standardized(x, y)
    wrong = mutant.function(small_exercise.exercise)(x, y)
    np.testing.assert_allclose(wrong[0], right[0] * small_exercise.spread(x - x.mean(0)) ** 2)
    assert wrong[1] == right[1]


def test_sample_has_one_mutant_of_so_many():
    sample = REFERENCE.mutants(every=7)
    assert {m.source for m in sample} < {m.source for m in MUTANTS}
    assert abs(len(sample) - len(MUTANTS) / 7) < 3


def test_pairs_have_two_mistakes_that_do_not_overlap():
    pairs = REFERENCE.pairs(np.random.default_rng(0), 40)
    singles = {mutant.source for mutant in MUTANTS}
    assert len(pairs) > 30
    for pair in pairs:
        assert len(pair.kinds) == 2 and pair.source not in singles
        compile(pair.source, "pair", "exec")


def test_mutant_travels_to_a_process_without_its_syntax_tree():
    for mutant in MUTANTS[:5]:
        assert pickle.loads(pickle.dumps(mutant)) == mutant


def test_no_function_is_taken_for_itself():
    assert all(name not in others for name, *others in FAMILIES)
