"""Cases that differ little: a few are of the fast run, all of the slow one."""

from collections.abc import Sequence
from typing import Any

import pytest


def in_turns(cases: Sequence[Any], of: int) -> list:
    """Parameters of which the fast run takes one of so many."""
    return [
        pytest.param(
            case,
            id=None if isinstance(case, str) else str(case),
            marks=[pytest.mark.slow] * bool(place % of),
        )
        for place, case in enumerate(cases)
    ]
