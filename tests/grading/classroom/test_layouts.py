"""What each layout reads in a path, and which one is taken for a set of files."""

import pytest

from grading.classroom.layouts import (
    BLACKBOARD,
    CANVAS,
    CANVAS_ANONYMOUS,
    EXCHANGE,
    FLAT,
    GITHUB,
    GOOGLE,
    GRADESCOPE,
    MOODLE,
    NESTED,
    Claim,
    attempt_in,
    claim_of,
    letters,
    own_layout,
    recognized,
)

A = "01-loss-functions"


@pytest.mark.parametrize(
    ("layout", "path", "claim"),
    [
        (CANVAS, "leeamy_12_34_x.ipynb", Claim("leeamy", "12", "34", "12")),
        (CANVAS, "leeamy_LATE_12_34_x_5_6.ipynb", Claim("leeamy", "12", "34", "12", True)),
        (CANVAS, "van_der_12_34_x.pdf", Claim("van_der", "12", "34", "12")),
        (CANVAS, "leeamy_12_text.html", Claim("leeamy", "12", "", "12")),
        (CANVAS_ANONYMOUS, "anon_aB1_34_x.ipynb", Claim("anon_aB1", "aB1", "34", "aB1")),
        (CANVAS_ANONYMOUS, "LATE_anon_z_3_x.ipynb", Claim("anon_z", "z", "3", "z", True)),
        (MOODLE, "Amy Lee_12_assignsubmission_file/a/x", Claim("Amy Lee", "12", "", "12")),
        (MOODLE, "Amy Lee_12_assignsubmission_file_x.ipynb", Claim("Amy Lee", "12", "", "12")),
        (MOODLE, "Default group_assignsubmission_file_/x.ipynb", Claim("Default group")),
        (GITHUB, "hw-1-submissions/hw-1-ann-b/src/x.ipynb", Claim("ann-b")),
        (GITHUB, f"{A}-ann-b/x.ipynb", Claim("ann-b")),
        (GOOGLE, "Ann B - my - x.ipynb", Claim("Ann B")),
        (GOOGLE, "Ann B - x (2).ipynb", Claim("Ann B", person="(2)")),
        (GRADESCOPE, "submission_7/x.ipynb", Claim("submission_7", "", "7")),
        (NESTED, f"amy/{A}/{A}.ipynb", Claim("amy")),
        (FLAT, "amy_hw.ipynb", Claim("amy")),
        (
            EXCHANGE,
            f"amy+{A}+1970-01-02 00:00:00.5 UTC+rnd/{A}.ipynb",
            Claim("amy", moment=86_400.5),
        ),
    ],
)
def test_what_a_path_says(layout, path, claim):
    assert claim_of(layout, A, path) == claim
    assert recognized([path, "submission_metadata.yml"], A) == (layout, 0) or path.endswith(
        ("x", ".pdf", ".html")
    )


def test_time_of_blackboard_is_local_and_nonsense_is_none():
    start = "Home_work_amy_attempt_20"
    one, other, none = (
        claim_of(BLACKBOARD, A, f"{start}{day}_x.ipynb")
        for day in ("26-11-20-08-00-00", "26-11-20-09-00-00", "26-13-20-09-00-00")
    )
    assert (one.name, one.person) == ("amy", "Home_work")
    assert other.moment - one.moment == 3600 and none.moment is None


@pytest.mark.parametrize(
    ("layout", "path"),
    [
        (FLAT, f"{A}_amy.ipynb"),
        (NESTED, f"{A}/{A}.ipynb"),
        (FLAT, "amy_hw.pdf"),
        (MOODLE, "amy/bob_2_assignsubmission_file_/x.ipynb"),
        (CANVAS, "amy/bob_2_3_x.ipynb"),
        (GOOGLE, "amy/Bob - x.ipynb"),
        (GITHUB, f"amy/{A}-bob/x.ipynb"),
    ],
)
def test_what_is_no_hand_in_of_a_layout(layout, path):
    assert claim_of(layout, A, path) is None


def test_layout_of_most_notebooks_is_taken_behind_folders_around_all():
    names = ["out/in/amy_1_2_x.ipynb", "out/in/bob_3_4_x.ipynb", f"out/in/{A}.ipynb"]
    assert recognized(names, A) == (CANVAS, 2)
    assert recognized(["out/amy_x.ipynb"], A, frozenset({"out"})) == (NESTED, 0)
    assert recognized(["submission_7/x.ipynb"], A) is None
    assert recognized(["notes.txt"], A) is None


@pytest.mark.parametrize(
    ("name", "attempt"),
    [
        (f"{A}.ipynb", 1),
        (f"x/lee_1_2_{A}-3.ipynb", 4),
        (f"Ann - {A} (1).ipynb", 1),
        (f"my{A}.ipynb", 0),
        (f"{A}-final.ipynb", 0),
    ],
)
def test_attempt_stands_at_the_end_of_the_assignments_name(name, attempt):
    assert attempt_in(A, name) == attempt


def test_letters_are_compared_whatever_is_between_them_and_marks_count():
    assert letters("O'Neill, Zoë") == letters("oneill zoe\u0308") == "oneillzoë"
    assert letters("की") != letters("का")
    assert letters("ＡＢ１") == "ab1"


@pytest.mark.parametrize("pattern", [r"(\w+)\.ipynb", "("])
def test_pattern_that_names_no_student_is_refused(pattern):
    with pytest.raises(ValueError, match="pattern"):
        own_layout(pattern, A)
