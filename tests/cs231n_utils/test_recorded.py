"""Recorded results: computed on the full data, read on the small, with their source."""

from types import SimpleNamespace

import numpy as np
import pytest

from cs231n_utils import recorded

FULL, SMALL = SimpleNamespace(size="full"), SimpleNamespace(size="small")


def compute():
    return {"W": np.linspace(-1, 1, 5, dtype=np.float32), "steps": [3, 7]}


def never():
    raise AssertionError("computed")


def test_results_are_computed_on_the_full_data_and_read_on_the_small(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(recorded, "RECORDINGS", tmp_path)
    recorded.record("09-test", SMALL, compute)
    assert recorded.results("09-test", FULL, compute)["steps"] == [3, 7]
    assert not capsys.readouterr().out
    found = recorded.results("09-test", SMALL, never)
    assert capsys.readouterr().out.startswith("Recorded, not computed now")
    assert found.keys() == {"W", "steps"} and found["W"].dtype == np.float32
    np.testing.assert_allclose(found["W"], compute()["W"], rtol=1e-3)
    assert found["steps"].tolist() == [3, 7]


def test_full_data_are_not_recorded():
    with pytest.raises(ValueError, match="set CS231N_SIZE=small"):
        recorded.record("09-test", FULL, never)
