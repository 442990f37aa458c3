"""The report on what was collected."""

import os

from grading.classroom.collect import collect
from grading.classroom.collected import Collected, Duplicate
from tests.support.collecting import A


def test_names_cannot_command_the_terminal_that_the_report_is_printed_on(tmp_path):
    raw = os.fsdecode(b"x\xff_\x1b]0;pwn\x07\n.txt")
    for name in (raw, "amy_\u202e.ipynb", "amy_\x1b[2J.ipynb", "b_\x1b.ipynb", "a \x1b.ipynb"):
        (tmp_path / "in").mkdir(exist_ok=True)
        (tmp_path / "in" / name).write_text("{}")
    collected = collect(tmp_path / "in", tmp_path, A)
    assert collected.ignored == 1 and collected.duplicates
    assert all(line.isprintable() for line in collected.lines())
    assert "not a submission: a ?.ipynb" in collected.lines()


def test_report_names_everything_and_only_findings_are_not_clean():
    found = Collected("canvas", {"amy": "a"}, {"bo": "b"}, ["amy"], ignored=3, missing=["cy"])
    found.duplicates.append(Duplicate("amy", "a", ("c", "d")))
    assert found.clean and found.lines() == [
        "1 collected, 1 as new already (layout: canvas)",
        "3 files beside the notebooks are ignored",
        "marked late by the platform: amy",
        "amy: used a; not c, d",
        "nothing from cy",
    ]
    for name, value in (
        ("unknown", ["x"]), ("unmatched", ["x"]), ("refused", {"x": "y"}),
        ("without", {"x": ("y",)}),
    ):  # fmt: skip
        other = Collected(**{name: value})
        assert not other.clean and "x" in other.lines()[1]
