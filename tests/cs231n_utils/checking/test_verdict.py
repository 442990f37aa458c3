"""Verdicts as students read them."""

from cs231n_utils.checking.verdict import Verdict
from cs231n_utils.checks import judge


def test_card_escapes_what_the_student_controls():
    verdict = judge(lambda: None, exercise="<script>alert(1)</script>")
    assert "<script>" not in verdict._repr_html_()


def test_part_that_was_not_judged_is_shown_neither_as_passed_nor_as_failed():
    parts = {"value": False, "shape": True, "no loops": False, "speed": False}
    open_until = "Not judged until the values are right: it returned 1."
    verdict = Verdict(
        "softmax",
        parts=parts,
        part_points=dict.fromkeys(parts, 1.0),
        message="it returned 1.",
        reasons={"value": "it returned 1.", "no loops": open_until, "speed": open_until},
        unjudged=["no loops", "speed"],
    )
    lines = str(verdict).splitlines()
    assert lines[1:5] == [
        "  [FAIL] value (1)",
        "  [pass] shape (1)",
        "  [----] no loops (1)",
        "  [----] speed (1)",
    ]
    assert verdict.card().count("✗") == verdict.card().count("✓") == 1
    assert verdict.card().count("0 / 1, not judged") == 2
    assert verdict.paragraphs == ["it returned 1.", f"no loops: {open_until}"]
