"""When something was handed in, as a text says it: in ``timestamp.txt`` or in a name."""

import contextlib
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from dateutil.parser import parse

from ..submission.read import file_problem

EARLIEST, LATEST = 0.0, datetime(2100, 1, 1, tzinfo=UTC).timestamp()
"""A time of handing in is believed if it lies between these two, in seconds since 1970."""

STAMP = "timestamp.txt"
"""The file in which nbgrader keeps the time of handing in, beside the notebook."""


def time_stamp(handed_in: str) -> datetime | None:
    """The time in nbgrader's ``timestamp.txt`` beside a submission; None if there is none."""
    path = Path(handed_in).parent / STAMP
    if not handed_in or file_problem(path):
        return None
    try:
        with open(path, encoding="utf-8") as file:
            return utc_of(file.read(100))
    except (OSError, ValueError):
        return None


def utc_of(text: str) -> datetime | None:
    """The time that a text says, in UTC, without a zone; None if it cannot be one.

    A time without a zone is in UTC, as nbgrader takes it. A zone may have a name, such as CET or
    Europe/Berlin: the exchange writes what it is configured with.
    """
    day, _, rest = text.strip().partition(" ")
    time, _, name = rest.partition(" ")
    zone = None
    with contextlib.suppress(OSError, ValueError, LookupError):
        zone = ZoneInfo(name)
    try:
        moment = parse(text.strip() if zone is None else f"{day} {time}")
        if zone is not None:
            moment = moment.replace(tzinfo=zone)
        if moment.tzinfo is not None:
            moment = moment.astimezone(UTC).replace(tzinfo=None)
        # Comparing a time at the edge of the calendar with a due date can overflow.
        return moment if 1970 <= moment.year < 9999 else None
    except (ValueError, ArithmeticError, TypeError):
        return None


def seconds_of(moment: datetime | None) -> float | None:
    """A time in UTC as seconds since 1970, if something can have been handed in then."""
    return None if moment is None else believed(moment.replace(tzinfo=UTC).timestamp())


def believed(moment: float) -> float | None:
    """A time in seconds since 1970, if something can have been handed in then."""
    return moment if EARLIEST < moment < LATEST else None
