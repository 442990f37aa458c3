"""Gradescope's harness, stood in for: a folder laid out as /autograder, in which the zip runs."""

import contextlib
import json
import os
import shutil
import subprocess
import sys

import matplotlib
import pytest

from grading import hosted_commands
from grading.classroom.course import Course
from grading.exercises import EXERCISES
from grading.hosted import autograder
from grading.sandbox.outside import SandboxError
from tests.support.small_class import ASSIGNMENT, CONFINED, TOTAL

METADATA = {
    "id": 123456,
    "created_at": "2026-07-01T14:22:32.365935-07:00",
    "assignment": {"title": "Homework 1", "total_points": "4.0"},
    "users": [{"email": "ana@school.example", "id": 1234, "name": "Ana López"}],
    "previous_submissions": [],
}


@pytest.fixture(scope="module")
def image(tmp_path_factory):
    """What Gradescope builds of the zip, but for the environment."""
    place = tmp_path_factory.mktemp("image")
    course = Course(place / "course")
    shutil.unpack_archive(
        hosted_commands.gradescope(course, ASSIGNMENT, "visible", 10.0), place / "source"
    )
    shutil.copy(place / "source" / "run_autograder", place / "run_autograder")
    return place


@pytest.fixture
def harness(image, tmp_path):
    """Hand in files, run the autograder, and return what it tells students and instructors."""

    def run(files, environment=sys.prefix, **variables):
        place = tmp_path / "autograder"
        shutil.copytree(image, place)
        (place / "environment").symlink_to(environment)
        for name in ("submission", "results"):
            (place / name).mkdir()
        for name, content in files.items():
            (place / "submission" / name).write_bytes(content)
        (place / "submission_metadata.json").write_text(json.dumps(METADATA))
        (place / "matplotlib").symlink_to(matplotlib.get_cachedir())
        done = subprocess.run(
            ["bash", str(place / "run_autograder")],
            cwd=place,
            env={**os.environ, **variables},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
        )
        return json.loads((place / "results" / "results.json").read_text()), done.stdout

    return run


def points(results):
    return sum(test.get("score", 0) for test in results["tests"])


@pytest.fixture
def graded(image, tmp_path, monkeypatch, sandbox):
    """Hand in files, and return what the autograder tells, in the sandbox that is warm."""

    def run(files):
        (tmp_path / "submission").mkdir()
        for name, content in files.items():
            (tmp_path / "submission" / name).write_bytes(content)
        monkeypatch.setattr(autograder, "_sandbox", lambda: contextlib.nullcontext(sandbox))
        autograder.main(tmp_path, image / "source" / "instructor")
        return json.loads((tmp_path / "results" / "results.json").read_text())

    return run


def test_solved_notebook_gets_all_points_and_each_part_is_a_test(graded, solved):
    results = graded({f"{ASSIGNMENT}.ipynb": solved.encode(), "notes.txt": b"hello"})
    assert points(results) == TOTAL
    parts = [
        f"{exercise.id}: {part}"
        for exercise in EXERCISES.values()
        if exercise.assignment == ASSIGNMENT
        for part in exercise.parts
    ]
    assert [test["name"] for test in results["tests"]] == [*parts, "written-mean-image"]
    assert {test["status"] for test in results["tests"][:-1]} == {"passed"}
    assert results["tests"][-1]["output"] == "A person marks this answer, with up to 1 points."
    assert results["visibility"] == "visible"
    assert results["output"] == ""


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({}, "found none"),
        ({"a.ipynb": b"{}", "b.ipynb": b"{}"}, "found a.ipynb, b.ipynb"),
        ({"hw.ipynb": b"\x89PNG"}, "not a notebook"),
        ({"hw.ipynb": b'{"cells": []}'}, "No answer cell"),
    ],
)
def test_bad_submission_gets_a_reason(graded, files, reason):
    results = graded(files)
    assert reason in results["output"]
    assert points(results) == 0
    assert len(results["tests"]) > 1


@pytest.mark.slow
def test_zip_grades_where_gradescope_unpacks_it(harness, solved):
    results, said = harness({f"{ASSIGNMENT}.ipynb": solved.encode()})
    assert points(results) == TOTAL, said
    assert results["extra_data"]["confined"] is CONFINED


@pytest.mark.slow
def test_without_bubblewrap_it_grades_and_says_so(harness, solved, tmp_path):
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("bash", "chmod", "dirname", "mkdir", "rm"):
        (programs / name).symlink_to(shutil.which(name))
    results, said = harness({"mine.ipynb": solved.encode()}, PATH=str(programs))
    assert points(results) == TOTAL, said
    assert results["extra_data"]["confined"] is False
    assert "Without bubblewrap the submission runs with all rights" in said
    assert "bubblewrap was not found" in said


def test_autograder_that_fails_says_so_in_results(image, tmp_path, monkeypatch, capsys):
    def broken():
        raise SandboxError("the sandbox did not start (silently)")

    monkeypatch.setattr(autograder, "_sandbox", broken)
    autograder.main(tmp_path, image / "source" / "instructor")
    results = json.loads((tmp_path / "results" / "results.json").read_text())
    assert results["score"] == 0
    assert "the sandbox did not start (silently)" in results["output"]
    assert "tell your instructor" in results["output"]
    assert "Traceback" in capsys.readouterr().out


def test_autograder_that_is_killed_leaves_results_too(harness, tmp_path):
    program = tmp_path / "environment" / "bin" / "python"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\nkill -9 $$\n")
    program.chmod(0o755)
    results, said = harness({}, environment=tmp_path / "environment")
    assert results["score"] == 0
    assert "ended early (exit code 137)" in results["output"]
    assert "more memory" in said
