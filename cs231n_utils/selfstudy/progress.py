"""How far a student has come through the course."""

from ..checking.cards import show
from . import progress_file
from .questions import Unanswered, course, say


def progress() -> None:
    """Show the whole course: exercises passed, points, and the ladder so far.

    Examples
    --------
    >>> progress()  # doctest: +SKIP
    """
    try:
        exercises = course()
    except Unanswered as error:
        say(str(error))
        return
    # Matplotlib, which these need, is slow to import, and seldom needed here.
    from .. import plots
    from . import overview

    kept = progress_file.read()
    plots.show(overview.draw(exercises, kept), overview.summary(exercises, kept), stand_in=False)
    show(overview.table(exercises, kept), overview.table_as_html(exercises, kept))
