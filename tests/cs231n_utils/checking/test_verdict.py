"""Verdicts as students read them."""

from cs231n_utils.checks import judge


def test_card_escapes_what_the_student_controls():
    verdict = judge(lambda: None, exercise="<script>alert(1)</script>")
    assert "<script>" not in verdict._repr_html_()
