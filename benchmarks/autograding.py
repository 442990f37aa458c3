"""Our grading beside stock nbgrader and otter-grader: time, memory, and how they grow.

    python benchmarks/autograding.py            # two assignments: 300 submissions, the others 20
    python benchmarks/autograding.py --growth   # ours alone on 10 to 1,000 submissions

All get the same notebooks, from which the experiments are taken (the others would run them too,
half a minute each). Stock nbgrader and `otter run` grade all students in one process, their best
case; their tests hold the same examination that our oracle puts, so that all must give the same
scores, and do: the script fails if they differ.

otter-grader has an environment of its own, named by --otter, or is left out:

    python -m venv otter && otter/bin/pip install otter-grader .
    python benchmarks/autograding.py --otter otter/bin/python
"""

import argparse
import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean

import nbformat
import numpy as np
import psutil
from nbgrader.api import Gradebook

from grading.classroom.course import Course
from grading.demo import CLASS_OF_TEN, Submission, put_answers
from grading.exercises import EXERCISES
from grading.handout.answers import fill_answers
from grading.handout.marks import grade_id, is_experiment, is_judged
from grading.handout.release import PROJECT, read_source, student_version
from grading.sandbox.inside.confine import inherit_orphans

ASSIGNMENTS = ("01-loss-functions", "04-numerical-gradient")
SLOW_ON_PURPOSE = ("infinite-loop",)
GROWTH = (10, 30, 100, 300, 1000)
EXAMINATION = """from grading.exercises import EXERCISES as _exercises
from grading.judge.diagnosis import judge_here as _judge_here
_judge_here(_exercises[{name!r}], {name}, np.random.default_rng()).points"""

OTTER_TEST = """OK_FORMAT = False
from otter.test_files import test_case
import numpy as np
from grading.exercises import EXERCISES as _exercises
from grading.judge.diagnosis import judge_here as _judge_here
name, points, _passed = {name!r}, None, {{}}

def judge(function, part):
    if not _passed:
        verdict = _judge_here(_exercises[name], function, np.random.default_rng())
        _passed.update(verdict.parts)
    assert _passed[part]
"""
OTTER_CASE = """
@test_case(name={part!r}, points={points!r})
def part_{number}({name}):
    judge({name}, {part!r})
"""
OTTER_RUN = """import sys
from pathlib import Path
from otter.api import grade_submission
for path in sorted(Path(sys.argv[2]).rglob("*.ipynb")):
    results = grade_submission(str(path), sys.argv[1], quiet=True)
    print(path.parent.parent.name, results.total, sep="\\t", flush=True)
"""
STEPS = {
    "sanitize": "rebuild the notebook from the release",
    "start": "start the confined process",
    "cells": "run the cells",
    "oracle": "oracle: draw, run the reference, compare",
    "end": "end the process",
    "scores": "write the scores",
}


@dataclass(frozen=True)
class Measured:
    """One run of a grader over a class."""

    seconds: float
    cpu: float
    peak_mb: float
    scores: dict[str, float]
    spent: Mapping[str, float] = field(default_factory=dict)

    @property
    def each(self) -> float:
        """Seconds of one submission."""
        return self.seconds / len(self.scores)

    @property
    def cpu_each(self) -> float:
        """CPU seconds of one submission."""
        return self.cpu / len(self.scores)


def main() -> None:
    """Print the table, or draw the figure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--students", type=int, default=300)
    parser.add_argument("--others", type=int, default=20, help="submissions for the other graders")
    parser.add_argument("--growth", action="store_true")
    parser.add_argument("--otter", type=Path, help="Python of an environment with otter-grader")
    parser.add_argument("--figure", type=Path, default=PROJECT / "docs" / "grading-growth.png")
    options = parser.parse_args()
    inherit_orphans()
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        if options.growth:
            show_growth(Path(folder), options.figure)
        else:
            for assignment in ASSIGNMENTS:
                compare(assignment, options, Path(folder) / assignment)


def compare(assignment: str, options: argparse.Namespace, folder: Path) -> None:
    """Grade one class with every grader, and print how they did."""
    hand_in(assignment, options.others, folder / "few")
    hand_in(assignment, options.students, folder / "submitted")
    others = {"nbgrader autograde": grade_stock(assignment, folder / "few", folder / "stock")}
    if options.otter is None:
        print("otter-grader is left out: name the Python of its environment with --otter")
    else:
        others["otter run"] = grade_otter(
            assignment, folder / "few", folder / "otter", options.otter
        )
    ours = grade_ours(assignment, folder / "submitted", folder / "ours")
    for name, run in others.items():
        differing = sorted(s for s in run.scores if ours.scores[s] != run.scores[s])
        if differing or len(run.scores) != options.others:
            sys.exit(f"{assignment}: {name} gives other scores to {', '.join(differing)}")
    print(f"\n{assignment}: {os.cpu_count()} cores, identical scores; seconds of one submission")
    print(f"{'':20} {'graded':>7} {'time':>9} {'ratio':>7} {'CPU':>9} {'ratio':>7} {'process':>10}")
    for name, run in {**others, "ours, confined": ours}.items():
        print(
            f"{name:20} {len(run.scores):7} {run.each:7.3f} s {run.each / ours.each:7.1f} "
            f"{run.cpu_each:7.3f} s {run.cpu_each / ours.cpu_each:7.1f} {run.peak_mb:7.0f} MB"
        )
    show_steps(ours, options.students)


def show_steps(run: Measured, n_students: int) -> None:
    """Print where our processes spend their time, per submission."""
    whole = run.seconds * (os.cpu_count() or 1) / n_students
    rest = whole - sum(run.spent.values())
    print(f"\n{'where the processors spend it, per submission':44} {'ms':>7} {'share':>7}")
    for name, seconds in [*((STEPS[step], run.spent[step]) for step in STEPS), ("else", rest)]:
        print(f"{name:44} {1000 * seconds:7.1f} {seconds / whole:7.0%}")
    print(f"{'in all':44} {1000 * whole:7.1f}")


def hand_in(assignment: str, n_students: int, folder: Path) -> None:
    """Write a class: the mistakes of the demo's class in turn, the rest right answers."""
    source, solved = read_source(assignment), fill_answers(read_source(assignment))
    class_of = [
        one
        for one in CLASS_OF_TEN
        if one.assignment == assignment and one.student not in SLOW_ON_PURPOSE
    ] or [Submission("perfect", assignment)]
    for number in range(n_students):
        notebook = nbformat.from_dict(student_version(source))
        submission = class_of[number % len(class_of)]
        if not submission.untouched:
            put_answers(notebook, submission, solved)
        place = folder / f"student-{number:04}" / assignment
        place.mkdir(parents=True)
        nbformat.write(notebook, place / f"{assignment}.ipynb")


def grade_ours(assignment: str, submitted: Path, out: Path) -> Measured:
    """Run our command."""
    command = [sys.executable, "-m", "grading", "autograde", assignment]
    command += ["--submissions", str(submitted), "--course", str(out), "--json"]
    seconds, cpu, peak, said = watch(command, PROJECT)
    scores = {}
    for line in said.splitlines():
        result = json.loads(line)
        scores[result["student"]] = result["score"]
    results, _ = Course(out).ledger.entries(assignment)
    spent = {step: fmean(result.spent.get(step, 0.0) for result in results) for step in STEPS}
    return Measured(seconds, cpu, peak, scores, spent)


def grade_stock(assignment: str, submitted: Path, out: Path) -> Measured:
    """Run nbgrader as it comes on the same answers."""
    place = out / "source" / assignment
    place.mkdir(parents=True)
    nbformat.write(stock_source(assignment), place / f"{assignment}.ipynb")
    (out / "nbgrader_config.py").write_text("c = get_config()\n")
    nbgrader = str(Path(sys.executable).with_name("nbgrader"))
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    os.environ["PATH"] = path
    subprocess.run(
        [nbgrader, "generate_assignment", assignment], cwd=out, check=True, capture_output=True
    )
    shutil.copytree(submitted, out / "submitted")
    for notebook in (out / "submitted").rglob("*.ipynb"):
        strip_experiments(notebook)
    seconds, cpu, peak, _ = watch([nbgrader, "autograde", assignment], out)
    scores = {}
    with Gradebook(f"sqlite:///{out / 'gradebook.db'}") as gradebook:
        for submission in gradebook.assignment_submissions(assignment):
            (notebook,) = submission.notebooks
            scores[submission.student.id] = sum(g.auto_score or 0.0 for g in notebook.grades)
    return Measured(seconds, cpu, peak, scores)


def stock_source(assignment: str) -> nbformat.NotebookNode:
    """The assignment as a stock course would have it: the examination in the graded cells."""
    notebook = read_source(assignment)
    notebook.cells = [cell for cell in notebook.cells if not is_experiment(cell)]
    for cell in filter(is_judged, notebook.cells):
        cell.source = EXAMINATION.format(name=grade_id(cell))
    return notebook


def strip_experiments(path: Path) -> None:
    """Take the experiments from a submission."""
    notebook = nbformat.read(path, as_version=4)
    notebook.cells = [cell for cell in notebook.cells if not is_experiment(cell)]
    nbformat.write(notebook, path)


def grade_otter(assignment: str, submitted: Path, out: Path, python: Path) -> Measured:
    """Run otter-grader on the same answers, with one test case per part."""
    tests = out / "tests"
    tests.mkdir(parents=True)
    judged = [grade_id(cell) for cell in read_source(assignment).cells if is_judged(cell)]
    for name in judged:
        text = OTTER_TEST.format(name=name)
        for number, (part, points) in enumerate(EXERCISES[name].parts.items()):
            text += OTTER_CASE.format(name=name, number=number, part=part, points=points)
        (tests / f"{name}.py").write_text(text)
    bundle = out / "autograder.zip"
    generate = [str(python.with_name("otter")), "generate", "-t", str(tests), "-o", str(bundle)]
    subprocess.run(generate, cwd=out, check=True, capture_output=True)
    shutil.copytree(submitted, out / "submitted")
    for notebook in (out / "submitted").rglob("*.ipynb"):
        strip_experiments(notebook)
        check_with_otter(notebook)
    command = [str(python), "-c", OTTER_RUN, str(bundle), str(out / "submitted")]
    seconds, cpu, peak, said = watch(command, PROJECT)
    lines = [line.split("\t") for line in said.splitlines() if "\t" in line]
    return Measured(seconds, cpu, peak, {student: float(score) for student, score in lines})


def check_with_otter(path: Path) -> None:
    """Let the graded cells of a submission ask otter-grader, as a notebook for it does."""
    notebook = nbformat.read(path, as_version=4)
    for cell in filter(is_judged, notebook.cells):
        cell.source = f"grader.check({grade_id(cell)!r})"
    start = "import otter\ngrader = otter.Notebook()"
    notebook.cells.insert(0, nbformat.v4.new_code_cell(start))
    nbformat.write(notebook, path)


def watch(command: list[str], folder: Path) -> tuple[float, float, float, str]:
    """Run a command; seconds, CPU seconds, the largest process in MB, and what it printed."""
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(PROJECT)}
    before, started = os.times(), time.monotonic()
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    peak, ended = [0.0], threading.Event()
    watcher = threading.Thread(target=_watch_memory, args=(process.pid, peak, ended))
    watcher.start()
    out, said = process.communicate()
    seconds = time.monotonic() - started
    # Else the processor time of workers, whose parent has ended before them, is not counted.
    with contextlib.suppress(ChildProcessError):
        while True:
            os.waitpid(-1, 0)
    after = os.times()
    ended.set()
    watcher.join()
    if process.returncode not in (0, 1):
        sys.exit(f"{' '.join(command)} failed:\n{said}")
    cpu = (
        after.children_user + after.children_system - before.children_user - before.children_system
    )
    return seconds, cpu, peak[0], out


def _watch_memory(pid: int, peak: list[float], ended: threading.Event) -> None:
    while not ended.wait(0.2):
        try:
            family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
        except psutil.NoSuchProcess:
            return
        for one in family:
            try:
                peak[0] = max(peak[0], one.memory_info().rss / (1 << 20))
            except psutil.NoSuchProcess:
                continue


def show_growth(folder: Path, figure: Path) -> None:
    """Grade classes of 10 to 1,000 and draw how time and memory grow."""
    from matplotlib import pyplot as plt

    from cs231n_utils import plots

    assignment = ASSIGNMENTS[0]
    runs = {}
    for n_students in GROWTH:
        place = folder / str(n_students)
        hand_in(assignment, n_students, place / "submitted")
        runs[n_students] = run = grade_ours(assignment, place / "submitted", place / "ours")
        print(
            f"{n_students:5} submissions: {run.seconds:7.1f} s, {run.peak_mb:4.0f} MB", flush=True
        )
    sizes = np.array(list(runs))
    seconds = np.array([run.seconds for run in runs.values()])
    slope, start = np.polyfit(sizes, seconds, 1)
    plots.use_style()
    drawing, axes = plt.subplots(figsize=(6.4, 3.8), layout="constrained")
    axes.plot(sizes, start + slope * sizes, color=plots.COLORS[0], label=f"{slope:.3f} s each")
    axes.plot(sizes, seconds, "o", color=plots.COLORS[1], label="measured")
    axes.set(xlabel="submissions", ylabel="time (s)")
    axes.set_title(f"Time grows in a straight line: {slope:.2f} s per submission")
    axes.legend()
    figure.parent.mkdir(exist_ok=True)
    drawing.savefig(figure, dpi=150)
    print(f"{slope:.3f} s per submission and {start:.1f} s to start; {figure}")


if __name__ == "__main__":
    main()
