"""What a gradebook says of a submission; reading makes no gradebook."""

from grading.gradebook.grades import database_exists, read_grades, read_recorded
from tests.support.graded_course import ASSIGNMENT, WRITTEN, add_gradebook


def test_marks_and_comments_are_read(tmp_path):
    url = add_gradebook(
        tmp_path,
        {
            "amy": {
                "grades": {WRITTEN: {"manual_score": 1.0}, "softmax": {"auto_score": 2.0}},
                "comments": {WRITTEN: "good"},
            }
        },
    )
    found = read_grades(url, ASSIGNMENT, "amy")
    questions = found.score.questions
    assert questions[WRITTEN].given.manual == 1.0 and found.comments == {WRITTEN: "good"}
    assert questions["softmax"].given.auto == 2.0 and found.score.penalty == 0.0
    assert read_grades(url, ASSIGNMENT, "nobody") is None
    assert read_recorded(url, ASSIGNMENT)["amy"].score == found.score


def test_gradebook_that_is_not_there_is_not_made(tmp_path):
    url = f"sqlite:///{tmp_path / 'gradebook.db'}"
    assert not database_exists(url)
    assert read_grades(url, ASSIGNMENT, "amy") is None and read_recorded(url, ASSIGNMENT) == {}
    assert list(tmp_path.iterdir()) == []
