"""Cases that fail where Python loops over the images: its lines are counted, its time is read."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from cs231n_utils.checking.channel import Recipe
from cs231n_utils.checking.observe import UNCOUNTED

from .describe import Case
from .observation import Observation

LOOP_LINES = 60
"""A vectorized answer may run this many lines of Python more on the larger of two inputs."""

MANY_IMAGES = 1_500
"""The larger of two inputs has this many images."""

MAX_BYTES = 3 * MANY_IMAGES**2
"""A vectorized answer may take this many bytes more for so many images than for a few: no matrix of
floats with a row and a column for each image fits into that, and all else is far smaller."""

HUGE_IMAGES = 200_000
"""Images of the call whose processor time is read: a loop takes about a second however it is
written, a vectorized answer a hundredth."""

LOOPS = "there is a Python loop over the images."


def no_loop_over_images(
    part: str,
    small: tuple[Any, ...],
    large: tuple[Any, ...],
    huge: int = HUGE_IMAGES,
    **options: Any,
) -> Iterator[Case]:
    """Cases that fail when the work that Python does grows with the number of images.

    The lines that Python runs are counted, and decide; an answer that hides them is found by its
    processor time. All values must also be right.

    Parameters
    ----------
    part : str
    small, large : tuple
        The arguments of two calls that differ in the number of images; ``large`` has at most
        ``MANY_IMAGES``.
    huge : int
        Images of a third call, those of ``large`` again and again.
    **options
        Further fields of the cases.
    """

    def verify(observations: list[Observation]) -> str | None:
        few, many = (observation.work for observation in observations)
        if UNCOUNTED not in (few, many) and many - few > LOOP_LINES:
            return (
                f"Python ran {few} lines for the small batch and {many} for the large one, "
                f"expected about the same: {LOOPS}"
            )
        return all_pairs_of_images(observations)

    yield Case(part, [small, large], verify=verify, asks_how=True, count_work=True, **options)
    call = tuple(_repeated(*pair, huge) for pair in zip(small, large, strict=True))
    yield Case(part, [call], asks_how=True, clocked=LOOPS, **options)


def all_pairs_of_images(observations: list[Observation]) -> str | None:
    """Why the memory of calls with few and with ``MANY_IMAGES`` images shows an N x N array."""
    few, many = (observation.memory for observation in observations)
    if UNCOUNTED in (few, many) or many - few <= MAX_BYTES:
        return None
    return (
        f"{(many - few) / 1e6:.0f} MB more were taken for {MANY_IMAGES:,} images than for a few, "
        "expected far less: there is an array with a row and a column for every image, such as "
        "scores[:, y]."
    )


def _repeated(few: Any, many: Any, n_images: int) -> Any:
    """An argument with its images repeated; one without images as it is."""
    if np.shape(few)[:1] == np.shape(many)[:1]:
        return many
    return Recipe("repeated", values=many, times=n_images // len(many))
