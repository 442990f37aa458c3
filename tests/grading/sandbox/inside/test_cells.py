"""What a cell shows is kept in bounds, and what it may not import is refused with a reason."""

import base64
import json

import pytest

from grading.sandbox.inside import cells
from grading.sandbox.inside.cells import MAX_TEXT, CappedText, Embargo, Places
from grading.sandbox.outside import Sandbox
from tests.grading.sandbox.running import submitted

PICTURE = base64.b64encode(b"picture").decode()


@pytest.fixture(scope="module")
def warm():
    """The process that cells are run in, without walls."""
    with Sandbox(confined=False) as made:
        yield made


def shown(sandbox, source):
    """The outputs of a cell as they are sent."""
    with submitted(sandbox, source) as (_, told):
        return json.loads(list(told)[-1])["outputs"]


def test_streams_values_and_errors_come_back_in_order(warm):
    printed, warned, value, error = shown(
        warm,
        "import sys\nprint('out')\nprint('err', file=sys.stderr)\ndisplay(7)\n1 / 0",
    )
    assert (printed["name"], printed["text"]) == ("stdout", "out\n")
    assert (warned["name"], warned["text"]) == ("stderr", "err\n")
    assert value["data"] == {"text/plain": "7"}
    said = "division by zero (line 5 of this cell: `1 / 0`)"
    assert (error["ename"], error["evalue"]) == ("ZeroDivisionError", said)
    assert error["traceback"] == ["line 5 of this cell: `1 / 0`", f"ZeroDivisionError: {said}"]
    (last,) = shown(warm, "'last'")
    assert last["data"] == {"text/plain": "'last'"}


def test_only_text_and_pictures_of_a_value_are_kept(warm):
    mimes = {"text/html": "<script>", "text/plain": "plain", "image/png": PICTURE}
    (output,) = shown(warm, f"display({mimes!r}, raw=True)")
    assert output["data"] == {"text/plain": "plain", "image/png": PICTURE}


def test_number_and_size_of_values_have_a_bound(warm):
    assert len(shown(warm, "for i in range(50):\n    display(i)")) == cells.MAX_OUTPUTS
    large = f"display({{'text/plain': 'x' * {cells.MAX_SHOWN_BYTES}}}, raw=True)"
    assert [output["data"] for output in shown(warm, large)] == [{}]


def test_text_is_cut_with_a_note_and_the_rest_is_dropped():
    text = CappedText()
    for _ in range(3):
        assert text.write("x" * MAX_TEXT) == MAX_TEXT
    assert text.text() == "x" * MAX_TEXT + "\n[output cut here]\n"
    short = CappedText()
    short.write("short")
    assert short.text() == "short"


def test_place_in_a_cell_is_said_by_its_line_and_code():
    places = Places()
    name = places.add(3, "x = 1\n  y = 2  ", "your answer cell")
    unnamed = places.add(4, "check()", "")
    assert places.say(name, 2) == "line 2 of your answer cell: `y = 2`"
    assert [places.say(*at) for at in ((name, 3), (name, None), (unnamed, 1), ("a.py", 1))] == [
        ""
    ] * 4
    assert places.warning("odd", UserWarning, name, 1) == (
        "UserWarning: odd (line 1 of your answer cell: `x = 1`)\n"
    )
    assert places.warning("odd", UserWarning, "a.py", 1) == "a.py:1: UserWarning: odd\n"


def test_error_without_a_text_of_its_own_is_kept():
    class Odd(Exception):
        def __str__(self):
            raise ValueError

    assert Places().error(Odd())["traceback"] == ["Odd: "]


def test_command_prints_what_it_says_on_both_streams(capsys):
    cells.run_command("echo out; echo err >&2")
    assert sorted(capsys.readouterr().out.split()) == ["err", "out"]


@pytest.mark.parametrize(("name", "refused"), [("a.b", True), ("a.b.c", True), ("a.bc", False)])
def test_embargo_refuses_a_module_and_what_is_in_it_by_its_reason(name, refused):
    embargo = Embargo({"a.b": "write it here"})
    if refused:
        with pytest.raises(ImportError, match="write it here"):
            embargo.find_spec(name)
    else:
        assert embargo.find_spec(name) is None
