"""Progress as a student asks for it."""

import re

from cs231n_utils import progress
from cs231n_utils.selfstudy import progress_file
from grading.exercises import EXERCISES
from tests.support.accuracy_answers import attempt, right


def test_progress_lists_every_exercise_and_the_ladder(capsys):
    attempt(right)
    progress_file.change(lambda kept: kept.add_rungs("CIFAR-10", {"chance": 0.1}))
    progress()
    shown = capsys.readouterr().out
    assert shown.endswith("Ladder on CIFAR-10: chance 10.0%.\n")
    assert all(name in shown for name in EXERCISES)
    assert re.search(r"accuracy +1 of 1 +1 attempt +\d{4}-", shown)
