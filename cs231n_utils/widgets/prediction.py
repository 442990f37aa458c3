"""A prediction to be made in the notebook: a choice, a number, or a curve to be drawn."""

from typing import Any

import anywidget
import traitlets

from cs231n_utils.selfstudy.predictions import Outcome, Prediction
from cs231n_utils.widgets.bundle import css, widget_module

__all__ = ["PredictionWidget"]


class PredictionWidget(anywidget.AnyWidget):
    """Asks a question in the browser, and judges the answer here.

    Parameters
    ----------
    prediction : Prediction
    elsewhere : dict of str to str
        What is shown where no widget runs, by MIME type.
    """

    _esm = widget_module("prediction")
    _css = css("prediction")

    posed = traitlets.Dict().tag(sync=True)
    reply = traitlets.Dict().tag(sync=True)

    def __init__(self, prediction: Prediction, elsewhere: dict[str, str]):
        super().__init__(posed=prediction.shown())
        self._prediction, self._elsewhere = prediction, elsewhere
        first = prediction.kept()
        if first is not None:
            self._show(prediction.outcome(first, first), first)
        self.on_msg(self._receive)

    def _receive(self, _: Any, content: dict[str, Any], buffers: Any) -> None:
        try:
            said = self._prediction.read(content["said"])
            self._show(self._prediction.answer(said), said)
        except ValueError as error:
            self.reply = {"problem": str(error), "number": self._next()}

    def _show(self, outcome: Outcome, said: Any) -> None:
        drawn = self._prediction.drawn(said)
        self.reply = {**outcome._asdict(), "drawn": drawn, "number": self._next()}

    def _next(self) -> int:
        """A number that is new: the browser hears of a change only."""
        return self.reply.get("number", 0) + 1

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict, dict]:
        data, metadata = super()._repr_mimebundle_(**kwargs)
        return data | self._elsewhere, metadata
