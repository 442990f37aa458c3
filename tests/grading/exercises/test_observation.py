"""Observations: what arrives is taken for what it should be, or refused."""

import numpy as np
import pytest

from cs231n_utils.checking.observe import UNCOUNTED
from grading.exercises.observation import Observation, observation_of, returned

MESSAGE = {"outcome": "returned", "value": 1, "error": None, "after": [], "usage": {}}
MESSAGE |= {"work": 3, "memory": 8}


def test_call_of_a_trusted_function_is_observed():
    seen = observation_of(lambda a, b: a + b, (np.ones(2), 1.0), count_work=True)
    assert seen.outcome == "returned" and seen.work > 0
    assert returned([seen]).tolist() == [2, 2] and seen.after[0].tolist() == [1, 1]


@pytest.mark.parametrize("field", MESSAGE)
def test_message_without_a_field_is_refused(field):
    with pytest.raises(KeyError):
        Observation.of({key: MESSAGE[key] for key in MESSAGE if key != field}, ())


@pytest.mark.parametrize("forged", [{"outcome": "passed"}, {"after": 5}, {"usage": []}])
def test_message_of_another_form_is_refused(forged):
    with pytest.raises(TypeError):
        Observation.of(MESSAGE | forged, ())


@pytest.mark.parametrize("work", [-1, 2.5, "none", None])
def test_forged_count_counts_as_none(work):
    assert Observation.of(MESSAGE | {"work": work}, ()).work == UNCOUNTED
    assert Observation.of(MESSAGE | {"memory": work}, ()).memory == UNCOUNTED


def test_forged_error_is_cut_to_what_an_error_is():
    error = {"type": 5, "kinds": ["K" * 200, 7] * 40, "message": "m" * 900, "line": "3"}
    seen = Observation.of(MESSAGE | {"error": error}, ()).error
    assert seen["type"] == "" and seen["line"] is None and len(seen["message"]) == 500
    assert len(seen["kinds"]) == 30 and seen["kinds"][:2] == ["K" * 100, ""]
    assert Observation.of(MESSAGE | {"error": "text"}, ()).error is None
