"""The package of the course's notebooks; its most used functions can be imported from here.

Losses, optimizers, layers, features and figures are modules: ``from cs231n_utils import losses``.
"""

from .checks import check
from .data import as_matrix, load_cifar10, mean_image
from .selfstudy.failing import failing_case
from .selfstudy.hints import hint
from .selfstudy.predicting import predict_first
from .selfstudy.progress import progress
from .selfstudy.solutions import solution

__all__ = [
    "as_matrix",
    "check",
    "failing_case",
    "hint",
    "load_cifar10",
    "mean_image",
    "predict_first",
    "progress",
    "solution",
]
