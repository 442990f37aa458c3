"""Who has what: from ledger, gradebook and roster."""

from grading.gradebook.people import Person
from grading.pages.standing import anonymous, read_class
from tests.support.graded_course import ASSIGNMENT, WRITTEN, add_gradebook, add_student


def test_every_state_of_a_hand_in_is_told_apart(tmp_path):
    for student in ("amy", "bob", "cy"):
        add_student(tmp_path, student, answers={WRITTEN: "Because."}, notebook=False)
    add_student(tmp_path, "di", status="ungradable", reason="It is empty.", notebook=False)
    marked = {WRITTEN: {"manual_score": 1.0}}
    add_gradebook(
        tmp_path,
        {
            "amy": {"grades": {WRITTEN: {"needs_manual_grade": True}}},
            "bob": {"grades": marked, "timestamp": "2026-11-21 10:00:00 UTC"},
        },
        duedate="2026-11-21 08:00:00 UTC",
    )
    people = {name: Person(name) for name in ("amy", "bob", "cy", "di", "eva")}
    rows = read_class(tmp_path, ASSIGNMENT, people=people, marked_late={"cy"}).rows
    assert {name: row.states for name, row in rows.items()} == {
        "amy": ["graded", "waiting for a mark"],
        "bob": ["graded", "late", "waiting for a mark", "marked by hand"],
        "cy": ["graded", "late", "waiting for a mark"],
        "di": ["could not be graded"],
        "eva": ["nothing handed in"],
    }
    assert rows["bob"].hours_late == 2 and rows["bob"].score.raw == 1 and rows["eva"].score is None


def test_csv_holds_no_formula(tmp_path):
    add_student(tmp_path, "=1+1", status="ungradable", reason="@SUM(1)", notebook=False)
    table = read_class(tmp_path, ASSIGNMENT).as_csv()
    assert "\n'=1+1," in table.replace("\r", "") and "'@SUM(1)" in table


def test_names_are_left_out_as_words_whatever_their_case():
    people = [Person("eva", "Eva", "O'Neil", "eva@x.example"), Person("x")]
    text = "EVA evaluates o'neil's x, eva@x.example"
    assert anonymous(text, people) == "… evaluates …'s x, …"
