"""The one notebook in a folder: which it is, and its parts as a platform lists them."""

import json

import pytest

from grading.classroom.autograde import settings_for
from grading.exercises import EXERCISES
from grading.hosted.single import grade_folder, notebook_in, rows, written_questions
from grading.judge.diagnosis import no_points
from tests.support.small_class import ASSIGNMENT, CONFINED, TOTAL


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["any.ipynb"], "any.ipynb"),
        ([f"{ASSIGNMENT}.ipynb", "scratch.ipynb"], f"{ASSIGNMENT}.ipynb"),
        ([f"in/{ASSIGNMENT}.ipynb", "scratch.ipynb"], f"in/{ASSIGNMENT}.ipynb"),
        ([f"a/{ASSIGNMENT}.ipynb", f"{ASSIGNMENT}.ipynb"], f"{ASSIGNMENT}.ipynb"),
        ([".ipynb_checkpoints/x.ipynb", "__MACOSX/y.ipynb", "z.ipynb"], "z.ipynb"),
    ],
)
def test_notebook_named_like_the_assignment_wins(tmp_path, names, found):
    for name in names:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
    assert notebook_in(tmp_path, ASSIGNMENT).path == str(tmp_path / found)


@pytest.mark.parametrize(
    ("names", "said"), [([], "found none"), (["b.ipynb", "a.ipynb"], "found a.ipynb, b.ipynb")]
)
def test_without_one_the_reason_says_what_was_found(tmp_path, names, said):
    for name in names:
        (tmp_path / name).touch()
    problem = notebook_in(tmp_path, ASSIGNMENT).problem
    assert problem == f"Expected a notebook named {ASSIGNMENT}.ipynb, {said}."


def test_parts_add_up_to_what_the_ledger_says(tmp_path, solved, sandbox):
    answers = json.loads(solved)
    for cell in answers["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "accuracy-answer":
            cell["source"] = "def accuracy(scores, y):\n    return 0.5"
    (tmp_path / "mine.ipynb").write_text(json.dumps(answers), encoding="utf-8")
    settings = settings_for(ASSIGNMENT, confined=CONFINED)
    entry = grade_folder(tmp_path, settings, sandbox)
    found = list(rows(entry))
    assert sum(row.points for row in found) == entry.score == TOTAL - EXERCISES["accuracy"].points
    assert sum(row.max_points for row in found) == TOTAL
    assert {row.exercise for row in found if not row.passed} == {"accuracy"}
    assert all(bool(row.text) is not row.passed for row in found)
    assert written_questions(settings) == {"written-mean-image": 1.0}


def test_reason_for_a_whole_exercise_is_said_once():
    verdict = no_points(EXERCISES["linear_scores"], "It is empty.")
    entry = type("Entry", (), {"verdicts": [verdict]})
    assert [row.text for row in rows(entry)] == ["It is empty.", "Not judged, see above."]
