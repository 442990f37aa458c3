"""Cases that fail where Python loops over the images: the lines that it runs are counted."""

from typing import Any

from cs231n_utils.checking.observe import UNCOUNTED

from .describe import Case
from .observation import Observation

LOOP_LINES = 60
"""A vectorized answer may run this many lines of Python more on the larger of two inputs."""

MAX_LINES = 2_000
"""A vectorized answer may run this many lines of Python in all."""

MANY_IMAGES = 2_500
"""The larger of two inputs has this many images. A loop with one line for each image then runs
more than ``MAX_LINES``, however many lines it wastes on the smaller input to hide its growth."""

NOT_COUNTED = (
    "The lines that Python runs could not be counted: do not switch the count off, and leave no "
    "threads running."
)

LOOPS = "there is a Python loop over the images."


def no_loop_over_images(
    part: str, small: tuple[Any, ...], large: tuple[Any, ...], **options: Any
) -> Case:
    """A case that fails when the lines of Python run grow with the number of images.

    Both answers must also be right.

    Parameters
    ----------
    part : str
    small, large : tuple
        The arguments of two calls that differ in the number of images; ``large`` has
        ``MANY_IMAGES``.
    **options
        Further fields of the :class:`Case`.
    """

    def verify(observations: list[Observation]) -> str | None:
        few, many = (observation.work for observation in observations)
        if UNCOUNTED in (few, many):
            return NOT_COUNTED
        ran = f"Python ran {few} lines for the small batch and {many} for the large one, expected"
        if many - few > LOOP_LINES:
            return f"{ran} about the same: {LOOPS}"
        if many > MAX_LINES:
            return f"{ran} at most {MAX_LINES}: is there a long Python loop, not over the images?"
        return None

    return Case(part, [small, large], verify=verify, asks_how=True, count_work=True, **options)
