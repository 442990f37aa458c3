"""Opens nbgrader's gradebook, or says in a sentence why it cannot be opened."""

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from ..errors import Refused

if TYPE_CHECKING:
    from nbgrader.api import Gradebook

COURSE_ID = "loss-functions-and-optimization"
"""The course's name in a gradebook."""


def default_url(course: Path) -> str:
    """The URL of a course's gradebook where no other is named."""
    return f"sqlite:///{course / 'gradebook.db'}"


def open_gradebook(db_url: str, course_id: str) -> "Gradebook":
    """Open nbgrader's gradebook, or say why it cannot be opened."""
    from nbgrader.api import Gradebook  # takes a second, and much else here needs none

    put_programs_on_path()
    with refusing(db_url):
        return Gradebook(db_url, course_id)


@contextlib.contextmanager
def refusing(db_url: str) -> Iterator[None]:
    """Turn what a database complains of into one sentence.

    Raises
    ------
    Refused
        If the gradebook cannot be opened.
    """
    try:
        yield
    except (SQLAlchemyError, ImportError) as error:
        why = str(error).splitlines()[0]
        raise Refused(
            f"the gradebook {shown_url(db_url)} cannot be opened ({why}): correct the URL, or see "
            "that its server runs"
        ) from error


def shown_url(db_url: str) -> str:
    """A gradebook's URL without its password."""
    try:
        return make_url(db_url).render_as_string(hide_password=True)
    except SQLAlchemyError:
        return "whose URL cannot be read"


def put_programs_on_path() -> None:
    """Let nbgrader find `alembic`, which makes a new gradebook; it is beside this Python."""
    beside = str(Path(sys.executable).parent)
    if beside not in os.environ["PATH"].split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join([beside, os.environ["PATH"]])
