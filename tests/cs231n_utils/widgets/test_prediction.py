"""The widget of a prediction: what it sends to the browser, and what it makes of an answer."""

import nbformat
import pytest
from nbconvert import HTMLExporter

pytest.importorskip("anywidget")

from cs231n_utils.selfstudy.predictions import Number
from cs231n_utils.widgets.prediction import PredictionWidget

ELSEWHERE = {"text/html": "<details><summary>Answer</summary>10.9</details>", "text/plain": "10.9"}


def widget():
    asked = Number("01-frog", "What is the loss?", 10.9, {12.9: "Nobody."}, "So it is.", 0.05, "")
    return PredictionWidget(asked, ELSEWHERE)


def commit(widget, said):
    widget._receive(widget, {"said": said}, [])
    return widget.reply


def test_answer_is_judged_and_a_new_widget_shows_what_was_kept():
    first = widget()
    assert first.posed["kind"] == "number" and first.reply == {}
    reply = commit(first, "12.9")
    assert reply["rows"] == [("Your prediction", "12.9"), ("The result", "10.9")]
    assert reply["sentences"] == ["Nobody.", "So it is."]
    assert widget().reply["rows"] == reply["rows"]
    assert commit(first, "12.9")["number"] > reply["number"]  # the browser waits for a change


def test_problem_is_told_and_nothing_is_kept():
    asked = widget()
    assert commit(asked, "seven")["problem"].startswith("Got 'seven', expected a number")
    assert widget().reply == {}


def test_exported_html_reads_as_it_does_elsewhere():
    data, metadata = widget()._repr_mimebundle_()
    output = nbformat.v4.new_output("display_data", data=data, metadata=metadata)
    cell = nbformat.v4.new_code_cell("predict_first(...)", outputs=[output])
    html, _ = HTMLExporter().from_notebook_node(nbformat.v4.new_notebook(cells=[cell]))
    assert ELSEWHERE["text/html"] in html
    assert data["text/plain"] == "10.9"
