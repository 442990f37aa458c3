"""What all widgets share: arrays as synced traits, and the picture that stands in for a widget."""

import base64
import io
from typing import Any

import anywidget
import numpy as np
import traitlets
from matplotlib.figure import Figure
from numpy.typing import NDArray

from cs231n_utils.plots import PIXEL_DENSITY
from cs231n_utils.widgets.bundle import css

__all__ = ["Array", "BytesArray", "WidgetWithPicture"]


class Array(traitlets.TraitType):
    """A read-only array; assign a new one to change it.

    Parameters
    ----------
    shape : tuple of int or None
        None stands for any length of at least 1.
    dtype : type
        ``np.float64``, or an integer type, for which fractions are refused.
    """

    def __init__(self, shape: tuple[int | None, ...], dtype: type = np.float64):
        super().__init__()
        self._shape, self._dtype = shape, np.dtype(dtype)
        self.tag(sync=True, to_json=lambda array, _: array.tolist())

    def validate(self, obj: Any, value: Any) -> NDArray:
        try:
            given = np.asarray(value)
            array = given.astype(self._dtype)
        except (TypeError, ValueError):
            self._refuse("something that is not an array of numbers")
        right_shape = given.ndim == len(self._shape) and all(
            length == wanted if wanted is not None else length > 0
            for length, wanted in zip(given.shape, self._shape, strict=True)
        )
        if not right_shape:
            self._refuse(f"shape {given.shape}")
        if not np.array_equal(array, given):  # also refuses NaN
            self._refuse("values that do not fit")
        if not np.all(np.isfinite(array)):
            self._refuse("infinite values")
        array.flags.writeable = False  # a change in place would not reach the browser
        return array

    def _refuse(self, got: str) -> None:
        shape = ", ".join("N" if length is None else str(length) for length in self._shape)
        raise traitlets.TraitError(
            f"{self.name} got {got}; expected finite numbers of type {self._dtype} and shape "
            f"({shape}{',' if len(self._shape) == 1 else ''}): assign a new array."
        )


class BytesArray(traitlets.TraitType):
    """A float64 array that travels as bytes, since it is long.

    Parameters
    ----------
    width : int, optional
        What comes back from the browser is cut into rows of this length.
    """

    def __init__(self, width: int = 1):
        super().__init__(default_value=np.zeros((0, width)))
        self.tag(
            sync=True,
            to_json=lambda array, _: array.astype("<f8").tobytes(),
            from_json=lambda data, _: np.frombuffer(bytes(data), "<f8").reshape(-1, width),
        )

    def validate(self, obj: Any, value: Any) -> NDArray:
        return np.array(value, dtype=np.float64)


class WidgetWithPicture(anywidget.AnyWidget):
    """A widget whose display also carries a PNG, for places without a live kernel.

    A subclass says how to draw it: `picture` returns a figure, `caption` what it shows.
    """

    _css = css()

    def picture(self) -> Figure:
        """Draw the present state with matplotlib."""
        raise NotImplementedError

    def caption(self) -> str:
        """Say what the picture shows, as text below it and for readers who cannot see it."""
        raise NotImplementedError

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict, dict]:
        data, metadata = super()._repr_mimebundle_(**kwargs)
        caption = self.caption()
        png, width, height = _captioned_png(self.picture(), caption)
        data |= {"image/png": png, "text/plain": caption}
        return data, metadata | {"image/png": {"alt": caption, "width": width, "height": height}}


def _captioned_png(figure: Figure, caption: str) -> tuple[str, int, int]:
    figure.supxlabel(caption, fontsize=9, x=0.01, ha="left", wrap=True)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=PIXEL_DENSITY * figure.dpi)
    width, height = (round(inches * figure.dpi) for inches in figure.get_size_inches())
    return base64.b64encode(buffer.getvalue()).decode("ascii"), width, height
