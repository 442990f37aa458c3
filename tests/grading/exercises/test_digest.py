"""The digest changes with all that decides what an answer deserves, and with nothing else."""

import dataclasses
from pathlib import Path

import pytest

from grading.exercises import EXERCISES
from grading.exercises.digest import exercises_digest

RELEASED = {"cells": [{"source": "def softmax(scores):"}]}


def digest(released=RELEASED, assignment="01-loss-functions"):
    return exercises_digest(assignment, released)


def test_it_is_the_same_twice():
    assert digest() == digest()


def test_it_changes_with_the_release():
    assert digest() != digest({"cells": []})


def test_it_changes_with_points(monkeypatch):
    before, others = digest(), digest(assignment="00-start-here")
    exercise = EXERCISES["softmax"]
    parts = {name: points + 1 for name, points in exercise.parts.items()}
    monkeypatch.setattr(exercise, "parts", parts)
    assert digest() != before
    assert digest(assignment="00-start-here") == others


def test_assignments_differ():
    assert digest() != digest(assignment="00-start-here")


def test_exercises_are_not_changed_by_asking():
    before = dataclasses.asdict(EXERCISES["softmax"])["parts"]
    digest()
    assert dataclasses.asdict(EXERCISES["softmax"])["parts"] == before


@pytest.mark.parametrize("shared", ["compare", "describe", "draws", "loops", "observation"])
def test_it_changes_with_what_exercises_share(monkeypatch, shared):
    before, read = digest(), Path.read_bytes

    def changed(path):
        return read(path) + (
            b"#" if path.parent.name == "exercises" and path.stem == shared else b""
        )

    monkeypatch.setattr(Path, "read_bytes", changed)
    assert digest() != before
