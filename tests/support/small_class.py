"""A small class that hands in 00, and the commands that grade it."""

import json
import shutil
import socket
import sys

import nbformat
from nbgrader.api import Gradebook

from grading import commands
from grading.commands import Options
from grading.exercises import EXERCISES
from grading.gradebook.database import COURSE_ID
from grading.rules.questions import points_of
from grading.submission.grade import grade
from grading.submission.read import fetch

ASSIGNMENT = "00-start-here"
TOTAL = sum(e.points for e in EXERCISES.values() if e.assignment == ASSIGNMENT)
POSSIBLE = sum(points_of(ASSIGNMENT).values())
"""With the written question."""
CONFINED = shutil.which("bwrap") is not None
WORKERS = "worker processes"
SLEEPER = "import time\ntime.sleep(4)\ndef accuracy(scores, y):\n    return 1.0\n"


def hand_in(folder, student, text, name=f"{ASSIGNMENT}.ipynb"):
    place = folder / student
    place.mkdir(parents=True, exist_ok=True)
    (place / name).write_text(text, encoding="utf-8")
    return place / name


def sleeping(solved):
    """A submission that takes four seconds."""
    notebook = nbformat.reads(solved, as_version=4)
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "accuracy-answer":
            cell.source = SLEEPER
    return nbformat.writes(notebook)


def options(**others):
    return Options(assignment=ASSIGNMENT, jobs=2, confined=CONFINED, as_json=True, **others)


def run(course, submissions, capsys, **others):
    """Grade in this process; the exit code and the JSON objects by student."""
    code = commands.autograde(course, submissions, options(**others))
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    return code, {line["student"]: line for line in lines}


def judged(lines):
    """The objects of what was not kept from before."""
    return {student: line for student, line in lines.items() if not line["kept"]}


def command(course, submissions, *others):
    """The command line that grades, for a process of its own."""
    arguments = ["--submissions", str(submissions), "--course", str(course.root), "--json"]
    if not CONFINED:
        arguments.append("--no-sandbox")
    return [sys.executable, "-m", "grading", "autograde", ASSIGNMENT, *arguments, *others]


def grade_in(sandbox):
    """What takes the place of the worker processes, where they are not what is tested."""

    def grade_all(tasks, settings, jobs):
        return (grade(task.student, fetch(task), settings, sandbox) for task in tasks)

    return grade_all


def gradebook_scores(course):
    with Gradebook(course.db_url, COURSE_ID) as gradebook:
        return {
            submission.student.id: sum(
                grade.auto_score or 0.0
                for notebook in submission.notebooks
                for grade in notebook.grades
            )
            for submission in gradebook.assignment_submissions(ASSIGNMENT)
        }


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]
