"""Interactive figures for the notebooks; they need anywidget, which ``notebooks`` brings along.

`SVMDemo` is the lecture's multiclass SVM optimization demo, `SliceExplorer` walks in slices of a
loss, `RingsExplorer` turns Cartesian into polar coordinates, `SearchRace` plays three searches on
one map, `StepSizeExplorer` has the step size of a descent in hand, `GradientNoise` the batch size
of SGD and `OptimizerRace` the learning rates of update rules. Without a live kernel, a static
picture with a caption stands in for each.
"""

from importlib import import_module

_MODULES = {
    "GradientNoise": "noise",
    "OptimizerRace": "race",
    "RingsExplorer": "rings",
    "SVMDemo": "svm_demo",
    "SearchRace": "searches",
    "SliceExplorer": "slices",
    "StepSizeExplorer": "step_size",
}

__all__ = [
    "GradientNoise",
    "OptimizerRace",
    "RingsExplorer",
    "SVMDemo",
    "SearchRace",
    "SliceExplorer",
    "StepSizeExplorer",
]


def __getattr__(name: str):
    # Loaded on first use, so that the references and the page are available without anywidget.
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    except ModuleNotFoundError as error:
        if error.name != "anywidget":
            raise
        raise ImportError(
            f"{name} needs anywidget, which is not installed: run "
            "'pip install anywidget' and restart the kernel, or open docs/svm-demo.html."
        ) from error
