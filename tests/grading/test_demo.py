"""The demo: every submission gets what it deserves, and a difference is an error."""

import io
from dataclasses import replace

import pytest
from rich.console import Console

from grading import demo
from grading.classroom.course import Course
from grading.exercises import EXERCISES
from grading.handout.release import assignments

ASSIGNMENT = "00-start-here"


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """A demo of the smallest assignment: whether all is well, what was said, and its course."""
    root = tmp_path_factory.mktemp("demo")
    said = Console(file=io.StringIO(), width=200)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(demo, "assignments", lambda: [ASSIGNMENT])
        well = demo.run_demo(root, said)
    return well, said.file.getvalue(), Course(root)


def test_demo_shows_scores_as_deserved_and_where_its_pages_are(graded):
    well, said, course = graded
    assert well
    for student in ("perfect", "typical-mistake", "untouched"):
        assert student in said
        assert (course.root / "feedback" / student / ASSIGNMENT / f"{ASSIGNMENT}.html").is_file()
    assert str(course.root / "gradebook.db") in said


def test_other_score_and_mistake_without_a_name_are_faults(graded):
    *_, course = graded
    _, wrong, untouched = demo._class_for(ASSIGNMENT)
    other = replace(wrong, broken=dict.fromkeys(EXERCISES, "raise"), says=("a name of no one",))
    found, fine = demo._outcomes([other, untouched], course)
    assert not fine.faults
    assert found.faults[0] == "feedback does not say 'a name of no one'"
    assert "points, deserves" in found.faults[1]


@pytest.mark.parametrize("assignment", assignments())
def test_slips_of_the_class_can_be_handed_in(assignment, tmp_path):
    course = Course(tmp_path)
    submissions = demo._hand_in(assignment, course)
    handed_in = sorted(path.parent.parent.name for path in course.submitted.rglob("*.ipynb"))
    assert handed_in == sorted(one.student for one in submissions)
    assert len(submissions) == (10 if assignment == demo.DETAILED else 3)
