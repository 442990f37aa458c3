"""What is shown of the outputs of a cell."""

import base64
import struct

import pytest
from nbformat.v4 import new_output

from grading.pages.outputs import MAX_OUTPUTS, MAX_TEXT, Output, picture, shown_outputs
from tests.support.pages import PIXEL


def test_output_is_its_text_without_the_colors_of_a_terminal():
    outputs = [
        new_output("stream", name="stdout", text="a\x1b[31mred\x1b[0m"),
        new_output("execute_result", data={"text/plain": "3"}, execution_count=1),
        new_output("error", ename="ValueError", evalue="no", traceback=["secret path"]),
    ]
    shown = [Output("ared"), Output("3"), Output("ValueError: no", error=True)]
    assert shown_outputs(outputs) == shown


def test_what_is_neither_text_nor_a_picture_is_left_out():
    outputs = [
        new_output("display_data", data={"text/html": "<b>", "image/svg+xml": "<svg>"}),
        new_output("display_data", data={"image/png": "' onload='alert(3)"}),
    ]
    assert shown_outputs(outputs) == []


def test_long_and_many_outputs_are_cut():
    (shown,) = shown_outputs([new_output("stream", text="x" * (MAX_TEXT + 7))])
    assert shown.text == "x" * MAX_TEXT + "\n… 7 more characters"
    many = [new_output("stream", text="x")] * (MAX_OUTPUTS + 1)
    assert len(shown_outputs(many)) == MAX_OUTPUTS


@pytest.mark.parametrize(("side", "shown"), [(4_000, True), (40_000, False), (2**31, False)])
def test_picture_that_is_larger_than_a_browser_bears_is_left_out(side, shown):
    content = bytearray(base64.b64decode(PIXEL))
    content[16:24] = struct.pack(">II", side, side)
    assert bool(picture(base64.b64encode(content).decode())) == shown


@pytest.mark.parametrize("length", [8, 15, 23])
def test_picture_that_is_cut_off_is_left_out(length):
    assert not picture(base64.b64encode(base64.b64decode(PIXEL)[:length]).decode())
