"""The notebooks: canonical form, agreement with the exercises, and a run from top to bottom."""

import ast
import base64
import inspect
import json
from itertools import pairwise

import nbformat
import pytest
from nbclient import NotebookClient
from nbgrader.utils import is_grade, is_solution

from cs231n_utils.data import load_cifar10
from grading.exercises import EXERCISES, WRITTEN
from grading.handout.answers import fill_answers
from grading.handout.release import NOTEBOOKS, PROJECT, assignments, read_source
from tests.test_measured import contradictions

ASSIGNMENTS = assignments()
PNG = b"\x89PNG\r\n"


def grade_id(cell):
    return cell.metadata.get("nbgrader", {}).get("grade_id", "")


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_source_is_canonical_and_without_outputs(assignment):
    text = (NOTEBOOKS / assignment / f"{assignment}.ipynb").read_text(encoding="utf-8")
    raw = json.loads(text)
    assert text == json.dumps(raw, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    nbformat.validate(raw)
    ids = [cell["id"] for cell in raw["cells"]]
    assert len(set(ids)) == len(ids)
    for cell in raw["cells"]:
        assert not cell.get("outputs") and cell.get("execution_count") is None


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES)
def test_exercise_has_its_cells_with_its_points_and_signature(exercise):
    cells = read_source(exercise.assignment).cells
    answer = next(cell for cell in cells if grade_id(cell) == f"{exercise.id}-answer")
    judged = next(cell for cell in cells if grade_id(cell) == exercise.id)
    assert is_solution(answer) and not is_grade(answer)
    assert is_grade(judged) and judged.metadata.nbgrader.points == exercise.points
    assert judged.source == f"verdict = check({exercise.id})"
    definition = ast.parse(answer.source).body[-1]
    wanted = str(inspect.signature(exercise.reference))
    assert f"({ast.unparse(definition.args)})" == wanted.replace("'", '"').replace('"', "'")
    assert "Parameters" in ast.get_docstring(definition)


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_graded_cells_are_exercises_or_written_questions_with_a_rubric(assignment):
    cells = read_source(assignment).cells
    for above, cell in pairwise(cells):
        if not is_grade(cell):
            continue
        if cell.cell_type == "code":
            assert EXERCISES[grade_id(cell)].assignment == assignment
        else:
            question = WRITTEN[grade_id(cell)]
            assert question.assignment == assignment
            assert f"`{question.id}`" in above.source  # for solution(...)
            assert question.points == cell.metadata.nbgrader.points


FIRST_OR_SLOW = [
    pytest.param(name, marks=[] if name == ASSIGNMENTS[0] else [pytest.mark.slow])
    for name in ASSIGNMENTS
]


MEASURE = f"""
import sys
sys.path.insert(0, {str(PROJECT)!r})
from cs231n_utils import plots
from tests.support.overlaps import overlapping_texts
show = plots.show
def measured(fig, alt, **more):
    assert not overlapping_texts(fig), overlapping_texts(fig)
    show(fig, alt, **more)
plots.show = measured

def watch(shell):
    from time import process_time
    shell.seconds_of_cells, started = [], [0.0]
    def start(info):
        started[0] = process_time()
    def end(result):
        shell.seconds_of_cells.append(process_time() - started[0])
    shell.events.register("pre_run_cell", start)
    shell.events.register("post_run_cell", end)
watch(get_ipython())
"""
"""A first cell, after which no text of a figure may lie over another, and cells are timed.

What it counts is kept where no name of a notebook can hide it.
"""

TIMES = """
import resource
get_ipython().seconds_of_cells, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
"""

MOST_SILENT_SECONDS = 20
"""Of processor time, in a cell without a bar: both processors for as long as one waits gladly."""

MOST_GIGABYTES = dict.fromkeys(ASSIGNMENTS, 1.5) | {"08-image-features": 2}
"""Words are counted in 60,000 images."""


def run(notebook, folder):
    NotebookClient(
        notebook, timeout=600, kernel_name="python3", resources={"metadata": {"path": folder}}
    ).execute()


@pytest.mark.whole_notebook
@pytest.mark.parametrize("assignment", FIRST_OR_SLOW)
def test_solved_notebook_runs_and_teaches(assignment, tmp_path):
    """Runs on CIFAR-10 where it is available, else on the stand-in."""
    data = load_cifar10()
    notebook = fill_answers(read_source(assignment))
    notebook.cells.insert(0, nbformat.v4.new_code_cell(MEASURE))
    notebook.cells.append(nbformat.v4.new_code_cell(TIMES))
    run(notebook, tmp_path)
    code = [cell for cell in notebook.cells[1:] if cell.cell_type == "code"]
    seconds, gigabytes = ast.literal_eval(code.pop().outputs[0].data["text/plain"])
    for cell, spent in zip(code, seconds[1:], strict=True):
        assert spent < MOST_SILENT_SECONDS or "%|" in str(cell.outputs), (spent, cell.source)
    assert gigabytes < MOST_GIGABYTES[assignment]
    figures = 0
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if "image/png" in output.get("data", {}):
                assert base64.b64decode(output.data["image/png"]).startswith(PNG)
                assert len(output.metadata["image/png"]["alt"]) > 40, cell.source
                figures += 1
    assert figures >= 5
    for cell in notebook.cells:
        if is_grade(cell) and cell.cell_type == "code":
            text = "".join(str(o.get("data", {}).get("text/html", "")) for o in cell.outputs)
            assert "✗" not in text and "✓" in text
    if data.source != "stand-in":
        outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
        printed = "\n".join(output.get("text", "") for output in outputs)
        assert not list(contradictions(assignment, printed))


MOST_SECONDS_ON_SMALL = 30
"""Of processor time: 20 on a machine of its own, more beside other tests that share its caches."""


@pytest.mark.slow
@pytest.mark.whole_notebook
@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_solved_notebook_is_quick_on_small_data(assignment, tmp_path, monkeypatch):
    """As in a browser, where nobody can be asked to wait."""
    monkeypatch.setenv("CS231N_SIZE", "small")
    notebook = fill_answers(read_source(assignment))
    seconds = "import time\ntime.process_time()"
    notebook.cells.append(nbformat.v4.new_code_cell(seconds))
    run(notebook, tmp_path)
    assert float(notebook.cells[-1].outputs[0].data["text/plain"]) < MOST_SECONDS_ON_SMALL
