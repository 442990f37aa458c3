"""What stands in for the widgets where there is no live kernel, or no anywidget."""

import re
import subprocess
import sys

import nbformat
import numpy as np
import pytest
from nbconvert import HTMLExporter

from tests.support.widget_states import rings

pytest.importorskip("anywidget")

from cs231n_utils.optimizers import sgd
from cs231n_utils.surfaces import SADDLE
from cs231n_utils.widgets import (
    GradientNoise,
    OptimizerRace,
    RingsExplorer,
    SliceExplorer,
    SVMDemo,
)


def all_widgets():
    W = np.eye(3)
    return [
        SVMDemo(),
        SliceExplorer(W, W, W[::-1], W, np.arange(3), extent=1.0),
        RingsExplorer(*rings(np.random.default_rng(231))),
        GradientNoise(),
        OptimizerRace({"saddle": (SADDLE, {"sgd": (sgd, {"learning_rate": 0.1})}, 20)}),
    ]


@pytest.mark.parametrize("widget", all_widgets(), ids=lambda widget: type(widget).__name__)
def test_exported_html_shows_a_picture_with_its_caption(widget):
    data, metadata = widget._repr_mimebundle_()
    output = nbformat.v4.new_output("display_data", data=data, metadata=metadata)
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell("widget", outputs=[output])]
    )
    for template in ("lab", "classic"):
        html, _ = HTMLExporter(template_name=template).from_notebook_node(notebook)
        images = re.findall(r"<img[^>]*>", html, re.DOTALL)
        assert len(images) == 1
        assert "data:image/png;base64" in images[0]
    # Only the classic template hands alt texts on; the caption is drawn on the picture as well.
    assert f'alt="{widget.caption()}"' in re.sub(r"\s+", " ", images[0])
    assert data["text/plain"] == widget.caption()
    assert "run the cell" in widget.caption()


def test_package_is_imported_without_anywidget_and_says_what_is_missing():
    program = """
import sys
sys.modules["anywidget"] = None
import cs231n_utils
from cs231n_utils.widgets import references, standalone
try:
    from cs231n_utils.widgets import SVMDemo
except ImportError as error:
    print(error)
"""
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    assert "SVMDemo needs anywidget, which is not installed" in ran.stdout
