"""The SVM demo as a person reads and uses it, on its own page or in a notebook."""

import contextlib
import time

import numpy as np

from cs231n_utils.widgets import references
from tests.support.browser import PATIENCE

ROUNDING = {"parameters": 6e-4, "slopes": 6e-4, "sums": 6e-5, "points": 6e-3}
"""Half of the last digit that is shown, and a little."""


class Demo:
    """The demo on its own page."""

    def __init__(self, page):
        self.page = page

    def state(self):
        return self.page.evaluate("() => ({...svmDemo.state, _path: null})")

    def path(self):
        numbers = self.page.evaluate(
            "() => [...new Float64Array(svmDemo.get('_path').buffer.slice(0))]"
        )
        return np.reshape(numbers, (-1, 9))

    def press(self, name):
        self.page.get_by_role("button", name=name, exact=True).click()

    def parameter(self, name):
        return self.page.get_by_role("spinbutton", name=f"{name}, arrow keys change it")

    def point(self, i):
        return self.page.locator(f"[data-point='{i}']")

    def drag(self, i, dx, dy):
        """Drag a point by so many pixels."""
        box = self.point(i).bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        self.page.mouse.move(x + dx, y + dy, steps=4)
        self.page.mouse.up()

    def numbers(self):
        """Everything the tables show."""
        shown = self.page.evaluate(
            """() => {
              const texts = (selector) =>
                [...document.querySelectorAll(selector)].map((node) => node.textContent);
              return {
                sums: texts("[data-sum]"),
                slopes: texts(".parameters .slope"),
                points: texts(".losses tbody td"),
                parameters: [...document.querySelectorAll(".parameters input")].map((i) => i.value),
              };
            }"""
        )
        return {
            name: np.array([float(text.replace("\u2212", "-")) for text in texts])
            for name, texts in shown.items()
        }

    def numbers_of_python(self):
        """What Python makes of the state."""
        state = self.state()
        points, labels = np.array(state["points"]), np.array(state["labels"])
        W, b = np.array(state["W"]), np.array(state["b"])
        scores, losses = references.point_losses(state["loss"], points, labels, W, b)
        penalty = references.regularization(state["regularizer"], state["reg"], W)
        total, dW, db = references.loss_and_gradient(
            state["loss"], state["regularizer"], state["reg"], points, labels, W, b
        )
        return {
            "parameters": np.vstack([W, b]).T.ravel(),
            "slopes": np.vstack([dW, db]).T.ravel(),
            "sums": [losses.mean(), penalty, total, len(self.path()) - 1],
            "points": np.column_stack([points, scores, losses]).ravel(),
        }


class DemoInLab(Demo):
    """The demo in JupyterLab: the state and the numbers are those of the kernel."""

    def __init__(self, notebook):
        super().__init__(notebook.page)
        self.python = notebook.python

    def state(self):
        names = ("points", "labels", "W", "b", "loss", "regularizer", "reg", "step_size", "running")
        values = ", ".join(f"{name!r}: np.asarray(demo.{name}).tolist()" for name in names)
        return self.python(f"{{{values}}}")

    def path(self):
        return np.array(self.python("[[*W.ravel(), *b] for W, b in demo.history]"))

    def numbers_of_python(self):
        return self.python(
            """{
                "parameters": np.vstack([demo.W, demo.b]).T.ravel().tolist(),
                "slopes": np.vstack([demo.dW, demo.db]).T.ravel().tolist(),
                "sums": [demo.data_loss, demo.regularization_loss, demo.total_loss,
                         len(demo.history) - 1],
                "points": np.column_stack([demo.points, demo.scores, demo.losses]).ravel().tolist(),
            }"""
        )


def expect_numbers_of_python(demo):
    """The tables show what Python computes, as soon as the two have exchanged their state."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with contextlib.suppress(AssertionError):
            return _compare(demo)
        demo.page.wait_for_timeout(20)
    _compare(demo)


def _compare(demo):
    shown, computed = demo.numbers(), demo.numbers_of_python()
    for name, rounding in ROUNDING.items():
        np.testing.assert_allclose(shown[name], computed[name], atol=rounding, err_msg=name)
