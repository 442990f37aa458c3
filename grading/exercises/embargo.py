"""What the answers to an assignment must not see of the student package, and of other libraries.

The package of an assignment names the library modules that hold what it asks for. They are found
here without being imported, when the exercises are: a name that fits no module is an error at
once, and not a module that nothing hides any more.
"""

from collections.abc import Iterable, Sequence
from importlib.machinery import ModuleSpec, PathFinder

import cs231n_utils

HOLD_LOSSES = (
    "cs231n_utils.losses",
    "cs231n_utils.fitting",
    "cs231n_utils.gradcheck",
    "cs231n_utils.landscape",
    "cs231n_utils.numerical_gradient",
    "cs231n_utils.local_search",
    "cs231n_utils.widgets.references",
)
"""The modules that compute a loss or its gradient, if only on the way to something else."""

OTHER_LIBRARIES = (
    *("torch", "torchvision", "tensorflow", "keras", "jax", "autograd", "numdifftools", "sympy"),
    *("scipy", "sklearn", "skimage", "cv2"),
)
"""Other people's losses, gradients, optimizers and image features."""


def find_module(name: str, package: Sequence[str]) -> ModuleSpec | None:
    """Find a module of the student package without importing it.

    Parameters
    ----------
    name : str
        Its full name, such as ``cs231n_utils.widgets.slices``.
    package : sequence of str
        The folders of the copy of ``cs231n_utils`` to look in.

    Returns
    -------
    ModuleSpec or None
        None if this copy has no such module.
    """
    spec, folders = None, package
    top, *inner = name.split(".")
    for depth in range(len(inner)):
        if folders is None:
            return None
        spec = PathFinder.find_spec(".".join([top, *inner[: depth + 1]]), folders)
        if spec is None:
            return None
        folders = spec.submodule_search_locations
    return spec


def existing(names: Iterable[str]) -> tuple[str, ...]:
    """The names of library modules, all of which exist.

    Raises
    ------
    ModuleNotFoundError
        If the student package has no module of one of these names.
    """
    names = tuple(names)
    for name in names:
        if find_module(name, cs231n_utils.__path__) is None:
            raise ModuleNotFoundError(
                f"no module {name}, expected it to be embargoed: an assignment asks for what it "
                "holds. If it was renamed, rename it in grading/exercises as well.",
                name=name,
            )
    return names
