"""What the answers to an assignment must not see of the student package, and of other libraries.

The package of an assignment names the library modules that hold what it asks for. They are found
here without being imported, as soon as the exercises are imported: a name that fits no module is
an error at once, and never a module that is no longer hidden.
"""

import os
from collections.abc import Iterable
from importlib.machinery import ModuleSpec
from pkgutil import get_importer

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
"""The modules that compute a loss or its gradient, even if only to compute something else."""

OTHER_LIBRARIES = (
    *("torch", "torchvision", "tensorflow", "keras", "jax", "autograd", "numdifftools", "sympy"),
    *("scipy", "sklearn", "skimage", "cv2"),
)
"""Other people's losses, gradients, optimizers and image features."""


def find_module(name: str, package: str) -> ModuleSpec | None:
    """Find a module of the student package without importing it, or the packages around it.

    Parameters
    ----------
    name : str
        Its full name, such as ``cs231n_utils.widgets.slices``.
    package : str
        The folder of the copy of ``cs231n_utils`` to look in.

    Returns
    -------
    ModuleSpec or None
        None if this copy has no such module, or only a folder of this name.
    """
    _, *packages, _ = name.split(".")
    finder = get_importer(os.path.join(package, *packages))
    spec = finder.find_spec(name) if finder else None
    return spec if spec is not None and spec.has_location else None


def existing(names: Iterable[str]) -> tuple[str, ...]:
    """The names of library modules, all of which exist.

    Raises
    ------
    ModuleNotFoundError
        If the student package has no module of one of these names.
    """
    names = tuple(names)
    for name in names:
        if find_module(name, cs231n_utils.__path__[0]) is None:
            raise ModuleNotFoundError(
                f"no module {name}, expected it to be embargoed: an assignment asks for what it "
                "holds. If it was renamed, rename it in grading/exercises as well.",
                name=name,
            )
    return names
