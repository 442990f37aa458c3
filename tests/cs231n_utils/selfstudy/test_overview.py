"""The picture of a student's progress, and the words that say the same."""

import matplotlib.pyplot as plt

from cs231n_utils.selfstudy import overview
from cs231n_utils.selfstudy.progress_file import Listed, Predicted, Progress, Work
from grading.exercises import EXERCISES
from grading.judge.tutor import Tutor

COURSE = [Listed(*row) for row in Tutor().teach({"op": "course"})["exercises"]]


def some_progress():
    some = Progress(ladder={"CIFAR-10": {"chance": 0.1}, "stand-in": {"linear classifier": 0.4}})
    some.exercises["accuracy"] = Work(1.0, ["a", "b"], "2026-11-20", 1)
    some.exercises["softmax"] = Work(1.5, ["a"])
    return some


def test_picture_shows_one_tile_an_exercise_and_stand_in_results_hollow():
    fig = overview.draw(COURSE, some_progress())
    tiles, rungs = fig.axes
    marks = [text.get_text() for text in tiles.texts]
    assert marks.count("✓") == 1 and "1 of 3 points" in marks and "1.5 of 20 points" in marks
    outlines = [patch for patch in tiles.patches if not patch.get_fill()]
    assert len(outlines) == len(EXERCISES)
    assert fig.get_suptitle() == "You have passed 1 of 58 exercises: 2.5 of 172 points"
    labels = [text.get_text() for text in rungs.texts]
    assert "you: 10.0 %" in labels and "stand-in: 40.0 %" in labels
    plt.close(fig)


def test_summary_says_what_the_picture_shows():
    text = overview.summary(COURSE, some_progress())
    assert "1 of 58 exercises" in text and "00-start-here: 1 of 3 passed" in text
    assert "Ladder on stand-in: linear classifier 40.0%" in text


def test_predictions_are_told_by_notebook_and_only_if_there_are_some():
    some = some_progress()
    assert "redictions" not in overview.table(COURSE, some) + overview.table_as_html(COURSE, some)
    some.predictions = {
        "00-chance": Predicted(10.0, True),
        "01-frog": Predicted(12.9, False),
        "01-start": Predicted("9", True),
    }
    headline = "Predictions, which count for nothing but insight: 3 made, 2 came true, 1 surprise."
    lines = overview.table(COURSE, some).splitlines()[-3:]
    assert lines == [
        headline,
        "00-start-here: 1 made, 1 came true, 0 surprises.",
        "01-loss-functions: 2 made, 1 came true, 1 surprise.",
    ]
    assert f"<summary>{headline}</summary>" in overview.table_as_html(COURSE, some)
    assert headline in overview.summary(COURSE, some)
