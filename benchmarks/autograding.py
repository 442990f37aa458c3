"""Our grading beside stock nbgrader: time, memory, and how both grow.

    python benchmarks/autograding.py            # 60 submissions of two assignments, both
    python benchmarks/autograding.py --growth   # ours alone on 10 to 1,000 submissions

Both get the same notebooks, from which the experiments are taken (stock nbgrader would run them
too, half a minute each). Stock nbgrader grades all students in one process, its best case; its
graded cells hold the same examination that our oracle puts, so that both must give the same
scores, and do: the script fails if they differ.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import nbformat
import numpy as np
import psutil
from nbgrader.api import Gradebook

from grading.demo import CLASS_OF_TEN, Submission, put_answers
from grading.notebook import grade_id, is_experiment, is_judged
from grading.release import PROJECT, fill_answers, read_source, student_version

ASSIGNMENTS = ("01-loss-functions", "04-numerical-gradient")
SLOW_ON_PURPOSE = ("infinite-loop",)
GROWTH = (10, 30, 100, 300, 1000)
EXAMINATION = """from grading.exercises import EXERCISES as _exercises
_exercise = _exercises[{name!r}]
_rng = np.random.default_rng()
_exercise.judge([_question.put_to({name}) for _question in _exercise.examine(_rng)]).points"""


@dataclass(frozen=True)
class Measured:
    """One run of a grader over a class."""

    seconds: float
    cpu: float
    peak_mb: float
    scores: dict[str, float]


def main() -> None:
    """Print the table, or draw the figure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--students", type=int, default=60)
    parser.add_argument("--growth", action="store_true")
    parser.add_argument("--figure", type=Path, default=PROJECT / "docs" / "grading-growth.png")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        if options.growth:
            show_growth(Path(folder), options.figure)
        else:
            for assignment in ASSIGNMENTS:
                compare(assignment, options.students, Path(folder) / assignment)


def compare(assignment: str, n_students: int, folder: Path) -> None:
    """Grade one class with both, and print how they did."""
    hand_in(assignment, n_students, folder / "submitted")
    ours = grade_ours(assignment, folder / "submitted", folder / "ours")
    stock = grade_stock(assignment, folder / "submitted", folder / "stock")
    if ours.scores != stock.scores:
        differing = [name for name in stock.scores if ours.scores[name] != stock.scores[name]]
        sys.exit(f"{assignment}: scores differ for {', '.join(differing)}")
    print(f"\n{assignment}: {n_students} submissions, {os.cpu_count()} cores, identical scores")
    print(f"{'':22} {'seconds':>9} {'a submission':>13} {'CPU':>7} {'peak of one process':>20}")
    for name, run in (("nbgrader autograde", stock), ("ours, confined", ours)):
        each = run.seconds / n_students
        print(
            f"{name:22} {run.seconds:9.1f} {each:11.3f} s {run.cpu:5.1f} s {run.peak_mb:17.0f} MB"
        )
    print(f"ratio {stock.seconds / ours.seconds:.1f} (CPU {stock.cpu / ours.cpu:.1f})")


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
            put_answers(notebook, submission, source, solved)
        place = folder / f"student-{number:04}" / assignment
        place.mkdir(parents=True)
        nbformat.write(notebook, place / f"{assignment}.ipynb")


def grade_ours(assignment: str, submitted: Path, out: Path) -> Measured:
    """Run our command."""
    command = [sys.executable, "-m", "grading", "autograde", assignment]
    command += ["--submissions", str(submitted), "--out", str(out), "--json"]
    seconds, cpu, peak, said = watch(command, PROJECT)
    scores = {}
    for line in said.splitlines():
        result = json.loads(line)
        scores[result["student"]] = result["score"]
    return Measured(seconds, cpu, peak, scores)


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


def watch(command: list[str], folder: Path) -> tuple[float, float, float, str]:
    """Run a command; seconds, CPU seconds, the largest process in MB, and what it printed."""
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
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
    seconds, after = time.monotonic() - started, os.times()
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
    axes.set_title("A thousand submissions take as long each as ten do")
    axes.legend()
    figure.parent.mkdir(exist_ok=True)
    drawing.savefig(figure, dpi=150)
    print(f"{slope:.3f} s a submission and {start:.1f} s to start; {figure}")


if __name__ == "__main__":
    main()
