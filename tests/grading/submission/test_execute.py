"""Second step of grading: how answers are run, what stops them, and what is kept of them."""

import re

import nbformat
import pytest

from grading.exercises import EXERCISES
from grading.submission.execute import OUT_OF_TIME
from tests.support.submissions import FULL, card, cell_of, executed, solved

TOTAL = sum(FULL.values())


def test_embargoed_import_fails_with_a_sentence_that_says_why(sandbox):
    text = "from cs231n_utils.losses import svm_loss\nsvm_loss_naive = svm_loss"
    notebook, points, _ = executed(solved(svm_loss_naive=text), sandbox)
    assert points["svm_loss_naive"] == 0.0
    assert "asks you to write: write it here instead of importing it" in card(
        notebook, "svm_loss_naive"
    )


def test_infinite_loop_costs_its_own_exercise_only(sandbox):
    text = "def softmax(scores):\n    while True:\n        pass"
    notebook, points, run = executed(solved(softmax=text), sandbox, timeout=3.0)
    assert sum(points.values()) == TOTAL - EXERCISES["softmax"].points
    assert "is there a loop that never ends?" in card(notebook, "softmax")
    assert not run.stopped


def test_cell_that_takes_too_long_says_so_and_where(sandbox):
    text = "import time\ntime.sleep(60)\n# <answer>"
    notebook, points, run = executed(solved(softmax=text), sandbox, timeout=1.0)
    assert sum(points.values()) == TOTAL - EXERCISES["softmax"].points and not run.stopped
    said = "took more than 1 s and was stopped (line 2 of your answer cell: `time.sleep(60)`)"
    assert f"its answer cell {said}." in card(notebook, "softmax")
    (output,) = cell_of(notebook, "softmax-answer").outputs
    assert (output.ename, output.evalue) == (OUT_OF_TIME, said)
    assert output.traceback == [f"{OUT_OF_TIME}: {said}"]


def test_interrupt_that_an_answer_raises_itself_is_no_time_limit(sandbox):
    notebook, _, _ = executed(solved(softmax="raise KeyboardInterrupt"), sandbox)
    assert "its answer cell ended in KeyboardInterrupt: (line 1 of your" in card(
        notebook, "softmax"
    )


def test_outputs_name_lines_of_the_answer_cell_and_no_file_of_ipython(sandbox):
    text = (
        "# <answer>\nimport traceback, warnings\nwarnings.warn('careful')\n"
        "def fails():\n    np.linalg.inv(np.zeros((2, 2)))\n"
        "try:\n    fails()\nexcept ValueError:\n"
        "    print(traceback.format_exc())\nfails()"
    )
    notebook, points, _ = executed(solved(softmax=text), sandbox)
    assert sum(points.values()) == TOTAL
    *streams, error = cell_of(notebook, "softmax-answer").outputs
    printed = "".join(stream.text for stream in streams)
    assert re.search(
        r"UserWarning: careful \(line \d+ of your answer cell: `warnings.warn", printed
    )
    assert re.fullmatch(r"line \d+ of your answer cell: `fails\(\)`", error.traceback[0])
    assert "Singular matrix (line" in error.evalue and "np.linalg.inv" in error.evalue
    assert not re.search("ipython-input|Cell In", printed + str(error))


def test_loop_that_cannot_be_interrupted_is_killed_and_keeps_what_was_earned(sandbox):
    text = (
        "def softmax(scores):\n    while True:\n        try:\n            while True:\n"
        "                pass\n        except BaseException:\n            pass"
    )
    notebook, points, run = executed(solved(softmax=text), sandbox, timeout=3.0)
    assert points["svm_loss_vectorized"] == EXERCISES["svm_loss_vectorized"].points
    assert points["softmax"] == points["regularization"] == 0.0
    assert run.stopped == "The cell softmax took more than 3 s and could not be interrupted."
    assert "could not be interrupted" in card(notebook, "regularization")


@pytest.mark.parametrize("exit_code", [0, 1])
def test_early_exit_keeps_what_was_earned_before_it(sandbox, exit_code):
    text = f"import os\nos._exit({exit_code})"
    _, points, _ = executed(solved(softmax=text), sandbox)
    assert points["svm_loss_vectorized"] == EXERCISES["svm_loss_vectorized"].points
    assert points["softmax"] == points["regularization"] == 0.0


def test_lone_surrogates_do_not_break_the_graded_notebook(sandbox):
    text = "print('\\ud800')\ndef softmax(scores):\n    raise ValueError('\\ud800')"
    notebook, points, _ = executed(solved(softmax=text), sandbox)
    assert sum(points.values()) == TOTAL - EXERCISES["softmax"].points
    nbformat.writes(notebook).encode("utf-8")


def test_odd_output_of_a_right_answer_costs_nothing(sandbox):
    text = "# <answer>\nfrom IPython.display import display\ndisplay({'image/png': b'x'}, raw=True)"
    _, points, _ = executed(solved(softmax=text), sandbox)
    assert sum(points.values()) == TOTAL


@pytest.mark.slow
def test_many_requests_do_not_fill_the_ledger(sandbox):
    text = (
        "from cs231n_utils.checks import judge\nfor _ in range(400):\n"
        "    judge(len, exercise='x' * 1000)\n    judge(len, exercise='softmax')"
    )
    _, _, run = executed(solved(softmax=text), sandbox)
    assert len(run.verdicts) < 40


def test_noise_costs_nothing_and_is_cut(sandbox):
    text = (
        "# <answer>\nimport sys, warnings\nprint('x' * 10**6)\nprint('e', file=sys.stderr)\n"
        "warnings.warn('careful')\nprint(open)"
    )
    notebook, points, _ = executed(solved(softmax=text), sandbox)
    assert sum(points.values()) == TOTAL
    outputs = cell_of(notebook, "softmax-answer").outputs
    assert all(len(output.text) < 25_000 for output in outputs)
    assert any("[output cut here]" in output.text for output in outputs)


def test_html_and_script_of_a_submission_are_not_kept(sandbox):
    text = (
        "# <answer>\nfrom IPython.display import HTML, display\ndisplay(HTML('<script>x</script>'))"
    )
    notebook, points, _ = executed(solved(softmax=text), sandbox)
    assert points["softmax"] == EXERCISES["softmax"].points
    shown = [cell.get("outputs") for cell in notebook.cells]
    assert "script" not in str(shown)


def test_cells_that_no_mark_depends_on_are_not_run(sandbox):
    notebook, _, run = executed(solved(), sandbox)
    experiments = [
        index
        for index, cell in enumerate(notebook.cells)
        if "experiment" in cell.metadata.get("tags", [])
    ]
    assert experiments and not set(experiments) & set(run.outputs)
